"""Stand-ins fit their schema: hand-picked schemas, those of the wealth desk, and schemas drawn at random."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.matching_text import text_like
from ioconnect_codemode.stand_ins import stand_in
from ioconnect_codemode.validate import Validators
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

TREE: dict[str, JsonValue] = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]},
                "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
            },
            "required": ["name", "next", "children"],
        }
    },
}
SATISFIABLE: dict[str, dict[str, JsonValue]] = {
    "const": {"const": {"a": [1]}},
    "enum": {"enum": ["x", "y"]},
    "enum of a type": {"type": "integer", "enum": ["x", 3]},
    "null or text": {"type": ["null", "string"]},
    "short text or number": {"anyOf": [{"type": "string"}, {"type": "number"}], "maxLength": 5},
    "date": {"type": "string", "format": "date"},
    "date-time": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "format": "time"},
    "email": {"type": "string", "format": "email"},
    "short email": {"type": "string", "format": "email", "maxLength": 10},
    "anything but null": {"not": {"type": "null"}},
    "names by pattern": {
        "type": "object",
        "patternProperties": {"^x-": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "names of a pattern": {"type": "object", "propertyNames": {"pattern": "^[a-z]{3}$"}, "minProperties": 1},
    "names of a choice": {
        "type": "object",
        "propertyNames": {"enum": ["EUR", "USD"]},
        "additionalProperties": {"type": "number"},
        "minProperties": 2,
    },
    "uuid": {"type": "string", "format": "uuid"},
    "uri": {"type": "string", "format": "uri"},
    "long text": {"type": "string", "minLength": 40},
    "short text": {"type": "string", "maxLength": 2},
    "pattern": {"type": "string", "pattern": "^CL-[0-9]{5}$"},
    "pattern with a choice": {"type": "string", "pattern": r"^(EUR|USD) \d+\.\d{2}$"},
    "between": {"type": "integer", "minimum": 7, "maximum": 9},
    "below zero": {"type": "number", "maximum": -0.5},
    "excluded bounds": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
    "excluded bounds of draft 4": {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "type": "integer",
        "minimum": 3,
        "exclusiveMinimum": True,
    },
    "multiple": {"type": "integer", "minimum": 10, "multipleOf": 7},
    "multiple of a fraction": {"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.25},
    "list": {"type": "array", "items": {"type": "integer"}, "minItems": 3},
    "list without duplicates": {"type": "array", "items": {"type": "string"}, "minItems": 4, "uniqueItems": True},
    "empty list": {"type": "array", "maxItems": 0},
    "pair": {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "minItems": 2, "items": False},
    "containing": {"type": "array", "contains": {"const": 5}, "minItems": 1},
    "fields": {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a", "b"]},
    "other fields": {"type": "object", "required": ["x"], "additionalProperties": {"type": "boolean"}},
    "some fields": {"type": "object", "minProperties": 3, "additionalProperties": {"type": "integer"}},
    "at most one field": {
        "type": "object",
        "maxProperties": 1,
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
    },
    "fields that ask for others": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "required": ["a"],
        "dependentRequired": {"a": ["b"]},
    },
    "all of": {"allOf": [{"type": "integer", "minimum": 3}, {"type": "number", "maximum": 3.5}]},
    "all of objects": {
        "allOf": [
            {"type": "object", "properties": {"a": {"minimum": 2}}, "required": ["a"]},
            {"properties": {"a": {"type": "integer"}}},
        ]
    },
    "one of": {"oneOf": [{"type": "integer"}, {"type": "number", "minimum": 1}]},
    "any of, the first impossible": {"anyOf": [False, {"type": "string"}]},
    "if and then": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "size": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["size"]},
    },
    "recursive": TREE,
    "list of itself": {"type": "array", "items": {"$ref": "#"}},
    "anything": {},
}


def fits(schema: dict[str, JsonValue] | bool, value: JsonValue) -> bool:
    return not Validators().of(schema, name="f").findings(value)


def made(schema: dict[str, JsonValue]) -> JsonValue:
    return stand_in(schema, lambda one: fits(schema, one))


@pytest.mark.parametrize("schema", SATISFIABLE.values(), ids=SATISFIABLE)
def test_a_stand_in_fits_its_schema(schema: dict[str, JsonValue]) -> None:
    value = made(schema)
    assert fits(schema, value), value
    assert value == made(schema)


@pytest.mark.parametrize(
    "schema", [False, {"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, {"$ref": "#/nowhere"}]
)
def test_a_schema_that_nothing_fits_is_answered_all_the_same(schema: dict[str, JsonValue] | bool) -> None:
    assert stand_in(schema, lambda one: False) is None


def test_every_answer_of_the_wealth_desk_has_a_stand_in_that_fits() -> None:
    manifest = Manifest.read(PACKAGE)
    schemas = {name: manifest.schemas(name)["output_schema"] for name in manifest.capabilities}
    assert [name for name, schema in schemas.items() if schema is not None and not fits(schema, made(schema))] == []
    assert sum(schema is not None for schema in schemas.values()) > 20


@pytest.mark.parametrize(
    ("schema", "read"),
    [
        ({"type": "string", "format": "decimal"}, Decimal),
        ({"type": "string", "format": "bigint"}, int),
        ({"type": "string", "format": "byte"}, base64.b64decode),
        ({"type": "string", "format": "date"}, date.fromisoformat),
        ({"type": "string", "format": "date-time"}, datetime.fromisoformat),
        ({"anyOf": [{"type": "string"}, {"type": "number"}]}, datetime.fromisoformat),
        ({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$"}, Decimal),
    ],
)
def test_a_text_can_be_read_as_what_it_is_declared_to_hold(
    schema: dict[str, JsonValue], read: Callable[[str], object]
) -> None:
    assert read(str(made(schema))) is not None


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "number"}, 1),
        ({"type": "integer", "maximum": 5}, 1),
        ({"type": "number", "maximum": 0.5}, 0),
        ({"type": "integer", "minimum": 2**63}, 2**63),
        ({"type": "number", "exclusiveMinimum": 0, "multipleOf": 0.01}, 0.01),
    ],
)
def test_a_number_is_one_that_can_be_divided_by_where_that_fits(schema: dict[str, JsonValue], value: float) -> None:
    assert made(schema) == value


def test_optional_fields_are_there_so_that_a_snippet_finds_what_it_reads() -> None:
    schema: dict[str, JsonValue] = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "items": {"type": "array", "items": {"type": "integer"}}},
    }
    assert made(schema) == {"id": "stand-in", "items": [1]}


def test_a_wide_tree_of_references_stays_small() -> None:
    levels: dict[str, JsonValue] = {
        f"l{n}": {
            "type": "object",
            "properties": {f"p{m}": {"$ref": f"#/$defs/l{n + 1}"} for m in range(10)},
            "required": ["p0"],
        }
        for n in range(9)
    }
    schema: dict[str, JsonValue] = {"$ref": "#/$defs/l0", "$defs": {**levels, "l9": {"type": "string"}}}
    value = made(schema)
    assert fits(schema, value)
    assert len(json.dumps(value)) < 200_000


@pytest.mark.parametrize("pattern", ["^a+?b$", r"(?:ab){3}", r"[^a-z]\w\s", r"(x)\1", "^$", r"\.", "[\u00e9]"])
def test_a_text_is_found_for_ordinary_patterns(pattern: str) -> None:
    assert text_like(pattern) is not None


@pytest.mark.parametrize("pattern", ["(?=a)b", "(", "a{100000}", r"\p{L}"])
def test_a_pattern_that_is_too_hard_gives_none(pattern: str) -> None:
    assert text_like(pattern) is None


Schema = dict[str, JsonValue]
NUMBERS = st.integers(-50, 50)
NAMES = st.text("abc", min_size=1, max_size=2)


@st.composite
def leaves(draw: st.DrawFn) -> Schema:
    low, more = draw(NUMBERS), draw(st.integers(1, 9))
    choices: list[JsonValue] = [*draw(st.lists(NUMBERS, min_size=1, max_size=3, unique=True)), "x"]
    drawn: list[Schema] = [
        {"type": "boolean"},
        {"type": "null"},
        {"type": "integer", "minimum": low, "maximum": low + more - 1},
        {"type": "number", "exclusiveMinimum": low, "maximum": low + more},
        {"type": "string", "minLength": abs(low), "maxLength": abs(low) + more},
        {"type": "string", "format": draw(st.sampled_from(["date", "date-time", "uuid", "email", "ipv4"]))},
        {"enum": choices},
    ]
    return draw(st.sampled_from(drawn))


@st.composite
def composed(draw: st.DrawFn, inner: st.SearchStrategy[Schema]) -> Schema:
    fields: Schema = dict(draw(st.dictionaries(NAMES, inner, max_size=3)))
    required: list[JsonValue] = [name for name in fields if draw(st.booleans())]
    branches: list[JsonValue] = [*draw(st.lists(inner, min_size=1, max_size=3))]
    drawn: list[Schema] = [
        {"type": "object", "properties": fields, "required": required},
        {"type": "object", "properties": fields, "required": required, "additionalProperties": False},
        {"type": "array", "items": branches[0], "minItems": draw(st.integers(0, 3))},
        {"anyOf": branches},
        {"allOf": branches[:1]},
    ]
    return draw(st.sampled_from(drawn))


SCHEMAS = st.recursive(leaves(), composed, max_leaves=8)


@settings(max_examples=300, deadline=None)
@given(SCHEMAS)
def test_a_stand_in_of_any_drawn_schema_fits(schema: Schema) -> None:
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    assert validator.is_valid(stand_in(schema, validator.is_valid))
