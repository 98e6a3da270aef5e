"""`codemode doctor` and `codemode capture` as a user runs them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from checkout import ROOT
from front.test_cli import ENVIRONMENT, PACKAGE, codemode
from ioconnect_codemode.version import VERSION

SOURCES = ROOT / "tests" / "golden" / "from_everything" / "sources"


def test_doctor_of_an_environment_tells_everything_with_mends() -> None:
    done = codemode("doctor", ENVIRONMENT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "    see wiki: {topic|analyst\n            ^" in done.stdout
    assert done.stdout.count("\n  mend: ") == 6
    assert "apps without a caption" in done.stdout and "hidden (" in done.stdout


def test_doctor_strict_fails_on_what_an_owner_can_mend() -> None:
    contradicted = SOURCES.parent / "environment.json"
    assert codemode("doctor", contradicted, "--strict").returncode == 1
    assert codemode("doctor", ENVIRONMENT, "--strict").returncode == 0
    assert codemode("doctor", PACKAGE, "--strict").returncode == 0


@pytest.mark.parametrize("rule", ['[capabilities]\ndeny = ["crm.delet_note"]', '[approval]\nask = ["crm.ad_note"]'])
def test_doctor_strict_fails_on_a_rule_that_nothing_matches(tmp_path: Path, rule: str) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(PACKAGE, folder)
    (folder / "codemode.toml").write_text(f"{rule}\n", encoding="utf-8")
    done = codemode("doctor", folder, "--strict")
    assert (done.returncode, codemode("doctor", folder).returncode) == (1, 0)
    assert "policy names what is not there (1)\n  crm." in done.stdout
    (folder / "codemode.toml").write_text('[capabilities]\ndeny = ["crm.delete_note"]\n', encoding="utf-8")
    assert codemode("doctor", folder, "--strict").returncode == 0


def test_doctor_of_a_package_tells_files_policy_effects_and_worker() -> None:
    done = codemode("doctor", PACKAGE)
    assert (done.returncode, done.stderr) == (0, "")
    assert "as manifest.json names them" in done.stdout
    assert "policy: codemode.toml is in force; it denies nothing" in done.stdout
    assert "effects unknown (1)\n  research.subscribe" in done.stdout
    assert "worker (" in done.stdout
    assert "no declared result (9)" in done.stdout
    assert done.stdout.count("\n  mend: ") == 3


def test_a_capture_of_nothing_says_so_and_proposes_no_next_step(tmp_path: Path) -> None:
    empty, target = tmp_path / "empty.json", tmp_path / "desk.json"
    empty.write_text('{"schemaVersion": 1, "name": "empty", "methods": []}', encoding="utf-8")
    assert codemode("capture", empty, "-o", target).stderr == f"{target}: nothing was found\n"
    assert "next: codemode generate" in codemode("capture", ENVIRONMENT, "-o", target).stderr


def test_doctor_without_a_subject_examines_this_machine() -> None:
    done = codemode("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"ioconnect-codemode {VERSION}, Python ")
    assert "\nworker (" in done.stdout and "\ntype check: " in done.stdout
    assert codemode("doctor", "--probe").returncode == 2


def test_doctor_of_a_package_finds_a_changed_file_and_a_broken_policy(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(PACKAGE, folder)
    (folder / "crm.py").write_text("changed\n", encoding="utf-8")
    (folder / "notes.py").unlink()
    (folder / "codemode.toml").write_text("[nonsense]\n", encoding="utf-8")
    done = codemode("doctor", folder)
    assert done.returncode == 1
    assert "files: missing or changed: crm.py, notes.py\n  mend: codemode generate" in done.stdout
    assert "[nonsense] is unknown" in done.stdout


def test_doctor_of_a_package_knows_a_policy_in_force(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    shutil.copytree(PACKAGE, folder)
    (folder / "codemode.toml").write_text('[capabilities]\nallow = ["crm.*"]\n', encoding="utf-8")
    assert "policy: codemode.toml is in force, 9 capabilities may be called" in codemode("doctor", folder).stdout


def test_capture_merges_files_in_any_order_to_the_same_bytes(tmp_path: Path) -> None:
    files = sorted(SOURCES.glob("*.json"))
    for name, order in (("a.json", files), ("b.json", files[::-1])):
        assert codemode("capture", *order, "-o", tmp_path / name, "--name", "x").returncode == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_capture_says_nothing_on_standard_error_but_the_result() -> None:
    done = codemode("capture", *sorted(SOURCES.glob("*.json")))
    assert done.stderr == ""
    assert json.loads(done.stdout)["contradictions"]


def test_generate_says_what_contradicts_what_and_strict_fails(tmp_path: Path) -> None:
    environment = ROOT / "tests" / "golden" / "from_everything" / "environment.json"
    done = codemode("generate", environment, "-o", tmp_path / "x", "--strict")
    assert done.returncode == 1
    assert "contradictions: CRM.GetClient description: 'Returns one client.' (gateway.json);" in done.stderr
    assert "all of it: codemode doctor" in done.stderr


@pytest.mark.parametrize("text", ['{"openapi": "3.1.0"}', "[]", "5"])
def test_file_of_unknown_kind_is_status_2_and_one_line_with_the_known_ones(text: str, tmp_path: Path) -> None:
    (tmp_path / "what.json").write_text(text, encoding="utf-8")
    done = codemode("capture", tmp_path / "what.json")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("codemode: what.json is of no known kind; known are environment, ")
    assert "FDC3 App Directory" in done.stderr and "(ws://..." in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_source_that_is_not_json_is_status_2_and_one_line(tmp_path: Path) -> None:
    (tmp_path / "what.json").write_text("{", encoding="utf-8")
    done = codemode("capture", tmp_path / "what.json")
    assert done.returncode == 2
    assert done.stderr.startswith("codemode: what.json is not JSON: ")


def test_broken_environment_among_the_sources_names_its_problems(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_text('{"schemaVersion": 2, "methods": [{}]}', encoding="utf-8")
    done = codemode("capture", tmp_path / "e.json")
    assert done.returncode == 2
    assert "$.schemaVersion" in done.stderr


def test_capture_says_what_it_leaves_out_where_no_terminal_is(tmp_path: Path) -> None:
    apps: list[dict[str, object]] = [{"name": "crm", "type": "window", "details": {}}, {"type": "window"}]
    (tmp_path / "apps.json").write_text(json.dumps(apps), encoding="utf-8")
    (tmp_path / "id.json").write_text('{"type": "string"}', encoding="utf-8")
    done = codemode("capture", tmp_path / "apps.json", tmp_path / "id.json")
    assert done.returncode == 0
    assert done.stderr.splitlines() == [
        "apps.json: left out $[1]: no name",
        "id.json: no schema of another source refers to it",
    ]
