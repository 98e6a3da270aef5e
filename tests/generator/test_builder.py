"""A package that follows its environment is the one that is made from nothing, and only what changed is made again."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import cache

import pytest
from environments import make_environment, with_one_change
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ioconnect_codegen import Builder, EnvironmentReader, Package, generate, read_environment
from ioconnect_codegen.catalog import CatalogBuilder, build_catalog
from ioconnect_codegen.models import Shapes
from ioconnect_codemode.values import JsonValue

Json = dict[str, JsonValue]
SHAPES: Shapes = {}  # of all examples: asking datamodel-code-generator for each of them again takes minutes

CLASHES: list[JsonValue] = [
    {"name": "CRM.Get", "accepts": "Composite: {String id} client", "returns": "Composite: {String id} client"},
    {"name": "crm.get", "accepts": "Composite: {Int id} client"},
    {"name": "Orders.Get", "accepts": "Composite: {Bool id, Composite: {String a} order} client"},
    {"name": "CRM.Client", "accepts": "String client, String Client, String ClientOrder"},
    {"name": "Tick42.FDC3.Intents.ViewChart", "flags": {"intent": {"contextTypes": ["fdc3.instrument"]}}},
    {"name": "Tick42.FDC3.Intents.Own", "flags": {"intent": {"contextTypes": ["Client"], "displayName": "Own"}}},
    {"name": "T42.ACS.Command", "accepts": "String command"},
    {"name": "Stream.Quotes", "supportsStreaming": True},
]
NUMBERS: tuple[JsonValue, ...] = (1, 1.0, True, "1")


def tool(number: int, default: JsonValue) -> Json:
    schema: Json = {"type": "object", "properties": {"n": {"default": default, "enum": [default, 2]}}}
    return {"name": f"tool{number}", "config": {"inputSchema": schema}, "interop": {"methodName": f"Tools.T{number}"}}


def listed(document: Json, key: str) -> list[JsonValue]:
    found = document.setdefault(key, [])
    assert isinstance(found, list)
    return list(found)


def replaced(document: Json, key: str, entries: list[JsonValue]) -> Json:
    return {**document, key: entries}


def change_method(document: Json, rng: random.Random) -> Json:
    return with_one_change(document, number=rng.randrange(len(listed(document, "methods")) or 1))


def add_method(document: Json, rng: random.Random) -> Json:
    methods = listed(document, "methods")
    more = listed(environment(rng.randrange(3)), "methods")
    methods.insert(rng.randrange(len(methods) + 1), rng.choice([*CLASHES, *more]))
    return replaced(document, "methods", methods)


def drop_methods(document: Json, rng: random.Random) -> Json:
    methods = listed(document, "methods")
    return replaced(document, "methods", [one for one in methods if rng.random() < 0.8])


def change_tool(document: Json, rng: random.Random) -> Json:
    return replaced(document, "tools", [tool(number, rng.choice(NUMBERS)) for number in range(rng.randrange(3))])


def change_applications(document: Json, rng: random.Random) -> Json:
    apps = [app for app in listed(document, "applications") if rng.random() < 0.7]
    named: Json = {"name": "app-0", "title": rng.choice(("Desk", "Other desk", ""))}
    return replaced(document, "applications", [*apps, named])


def change_intents(document: Json, rng: random.Random) -> Json:
    kept: list[JsonValue] = [one for one in listed(document, "intents") if rng.random() < 0.5]
    return replaced(document, "intents", kept + listed(environment(rng.randrange(3)), "intents")[:1])


def change_order(document: Json, rng: random.Random) -> Json:
    methods = listed(document, "methods")
    rng.shuffle(methods)
    return replaced(document, "methods", methods)


def change_name(document: Json, rng: random.Random) -> Json:
    return {**document, "name": f"desk-{rng.randrange(2)}", "description": rng.choice(("", "A desk."))}


def read_again(document: Json, rng: random.Random) -> Json:
    del rng
    again: Json = json.loads(json.dumps(document))
    return again


CHANGES: list[Callable[[Json, random.Random], Json]] = [
    *(change_method, add_method, drop_methods, change_tool, change_applications, change_intents),
    *(change_order, change_name, read_again),
]


@cache
def environment(seed: int) -> Json:
    return make_environment(12, seed=seed)


def same(package: Package, document: Json) -> bool:
    return package.files() == Builder(shapes=SHAPES).update(read_environment(document)).files()


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2), st.lists(st.tuples(st.sampled_from(CHANGES), st.integers()), min_size=1, max_size=6))
@example(2, [(add_method, 31072), (read_again, 0), (change_method, 1)])  # one of two that say the same is changed
def test_followed_package_is_the_one_made_from_nothing(
    seed: int, changes: list[tuple[Callable[[Json, random.Random], Json], int]]
) -> None:
    reader, builder, document = EnvironmentReader(), Builder(shapes=SHAPES), environment(seed)
    builder.update(reader.read(document))

    for change, luck in changes:
        document = change(document, random.Random(luck))
        followed = reader.read(document)
        assert followed == read_environment(document)
        assert same(builder.update(followed), document)


def test_followed_catalog_is_the_one_made_from_nothing() -> None:
    reader, builder, document = EnvironmentReader(), CatalogBuilder(), environment(0)
    builder.update(reader.read(document))
    changed = with_one_change(document, number=3)

    assert builder.update(reader.read(changed)) == build_catalog(read_environment(changed))


INNER = "composite: {string text, int size} data"
DEEP = (INNER, f"composite: {{composite: {{{INNER}}} order}} value")
NAMELESS: list[Json] = [
    {"name": f"{namespace}.{name}", "returns": returns}
    for namespace, name in (("A", "Get"), ("A", "Value"), ("B", "Get"))
    for returns in DEEP
]
"""Methods whose nameless results hold one another: a type's name follows from who shows what it stands in."""


