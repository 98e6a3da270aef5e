# rejected: line 2: `metaclass=` in a class statement is not available
class C(metaclass=type): pass
