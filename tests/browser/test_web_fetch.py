"""`codemode web fetch`: what is not ours comes with npm and pip, once, and is what was pinned or is not used."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ioconnect_codegen import cli
from ioconnect_codegen.web.assets import PINS, pinned_files, pinned_version
from ioconnect_codegen.web.fetch import fetch


def codemode(*arguments: str, path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ioconnect_codegen", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PATH": path},
    )


def test_a_complete_folder_is_left_as_it_is(assets_folder: Path) -> None:
    assert not fetch(assets_folder, progress=lambda _: None)


def test_without_npm_it_says_what_to_install(tmp_path: Path) -> None:
    done = codemode("web", "fetch", str(tmp_path / "assets"), path=str(tmp_path))

    assert done.returncode == 2
    assert done.stderr == (
        "codemode: the assets of the browser: npm is not there: install Node.js 20 or later, which brings it\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_failure_of_npm_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "npm").write_text("#!/bin/sh\necho 'the registry is far away' >&2\nexit 7\n", encoding="utf-8")
    (tools / "npm").chmod(0o755)
    done = codemode("web", "fetch", str(tmp_path / "assets"), path=f"{tools}:{os.environ['PATH']}")

    assert done.returncode == 2
    assert "npm ended with status 7: the registry is far away; fetch them with: codemode web fetch" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["tools"]


def test_a_spoilt_folder_is_fetched_again(assets_folder: Path, tmp_path: Path) -> None:
    if shutil.which("npm") is None:
        pytest.skip("there is no npm: install Node.js 20 or later")
    folder = tmp_path / "assets"
    shutil.copytree(assets_folder, folder, ignore=shutil.ignore_patterns("compressed", "compiled"))
    (folder / "node_modules" / "pyodide" / "pyodide.mjs").write_bytes(b"spoilt")

    assert fetch(folder, progress=lambda _: None)
    assert not fetch(folder, progress=lambda _: None)


def test_what_was_not_fetched_is_never_replaced(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    project = tmp_path / "project"
    project.mkdir()
    (project / "package.json").write_text("{}", encoding="utf-8")
    (tmp_path / "link").symlink_to(project)

    for place in (tmp_path / "letter.txt", tmp_path, project, tmp_path / "link"):
        assert cli.main(["web", "fetch", str(place)]) == 2
        assert "name a " in capsys.readouterr().err
    assert cli.main(["web", "fetch", "/proc/none/assets"]) == 2
    assert "/proc/none/assets can't be written: " in capsys.readouterr().err
    assert (tmp_path / "letter.txt").read_text(encoding="utf-8") == "dear"
    assert {path.name for path in tmp_path.iterdir()} == {"letter.txt", "project", "link"}


def test_a_command_to_copy_has_its_folder_quoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "the desk's page"
    assert cli.main(["web", "build", str(folder), "--assets", str(folder)]) == 2
    assert capsys.readouterr().err.endswith(f"codemode web fetch {shlex.quote(str(folder))}\n")
    assert cli.main(["web", "serve", str(folder)]) == 2
    assert capsys.readouterr().err.endswith(f"codemode web build {shlex.quote(str(folder))}\n")


def test_every_version_is_pinned_exactly_with_its_digest() -> None:
    lock = json.loads((PINS / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    for package in ("pyodide", "@cfworker/json-schema"):
        assert lock[f"node_modules/{package}"]["version"] == pinned_version(package)
        assert lock[f"node_modules/{package}"]["integrity"].startswith("sha512-")
    wheels = [line for line in (PINS / "wheels.txt").read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    files = {name: pin.sha256 for name, pin in pinned_files().items() if name.endswith(".whl")}
    assert len(wheels) == len(files)
    for line in wheels:
        found = re.fullmatch(r"([\w-]+)==([\d.]+) --hash=sha256:(\w{64})", line)
        assert found is not None, line
        [(name, digest)] = [one for one in files.items() if one[0].startswith(f"wheels/{found[1].replace('-', '_')}-")]
        assert name.partition("-")[2].partition("-")[0] == found[2]
        assert digest == found[3]
