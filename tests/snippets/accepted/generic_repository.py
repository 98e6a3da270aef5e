# value: [1, 2, "y", null, ["x", "y"]]
from typing import Generic, TypeVar, Optional, Iterator
T = TypeVar("T")
class Repository(Generic[T]):
    def __init__(self) -> None:
        self._items: dict[int, T] = {}
        self._next = 1
    def add(self, item: T) -> int:
        key, self._next = self._next, self._next + 1
        self._items[key] = item
        return key
    def get(self, key: int) -> Optional[T]:
        return self._items.get(key)
    def __iter__(self) -> Iterator[T]:
        yield from self._items.values()
r: Repository[str] = Repository()
[r.add("x"), r.add("y"), r.get(2), r.get(9), list(r)]
