"""The engine of `validate.py` for machines without jsonschema-rs: the only room that imports jsonschema.

The library fetches references and lets patterns backtrack without end, so both are taken from it: every reference is
looked up before the first value is seen, among the schema's own parts and the drafts' meta-schemas, and patterns are
matched by `patterns.py`, which gives up in time. It also goes through a reference as often as one leads there; what a part of
the value was found to be is kept, so that each is gone through once.
"""

from __future__ import annotations

import base64
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any, cast

import jsonschema
import jsonschema.validators
import referencing
import referencing.jsonschema
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable

from ioconnect_codemode.findings import MOST, Finding, finding, json_kind, too_large
from ioconnect_codemode.formats import FORMATS
from ioconnect_codemode.labour import Patience, asks_too_much
from ioconnect_codemode.patterns import can_be_read, matches
from ioconnect_codemode.validate import Schema, Validator
from ioconnect_codemode.values import JsonValue

_Errors = Iterator[jsonschema.ValidationError]
_Matches = Callable[[str, str], bool | None]
_CHECK_S = 10.0  # of one value; 10,000 records of 12 fields take one or two
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")


def compiled(schema: Schema) -> Validator:
    """Compile a schema; see `validate.Engine`."""
    plain = schema if isinstance(schema, bool) else dict(schema)
    draft = _draft_of(plain)
    checker = jsonschema.FormatChecker(formats=())
    for name, fits in FORMATS.items():
        checker.checks(name)(fits)
    try:
        draft.check_schema(plain, format_checker=checker)
    except jsonschema.SchemaError as error:
        raise ValueError(error.message) from error
    if not isinstance(plain, bool):
        plain = cast("dict[str, JsonValue]", _without_drafts(plain))
        _look_up_references(plain, draft)
    if asks_too_much(plain):
        raise ValueError("it asks too much of one value once its references are followed")
    known = _Known()
    return _Compiled(_with_our_keywords(draft, known)(plain, registry=REGISTRY, format_checker=checker), known)


class _TakesTooLong(Exception):
    """The check of one value has taken all its time."""


class _Known:
    """What is known of one value: by the schema that a reference stands in and the part, the first error or None."""

    def __init__(self) -> None:
        self._patience = Patience(_CHECK_S)
        self._found: dict[tuple[int, int], jsonschema.ValidationError | None] = {}
        self._choices: dict[int, frozenset[str]] = {}

    def forget(self) -> None:
        """Forget all of it, as before each value: ids are only good as long as the value is there."""
        self._found.clear()
        self._patience.start()

    def matches(self, pattern: str, text: str) -> bool | None:
        """Say whether the pattern occurs in the text; None where that can't be found out in time.

        Raises:
            _TakesTooLong: The value has taken all its time.
        """
        self.go_on()
        return matches(pattern, text)

    def go_on(self) -> None:
        """Hold the check to its time.

        Raises:
            _TakesTooLong: It has taken all of it.
        """
        if self._patience.is_over:
            raise _TakesTooLong

    def enum(self, validator: Any, choices: list[JsonValue], value: JsonValue, schema: object) -> _Errors:
        """As the library's, which compares a value with one choice after the other."""
        known = self._choices.get(id(choices))  # a list of the schema, which is there as long as this is
        if known is None:
            known = self._choices[id(choices)] = frozenset(map(_canonical, choices))
        if _canonical(value) not in known:
            yield jsonschema.ValidationError("")

    def timed(self, keyword: Any) -> Any:
        """Give a keyword that goes on only while there is time."""

        def errors(validator: Any, asked: Any, value: JsonValue, schema: object) -> _Errors | None:
            self.go_on()
            found: _Errors | None = keyword(validator, asked, value, schema)
            return found

        return errors

    def reference(self, follow: Any) -> Any:
        """Give a keyword that follows a reference, once for each part."""
        is_plain = follow.__name__ in ("ref", "dynamicRef")

        def errors(validator: Any, reference: str, value: JsonValue, schema: object) -> _Errors:
            place = id(schema), id(value)
            if place in self._found:
                if (known := self._found[place]) is not None:
                    yield jsonschema.ValidationError.create_from(known)
                return
            # What `follow` would do, without its frame: 200 levels of a value take most of Python's stack.
            resolved = getattr(validator, "_validate_reference") if is_plain else None  # noqa: B009
            found = resolved(ref=reference, instance=value) if resolved else follow(validator, reference, value, schema)
            for error in found:
                if place not in self._found:
                    self._found[place] = jsonschema.ValidationError.create_from(error)
                yield error
            self._found.setdefault(place, None)

        return errors


