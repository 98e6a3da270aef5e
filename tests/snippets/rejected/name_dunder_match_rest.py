# rejected: line 3: the name `__builtins__` is not available
match {}:
    case {**__builtins__}: pass
