# value: ["origin", "y 2", "far", "other"]
from dataclasses import dataclass
@dataclass
class Point:
    x: int
    y: int
def f(p):
    match p:
        case Point(x=0, y=0):
            return 'origin'
        case Point(x=0, y=y):
            return f'y {y}'
        case Point(x=x, y=0) if x > 5:
            return 'far'
        case Point():
            return 'other'
[f(Point(0, 0)), f(Point(0, 2)), f(Point(9, 0)), f(Point(1, 1))]
