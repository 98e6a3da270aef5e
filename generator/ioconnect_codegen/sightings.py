"""Every shape of an environment that may get a name, with where it stands and what it is called there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from ioconnect_codegen.naming import pascal, singular
from ioconnect_codegen.shapes import (
    Choice,
    List,
    Map,
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


class Sightings:
    """Every shape of one namespace that may get a name, by key, with where it stands."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self.seen: dict[str, Seen] = defaultdict(Seen)
        for use in sorted(uses, key=lambda use: (use.owner, use.hint)):
            place = f"{use.namespace}.{use.owner}.{use.hint}"
            self._walk(use, use.shape, pascal(use.hint), use.named_by, place=place)

    def _walk(self, use: Use, shape: Shape, hint: str, by: NamedBy, *, place: str) -> None:
        match shape:
            case Reference(target):
                self._walk(use, use.scope.definitions[target], hint, by, place=place)
            case List(item):
                self._walk(use, item, _item_hint(hint), by, place=f"{place}[]")
            case Map(value):
                self._walk(use, value, _item_hint(hint), by, place=f"{place}[]")
            case Choice():
                self._note(use, shape, hint, by, place)
            case Tuple(parts) | Union(parts):
                self._note(use, shape, hint, by, place)
                for part in parts:
                    self._walk(use, part, hint, by, place=place)
            case Record():
                key, is_new = self._note(use, shape, hint, by, place)
                if is_new:
                    for one in shape.fields:
                        inner, inner_by = key_hint(shape.title or hint, one.key, NamedBy.TITLE if shape.title else by)
                        self._walk(use, one.shape, pascal(inner), inner_by, place=f"{key}.{one.key}")
                        if shape.title or by < NamedBy.CAPABILITY:
                            self._note_holder(one.shape, use.scope, pascal(shape.title or hint))
            case _:
                return

    def _note_holder(self, shape: Shape, scope: Scope, holder: str) -> None:
        for key in keys_in((shape,), scope):
            if key in self.seen:
                self.seen[key].holders.add(holder)

    def _note(self, use: Use, shape: Shape, hint: str, by: NamedBy, place: str) -> tuple[str, bool]:
        """Note that a shape was seen; give its key, and whether it was seen for the first time."""
        key = use.scope.key(shape)
        is_new = key not in self.seen
        seen = self.seen[key]
        title = shape.title if isinstance(shape, Record) else ""
        seen.forms.append((shape, use.scope))
        seen.hints.add((NamedBy.TITLE if title else by, pascal(title or hint), use.namespace, use.owner))
        seen.places.add(place)
        return key, is_new


@dataclass(slots=True)
class Seen:
    """One distinct shape, and where one namespace shows it."""

    forms: list[tuple[Shape, Scope]] = field(default_factory=list[tuple[Shape, Scope]])
    hints: set[tuple[NamedBy, str, str, str]] = field(default_factory=set[tuple[NamedBy, str, str, str]])
    places: set[str] = field(default_factory=set[str])
    holders: set[str] = field(default_factory=set[str])
    """What the records are called that hold it; of those that are called after a capability none."""

    def is_same(self, other: Seen) -> bool:
        """Tell whether the other one was made of the same objects at the same places."""
        return (
            len(self.forms) == len(other.forms)
            and all(one[0] is another[0] for one, another in zip(self.forms, other.forms, strict=True))
            and self.hints == other.hints
            and self.places == other.places
            and self.holders == other.holders
        )


def key_hint(holder: str, key: str, by: NamedBy) -> tuple[str, NamedBy]:
    """Give what a value is called after its key, with its holder where the key alone says nothing."""
    if key.lower() not in _VAGUE:
        return key, NamedBy.KEY
    return f"{holder}_{key}", NamedBy.KEY if by <= NamedBy.KEY else NamedBy.CAPABILITY


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


def _item_hint(hint: str) -> str:
    item = singular(hint)
    return item if item != hint or hint.endswith("Item") else f"{hint}Item"
