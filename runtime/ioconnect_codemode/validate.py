"""Schemas at the wire: the authority on what may be sent to an app and what an app has answered.

The only room that imports jsonschema-rs. Validators are compiled once a schema and never fetch anything: references
lead inside their own schema or the schema is refused. `format` is asserted. Findings say path, expected and got; they
never show a value. Patterns that backtrack without end give up and count as not matched.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import jsonschema_rs

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.frames import is_deep
from ioconnect_codemode.values import JsonValue

_SHOWN = 3  # the first mismatch names the cause; more only repeat it
_TEXT = 120
_LEVELS = 200  # jsonschema-rs goes down by recursion, and a value of 50,000 levels ends the process


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One place where a value doesn't fit its schema.

    Attributes:
        path: From the value's root, `$[9999].address.city`.
        expected: What the schema asks for, in words.
        got: The JSON type that came, or what is wrong with it; never the value.
    """

    path: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.path}: expected {self.expected}, got {self.got}"


Schema = Mapping[str, JsonValue] | bool


class Validator(Protocol):
    """Holds values to one schema."""

    def findings(self, value: JsonValue) -> list[Finding]:
        """Give the first places where the value doesn't fit; an empty list where it fits."""
        ...


class Validators:
    """The validators of a package, compiled on first use and kept by schema."""

    def __init__(self) -> None:
        self._compiled: dict[int, tuple[Schema, Validator]] = {}

    def of(self, schema: Schema, *, name: str) -> Validator:
        """Give the validator of a schema of the manifest.

        Args:
            schema: The schema; kept by identity, so pass the manifest's own object.
            name: The capability it belongs to, for the error.

        Raises:
            PackageError: The schema is not valid, or refers to something outside itself.
        """
        kept = self._compiled.get(id(schema))
        if kept is None or kept[0] is not schema:
            kept = self._compiled[id(schema)] = (schema, _compile(schema, name))
        return kept[1]


class _Compiled:
    __slots__ = ("_compiled",)

    def __init__(self, compiled: jsonschema_rs.Validator) -> None:
        self._compiled = compiled

    def findings(self, value: JsonValue) -> list[Finding]:
        if is_deep(value, levels=_LEVELS):
            return [Finding(path="$", expected=f"at most {_LEVELS} levels", got="more")]
        if self._compiled.is_valid(value):
            return []
        found: list[Finding] = []
        for error in self._compiled.iter_errors(value):
            found.append(_finding(error, value))
            if len(found) == _SHOWN:
                break
        return found


def _compile(schema: Schema, name: str) -> Validator:
    try:
        plain = schema if isinstance(schema, bool) else dict(schema)
        return _Compiled(_draft_of(schema)(plain, validate_formats=True, offline=True))
    except (jsonschema_rs.ValidationError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:_TEXT]
        raise PackageError(
            f"the schema of {name} can't be used: {reason}; `codemode generate` makes it anew"
        ) from error


def _draft_of(schema: Schema) -> type[jsonschema_rs.Draft202012Validator]:
    """Choose the draft: the declared one, draft 7 for lists of item schemas without a declaration, else 2020-12."""
    made: object = jsonschema_rs.Draft202012Validator
    if not isinstance(schema, bool):
        if "$schema" in schema:
            made = jsonschema_rs.validator_cls_for(dict(schema))
        elif '"items":[' in json.dumps(schema, separators=(",", ":")):
            made = jsonschema_rs.Draft7Validator
    return cast("type[jsonschema_rs.Draft202012Validator]", made)


def _finding(error: jsonschema_rs.ValidationError, root: JsonValue) -> Finding:
    path = cast("Sequence[str | int]", error.instance_path)
    found: JsonValue = root
    for step in path:
        found = cast("dict[str | int, JsonValue]", found)[step]
    kind = error.kind.name
    if kind == "falseSchema" and error.schema_path and error.schema_path[-1] == "additionalProperties":
        kind = "additionalProperties"  # what the validator says of an object that may have no fields at all
    expected, got = _words(kind, error.kind.as_dict(), found)
    return Finding(path=_path(path), expected=_bounded(expected), got=_bounded(got))


def _words(kind: str, details: Mapping[str, object], found: JsonValue) -> tuple[str, str]:
    """Say what was expected and what came, from the schema's side only: of the value, its type and its keys."""
    got, another = json_kind(found), f"another {json_kind(found)}"
    match kind:
        case "type":
            types = cast("list[str]", details["types"])
            return " or ".join(sorted(types, key=lambda one: one == "null")), got
        case "required":
            return f'the field "{details["property"]}"', "none"
        case "additionalProperties" | "unevaluatedProperties":
            unexpected = details.get("unexpected", list(found) if isinstance(found, dict) else [])
            return "no other fields", ", ".join(f'"{name[:40]}"' for name in cast("list[str]", unexpected)[:3])
        case "enum":
            return f"one of {json.dumps(details['options'], ensure_ascii=False)}", another
        case "const":
            return json.dumps(details["expected_value"], ensure_ascii=False), another
        case "format":
            return f"a {details['format']}", another
        case "pattern":
            return f"text like {details['pattern']}" if "pattern" in details else "text that can be matched", another
        case _ if kind in _LIMITS:
            return f"{_LIMITS[kind]} {details.get('limit', details.get('multiple_of'))}", another
        case _:
            return _FORMS.get(kind, f"what the schema's {kind} allows"), got


_LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "multipleOf": "a multiple of",
    "minLength": "text with a length of at least",
    "maxLength": "text with a length of at most",
    "minItems": "a list with a length of at least",
    "maxItems": "a list with a length of at most",
    "additionalItems": "a list with a length of at most",
    "minProperties": "an object with a size of at least",
    "maxProperties": "an object with a size of at most",
}
_FORMS = {
    "anyOf": "one of the declared forms",
    "oneOf": "exactly one of the declared forms",
    "not": "anything but the form that is excluded",
    "falseSchema": "no value here",
    "uniqueItems": "items that differ",
    "contains": "the items that the list must hold",
    "unevaluatedItems": "no other items",
    "propertyNames": "keys of the declared form",
}


def _bounded(text: str) -> str:
    return text if len(text) <= _TEXT else text[: _TEXT - 3] + "..."


def json_kind(value: JsonValue) -> str:
    """Give the JSON type of a value."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list():
            return "array"
        case dict():
            return "object"


def _path(steps: Sequence[str | int]) -> str:
    texts = [
        f"[{step}]" if isinstance(step, int) else f".{step[:40]}" if step.isidentifier() else f"[{step[:40]!r}]"
        for step in steps
    ]
    path = "$" + "".join(texts)
    return path if len(path) <= _TEXT else "$..." + "".join(texts)[3 - _TEXT :]
