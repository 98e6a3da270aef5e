# value: [true, 7, {"n": 2, "tags": ["x"]}, "FrozenInstanceError", "P(n=1, tags=[])"]
from dataclasses import dataclass, field, asdict, replace
@dataclass(order=True, frozen=True)
class P:
    n: int
    tags: list = field(default_factory=list, compare=False)
a, b = P(1), P(2, ['x'])
try:
    a.n = 5
except Exception as e:
    r = type(e).__name__
[a < b, replace(a, n=7).n, asdict(b), r, repr(a)]