@settings(deadline=None)
@given(st.permutations(NAMELESS), st.permutations(NAMELESS))
def test_followed_names_of_types_are_those_made_from_nothing(coming: list[Json], going: list[Json]) -> None:
    reader, builder = EnvironmentReader(), CatalogBuilder()
    desks = [*(coming[:count] for count in range(1, len(coming))), *(going[count:] for count in range(len(going)))]
    for methods in desks:
        document: Json = {"schemaVersion": 1, "name": "desk", "methods": list[JsonValue](methods)}
        assert builder.update(reader.read(document)) == build_catalog(read_environment(document))


def test_manifest_in_memory_is_the_one_of_the_file() -> None:
    package = Builder(shapes=SHAPES).update(read_environment(environment(1)))

    assert package.manifest == json.loads(package.files()["manifest.json"])


def test_one_changed_method_leaves_the_files_of_other_namespaces_as_they_are() -> None:
    reader, builder, document = EnvironmentReader(), Builder(shapes=SHAPES), make_environment(60)
    before = builder.update(reader.read(document))
    after = builder.update(reader.read(with_one_change(document, number=30)))
    (namespace,) = (
        new.name for old, new in zip(before.catalog.namespaces, after.catalog.namespaces, strict=True) if old is not new
    )

    changed, gone = after.changes(before)

    paths = {f"{namespace}.py", f"definitions/{namespace}.pyi", f"schemas/{namespace}.json"}
    assert set(changed) == {*paths, "GUIDE.md", "search.json"}
    assert gone == frozenset()
    made_again = {path for path, text in after.texts.items() if text is not before.texts[path]}
    assert made_again == {*paths, "GUIDE.md", "__init__.py", "search.json"}
    kept = [one for one in after.catalog.capabilities if any(one is other for other in before.catalog.capabilities)]
    assert len(kept) == len(after.catalog.capabilities) - 1
    types = {id(one) for one in before.catalog.types}
    assert all(id(one) in types or namespace in one.namespaces for one in after.catalog.types)


def test_method_that_comes_renames_no_type_that_namespaces_share() -> None:
    def order(field: str) -> str:
        return f"Composite: {{String id, Int {field}}} order"

    methods: list[JsonValue] = [{"name": f"Desk{number}.Place", "accepts": order("old")} for number in range(5)]
    document: Json = {"schemaVersion": 1, "name": "desk", "methods": methods}
    reader, builder = EnvironmentReader(), Builder(shapes=SHAPES)
    before = builder.update(reader.read(document))

    comer: Json = {"name": "New.Place", "accepts": order("new")}
    document = replaced(document, "methods", [comer, *methods])
    after = builder.update(reader.read(document))

    changed, _ = after.changes(before)
    new = {"new.py", "definitions/new.pyi", "schemas/new.json"}
    assert set(changed) == {*new, "GUIDE.md", "search.json"}
    assert [one.name for one in after.catalog.types] == ["NewOrder", "Order"]
    assert same(after, document)


