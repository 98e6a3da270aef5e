# value: [10, [5, 2], "FrozenInstanceError", 1, 9]
from dataclasses import dataclass, replace, astuple
from typing import ClassVar

@dataclass(frozen=True, order=True, slots=True)
class Version:
    major: int
    minor: int = 0
    known: ClassVar[int] = 9

v = Version(1, 2)
try:
    v.major = 3
except AttributeError as e:
    frozen = type(e).__name__
[max(v, Version(1, 10)).minor, astuple(replace(v, major=5)), frozen, len({v, Version(1, 2)}), Version.known]
