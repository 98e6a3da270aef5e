"""Every shape of an environment that may get a name, with where it stands and what it is called there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import NamedTuple

from ioconnect_codegen.naming import singular, told
from ioconnect_codegen.shapes import (
    Choice,
    List,
    Map,
    Null,
    Record,
    Reference,
    Shape,
    Tuple,
    Union,
    children,
    definition_digests,
    digest,
)

_VAGUE = frozenset({"type", "kind", "id", "data", "value", "item"})
_UNION_INLINE = 3
_TUPLE_INLINE = 4
_MARK = 24  # characters of what tells one option of a union from another


class NamedBy(IntEnum):
    """What a type's name is taken from; the least is the best."""

    TITLE = 0
    KEY = 1
    NOUN = 2
    CAPABILITY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A shape somewhere in the environment, before types have names.

    Attributes:
        namespace: The namespace that uses it.
        owner: The capability's function name.
        hint: What the value is called where it stands: a key, or a word of the function's name.
        named_by: What the hint was taken from.
        shape: The shape.
        scope: The definitions that its references point into.
    """

    namespace: str
    owner: str
    hint: str
    shape: Shape
    scope: Scope
    named_by: NamedBy


class Scope:
    """The definitions of one source, and the digests of the shapes that refer to them, each computed once."""

    def __init__(self, definitions: Mapping[str, Record]) -> None:
        self.definitions = definitions
        self._digests = definition_digests(definitions) if definitions else {}
        self._known: dict[int, tuple[Shape, str]] = {}  # by identity; a shape is held, so that it keeps its own
        # What a definition in a circle comes to when it stands written out, to its digest.
        self._same = {self._digest(shape): self._digests[name] for name, shape in definitions.items()}

    def key(self, shape: Shape) -> str:
        """Give the text that equal shapes share over the whole environment."""
        if isinstance(shape, Reference):
            return self._digests[shape.target]
        found = self._digest(shape)
        return self._same.get(found, found)

    def _digest(self, shape: Shape) -> str:
        known = self._known.get(id(shape))
        if known is None:
            made = digest(shape, self._digests.__getitem__, self._digest)
            known = self._known[id(shape)] = (shape, made)
        return known[1]


class _Place(NamedTuple):
    """Where a shape stands.

    Attributes:
        text: Tells it apart from all other places: `namespace.capability.parameter`, else the key of what holds it.
        depth: How many records and unions it stands in.
        holders: What the record is called that holds it, and what that one stands in.
    """

    text: str
    depth: int = 0
    holders: tuple[str, ...] = ()


class Sightings:
    """Every shape of one namespace that may get a name, by key, with where it stands."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self.seen: dict[str, Seen] = defaultdict(Seen)
        for use in sorted(uses, key=lambda use: (use.owner, use.hint)):
            place = f"{use.namespace}.{use.owner}.{use.hint}"
            self._walk(use, use.shape, told(use.hint), use.named_by, _Place(text=place))

    def _walk(self, use: Use, shape: Shape, hint: str, by: NamedBy, place: _Place) -> None:
        match shape:
            case Reference(target):
                self._walk(use, use.scope.definitions[target], hint, by, place)
            case List(item) | Map(item):
                self._walk(use, item, _item_hint(hint), by, place._replace(text=f"{place.text}[]"))
            case Choice():
                self._note(use, shape, hint, by, place)
            case Tuple(parts) | Union(parts):
                key, _ = self._note(use, shape, hint, by, place)
                if is_named_by_size(shape):  # what stands in a type of its own stands there once
                    place = _Place(text=f"{key}.", depth=place.depth + 1, holders=place.holders)
                for part, mark in zip(parts, _marks(parts), strict=True):
                    self._walk(use, part, told(hint, mark) if mark else hint, by, place)
            case Record():
                key, is_new = self._note(use, shape, hint, by, place)
                if is_new:
                    self._walk_fields(use, shape, hint, by, place, key)
            case _:
                return

    def _walk_fields(self, use: Use, record: Record, hint: str, by: NamedBy, place: _Place, key: str) -> None:
        holder, holder_by = (record.title, NamedBy.TITLE) if record.title else (hint, by)
        is_telling = holder_by < NamedBy.CAPABILITY
        holders = (told(holder), *place.holders[:1]) if is_telling else ()
        for one in record.fields:
            inner, inner_by = key_hint(holder, one.key, holder_by)
            there = _Place(text=f"{key}.{one.key}", depth=place.depth + 1, holders=holders)
            self._walk(use, one.shape, told(inner), inner_by, there)
            if is_telling:
                self._note_holders(one.shape, use.scope, holders)

    def _note_holders(self, shape: Shape, scope: Scope, holders: tuple[str, ...]) -> None:
        for key in keys_in((shape,), scope):
            if key in self.seen:
                self.seen[key].holders.add(holders)

    def _note(self, use: Use, shape: Shape, hint: str, by: NamedBy, place: _Place) -> tuple[str, bool]:
        """Note that a shape was seen; give its key, and whether it was seen for the first time."""
        key = use.scope.key(shape)
        is_new = key not in self.seen
        seen = self.seen[key]
        title = shape.title if isinstance(shape, Record) else ""
        seen.forms.append((shape, use.scope))
        seen.hints.add((NamedBy.TITLE if title else by, told(title or hint), use.namespace, use.owner))
        seen.places.add(place.text)
        seen.depth = place.depth if is_new else min(seen.depth, place.depth)
        return key, is_new


