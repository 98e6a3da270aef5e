"""A package as a whole: cheap to import, bounded for a model, and dated by its version."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ioconnect_codegen
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.version import VERSION
from ioconnect_codemode.values import JsonValue

ROOT = Path(__file__).parents[2]


def files(*methods: JsonValue) -> dict[str, str]:
    return generate(read_environment({"schemaVersion": 1, "name": "desk", "methods": list(methods)}))


def test_importing_the_generator_loads_none_of_its_rooms() -> None:
    script = "import sys, ioconnect_codegen; print([m for m in sys.modules if 'ioconnect' in m or m in ('jinja2', 'jsonschema_rs')])"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}

    started = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )

    assert started.stdout.strip() == "['ioconnect_codegen']"


@pytest.mark.parametrize(
    ("module", "rooms"),
    [("datamodel_code_generator", {"models.py"}), ("jinja2", {"render/templating.py"}), ("tempfile", {"output.py"})],
)
def test_only_one_room_knows_this_module(module: str, rooms: set[str]) -> None:
    folder = ROOT / "generator" / "ioconnect_codegen"
    ours = [path for path in folder.rglob("*.py") if path.name not in {"cli.py", "demo.py"}]
    found = {
        path.relative_to(folder).as_posix()
        for path in ours
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if module in _imported(node)
    }

    assert found == rooms


def _imported(node: ast.AST) -> set[str]:
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    return {(node.module or "").partition(".")[0]} if isinstance(node, ast.ImportFrom) else set()


def test_every_public_name_can_be_had() -> None:
    assert all(getattr(ioconnect_codegen, name) is not None for name in ioconnect_codegen.__all__)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = ioconnect_codegen.nothing


def test_version_is_that_of_the_distribution() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == VERSION


def test_empty_environment_is_a_package_too() -> None:
    assert set(files()) == {"GUIDE.md", "__init__.py", "codemode.toml", "manifest.json"}


def test_guide_stays_short_whatever_the_size_of_the_environment() -> None:
    methods: list[JsonValue] = [
        {"name": f"Namespace{n}{'x' * 60}.Get", "description": "long " * 50} for n in range(300)
    ]

    guide = files(*methods)["GUIDE.md"]

    assert len(guide) < 3000
    assert "- and 288 more: list them" in guide


def test_proposed_policy_is_toml_with_an_effect_for_every_capability() -> None:
    policy = tomllib.loads(files({"name": "CRM.Get"}, {"name": 'Ünï."x"\n'})["codemode.toml"])

    assert policy == {"effects": {"crm.get": "unknown", "uni.x": "unknown"}}


def test_definition_is_one_line_with_what_a_caller_can_break() -> None:
    (line,) = (
        line
        for line in files({"name": "CRM.Find", "accepts": "string name, date? since", "description": "Finds. More."})[
            "definitions/crm.pyi"
        ].splitlines()
        if "def " in line
    )

    assert line == (
        " def find(name: str, since: str | float = ...) -> Any: ..."
        "  # Finds. since ISO 8601 or epoch ms; result shape not declared"
    )
