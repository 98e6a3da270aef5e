"""Observed answers become schemas: keys and types, and no value."""

from __future__ import annotations

import json

import pytest

from ioconnect_codegen.observed import says_something, schema_of
from ioconnect_codemode.values import JsonValue


def test_objects_of_several_answers_are_one_with_the_keys_that_all_have_required() -> None:
    answers: list[JsonValue] = [
        {"id": "CL-1", "age": 41, "tags": ["a"], "phone": None},
        {"id": "CL-2", "age": 41.5, "tags": []},
    ]

    assert schema_of(answers) == {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "age": {"type": "number"},
            "tags": {"type": "array", "items": {"type": "string"}},
            "phone": {"type": "null"},
        },
        "required": ["id", "age", "tags"],
    }


def test_value_that_may_be_null_or_of_two_kinds_is_a_union() -> None:
    assert schema_of([[None, "x"], [3]]) == {
        "type": "array",
        "items": {"anyOf": [{"type": "integer"}, {"type": "null"}, {"type": "string"}]},
    }


@pytest.mark.parametrize(
    "keys",
    [
        ["CL-10024", "CL-10031"],
        ["Amelia Reid"],
        ["amelia@example.com"],
        ["2026-11-28"],
        ["client10024"],
        [f"{first}{second}_sold" for first in "abcdefgh" for second in "abcdefgh"],
        ["x" * 41],
    ],
)
def test_keys_that_look_like_data_are_not_stored(keys: list[str]) -> None:
    schema = schema_of([{key: {"adviser": "Jonas"} for key in keys}])

    assert "properties" not in schema
    assert not any(key in json.dumps(schema) for key in keys)


def test_objects_of_one_form_under_several_keys_are_entries_of_a_map() -> None:
    entry: JsonValue = {"amount": 1}
    inner = {"type": "object", "properties": {"amount": {"type": "integer"}}, "required": ["amount"]}

    assert schema_of([{"amelia": entry, "jonas": entry, "priya": entry}]) == {
        "type": "object",
        "additionalProperties": inner,
    }
    assert "properties" in schema_of([{"bid": entry, "ask": entry}])


def test_no_value_of_an_answer_is_in_its_schema() -> None:
    answer: JsonValue = {"name": "Amelia Reid", "born": "1970-01-01", "balance": 81237.25, "flags": [True, "vip"]}
    text = json.dumps(schema_of([answer]))

    assert not any(value in text for value in ("Amelia", "1970", "81237", "vip", "true"))


def test_endless_depth_is_described_as_anything_below_some_levels() -> None:
    deep: JsonValue = "end"
    for _ in range(1_000):
        deep = [deep]

    assert json.dumps(schema_of([deep])).count("items") == 12


SAYING: list[tuple[list[JsonValue], bool]] = [
    ([], False),
    ([{}], False),
    ([None], False),
    ([[]], True),
    (["x"], True),
]


@pytest.mark.parametrize(("answers", "says"), SAYING)
def test_answers_without_a_shape_are_no_proposal(answers: list[JsonValue], says: bool) -> None:
    assert says_something(schema_of(answers)) is says
