"""The fast engine of `validate.py`: the only room that imports jsonschema-rs.

Its yes and no come in time whatever the schema. Its list of errors doesn't: it is made whole before the first one is given,
every alternative with all that is wrong with it. So of a large value only the first error is asked for, and where the schema
is laborious the other engine says what is wrong, one finding after the other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, cast

import jsonschema_rs

from ioconnect_codemode.findings import MOST, Finding, finding, json_kind
from ioconnect_codemode.labour import asks_too_much, backtracking_patterns, is_laborious
from ioconnect_codemode.validate import Schema, Validator, engine_named
from ioconnect_codemode.values import JsonValue

_PARTS: Final = 1_000  # of a value that all errors are asked of
_BACKTRACKS: Final = 100_000  # of one match: a text of 50,000 characters, two a character; two milliseconds
_ALL_BACKTRACKS: Final = 20_000_000  # of a value: half a second; where it has many texts, each match has fewer
_FEWER: Final = (_BACKTRACKS, 10_000, 1_000, 100)  # usual look-aheads need none, and a text of 10,000 characters fits


def compiled(schema: Schema) -> Validator:
    """Compile a schema; see `validate.Engine`."""
    plain = schema if isinstance(schema, bool) else dict(schema)
    if asks_too_much(plain):
        raise ValueError("it asks too much of one value once its references are followed")
    try:
        made = _made(plain, _BACKTRACKS)
    except jsonschema_rs.ValidationError as error:
        raise ValueError(str(error)) from error
    looking = backtracking_patterns(plain)
    return _Looking(made, plain, looking) if looking else _Compiled(made, plain)


def _made(schema: dict[str, JsonValue] | bool, backtracks: int) -> jsonschema_rs.Validator:
    options = jsonschema_rs.FancyRegexOptions(backtrack_limit=backtracks)
    return _draft_of(schema)(schema, validate_formats=True, offline=True, pattern_options=options)


class _Compiled:
    def __init__(self, compiled: jsonschema_rs.Validator, schema: dict[str, JsonValue] | bool) -> None:
        self._compiled = compiled
        self._schema = schema

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return self._compiled.is_valid

    def findings(self, value: JsonValue) -> list[Finding]:
        if self._compiled.is_valid(value):
            return []
        if self._patient is not None:
            return self._patient(value) or [_unnamed(value)]
        if _is_large(value):
            return self._first(value)
        found: list[Finding] = []
        for error in self._compiled.iter_errors(value):
            found.append(_finding(error, value))
            if len(found) == MOST:
                break
        return found

    def _first(self, value: JsonValue) -> list[Finding]:
        try:
            self._compiled.validate(value)
        except jsonschema_rs.ValidationError as error:
            return [_finding(error, value)]
        return [_unnamed(value)]

    @cached_property
    def _patient(self) -> Callable[[JsonValue], list[Finding]] | None:
        """Says what is wrong where the schema is laborious; None where it isn't."""
        if not is_laborious(self._schema):
            return None
        try:
            return engine_named("python")(self._schema).findings
        except ValueError:  # it has something that only this engine knows
            return lambda value: [_unnamed(value)]


class _Looking:
    """Holds values to a schema with patterns that look around: the more texts a value has, the fewer ways each match tries."""

    def __init__(self, compiled: jsonschema_rs.Validator, schema: dict[str, JsonValue] | bool, patterns: int) -> None:
        self._patterns = patterns
        self._schema = schema
        self._compiled = {_BACKTRACKS: _Compiled(compiled, schema)}

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return lambda value: self._of(value).fits(value)

    def findings(self, value: JsonValue) -> list[Finding]:
        return self._of(value).findings(value)

    def _of(self, value: JsonValue) -> _Compiled:
        matches = _text_count(value) * self._patterns
        limit = next((one for one in _FEWER if matches * one <= _ALL_BACKTRACKS), _FEWER[-1])
        if limit not in self._compiled:
            self._compiled[limit] = _Compiled(_made(self._schema, limit), self._schema)
        return self._compiled[limit]


def _text_count(value: JsonValue) -> int:
    """Give how many texts a value has, keys among them."""
    waiting, count = [value], 0
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            count += 1
        elif isinstance(part, dict):
            count += len(part)
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return count


def _unnamed(value: JsonValue) -> Finding:
    return Finding(path="$", expected="a value of the declared form", got=f"another {json_kind(value)}")


def _is_large(value: JsonValue) -> bool:
    """Whether a value has more than `_PARTS` parts."""
    waiting, seen = [value], 1
    while waiting:
        part = waiting.pop()
        if isinstance(part, (dict, list)):
            seen += len(part)
            if seen > _PARTS:
                return True
            waiting.extend(part.values() if isinstance(part, dict) else part)
    return False


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
    return finding(kind=kind, details=error.kind.as_dict(), path=path, found=found)
