"""Observed answers -> a JSON Schema: what keys and types there were, and none of the values.

A key is part of what a person declares, or it is data itself: an id, a name, a date by which an object is looked up. An
object whose keys look like data becomes one whose keys may be any text, so that no datum gets into the schema.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ioconnect_codemode.findings import json_kind
from ioconnect_codemode.values import JsonValue

_Schema = dict[str, JsonValue]

_FIELD = re.compile(r"[A-Za-z_][A-Za-z_]*[0-9]{0,2}")  # spaces, signs and longer numbers are seen in data
_FIELD_CHARACTERS = 40
_MOST_FIELDS = 60
_ALIKE = 3  # so many objects of one form under different keys are entries of one map
_LEVELS = 12  # deeper is described as anything
_MOST_KINDS = 3
_MOST_ITEMS = 2_000  # of a list; those behind them rarely say something new


def schema_of(answers: Sequence[JsonValue]) -> _Schema:
    """Give the schema that all answers fit; `{}` where nothing can be said.

    A key is required where every object of its place has it, so a person should look at it: a few answers are not all.
    """
    return _schema(answers, _LEVELS)


def says_something(schema: Mapping[str, JsonValue]) -> bool:
    """Tell whether a schema is worth a declaration: an object without keys and no answer at all are not."""
    match schema:
        case {"type": "object", "properties": dict(fields)}:
            return bool(fields)
        case {"type": "null"}:
            return False
        case _:
            return bool(schema)


def _schema(values: Sequence[JsonValue], levels: int) -> _Schema:
    if levels == 0:
        return {}
    kinds: dict[str, list[JsonValue]] = {}
    for value in values:
        kinds.setdefault(json_kind(value), []).append(value)
    if "number" in kinds and "integer" in kinds:
        kinds["number"] += kinds.pop("integer")
    if not kinds or len(kinds) > _MOST_KINDS:
        return {}
    parts: list[JsonValue] = [_of_kind(kind, kinds[kind], levels) for kind in sorted(kinds)]
    return parts[0] if len(parts) == 1 and isinstance(parts[0], dict) else {"anyOf": parts}


def _of_kind(kind: str, values: Sequence[JsonValue], levels: int) -> _Schema:
    if kind == "array":
        items = [item for value in values if isinstance(value, list) for item in value[:_MOST_ITEMS]]
        return {"type": "array", "items": _schema(items, levels - 1)}
    if kind == "object":
        return _of_objects([value for value in values if isinstance(value, dict)], levels)
    return {"type": kind}


def _of_objects(objects: Sequence[Mapping[str, JsonValue]], levels: int) -> _Schema:
    found: dict[str, list[JsonValue]] = {}
    for one in objects:
        for key, value in one.items():
            found.setdefault(key, []).append(value)
    if _are_data(found):
        every = [value for values in found.values() for value in values]
        return {"type": "object", "additionalProperties": _schema(every, levels - 1)}
    return {
        "type": "object",
        "properties": {key: _schema(values, levels - 1) for key, values in found.items()},
        "required": [key for key, values in found.items() if len(values) == len(objects)],
    }


def _are_data(found: Mapping[str, Sequence[JsonValue]]) -> bool:
    """Tell whether keys are data: they don't look like fields, are very many, or lead to objects of one form."""
    if len(found) > _MOST_FIELDS:
        return True
    if any(len(key) > _FIELD_CHARACTERS or not _FIELD.fullmatch(key) for key in found):
        return True
    forms = {frozenset(value) if isinstance(value, dict) else None for values in found.values() for value in values}
    return len(found) >= _ALIKE and len(forms) == 1 and bool(forms.pop())
