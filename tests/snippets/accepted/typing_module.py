# value: [{"name": "x"}, 6, null, [3, [1]], "z", [3, null]]
from typing import Any, Optional, NamedTuple, TypedDict, Literal, Union, List, cast

class Row(TypedDict, total=False):
    name: str

class Pair(NamedTuple):
    a: int
    b: Optional[List[int]] = None

    def total(self):
        return self.a * 2

Number = Union[int, float]
p = Pair(3)
[Row(name="x"), p.total(), p.b, p._replace(b=[1]), cast(int, "z"), tuple(p)]
