"""Schemas at the wire: the authority on what may be sent to an app and what an app has answered.

The only room that imports jsonschema-rs. Validators are compiled once a schema and never fetch anything: references
lead inside their own schema or the schema is refused. `format` is asserted. Findings say path, expected and got; they
never show a value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

import jsonschema_rs

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.values import JsonValue

_SHOWN = 3  # the first mismatch names the cause; more only repeat it
_TEXT = 120


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


class Validator(Protocol):
    """Holds values to one schema."""

    def findings(self, value: JsonValue) -> list[Finding]:
        """Give the first places where the value doesn't fit; an empty list where it fits."""
        ...


class Validators:
    """The validators of a package, compiled on first use and kept by schema."""

    def __init__(self) -> None:
        self._compiled: dict[int, tuple[Mapping[str, JsonValue], Validator]] = {}

    def of(self, schema: Mapping[str, JsonValue], *, name: str) -> Validator:
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
        if self._compiled.is_valid(value):
            return []
        found: list[Finding] = []
        for error in self._compiled.iter_errors(value):
            found.append(_finding(error, value))
            if len(found) == _SHOWN:
                break
        return found


def _compile(schema: Mapping[str, JsonValue], name: str) -> Validator:
    try:
        make = _draft_of(schema)
        return _Compiled(make(dict(schema), validate_formats=True, offline=True))
    except (jsonschema_rs.ValidationError, ValueError, RecursionError) as error:
        reason = str(error).partition("\n")[0][:_TEXT]
        raise PackageError(f"the schema of {name} can't be used: {reason}; `codemode generate` makes it anew") from error


def _draft_of(schema: Mapping[str, JsonValue]) -> type[jsonschema_rs.Draft202012Validator]:
    """Choose the draft: the declared one, draft 7 for lists of item schemas without a declaration, else 2020-12."""
    if "$schema" in schema:
        return cast("type[jsonschema_rs.Draft202012Validator]", jsonschema_rs.validator_cls_for(dict(schema)))
    old = '"items":[' in json.dumps(schema, separators=(",", ":"))
    return cast(
        "type[jsonschema_rs.Draft202012Validator]",
        jsonschema_rs.Draft7Validator if old else jsonschema_rs.Draft202012Validator,
    )


def _finding(error: jsonschema_rs.ValidationError, root: JsonValue) -> Finding:
    path = cast("Sequence[str | int]", error.instance_path)
    found: JsonValue = root
    for step in path:
        found = found[step]  # type: ignore[call-overload, index]
    details = {key: value for key, value in error.kind.as_dict().items() if key != "value"}
    expected, got = _words(error.kind.name, details, found)
    return Finding(path=_path(path), expected=expected[:_TEXT], got=got[:_TEXT])


def _words(kind: str, details: Mapping[str, object], found: JsonValue) -> tuple[str, str]:
    got = json_kind(found)
    match kind:
        case "type":
            return " or ".join(cast("list[str]", details["types"])), got
        case "required":
            return f'the field "{details["property"]}"', "none"
        case "additionalProperties" | "unevaluatedProperties":
            names = ", ".join(f'"{name[:40]}"' for name in cast("list[str]", details["unexpected"])[:3])
            return "no other fields", names
        case "enum":
            return f"one of {json.dumps(details['options'], ensure_ascii=False)}", f"another {got}"
        case "const":
            return json.dumps(details["expected_value"], ensure_ascii=False), f"another {got}"
        case "format":
            return f"a {details['format']}", f"another {got}"
        case "pattern":
            return f"text like {details['pattern']}", f"another {got}"
        case "anyOf" | "oneOf" | "oneOfNotValid" | "oneOfMultipleValid":
            return "exactly one of the declared forms" if kind != "anyOf" else "one of the declared forms", got
        case "falseSchema":
            return "no value here", got
        case _:
            limit = details.get("limit", details.get("multiple_of"))
            return f"{_LIMITS.get(kind, kind)} {limit}" if limit is not None else kind, f"another {got}"


_LIMITS = {
    "minimum": "at least",
    "maximum": "at most",
    "exclusiveMinimum": "more than",
    "exclusiveMaximum": "less than",
    "minLength": "text with a length of at least",
    "maxLength": "text with a length of at most",
    "minItems": "a list with a length of at least",
    "maxItems": "a list with a length of at most",
    "minProperties": "an object with a size of at least",
    "maxProperties": "an object with a size of at most",
    "multipleOf": "a multiple of",
}


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
    return "$" + "".join(
        f"[{step}]" if isinstance(step, int) else f".{step[:40]}" if step.isidentifier() else f"[{step[:40]!r}]"
        for step in steps
    )
