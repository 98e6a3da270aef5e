# value: ["Vector(7, 9)", 5.0, false, 4, [3, 4], "TypeError"]
import math
class Vector:
    def __init__(self, *parts):
        self.parts = tuple(parts)
    def __add__(self, other):
        return Vector(*(a + b for a, b in zip(self.parts, other.parts, strict=True)))
    def __mul__(self, k):
        return Vector(*(a * k for a in self.parts)) if isinstance(k, (int, float)) else NotImplemented
    __rmul__ = __mul__
    def __abs__(self):
        return math.hypot(*self.parts)
    def __bool__(self):
        return any(self.parts)
    def __repr__(self):
        return f"Vector{self.parts}"
    def __getitem__(self, i):
        return self.parts[i]
v = Vector(3, 4)
try:
    v * "x"
except TypeError as e:
    error = "TypeError"
[repr(2 * v + Vector(1, 1)), abs(v), bool(Vector(0, 0)), v[-1], [*v], error]
