# value: [3, true, true, "HIGH"]
from enum import Flag, IntEnum, auto
class Perm(Flag):
    R = auto()
    W = auto()
    RW = R | W
class Level(IntEnum):
    LOW = auto()
    HIGH = auto()
    def next(self):
        return Level(self + 1)
[Perm.RW.value, Perm.R in Perm.RW, Level.LOW < Level.HIGH, Level.LOW.next().name]
