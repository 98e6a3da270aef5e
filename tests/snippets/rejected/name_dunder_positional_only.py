# rejected: line 2: the name `__builtins__` is not available
def f(__builtins__, /): pass
