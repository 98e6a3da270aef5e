"""Nineteen inputs on which datamodel-code-generator alone gives unsafe, wrong or no output, and what we give."""

from __future__ import annotations

from pathlib import Path

import pytest

from generator.packages import (  # noqa: TID251 - the tests of the generator, not its sources
    code_names,
    imports,
    loaded,
    of_schema,
)
from ioconnect_codegen.schemas import read_schema
from ioconnect_codemode.check import ArgumentCheck
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue

TEXT: JsonValue = {"type": "string"}


def result(schema: JsonValue, folder: Path) -> str:
    """The type expression of a result, after everything is loaded."""
    manifest = of_schema(schema, folder)
    assert set(loaded(manifest)) == {"trap"}
    return manifest.capabilities["trap.t0"]["returns"]


def fields(manifest: Manifest, name: str) -> dict[str, str]:
    return {one["key"]: one["type"] for one in manifest.types[name].get("fields", [])}


@pytest.mark.parametrize(
    "steering",
    [
        {"x-python-type": "antigravity.x"},
        {"x-python-import": {"module": "antigravity", "name": "x"}},
        {"customTypePath": "os.system"},
        {"type": "object", "properties": {"a": TEXT}, "customBasePath": "os.PathLike"},
    ],
)
def test_01_keywords_that_choose_imports_choose_nothing(steering: dict[str, JsonValue], tmp_path: Path) -> None:
    manifest = of_schema({"type": "string", **steering}, tmp_path)

    assert imports(manifest) <= {"__future__", "typing", "ioconnect_codemode.stubs"}
    assert code_names(manifest) == set()
    assert not any(
        str(schema).count("ustom") or "x-python" in str(schema) for schema in manifest.schemas("trap.t0").values()
    )


def test_02_file_reference_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret.json").write_text('{"title": "Secret", "properties": {"canary": {"type": "string"}}}')
    monkeypatch.chdir(tmp_path)
    manifest = of_schema({"$ref": "secret.json"}, tmp_path / "package")

    assert manifest.capabilities["trap.t0"]["returns"] == "Any"
    assert "canary" not in (tmp_path / "package" / "manifest.json").read_text(encoding="utf-8")


def test_03_near_part_of_all_of_wins_over_the_base(tmp_path: Path) -> None:
    identifier: JsonValue = {"type": "object", "properties": {"ISIN": TEXT}, "title": "Id"}
    base: JsonValue = {"properties": {"type": TEXT, "id": {"type": "object"}}, "required": ["type"]}
    instrument: JsonValue = {
        "title": "Instrument",
        "allOf": [{"type": "object", "properties": {"id": identifier}}, {"$ref": "#/$defs/Base"}],
        "$defs": {"Base": base},
    }
    manifest = of_schema(instrument, tmp_path)

    assert fields(manifest, "Instrument")["id"] == "Id"
    assert fields(manifest, "Id") == {"ISIN": "str"}


def test_04_schemas_with_addresses_are_one_document(tmp_path: Path) -> None:
    holding: JsonValue = {
        "$id": "https://fdc3.test/position.schema.json",
        "title": "Position",
        "properties": {"instrument": {"$ref": "instrument.schema.json#"}},
        "$defs": {"I": {"$id": "instrument.schema.json", "title": "Instrument", "properties": {"ticker": TEXT}}},
    }
    manifest = of_schema(holding, tmp_path)

    assert fields(manifest, "Position") == {"instrument": "Instrument"}
    assert set(manifest.types) == {"Position", "Instrument"}


@pytest.mark.parametrize("schema", [True, False])
def test_05_boolean_schema_is_anything(schema: bool, tmp_path: Path) -> None:
    assert result(schema, tmp_path) == "Any"


def test_06_title_that_starts_with_a_digit_gets_a_name(tmp_path: Path) -> None:
    assert result({"title": "3D Secure", "type": "object", "properties": {"a": TEXT}}, tmp_path) == "N3DSecure"


def test_07_title_beyond_ascii_keeps_its_letters(tmp_path: Path) -> None:
    assert result({"title": "Ünï çødé 名", "type": "object", "properties": {"a": TEXT}}, tmp_path) == "ÜnïÇødé名"


def test_08_forbidden_property_is_no_field(tmp_path: Path) -> None:
    manifest = of_schema({"title": "T", "type": "object", "properties": {"a": TEXT, "b": False}}, tmp_path)

    assert fields(manifest, "T") == {"a": "str"}


