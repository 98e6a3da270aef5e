"""A JSON Schema of any draft -> the same schema made safe for the wire.

A schema is hostile input: it may name files and addresses, keywords that steer code generators into importing
modules (`x-python-import`, `customTypePath`), patterns that don't compile, and nesting without end. What comes out
holds only keywords of the list below, each with a value of the right kind, every local reference bundled under
`#/$defs`, in the words of JSON Schema 2020-12. References to files and addresses are never followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias, cast

import jsonschema_rs

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.naming import pascal
from ioconnect_codegen.prose import one_line, without_unseen
from ioconnect_codegen.references import References, Target
from ioconnect_codemode.labour import asks_too_much
from ioconnect_codemode.values import JsonValue

DEPTH_LIMIT = 64
"""Levels of a schema that are read: real ones have under 20, generators fail somewhere above 250."""

NODE_LIMIT = 20_000
"""Subschemas of one document, references followed: a whole environment has hundreds."""

_NUMBER_LIMIT = 1e308  # what lies beyond is no JSON number elsewhere; NaN fails the comparison too
ROOT = "Root"
"""Definition of the whole document, where something refers to `#`."""

JsonObject: TypeAlias = "dict[str, JsonValue]"

_MANY_CHOICES = 500  # of those that are compared one by one
_EXAMPLE_LIMIT = 40  # characters; a longer one is no help in one line, and room for somebody else's text


def sanitise(document: JsonValue, *, where: str) -> tuple[JsonObject, tuple[Diagnostic, ...]]:
    """Give the wire schema of a document, and what was left out; a document that is no schema gives `{}`."""
    sanitiser = _Sanitiser(document, where)
    return sanitiser.wire(), tuple(sanitiser.diagnostics)


_TYPE_NAMES = ("string", "integer", "number", "boolean", "null", "object", "array")


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _NUMBER_LIMIT


def _is_count(value: JsonValue) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _is_type(value: JsonValue) -> bool:
    if isinstance(value, str):
        return value in _TYPE_NAMES
    names = value if isinstance(value, list) else [value]
    return bool(names) and all(name in _TYPE_NAMES for name in names) and len(set(map(str, names))) == len(names)


def _is_pattern(value: JsonValue) -> bool:
    if not _is_text(value):
        return False
    try:
        jsonschema_rs.Draft202012Validator({"pattern": value})
    except (ValueError, jsonschema_rs.ValidationError):
        return False
    return True


def _is_texts(value: JsonValue) -> bool:
    return (
        isinstance(value, list)
        and all(isinstance(item, str) for item in value)
        and len(set(map(str, value))) == len(value)
    )


def _is_text(value: JsonValue) -> bool:
    # A lone surrogate is legal in JSON's escapes and nowhere else: no validator takes a schema that holds one.
    return isinstance(value, str) and (value.isascii() or not any("\ud800" <= one <= "\udfff" for one in value))


def _is_example(value: JsonValue) -> bool:
    """Tell whether a value is a number or a text that a model may be shown in a line: short, and all of it is seen."""
    if not isinstance(value, str):
        return _is_number(value) and len(repr(value)) <= _EXAMPLE_LIMIT
    is_seen = value.isprintable() and without_unseen(value) == value and bool(value.strip())
    return is_seen and len(value) <= _EXAMPLE_LIMIT


def _is_flag(value: JsonValue) -> bool:
    return isinstance(value, bool)


_PLAIN: dict[str, Callable[[JsonValue], bool]] = {
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
    "examples": lambda value: isinstance(value, list) and len(value) == 1 and _is_example(value[0]),
    "dependentRequired": lambda value: isinstance(value, dict) and all(_is_texts(item) for item in value.values()),
}
_NOTES = frozenset({"title", "description", "default", "examples"})  # what doesn't change which values fit
_ONE = ("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "propertyNames", "contains")
_CONDITIONAL = ("not", "if", "then", "else")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems")
_KEYED = ("properties", "patternProperties", "dependentSchemas")


_PLACES = {key: place for place, key in enumerate(_PLAIN)}  # their order in a wire schema
_BESIDE = frozenset({*_SEVERAL[:3], *_CONDITIONAL, "dependentSchemas", "$ref", "$dynamicRef", "$recursiveRef"})


def _is_json(value: JsonValue, depth: int = 0) -> bool:
    if depth > DEPTH_LIMIT:
        return False
    if isinstance(value, dict):
        return all(_is_text(key) and _is_json(item, depth + 1) for key, item in value.items())
    if isinstance(value, list):
        return all(_is_json(item, depth + 1) for item in value)
    return value is None or isinstance(value, bool) or _is_text(value) or _is_number(value)


class _Sanitiser:
    """Copies a schema, keyword by keyword, and bundles what local references point to."""

    def __init__(self, document: JsonValue, where: str) -> None:
        self.diagnostics: list[Diagnostic] = []
        self._document = document
        self._where = where
        self._references = References(document)
        self._is_weaker = False  # whether something that the document says is left out
        self._names: dict[str, str] = {}  # key of the target -> name of the definition
        self._definitions: dict[str, JsonValue] = {}
        self._nodes = 0
        self._has_work = False  # whether a value may be held to more than one subschema at once, or to many choices

    def wire(self) -> JsonObject:
        """Give the wire schema."""
        root = self._copy(self._document, "", 0, "")
        schema: JsonObject = root if isinstance(root, dict) else {} if root else {"not": {}}
        if self._definitions:
            schema["$defs"] = dict(sorted(self._definitions.items()))
        if self._has_work and asks_too_much(schema):
            self._complain("", "asks too much of one value once its references are followed; read as anything")
            return {}
        if self._is_weaker:
            schema = _loosened(schema)
        try:
            jsonschema_rs.Draft202012Validator(schema)
        except (ValueError, jsonschema_rs.ValidationError):
            self._complain("", "does not compile as a JSON Schema; read as anything")
            return {}
        return schema

    def _copy(self, node: JsonValue, pointer: str, depth: int, base: str) -> JsonValue:
        self._nodes += 1
        if isinstance(node, bool):
            return node
        if not isinstance(node, dict):
            self._complain(pointer, "not a schema; read as anything")
            return {}
        if depth >= DEPTH_LIMIT or self._nodes > NODE_LIMIT:
            self._complain(pointer, "nested too deeply or too large; read as anything")
            return {}
        base = self._references.base_of(node, base)
        if self._references.are_lone and isinstance(node.get("$ref"), str):
            node = {"$ref": node["$ref"], **{key: node[key] for key in ("title", "description") if key in node}}
        node = _modern(node)
        copied = self._plain(node, pointer)
        self._has_work = self._has_work or len(cast("list[JsonValue]", copied.get("enum", ()))) > _MANY_CHOICES
        if node.keys() <= _PLAIN.keys():  # three of four schemas: nothing stands inside
            return copied
        self._has_work = self._has_work or not _BESIDE.isdisjoint(node)
        return self._with_subschemas(copied, node, pointer, depth, base)

    def _with_subschemas(self, copied: JsonObject, node: JsonObject, pointer: str, depth: int, base: str) -> JsonObject:
        """Add what a schema says by further schemas, each of them copied."""
        for key in ("$ref", "$dynamicRef", "$recursiveRef"):
            if key in node:
                copied = self._with_reference(copied, key, node[key], f"{pointer}/{key}", depth, base)
        for key in (*_ONE, *_CONDITIONAL):
            if isinstance(node.get(key), dict | bool):
                copied[key] = self._copy(node[key], f"{pointer}/{key}", depth + 1, base)
        for key in _SEVERAL:
            if isinstance(several := node.get(key), list) and several:
                copied[key] = [
                    self._copy(item, f"{pointer}/{key}/{i}", depth + 1, base) for i, item in enumerate(several)
                ]
        for key in _KEYED:
            if isinstance(keyed := node.get(key), dict):
                kept: JsonObject = {
                    str(name): self._copy(item, f"{pointer}/{key}/{name}", depth + 1, base)
                    for name, item in keyed.items()
                    if (_is_pattern if key == "patternProperties" else _is_text)(name)
                }
                copied[key] = kept
                if len(kept) < len(keyed):
                    self._is_weaker = True
                    copied.pop("additionalProperties", None)  # it would refuse what the pattern allows
        return copied

    def _plain(self, node: JsonObject, pointer: str) -> JsonObject:
        """Give what a schema says without subschemas, as far as it is of the right kind."""
        said = sorted(node.keys() & _PLAIN.keys(), key=_PLACES.__getitem__)
        copied: JsonObject = {key: node[key] for key in said if _PLAIN[key](node[key])}
        if len(copied) < len(said):
            for key in sorted({*said} - copied.keys() - _NOTES):
                shown = one_line(repr(node[key]), limit=80)
                self._complain(f"{pointer}/{key}", f"{key} can't be {shown}; left out")
        return copied

    def _with_reference(
        self, copied: JsonObject, key: str, reference: JsonValue, pointer: str, depth: int, base: str
    ) -> JsonObject:
        found = self._reference(key, reference, pointer, depth, base)
        if "$ref" in copied and found:
            return {**copied, "allOf": [found]}
        return {**copied, **found}

    def _reference(self, key: str, reference: JsonValue, pointer: str, depth: int, base: str) -> JsonObject:
        shown = repr(one_line(str(reference), limit=80))
        if not isinstance(reference, str) or not self._references.is_settled(key, reference):
            self._complain(pointer, f"reference {shown} has more than one meaning; read as anything")
            return {}
        target = self._references.find(reference, base)
        if target is None:
            message = "points to nothing"
            if not reference.startswith("#"):
                message = "leads out of the document"
            self._complain(pointer, f"reference {shown} {message}; read as anything")
            return {}
        if target.key not in self._names:
            self._names[target.key] = self._free_name(target)
            # Held before it is copied: a definition may refer to itself.
            self._definitions[self._names[target.key]] = {}
            copied = self._copy(target.node, target.key, depth + 1, target.base)
            self._definitions[self._names[target.key]] = copied
        return {"$ref": f"#/$defs/{self._names[target.key]}"}

    def _free_name(self, target: Target) -> str:
        title = target.node.get("title") if isinstance(target.node, dict) else None
        name = pascal(target.name or (title if isinstance(title, str) else "") or ROOT)
        number, free = 2, name
        while free in self._definitions:
            free, number = f"{name}{number}", number + 1
        return free

    def _complain(self, pointer: str, message: str) -> None:
        self._is_weaker = True
        self.diagnostics.append(Diagnostic(where=f"{self._where} #{one_line(pointer, limit=120)}", message=message))


_OLDER = frozenset({"items", "exclusiveMinimum", "exclusiveMaximum", "dependencies", "nullable", "example", "examples"})


def _modern(node: JsonObject) -> JsonObject:
    """Give the node in the words of 2020-12: lists of items, boolean exclusive bounds and `nullable` are older.

    Of its examples the first is kept, as OpenAPI's `example` is.
    """
    if _OLDER.isdisjoint(node):
        return node
    new: JsonObject = dict(node)
    if isinstance(new.get("items"), list):
        new["prefixItems"] = new.pop("items")
        if "additionalItems" in new:
            new["items"] = new["additionalItems"]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if new.get(exclusive) is True and bound in new:
            new[exclusive] = new.pop(bound)
    if isinstance(dependencies := new.get("dependencies"), dict):
        new.setdefault("dependentRequired", {k: v for k, v in dependencies.items() if isinstance(v, list)})
        schemas: JsonObject = {key: value for key, value in dependencies.items() if isinstance(value, dict | bool)}
        if schemas:
            new.setdefault("dependentSchemas", schemas)
    if "example" in new:
        new.setdefault("examples", [new["example"]])
    if isinstance(shown := new.get("examples"), list):
        new["examples"] = shown[:1]
    if new.get("nullable") is True:
        new = _with_null(new)
    return new


def _with_null(node: JsonObject) -> JsonObject:
    kind = node.get("type")
    if isinstance(kind, str) and "enum" not in node and "$ref" not in node:
        return {**node, "type": [kind, "null"]}
    notes: JsonObject = {key: node[key] for key in sorted(_NOTES) if key in node}
    rest = {key: value for key, value in node.items() if key not in notes and key != "nullable"}
    return {**notes, "anyOf": [rest, {"type": "null"}]}


def _loosened(schema: JsonObject) -> JsonObject:
    """Give a schema in which no part refuses more because another one was left out.

    What is left out of a `not` makes it refuse more, of a branch of `oneOf` makes it fit beside another one, and so on.
    """
    loose: JsonObject = {}
    for key, value in schema.items():
        if key in _NEGATIVE or (key == "oneOf" and "anyOf" in schema):
            continue
        match value:
            case list() if key == "oneOf":
                loose["anyOf"] = [_loosened_node(inner) for inner in value]
            case dict() if key in (*_KEYED, "$defs"):
                loose[key] = {name: _loosened_node(inner) for name, inner in value.items()}
            case list() if key in _SEVERAL:
                loose[key] = [_loosened_node(inner) for inner in value]
            case dict() if key in _ONE:
                loose[key] = _loosened(value)
            case _:
                loose[key] = value
    return loose


def _loosened_node(node: JsonValue) -> JsonValue:
    return _loosened(node) if isinstance(node, dict) else node


_NEGATIVE = frozenset({*_CONDITIONAL, "unevaluatedProperties", "unevaluatedItems", "maxContains"})
