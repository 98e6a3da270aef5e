"""`codemode web fetch`: what is not ours comes with npm and pip, once, and is what was pinned or is not used."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
