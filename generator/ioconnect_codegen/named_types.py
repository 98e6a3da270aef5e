"""Records and choices get names: equal shapes are one type, and every name is one type of the package.

What becomes a type of its own: every record; a choice that stands in two places or is long; a union of more than three
options; a tuple of more than four items. Everything else is written out where it stands.

A type is called what its source calls it (`title`, the key under `$defs`, the name of a composite), else after the key
that holds it, else after the capability. Where two different shapes want one name, both are qualified with the
capability; what then still clashes is numbered by digest, so that the order of the environment never matters.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

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
    definition_digests,
    digest,
)

_CHOICE_INLINE = 40  # characters of a literal that still read well inside a parameter list
_UNION_INLINE = 3
_VAGUE = frozenset({"type", "kind", "id", "data", "value", "item"})
_TUPLE_INLINE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """A shape somewhere in the environment, before types have names.

    Attributes:
        namespace: The namespace that uses it.
        owner: The capability's function name.
        hint: What the value is called where it stands: a key, or a word of the function's name.
        shape: The shape; its references point into `definitions`.
        definitions: The definitions of the source that the shape comes from.
    """

    namespace: str
    owner: str
    hint: str
    shape: Shape
    definitions: Mapping[str, Record]


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


def names_by_namespace(types: Iterable[NamedType]) -> dict[str, frozenset[str]]:
    """Give the names of the types that a namespace's module can name."""
    found: dict[str, set[str]] = defaultdict(set)
    for one in types:
        for namespace in one.namespaces:
            found[namespace].add(one.name)
    return {namespace: frozenset(names) for namespace, names in found.items()}


def key_hint(holder: str, key: str) -> str:
    """Give what a value is called after its key, with its holder where the key alone says nothing."""
    return f"{holder}_{key}" if key.lower() in _VAGUE else key


