# value: [7, true, 1, 2]
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + o.x)
    def __mul__(self, k): return V(self.x * k)
    __rmul__ = __mul__
    def __eq__(self, o): return self.x == o.x
    def __hash__(self): return hash(self.x)
    def __lt__(self, o): return self.x < o.x
[(V(1) + 2 * V(3)).x, V(1) == V(1), len({V(1), V(1)}), min(V(3), V(2)).x]
