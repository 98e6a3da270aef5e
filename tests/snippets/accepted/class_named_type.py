# value: "own"
class type:
    name = "own"
class Kind(type):
    pass
Kind.name
