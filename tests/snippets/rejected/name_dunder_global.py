# rejected: line 3: the name `__builtins__` is not available
def f():
    global __builtins__
