"""What a wheel holds, and that it works without the checkout."""

from __future__ import annotations

import ast
import itertools
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from ioconnect_codemode.version import VERSION

ROOT = Path(__file__).parents[2]


def built(form: str, folder: Path) -> Path:
    """Build a `wheel` or an `sdist` of the checkout; give its file."""
    code = f"from hatchling import build; print(build.build_{form}({str(folder)!r}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    return folder / done.stdout.split()[-1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built("wheel", tmp_path_factory.mktemp("wheel"))


def test_a_wheel_holds_three_packages_with_their_data_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {
        "ioconnect_codegen",
        "ioconnect_codemode",
        "ioconnect_schemas",
        f"ioconnect_codemode-{VERSION}.dist-info",
    }
    assert not [name for name in names if "__pycache__" in name or "node_modules" in name]
    for needed in (
        f"ioconnect_codemode-{VERSION}.dist-info/licenses/LICENSE",
        "ioconnect_codegen/py.typed",
        "ioconnect_codemode/py.typed",
        "ioconnect_schemas/py.typed",
        "ioconnect_schemas/messages.json",
        "ioconnect_schemas/environment.schema.json",
        "ioconnect_schemas/examples/wealth_desk.environment.json",
        "ioconnect_schemas/examples/wealth_desk.tokens.json",
        "ioconnect_codemode/browser/codemode.js",
        "ioconnect_codemode/browser/frame.html",
        "ioconnect_codemode/browser/pins/files.json",
        "ioconnect_codegen/web/playground/index.html",
        "ioconnect_codegen/web/playground/desk/desk.js",
    ):
        assert needed in names
    assert any(name.endswith(".jinja") for name in names)


def test_a_source_distribution_holds_the_repository_without_its_ci(tmp_path: Path) -> None:
    asked = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--deduplicate"]
    listed = subprocess.run(asked, check=True, capture_output=True, text=True, cwd=ROOT).stdout.splitlines()
    there = {name for name in listed if (ROOT / name).is_file()}

    with tarfile.open(built("sdist", tmp_path)) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    assert names - there == {"PKG-INFO"}
    assert {name for name in there - names if not name.startswith(".ci/")} == set()


def test_the_story_is_told_from_an_unpacked_wheel(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from ioconnect_codegen.cli import main; main(['demo'])"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert '"Jonas Weber"' in done.stdout


def test_the_web_folder_is_built_from_an_unpacked_wheel(wheel: Path, tmp_path: Path) -> None:
    assets = ROOT / ".cache" / "web-assets"
    if not assets.is_dir():
        pytest.skip("the browser's files are not there: run: make web")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    arguments = ["web", "build", str(tmp_path / "out"), "--assets", str(assets), "--without-compression"]
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); from ioconnect_codegen.cli import main; sys.exit(main({arguments!r}))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "index.html").is_file()


def test_every_dependency_has_its_reason_beside_it() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    settings = tomllib.loads(text)
    project = settings["project"]
    named = [
        *settings["build-system"]["requires"],
        *project["dependencies"],
        *itertools.chain(*project["optional-dependencies"].values()),
        *(one for group in settings["dependency-groups"].values() for one in group if isinstance(one, str)),
    ]
    lines = ["", *text.splitlines()]

    assert [one for one in named if not any(_is_explained(one, *pair) for pair in itertools.pairwise(lines))] == []


def _is_explained(dependency: str, before: str, line: str) -> bool:
    """Whether a line names a dependency, with a comment behind it or a line of comment above."""
    _, found, behind = line.partition(f'"{dependency}"')
    return bool(found) and ("# " in behind or before.strip().startswith("# "))


def test_every_distribution_that_is_imported_is_a_dependency() -> None:
    """Adapters apart: what they import is the framework of whoever uses them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = {
        _name(one) for one in (*project["dependencies"], *itertools.chain(*project["optional-dependencies"].values()))
    }
    providers = packages_distributions()

    imported = {
        module
        for package in ("generator/ioconnect_codegen", "runtime/ioconnect_codemode")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.parent.name != "adapters"
        for module in _imported(path)
        if module in providers and not module.startswith("ioconnect_")
    }

    assert {"websockets", "RestrictedPython", "anyio"} <= imported
    assert [one for one in sorted(imported) if declared.isdisjoint(map(_name, providers[one]))] == []


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (one.name.partition(".")[0] for one in names)
            case ast.ImportFrom(module=str(module), level=0):
                yield module.partition(".")[0]
            case _:
                pass


def _name(requirement: str) -> str:
    """Give the name of a distribution as registries compare it."""
    return re.split(r"[^\w.-]", requirement)[0].lower().replace("_", "-")


def test_the_changelog_has_a_place_for_what_comes() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
