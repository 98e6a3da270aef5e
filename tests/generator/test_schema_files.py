"""Schema files given beside what refers to them: bundled where they were given, and nothing else is opened."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ioconnect_codegen import build_catalog, read_environment
from ioconnect_codegen.capture import capture
from ioconnect_codegen.catalog import Catalog
from ioconnect_codegen.expressions import expression
from ioconnect_codegen.shapes import Record
from ioconnect_codegen.sources import Part, SchemaFiles
from ioconnect_codegen.sources.schema_files import ROOT, addresses
from ioconnect_codemode.values import JsonValue

TEXT: JsonValue = {"type": "string"}


def app(output: JsonValue) -> JsonValue:
    methods: JsonValue = [{"name": "CRM.Get", "outputSchema": output}]
    return [{"name": "crm", "type": "window", "customProperties": {"interop": {"methods": methods}}}]


def written(folder: Path, files: Mapping[str, JsonValue]) -> list[str]:
    for name, document in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(json.dumps(document), encoding="utf-8")
    return [str(folder / name) for name in files]


def captured(folder: Path, files: Mapping[str, JsonValue], *given: str) -> tuple[Catalog, list[str]]:
    """Write all of the files, capture the given ones, and give the catalog and what was said."""
    paths = dict(zip(files, written(folder, files), strict=True))
    said: list[str] = []
    document = asyncio.run(capture([paths[name] for name in given or files], progress=said.append))
    return build_catalog(read_environment(document)), said


def types(catalog: Catalog) -> dict[str, list[str]]:
    return {
        one.name: [f"{field.key}: {expression(field.shape)}" for field in one.shape.fields]
        for one in catalog.types
        if isinstance(one.shape, Record)
    }


def test_files_that_refer_to_each_other_become_one_schema(tmp_path: Path) -> None:
    client: JsonValue = {
        "title": "Client",
        "properties": {
            "id": {"$ref": "common.json#/definitions/Id"},
            "address": {"$ref": "../address.json"},
            "partner": {"$ref": "client.json"},
        },
    }
    catalog, said = captured(
        tmp_path,
        {
            "apps.json": app({"$ref": "schemas/client.json"}),
            "schemas/client.json": client,
            "schemas/common.json": {"definitions": {"Id": {"enum": ["a", "b"]}}},
            "address.json": {"title": "Address", "properties": {"city": TEXT}},
            "other.json": {"type": "object"},
        },
    )

    assert catalog.capabilities[0].result == "Client"
    assert types(catalog)["Client"] == ["id: Literal['a', 'b']", "address: Address", "partner: Client"]
    assert types(catalog)["Address"] == ["city: str"]
    assert [line for line in said if "no schema" in line] == ["other.json: no schema of another source refers to it"]


def test_file_is_known_by_the_address_that_it_declares(tmp_path: Path) -> None:
    files: dict[str, JsonValue] = {
        "apps.json": app({"$ref": "https://firm.example/s/a.json"}),
        "x.json": {"$id": "https://firm.example/s/a.json", "properties": {"b": {"$ref": "b.json#b"}}, "title": "A"},
        "y.json": {"$id": "https://firm.example/s/b.json", "$defs": {"B": {"$anchor": "b", "type": "integer"}}},
    }

    assert types(captured(tmp_path, files)[0]) == {"A": ["b: int"]}


def test_draft_4_file_is_known_by_its_id(tmp_path: Path) -> None:
    old: JsonValue = {
        "$schema": "http://json-schema.org/draft-04/schema#",
        "id": "http://firm.example/a",
        "type": "null",
    }
    files: dict[str, JsonValue] = {"apps.json": app({"$ref": "http://firm.example/a"}), "x.json": old}

    assert captured(tmp_path, files)[0].capabilities[0].result == "None"


def test_file_that_was_not_given_is_not_opened(tmp_path: Path) -> None:
    files: dict[str, JsonValue] = {"apps.json": app({"$ref": "secret.json"}), "secret.json": {"title": "Secret"}}
    catalog, _ = captured(tmp_path, files, "apps.json")

    assert catalog.capabilities[0].result == "Any"
    assert [one.message for one in catalog.diagnostics] == [
        "reference 'secret.json' leads out of the document; read as anything"
    ]


def test_schemas_of_flags_are_bundled_as_json_text(tmp_path: Path) -> None:
    flag: JsonValue = {"name": "get", "inputSchema": "{broken", "outputSchema": json.dumps({"$ref": "a.json"})}
    dump: JsonValue = [{"name": "CRM.Get", "accepts": "", "flags": {"ioIntelMCPTool": flag}}]
    catalog, _ = captured(tmp_path, {"dump.json": dump, "a.json": {"type": "array", "items": TEXT}})

    assert catalog.capabilities[0].result == "list[str]"


def test_order_of_the_files_does_not_matter(tmp_path: Path) -> None:
    files = written(tmp_path, {"apps.json": app({"$ref": "a.json"}), "a.json": {"$ref": "b.json"}, "b.json": TEXT})
    both = [asyncio.run(capture(order, progress=lambda _: None)) for order in (files, files[::-1])]

    assert both[0] == both[1]


def test_a_capture_names_no_folder_of_the_machine(tmp_path: Path) -> None:
    files = written(tmp_path, {"apps.json": app({"$ref": "a.json"}), "a.json": TEXT})
    document = asyncio.run(capture(files, progress=lambda _: None))

    assert tmp_path.name not in json.dumps(document)


def test_what_stands_in_values_is_no_reference() -> None:
    files = SchemaFiles({f"{ROOT}a.json": TEXT})
    schema: JsonValue = {"const": {"$ref": "a.json"}, "properties": {"$ref": TEXT}}

    assert files.bundled(schema, ROOT) is schema


def test_addresses_are_relative_to_the_common_folder() -> None:
    paths = [Path("/a/b/c/x.json"), Path("/a/b/y z.json")]

    assert list(addresses(paths).values()) == [f"{ROOT}c/x.json", f"{ROOT}y%20z.json"]


@pytest.mark.parametrize("reference", ["http://[broken", "//", "", "a.json#/no/where", "\\ud800"])
def test_odd_references_cost_no_more_than_themselves(reference: str, tmp_path: Path) -> None:
    schema: JsonValue = {"properties": {"odd": {"$ref": json.loads(f'"{reference}"')}, "good": {"$ref": "a.json"}}}
    catalog, _ = captured(tmp_path, {"apps.json": app(schema), "a.json": TEXT})

    assert "good: str" in next(iter(types(catalog).values()))


def test_schema_that_is_nested_without_end_is_left_as_it_is() -> None:
    deep: JsonValue = {"$ref": "a.json"}
    for _ in range(5000):
        deep = {"items": deep}
    files = SchemaFiles({f"{ROOT}a.json": TEXT})
    (tool,) = files.bundled_part(Part(tools=({"inputSchema": deep},)), ROOT).tools

    assert tool["inputSchema"] is deep
