# value: [1, 2, 3, 2, true]
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 2
    def total(self): return self.x + self.y
p = P(1)
x, y = p
[p.x, y, p.total(), p[1], p == (1, 2)]
