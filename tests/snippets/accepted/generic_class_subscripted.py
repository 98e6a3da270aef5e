# value: [2, 3, {"a": 1}, 2, true]
from typing import Generic, Protocol, TypeVar
T = TypeVar("T")
K = TypeVar("K")
class Stack(Generic[T]):
    def __init__(self) -> None:
        self._items: list[T] = []
    def push(self, item: T) -> "Stack[T]":
        self._items.append(item)
        return self
    def pop(self) -> T:
        return self._items.pop()
class Pairs(Generic[K, T], dict): pass
class Sized(Protocol[T]):
    def size(self) -> int: ...
class Box(Sized[int]):
    def size(self) -> int:
        return 2
s = Stack[int]().push(1).push(2)
Ints = Stack[int]
[s.pop(), Ints().push(3).pop(), dict(Pairs[str, int](a=1)), Box().size(), isinstance(s, Stack)]
