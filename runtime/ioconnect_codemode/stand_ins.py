"""Stand-ins: values in the place of answers that a dry run doesn't ask for, made from the declared result.

The same schema gives the same value. It fits the schema wherever one is found by these means: as full a value as may be,
then only what is needed, each with the first, second and third branch of every choice. A schema that no value fits, or
that is beyond them (`not`, patterns with look-ahead), gets the last try. Numbers are ones that can be divided by; where
nothing fits so, those nearest to zero are tried.

A reference that is being followed is not followed again: the smallest value that fits a recursive schema never needs it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Final, cast

from ioconnect_codemode.matching_text import text_like
from ioconnect_codemode.values import JsonValue

Schema = Mapping[str, JsonValue] | bool

_BRANCHES: Final = 3
_MOST_PARTS: Final = 2_000  # of a value; behind it only what is needed is made
_MOST_ITEMS: Final = 100
_MOST_TEXT: Final = 10_000
_TEXT: Final = "stand-in"
_FORMATS: Final = {
    "date": "2000-01-01",
    "date-time": "2000-01-01T00:00:00Z",
    "time": "00:00:00Z",
    "duration": "P1D",
    "email": "someone@example.com",
    "idn-email": "someone@example.com",
    "hostname": "example.com",
    "idn-hostname": "example.com",
    "ipv4": "192.0.2.1",
    "ipv6": "2001:db8::1",
    "uri": "https://example.com/",
    "uri-reference": "https://example.com/",
    "iri": "https://example.com/",
    "iri-reference": "https://example.com/",
    "uri-template": "https://example.com/",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "json-pointer": "/a",
    "relative-json-pointer": "0",
    "regex": "a",
    **dict.fromkeys(("decimal", "number", "double", "float", "money", "amount"), "1.00"),
    **dict.fromkeys(("int64", "uint64", "int32", "uint32", "integer", "bigint", "long"), "1"),
    **dict.fromkeys(("byte", "base64"), "AA=="),
}
"""By format, text that can be read as what it names: also by names that JSON Schema leaves to whoever writes it."""
_MOMENT: Final = [{"type": "string"}, {"type": "number"}]
"""How a date of a signature is described: on its way it is ISO text or a number, and the transports make text of it."""
_SHORT_FORMATS: Final = {"email": "a@b.co", "hostname": "a", "uri": "a:b"}
_LARGEST: Final = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"})
_SMALLEST: Final = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_HINTS: Final = (
    ("object", ("properties", "required", "additionalProperties", "minProperties", "patternProperties")),
    ("array", ("items", "prefixItems", "minItems", "contains", "uniqueItems")),
    ("string", ("minLength", "maxLength", "pattern", "format")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)


class _Nothing(Exception):
    """No value is found here."""


def stand_in(schema: Schema, fits: Callable[[JsonValue], bool]) -> JsonValue:
    """Give a value for a schema.

    Args:
        schema: The schema, with what it refers to.
        fits: Says whether a value fits it.
    """
    value: JsonValue = None
    for is_full, is_near_zero in ((True, False), (True, True), (False, False), (False, True)):
        for branch in range(_BRANCHES):
            try:
                value = _Maker(schema, is_full=is_full, is_near_zero=is_near_zero, branch=branch).make(schema)
            except (_Nothing, RecursionError):
                continue
            if fits(value):
                return value
    return value


class _Maker:
    """Makes one value.

    Args:
        root: What references start from.
        is_full: Whether fields and items are made that may be left out.
        is_near_zero: Whether numbers are those nearest to zero.
        branch: Which branch of each choice is tried first.
    """

    def __init__(self, root: Schema, *, is_full: bool, is_near_zero: bool, branch: int) -> None:
        self._root = root
        self._is_full = is_full
        self._is_near_zero = is_near_zero
        self._branch = branch
        self._followed: set[str] = set()
        self._parts = 0

    def make(self, schema: JsonValue | Schema, variant: int = 0) -> JsonValue:
        """Give a value; another variant is another value where that is possible.

        Raises:
            _Nothing: None is found.
        """
        self._parts += 1
        if schema is True:
            return None
        if not isinstance(schema, Mapping):
            raise _Nothing
        if "$ref" in schema:
            return self._follow(schema, variant)
        if "allOf" in schema:
            return self.make(_all_of(schema), variant)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            choices = _fitting_type(schema)
            return choices[(variant + self._branch) % len(choices)]
        if self._branch == 0 and schema.get("anyOf") == _MOMENT:
            return _FORMATS["date-time"]
        branches = list(_branches(schema))
        if branches:
            return self._choose(branches, variant)
        return self._typed(schema, variant)

    def _follow(self, schema: Mapping[str, JsonValue], variant: int) -> JsonValue:
        reference = str(schema["$ref"])
        if reference in self._followed:
            raise _Nothing
        self._followed.add(reference)
        try:
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            return self.make(_merged(rest, _found(self._root, reference)), variant)
        finally:
            self._followed.discard(reference)

    def _choose(self, branches: list[JsonValue], variant: int) -> JsonValue:
        start = self._branch % len(branches)
        for branch in (*branches[start:], *branches[:start]):
            try:
                return self.make(branch, variant)
            except _Nothing:
                continue
        raise _Nothing

    def _typed(self, schema: Mapping[str, JsonValue], variant: int) -> JsonValue:
        types = _types(schema)
        kind = types[self._branch % len(types)]
        match kind:
            case "object":
                return self._object(schema)
            case "array":
                return self._array(schema)
            case "string":
                return _text(schema, variant)
            case "integer" | "number":
                return _number(schema, variant, is_integer=kind == "integer", is_near_zero=self._is_near_zero)
            case "boolean":
                return variant % 2 == 0
            case _:
                return None

    # -- objects -----------------------------------------------------------------------------------------------

    def _object(self, schema: Mapping[str, JsonValue]) -> JsonValue:
        properties = cast("Mapping[str, JsonValue]", schema.get("properties", {}))
        needed = list(cast("list[str]", schema.get("required", [])))
        most = _whole(schema, "maxProperties", _MOST_ITEMS)
        made: dict[str, JsonValue] = {}
        for name in needed:
            made[name] = self.make(_field(schema, name))
            needed += [one for one in _asked_by(schema, name) if one not in needed]
        least = _whole(schema, "minProperties", 0)
        for name in properties:
            is_wanted = (self._is_full and self._parts < _MOST_PARTS) or len(made) < least
            if name in made or not is_wanted or len(made) >= most or _asked_by(schema, name):
                continue
            try:
                made[name] = self.make(properties[name])
            except _Nothing:
                continue
        for name, inner in _more_fields(schema, min(least, _MOST_ITEMS)):
            if len(made) < least and name not in made:
                made[name] = self.make(inner)
        return {name: made[name] for name in (*(one for one in properties if one in made), *made)}

    # -- lists -------------------------------------------------------------------------------------------------

    def _array(self, schema: Mapping[str, JsonValue]) -> JsonValue:
        least = _whole(schema, "minItems", 0)
        most = _whole(schema, "maxItems", _MOST_ITEMS)
        if least > _MOST_ITEMS:
            raise _Nothing
        items: list[JsonValue] = []
        if "contains" in schema:
            wanted = _whole(schema, "minContains", 1)
            items += [self.make(schema["contains"], variant) for variant in range(min(wanted, _MOST_ITEMS))]
        wanted = max(least, min(most, 1) if self._is_full else 0)
        while len(items) < wanted:
            try:
                items.append(self._item(schema, len(items)))
            except _Nothing:
                if len(items) < least:
                    raise
                break
        return items

    def _item(self, schema: Mapping[str, JsonValue], place: int) -> JsonValue:
        first, rest = schema.get("prefixItems"), schema.get("items", True)
        if isinstance(rest, list):  # before draft 2020-12
            first, rest = rest, schema.get("additionalItems", True)
        if isinstance(first, list) and place < len(first):
            return self.make(first[place], place)
        if rest is True:
            return place if schema.get("uniqueItems") else None
        return self.make(rest, place if schema.get("uniqueItems") else 0)


def _branches(schema: Mapping[str, JsonValue]) -> Iterator[JsonValue]:
    """Give what a schema may stand for, each with what holds besides; nothing where it offers no choice."""
    for key in ("anyOf", "oneOf"):
        if isinstance(schema.get(key), list):
            rest = {name: value for name, value in schema.items() if name != key}
            for branch in cast("list[JsonValue]", schema[key]):
                yield _merged(rest, branch)
            return
    if "if" in schema:
        rest = {name: value for name, value in schema.items() if name not in ("if", "then", "else")}
        yield _merged(_merged(rest, schema["if"]), schema.get("then", True))
        yield _merged(rest, schema.get("else", True))


def _all_of(schema: Mapping[str, JsonValue]) -> JsonValue:
    whole: JsonValue = {key: value for key, value in schema.items() if key != "allOf"}
    for part in cast("list[JsonValue]", schema["allOf"]):
        whole = _merged(whole, part)
    return whole


def _merged(one: JsonValue, other: JsonValue) -> JsonValue:
    """Give a schema for what fits both, as far as that can be said in one schema."""
    if one is False or other is False:
        return False
    if not isinstance(one, dict) or not isinstance(other, dict):
        return other if isinstance(other, dict) else one
    merged = dict(one)
    for key, value in other.items():
        merged[key] = _joined(key, merged[key], value) if key in merged else value
    later = [{key: other[key]} for key in ("$ref", "anyOf", "oneOf", "if") if key in one and key in other]
    for part in later:
        key = next(iter(part))
        merged[key] = one[key]
        merged["allOf"] = [*cast("list[JsonValue]", merged.get("allOf", [])), cast("JsonValue", part)]
    return merged


def _joined(key: str, one: JsonValue, other: JsonValue) -> JsonValue:
    """Give what holds where two schemas both say something under a key."""
    if key in _LARGEST and _is_number(one) and _is_number(other):
        return max(cast("float", one), cast("float", other))
    if key in _SMALLEST and _is_number(one) and _is_number(other):
        return min(cast("float", one), cast("float", other))
    match key, one, other:
        case "required" | "allOf", list(), list():
            return [*one, *(item for item in other if item not in one)]
        case "enum", list(), list():
            return [item for item in one if item in other]
        case "type", _, _:
            return _common_types(one, other)
        case "properties", dict(), dict():
            both = {name: _merged(one[name], other[name]) for name in one if name in other}
            return {**one, **other, **both}
        case "items" | "additionalProperties", _, _:
            return _merged(one, other)
        case _:
            return other


def _common_types(one: JsonValue, other: JsonValue) -> JsonValue:
    first = cast("list[str]", one if isinstance(one, list) else [one])
    second = cast("list[str]", other if isinstance(other, list) else [other])
    both = [kind for kind in first if kind in second or (kind == "integer" and "number" in second)]
    both += [kind for kind in second if kind == "integer" and "number" in first and kind not in both]
    return cast("JsonValue", both)


def _found(root: Schema, reference: str) -> JsonValue:
    """Give what a reference leads to, by its pointer."""
    found: object = root
    if not reference.startswith("#"):
        raise _Nothing
    for step in reference[1:].split("/")[1:]:
        key = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and key.isdigit() and int(key) < len(cast("list[object]", found)):
            found = cast("list[object]", found)[int(key)]
        elif isinstance(found, Mapping) and key in found:
            found = cast("Mapping[str, object]", found)[key]
        else:
            raise _Nothing
    return cast("JsonValue", found)


def _types(schema: Mapping[str, JsonValue]) -> list[str]:
    """Give the types that a value may have, null last; by what the schema speaks of where it names none."""
    named = schema.get("type")
    if isinstance(named, str):
        return [named]
    if isinstance(named, list):
        if not named:
            raise _Nothing
        return sorted(cast("list[str]", named), key=lambda kind: kind == "null")
    hinted = [kind for kind, keys in _HINTS if any(key in schema for key in keys)]
    return hinted[:1] or ["null", "string", "object"]


def _fitting_type(schema: Mapping[str, JsonValue]) -> list[JsonValue]:
    """Give the choices of an enumeration that have the declared type."""
    choices = cast("list[JsonValue]", schema["enum"])
    if "type" in schema:
        kinds = _types(schema)
        choices = [choice for choice in choices if any(_is_a(choice, kind) for kind in kinds)]
    if not choices:
        raise _Nothing
    return choices


def _is_a(value: JsonValue, kind: str) -> bool:
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer" | "number":
            return _is_number(value)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case _:
            return isinstance(value, dict)


def _field(schema: Mapping[str, JsonValue], name: str) -> JsonValue:
    """Give the schema of a field that may not be declared."""
    properties = schema.get("properties")
    if isinstance(properties, dict) and name in properties:
        return properties[name]
    return schema.get("additionalProperties", True)


def _more_fields(schema: Mapping[str, JsonValue], least: int) -> Iterator[tuple[str, JsonValue]]:
    """Give fields that nothing names: those that the schema lets be, as far as it says which."""
    asked, by_pattern = schema.get("propertyNames"), schema.get("patternProperties")
    names: list[JsonValue] = []
    if isinstance(asked, dict):
        choices = asked.get("enum")
        names += choices if isinstance(choices, list) else []
        pattern = asked.get("pattern")
        names += [text_like(pattern)] if isinstance(pattern, str) else []
    if isinstance(by_pattern, dict):
        found = ((text_like(one), inner) for one, inner in by_pattern.items())
        yield from ((name, inner) for name, inner in found if name is not None)
    for name in (*names, *(f"field{number}" for number in range(1, least + 1))):
        if isinstance(name, str):
            yield name, _field(schema, name)


def _asked_by(schema: Mapping[str, JsonValue], name: str) -> list[str]:
    """Give the fields that must be there where this one is."""
    for key in ("dependentRequired", "dependencies"):
        asked = schema.get(key)
        if isinstance(asked, dict) and isinstance(asked.get(name), list):
            return cast("list[str]", asked[name])
    return []


def _text(schema: Mapping[str, JsonValue], variant: int) -> str:
    least, most = _whole(schema, "minLength", 0), _whole(schema, "maxLength", _MOST_TEXT)
    if "pattern" in schema:
        text = text_like(str(schema["pattern"]))
        if text is None:
            raise _Nothing
        return text if len(text) >= least else text + text[-1:] * (least - len(text))
    form = _FORMATS.get(str(schema.get("format")))
    if form is not None:
        return form if len(form) <= most else _SHORT_FORMATS.get(str(schema.get("format")), form)
    if least > _MOST_TEXT:
        raise _Nothing
    text = f"{variant + 1}-{_TEXT}" if variant else _TEXT
    return text[:most].ljust(least, "-")


def _number(schema: Mapping[str, JsonValue], variant: int, *, is_integer: bool, is_near_zero: bool) -> float:
    """Give one step, or what is nearest to zero, and for another variant a number one step on."""
    step = Fraction(1)
    if _is_number(schema.get("multipleOf")):
        step = Fraction(str(schema["multipleOf"])) or Fraction(1)
        if is_integer:
            step *= step.denominator
    low, high = _bounds(schema, step)
    start = Fraction(0)
    if not is_near_zero and (low is None or low <= step) and (high is None or step <= high):
        start = step
    elif low is not None and low > 0:
        start = math.ceil(low / step) * step
    elif high is not None and high < 0:
        start = math.floor(high / step) * step
    if "multipleOf" not in schema and not is_integer and high is not None and low is not None and start > high:
        start = (low + high) / 2
    downwards = high is not None and start + variant * step > high
    found = start - variant * step if downwards else start + variant * step
    return int(found) if found.denominator == 1 else float(found)


def _bounds(schema: Mapping[str, JsonValue], step: Fraction) -> tuple[Fraction | None, Fraction | None]:
    """Give the lowest and the highest value; where a bound itself is excluded, one step from it, or half the way."""
    low, high = _bound(schema, "minimum", "exclusiveMinimum"), _bound(schema, "maximum", "exclusiveMaximum")
    margin = step
    if low is not None and high is not None:
        margin = min(step, (high[0] - low[0]) / 4) if high[0] > low[0] else Fraction(0)
    return (
        None if low is None else low[0] + margin * low[1],
        None if high is None else high[0] - margin * high[1],
    )


def _bound(schema: Mapping[str, JsonValue], inclusive: str, exclusive: str) -> tuple[Fraction, bool] | None:
    """Give a bound and whether it is excluded, which draft 4 says with a boolean."""
    bound, excluded = schema.get(inclusive), schema.get(exclusive)
    if _is_number(excluded):
        return Fraction(str(excluded)), True
    return (Fraction(str(bound)), excluded is True) if _is_number(bound) else None


def _whole(schema: Mapping[str, JsonValue], key: str, missing: int) -> int:
    value = schema.get(key)
    return int(cast("float", value)) if _is_number(value) else missing


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
