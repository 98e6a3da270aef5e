# rejected: line 3: the name `__getattr__` is not available
class C:
    def __getattr__(self, name): return name
