"""All checks of a value agree: the generated type's verdict, typeguard's, both validators' and the record's.

Schemas and values are drawn; every schema is generated into a package, so that the types are the ones that snippets see.
The rules that are held:

1. Both validators give the same verdict.
2. typeguard gives the verdict of the type as it is written in the definition.
3. What the schema accepts, the type accepts, but for one thing: to a schema 2.0 is 2, and to a type it is a float.
4. Where the type accepts and the schema doesn't, the schema without its constraints accepts: what a type can't say is a
   constraint of `CONSTRAINTS`, and nothing else.
5. A record holds exactly the value that came, and reads its declared fields by key and by attribute alike.
"""

from __future__ import annotations

import ast
import json
import tempfile
from collections import Counter
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import cast

import hypothesis
import pytest
from hypothesis import strategies as st

from generator.packages import loaded, of_schema  # noqa: TID251 - the tests of the generator, not its sources
from ioconnect_codemode.check import ArgumentCheck
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import TypeData
from ioconnect_codemode.records import Record
from ioconnect_codemode.stubs import typed
from ioconnect_codemode.validate import engine_named
from ioconnect_codemode.values import JsonValue

CONSTRAINTS = {
    "minimum",
    "maximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "contains",
    "minProperties",
    "maxProperties",
    "dependentRequired",
    "propertyNames",
    "additionalProperties",  # false: types are open, the wire is not
    "prefixItems",  # a tuple's places: JSON has lists only
}
Schema = dict[str, JsonValue]
KEYS = st.sampled_from(["id", "name", "items", "class", "a-b", "when", "x1"])


# -- schemas, and values near them -----------------------------------------------------------------------------------


def merged(parts: tuple[Schema, Schema]) -> Schema:
    return {**parts[0], **parts[1]}


def enum(values: list[JsonValue]) -> Schema:
    return {"enum": values}


def constant(value: JsonValue) -> Schema:
    return {"const": value}


def any_of(options: list[Schema]) -> Schema:
    return {"anyOf": list[JsonValue](options)}


def places(schemas: list[Schema]) -> Schema:
    return {"type": "array", "prefixItems": list[JsonValue](schemas), "minItems": len(schemas)}


def list_of(drawn: tuple[Schema, Schema]) -> Schema:
    return {"type": "array", "items": drawn[0], **drawn[1]}


def mapping_to(value: Schema) -> Schema:
    return {"type": "object", "additionalProperties": value}


def one_of(*schemas: Schema) -> st.SearchStrategy[Schema]:
    return st.sampled_from(schemas)


NUMBERS = st.tuples(
    one_of({"type": "integer"}, {"type": "number"}),
    one_of(
        {},
        {"minimum": 1},
        {"maximum": 3},
        {"multipleOf": 2},
        {"exclusiveMinimum": 1},
        {"exclusiveMaximum": 2.5},
        {"multipleOf": 0.1},
        {"maximum": 2**53},
    ),
).map(merged)
TEXTS = st.tuples(
    one_of({"type": "string"}),
    one_of(
        {},
        {"minLength": 2},
        {"maxLength": 3},
        {"pattern": "^[a-z]+$"},
        {"pattern": r"\d"},
        {"format": "date"},
        {"format": "date-time"},
        {"format": "uuid"},
        {"format": "decimal"},
    ),
).map(merged)
MEMBERS: list[JsonValue] = ["a", "b", "", 0, 1, 2, 2**60, True, False, None]
CHOICES = st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=3, unique_by=repr).map(enum)
CONSTANTS = st.sampled_from(MEMBERS).map(constant)
KINDS = one_of({"type": "boolean"}, {"type": "null"}, {"type": ["string", "null"]}, {"type": ["integer", "boolean"]})
SCALARS = st.one_of(NUMBERS, TEXTS, CHOICES, CONSTANTS, KINDS)


def record(drawn: tuple[dict[str, Schema], int, bool]) -> Schema:
    properties, required, is_closed = drawn
    schema: Schema = {"type": "object", "properties": {**properties}}
    schema["required"] = list[JsonValue](properties)[:required]
    return {**schema, "additionalProperties": False} if is_closed else schema


def with_more(drawn: tuple[Schema, Schema]) -> Schema:
    return {**drawn[0], **drawn[1]}


def all_of(drawn: tuple[Schema, Schema]) -> Schema:
    """A record that holds what another one holds, and more."""
    return {"allOf": [drawn[0], drawn[1]]}


