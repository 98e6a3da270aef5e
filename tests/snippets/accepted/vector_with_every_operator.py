# value: null
# printed: "Vector(2, 4, 6) Vector(2, 4, 6) 14 5.0 Vector(1, 2) 3 False 1 [2, 3] True Vector(3, 2, 1) True 1 3 [3, 2, 1] {0: 1, 1: 2, 2: 3}\n"
class Vector:
    def __init__(self, *c): self.c = c
    @classmethod
    def zeros(cls, n): return cls(*[0] * n)
    def __add__(self, o): return Vector(*(a + b for a, b in zip(self.c, o.c, strict=True)))
    def __mul__(self, k): return Vector(*(a * k for a in self.c)) if isinstance(k, (int, float)) else sum(a * b for a, b in zip(self.c, k.c))
    __rmul__ = __mul__
    def __eq__(self, o): return isinstance(o, Vector) and self.c == o.c
    def __ne__(self, o): return not self == o
    def __abs__(self): return sum(a * a for a in self.c) ** 0.5
    def __iter__(self): return iter(self.c)
    def __len__(self): return len(self.c)
    def __getitem__(self, i): return type(self)(*self.c[i]) if isinstance(i, slice) else self.c[i]
    def __bool__(self): return any(self.c)
    def __repr__(self): return f"Vector{self.c}"
    def __hash__(self): return hash(self.c)
    def __contains__(self, x): return x in self.c
    def __reversed__(self): return Vector(*self.c[::-1])
v = Vector(1, 2, 3)
x, *yz = v
print(v + v, 2 * v, v * v, abs(Vector(3, 4)), v[0:2], v[-1], bool(Vector.zeros(2)), x, yz, 2 in v, reversed(v), v != Vector(1), len({v, Vector(1, 2, 3)}), max(v), sorted(v, reverse=True), dict(enumerate(v)))
