"""What was made of some parts, kept for as long as the parts are the same objects.

Every stage between an environment and a package is a pure function of frozen values. So what was made of a part holds
until the part is another object, and nothing has to say what has changed. Equality would not do: 1, 1.0 and true are
equal in Python and three different texts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import compress, count
from operator import is_, is_not
from typing import Generic, TypeVar

P = TypeVar("P")
T = TypeVar("T")


class Kept(Generic[P, T]):
    """What was made (`T`) of parts (`P`), by name."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Sequence[P], T]] = {}

    def has(self, name: str, parts: Sequence[P]) -> bool:
        """Tell whether there is something under this name that was made of these parts."""
        made = self._made.get(name)
        return made is not None and are_same(made[0], parts)

    def get(self, name: str, parts: Sequence[P], make: Callable[[], T]) -> T:
        """Give what was made of these parts under this name; make it where there is nothing, or it was of others."""
        made = self._made.get(name)
        if made is None or not are_same(made[0], parts):
            made = self._made[name] = parts, make()
        return made[1]

    def get_all(self, parts: Mapping[str, Sequence[P]], make: Callable[[Sequence[P]], T]) -> dict[str, T]:
        """Give what was made of the parts under every name, in their order; other names are forgotten."""
        before, self._made = self._made, {}
        for name, listed in parts.items():
            made = before.get(name)
            if made is None or not are_same(made[0], listed):
                made = listed, make(listed)
            self._made[name] = made
        return {name: made for name, (_, made) in self._made.items()}

    def forget(self, name: str) -> None:
        """Forget what has this name."""
        self._made.pop(name, None)

    def forget_others(self, names: Collection[str]) -> None:
        """Forget what has none of these names."""
        for name in self._made.keys() - names:
            del self._made[name]


def are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Tell whether both hold the same objects in the same order."""
    if len(some) == 1 == len(others):  # by far the most; the general way takes four times as long
        return some[0] is others[0]
    return len(some) == len(others) and all(map(is_, some, others))


def span(before: Sequence[object], after: Sequence[object]) -> tuple[int, int, int]:
    """Give what differs between two sequences as one span: its start, its end in the first and its end in the second.

    All of it runs in C: where one of thousands has changed, finding it must not cost a pass of its own.
    """
    shorter = min(len(before), len(after))
    start = next(compress(count(), map(is_not, before, after)), shorter)
    tail = next(compress(count(), map(is_not, reversed(before), reversed(after))), shorter)
    tail = min(tail, shorter - start)
    return start, len(before) - tail, len(after) - tail