def definition(inner: Schema) -> Schema:
    """A record whose parts refer to one definition, as generated schemas do."""
    part: Schema = {"$ref": "#/$defs/Part"}
    properties: Schema = {"one": part, "many": {"type": "array", "items": part}}
    return {"$defs": {"Part": inner}, "type": "object", "properties": properties, "required": ["one"]}


def tree(inner: Schema) -> Schema:
    """A record that holds further ones of its kind."""
    node: Schema = {"$ref": "#/$defs/Node"}
    properties: Schema = {"value": inner, "children": {"type": "array", "items": node}, "next": {"anyOf": [node, NULL]}}
    return {"$defs": {"Node": {"type": "object", "properties": properties, "required": ["value"]}}, **node}


NULL: Schema = {"type": "null"}


def larger(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.one_of(
        st.tuples(inner, one_of({}, {"minItems": 1}, {"maxItems": 1}, {"uniqueItems": True}, CONTAINS)).map(list_of),
        inner.map(mapping_to),
        st.tuples(records(inner), one_of({}, {}, {"minProperties": 1}, {"maxProperties": 2}, DEPENDENT)).map(with_more),
        st.tuples(records(inner), records(inner)).map(all_of),
        st.lists(inner, min_size=2, max_size=3).map(any_of),
        st.lists(inner, min_size=1, max_size=2).map(places),
    )


CONTAINS: Schema = {"contains": {"type": ["string", "integer"]}}
DEPENDENT: Schema = {"dependentRequired": {"id": ["name"]}}


def records(inner: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    return st.tuples(st.dictionaries(KEYS, inner, max_size=4), st.integers(0, 3), st.booleans()).map(record)


WRITTEN_OUT: st.SearchStrategy[Schema] = st.recursive(SCALARS, larger, max_leaves=6)
SMALL: st.SearchStrategy[Schema] = st.recursive(SCALARS, larger, max_leaves=2)
SCHEMAS: st.SearchStrategy[Schema] = st.one_of(WRITTEN_OUT, WRITTEN_OUT, SMALL.map(definition), SMALL.map(tree))
ANYTHING: st.SearchStrategy[JsonValue] = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-3, 5),
        st.sampled_from([0.5, 1.0, 2.0, "", "a", "ab", "2026-11-22", 2**70, 1e300, -0.0, "\x00\ud7ff"]),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEYS, inner, max_size=3)),
    max_leaves=5,
)


def near(schema: JsonValue, known: Schema | None = None) -> st.SearchStrategy[JsonValue]:
    """Values that fit a schema, or nearly: one part in sixteen is anything."""
    return st.integers(0, 15).flatmap(lambda dice: ANYTHING if dice == 0 else fitting(schema, known or {}))


def fitting(schema: JsonValue, known: Schema) -> st.SearchStrategy[JsonValue]:
    assert isinstance(schema, dict)
    inside = partial(near, known=known)
    match schema:
        case {"$defs": dict(definitions)}:
            return fitting({key: value for key, value in schema.items() if key != "$defs"}, definitions)
        case {"$ref": str(reference)}:
            return st.deferred(lambda: near(known[reference.removeprefix("#/$defs/")], known))
        case {"allOf": [one, other]}:
            return st.tuples(inside(one), inside(other)).map(both)
        case {"enum": list(values)}:
            return st.sampled_from(values)
        case {"const": value}:
            return st.sampled_from([value, 1, 1.0, True])
        case {"anyOf": list(options)}:
            return st.one_of(*map(inside, options))
        case {"prefixItems": list(inner)}:
            return st.tuples(*map(inside, inner)).map(as_list)
        case {"type": "array", "items": items}:
            return st.lists(inside(items), max_size=3)
        case {"properties": dict(properties)}:
            required = names(schema.get("required"))
            return st.fixed_dictionaries(
                {key: inside(properties[key]) for key in required if key in properties},
                optional={key: inside(inner) for key, inner in properties.items() if key not in required},
            )
        case {"type": "object", "additionalProperties": inner}:
            return st.dictionaries(KEYS, inside(inner), max_size=3)
        case {"type": list(kinds)}:
            return st.one_of(*(fitting({"type": kind}, known) for kind in kinds))
        case _:
            return PLAIN[str(schema["type"])]


def both(values: tuple[JsonValue, JsonValue]) -> JsonValue:
    one, other = values
    return {**one, **other} if isinstance(one, dict) and isinstance(other, dict) else one


