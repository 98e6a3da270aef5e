# rejected: line 2: the name `__dict__` is not available
dict(__dict__=1)
