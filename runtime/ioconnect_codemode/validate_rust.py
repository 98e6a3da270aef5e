"""The fast engine of `validate.py`: the only room that imports jsonschema-rs."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import cast

import jsonschema_rs

from ioconnect_codemode.findings import MOST, Finding, finding
from ioconnect_codemode.validate import Schema, Validator
from ioconnect_codemode.values import JsonValue


def compiled(schema: Schema) -> Validator:
    """Compile a schema; see `validate.Engine`."""
    plain = schema if isinstance(schema, bool) else dict(schema)
    try:
        return _Compiled(_draft_of(schema)(plain, validate_formats=True, offline=True))
    except jsonschema_rs.ValidationError as error:
        raise ValueError(str(error)) from error


class _Compiled:
    __slots__ = ("_compiled",)

    def __init__(self, compiled: jsonschema_rs.Validator) -> None:
        self._compiled = compiled

    @property
    def fits(self) -> Callable[[JsonValue], bool]:
        return self._compiled.is_valid

    def findings(self, value: JsonValue) -> list[Finding]:
        if self._compiled.is_valid(value):
            return []
        found: list[Finding] = []
        for error in self._compiled.iter_errors(value):
            found.append(_finding(error, value))
            if len(found) == MOST:
                break
        return found


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
