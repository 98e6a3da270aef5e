# rejected: line 2: the name `__name__` is not available
(__name__ := "x")
