# rejected: line 2: the attribute `__len__` is not available
[].__len__()
