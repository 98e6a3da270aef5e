# value: [5.0, [0, 4.0], {"x": 3.0, "y": 4.0}, true, ["x", "y"], 7.0]
from typing import NamedTuple
class Point(NamedTuple):
    x: float
    y: float = 0.0
    def norm(self) -> float:
        return (self.x ** 2 + self.y ** 2) ** 0.5
    @classmethod
    def parse(cls, text):
        return cls(*map(float, text.split(",")))
p = Point.parse("3,4")
x, y = p
[p.norm(), p._replace(x=0), p._asdict(), Point(1) < Point(2), Point._fields, x + y]
