# value: ["RED", 2, "Green", true, ["RED", "GREEN"], true, true, "a", true, "<Color.RED: 1>"]
from enum import Enum, IntEnum, auto

class Color(Enum):
    RED = 1
    GREEN = 2

    def label(self):
        return self.name.title()

    @classmethod
    def first(cls):
        return cls.RED

class Level(IntEnum):
    LOW = auto()
    HIGH = auto()

class Kind(str, Enum):
    A = "a"

[Color.RED.name, Color.GREEN.value, Color(2).label(), Color["RED"] is Color.first(), [c.name for c in Color], Level.HIGH > Level.LOW, Kind.A == "a", Kind("a").value, Color.RED in {Color.RED: 1}, repr(Color.RED)]
