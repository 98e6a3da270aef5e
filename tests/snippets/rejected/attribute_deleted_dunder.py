# rejected: line 3: the attribute `__init__` is not available
class C: pass
del C.__init__
