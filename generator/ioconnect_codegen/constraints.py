"""What a caller can break beyond the type of a value, in a few words for the comment beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping

from ioconnect_codegen.prose import one_line
from ioconnect_codemode.values import JsonValue

ENUM_LIMIT = 100
"""Values of a choice that stand in its type: a longer list costs a model more than it tells. The wire has all."""

VALUE_LIMIT = 100
"""Characters of a value that stands in a type or as a default: a longer one is prose, not a choice."""

_PATTERN_SHOWN = 60
_VALUES_SHOWN = 5
_BOUNDS = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"}
)
_WORDS = frozenset(
    _BOUNDS
    | {
        "multipleOf",
        "pattern",
        "format",
        "items",
        "additionalProperties",
        "uniqueItems",
        "propertyNames",
        "enum",
        "const",
    }
)


def constraint_of(schema: Mapping[str, JsonValue]) -> str:
    """Give what a caller can break, beyond the type, in a few words: `1..500`, `length 1..20`, `pattern ^CL-`."""
    if _WORDS.isdisjoint(schema):
        return ""
    parts: list[str] = []
    if not _BOUNDS.isdisjoint(schema):
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
    if schema.get("uniqueItems") is True:
        parts.append("no duplicates")
    parts.append(_values(schema))
    names = schema.get("propertyNames")
    if isinstance(names, dict) and (inner := constraint_of(names) or _all_values(names)):
        parts.append(f"keys {inner}")
    for key in ("items", "additionalProperties"):
        members = schema.get(key)
        if isinstance(members, dict) and (inner := constraint_of(members)):
            parts.append(f"each {inner}")
    return ", ".join(part for part in parts if part)


def is_long(value: JsonValue) -> bool:
    """Tell whether a value is too long to stand in a type or as a default."""
    return isinstance(value, str) and len(value) > VALUE_LIMIT


def bonds_of(schema: Mapping[str, JsonValue]) -> dict[str, str]:
    """Give what the presence of properties depends on, by the key at which it is said: `or email required`."""
    found: dict[str, list[str]] = {}
    for word, end in (("anyOf", "required"), ("oneOf", "required, not both")):
        branches = [_required_alone(branch) for branch in _listed(schema.get(word))]
        if len(branches) > 1 and all(branches):
            first, *others = (" and ".join(keys) for keys in branches)
            rest = first.removeprefix(branches[0][0]).strip()
            text = " or ".join(part for part in (rest, *others)) if rest else "or " + " or ".join(others)
            found.setdefault(branches[0][0], []).append(one_line(f"{text} {end}", limit=_PATTERN_SHOWN))
    dependent = schema.get("dependentRequired")
    for key, needed in dependent.items() if isinstance(dependent, dict) else ():
        if names := [str(one) for one in _listed(needed)]:
            found.setdefault(key, []).append(one_line(f"needs {' and '.join(names)}", limit=_PATTERN_SHOWN))
    return {key: ", ".join(texts) for key, texts in found.items()}


def _required_alone(branch: JsonValue) -> list[str]:
    """Give the keys that a branch asks for, none where it says anything else."""
    alone = isinstance(branch, dict) and branch.keys() <= {"required", "title", "description", "type"}
    return [str(key) for key in _listed(branch.get("required"))] if alone and isinstance(branch, dict) else []


def _values(schema: Mapping[str, JsonValue]) -> str:
    """Give the values of a choice that its type doesn't show: too many of them, or numbers with a fraction."""
    values = _listed(schema.get("enum")) or ([schema["const"]] if "const" in schema else [])
    is_hidden = len(values) > ENUM_LIMIT or any(isinstance(one, float) or is_long(one) for one in values)
    return _shown(values) if is_hidden else ""


def _all_values(schema: Mapping[str, JsonValue]) -> str:
    return _shown(_listed(schema.get("enum")))


def _shown(values: list[JsonValue]) -> str:
    if not values:
        return ""
    first = ", ".join(one_line(json.dumps(one, ensure_ascii=False), limit=20) for one in values[:_VALUES_SHOWN])
    return f"one of {first}" if len(values) <= _VALUES_SHOWN else f"one of {len(values)}: {first}, ..."


def _listed(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


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
    bounds = [
        f"> {above}" if above else f">= {low}" if low else "",
        f"< {below}" if below else f"<= {high}" if high else "",
    ]
    shown = " and ".join(bound for bound in bounds if bound)
    return f"{prefix}{shown}{suffix}" if shown else ""


def _plain_number(value: JsonValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return ""
    if isinstance(value, int) and abs(value) < 10**15:
        return str(value)
    return f"{value:g}" if isinstance(value, float) else ""
