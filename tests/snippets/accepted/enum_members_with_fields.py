# value: [9.8, true, ["p1", "p3"], "Done", true, 6378140.0]
from enum import Enum, IntEnum
class Planet(Enum):
    MERCURY = (3.303e23, 2.4397e6)
    EARTH = (5.976e24, 6.37814e6)
    def __init__(self, mass, radius):
        self.mass = mass
        self.radius = radius
        self._density = mass / radius**3
    @property
    def gravity(self):
        return round(6.6743e-11 * self.mass / (self.radius * self.radius), 2)
class Priority(IntEnum):
    LOW = 1
    HIGH = 3
    def __init__(self, value):
        self.label = f"p{value}"
class Status(Enum):
    OPEN = "open", True
    DONE = "done", False
    def __init__(self, label, active):
        self.label, self.active = label, active
    @classmethod
    def _missing_(cls, value):
        return next((m for m in cls if m.label == value), None)
    def __str__(self):
        return self.label.title()
[Planet.EARTH.gravity, Planet.MERCURY._density > 1, [p.label for p in Priority], str(Status("done")), Status.OPEN.active, Planet.EARTH.value[1]]