@pytest.mark.parametrize(
    ("schema", "expected"), [({"const": 1.5}, "float"), ({"enum": [1.5, {"a": 1}]}, "float | dict[str, Any]")]
)
def test_09_value_that_no_literal_holds_stays_at_the_wire(
    schema: dict[str, JsonValue], expected: str, tmp_path: Path
) -> None:
    manifest = of_schema(schema, tmp_path)

    assert manifest.capabilities["trap.t0"]["returns"] == expected
    assert manifest.schemas("trap.t0")["output_schema"] == schema


def test_10_places_of_a_closed_array_are_a_tuple(tmp_path: Path) -> None:
    places: JsonValue = [{"type": "number"}, TEXT]

    assert (
        result({"type": "array", "prefixItems": places, "items": False, "minItems": 2}, tmp_path) == "tuple[float, str]"
    )


def test_11_open_record_takes_keys_that_it_does_not_declare(tmp_path: Path) -> None:
    manifest = of_schema({"title": "Open", "type": "object", "properties": {"a": TEXT}}, tmp_path)
    entry = manifest.capabilities["trap.t0"]

    assert manifest.types["Open"].get("open") is True
    assert ArgumentCheck(manifest.types).mismatches(entry, {"value": {"a": "x", "more": 1}}) == []


def test_12_escaped_definition_key_is_found_once(tmp_path: Path) -> None:
    manifest = of_schema(
        {
            "title": "Both",
            "properties": {"a": {"$ref": "#/$defs/a%20b"}, "b": {"$ref": "#/$defs/a%20b"}},
            "$defs": {"a b": {"type": "object", "properties": {"c": TEXT}}},
        },
        tmp_path,
    )

    assert fields(manifest, "Both") == {"a": "AB", "b": "AB"}


def test_13_required_beside_a_reference_makes_one_type(tmp_path: Path) -> None:
    manifest = of_schema(
        {
            "title": "Root",
            "properties": {"a": {"$ref": "#/$defs/A", "required": ["b"]}},
            "$defs": {"A": {"title": "A", "type": "object", "properties": {"b": TEXT}}},
        },
        tmp_path,
    )

    assert set(manifest.types) == {"Root", "A"}
    assert [one["required"] for one in manifest.types["A"].get("fields", [])] == [True]


def test_14_what_a_type_cannot_say_stands_in_the_comment_and_at_the_wire(tmp_path: Path) -> None:
    manifest = of_schema({"type": "string", "pattern": "^CL-", "maxLength": 9, "not": {"const": "CL-0"}}, tmp_path)
    schema = manifest.schemas("trap.t0")["output_schema"]

    assert "# value length <= 9, pattern ^CL-" in manifest.capabilities["trap.t0"]["definition"]
    assert schema == {"type": "string", "pattern": "^CL-", "maxLength": 9, "not": {"const": "CL-0"}}


def test_15_deep_nesting_is_read_to_a_limit(tmp_path: Path) -> None:
    schema: JsonValue = TEXT
    for _ in range(300):
        schema = {"type": "object", "properties": {"a": schema}}
    read = read_schema(schema)

    assert any("nested too deeply" in one.message for one in read.diagnostics)
    assert len(of_schema(schema, tmp_path).types) < 70


@pytest.mark.parametrize("key", ["a\x00b", 'a"b', "a\\b", "a'b", "a\nb", "\u2028"])
def test_16_property_with_any_character_is_a_field_with_that_key(key: str, tmp_path: Path) -> None:
    manifest = of_schema({"title": "Keyed", "type": "object", "properties": {key: TEXT}}, tmp_path)
    record = loaded(manifest)["trap"].Keyed

    assert list(fields(manifest, "Keyed")) == [key]
    assert list(record.__record_keys__.values()) == [key]


@pytest.mark.parametrize(("kind", "default"), [("integer", "text"), ("string", 1), ("integer", True), ("boolean", 0)])
def test_17_default_of_another_type_is_dropped(kind: str, default: JsonValue, tmp_path: Path) -> None:
    manifest = of_schema({"type": kind, "default": default}, tmp_path)

    assert "default" not in manifest.capabilities["trap.t0"]["parameters"][0]


def test_18_reference_to_nothing_is_anything_and_says_so(tmp_path: Path) -> None:
    assert result({"$ref": "#/$defs/Nope"}, tmp_path) == "Any"
    assert "points to nothing" in read_schema({"$ref": "#/$defs/Nope"}).diagnostics[0].message


def test_19_package_without_types_has_none(tmp_path: Path) -> None:
    manifest = of_schema({}, tmp_path)

    assert manifest.types == {}
    assert "Model" not in manifest.text("trap.py")
