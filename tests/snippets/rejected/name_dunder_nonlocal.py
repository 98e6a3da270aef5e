# rejected: line 3: the name `__class__` is not available
def f():
    nonlocal __class__
