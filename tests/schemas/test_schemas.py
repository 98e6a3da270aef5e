"""The three document schemas: sound, described, with examples that hold and refusals at the right place."""

from __future__ import annotations

import json
from collections.abc import Iterator

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codemode.values import JsonValue

SCHEMAS = ["environment", "manifest", "frames"]


def load(name: str) -> dict[str, JsonValue]:
    schema: dict[str, JsonValue] = json.loads(ioconnect_schemas.read(f"{name}.schema.json"))
    return schema


def places(name: str, document: JsonValue) -> set[str]:
    """Where the document breaks the schema, as paths such as `methods/0/name`."""
    errors = jsonschema_rs.validator_for(load(name)).iter_errors(document)
    return {"/".join(str(step) for step in error.instance_path) for error in errors}


def properties(node: JsonValue, path: str = "") -> Iterator[tuple[str, JsonValue]]:
    """Every property that a schema declares, with its place; examples are documents and not looked into."""
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from properties(item, f"{path}/{index}")
        return
    if not isinstance(node, dict):
        return
    # What stands under `if` selects a form; it declares nothing.
    for key, value in node.items():
        if key in ("examples", "if"):
            continue
        if key == "properties" and isinstance(value, dict):
            for name, declared in value.items():
                yield f"{path}/{name}", declared
        yield from properties(value, f"{path}/{key}")


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_holds_the_meta_schema(name: str) -> None:
    jsonschema_rs.meta.validate(load(name))


