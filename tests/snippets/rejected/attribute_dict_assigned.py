# rejected: line 3: the attribute `__dict__` is not available
class C: pass
C().__dict__ = {}
