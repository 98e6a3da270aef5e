"""JSON Schema -> shape, and the same schema made safe for the wire.

A schema is hostile input: it may name files and addresses, keywords that steer code generators into importing
modules (`x-python-import`, `customTypePath`), patterns that don't compile, and nesting without end. Hence two steps:

    document --sanitise--> wire schema     only keywords of the list below, each with a value of the right kind; every
                                           local reference bundled under `#/$defs`; JSON Schema 2020-12 throughout
    wire schema --read--> shape            `allOf` flattened (what stands nearer wins), definitions kept apart, so
                                           that recursion ends

References to files and addresses are never followed. What can't be read becomes `anything`, with a diagnostic.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import jsonschema_rs

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.naming import pascal
from ioconnect_codegen.prose import one_line
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
from ioconnect_codemode.values import JsonValue

DEPTH_LIMIT = 64
"""Levels of a schema that are read: real ones have under 20, generators fail somewhere above 250."""

_NODE_LIMIT = 20_000  # subschemas of one document, references followed: an environment has hundreds
_CHOICE_LIMIT = 100  # a longer enum costs a model more than it tells; the wire schema keeps all of it
_PATTERN_SHOWN = 60
_ROOT = "Root"  # what the definition of the whole document is called where something refers to `#`

JsonObject: TypeAlias = "dict[str, JsonValue]"


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


def read_schema(document: object, *, where: str = "schema") -> Schema:
    """Read a JSON Schema of any draft from 4 on; a document that is none at all reads as `anything`."""
    sanitiser = _Sanitiser(document, where)
    wire = sanitiser.wire()
    reader = _Reader(wire, where)
    shape = reader.root()
    return Schema(
        shape=shape,
        definitions=reader.definitions,
        wire=wire,
        note=Note(description=_text(wire.get("description")), constraint=constraint_of(wire)),
        diagnostics=(*sanitiser.diagnostics, *reader.diagnostics),
    )


def constraint_of(schema: Mapping[str, JsonValue]) -> str:
    """Give what a caller can break, beyond the type, in a few words: `1..500`, `length 1..20`, `pattern ^CL-`."""
    parts = [
        _range(schema, "minimum", "maximum", exclusive=True),
        _range(schema, "minLength", "maxLength", prefix="length "),
        _range(schema, "minItems", "maxItems", suffix=" items"),
    ]
    if isinstance(step := schema.get("multipleOf"), int | float):
        parts.append(f"multiple of {step:g}")
    if isinstance(pattern := schema.get("pattern"), str):
        parts.append(f"pattern {one_line(pattern, limit=_PATTERN_SHOWN)}")
    if isinstance(form := schema.get("format"), str):
        parts.append(one_line(form, limit=_PATTERN_SHOWN))
    items = schema.get("items")
    if isinstance(items, dict) and (inner := constraint_of(items)):
        parts.append(f"each {inner}")
    return ", ".join(part for part in parts if part)


def _range(
    schema: Mapping[str, JsonValue],
    low_key: str,
    high_key: str,
    *,
    prefix: str = "",
    suffix: str = "",
    exclusive: bool = False,
) -> str:
    low, high = (_plain_number(schema.get(key)) for key in (low_key, high_key))
    if low and high:
        return f"{prefix}{low}{suffix}" if low == high else f"{prefix}{low}..{high}{suffix}"
    above = _plain_number(schema.get("exclusiveMinimum")) if exclusive else ""
    below = _plain_number(schema.get("exclusiveMaximum")) if exclusive else ""
    bounds = [f"> {above}" if above else f">= {low}" if low else "", f"< {below}" if below else f"<= {high}" if high else ""]
    shown = " and ".join(bound for bound in bounds if bound)
    return f"{prefix}{shown}{suffix}" if shown else ""


def _plain_number(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    return f"{value:g}" if isinstance(value, float) else ""


# Sanitising --------------------------------------------------------------------------------------------------------

_TYPE_NAMES = ("string", "integer", "number", "boolean", "null", "object", "array")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_type(value: object) -> bool:
    names = value if isinstance(value, list) else [value]
    return bool(names) and all(name in _TYPE_NAMES for name in names) and len(set(map(str, names))) == len(names)


def _is_pattern(value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        jsonschema_rs.Draft202012Validator({"pattern": value})
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value) and len(set(value)) == len(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


_PLAIN: dict[str, Callable[[object], bool]] = {
    "type": _is_type,
    "title": _is_text,
    "description": _is_text,
    "format": _is_text,
    "pattern": _is_pattern,
    "required": _is_texts,
    "uniqueItems": _is_flag,
    **dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), _is_number),
    "multipleOf": lambda value: isinstance(value, int | float) and _is_number(value) and value > 0,
    **dict.fromkeys(("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties"), _is_count),
    "minContains": _is_count,
    "maxContains": _is_count,
    "enum": lambda value: isinstance(value, list) and bool(value) and _is_json(value),
    "const": lambda value: _is_json(value),
    "default": lambda value: _is_json(value),
    "dependentRequired": lambda value: isinstance(value, dict) and all(_is_texts(item) for item in value.values()),
}
_ONE = ("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "contains")
_CONDITIONAL = ("not", "if", "then", "else")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_KEYED = ("properties", "patternProperties", "dependentSchemas")


def _is_json(value: object, depth: int = 0) -> bool:
    if depth > DEPTH_LIMIT:
        return False
    if isinstance(value, dict):
        return all(isinstance(key, str) and _is_json(item, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_json(item, depth + 1) for item in value)
    return value is None or isinstance(value, str | bool) or (isinstance(value, int | float) and math.isfinite(value))


class _Sanitiser:
    """Copies a schema, keyword by keyword, and bundles what local references point to."""

    def __init__(self, document: object, where: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._where = where
        self._names: dict[str, str] = {}  # pointer -> name of the definition
        self._definitions: dict[str, JsonValue] = {}
        self._nodes = 0

    def wire(self) -> JsonObject:
        """Give the wire schema."""
        root = self._copy(self._document, "", 0)
        schema: JsonObject = root if isinstance(root, dict) else {} if root else {"not": {}}
        if self._definitions:
            schema["$defs"] = dict(sorted(self._definitions.items()))
        try:
            jsonschema_rs.Draft202012Validator(schema)
        except (ValueError, jsonschema_rs.ValidationError):
            self._complain("", "does not compile as a JSON Schema; read as anything")
            return {}
        return schema

    def _copy(self, node: object, pointer: str, depth: int) -> JsonValue:
        self._nodes += 1
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict):
            self._complain(pointer, "not a schema; read as anything")
            return {}
        if depth >= DEPTH_LIMIT or self._nodes > _NODE_LIMIT:
            self._complain(pointer, "nested too deeply or too large; read as anything")
            return {}
        node = _modern(node)
        copied: JsonObject = {key: node[key] for key, fits in _PLAIN.items() if key in node and fits(node[key])}
        if "$ref" in node:
            copied.update(self._reference(node["$ref"], pointer, depth))
        for key in (*_ONE, *_CONDITIONAL):
            if isinstance(node.get(key), dict | bool):
                copied[key] = self._copy(node[key], f"{pointer}/{key}", depth + 1)
        for key in _SEVERAL:
            if isinstance(several := node.get(key), list) and several:
                copied[key] = [self._copy(item, f"{pointer}/{key}/{i}", depth + 1) for i, item in enumerate(several)]
        for key in _KEYED:
            if isinstance(keyed := node.get(key), dict):
                copied[key] = {
                    str(name): self._copy(item, f"{pointer}/{key}/{name}", depth + 1)
                    for name, item in keyed.items()
                    if key != "patternProperties" or _is_pattern(name)
                }
        return copied

    def _reference(self, target: object, pointer: str, depth: int) -> JsonObject:
        if not isinstance(target, str) or not (target == "#" or target.startswith("#/")):
            self._complain(pointer, f"reference {one_line(str(target), limit=80)!r} is not a local one; read as anything")
            return {}
        if target not in self._names:
            found, node = _follow(self._document, target)
            if not found:
                self._complain(pointer, f"reference {one_line(target, limit=80)!r} points to nothing; read as anything")
                return {}
            self._names[target] = self._free_name(target, node)
            # Held before it is copied: a definition may refer to itself.
            self._definitions[self._names[target]] = {}
            self._definitions[self._names[target]] = self._copy(node, target[1:], depth + 1)
        return {"$ref": f"#/$defs/{self._names[target]}"}

    def _free_name(self, target: str, node: object) -> str:
        title = node.get("title") if isinstance(node, dict) else None
        last = target.rsplit("/", 1)[-1] if target != "#" else ""
        name = pascal(last or (title if isinstance(title, str) else "") or _ROOT)
        number, free = 2, name
        while free in self._definitions:
            free, number = f"{name}{number}", number + 1
        return free

    def _complain(self, pointer: str, message: str) -> None:
        self.diagnostics.append(Diagnostic(where=f"{self._where} #{one_line(pointer, limit=120)}", message=message))


def _modern(node: Mapping[object, object]) -> dict[str, JsonValue]:
    """Give the node in the words of 2020-12: lists of items, boolean exclusive bounds and `nullable` are older."""
    new: dict[str, JsonValue] = {key: value for key, value in node.items() if isinstance(key, str)}  # type: ignore[misc]
    if isinstance(new.get("items"), list):
        new["prefixItems"] = new.pop("items")
        if "additionalItems" in new:
            new["items"] = new["additionalItems"]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if new.get(exclusive) is True and bound in new:
            new[exclusive] = new.pop(bound)
    if isinstance(dependencies := new.get("dependencies"), dict):
        new.setdefault("dependentRequired", {k: v for k, v in dependencies.items() if isinstance(v, list)})
    if new.get("nullable") is True:
        new = _with_null(new)
    return new


def _with_null(node: JsonObject) -> JsonObject:
    kind = node.get("type")
    if isinstance(kind, str) and "enum" not in node and "$ref" not in node:
        return {**node, "type": [kind, "null"]}
    notes = {key: node[key] for key in ("title", "description", "default") if key in node}
    rest = {key: value for key, value in node.items() if key not in notes and key != "nullable"}
    return {**notes, "anyOf": [rest, {"type": "null"}]}


def _follow(document: object, target: str) -> tuple[bool, object]:
    node = document
    for segment in target[1:].split("/")[1:]:
        key = _unescaped(segment)
        if isinstance(node, dict) and key in node:
            node = node[key]
        elif isinstance(node, list) and key.isdecimal() and int(key) < len(node):
            node = node[int(key)]
        else:
            return False, None
    return True, node


def _unescaped(segment: str) -> str:
    plain = re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), segment)
    return plain.replace("~1", "/").replace("~0", "~")


# Reading -----------------------------------------------------------------------------------------------------------

_SHAPE_WORDS = frozenset(
    {"type", "enum", "const", "properties", "additionalProperties", "items", "prefixItems", "$ref", "allOf", "anyOf", "oneOf"}
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
        if self._nodes > _NODE_LIMIT:
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
            branches = [branch for branch in _list(flat.get(key)) if _says_shape(branch)]
            if branches:
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
            return Map(self._shape(extra) if isinstance(extra, dict) else Anything())
        properties = _object(flat.get("properties"))
        required = [str(key) for key in _list(flat.get("required"))]
        keys = [key for key in dict.fromkeys((*properties, *required)) if properties.get(key) is not False]
        closed = False in (flat.get("additionalProperties"), flat.get("unevaluatedProperties"))
        return Record(
            fields=tuple(self._field(key, properties.get(key), key in required) for key in keys),
            is_open=not closed,
            title=_text(flat.get("title")) or name,
            description=_text(flat.get("description")),
        )

    def _field(self, key: str, schema: JsonValue, is_required: bool) -> Field:
        shape = self._shape(schema)
        flat = self._flat(schema) if isinstance(schema, dict) else {}
        constraint = "" if isinstance(shape, Reference) else constraint_of(flat)
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
    return near if near == far else {"allOf": [near, far]} if "$ref" in near else {**near, "allOf": [*_list(near.get("allOf")), far]}


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
    plain = not ({"enum", "const"} & flat.keys()) and not any(_says_shape(b) for k in ("oneOf", "anyOf") for b in _list(flat.get(k)))
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
