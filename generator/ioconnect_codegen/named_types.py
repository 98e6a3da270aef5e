"""Records and choices get names: equal shapes are one type, and every name is one type of the package.

What becomes a type of its own: every record; a choice that stands in two places or is long; a union of more than three
options; a tuple of more than four items. Everything else is written out where it stands.

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
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from functools import cached_property
from typing import TypeAlias

from ioconnect_codegen.naming import pascal, settle, singular, type_name
from ioconnect_codegen.shapes import (
    Choice,
    Field,
    List,
    Map,
    Note,
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


class NamedBy(IntEnum):
    """What a type's name is taken from; the least is the best."""

    TITLE = 0
    KEY = 1
    NOUN = 2
    CAPABILITY = 3


_CHOICE_INLINE = 40  # characters of a literal that still read well inside a parameter list
_UNION_INLINE = 3
_VAGUE = frozenset({"type", "kind", "id", "data", "value", "item"})
_TUPLE_INLINE = 4
_WORDS, _WORD = 3, 24  # fields, and characters of each, in a name that is made of fields


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


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedType:
    """A type of the package: a record, or an alias for any other shape.

    Attributes:
        name: Unique in the package.
        shape: Every reference in it names another type of the package.
        namespaces: The namespaces that need it, themselves or through another type; sorted.
        description: What the sources say about it, not cleaned; may be empty.
    """

    name: str
    shape: Shape
    namespaces: tuple[str, ...]
    description: str

    @property
    def module(self) -> str:
        """The stub module that defines it: `records` where more than one namespace needs it."""
        return self.namespaces[0] if len(self.namespaces) == 1 else "records"


Groups: TypeAlias = "Mapping[tuple[str, ...], tuple[NamedType, ...]]"
"""Types by the namespaces that need them, each group by name."""


def in_groups(types: Iterable[NamedType]) -> Groups:
    """Give these types by the namespaces that need them."""
    found: dict[tuple[str, ...], list[NamedType]] = defaultdict(list)
    for one in sorted(types, key=lambda one: one.name):
        found[one.namespaces].append(one)
    return {namespaces: tuple(group) for namespaces, group in found.items()}