class _Compiled:
    __slots__ = ("_known", "_validator")

    def __init__(self, validator: Any, known: _Known) -> None:
        self._validator = validator
        self._known = known

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return lambda value: not self.findings(value)

    def findings(self, value: JsonValue) -> list[Finding]:
        errors: _Errors = self._validator.iter_errors(value)
        self._known.forget()
        try:
            return [_finding(error) for error in itertools.islice(errors, MOST)]
        except _TakesTooLong:
            return [too_large(value)]
        except RecursionError:  # a reference that leads to itself without a step into the value
            return [Finding(path="$", expected="a value whose check comes to an end", got=json_kind(value))]
        finally:
            self._known.forget()


def _draft_of(schema: dict[str, JsonValue] | bool) -> Any:
    """Choose the draft: the declared one, draft 7 for lists of item schemas without a declaration, else 2020-12."""
    if isinstance(schema, bool):
        return jsonschema.Draft202012Validator
    declared = schema.get("$schema")
    if declared is not None and not isinstance(declared, str):
        raise ValueError("$schema is not a text")
    has_item_lists = '"items":[' in json.dumps(schema, separators=(",", ":"))
    default = jsonschema.Draft7Validator if has_item_lists else jsonschema.Draft202012Validator
    chosen: Any = jsonschema.validators.validator_for(schema, default) if declared else default
    return chosen


