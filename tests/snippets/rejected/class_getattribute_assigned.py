# rejected: line 3: the name `__getattribute__` is not available
class C:
    __getattribute__ = lambda self, name: 1
