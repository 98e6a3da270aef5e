"""JSON Schema -> shape.

    document --sanitise--> wire schema     `wire_schemas`: from here on everything is of the right kind
    wire schema --read--> shape            `allOf` flattened (what stands nearer wins), definitions kept apart, so
                                           that recursion ends

What can't be read becomes `anything`, with a diagnostic.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ioconnect_codegen.constraints import ENUM_LIMIT, bonds_of, constraint_of, is_long
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.flattening import also_allowed, has_type, joined, listing, mapping
from ioconnect_codegen.naming import pascal
from ioconnect_codegen.shapes import (
    Anything,
    Choice,
    Field,
    Flag,
    List,
    Map,
    Note,
    Null,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Whole,
    choice,
    merge,
    without_null,
)
from ioconnect_codegen.wire_schemas import NODE_LIMIT, ROOT, JsonObject, sanitise
from ioconnect_codemode.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """A schema as read.

    Attributes:
        shape: Its shape; references in it and in the definitions point into the definitions.
        definitions: Records that something refers to, by a key that is unique in the document.
        wire: The sanitised schema: self-contained, compiles, says no more than the document.
        note: Description and constraint of the whole.
        diagnostics: What was read as `anything` or left out.
    """

    shape: Shape
    definitions: Mapping[str, Record]
    wire: JsonObject
    note: Note
    diagnostics: tuple[Diagnostic, ...]


def read_schema(document: JsonValue, *, where: str = "schema") -> Schema:
    """Read a JSON Schema of any draft from 4 on; a document that is none at all reads as `anything`.

    The same document at the same place gives the same object: an environment that is followed changes in one place.
    """
    try:
        return _read(json.dumps(document), where)
    except RecursionError:
        return _read_anew(document, where)


@lru_cache(maxsize=16_384)  # both schemas of 8,000 methods
def _read(text: str, where: str) -> Schema:
    return _read_anew(json.loads(text), where)


def _read_anew(document: JsonValue, where: str) -> Schema:
    wire, complaints = sanitise(document, where=where)
    reader = _Reader(wire, where)
    try:
        shape = reader.root()
    except RecursionError:
        reader.give_up()
        shape = Anything()
    return Schema(
        shape=shape,
        definitions=reader.definitions,
        wire=wire,
        note=reader.note(shape),
        diagnostics=(*complaints, *reader.diagnostics),
    )


_ANNOTATIONS = frozenset(
    {"$ref", "title", "description", "default", "examples"}
)  # what doesn't change what is referred to
_CHOICES = frozenset({"oneOf", "anyOf"})
_TOO_LARGE = "too large once its references are followed; the rest is read as anything"
_SHAPE_WORDS = frozenset(
    {
        "type",
        "enum",
        "const",
        "properties",
        "additionalProperties",
        "items",
        "prefixItems",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
    }
)


class _Reader:
    """Reads a wire schema: everything in it is of the right kind already."""

    def __init__(self, wire: JsonObject, where: str) -> None:
        self.definitions: dict[str, Record] = {}
        self.diagnostics: list[Diagnostic] = []
        self._where = where
        self._root = wire
        self._schemas = dict(mapping(wire.get("$defs")))
        self._reading: list[str] = []
        self._following: list[str] = []  # definitions that are read into the place that refers to them
        self._circles: list[bool] = []  # of `_reading`: which contain themselves and are no records
        self._parts: dict[str, str] = {}  # record without a name inside such a definition -> the name it gets
        self._nodes = 0
        self._parts_joined = 0

    def root(self) -> Shape:
        """Read the whole schema."""
        return self._shape({key: value for key, value in self._root.items() if key != "$defs"})

    def give_up(self) -> None:
        """Forget what was read so far: it goes round in a way that no shape can follow."""
        self.definitions = {}
        self._complain("refers to itself without end; read as anything")

    def note(self, shape: Shape) -> Note:
        """Give what is said about the whole."""
        flat = self._flat(self._root)
        constraint = "" if isinstance(shape, Reference | Tuple | Record) else constraint_of(flat)
        return Note(description=_text(flat.get("description")), constraint=constraint)

    def _shape(self, schema: JsonValue) -> Shape:
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            self._complain(_TOO_LARGE)
            return Anything()
        if not isinstance(schema, dict):
            return Anything()
        if _is_flat(schema):
            return self._alone(self._flat(schema))
        names = list(_refers_to(schema))
        if len(names) == 1 and _says_no_more(schema):
            return self._referenced(names[0])
        for name in names:
            if name in self._following:
                return self._referenced(name)
        self._following += names
        shape = self._alone(self._flat(schema))
        del self._following[len(self._following) - len(names) :]
        return shape

    def _referenced(self, name: str) -> Shape:
        if name in self.definitions:
            return Reference(name)
        flat = self._flat({"$ref": f"#/$defs/{name}"})
        if name in self._reading:
            if _is_record(flat):
                return Reference(name)
            since = self._reading[::-1].index(name)
            if not any(_is_record(self._flat({"$ref": f"#/$defs/{one}"})) for one in self._reading[::-1][:since]):
                self._complain(f"{name} contains itself without a record in between; read as anything")
                return Anything()
        self._reading.append(name)
        self._circles.append(not _is_record(flat) and contains_itself(name, self._schemas))
        shape = self._described(flat, name=name)
        self._reading.pop()
        self._circles.pop()
        if isinstance(shape, Record):
            self.definitions[name] = shape
            return Reference(name)
        return shape

    def _alone(self, flat: JsonObject) -> Shape:
        """Read a schema that has no name; inside a definition that contains itself a record needs one to end that."""
        if not self._circles or not self._circles[-1] or not _is_record(flat):
            return self._described(flat)
        text = json.dumps(flat, sort_keys=True)
        if text not in self._parts:
            self._parts[text] = self._free_name(f"{self._reading[-1]}{pascal(_mark(flat))}")
            self._schemas[self._parts[text]] = flat
        return self._referenced(self._parts[text])

    def _free_name(self, wish: str) -> str:
        name, number = wish, 2
        while name in self._schemas:
            name, number = f"{wish}{number}", number + 1
        return name

    def _described(self, flat: JsonObject, *, name: str = "") -> Shape:
        """Read a schema without `$ref` and `allOf`."""
        for key in () if _CHOICES.isdisjoint(flat) else ("oneOf", "anyOf"):
            branches = [branch for branch in listing(flat.get(key)) if branch is not False]
            if any(map(_says_shape, branches)):
                # A branch that says nothing of the shape leaves what stands beside the branches.
                base = {word: value for word, value in flat.items() if word != key}
                shape = merge(self._shape(joined(branch, base)) for branch in branches)
                return _choice(shape.values) if isinstance(shape, Choice) else shape
        if "const" in flat:
            return _choice([flat["const"]])
        if "enum" in flat:
            values = listing(flat["enum"])
            return _choice([one for one in values if has_type(one, flat.get("type"))] or values)
        kinds = flat.get("type")
        if isinstance(kinds, list):
            title = flat.get("title") or name
            named: JsonObject = {**flat, "title": title} if title and title != ROOT else flat
            return merge(self._alone({**named, "type": kind}) for kind in kinds)
        return self._of_kind(kinds if isinstance(kinds, str) else _implied_kind(flat), flat, name)

    def _of_kind(self, kind: str, flat: JsonObject, name: str) -> Shape:
        match kind:
            case "string":
                return Text()
            case "integer":
                return Whole()
            case "number":
                return Number()
            case "boolean":
                return Flag()
            case "null":
                return Null()
            case "array":
                return self._array(flat)
            case "object":
                return self._object(flat, name)
            case _:
                return Anything()

    def _array(self, flat: JsonObject) -> Shape:
        places = listing(flat.get("prefixItems"))
        items = flat.get("items", True)
        if not places:
            return List(self._shape(items))
        shapes = tuple(self._shape(place) for place in places)
        has_all = flat.get("minItems") == len(places)
        has_no_more = items is False or flat.get("maxItems") == len(places)
        if has_all and has_no_more:
            return Tuple(shapes)
        return List(merge(shapes if items is False else (*shapes, self._shape(items))))

    def _object(self, flat: JsonObject, name: str) -> Shape:
        title = _text(flat.get("title")) or ("" if name == ROOT else name)
        if not _is_record(flat):
            extra, patterns = flat.get("additionalProperties"), list(mapping(flat.get("patternProperties")).values())
            if extra is False and not patterns:
                return Record(fields=(), is_open=False, title=title)
            return Map(merge(self._shape(one) for one in (*patterns, *([] if extra is False else [extra]))))
        properties = mapping(flat.get("properties"))
        required = [str(key) for key in listing(flat.get("required"))]
        keys = [key for key in dict.fromkeys((*properties, *required)) if properties.get(key) is not False]
        bonds = bonds_of(flat)
        closed = False in (flat.get("additionalProperties"), flat.get("unevaluatedProperties"))
        return Record(
            fields=tuple(self._field(key, properties.get(key), key in required, bonds.get(key, "")) for key in keys),
            is_open=not closed,
            title=title,
            description=_text(flat.get("description")),
        )

    def _field(self, key: str, schema: JsonValue, is_required: bool, bond: str) -> Field:
        shape = self._shape(schema)
        flat = self._flat(schema) if isinstance(schema, dict) else {}
        constraint = "" if isinstance(shape, Reference | Tuple) else constraint_of(flat)
        constraint = ", ".join(part for part in (constraint, bond) if part)
        return Field(
            key=key,
            shape=shape,
            is_required=is_required,
            note=Note(description=_text(flat.get("description")), constraint=constraint, example=_example(flat, shape)),
            default=_fitting_default(flat.get("default"), shape),
        )

    def _flat(self, schema: JsonObject) -> JsonObject:
        """Give the schema without `$ref` and `allOf`: own words win over parts, parts over what they refer to."""
        return self._flattened(schema, frozenset())

    def _flattened(self, schema: JsonObject, seen: frozenset[str]) -> JsonObject:
        self._parts_joined += 1
        if _is_flat(schema):
            if self._parts_joined > NODE_LIMIT:
                self._complain(_TOO_LARGE)
            return also_allowed(schema)
        own = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
        if self._parts_joined > NODE_LIMIT:
            self._complain(_TOO_LARGE)
            return also_allowed(own)
        parts = [part for part in listing(schema.get("allOf")) if isinstance(part, dict)]
        if isinstance(target := schema.get("$ref"), str):
            parts.append({"$ref": target})
        for part in sorted(parts, key=lambda part: "$ref" in part):
            reference = part.get("$ref")
            name = reference.removeprefix("#/$defs/") if isinstance(reference, str) else ""
            if name in seen:
                continue
            inner = {key: value for key, value in part.items() if key != "$ref"}
            if name:
                inner = joined(inner, mapping(self._schemas.get(name)))
            own = joined(own, self._flattened(inner, seen | {name} if name else seen))
        return also_allowed(own)

    def _complain(self, message: str) -> None:
        diagnostic = Diagnostic(where=self._where, message=message)
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)


def _is_flat(schema: JsonObject) -> bool:
    """Tell whether a schema is made of no other one."""
    return "$ref" not in schema and "allOf" not in schema


def _refers_to(schema: JsonObject) -> Iterator[str]:
    """Give the definitions that a schema is made of, itself or as a part of all that must hold."""
    if isinstance(target := schema.get("$ref"), str):
        yield target.removeprefix("#/$defs/")
    for part in listing(schema.get("allOf")):
        yield from _refers_to(mapping(part))


def _says_no_more(schema: JsonObject) -> bool:
    """Tell whether a schema says nothing of the shape but what it refers to; some refer by `allOf`, to describe it."""
    parts = map(mapping, listing(schema.get("allOf")))
    return not schema.keys() - _ANNOTATIONS - {"allOf"} and all(map(_says_no_more, parts))


def _says_shape(branch: JsonValue) -> bool:
    return isinstance(branch, dict) and bool(_SHAPE_WORDS & branch.keys())


def _is_record(flat: Mapping[str, JsonValue]) -> bool:
    is_object = flat.get("type", "object") == "object"
    if (
        not is_object
        or not (flat.get("required") or mapping(flat.get("properties")))
        or "enum" in flat
        or "const" in flat
    ):
        return False
    return _CHOICES.isdisjoint(flat) or not any(
        _says_shape(branch) for key in ("oneOf", "anyOf") for branch in listing(flat.get(key))
    )


def contains_itself(name: str, definitions: Mapping[str, JsonValue]) -> bool:
    """Tell whether a definition refers to itself, directly or by way of others."""
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        for target in _references(definitions.get(waiting.pop())):
            if target == name:
                return True
            if target not in reached:
                reached.add(target)
                waiting.append(target)
    return False


def _references(schema: JsonValue) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _references(item)
    elif isinstance(schema, dict):
        for key, value in schema.items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix("#/$defs/")
            elif key not in ("enum", "const", "default"):
                yield from _references(value)


def _mark(flat: Mapping[str, JsonValue]) -> str:
    """Give what tells a record from its siblings: its title, the constant of its first property, or that property."""
    if title := _text(flat.get("title")):
        return title
    key, schema = next(iter(mapping(flat.get("properties")).items()), ("", None))
    constant = mapping(schema).get("const")
    return constant if isinstance(constant, str) else key or "item"


def _implied_kind(flat: Mapping[str, JsonValue]) -> str:
    if flat.keys() & {"properties", "required", "additionalProperties", "patternProperties"}:
        return "object"
    return "array" if flat.keys() & {"items", "prefixItems"} else ""


def _choice(values: Sequence[JsonValue]) -> Shape:
    """Give the choice of the values; those that no literal can hold stand by their kind, as do too many of them.

    The first of these stand in the comment of the field (`constraint_of`).
    """
    if len(values) > ENUM_LIMIT or any(map(is_long, values)):
        return merge(map(_kind_of, values))
    literals = [value for value in values if isinstance(value, str | int | bool)]
    others = [_kind_of(value) for value in values if not isinstance(value, str | int | bool)]
    return merge([choice(literals), *others] if literals else others)


def _kind_of(value: JsonValue) -> Shape:
    match value:
        case None:
            return Null()
        case bool():
            return Flag()
        case int():
            return Whole()
        case float():
            return Number()
        case str():
            return Text()
        case list():
            return List(Anything())
        case dict():
            return Map(Anything())


def _fitting_default(value: JsonValue, shape: Shape) -> str | int | float | bool | None:
    """Give the default if it is a short scalar of that shape: sources declare others too."""
    if isinstance(value, str | bool | int | float) and not is_long(value) and _fits(value, without_null(shape)):
        return value
    return None


def _fits(value: str | int | float | bool, shape: Shape) -> bool:
    match shape:
        case Text():
            return isinstance(value, str)
        case Flag():
            return isinstance(value, bool)
        case Whole():
            return isinstance(value, int) and not isinstance(value, bool)
        case Number():
            return isinstance(value, int | float) and not isinstance(value, bool)
        case _:
            options = getattr(shape, "values", ())
            return any(value == option and type(value) is type(option) for option in options)


def _example(flat: JsonObject, shape: Shape) -> str | int | float | None:
    """Give the example of a wire schema, which has one at most, where it is of that shape."""
    for shown in listing(flat.get("examples")):
        return None if isinstance(shown, bool) else _fitting_default(shown, shape)
    return None


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