def names_by_namespace(types: Iterable[NamedType]) -> dict[str, frozenset[str]]:
    """Give the names of the types that a namespace's module can name."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in types:
        for namespace in one.namespaces:
            found[namespace].add(one.name)
    return {namespace: frozenset(names) for namespace, names in found.items()}


def key_hint(holder: str, key: str, by: NamedBy) -> tuple[str, NamedBy]:
    """Give what a value is called after its key, with its holder where the key alone says nothing."""
    if key.lower() not in _VAGUE:
        return key, NamedBy.KEY
    return f"{holder}_{key}", NamedBy.KEY if by <= NamedBy.KEY else NamedBy.CAPABILITY


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
        self.seen: dict[str, _Seen] = defaultdict(_Seen)
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


class NamedTypes:
    """The types of a package, kept from one environment to the next, and how a shape reads with their names."""

    def __init__(self) -> None:
        self._sightings: dict[str, Sightings] = {}
        self._holders: dict[str, dict[str, _Seen]] = defaultdict(dict)
        self._wishes: dict[str, _Wish] = {}
        self._names: dict[str, str] = {}
        self._types: dict[str, NamedType] = {}
        self._inside: dict[str, frozenset[str]] = {}
        self._groups: dict[tuple[str, ...], tuple[NamedType, ...]] = {}

    def update(self, sightings: Mapping[str, Sightings]) -> frozenset[str]:
        """Take what the namespaces show now; give the keys whose name is another one than before, or new, or gone.

        What follows from the sightings of other namespaces only is looked at again, but not made again.
        """
        touched = self._take(sightings)
        for key in touched:
            holders = [self._holders[key][namespace] for namespace in sorted(self._holders[key])]
            if holders and _is_named(holders):
                self._wishes[key] = _Wish(key, holders, self._has_one_owner)
            else:
                self._wishes.pop(key, None)
        names = _names(self._wishes) if touched else self._names
        renamed = frozenset(key for key, name in names.items() if self._names.get(key) != name)
        renamed |= self._names.keys() - names.keys()
        self._names = names
        self._settle_types(touched | self._naming(renamed))
        return renamed

    def groups(self) -> Groups:
        """Give all types by the namespaces that need them; the same object where nothing has changed."""
        return dict(self._groups)

    def names_near(self, namespace: str) -> frozenset[str]:
        """Give the names of the types that a namespace's module can name."""
        return frozenset(self._names[key] for key in self._sightings[namespace].seen if key in self._names)

    def resolve(self, shape: Shape, scope: Scope) -> Shape:
        """Give the shape with references to the names of this package."""
        match shape:
            case Record() | Choice() | Union() | Tuple() | Reference():
                name = self._names.get(scope.key(shape))
                return Reference(name) if name else self._resolved(shape, scope)
            case _:
                return self._resolved(shape, scope)

    def _resolved(self, shape: Shape, scope: Scope) -> Shape:
        """Give the shape itself, with references inside it."""
        match shape:
            case List(item):
                return List(self.resolve(item, scope))
            case Map(value):
                return Map(self.resolve(value, scope))
            case Tuple(items):
                return Tuple(tuple(self.resolve(item, scope) for item in items))
            case Union(options):
                return Union(tuple(self.resolve(option, scope) for option in options))
            case Record():
                return replace(shape, fields=tuple(self._resolved_field(one, scope) for one in shape.fields))
            case _:
                return shape

    def _resolved_field(self, one: Field, scope: Scope) -> Field:
        resolved = self.resolve(one.shape, scope)
        return one if resolved is one.shape else replace(one, shape=resolved)

    def _take(self, sightings: Mapping[str, Sightings]) -> set[str]:
        """Give the keys that are seen otherwise than before."""
        touched: set[str] = set()
        for namespace in self._sightings.keys() | sightings.keys():
            before, after = self._sightings.get(namespace), sightings.get(namespace)
            if before is after:
                continue
            old, new = before.seen if before else {}, after.seen if after else {}
            for key in old.keys() | new.keys():
                if key not in new:
                    del self._holders[key][namespace]
                elif key in old and old[key].is_same(new[key]):
                    continue
                else:
                    self._holders[key][namespace] = new[key]
                touched.add(key)
        self._sightings = dict(sightings)
        return touched

    def _has_one_owner(self, key: str) -> bool:
        """Tell whether one capability alone shows a type, itself or inside of other types."""
        owners: set[str] = set()
        known, waiting = {key}, [key]
        while waiting and len(owners) < 2:
            for seen in self._holders[waiting.pop()].values():
                for place in seen.places:
                    head, _, rest = place.partition(".")
                    if head not in self._holders:
                        owners.add(f"{head}.{rest.partition('.')[0]}")
                    elif head not in known:
                        known.add(head)
                        waiting.append(head)
        return len(owners) == 1

    def _naming(self, renamed: frozenset[str]) -> set[str]:
        """Give the keys of the types that stand under another name, or name one that does."""
        if not renamed:
            return set()
        return {key for key, inside in self._inside.items() if not inside.isdisjoint(renamed)} | renamed

    def _settle_types(self, keys: Iterable[str]) -> None:
        gone: dict[tuple[str, ...], set[str]] = defaultdict(set)
        come: dict[tuple[str, ...], list[NamedType]] = defaultdict(list)
        for key in keys:
            before = self._types.get(key)
            self._settle_type(key)
            after = self._types.get(key)
            if before is not after:
                if before is not None:
                    gone[before.namespaces].add(before.name)
                if after is not None:
                    come[after.namespaces].append(after)
        for namespaces in gone.keys() | come.keys():
            stays = (one for one in self._groups.get(namespaces, ()) if one.name not in gone[namespaces])
            group = tuple(sorted((*stays, *come[namespaces]), key=lambda one: one.name))
            self._groups[namespaces] = group
            if not group:
                del self._groups[namespaces]

    def _settle_type(self, key: str) -> None:
        name = self._names.get(key)
        if name is None:
            self._types.pop(key, None)
            self._inside.pop(key, None)
            if not self._holders[key]:
                del self._holders[key]
            return
        namespaces = tuple(sorted(self._holders[key]))
        forms = [form for namespace in namespaces for form in self._holders[key][namespace].forms]
        shape, scope = forms[0]
        resolved = self._resolved(shape, scope)
        if isinstance(resolved, Record):
            resolved = _with_notes(resolved, [form for form, _ in forms if isinstance(form, Record)])
        description = resolved.description if isinstance(resolved, Record) else ""
        made = NamedType(name=name, shape=resolved, namespaces=namespaces, description=description)
        if self._types.get(key) != made:
            self._types[key] = made
        self._inside[key] = frozenset(keys_in(children(shape), scope))