def _without_drafts(schema: JsonValue) -> JsonValue:
    """Give the schema without `$schema` anywhere: where it meets one, the library goes on with its own keywords."""
    if isinstance(schema, list):
        return [_without_drafts(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: inner if key in ("const", "enum") else _without_drafts(inner)
        for key, inner in schema.items()
        if key != "$schema" or not isinstance(inner, str)
    }


def _look_up_references(schema: dict[str, JsonValue], draft: Any) -> None:
    specification = referencing.jsonschema.specification_with(draft.META_SCHEMA["$schema"])
    root = specification.create_resource(schema)
    try:
        _look_up(root, REGISTRY.resolver_with_root(root))
    except Unresolvable as error:
        raise ValueError(f"the reference {json.dumps(error.ref)[:80]} leads nowhere inside the schema") from error


def _look_up(resource: Any, resolver: Any) -> None:
    contents = cast("dict[str, JsonValue] | bool", resource.contents)
    if isinstance(contents, dict):
        for keyword in _REFERENCES:
            reference = contents.get(keyword)
            if isinstance(reference, str):
                resolver.lookup(reference)
        _look_at_patterns(contents)
    for inner in resource.subresources():
        _look_up(inner, resolver.in_subresource(inner))


def _look_at_patterns(schema: Mapping[str, JsonValue]) -> None:
    by_pattern = schema.get("patternProperties", {})
    keys = list(by_pattern) if isinstance(by_pattern, dict) else []
    if keys and "unevaluatedProperties" in schema:
        raise ValueError("unevaluatedProperties beside patternProperties needs the package jsonschema-rs")
    for pattern in (*keys, schema.get("pattern", "")):
        if isinstance(pattern, str) and not can_be_read(pattern):
            raise ValueError(f"the pattern {json.dumps(pattern)[:80]} is not a regular expression")


# -- keywords that the library says too little of, or trusts too much ------------------------------------------------


def _with_our_keywords(draft: Any, known: _Known) -> Any:
    ours = {
        "enum": known.enum,
        "pattern": partial(_pattern, known.matches),
        "patternProperties": partial(_pattern_properties, known.matches),
        "additionalProperties": partial(_additional_properties, known.matches),
        "required": _required,
        "dependentRequired": _dependent_required,
        "propertyNames": _property_names,
        "uniqueItems": _unique_items,
        "multipleOf": _multiple_of,
    }
    if draft in (jsonschema.Draft6Validator, jsonschema.Draft7Validator):
        ours |= {"contentEncoding": _content_encoding, "contentMediaType": _content_media_type}
    ours |= {
        keyword: known.reference(draft.VALIDATORS[keyword]) for keyword in _REFERENCES if keyword in draft.VALIDATORS
    }
    later = {"dependentRequired"} - draft.VALIDATORS.keys()
    extend: Any = vars(jsonschema.validators)["extend"]  # its types are partly unknown
    keywords = {**draft.VALIDATORS, **{name: ours[name] for name in ours.keys() - later}}
    return extend(draft, {name: known.timed(keyword) for name, keyword in keywords.items()})


def _pattern(matches: _Matches, validator: Any, pattern: str, value: JsonValue, schema: object) -> _Errors:
    if isinstance(value, str) and (does := matches(pattern, value)) is not True:
        yield jsonschema.ValidationError("" if does is None else pattern)


def _pattern_properties(
    matches: _Matches, validator: Any, by_pattern: Mapping[str, Any], value: JsonValue, schema: object
) -> _Errors:
    if isinstance(value, dict):
        for pattern, inner in by_pattern.items():
            for key, part in value.items():
                if matches(pattern, key):
                    yield from validator.descend(part, inner, path=key, schema_path=pattern)


def _additional_properties(
    matches: _Matches, validator: Any, inner: Any, value: JsonValue, schema: Mapping[str, Any]
) -> _Errors:
    if not isinstance(value, dict):
        return
    patterns: list[str] = list(schema.get("patternProperties", ()))
    declared: Mapping[str, object] = schema.get("properties", {})
    extra = [key for key in value if key not in declared and not any(matches(one, key) for one in patterns)]
    if inner is False and extra:
        yield jsonschema.ValidationError(json.dumps(extra[:MOST]))
    elif isinstance(inner, dict):
        for key in extra:
            yield from validator.descend(value[key], inner, path=key)


def _required(validator: Any, names: Sequence[str], value: JsonValue, schema: object) -> _Errors:
    if isinstance(value, dict):
        yield from (jsonschema.ValidationError(name) for name in names if name not in value)


def _dependent_required(validator: Any, needs: Mapping[str, Any], value: JsonValue, schema: object) -> _Errors:
    if isinstance(value, dict):
        for key, names in needs.items():
            if key in value:
                yield from _required(validator, names, value, schema)


def _property_names(validator: Any, inner: Any, value: JsonValue, schema: object) -> _Errors:
    if isinstance(value, dict) and not all(validator.evolve(schema=inner).is_valid(key) for key in value):
        yield jsonschema.ValidationError("")


def _unique_items(validator: Any, is_asked: bool, value: JsonValue, schema: object) -> _Errors:
    # The library compares each with each where items can't be sorted: minutes for some thousand objects.
    if is_asked and isinstance(value, list) and len({_canonical(item) for item in value}) < len(value):
        yield jsonschema.ValidationError("")


def _multiple_of(validator: Any, step: float, value: JsonValue, schema: object) -> _Errors:
    # The library divides floats: 0.07 would be no multiple of 0.01. What was written is meant, in decimal digits.
    if isinstance(value, (int, float)) and not isinstance(value, bool) and _exact(value) % _exact(step):
        yield jsonschema.ValidationError("")


def _exact(number: float) -> Fraction:
    return Fraction(repr(number)) if isinstance(number, float) else Fraction(number)


def _canonical(value: JsonValue) -> str:
    """Give one text for all spellings of one JSON value: 1 and 1.0 are equal, true is another."""
    return json.dumps(_with_whole_numbers(value), sort_keys=True)


def _with_whole_numbers(value: JsonValue) -> JsonValue:
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [_with_whole_numbers(item) for item in value]
        case dict():
            return {key: _with_whole_numbers(item) for key, item in value.items()}
        case _:
            return value


def _content_encoding(validator: Any, encoding: str, value: JsonValue, schema: object) -> _Errors:
    if isinstance(value, str) and encoding == "base64":
        try:
            base64.b64decode(value, validate=True)
        except ValueError:
            yield jsonschema.ValidationError("")


def _content_media_type(validator: Any, media_type: str, value: JsonValue, schema: Mapping[str, Any]) -> _Errors:
    if isinstance(value, str) and media_type == "application/json":
        try:
            json.loads(base64.b64decode(value) if schema.get("contentEncoding") == "base64" else value)
        except (ValueError, RecursionError):
            yield jsonschema.ValidationError("")


# -- words -----------------------------------------------------------------------------------------------------------


def _finding(error: jsonschema.ValidationError) -> Finding:
    kind = cast("str | None", error.validator) or "falseSchema"
    asked: Any = error.validator_value
    details: dict[str, object] = {"limit": asked}
    match kind:
        case "type":
            details = {"types": [asked] if isinstance(asked, str) else asked}
        case "required" | "dependentRequired":
            kind = "required"
            details = {"property": error.message}
        case "additionalProperties":
            details = {"unexpected": json.loads(error.message)}
        case "enum":
            details = {"options": asked}
        case "const":
            details = {"expected_value": asked}
        case "format":
            details = {"format": asked}
        case "pattern":
            details = {"pattern": error.message} if error.message else {}
        case "additionalItems":
            details = {"limit": len(cast("Mapping[str, Any]", error.schema)["items"])}
        case "unevaluatedProperties":
            details = {}
        case _:
            pass
    path = cast("Sequence[str | int]", list(error.absolute_path))
    return finding(kind=kind, details=details, path=path, found=cast("JsonValue", error.instance))
