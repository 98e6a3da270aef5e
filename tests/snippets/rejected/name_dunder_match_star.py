# rejected: line 3: the name `__builtins__` is not available
match [1]:
    case [*__builtins__]: pass
