# rejected: line 2: the name `super` can't be given
def f(super): pass
