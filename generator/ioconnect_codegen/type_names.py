"""What a type is called.

A type is called what its source calls it (`title`, the key under `$defs`, the name of a composite), else after the key
that holds it, else after the noun of the list that it stands in, else after the capability. No name points to another
capability: what several of them share and neither a title nor a key names is called after its own fields. Where
different shapes want one name, the one that stands in more namespaces than any other keeps it: a method that comes
renames no type that many modules share. All others are qualified with the namespace or the capability where there is
one, else with a record that holds them, or with their fields; what then still clashes is numbered by digest, so that the
order of the environment never matters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from ioconnect_codegen.naming import settle, type_name
from ioconnect_codegen.shapes import Choice, Null, Record, Shape, Tuple, Union
from ioconnect_codegen.sightings import NamedBy, Seen

_CHOICE_INLINE = 40  # characters of a literal that still read well inside a parameter list
_UNION_INLINE = 3
_TUPLE_INLINE = 4
_WORDS, _WORD = 3, 24  # fields, and characters of each, in a name that is made of fields


def is_named(holders: Sequence[Seen]) -> bool:
    """Tell whether what was seen there becomes a type of its own."""
    match holders[0].forms[0][0]:
        case Record():
            return True
        case Choice(values):
            places = set[str]().union(*(one.places for one in holders))
            return len(places) > 1 or sum(len(repr(value)) + 2 for value in values) > _CHOICE_INLINE
        case Union(options):
            return sum(not isinstance(option, Null) for option in options) > _UNION_INLINE
        case Tuple(items):
            return len(items) > _TUPLE_INLINE
        case _:
            return False


class Wish:
    """What a type would be called, and what it is qualified with if need be.

    Args:
        key: The type's.
        holders: Where each namespace shows it.
        has_one_owner: Tells whether one capability alone shows a type.
    """

    def __init__(self, key: str, holders: Sequence[Seen], has_one_owner: Callable[[str], bool]) -> None:
        self.spread = len(holders)  # over how many namespaces
        self._key = key
        self._has_one_owner = has_one_owner
        self._shape = holders[0].forms[0][0]
        hints = set[tuple[NamedBy, str, str, str]]().union(*(one.hints for one in holders))
        self._by, _, self._namespace, self._owner = min(hints)
        self._record = min(set[str]().union(*(one.holders for one in holders)), default="")
        self._hints = sorted({hint for by, hint, *_ in hints if by == self._by})
        self._own_name = type_name(self._hints[0])

    def plain(self) -> str:
        """Give the name that says what it is."""
        is_of_several = self._by == NamedBy.NOUN and len(self._hints) > 1
        if is_of_several or (self._by == NamedBy.CAPABILITY and not self._has_one_owner(self._key)):
            return self._content_name
        return self._own_name

    @cached_property
    def _content_name(self) -> str:
        """The name of what several share: after its fields."""
        if self._by == NamedBy.NOUN:
            return type_name(f"{_content(self._shape)}_item")
        is_result = any(hint.endswith("Result") for hint in self._hints)
        return type_name(f"{_content(self._shape)}_{'result' if is_result else 'data'}")

    def qualified(self) -> tuple[str, str]:
        """Give the name with the only namespace; and with the record that holds it, else the only capability."""
        plain = self.plain()
        if self._record:
            told = f"{self._record}_{plain}"
        elif self._has_one_owner(self._key):
            told = f"{self._owner}_{plain}"
        else:
            told = f"{plain}_{_content(self._shape)}"
        by_namespace = f"{self._namespace}_{plain}" if self.spread == 1 else told
        return type_name(by_namespace), type_name(told)


def names(wishes: Mapping[str, Wish]) -> dict[str, str]:
    """Give every key a name of its own: the wish, where another one has it qualified, numbered in the end."""
    plain = {key: wish.plain() for key, wish in wishes.items()}
    most: dict[str, list[int]] = defaultdict(list)
    for key, wish in wishes.items():
        most[plain[key]].append(wish.spread)
    keeping = {name: max(spreads) for name, spreads in most.items() if spreads.count(max(spreads)) == 1}
    found = {key: plain[key] for key, wish in wishes.items() if wish.spread == keeping.get(plain[key])}
    left = {key: wish.qualified() for key, wish in wishes.items() if key not in found}
    for level in range(2):
        counts = Counter([wish[level] for wish in left.values()])
        found.update({key: wish[level] for key, wish in left.items() if counts[wish[level]] == 1})
        left = {key: wish for key, wish in left.items() if counts[wish[level]] > 1}
    found.update({key: wish[-1] for key, wish in left.items()})
    return settle(found)


def _content(shape: Shape) -> str:
    """Give words for what is in it, which the order of its fields doesn't change."""
    match shape:
        case Record():
            keys = sorted(shape.fields, key=lambda one: (not one.is_required, one.key))
            return "_".join(one.key[:_WORD] for one in keys[:_WORDS]) or "empty"
        case Choice(values):
            return "_or_".join(sorted(str(value)[:_WORD] for value in values)[:_WORDS])
        case _:
            return "any"
