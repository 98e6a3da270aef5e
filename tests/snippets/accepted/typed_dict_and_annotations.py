# value: [{"a": 1}, 2]
from typing import TypedDict, Optional
class Row(TypedDict, total=False):
    a: int
r: Row = {'a': 1}
def f(x: Optional[int] = None, *a: str, **k: dict[str, 'Nope']) -> 'list[Row]':
    y: int
    y = 2
    return [r, y]
f()
