# rejected: line 3: the name `__del__` is not available
class C:
    def __del__(self): pass
