"""Every golden environment gives exactly the package that stands beside it, and that package holds."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import cast

import jsonschema_rs
import pytest

import ioconnect_schemas
from checkout import environment
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import compare, write
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.stubs import audit

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
CASES = sorted(path.parent.name for path in HERE.glob("*/environment.json"))


def document(case: str) -> dict[str, object]:
    parsed: dict[str, object] = json.loads((HERE / case / "environment.json").read_text(encoding="utf-8"))
    return parsed


def stub_modules(case: str) -> Iterator[Path]:
    yield from sorted((HERE / case / "expected").glob("*.py"))


@pytest.mark.parametrize("case", CASES)
def test_package_is_the_expected_one(case: str, update_golden: bool) -> None:
    files = generate(read_environment(document(case)))
    expected = HERE / case / "expected"
    if update_golden:
        (expected / "codemode.toml").unlink(missing_ok=True)
        write(files, expected)

    difference = compare(files, expected)
    on_disk = {path.relative_to(expected).as_posix() for path in expected.rglob("*") if path.is_file()}

    assert difference.text == ""
    assert {path for path in on_disk if "__pycache__" not in path} == set(files)
    assert files["codemode.toml"] == (expected / "codemode.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_order_of_the_environment_does_not_matter(case: str) -> None:
    shuffled = document(case)
    for key in ("methods", "tools", "applications", "intents"):
        listed = shuffled.get(key)
        if isinstance(listed, list):
            random.Random(7).shuffle(cast("list[object]", listed))

    assert generate(read_environment(shuffled)) == generate(read_environment(document(case)))


def test_hash_seed_does_not_matter() -> None:
    script = (
        "import sys, hashlib, pathlib; from ioconnect_codegen import generate, read_environment\n"
        "for case in sys.argv[1:]:\n"
        "    for path, text in generate(read_environment(pathlib.Path(case))).items():\n"
        "        print(path, hashlib.sha256(text.encode()).hexdigest())\n"
    )
    cases = [str(HERE / case / "environment.json") for case in ("tools", "collisions", "hostile")]

    printed = [
        subprocess.run(
            [sys.executable, "-c", script, *cases],
            env=environment(PYTHONHASHSEED=seed),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert printed[0] == printed[1] != ""


@pytest.mark.parametrize("case", CASES)
def test_stub_modules_pass_the_audit_of_the_runtime(case: str) -> None:
    for path in stub_modules(case):
        if path.name != "__init__.py":
            audit(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES)
def test_manifest_fits_its_schema_and_its_files(case: str) -> None:
    folder = HERE / case / "expected"
    manifest = Manifest.read(folder)
    schema = json.loads(ioconnect_schemas.read("manifest.schema.json"))
    errors = [error.message for error in jsonschema_rs.Draft202012Validator(schema).iter_errors(dict(manifest.data))]

    assert errors == []
    assert [manifest.text(path) for path in manifest.data["files"]]


@pytest.mark.parametrize("case", CASES)
def test_wire_schemas_compile_without_reaching_for_anything(case: str) -> None:
    def refuse(uri: str) -> dict[str, object]:
        raise AssertionError(f"reached for {uri}")

    manifest = Manifest.read(HERE / case / "expected")
    for name in manifest.capabilities:
        for schema in (manifest.schemas(name)["input_schema"], manifest.schemas(name)["output_schema"]):
            if schema is not None:
                jsonschema_rs.Draft202012Validator(schema, retriever=refuse)


@pytest.mark.parametrize("case", CASES)
def test_definitions_are_python_and_name_every_capability(case: str) -> None:
    manifest = Manifest.read(HERE / case / "expected")
    for namespace, entry in manifest.namespaces.items():
        tree = ast.parse(manifest.text(f"definitions/{namespace}.pyi"))
        classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        functions = [node.name for node in classes[namespace].body if isinstance(node, ast.FunctionDef)]

        assert functions == entry["capabilities"]


@pytest.mark.parametrize("case", CASES)
def test_package_imports_and_its_types_resolve(case: str) -> None:
    for module in import_package(case):
        for value in vars(module).values():
            if isinstance(value, type) and value.__module__ == module.__name__:
                assert set(value.__annotations__) >= set(getattr(value, "__record_keys__", {}))


def test_stub_called_outside_a_snippet_says_where_it_can_be_called() -> None:
    crm = next(module for module in import_package("tools") if module.__name__.endswith(".crm"))

    with pytest.raises(UsageError, match=r"crm\.broken is a stub: it can be called in a snippet"):
        crm.broken("CL-10024")


def import_package(case: str) -> list[ModuleType]:
    name = f"golden_{case}"
    folder = HERE / case / "expected"
    spec = importlib.util.spec_from_file_location(
        name, folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    assert spec is not None and spec.loader is not None
    sys.modules[name] = importlib.util.module_from_spec(spec)
    try:
        return [
            importlib.import_module(f"{name}.{path.stem}") for path in stub_modules(case) if path.stem != "__init__"
        ]
    finally:
        for loaded in [module for module in sys.modules if module == name or module.startswith(f"{name}.")]:
            del sys.modules[loaded]


def test_nothing_of_the_hostile_environment_has_run_or_stands_as_code() -> None:
    for path in stub_modules("hostile"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"os", "system", "__import__", "PathLike"}
    assert not list(ROOT.glob("PWNED"))
    hostile = Manifest.read(HERE / "hostile" / "expected").types["XPassImportOsSystemTouchPWNEDClassY"]
    assert len(hostile.get("fields", ())) == 21


def test_ruff_would_not_change_a_stub_module() -> None:
    modules = [str(path) for case in CASES for path in stub_modules(case)]
    arguments = ["format", "--check", "--isolated", "--no-cache", "--line-length", "88"]

    checked = subprocess.run(
        [sys.executable, "-m", "ruff", *arguments, *modules], capture_output=True, text=True, check=False
    )

    assert (checked.returncode, checked.stdout) == (0, f"{len(modules)} files already formatted\n")


def test_mypy_finds_nothing_in_a_stub_module(tmp_path: Path) -> None:
    for case in CASES:
        (tmp_path / f"golden_{case}").mkdir()
        for path in stub_modules(case):
            (tmp_path / f"golden_{case}" / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    environment = {**os.environ, "MYPYPATH": os.pathsep.join(str(ROOT / part) for part in ("runtime", "schemas"))}
    arguments = ["--strict", "--config-file=", "--follow-imports=silent", f"--cache-dir={tmp_path / 'cache'}"]

    checked = subprocess.run(
        [sys.executable, "-m", "mypy", *arguments, *(f"golden_{case}" for case in CASES)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout.startswith("Success"), checked.stdout