@dataclass(slots=True)
class _Seen:
    """One distinct shape, and where one namespace shows it."""

    forms: list[tuple[Shape, Scope]] = field(default_factory=list[tuple[Shape, Scope]])
    hints: set[tuple[NamedBy, str, str, str]] = field(default_factory=set[tuple[NamedBy, str, str, str]])
    places: set[str] = field(default_factory=set[str])
    holders: set[str] = field(default_factory=set[str])
    """What the records are called that hold it; of those that are called after a capability none."""

    def is_same(self, other: _Seen) -> bool:
        """Tell whether the other one was made of the same objects at the same places."""
        return (
            len(self.forms) == len(other.forms)
            and all(one[0] is another[0] for one, another in zip(self.forms, other.forms, strict=True))
            and self.hints == other.hints
            and self.places == other.places
            and self.holders == other.holders
        )


class _Wish:
    """What a type would be called, and what it is qualified with if need be.

    Args:
        key: The type's.
        holders: Where each namespace shows it.
        has_one_owner: Tells whether one capability alone shows a type.
    """

    def __init__(self, key: str, holders: Sequence[_Seen], has_one_owner: Callable[[str], bool]) -> None:
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


def _is_named(holders: Sequence[_Seen]) -> bool:
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


def _names(wishes: Mapping[str, _Wish]) -> dict[str, str]:
    """Give every key a name of its own: the wish, where another one has it qualified, numbered in the end."""
    plain = {key: wish.plain() for key, wish in wishes.items()}
    most: dict[str, list[int]] = defaultdict(list)
    for key, wish in wishes.items():
        most[plain[key]].append(wish.spread)
    keeping = {name: max(spreads) for name, spreads in most.items() if spreads.count(max(spreads)) == 1}
    names = {key: plain[key] for key, wish in wishes.items() if wish.spread == keeping.get(plain[key])}
    left = {key: wish.qualified() for key, wish in wishes.items() if key not in names}
    for level in range(2):
        counts = Counter([wish[level] for wish in left.values()])
        names.update({key: wish[level] for key, wish in left.items() if counts[wish[level]] == 1})
        left = {key: wish for key, wish in left.items() if counts[wish[level]] > 1}
    names.update({key: wish[-1] for key, wish in left.items()})
    return settle(names)


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


def _with_notes(record: Record, forms: list[Record]) -> Record:
    """Give the record with what any of the equal forms says about it and its fields."""
    if len(forms) == 1:
        return record
    notes: dict[str, list[Note]] = defaultdict(list)
    for form in forms:
        for one in form.fields:
            notes[one.key].append(one.note)
    return replace(
        record,
        description=next((form.description for form in forms if form.description), ""),
        fields=tuple(_with_note(one, notes[one.key]) for one in record.fields),
    )


def _with_note(one: Field, notes: list[Note]) -> Field:
    description = next((note.description for note in notes if note.description), "")
    constraints = {note.constraint for note in notes}
    # A constraint that not every place declares is none of the type.
    constraint = constraints.pop() if len(constraints) == 1 else ""
    note = Note(description=description, constraint=constraint)
    return one if one.note == note else replace(one, note=note)