@pytest.mark.parametrize("name", SCHEMAS)
def test_schema_names_itself_and_its_version(name: str) -> None:
    schema = load(name)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"https://ioconnect-codemode.dev/schemas/{name}/1"
    assert schema["title"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_property_is_described(name: str) -> None:
    found = list(properties(load(name)))
    bare = [path for path, declared in found if not (isinstance(declared, dict) and declared.get("description"))]
    assert found
    assert bare == []


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_examples_hold(name: str) -> None:
    examples = load(name)["examples"]
    assert isinstance(examples, list)
    assert [places(name, example) for example in examples] == [set()] * len(examples)
    assert examples


def test_there_is_an_example_of_every_frame() -> None:
    schema = load("frames")
    examples = schema["examples"]
    assert isinstance(examples, list)
    assert [part(example)["type"] for example in examples] == part(schema, "properties", "type")["enum"]


def environment(**parts: JsonValue) -> dict[str, JsonValue]:
    return {"schemaVersion": 1, "name": "wealth-desk", "methods": [], **parts}


WRONG_ENVIRONMENTS: list[tuple[JsonValue, str]] = [
    ([], ""),
    ({"schemaVersion": 1, "name": "wealth-desk"}, ""),
    (environment(schemaVersion=2), "schemaVersion"),
    (environment(methods=[{"name": "CRM.GetClient"}, {"name": ""}]), "methods/1/name"),
    (
        environment(methods=[{"name": "A", "flags": {"ioIntelMCPTool": {"inputSchema": 1}}}]),
        "methods/0/flags/ioIntelMCPTool/inputSchema",
    ),
    (environment(tools=[{"name": "t", "config": {}, "interop": {}}]), "tools/0/interop"),
    (
        environment(applications=[{"name": "crm", "customProperties": {"interop": {"methods": [{}]}}}]),
        "applications/0/customProperties/interop/methods/0",
    ),
    (
        environment(intents=[{"name": "ViewChart", "handlers": [{"applicationName": "charts", "type": "window"}]}]),
        "intents/0/handlers/0/type",
    ),
]


@pytest.mark.parametrize(("document", "place"), WRONG_ENVIRONMENTS)
def test_wrong_environment_is_refused_at_its_place(document: JsonValue, place: str) -> None:
    assert places("environment", document) == {place}


def test_unknown_properties_of_an_environment_are_allowed_everywhere() -> None:
    document = environment(
        more=1,
        methods=[{"name": "A", "more": 1, "flags": {"more": 1}, "servers": [{"application": "crm", "pid": 7}]}],
        tools=[{"name": "t", "more": 1, "config": {"more": 1}, "interop": {"methodName": "A", "more": 1}}],
        applications=[{"name": "crm", "more": 1, "intents": [{"name": "ViewChart", "customConfig": {}}]}],
        intents=[{"name": "ViewChart", "more": 1, "handlers": []}],
    )
    assert places("environment", document) == set()


def manifest() -> dict[str, JsonValue]:
    examples = load("manifest")["examples"]
    assert isinstance(examples, list)
    return part(examples[0])


def part(node: JsonValue, *path: str) -> dict[str, JsonValue]:
    assert isinstance(node, dict)
    return part(node[path[0]], *path[1:]) if path else node


def test_capability_with_an_unknown_effect_word_is_refused_at_its_place() -> None:
    document = manifest()
    part(document, "capabilities", "crm.find_clients")["effect"] = "safe"
    assert places("manifest", document) == {"capabilities/crm.find_clients/effect"}


def test_record_without_fields_is_refused_where_an_alias_needs_none() -> None:
    document = manifest()
    del part(document, "types", "Client")["fields"]
    assert places("manifest", document) == {"types/Client"}


@pytest.mark.parametrize("path", ["../crm.py", "/etc/crm.py", "a/../crm.py", "a\\crm.py", ".crm.py"])
def test_file_outside_of_the_package_is_refused(path: str) -> None:
    document = manifest()
    digest = part(document, "files")["crm.py"]
    assert places("manifest", {**document, "files": {path: digest}}) != set()
    assert places("manifest", {**document, "files": {"definitions/crm.pyi": digest, "py.typed": digest}}) == set()


WRONG_FRAMES: list[tuple[JsonValue, str]] = [
    ({"type": "exit"}, "type"),
    ({"type": "ready", "protocol": 2, "python": "3.11.7", "layers": {}}, "protocol"),
    ({"type": "ready", "protocol": 1, "python": "3.11.7", "layers": {"seccomp": "off"}}, "layers/seccomp"),
    ({"type": "need", "names": ["crm", 1]}, "names/1"),
    ({"type": "call", "calls": []}, "calls"),
    ({"type": "call", "calls": [{"id": 0, "name": "crm.f", "arguments": []}]}, "calls/0/arguments"),
    ({"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False, "more": 1}, ""),
    (
        {"type": "failed", "errors": [{"kind": "oops", "message": ""}], "printed": "", "printed_is_cut": False},
        "errors/0/kind",
    ),
    (
        {
            "type": "run",
            "code": "1",
            "inputs": {},
            "facades": [],
            "limits": {"print_characters": 1},
            "started_ns": 0,
            "seed": 1,
        },
        "limits",
    ),
    ({"type": "wait", "id": 1, "for_us": -1}, "for_us"),
    ({"type": "reply", "replies": []}, ""),
    ({"type": "reply", "elapsed_us": 0, "replies": [{"id": 0, "ok": True}]}, "replies/0"),
    (
        {"type": "reply", "elapsed_us": 0, "replies": [{"id": 0, "ok": False, "kind": "timeout", "message": ""}]},
        "replies/0/kind",
    ),
]


@pytest.mark.parametrize(("frame", "place"), WRONG_FRAMES)
def test_wrong_frame_is_refused_at_its_place(frame: JsonValue, place: str) -> None:
    assert places("frames", frame) == {place}


def test_worker_may_not_send_what_only_the_host_sends() -> None:
    from_worker = jsonschema_rs.validator_for({"$ref": "#/$defs/to_host", "$defs": load("frames")["$defs"]})
    assert [error.instance_path for error in from_worker.iter_errors({"type": "reply", "replies": []})] == [["type"]]
    assert from_worker.is_valid({"type": "need", "names": []})
