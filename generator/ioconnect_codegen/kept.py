"""What was made of some parts, kept for as long as the parts are the same objects.

Every stage between an environment and a package is a pure function of frozen values. So what was made of a part holds
until the part is another object, and nothing has to say what has changed. Equality would not do: 1, 1.0 and true are
equal in Python and three different texts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from operator import is_
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """What was made, by name."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[Sequence[object], T]] = {}

    def has(self, name: str, parts: Sequence[object]) -> bool:
        """Tell whether there is something under this name that was made of these parts."""
        made = self._made.get(name)
        return made is not None and are_same(made[0], parts)

    def get(self, name: str, parts: Sequence[object], make: Callable[[], T]) -> T:
        """Give what was made of these parts under this name; make it where there is nothing, or it was of others."""
        made = self._made.get(name)
        if made is None or not are_same(made[0], parts):
            made = self._made[name] = parts, make()
        return made[1]

    def forget_others(self, names: Collection[str]) -> None:
        """Forget what has none of these names."""
        for name in self._made.keys() - names:
            del self._made[name]


def are_same(some: Sequence[object], others: Sequence[object]) -> bool:
    """Tell whether both hold the same objects in the same order."""
    return len(some) == len(others) and all(map(is_, some, others))
