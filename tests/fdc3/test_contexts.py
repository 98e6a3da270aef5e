"""Our context types say what the published ones say, in our own words, and take the published examples."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

from fdc3.published import (
    PUBLISHED,
    descriptions,
    examples,
    files,
    our_facts,
    ours,
    published_facts,
    what_is_missing,
    words_in,
)
from ioconnect_codegen.fdc3 import describe_contexts, standard_contexts
from ioconnect_codemode.values import JsonValue

pytestmark = [pytest.mark.fdc3, pytest.mark.skipif(what_is_missing() is not None, reason=str(what_is_missing()))]

BREAK_THEIR_OWN_SCHEMA = {
    ("chart.schema.json", 0): "its range has both ends, and so fits all three options of a oneOf",
    ("interaction.schema.json", 0): "interactionType is a known text, and so both options of a oneOf",
    (
        "timeRange.schema.json",
        0,
    ): "endTime ends in ZS, which is no time zone; and both ends fit all three options of a oneOf",
}
"""Published examples that the published schema refuses. Ours take the first two, because apps send such values."""

NO_DATE = ("timeRange.schema.json", 0)


def test_the_same_context_types_are_there() -> None:
    assert our_facts().keys() == published_facts().keys()
    assert len(our_facts()) == 29


@pytest.mark.parametrize("kind", sorted(our_facts()))
def test_properties_types_and_required_sets_are_the_published_ones(kind: str) -> None:
    assert our_facts()[kind] == published_facts()[kind]


def test_every_published_example_but_an_impossible_date_fits_our_schema() -> None:
    refused = [(name, index) for name, index, example in examples() if not ours_take(example)]
    assert refused == [NO_DATE]


def test_examples_that_break_their_own_schema_are_the_known_ones() -> None:
    refused = {(name, index) for name, index, example in examples() if not theirs_take(name, example)}
    assert refused == set(BREAK_THEIR_OWN_SCHEMA)


def test_our_words_are_our_own() -> None:
    theirs = {run for text in descriptions(dict(files())) for run in words_in(text, count=7)}
    shared = {run for text in descriptions(dict(ours())) for run in words_in(text, count=7)} & theirs
    assert shared == set()


def ours_take(example: JsonValue) -> bool:
    assert isinstance(example, dict)
    kind = str(example["type"])
    if kind not in standard_contexts():
        return jsonschema_rs.is_valid({"$ref": "#/$defs/AnyContext", "$defs": ours()}, example)
    schema = describe_contexts((kind,)).schema
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(example)


def theirs_take(name: str, example: JsonValue) -> bool:
    def retrieve(uri: str) -> dict[str, JsonValue]:
        file = uri.rsplit("/", 1)[-1]
        if file == "api.schema.json":
            return {"definitions": {"AppIdentifier": {"type": "object", "required": ["appId"]}}}
        schema: dict[str, JsonValue] = json.loads((PUBLISHED / file).read_text(encoding="utf-8"))
        return schema

    validator = jsonschema_rs.Draft7Validator(dict(files()[name]), retriever=retrieve, validate_formats=True)
    return validator.is_valid(example)
