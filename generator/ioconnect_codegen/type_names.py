"""What a type is called.

A type is called what its source calls it (`title`, the key under `$defs`, the name of a composite), else after the key
that holds it, else after the noun of the list that it stands in, else after the capability. No name points to another
capability: what several of them share and neither a title nor a key names is called after its own fields. Where
different shapes want one name, the one that stands in more namespaces than any other keeps it: a method that comes
renames no type that many modules share. All others are qualified with the namespace or the capability where there is
one, else with a record that holds them, with what holds that one, or with their fields. What then still clashes is
numbered, from the outermost inwards and by digest, so that the order of the environment never matters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from ioconnect_codegen.naming import settle, told, type_name
from ioconnect_codegen.shapes import Choice, Record, Shape
from ioconnect_codegen.sightings import NamedBy, Seen, is_named_by_size

_CHOICE_INLINE = 40  # characters of a literal that still read well inside a parameter list
_WORDS, _WORD = 3, 24  # fields, and characters of each, in a name that is made of fields


def is_named(holders: Sequence[Seen]) -> bool:
    """Tell whether what was seen there becomes a type of its own."""
    match holders[0].forms[0][0]:
        case Record():
            return True
        case Choice(values):
            places = set[str]().union(*(one.places for one in holders))
            return len(values) > 1 and (
                len(places) > 1 or sum(len(repr(value)) + 2 for value in values) > _CHOICE_INLINE
            )
        case shape:
            return is_named_by_size(shape)


class Wish:
    """What a type would be called, and what it is qualified with if need be.

    Args:
        key: The type's.
        holders: Where each namespace shows it.
        has_one_owner: Tells whether one capability alone shows a type.
    """

    def __init__(self, key: str, holders: Sequence[Seen], has_one_owner: Callable[[str], bool]) -> None:
        self.spread = len(holders)  # over how many namespaces
        self.order = min(one.depth for one in holders), key
        """By which those are numbered that want one name: what stands further out comes first."""
        self._key = key
        self._tell_owner = has_one_owner
        self._shape = holders[0].forms[0][0]
        hints = set[tuple[NamedBy, str, str, str]]().union(*(one.hints for one in holders))
        self._by, _, self._namespace, self._owner = min(hints)
        self._holders = min(set[tuple[str, ...]]().union(*(one.holders for one in holders)), default=())
        self._hints = sorted({hint for by, hint, *_ in hints if by == self._by})

    @cached_property
    def _has_one_owner(self) -> bool:
        return self._tell_owner(self._key)

    @cached_property
    def plain(self) -> str:
        """The name that says what it is."""
        is_of_several = self._by == NamedBy.NOUN and len(self._hints) > 1
        if is_of_several or (self._by == NamedBy.CAPABILITY and not self._has_one_owner):
            return self._content_name()
        return type_name(self._hints[0])

    def _content_name(self) -> str:
        """Give the name of what several share: after its fields."""
        if self._by == NamedBy.NOUN:
            return type_name(f"{_content(self._shape)}_item")
        is_result = any(hint.endswith("Result") for hint in self._hints)
        return type_name(f"{_content(self._shape)}_{'result' if is_result else 'data'}")

    def qualified(self, level: int) -> str:
        """Give the name with, by level, the only namespace; the record that holds it, else the only capability; one more record."""
        if level == 0 and self.spread == 1:
            return type_name(told(self._namespace, self.plain))
        if self._holders:
            holders = self._holders if level == _LEVELS - 1 else self._holders[:1]
            return type_name(told(*reversed(holders), self.plain))
        if self._has_one_owner:
            return type_name(told(self._owner, self.plain))
        return type_name(told(self.plain, _content(self._shape)))


_LEVELS = 3


def names(wishes: Mapping[str, Wish]) -> dict[str, str]:
    """Give every key a name of its own: the wish, where another one has it qualified, numbered in the end."""
    most: dict[str, list[int]] = defaultdict(list)
    for wish in wishes.values():
        most[wish.plain].append(wish.spread)
    keeping = {name: max(spreads) for name, spreads in most.items() if spreads.count(max(spreads)) == 1}
    found = {key: wish.plain for key, wish in wishes.items() if wish.spread == keeping.get(wish.plain)}
    left = [key for key in wishes if key not in found]
    for level in range(_LEVELS):
        wanted = {key: wishes[key].qualified(level) for key in left}
        counts = Counter(wanted.values())
        left = [key for key in left if counts[wanted[key]] > 1]
        found.update(wanted)  # of those that are left the next level, or the last
    return _numbered(found, wishes)


def _numbered(wanted: Mapping[str, str], wishes: Mapping[str, Wish]) -> dict[str, str]:
    """Number those that want one name: who it is the plain name of comes first, then who is wanted most, then as `Wish.order`."""
    if len(set(wanted.values())) == len(wanted):
        return dict(wanted)

    def order(key: str) -> tuple[bool, int, tuple[int, str]]:
        wish = wishes[key]
        return wanted[key] != wish.plain, -wish.spread, wish.order

    # `settle` goes by the names of who wants: numbers of one length, in this order.
    ordered = {f"{number:09}": key for number, key in enumerate(sorted(wanted, key=order))}
    settled = settle({number: wanted[key] for number, key in ordered.items()})
    return {ordered[number]: name for number, name in settled.items()}


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
