# rejected: line 2: the name `__build_class__` is not available
lambda __build_class__=1: 1
