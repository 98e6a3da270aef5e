# rejected: line 4: the name `__builtins__` is not available
try:
    pass
except ValueError as __builtins__:
    pass
