# rejected: line 3: the attribute `__class__` is not available
class C: pass
C().__class__ = C
