# rejected: line 2: the name `__import__` is not available
__import__("os")