def test_changed_title_of_an_app_changes_the_words_of_its_functions_and_of_no_others() -> None:
    reader, builder, document = EnvironmentReader(), Builder(shapes=SHAPES), make_environment(60)
    before = builder.update(reader.read(document))
    titled: list[JsonValue] = [{"name": "app-0", "title": "Lighthouse"}, *listed(document, "applications")[1:]]
    after = builder.update(reader.read(replaced(document, "applications", titled)))
    own = {one.name for one in after.catalog.capabilities if "app-0" in one.apps}

    old, new = (json.loads(package.texts["search.json"]) for package in (before, after))

    assert {name for name in new if new[name] != old[name]} == own != new.keys()
    assert all("lighthous" in new[name].split("|")[0].split(";") for name in own)
    kept = {id(one) for one in before.catalog.capabilities}
    methods = [one for one in after.catalog.capabilities if one.kind == "method"]
    assert all((id(one) in kept) == (one.name not in own) for one in methods)


def test_unchanged_environment_makes_nothing_again() -> None:
    reader, builder, document = EnvironmentReader(), Builder(shapes=SHAPES), environment(2)
    before = builder.update(reader.read(document))
    after = builder.update(reader.read(json.loads(json.dumps(document))))

    assert after.changes(before) == ({}, frozenset())
    assert all(old is new for old, new in zip(before.catalog.namespaces, after.catalog.namespaces, strict=True))
    assert all(old is new for old, new in zip(before.catalog.types, after.catalog.types, strict=True))


def test_vanished_namespace_is_gone() -> None:
    builder = Builder(shapes=SHAPES)
    before = builder.update(read_environment({"schemaVersion": 1, "name": "a", "methods": list(CLASHES)}))
    after = builder.update(read_environment({"schemaVersion": 1, "name": "a", "methods": CLASHES[:2]}))

    assert "definitions/orders.pyi" in after.changes(before)[1]
    assert same(after, {"schemaVersion": 1, "name": "a", "methods": CLASHES[:2]})


@pytest.mark.parametrize(("one", "other"), [(1, 1.0), (1, True), (1.0, True)])
def test_numbers_that_python_takes_for_equal_are_a_change(one: JsonValue, other: JsonValue) -> None:
    reader, builder = EnvironmentReader(), Builder(shapes=SHAPES)
    documents: list[Json] = [
        {"schemaVersion": 1, "name": "a", "methods": [], "tools": [tool(0, value)]} for value in (one, other)
    ]
    before, after = (builder.update(reader.read(document)).files() for document in documents)

    assert before != after == generate(read_environment(documents[1]))


def test_order_of_keys_is_a_change_because_it_is_the_order_of_parameters() -> None:
    def with_keys(*keys: str) -> Json:
        schema: Json = {"type": "object", "properties": {key: {"type": "string"} for key in keys}}
        one: Json = {"name": "t", "config": {"inputSchema": schema}, "interop": {"methodName": "CRM.T"}}
        return {"schemaVersion": 1, "name": "a", "methods": [], "tools": [one]}

    left, right = read_environment(with_keys("a", "b")), read_environment(with_keys("b", "a"))

    assert left.digest != right.digest
    assert generate(left) != generate(right)


def test_changed_example_is_a_change_of_its_parameter_alone() -> None:
    def shown(example: str) -> JsonValue:
        identity: Json = {"type": "string", "examples": [example]}
        return {"type": "object", "properties": {"id": identity}, "required": ["id"]}

    def desk(client: str) -> Json:
        tools: list[JsonValue] = [
            {"name": name, "config": {"inputSchema": shown(example)}, "interop": {"methodName": f"CRM.{name}"}}
            for name, example in (("GetClient", client), ("GetOrder", "OR-1"))
        ]
        return {"schemaVersion": 1, "name": "a", "methods": [], "tools": tools}

    def examples(package: Package) -> dict[str, JsonValue]:
        found = package.manifest["capabilities"]
        return {name: one["parameters"][0].get("example") for name, one in found.items()}

    builder, reader = Builder(shapes=SHAPES), EnvironmentReader()
    before = builder.update(reader.read(desk("CL-1")))
    after = builder.update(reader.read(desk("CL-2")))

    assert examples(before) == {"crm.get_client": "CL-1", "crm.get_order": "OR-1"}
    assert examples(after) == {"crm.get_client": "CL-2", "crm.get_order": "OR-1"}
    assert same(after, desk("CL-2"))
