"""The fast engine of `validate.py`: the only room that imports jsonschema-rs.

Its yes and no come in time whatever the schema. Its list of errors doesn't: it is made whole before the first one is given,
every alternative with all that is wrong with it. So of a large value only the first error is asked for, and where the schema
is laborious the other engine says what is wrong, one finding after the other.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Final, cast

import jsonschema_rs

from ioconnect_codemode.findings import MOST, Finding, finding, json_kind, too_large
from ioconnect_codemode.labour import (
    MOST_AT_ONCE,
    Patience,
    is_laborious,
    looks_at_keys,
    looks_at_texts,
    most_at_once,
)
from ioconnect_codemode.patterns import is_matched_in_time
from ioconnect_codemode.validate import Schema, Validator, engine_named
from ioconnect_codemode.values import JsonValue

_PARTS: Final = 1_000  # of a value that all errors are asked of
_BACKTRACKS: Final = 100_000  # of one match: a text of 50,000 characters, two a character; two milliseconds
_SHORT: Final = 1_000  # characters of a text that is matched whatever the pattern
_MATCHING_S: Final = 2.0  # of one value, where patterns look around; 100,000 texts usually take 0.1 s
_AT_ONCE: Final = 100  # subschemas that each part of any value is held to, however many there are
_ALL_AT_ONCE: Final = 100_000_000  # over all parts, where a part has more: some two seconds
_ALL_MATCHED: Final = 20_000_000  # the same where patterns look around: each may be a call of ours


def compiled(schema: Schema) -> Validator:
    """Compile a schema; see `validate.Engine`."""
    plain = schema if isinstance(schema, bool) else dict(schema)
    at_once = most_at_once(plain)
    if at_once > MOST_AT_ONCE:
        raise ValueError("it asks too much of one value once its references are followed")
    if looks_at_keys(plain):  # the other engine has the time of it in its hands
        return engine_named("python")(plain)
    looks = looks_at_texts(plain)
    patience = Patience(_MATCHING_S if looks else math.inf)
    keywords = {"pattern": _matching(patience)} if looks else None
    try:
        made = _draft_of(plain)(plain, validate_formats=True, offline=True, keywords=keywords)
    except jsonschema_rs.ValidationError as error:
        raise ValueError(str(error)) from error
    if at_once <= _AT_ONCE and not looks:
        return _Compiled(made, plain)
    most_parts = (_ALL_MATCHED if looks else _ALL_AT_ONCE) / at_once if at_once > _AT_ONCE else math.inf
    return _Weighed(made, plain, most_parts=most_parts, patience=patience)


class _Compiled:
    def __init__(self, compiled: jsonschema_rs.Validator, schema: dict[str, JsonValue] | bool) -> None:
        self._compiled = compiled
        self._schema = schema

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return self._compiled.is_valid

    def findings(self, value: JsonValue) -> list[Finding]:
        return [] if self._compiled.is_valid(value) else self._wrong(value)

    def _wrong(self, value: JsonValue) -> list[Finding]:
        if self._patient is not None:
            return self._patient(value) or [_unnamed(value)]
        if _has_more_parts(value, _PARTS):
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


def _matching(patience: Patience) -> type[jsonschema_rs.KeywordValidator]:
    """Give the keyword `pattern` for schemas with patterns that look around: this engine's own, in time.

    Alone it bounds the ways that a match tries, but neither what it looks through on each nor how many texts there are.
    """

    class Matching:
        def __init__(self, parent_schema: dict[str, object], value: str, schema_path: list[str | int]) -> None:
            del parent_schema, schema_path
            options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS)
            self._matches = jsonschema_rs.Draft7Validator({"pattern": value}, pattern_options=options).is_valid
            self._pattern = value

        def validate(self, instance: object) -> None:
            if not isinstance(instance, str):
                return
            if patience.is_over or not (len(instance) <= _SHORT or is_matched_in_time(self._pattern, instance)):
                raise ValueError
            if not self._matches(instance):
                raise ValueError(self._pattern)

    return Matching


class _Weighed(_Compiled):
    """Holds values to a schema that makes much of one part of them: to a large value not at all, or only for a time."""

    def __init__(
        self,
        compiled: jsonschema_rs.Validator,
        schema: dict[str, JsonValue] | bool,
        *,
        most_parts: float,
        patience: Patience,
    ) -> None:
        super().__init__(compiled, schema)
        self._most_parts = most_parts
        self._patience = patience

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return lambda value: (
            self._is_seen_through(value) and self._compiled.is_valid(value) and not self._patience.is_over
        )

    def findings(self, value: JsonValue) -> list[Finding]:
        if not self._is_seen_through(value):
            return [too_large(value)]
        fits = self._compiled.is_valid(value)
        if self._patience.is_over:
            return [too_large(value)]
        return [] if fits else self._wrong(value)

    def _is_seen_through(self, value: JsonValue) -> bool:
        self._patience.start()
        return self._most_parts == math.inf or not _has_more_parts(value, self._most_parts)


def _unnamed(value: JsonValue) -> Finding:
    return Finding(path="$", expected="a value of the declared form", got=f"another {json_kind(value)}")


def _has_more_parts(value: JsonValue, most: float) -> bool:
    """Whether a value has more parts than that."""
    waiting, seen = [value], 1
    while waiting:
        part = waiting.pop()
        if isinstance(part, (dict, list)):
            seen += len(part)
            if seen > most:
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
    kind, details = error.kind.name, error.kind.as_dict()
    if kind == "pattern" and (ours := details.get("message")):
        details = {"pattern": ours}
    if kind == "falseSchema" and error.schema_path and error.schema_path[-1] == "additionalProperties":
        kind = "additionalProperties"  # what the validator says of an object that may have no fields at all
    return finding(kind=kind, details=details, path=path, found=found)
