from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.manifest import Manifest, digest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.values import JsonValue

MEND = r"make it with `codemode generate ENVIRONMENT -o FOLDER`$"


def only_crm(name: str, entry: CapabilityData) -> bool:
    return name.startswith("crm.") and entry["effect"] != "write"


def rewrite(package: Path, **changes: JsonValue) -> None:
    path = package / "manifest.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**data, **changes}), encoding="utf-8")


def test_the_small_package_is_what_the_schema_describes(package: Path) -> None:
    schema = json.loads(ioconnect_schemas.read("manifest.schema.json"))
    document = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema_rs.iter_errors(schema, document)] == []


def test_a_manifest_names_its_environment_and_catalog(manifest: Manifest) -> None:
    assert (manifest.name, manifest.digest, list(manifest.namespaces)) == ("small-desk", "7f3a91c2", ["crm", "intents"])


def test_every_stub_module_fits_its_digest_and_form(manifest: Manifest) -> None:
    modules = [module for namespace in manifest.namespaces for module in manifest.modules_of(namespace)]
    assert modules == ["crm", "records", "intents", "records"]
    assert [manifest.stub_code(module).co_filename for module in modules] == [f"<stub {module}>" for module in modules]


def test_a_checkout_with_windows_line_ends_fits(package: Path) -> None:
    text = (package / "crm.py").read_bytes()
    (package / "crm.py").write_bytes(text.replace(b"\n", b"\r\n"))
    assert Manifest.read(package).stub_code("crm").co_filename == "<stub crm>"


@pytest.mark.parametrize("change", [b"\nimport os\n", b" ", b"\xff"])
def test_a_changed_stub_is_refused_with_the_mend(package: Path, change: bytes) -> None:
    path = package / "crm.py"
    path.write_bytes(path.read_bytes() + change)
    with pytest.raises(PackageError, match=r"crm.py is not the file that manifest.json names; " + MEND):
        Manifest.read(package).stub_code("crm")


def test_a_stub_of_another_form_is_refused_though_its_digest_fits(package: Path) -> None:
    (package / "crm.py").write_text("import os\n", encoding="utf-8")
    rewrite(package, files={"crm.py": digest("import os\n")})
    with pytest.raises(PackageError, match=r"crm.py, line 1: this Import is not part of a stub module"):
        Manifest.read(package).stub_code("crm")


def test_a_missing_stub_is_refused_with_the_mend(package: Path) -> None:
    (package / "crm.py").unlink()
    with pytest.raises(PackageError, match=r"crm.py is missing from the package; " + MEND):
        Manifest.read(package).stub_code("crm")


def test_a_file_that_the_manifest_does_not_name_is_refused(package: Path) -> None:
    (package / "extra.py").write_text("", encoding="utf-8")
    with pytest.raises(PackageError, match=r"extra.py is not the file that manifest.json names"):
        Manifest.read(package).text("extra.py")


def test_a_folder_without_a_manifest_is_no_package(tmp_path: Path) -> None:
    with pytest.raises(PackageError, match=r"is not a generated package: it has no manifest.json; " + MEND):
        Manifest.read(tmp_path / "nowhere")


@pytest.mark.parametrize("text", ["", "{", "\udcff", "[" * 100_000])
def test_a_manifest_that_is_no_json_is_refused(package: Path, text: str) -> None:
    (package / "manifest.json").write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(PackageError, match=r"manifest.json can't be read: .*; " + MEND):
        Manifest.read(package)


@pytest.mark.parametrize("text", ["[]", "{}", '{"schemaVersion": 1}', '"manifest"'])
def test_json_that_is_no_manifest_is_refused(package: Path, text: str) -> None:
    (package / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(PackageError, match=r"manifest.json is not a manifest; " + MEND):
        Manifest.read(package)


def test_a_manifest_whose_sections_are_no_objects_is_refused(package: Path) -> None:
    rewrite(package, capabilities=[])
    with pytest.raises(PackageError, match=r"manifest.json is not a manifest; " + MEND):
        Manifest.read(package)


@pytest.mark.parametrize("version", [0, 2, "1", None])
def test_another_schema_version_is_refused(package: Path, version: JsonValue) -> None:
    rewrite(package, schemaVersion=version)
    with pytest.raises(PackageError, match=rf"has schema version {version!r}, this runtime reads 1; " + MEND):
        Manifest.read(package)


def test_a_function_that_two_namespaces_have_is_no_global(manifest: Manifest) -> None:
    assert manifest.global_functions == {
        "find_clients": "crm.find_clients",
        "add_note": "crm.add_note",
        "view_contact": "intents.view_contact",
    }


def test_a_function_becomes_global_where_policy_takes_its_namesake_away(manifest: Manifest) -> None:
    assert manifest.only(only_crm).global_functions == {
        "find_clients": "crm.find_clients",
        "show_client": "crm.show_client",
    }


def test_what_a_policy_takes_away_is_nowhere(manifest: Manifest) -> None:
    narrowed = manifest.only(only_crm)
    assert list(narrowed.capabilities) == ["crm.find_clients", "crm.show_client"]
    assert narrowed.namespaces == {
        "crm": {**manifest.namespaces["crm"], "capabilities": ["find_clients", "show_client"]}
    }
    assert [narrowed.resolve(name) for name in ("crm.add_note", "add_note", "intents.*")] == [[], [], []]
    assert narrowed.resolve("crm.*") == ["crm.find_clients", "crm.show_client"]
    assert narrowed.resolve("show_client") == ["crm.show_client"]
    assert (narrowed.nearest("crm.add_not"), narrowed.nearest("view_contac")) == ([], [])


def test_a_policy_that_keeps_everything_keeps_the_manifest(manifest: Manifest) -> None:
    assert manifest.only(lambda _, __: True) is manifest


def test_a_narrowed_manifest_leaves_the_whole_one_alone(manifest: Manifest) -> None:
    manifest.only(lambda _, __: False)
    assert len(manifest.capabilities) == 5
    assert manifest.only(lambda _, __: False).namespaces == {}


def test_reviewed_effects_take_the_place_of_the_proposed_ones(manifest: Manifest) -> None:
    changed = manifest.with_effects({"crm.show_client": "destructive", "crm.gone": "read"})
    assert changed.capabilities["crm.show_client"]["effect"] == "destructive"
    assert manifest.capabilities["crm.show_client"]["effect"] == "unknown"
    assert list(changed.capabilities) == list(manifest.capabilities)


def test_types_come_after_those_they_use_and_once(manifest: Manifest) -> None:
    names = ["crm.find_clients", "crm.add_note", "intents.view_contact"]
    assert manifest.uses(names) == ["Segment", "Address", "Client", "Contact"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("crm.find_clients", ["crm.find_clients"]),
        ("find_clients", ["crm.find_clients"]),
        ("show_client", ["crm.show_client", "intents.show_client"]),
        ("intents.*", ["intents.view_contact", "intents.show_client"]),
        ("nowhere.*", []),
        ("crm", []),
        ("", []),
        ("crm.", []),
        (".show_client", []),
    ],
)
def test_a_name_means_one_several_or_no_capability(manifest: Manifest, name: str, found: list[str]) -> None:
    assert manifest.resolve(name) == found


def test_the_nearest_names_are_full_ones(manifest: Manifest) -> None:
    assert manifest.nearest("crm.find_client")[0] == "crm.find_clients"
    assert manifest.nearest("find_cleints") == ["crm.find_clients"]
    assert manifest.nearest("zzzz") == []
