# value: null
# printed: "9.802652743337129 Weekday.MONDAY ['north', 'south'] True True Shake.VANILLA [('VANILLA', 'VANILLA'), ('ALIAS', 'VANILLA')] True True ['RED', 'BLUE'] False <Weekday.MONDAY: 1> True A\n"
from enum import Enum, auto, IntEnum, Flag
class Planet(Enum):
    MERCURY = (3.303e+23, 2.4397e6)
    EARTH = (5.976e+24, 6.37814e6)
    def __init__(self, mass, radius): self.mass = mass; self.radius = radius
    @property
    def surface_gravity(self):
        G = 6.67300E-11
        return G * self.mass / (self.radius * self.radius)
class Weekday(Enum):
    MONDAY = 1
    TUESDAY = 2
    @classmethod
    def from_date(cls, date): return cls(date.isoweekday())
class AutoName(Enum):
    @staticmethod
    def _generate_next_value_(name, start, count, last_values): return name.lower()
class Ordinal(AutoName):
    NORTH = auto()
    SOUTH = auto()
class Ordered(Enum):
    def __ge__(self, o): return self.value >= o.value if self.__class__ is o.__class__ else NotImplemented
    def __lt__(self, o): return self.value < o.value if self.__class__ is o.__class__ else NotImplemented
class Grade(Ordered):
    A = 5
    B = 4
class Shake(Enum):
    VANILLA = 7
    ALIAS = 7
    @classmethod
    def _missing_(cls, v):
        return next((m for m in cls if m.name.lower() == str(v).lower()), None)
class Color(Flag):
    RED = auto()
    BLUE = auto()
    PURPLE = RED | BLUE
from datetime import date
print(Planet.EARTH.surface_gravity, Weekday.from_date(date(2024, 1, 1)), [o.value for o in Ordinal], Grade.B < Grade.A, Shake.ALIAS is Shake.VANILLA, Shake("vanilla"), [(n, m.name) for n, m in Shake.__members__.items()], Color.RED in Color.PURPLE, ~Color.RED == Color.BLUE, [c.name for c in Color.PURPLE], bool(Color(0)), repr(Weekday.MONDAY), hash(Grade.A) == hash(Grade.A), Grade.A.name)
