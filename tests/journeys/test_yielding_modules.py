"""Safe modules whose names are words of data as well: a catalog or an input may have them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.packages import environment, package, tool  # noqa: TID251 - the tests of the generator, not its sources
from ioconnect_codemode import CodeMode, Outcome
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

TEXT: dict[str, JsonValue] = {"type": "string"}


def export(arguments: dict[str, JsonValue]) -> JsonValue:
    return f"exported {arguments['value']}"


def run(folder: Path, code: str, inputs: Mapping[str, JsonValue] | None = None) -> Outcome:
    async def go() -> Outcome:
        async with CodeMode.open(folder, transport=EmbeddedTransport({"Csv.Export": export}), spares=0) as code_mode:
            return await code_mode.execute_python_code(code, inputs=inputs)

    return asyncio.run(go())


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("csv") / "package"
    exporting: JsonValue = {**tool(0, TEXT), "name": "export", "interop": {"methodName": "Csv.Export"}}
    manifest = package(environment([exporting]), folder)
    assert list(manifest.namespaces) == ["csv"]
    return folder


@pytest.mark.parametrize(
    "code", ["csv.export('a')", "import csv\ncsv.export('a')", "from csv import export\nexport('a')"]
)
def test_a_namespace_of_the_name_is_what_it_means(catalog: Path, code: str) -> None:
    assert run(catalog, code).value == "exported a"


def test_other_modules_of_that_kind_are_there_by_import(catalog: Path) -> None:
    assert run(catalog, "import io\nio.StringIO('a').read()").value == "a"


def test_without_an_import_the_name_is_unknown(catalog: Path) -> None:
    error = run(catalog, "x = 1\nlen(numbers)").error

    assert error is not None
    assert (error.kind, error.line) == ("unknown_name", 2)


@pytest.mark.parametrize("code", ["len(numbers)", "def f():\n    return len(numbers)\nf()"])
def test_an_input_of_the_name_is_what_it_means(catalog: Path, code: str) -> None:
    assert run(catalog, code, {"numbers": [1, 2]}).value == 2
