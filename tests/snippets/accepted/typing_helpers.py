# value: ["1", false]
from typing import Any, cast, TYPE_CHECKING
x: Any = cast(int, '1')
[x, TYPE_CHECKING]
