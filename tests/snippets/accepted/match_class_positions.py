# value: [12, "square 2", 6]
from dataclasses import dataclass

@dataclass
class Circle:
    r: float

@dataclass
class Box:
    w: float
    h: float

def area(shape):
    match shape:
        case Circle(r):
            return 3 * r * r
        case Box(w, h) if w == h:
            return f"square {w}"
        case Box(w, h):
            return w * h

[area(Circle(2)), area(Box(2, 2)), area(Box(2, 3))]
