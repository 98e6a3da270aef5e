# rejected: line 2: the name `__builtins__` is not available
__builtins__ = {}