def as_list(values: tuple[JsonValue, ...]) -> JsonValue:
    return list(values)


PLAIN: dict[str, st.SearchStrategy[JsonValue]] = {
    "string": st.sampled_from(
        [
            "",
            "a",
            "ab",
            "abcd",
            "2026-11-22",
            "2026-02-30",
            "A",
            "5",
            "1.50",
            "\U0001f600\U0001f600",
            "2026-11-22T10:00:00Z",
            "5b0c6e9f-21d4-4a7c-8b1e-3f2a1b0c9d8e",
        ]
    ),
    "integer": st.one_of(st.integers(-3, 5), st.sampled_from([1.0, 2.0, 2**53, 2**53 + 1, 2**70, 1e20])),
    "number": st.sampled_from([0, 2, 4, 0.5, 2.5, 0.1, 0.3, 0.7, 2**53 + 1, 1e300, -0.0]),
    "boolean": st.booleans(),
    "null": st.none(),
}


def names(required: JsonValue) -> list[str]:
    return [name for name in required if isinstance(name, str)] if isinstance(required, list) else []


# -- verdicts --------------------------------------------------------------------------------------------------------


def by_schema(engine: str, schema: JsonValue, value: JsonValue) -> bool:
    assert isinstance(schema, dict)
    return not engine_named(engine)(schema).findings(value)


def by_typeguard(manifest: Manifest, expression: str, value: JsonValue) -> bool:
    entry = manifest.capabilities["trap.t0"]
    parameter = {"name": "value", "key": "value", "type": expression, "required": True}
    entry_of_result = {**entry, "parameters": [parameter]}
    return not ArgumentCheck(manifest.types).mismatches(entry_of_result, {"value": value})  # type: ignore[arg-type]


def by_type(types: Mapping[str, TypeData], node: ast.expr, value: JsonValue) -> bool:
    """What the type expression says, read by its own words: the second opinion on typeguard."""
    fits = partial(by_type, types)
    match node:
        case ast.Constant(value=None):
            return value is None
        case ast.Name(id="Any"):
            return True
        case ast.Name(id="int"):
            return isinstance(value, int) and not isinstance(value, bool)
        case ast.Name(id="float"):
            return isinstance(value, int | float) and not isinstance(value, bool)
        case ast.Name(id="str" | "bool" as name):
            return type(value).__name__ == name
        case ast.BinOp(left=left, right=right):
            return fits(left, value) or fits(right, value)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            allowed = cast("JsonValue | tuple[JsonValue, ...]", ast.literal_eval(inner))
            members = allowed if isinstance(allowed, tuple) else (allowed,)
            return any(type(one) is type(value) and one == value for one in members)
        case ast.Subscript(value=ast.Name(id="list"), slice=inner):
            return isinstance(value, list) and all(fits(inner, item) for item in value)
        case ast.Subscript(value=ast.Name(id="tuple")):
            return isinstance(value, list)
        case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])):
            return isinstance(value, dict) and all(fits(inner, item) for item in value.values())
        case ast.Name(id=name):
            return by_named_type(types, types[name], value)
        case _:
            raise AssertionError(ast.unparse(node))


def by_named_type(types: Mapping[str, TypeData], data: TypeData, value: JsonValue) -> bool:
    if data["kind"] == "alias":
        return by_type(types, parsed(data.get("type", "Any")), value)
    return isinstance(value, dict) and all(
        by_type(types, parsed(one["type"]), value[one["key"]]) if one["key"] in value else not one["required"]
        for one in data.get("fields", [])
    )


def with_whole_numbers(value: JsonValue) -> JsonValue:
    """The value with 2 in the place of 2.0."""
    match value:
        case float() if value.is_integer():
            return int(value)
        case list():
            return [with_whole_numbers(item) for item in value]
        case dict():
            return {key: with_whole_numbers(item) for key, item in value.items()}
        case _:
            return value


def parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def without_constraints(schema: JsonValue) -> JsonValue:
    if isinstance(schema, list):
        return [without_constraints(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, JsonValue] = {
        key: inner
        if key == "enum"
        else {name: without_constraints(one) for name, one in inner.items()}
        if key in ("properties", "$defs") and isinstance(inner, dict)
        else without_constraints(inner)
        for key, inner in schema.items()
        if key not in CONSTRAINTS or (key == "additionalProperties" and inner is not False)
    }
    return kept


# -- the rules -------------------------------------------------------------------------------------------------------

SEEN: Counter[str] = Counter()


@hypothesis.settings(
    max_examples=150, deadline=None, suppress_health_check=(hypothesis.HealthCheck.too_slow,), derandomize=True
)
@hypothesis.given(data=st.data())
def test_checks_agree(data: st.DataObject) -> None:
    schema = data.draw(SCHEMAS)
    with tempfile.TemporaryDirectory() as folder:
        manifest = of_schema(schema, Path(folder))
        expression = manifest.capabilities["trap.t0"]["returns"]
        returns = loaded(manifest)
        for value in data.draw(st.lists(near(schema), min_size=1, max_size=6)):
            agree(manifest, schema, expression, value)
            holds(manifest, returns, expression, value)


def agree(manifest: Manifest, schema: Schema, expression: str, value: JsonValue) -> None:
    fits = by_schema("rust", schema, value)
    assert by_schema("python", schema, value) is fits
    assert by_schema("rust", manifest.schemas("trap.t0")["output_schema"] or {}, value) is fits
    typed_so = by_type(manifest.types, parsed(expression), value)
    assert by_typeguard(manifest, expression, value) is typed_so
    if fits and not typed_so:
        assert by_type(manifest.types, parsed(expression), with_whole_numbers(value)), "a type refuses what fits"
    if typed_so and not fits:
        assert by_schema("rust", without_constraints(schema), value), "a type is wider than its schema"
    SEEN[f"schema {fits}, type {typed_so}"] += 1


def holds(manifest: Manifest, modules: Mapping[str, ModuleType], expression: str, value: JsonValue) -> None:
    """Hold the record to the value that it is made of."""
    made = typed(json.loads(json.dumps(value)), annotation_of(modules, expression))
    assert json.loads(json.dumps(made)) == value
    if isinstance(made, Record) and type(made) is not Record:
        data = manifest.types[type(made).__name__]
        for one in data.get("fields", []):
            by_key = made[one["key"]]
            assert isinstance(value, dict) and value.get(one["key"]) == by_key
            if one["name"] != "items":
                assert getattr(made, one["name"]) == by_key  # `items` is decided by the language, from its position


def annotation_of(modules: Mapping[str, ModuleType], expression: str) -> object:
    known: dict[str, object] = {}
    for module in modules.values():
        known |= vars(module)
    return eval(expression, known)


def test_all_verdicts_were_seen() -> None:
    if not SEEN:
        test_checks_agree()
    assert set(SEEN) == {
        "schema True, type True",
        "schema True, type False",
        "schema False, type True",
        "schema False, type False",
    }
    assert SEEN["schema True, type False"] < sum(SEEN.values()) / 10
    assert min(SEEN.values()) > 3


@pytest.mark.parametrize("keyword", sorted(CONSTRAINTS))
def test_each_constraint_that_types_cannot_say_is_held_at_the_wire(keyword: str) -> None:
    schema, value = EXAMPLES[keyword]
    assert not by_schema("rust", schema, value)
    assert not by_schema("python", schema, value)
    assert by_schema("rust", without_constraints(schema), value)


EXAMPLES: dict[str, tuple[Schema, JsonValue]] = {
    "minimum": ({"minimum": 1}, 0),
    "maximum": ({"maximum": 1}, 2),
    "multipleOf": ({"multipleOf": 2}, 3),
    "minLength": ({"minLength": 1}, ""),
    "maxLength": ({"maxLength": 1}, "ab"),
    "pattern": ({"pattern": "^a$"}, "a\n"),
    "format": ({"format": "date"}, "today"),
    "minItems": ({"minItems": 1}, []),
    "maxItems": ({"maxItems": 1}, [1, 2]),
    "uniqueItems": ({"uniqueItems": True}, [{"a": 1}, {"a": 1}]),
    "exclusiveMinimum": ({"exclusiveMinimum": 1}, 1),
    "exclusiveMaximum": ({"exclusiveMaximum": 1}, 1),
    "contains": ({"contains": {"const": 1}}, [2]),
    "minProperties": ({"minProperties": 1}, {}),
    "maxProperties": ({"maxProperties": 0}, {"a": 1}),
    "dependentRequired": ({"dependentRequired": {"a": ["b"]}}, {"a": 1}),
    "propertyNames": ({"propertyNames": {"maxLength": 1}}, {"ab": 1}),
    "additionalProperties": ({"properties": {"a": {}}, "additionalProperties": False}, {"b": 1}),
    "prefixItems": ({"prefixItems": [{"type": "integer"}]}, ["a"]),
}
