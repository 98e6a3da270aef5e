"""JSON Schema -> shape.

    document --sanitise--> wire schema     `wire_schemas`: from here on everything is of the right kind
    wire schema --read--> shape            `allOf` flattened (what stands nearer wins), definitions kept apart, so
                                           that recursion ends

What can't be read becomes `anything`, with a diagnostic.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from ioconnect_codegen.constraints import constraint_of
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.shapes import (
    Anything,
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

_CHOICE_LIMIT = 100  # a longer enum costs a model more than it tells; the wire schema keeps all of it


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
    shape = reader.root()
    return Schema(
        shape=shape,
        definitions=reader.definitions,
        wire=wire,
        note=Note(description=_text(wire.get("description")), constraint=constraint_of(wire)),
        diagnostics=(*complaints, *reader.diagnostics),
    )


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
        self._schemas = _object(wire.get("$defs"))
        self._reading: list[str] = []
        self._nodes = 0

    def root(self) -> Shape:
        """Read the whole schema."""
        return self._shape({key: value for key, value in self._root.items() if key != "$defs"})

    def _shape(self, schema: JsonValue) -> Shape:
        self._nodes += 1
        if self._nodes > NODE_LIMIT:
            self._complain("too large once its references are followed; the rest is read as anything")
            return Anything()
        if not isinstance(schema, dict):
            return Anything()
        if isinstance(target := schema.get("$ref"), str) and not (_SHAPE_WORDS - {"$ref"}) & schema.keys():
            return self._referenced(target.removeprefix("#/$defs/"), schema)
        return self._described(self._flat(schema))

    def _referenced(self, name: str, schema: JsonObject) -> Shape:
        if name in self.definitions:
            return Reference(name)
        flat = self._flat(schema)
        if name in self._reading:
            if _is_record(flat):
                return Reference(name)
            self._complain(f"{name} contains itself without a record in between; read as anything")
            return Anything()
        self._reading.append(name)
        shape = self._described(flat, name=name)
        self._reading.pop()
        if isinstance(shape, Record):
            self.definitions[name] = shape
            return Reference(name)
        return shape

    def _described(self, flat: JsonObject, *, name: str = "") -> Shape:
        """Read a schema without `$ref` and `allOf`."""
        for key in ("oneOf", "anyOf"):
            branches = [branch for branch in _list(flat.get(key)) if branch is not False]
            if any(map(_says_shape, branches)):
                # A branch that says nothing of the shape leaves what stands beside the branches.
                base = {word: value for word, value in flat.items() if word != key}
                return merge(self._shape(_joined(branch, base)) for branch in branches)
        if "const" in flat:
            return _choice([flat["const"]])
        if "enum" in flat:
            return self._enumerated(_list(flat["enum"]))
        kinds = flat.get("type")
        if isinstance(kinds, list):
            return merge(self._of_kind(str(kind), flat, name) for kind in kinds)
        return self._of_kind(kinds if isinstance(kinds, str) else _implied_kind(flat), flat, name)

    def _enumerated(self, values: list[JsonValue]) -> Shape:
        if len(values) > _CHOICE_LIMIT:
            self._complain(f"an enum of {len(values)} values; the type shows only their kind")
            return merge(_kind_of(value) for value in values)
        return _choice(values)

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
        places = _list(flat.get("prefixItems"))
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
        if not _is_record(flat):
            extra = flat.get("additionalProperties")
            if extra is False and "patternProperties" not in flat:
                return Record(
                    fields=(), is_open=False, title=_text(flat.get("title")) or ("" if name == ROOT else name)
                )
            return Map(self._shape(extra) if isinstance(extra, dict) else Anything())
        properties = _object(flat.get("properties"))
        required = [str(key) for key in _list(flat.get("required"))]
        keys = [key for key in dict.fromkeys((*properties, *required)) if properties.get(key) is not False]
        closed = False in (flat.get("additionalProperties"), flat.get("unevaluatedProperties"))
        return Record(
            fields=tuple(self._field(key, properties.get(key), key in required) for key in keys),
            is_open=not closed,
            title=_text(flat.get("title")) or ("" if name == ROOT else name),
            description=_text(flat.get("description")),
        )

    def _field(self, key: str, schema: JsonValue, is_required: bool) -> Field:
        shape = self._shape(schema)
        flat = self._flat(schema) if isinstance(schema, dict) else {}
        constraint = "" if isinstance(shape, Reference | Tuple) else constraint_of(flat)
        return Field(
            key=key,
            shape=shape,
            is_required=is_required,
            note=Note(description=_text(flat.get("description")), constraint=constraint),
            default=_fitting_default(flat.get("default"), shape),
        )

    def _flat(self, schema: JsonObject) -> JsonObject:
        """Give the schema without `$ref` and `allOf`: own words win over parts, parts over what they refer to."""
        return self._flattened(schema, frozenset())

    def _flattened(self, schema: JsonObject, seen: frozenset[str]) -> JsonObject:
        own = {key: value for key, value in schema.items() if key not in {"$ref", "allOf"}}
        parts = [part for part in _list(schema.get("allOf")) if isinstance(part, dict)]
        if isinstance(target := schema.get("$ref"), str):
            parts.append({"$ref": target})
        for part in sorted(parts, key=lambda part: "$ref" in part):
            reference = part.get("$ref")
            name = reference.removeprefix("#/$defs/") if isinstance(reference, str) else ""
            if name in seen:
                continue
            inner = {key: value for key, value in part.items() if key != "$ref"}
            if name:
                inner = _joined(inner, _object(self._schemas.get(name)))
            own = _joined(own, self._flattened(inner, seen | {name} if name else seen))
        return own

    def _complain(self, message: str) -> None:
        diagnostic = Diagnostic(where=self._where, message=message)
        if diagnostic not in self.diagnostics:
            self.diagnostics.append(diagnostic)


def _joined(near: JsonValue, far: JsonObject) -> JsonObject:
    """Give one schema that says what both say; where they differ, the near one counts."""
    if not isinstance(near, dict):
        return far
    joined: JsonObject = {**far, **near}
    both = near.keys() & far.keys()
    if "properties" in both:
        properties: JsonObject = {**_object(far["properties"]), **_object(near["properties"])}
        for key in _object(near["properties"]).keys() & _object(far["properties"]).keys():
            properties[key] = _all_of(_object(near["properties"])[key], _object(far["properties"])[key])
        joined["properties"] = properties
    if "required" in both:
        joined["required"] = list(dict.fromkeys(map(str, (*_list(far["required"]), *_list(near["required"])))))
    if "type" in both:
        joined["type"] = _common_type(near["type"], far["type"])
    for key in both & {"items", "additionalProperties"}:
        joined[key] = _all_of(near[key], far[key])
    for key in both & {"allOf"}:
        joined[key] = [*_list(near[key]), *_list(far[key])]
    for key in both & {"anyOf", "oneOf"}:
        # Both must hold, and a shape has room for one choice: the near one, which is usually the narrower.
        joined[key] = near[key]
    return joined


def _all_of(near: JsonValue, far: JsonValue) -> JsonValue:
    if near is False or far is False:
        return False
    if not isinstance(near, dict) or not isinstance(far, dict):
        return near if isinstance(near, dict) else far
    return (
        near
        if near == far
        else {"allOf": [near, far]}
        if "$ref" in near
        else {**near, "allOf": [*_list(near.get("allOf")), far]}
    )


def _common_type(near: JsonValue, far: JsonValue) -> JsonValue:
    near_names = _list(near) if isinstance(near, list) else [near]
    far_names = set(map(str, _list(far) if isinstance(far, list) else [far]))
    common = [name for name in near_names if str(name) in far_names or (name == "integer" and "number" in far_names)]
    return near if not common else common[0] if len(common) == 1 else common


def _says_shape(branch: JsonValue) -> bool:
    return isinstance(branch, dict) and bool(_SHAPE_WORDS & branch.keys())


def _is_record(flat: Mapping[str, JsonValue]) -> bool:
    kind = flat.get("type", "object")
    is_object = kind == "object" or (isinstance(kind, list) and "object" in kind)
    plain = not ({"enum", "const"} & flat.keys()) and not any(
        _says_shape(b) for k in ("oneOf", "anyOf") for b in _list(flat.get(k))
    )
    return is_object and plain and bool(_object(flat.get("properties")) or flat.get("required"))


def _implied_kind(flat: Mapping[str, JsonValue]) -> str:
    if flat.keys() & {"properties", "required", "additionalProperties", "patternProperties"}:
        return "object"
    return "array" if flat.keys() & {"items", "prefixItems"} else ""


def _choice(values: list[JsonValue]) -> Shape:
    """Give the choice of the values; those that no literal can hold stand by their kind."""
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
    """Give the default if it is a scalar of that shape: sources declare others too."""
    if isinstance(value, str | bool | int | float) and _fits(value, without_null(shape)):
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


def _object(value: JsonValue) -> JsonObject:
    return value if isinstance(value, dict) else {}


def _list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""
