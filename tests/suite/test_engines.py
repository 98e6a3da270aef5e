"""Both engines of the wire give the same verdict on the whole JSON-Schema-Test-Suite, apart from what is listed here."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from ioconnect_codemode.validate import Validator, engine_named
from ioconnect_codemode.values import JsonValue
from suite.test_suite import DRAFTS, FOLDER, Case, marked

DIFFERENCES = {
    # The engine in Python refuses such a schema: whether keys fit would be found out by the library's own matching.
    "unevaluatedProperties with adjacent patternProperties": 4,
    # Formats that only jsonschema-rs asserts.
    "idn-email format": 1,
    "idn-hostname format": 1,
    "relative-json-pointer format": 1,
    "iri format": 1,
    "iri-reference format": 1,
    "uri-template format": 1,
}


def cases() -> Iterator[tuple[str, Case]]:
    if FOLDER is None:
        pytest.skip("the JSON-Schema-Test-Suite is not there: run `python tests/suite/fetch.py`")
    for draft in DRAFTS:
        for path in sorted((FOLDER / draft).glob("*.json")):
            for case in json.loads(path.read_text(encoding="utf-8")):
                yield draft, case


def test_engines_differ_in_what_is_listed_and_nowhere_else() -> None:
    found: dict[str, int] = {}
    compared = 0
    for draft, case in cases():
        schema = marked(case["schema"], DRAFTS[draft])
        validators = [validator(name, schema) for name in ("rust", "python")]
        tests = case["tests"]
        assert isinstance(tests, list)
        for test in tests:
            assert isinstance(test, dict)
            fast, slow = (None if one is None else not one.findings(test["data"]) for one in validators)
            compared += 1
            if fast is not slow:
                found[str(case["description"])] = found.get(str(case["description"]), 0) + 1
    assert compared > 4_800
    assert found == DIFFERENCES


def validator(engine: str, schema: JsonValue) -> Validator | None:
    assert isinstance(schema, dict | bool)
    try:
        return engine_named(engine)(schema)
    except ValueError:
        return None
