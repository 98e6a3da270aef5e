"""`codemode web build`: one folder, the same bytes each time, and nothing in it that was not asked for."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codegen import cli
from ioconnect_codegen.errors import AssetsError, OutputError
from ioconnect_codegen.web.assets import WHEELS, pinned_files
from ioconnect_codegen.web.build import Order, build, check, made_files
from ioconnect_codegen.web.compression import compressed
from ioconnect_codegen.web.library import library
from ioconnect_codegen.web.packages import policy_document
from ioconnect_codegen.web.place import difference, put_folder
from ioconnect_codegen.web.site import FORM, is_immutable
from ioconnect_codemode import Limits, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.browser_files import runtime_files
from ioconnect_codemode.errors import PackageError, PolicyError
from ioconnect_codemode.policy.facades.zones import ZONES
from ioconnect_codemode.rules import AuditRules
from ioconnect_codemode.values import JsonValue

WEALTH_DESK = Path(__file__).parents[2] / "generated" / "wealth_desk"


def silent(line: str) -> None:
    """Take a line of progress."""


@pytest.fixture(scope="module")
def made(assets_folder: Path) -> dict[str, bytes]:
    """Give the files of a folder with everything."""
    return made_files(Order(assets=assets_folder), progress=silent)


def library_path(made: Mapping[str, bytes]) -> str:
    """Give the path of the modules of Python."""
    (path,) = (name for name in made if name.startswith("assets/library."))
    return path


def library_names(made: Mapping[str, bytes]) -> set[str]:
    """Give the names of what is in the library."""
    with zipfile.ZipFile(io.BytesIO(made[library_path(made)])) as archive:
        return set(archive.namelist())


def test_the_same_inputs_give_the_same_bytes(made: dict[str, bytes], assets_folder: Path) -> None:
    assert made_files(Order(assets=assets_folder), progress=silent) == made


def test_the_manifest_names_every_file_with_its_size_and_digest(made: dict[str, bytes]) -> None:
    listed = json.loads(made["manifest.json"])["files"]

    assert listed == {
        name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in made.items()
        if name != "manifest.json"
    }


def test_the_pages_modules_find_each_asset_beside_them(made: dict[str, bytes]) -> None:
    (folder,) = {name.partition("/")[0] for name in made if name.startswith("js-")}
    manifest = json.loads(made[f"{folder}/assets.json"])

    for name, asset in manifest["files"].items():
        assert asset["path"].startswith("../"), name
        data = made[asset["path"].removeprefix("../")]
        assert (asset["bytes"], asset["sha256"]) == (len(data), hashlib.sha256(data).hexdigest()), name


def test_the_library_has_every_room_compiled_and_their_data_and_no_source(made: dict[str, bytes]) -> None:
    found = library_names(made)
    needed = {name if name.endswith(".json") else f"{name}c" for name in runtime_files()}

    assert found >= needed
    assert not [name for name in found if name.endswith(".py")]


def test_the_library_has_nothing_that_a_worker_does_not_load(made: dict[str, bytes]) -> None:
    found = library_names(made)

    assert "json/decoder.pyc" in found
    assert "typeguard/__init__.pyc" in found
    assert not found & {"http/client.pyc", "urllib/request.pyc", "pyodide/http/__init__.pyc", "sqlite3/__init__.pyc"}


def test_the_time_zones_are_those_that_snippets_may_use_and_no_more(made: dict[str, bytes]) -> None:
    zones = {name for name in library_names(made) if name.startswith("tzdata/zoneinfo/")}
    assert zones == {f"tzdata/zoneinfo/{zone}" for zone in ZONES}


def test_a_library_is_kept_and_one_that_is_spoilt_is_made_again_byte_by_byte(
    assets: dict[str, bytes], made: dict[str, bytes], tmp_path: Path
) -> None:
    told: list[str] = []
    first = library(assets, folder=tmp_path, progress=told.append)
    assert library(assets, folder=tmp_path, progress=told.append) == first
    assert told == ["compile the modules of Python"]
    (kept,) = (tmp_path / "compiled").iterdir()
    kept.write_bytes(first[:-1])

    assert library(assets, folder=tmp_path, progress=told.append) == first
    assert len(told) == 2
    assert kept.read_bytes() == first == made[library_path(made)]


def test_without_node_it_says_what_to_install_and_leaves_nothing(assets_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "assets"
    shutil.copytree(assets_folder, folder, ignore=shutil.ignore_patterns("compressed", "compiled"))
    done = subprocess.run(
        [sys.executable, "-m", "ioconnect_codegen", "web", "build", str(tmp_path / "web"), "--assets", str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": str(tmp_path)},
    )

    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "codemode: the assets of the browser: node is not there, which compiles Python's modules: "
        "install Node.js 20 or later"
    )
    assert [path.name for path in tmp_path.iterdir()] == ["assets"]


def test_a_path_that_may_be_kept_for_ever_has_the_digest_of_what_it_depends_on(made: dict[str, bytes]) -> None:
    for name in filter(is_immutable, made):
        if name.startswith("assets/"):
            assert f".{hashlib.sha256(made[name]).hexdigest()[:12]}." in name
    assert {name for name in made if "/" not in name and is_immutable(name)} == set()


def test_nothing_in_our_own_files_refers_to_another_host(made: dict[str, bytes]) -> None:
    ours = {
        name: data for name, data in made.items() if name.endswith((".js", ".html", ".css")) and "/vendor/" not in name
    }
    assert len(ours) > 20

    names_only = {"www.w3.org", "json-schema.org", "assets.invalid", "example.com"}  # none is ever asked for anything
    for name, data in ours.items():
        assert set(re.findall(r"https?://([\w.-]+)", data.decode())) <= names_only, name


def test_the_notices_name_every_work_of_others_with_its_licence(made: dict[str, bytes]) -> None:
    text = made["THIRD_PARTY_NOTICES.txt"].decode()

    for work, licence in {
        "Pyodide 314.0.7": "Mozilla Public License 2.0",
        "CPython 3.14": "Python Software Foundation License",
        "RestrictedPython 9.0": "Zope Public License",
        "typeguard 4.6.1": "MIT",
        "typing_extensions 4.16.0": "PSF",
        "tzdata 2026.6": "Apache",
        "@cfworker/json-schema 4.1.6": "MIT",
    }.items():
        section = text.partition(work)[2].partition("-" * 100)[0]
        assert licence in section, work
        assert "https://github.com/" in section, work
    assert "Alex Grönholm" in text


def test_versions_in_the_notices_are_the_pinned_ones(made: dict[str, bytes]) -> None:
    text = made["THIRD_PARTY_NOTICES.txt"].decode().lower()

    for path in pinned_files():
        if path.startswith(f"{WHEELS}/"):
            name, version = PurePosixPath(path).name.split("-")[:2]
            assert f"{name} {version}" in text


def test_without_the_playground_there_is_neither_its_page_nor_its_package(assets_folder: Path) -> None:
    made = made_files(Order(assets=assets_folder, with_playground=False), progress=silent)

    assert "index.html" not in made
    assert not [name for name in made if name.startswith(("packages/", "playground-"))]


def test_a_package_comes_with_all_that_its_manifest_names_and_its_policy(assets_folder: Path) -> None:
    order = Order(assets=assets_folder, packages=[WEALTH_DESK], with_playground=False)
    made = made_files(order, progress=silent)

    inner = {
        name.removeprefix("packages/wealth_desk/"): data for name, data in made.items() if name.startswith("packages/")
    }
    manifest = json.loads(inner.pop("manifest.json"))
    named = {re.sub(r"\.([0-9a-f]{12})\.", ".", name): hashlib.sha256(data).hexdigest() for name, data in inner.items()}
    assert named == manifest["files"]
    assert all(f".{hashlib.sha256(data).hexdigest()[:12]}." in name for name, data in inner.items())
    assert all(is_immutable(f"packages/wealth_desk/{name}") for name in inner)
    assert not is_immutable("packages/wealth_desk/manifest.json")
    of_the_desktop = json.loads((WEALTH_DESK / "manifest.json").read_text(encoding="utf-8"))
    files = of_the_desktop["files"] | {"policy.json": named["policy.json"]}
    assert manifest == {**of_the_desktop, "files": files, "namedByDigest": True}
    jsonschema_rs.validator_for(json.loads(ioconnect_schemas.read("manifest.schema.json"))).validate(manifest)
    (policy,) = (json.loads(data) for name, data in inner.items() if name.startswith("policy."))
    assert policy["effects"]["orders.place_order"] == "destructive"


def test_a_policy_goes_to_the_page_with_every_key_that_a_file_can_have(tmp_path: Path) -> None:
    policy = Policy(
        allow=("crm.*",),
        deny=("*.delete_*",),
        effects={"crm.get_client": "read"},
        results="strict",
        results_by_name={"crm.*": "off"},
        approval=ApprovalRules(ask=("write",), deny=("destructive",), expires_s=5),
        limits=Limits(timeout_s=3, value_characters=500),
        facades=("json",),
        mask=("Client.phone",),
        audit=AuditRules(file=tmp_path / "a.jsonl", arguments="names", keep=3),
    )
    document = policy_document(policy)
    audit = {"arguments": "names", "on_failure": "stop"}
    assert document["audit"] == audit
    document["audit"] = {**audit, "file": "a.jsonl", "keep": 3}  # of the file, which a page doesn't have
    path = tmp_path / "codemode.toml"
    path.write_text(toml_text(document), encoding="utf-8")

    assert Policy.read(path) == Policy(
        **{name: getattr(policy, name) for name in ("effects", "results", "results_by_name", "limits")},
        allow=("crm.*",),
        deny=("*.delete_*",),
        approval=ApprovalRules(ask=("write",), deny=("destructive",), expires_s=5),
        facades=("json",),
        mask=("Client.phone",),
        audit=AuditRules(file=tmp_path / "a.jsonl", arguments="names", keep=3),
    )


def toml_text(document: Mapping[str, JsonValue]) -> str:
    sections: list[str] = []
    for name, section in document.items():
        assert isinstance(section, dict)
        lines = [f"{json.dumps(key)} = {json.dumps(value)}" for key, value in section.items()]
        sections.append("\n".join([f"[{name}]", *lines]))
    return "\n".join(sections) + "\n"


def test_the_size_that_the_document_states_is_the_folders(made: dict[str, bytes]) -> None:
    text = (Path(__file__).parents[2] / "docs" / "browser.md").read_text(encoding="utf-8")
    found = re.search(r"\*\*what a first start fetches\*\* \| \*\*([\d.]+)\*\*", text)
    assert found is not None
    fetched = sum(len(data) for name, data in made.items() if name.startswith("assets/"))
    assert float(found[1]) == pytest.approx(fetched / 1e6, abs=0.05)


# -- bad inputs ---------------------------------------------------------------------------------------------------


def test_missing_assets_are_told_with_the_command_that_fetches_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = cli.main(["web", "build", str(tmp_path / "out"), "--assets", str(tmp_path / "none")])

    said = capsys.readouterr().err
    assert status == 2
    assert "node_modules/pyodide/pyodide.mjs is missing; " in said
    assert said.endswith(f"fetch them with: codemode web fetch {tmp_path / 'none'}\n")
    assert not (tmp_path / "out").exists()


def test_a_tampered_asset_is_not_built_in(tmp_path: Path, assets_folder: Path) -> None:
    folder = tmp_path / "assets"
    shutil.copytree(assets_folder, folder, ignore=shutil.ignore_patterns("compressed"))
    with (folder / "node_modules/pyodide/pyodide.mjs").open("ab") as file:
        file.write(b"\n")

    with pytest.raises(AssetsError, match=r"pyodide\.mjs is not the pinned file: expected 17931 bytes"):
        build(Order(assets=folder), tmp_path / "out", progress=silent)
    assert not (tmp_path / "out").exists()


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path, assets_folder: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")

    with pytest.raises(OutputError, match=r"holds letter.txt, but was not built by `codemode web build`"):
        build(Order(assets=assets_folder, with_compression=False), tmp_path, progress=silent)
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"


def test_a_manifest_that_is_not_ours_does_not_make_a_folder_ours(tmp_path: Path) -> None:
    for text in ("{}", "[]", "no json", '{"form": "ioconnect-codemode-web/1", "files": {"../x": {"sha256": ""}}}'):
        (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
        with pytest.raises(OutputError):
            put_folder({"a": b""}, tmp_path)


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(OutputError, match="no folder of its own"):
        put_folder({"a": b""}, tmp_path / "link")


def test_a_disk_that_is_full_is_said_with_the_folder_and_leaves_the_old_one(tmp_path: Path) -> None:
    put_folder({"a": b"old", "manifest.json": json.dumps({"form": FORM, "files": {}}).encode()}, tmp_path / "web")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, hard))  # as a disk with that much room
    try:
        with pytest.raises(OutputError, match=r"/web can't be written: File too large; it takes 2\.1 MB beside"):
            put_folder({"a": bytes(1 << 21)}, tmp_path / "web")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "web" / "a").read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["web"]


@pytest.mark.parametrize("order", ["OUT PACKAGE --assets A", "OUT --assets A PACKAGE", "--assets A OUT PACKAGE"])
def test_options_may_stand_before_and_behind_the_packages(
    order: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    named = {"OUT": str(tmp_path / "out"), "PACKAGE": str(WEALTH_DESK), "A": str(tmp_path / "none")}
    assert cli.main(["web", "build", *(named.get(word, word) for word in order.split())]) == 2
    assert capsys.readouterr().err.startswith(f"codemode: the assets of the browser in {tmp_path / 'none'}: ")


def test_no_package_in_a_folder_is_said(tmp_path: Path, assets_folder: Path) -> None:
    with pytest.raises(PackageError):
        build(Order(assets=assets_folder, packages=[tmp_path]), tmp_path / "out", progress=silent)


def test_a_package_whose_files_were_changed_is_not_built_in(tmp_path: Path, assets_folder: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(WEALTH_DESK, package)
    with (package / "crm.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")

    with pytest.raises(PackageError, match=r"crm\.py is not the file that manifest.json names"):
        build(Order(assets=assets_folder, packages=[package]), tmp_path / "out", progress=silent)


def test_a_policy_that_can_not_be_enforced_is_not_built_in(tmp_path: Path, assets_folder: Path) -> None:
    package = tmp_path / "package"
    shutil.copytree(WEALTH_DESK, package)
    (package / "codemode.toml").write_text("[capabilites]\n", encoding="utf-8")

    with pytest.raises(PolicyError, match=r"\[capabilites\] is unknown"):
        build(Order(assets=assets_folder, packages=[package]), tmp_path / "out", progress=silent)


def test_two_packages_of_one_name_are_refused(tmp_path: Path, assets_folder: Path) -> None:
    shutil.copytree(WEALTH_DESK, tmp_path / "other")

    with pytest.raises(OutputError, match="both hold a package wealth_desk"):
        build(
            Order(assets=assets_folder, packages=[WEALTH_DESK, tmp_path / "other"]), tmp_path / "out", progress=silent
        )


# -- the folder on the disk ---------------------------------------------------------------------------------------


def test_what_was_built_differs_in_nothing_and_what_was_changed_is_named(
    tmp_path: Path, made: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    put_folder(made, out)
    assert difference(made, out) == []

    (out / "codemode.txt").write_text("more", encoding="utf-8")
    (out / "LICENSE").write_text("other", encoding="utf-8")
    (out / "README.md").unlink()
    assert difference(made, out) == [
        "LICENSE: differs",
        "README.md: is not there",
        "codemode.txt: is no longer made",
    ]


def test_building_again_leaves_nothing_of_the_old_folder(tmp_path: Path, made: dict[str, bytes]) -> None:
    out = tmp_path / "out"
    put_folder(made, out)
    (out / "stale.js").write_text("old", encoding="utf-8")

    put_folder(made, out)

    assert difference(made, out) == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_check_writes_nothing_and_fails_where_something_would_change(
    tmp_path: Path, assets_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    arguments = ["web", "build", str(out), "--assets", str(assets_folder), "--without-compression"]

    assert cli.main([*arguments, "--check"]) == 1
    assert not out.exists()
    assert cli.main(arguments) == 0
    capsys.readouterr()
    assert cli.main([*arguments, "--check"]) == 0
    assert capsys.readouterr().out == ""
    assert check(Order(assets=assets_folder, with_playground=False), out, progress=silent)


def test_encoded_copies_hold_the_same_and_a_spoilt_one_is_made_again(tmp_path: Path) -> None:
    brotli = pytest.importorskip(
        "brotli", reason="the extra `web` is not installed: pip install ioconnect-codemode[web]"
    )
    files = {"a.js": b"const one = 1;\n" * 10_000, "tiny.js": b"1"}

    first = compressed(files, kept_in=tmp_path, progress=silent)
    for kept in (tmp_path / "compressed").iterdir():
        kept.write_bytes(b"spoilt")

    assert sorted(first) == ["a.js.br", "a.js.gz"]
    assert compressed(files, kept_in=tmp_path, progress=silent) == first
    assert brotli.decompress(first["a.js.br"]) == files["a.js"]
