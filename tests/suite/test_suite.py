"""The JSON-Schema-Test-Suite, drafts 4 to 2020-12: what it calls valid is refused neither by our types nor at the wire.

Every schema of a file is the result schema of one tool, so that one package a file is made, written, read back and
imported. Three rules of ours stand between the suite and our types:

1. JSON has one kind of number: 1.0 is the integer 1.
2. Who lists properties or items means an object or an array: a value of another kind is left out of the check of types.
   The wire schema keeps the exact rule.
3. `format` and custom vocabularies are another contract than the suite's: those files are generated and imported only.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import pytest

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode.check import ArgumentCheck
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.stubs import load
from ioconnect_codemode.values import JsonValue

FOLDER = next(iter(sorted((Path(__file__).parents[2] / ".cache" / "json-schema-test-suite").glob("*"))), None)
DRAFTS = {
    "draft4": "http://json-schema.org/draft-04/schema#",
    "draft6": "http://json-schema.org/draft-06/schema#",
    "draft7": "http://json-schema.org/draft-07/schema#",
    "draft2019-09": "https://json-schema.org/draft/2019-09/schema",
    "draft2020-12": "https://json-schema.org/draft/2020-12/schema",
}
OTHER_CONTRACT = {"format.json", "vocabulary.json"}

Case = dict[str, JsonValue]


def files() -> list[str]:
    if FOLDER is None:
        return []
    return [path.relative_to(FOLDER).as_posix() for draft in DRAFTS for path in sorted((FOLDER / draft).glob("*.json"))]


@pytest.fixture(scope="module", autouse=True)
def suite() -> None:
    if FOLDER is None:
        pytest.skip("the JSON-Schema-Test-Suite is not there: run `python tests/suite/fetch.py`")


def test_suite_is_the_whole_one() -> None:
    assert len(files()) == 195


@pytest.mark.parametrize("file", files())
def test_every_schema_gives_a_module_and_no_valid_value_is_refused(file: str, tmp_path: Path) -> None:
    assert FOLDER is not None
    cases: list[Case] = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    schemas = [marked(case["schema"], DRAFTS[file.partition("/")[0]]) for case in cases]

    manifest = package(schemas, tmp_path)

    assert len(manifest.capabilities) == len(cases)
    modules = {module: manifest.stub_code(module) for module in dict.fromkeys(manifest.modules_of("suite"))}
    assert set(load(modules, lambda name, arguments, returns: None)) == set(modules)
    if file.rpartition("/")[2] not in OTHER_CONTRACT:
        assert list(refused(manifest, cases)) == []


def marked(schema: JsonValue, draft: str) -> JsonValue:
    """The schema with its draft, which the suite of the older ones doesn't say."""
    return {"$schema": draft, **schema} if isinstance(schema, dict) else schema


def package(schemas: list[JsonValue], folder: Path) -> Manifest:
    tools: list[JsonValue] = [
        {
            "name": f"t{number}",
            "config": {"inputSchema": {"type": "object"}, "outputSchema": schema},
            "interop": {"methodName": f"Suite.T{number}"},
        }
        for number, schema in enumerate(schemas)
    ]
    document: JsonValue = {"schemaVersion": 1, "name": "suite", "methods": [], "tools": tools}
    write(generate(read_environment(document)), folder)
    return Manifest.read(folder)


def refused(manifest: Manifest, cases: list[Case]) -> Iterator[str]:
    check = ArgumentCheck(manifest.types)
    for number, case in enumerate(cases):
        name = f"suite.t{number}"
        schema = manifest.schemas(name)["output_schema"]
        exact = jsonschema_rs.Draft202012Validator({} if schema is None else schema)
        kinds = explicit(schema)
        meant = jsonschema_rs.Draft202012Validator(kinds if isinstance(kinds, dict) else {})
        tests = case["tests"]
        assert isinstance(tests, list)
        for test in tests:
            assert isinstance(test, dict)
            value = whole(test["data"])
            if not test["valid"]:
                continue
            if not exact.is_valid(value):
                yield f"at the wire: {case['description']}: {test['description']}"
            elif meant.is_valid(value) and check.mismatches(
                as_parameter(manifest.capabilities[name]), {"value": value}
            ):
                yield f"by its type: {case['description']}: {test['description']}"


def as_parameter(entry: CapabilityData) -> CapabilityData:
    """A capability that takes what this one gives back: arguments are what types are held against."""
    return {**entry, "parameters": [{"name": "value", "key": "value", "type": entry["returns"], "required": True}]}


def explicit(schema: JsonValue) -> JsonValue:
    """The schema as it is meant: with the kind that its keywords are about."""
    if isinstance(schema, list):
        return [explicit(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    said: dict[str, JsonValue] = {
        key: value if key in ("enum", "const", "default") else explicit(value) for key, value in schema.items()
    }
    about_objects = {"properties", "required", "additionalProperties", "patternProperties"} & schema.keys()
    about_arrays = {"items", "prefixItems"} & schema.keys()
    if "type" not in schema and isinstance(schema.get("properties", {}), dict):
        if about_objects and not isinstance(schema.get("required", []), dict):
            said["type"] = "object"
        elif about_arrays:
            said["type"] = "array"
    return said


def whole(value: JsonValue) -> JsonValue:
    match value:
        case float() if value.is_integer() and abs(value) < 2**63:
            return int(value)
        case list():
            return [whole(item) for item in value]
        case dict():
            return {key: whole(item) for key, item in value.items()}
        case _:
            return value