@dataclass(slots=True)
class Seen:
    """One distinct shape, and where one namespace shows it."""

    forms: list[tuple[Shape, Scope]] = field(default_factory=list[tuple[Shape, Scope]])
    hints: set[tuple[NamedBy, str, str, str]] = field(default_factory=set[tuple[NamedBy, str, str, str]])
    places: set[str] = field(default_factory=set[str])
    holders: set[tuple[str, ...]] = field(default_factory=set[tuple[str, ...]])
    """What the records are called that hold it, each with what holds that one; none that is called after a capability."""
    depth: int = 0
    """How many records and unions it stands in, at the least."""

    def is_same(self, other: Seen) -> bool:
        """Tell whether the other one was made of the same objects at the same places."""
        return (
            len(self.forms) == len(other.forms)
            and all(one[0] is another[0] for one, another in zip(self.forms, other.forms, strict=True))
            and self.hints == other.hints
            and self.places == other.places
            and self.holders == other.holders
            and self.depth == other.depth
        )


def key_hint(holder: str, key: str, by: NamedBy) -> tuple[str, NamedBy]:
    """Give what a value is called after its key, with its holder where the key alone says nothing."""
    if key.lower() not in _VAGUE:
        return key, NamedBy.KEY
    return told(holder, key), NamedBy.KEY if by <= NamedBy.KEY else NamedBy.CAPABILITY


def keys_in(shapes: Iterable[Shape], scope: Scope) -> Iterator[str]:
    """Give the keys of what may have a name in these shapes; what a record holds is its own matter."""
    for shape in shapes:
        match shape:
            case Record() | Reference():
                yield scope.key(shape)
            case Choice() | Union() | Tuple():
                yield scope.key(shape)
                yield from keys_in(children(shape), scope)
            case _:
                yield from keys_in(children(shape), scope)


def is_named_by_size(shape: Shape) -> bool:
    """Tell whether a union or a tuple is so long that it becomes a type of its own."""
    match shape:
        case Union(options):
            return sum(not isinstance(option, Null) for option in options) > _UNION_INLINE
        case Tuple(items):
            return len(items) > _TUPLE_INLINE
        case _:
            return False


def _marks(parts: Sequence[Shape]) -> list[str]:
    """Give what tells each record without a title from the others beside it; empty for all else, and where nothing does."""
    records = [part for part in parts if isinstance(part, Record)]
    if len(records) < 2:
        return [""] * len(parts)
    counts = Counter(one.key for record in records for one in record.fields)
    return [_mark(part, counts) if isinstance(part, Record) and not part.title else "" for part in parts]


def _mark(record: Record, counts: Mapping[str, int]) -> str:
    """Give the constant that a record is known by, else the first key that no other one has."""
    for one in record.fields:
        match one.shape:
            case Choice((str() as value,)):
                return value[:_MARK]
            case _:
                pass
    return next((one.key[:_MARK] for one in record.fields if counts[one.key] == 1), "")


def _item_hint(hint: str) -> str:
    item = singular(hint)
    return item if item != hint or hint.endswith("Item") else f"{hint}Item"
