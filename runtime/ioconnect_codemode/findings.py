"""What is said of a value that doesn't fit its schema, whichever validator has found it.

The words come from the schema's side only: of the value they name the type and the keys, never the value itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple, cast

from ioconnect_codemode.values import JsonValue

MOST = 3
"""Findings of one value: the first mismatch names the cause; more only repeat it."""

_TEXT = 120


class Finding(NamedTuple):
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


def finding(*, kind: str, details: Mapping[str, object], path: Sequence[str | int], found: JsonValue) -> Finding:
    """Put a mismatch into words.

    Args:
        kind: The keyword that the value breaks.
        details: What the keyword asks for, by the names of `_words`.
        path: Keys and indexes from the value's root.
        found: The part that doesn't fit.
    """
    expected, got = _words(kind, details, found)
    return Finding(path=_path(path), expected=_bounded(expected), got=_bounded(got))


def too_large(value: JsonValue) -> Finding:
    """Say of a value that there is too much of it for what its schema asks of it."""
    return Finding(path="$", expected="a value that can be checked in time", got=f"a larger {json_kind(value)}")


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
            name = str(details["format"])
            return f"text in the format {name}" + (f", {_EXAMPLES[name]}" if name in _EXAMPLES else ""), another
        case "pattern":
            return f"text like {details['pattern']}" if "pattern" in details else "text that can be matched", another
        case _ if kind in _LIMITS:
            limit = details.get("limit", details.get("multiple_of"))
            return f"{_LIMITS[kind]} {limit}", another if got != "array" else "another list"
        case "uniqueItems":
            return "a list without duplicates", "one with duplicates"
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
_EXAMPLES = {"date": "2026-03-31", "date-time": "2026-03-31T09:30:00Z", "time": "09:30:00Z", "duration": "P3D"}
"""What texts of a format look like; what it is called is no help with these."""

_FORMS = {
    "anyOf": "one of the declared forms",
    "oneOf": "exactly one of the declared forms",
    "not": "anything but the form that is excluded",
    "falseSchema": "no value here",
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
