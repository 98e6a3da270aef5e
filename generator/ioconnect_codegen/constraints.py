"""What a caller can break beyond the type of a value, in a few words for the comment beside it."""

from __future__ import annotations

from collections.abc import Mapping

from ioconnect_codegen.prose import one_line
from ioconnect_codemode.values import JsonValue

_PATTERN_SHOWN = 60
_WORDS = frozenset(
    {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength", "minItems", "maxItems"}
    | {"multipleOf", "pattern", "format", "items", "additionalProperties"}
)


def constraint_of(schema: Mapping[str, JsonValue]) -> str:
    """Give what a caller can break, beyond the type, in a few words: `1..500`, `length 1..20`, `pattern ^CL-`."""
    if _WORDS.isdisjoint(schema):
        return ""
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
    for key in ("items", "additionalProperties"):
        members = schema.get(key)
        if isinstance(members, dict) and (inner := constraint_of(members)):
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
