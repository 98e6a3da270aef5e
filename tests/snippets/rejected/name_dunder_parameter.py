# rejected: line 2: the name `__class__` is not available
def f(__class__): pass
