# value: [true, true, "WRITE", true]
from enum import Flag, auto
class Right(Flag):
    READ = auto()
    WRITE = auto()
    ALL = READ | WRITE
rights = Right.READ | Right.WRITE
[rights == Right.ALL, Right.READ in rights, (rights & ~Right.READ).name, Right(0) == Right.READ & Right.WRITE]
