# rejected: line 2: the name `__x__` is not available
class __x__: pass
