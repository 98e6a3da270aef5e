# value: [3.14, "square 4", 6, 1, 4.5, "nothing", "?"]
from dataclasses import dataclass
@dataclass
class Circle:
    radius: float
@dataclass
class Rect:
    width: float
    height: float
def area(shape):
    match shape:
        case Circle(r):
            return round(3.14159 * r * r, 2)
        case Rect(width=w, height=h) if w == h:
            return f"square {w * h}"
        case Rect(w, h):
            return w * h
        case {"kind": "line", **rest}:
            return len(rest)
        case int() | float() as number:
            return number
        case None:
            return "nothing"
        case _:
            return "?"
[area(s) for s in (Circle(1), Rect(2, 2), Rect(2, 3), {"kind": "line", "a": 1}, 4.5, None, "x")]
