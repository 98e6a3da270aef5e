"""Records and choices get names: equal shapes are one type, and every name is one type of the package.

What becomes a type of its own: every record; a choice of several values that stands in two places or is long; a union
of more than three options; a tuple of more than four items. Everything else is written out where it stands.

How a type is called is said in `type_names.py`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from ioconnect_codegen.shapes import (
    Choice,
    Field,
    List,
    Map,
    Note,
    Record,
    Reference,
    Shape,
    Tuple,
    Union,
    children,
)
from ioconnect_codegen.sightings import Scope, Seen, Sightings, keys_in
from ioconnect_codegen.type_names import Wish, is_named, names


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


class NamedTypes:
    """The types of a package, kept from one environment to the next, and how a shape reads with their names."""

    def __init__(self) -> None:
        self._sightings: dict[str, Sightings] = {}
        self._holders: dict[str, dict[str, Seen]] = defaultdict(dict)
        self._wishes: dict[str, Wish] = {}
        self._names: dict[str, str] = {}
        self._types: dict[str, NamedType] = {}
        self._inside: dict[str, frozenset[str]] = {}
        self._groups: dict[tuple[str, ...], tuple[NamedType, ...]] = {}

    def update(self, sightings: Mapping[str, Sightings]) -> frozenset[str]:
        """Take what the namespaces show now; give the keys whose name is another one than before, or new, or gone.

        What follows from the sightings of other namespaces only is looked at again, but not made again.
        """
        touched = self._take(sightings)
        for key in self._with_inside(touched):  # who owns a type follows from what it stands in
            holders = [self._holders[key][namespace] for namespace in sorted(self._holders.get(key, ()))]
            if holders and is_named(holders):
                self._wishes[key] = Wish(key, holders, self._has_one_owner)
            else:
                self._wishes.pop(key, None)
        named = names(self._wishes) if touched else self._names
        renamed = frozenset(key for key, name in named.items() if self._names.get(key) != name)
        renamed |= self._names.keys() - named.keys()
        self._names = named
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

    def _with_inside(self, keys: Iterable[str]) -> set[str]:
        """Give the keys and those of every type inside; what stands inside anew is among the keys itself."""
        found = set(keys)
        waiting = list(found)
        while waiting:
            for key in self._inside.get(waiting.pop(), ()):
                if key not in found:
                    found.add(key)
                    waiting.append(key)
        return found

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
