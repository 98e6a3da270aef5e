# value: "desk"
def named(cls):
    cls.label = cls.__name__.lower()
    return cls
@named
class Desk:
    pass
Desk.label