class NamedTypes:
    """The types of a package, and how a shape reads with their names."""

    def __init__(self, uses: Iterable[Use]) -> None:
        self._seen: dict[str, _Seen] = defaultdict(_Seen)
        self._scopes: dict[int, _Scope] = {}
        for use in sorted(uses, key=lambda use: (use.namespace, use.owner, use.hint)):
            self._walk(use, use.shape, pascal(use.hint), place=f"{use.namespace}.{use.owner}.{use.hint}")
        self._names = _names({key: seen for key, seen in self._seen.items() if seen.is_named()})

    def types(self) -> tuple[NamedType, ...]:
        """Give all types, by name."""
        found = (self._type(key, name) for key, name in self._names.items())
        return tuple(sorted(found, key=lambda one: one.name))

    def resolve(self, shape: Shape, definitions: Mapping[str, Record]) -> Shape:
        """Give the shape with references to the names of this package."""
        match shape:
            case Reference(target):
                return Reference(self._names[self._known(definitions).digests[target]])
            case Record() | Choice() | Union() | Tuple():
                name = self._names.get(self._key(shape, definitions))
                return Reference(name) if name else self._inner(shape, definitions)
            case _:
                return self._inner(shape, definitions)

    def _inner(self, shape: Shape, definitions: Mapping[str, Record]) -> Shape:
        match shape:
            case List(item):
                return List(self.resolve(item, definitions))
            case Map(value):
                return Map(self.resolve(value, definitions))
            case Tuple(items):
                return Tuple(tuple(self.resolve(item, definitions) for item in items))
            case Union(options):
                return Union(tuple(self.resolve(option, definitions) for option in options))
            case Record():
                fields = (replace(one, shape=self.resolve(one.shape, definitions)) for one in shape.fields)
                return replace(shape, fields=tuple(fields))
            case _:
                return shape

    def _type(self, key: str, name: str) -> NamedType:
        seen = self._seen[key]
        shape, definitions = seen.forms[0]
        resolved = self._inner(shape, definitions)
        if isinstance(resolved, Record):
            resolved = _with_notes(resolved, [form for form, _ in seen.forms if isinstance(form, Record)])
        return NamedType(
            name=name,
            shape=resolved,
            namespaces=tuple(sorted(seen.namespaces)),
            description=resolved.description if isinstance(resolved, Record) else "",
        )

    def _walk(self, use: Use, shape: Shape, hint: str, *, place: str) -> None:
        match shape:
            case Reference(target):
                self._walk(use, use.definitions[target], hint, place=place)
            case List(item):
                self._walk(use, item, _item_hint(hint), place=f"{place}[]")
            case Map(value):
                self._walk(use, value, _item_hint(hint), place=f"{place}[]")
            case Choice():
                self._note(use, shape, hint, place)
            case Tuple(parts) | Union(parts):
                self._note(use, shape, hint, place)
                for part in parts:
                    self._walk(use, part, hint, place=place)
            case Record():
                is_new = self._note(use, shape, hint, place)
                if is_new:
                    key = self._key(shape, use.definitions)
                    for one in shape.fields:
                        inner = key_hint(shape.title or hint, one.key)
                        self._walk(use, one.shape, pascal(inner), place=f"{key}.{one.key}")
            case _:
                return

    def _note(self, use: Use, shape: Shape, hint: str, place: str) -> bool:
        """Note that a shape was seen; tell whether it is the first time in this namespace."""
        seen = self._seen[self._key(shape, use.definitions)]
        title = shape.title if isinstance(shape, Record) else ""
        short = pascal(title or hint)
        seen.forms.append((shape, use.definitions))
        seen.hints.add((not title, short, pascal(f"{use.namespace}_{short}"), pascal(f"{use.owner}_{short}")))
        seen.places.add(place)
        is_new = use.namespace not in seen.namespaces
        seen.namespaces.add(use.namespace)
        return is_new

    def _key(self, shape: Shape, definitions: Mapping[str, Record]) -> str:
        scope = self._known(definitions)
        found = digest(shape, scope.digests.__getitem__)
        return scope.same.get(found, found)

    def _known(self, definitions: Mapping[str, Record]) -> _Scope:
        scope = self._scopes.get(id(definitions))
        if scope is None:
            digests = definition_digests(definitions)
            same = {digest(shape, digests.__getitem__): digests[name] for name, shape in definitions.items()}
            scope = self._scopes[id(definitions)] = _Scope(definitions=definitions, digests=digests, same=same)
        return scope


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scope:
    """The definitions of one source.

    Attributes:
        definitions: The definitions; held, because a scope is found by their identity.
        digests: The digest of each.
        same: What a definition in a circle comes to when it stands written out, to its digest.
    """

    definitions: Mapping[str, Record]
    digests: Mapping[str, str]
    same: Mapping[str, str]


@dataclass(slots=True)
class _Seen:
    """One distinct shape, and where it was seen."""

    forms: list[tuple[Shape, Mapping[str, Record]]] = field(default_factory=list[tuple[Shape, Mapping[str, Record]]])
    hints: set[tuple[bool, str, str, str]] = field(default_factory=set[tuple[bool, str, str, str]])
    places: set[str] = field(default_factory=set[str])
    namespaces: set[str] = field(default_factory=set[str])

    def is_named(self) -> bool:
        match self.forms[0][0]:
            case Record():
                return True
            case Choice(values):
                return len(self.places) > 1 or sum(len(repr(value)) + 2 for value in values) > _CHOICE_INLINE
            case Union(options):
                return sum(not isinstance(option, Null) for option in options) > _UNION_INLINE
            case Tuple(items):
                return len(items) > _TUPLE_INLINE
            case _:
                return False


def _names(seen: Mapping[str, _Seen]) -> dict[str, str]:
    wishes = {key: min(one.hints)[1:] for key, one in seen.items()}
    names: dict[str, str] = {}
    for level in range(len(next(iter(wishes.values()), ()))):
        left = {key: wish[level] for key, wish in wishes.items() if key not in names}
        counts = Counter(left.values())
        names.update({key: wish for key, wish in left.items() if counts[wish] == 1})
    names.update({key: wish[-1] for key, wish in wishes.items() if key not in names})
    return settle({key: type_name(name) for key, name in names.items()})


def _item_hint(hint: str) -> str:
    item = singular(hint)
    return item if item != hint or hint.endswith("Item") else f"{hint}Item"


def _with_notes(record: Record, forms: list[Record]) -> Record:
    """Give the record with what any of the equal forms says about it and its fields."""
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
    return replace(one, note=Note(description=description, constraint=constraint))
