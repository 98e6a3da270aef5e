"""Sources beside a golden environment give exactly that environment, in any order, under any hash seed."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from pathlib import Path

import pytest

from checkout import environment
from ioconnect_codegen.capture import capture

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/sources"))


def captured(case: str, *, is_reversed: bool = False) -> tuple[str, list[str]]:
    files = [str(path) for path in sorted((HERE / case / "sources").glob("*.json"), reverse=is_reversed)]
    lines: list[str] = []
    document = asyncio.run(capture(files, name=case.replace("_", "-"), progress=lines.append))
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n", lines


@pytest.mark.parametrize("case", CASES)
def test_captured_environment_is_the_expected_one(case: str, update_golden: bool) -> None:
    expected = HERE / case / "environment.json"
    text, _ = captured(case)
    if update_golden:
        expected.write_text(text, encoding="utf-8")

    assert text == expected.read_text(encoding="utf-8")


@pytest.mark.parametrize("case", CASES)
def test_order_of_the_sources_does_not_matter(case: str) -> None:
    assert captured(case)[0] == captured(case, is_reversed=True)[0]


def test_hash_seed_does_not_matter() -> None:
    files = sorted((HERE / "from_everything" / "sources").glob("*.json"))

    printed = [
        subprocess.run(
            [sys.executable, "-m", "ioconnect_codegen", "capture", *map(str, files)],
            env=environment(PYTHONHASHSEED=seed),
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]

    assert printed[0] == printed[1] != ""


@pytest.mark.parametrize("case", CASES)
def test_a_capture_of_a_capture_says_the_same(case: str) -> None:
    document = HERE / case / "environment.json"
    again = asyncio.run(capture([str(document)], progress=lambda _: None))

    assert again == json.loads(document.read_text(encoding="utf-8"))


def test_there_is_a_case_for_every_kind_of_file() -> None:
    said = [line for case in CASES for line in captured(case)[1]]
    kinds = {line.split(": ", 1)[1].split(", ")[0] for line in said}

    assert kinds >= {
        "gateway discovery",
        "interop.methods()",
        "io.Connect app definitions",
        "FDC3 App Directory",
        "MCP tools/list",
        "io.Intelligence configuration",
        "workspace layouts",
    }


@pytest.mark.parametrize(
    ("case", "left_out"),
    [
        ("from_gateway", ["$[1].methods[4]: no name", "$[1].methods[5]: not an object"]),
        ("from_interop_dump", ["$[4]: no name", "outputSchema: neither JSON text nor a schema"]),
        ("from_app_definitions", ["customProperties.interop.methods[1]: no name", "$[2]: no name"]),
        ("from_app_directory", ["'Broken' is not described", "not a definition but an address; it is not fetched"]),
        ("from_mcp_tools", ["$.tools[3]: no name"]),
        ("from_iointelligence", ["$.tools.static.methods[1]: no interop.methodName"]),
    ],
)
def test_entries_that_are_no_description_are_told_and_cost_no_other(case: str, left_out: list[str]) -> None:
    said = [line for line in captured(case)[1] if ": left out " in line]

    assert len(said) == len(left_out)
    assert all(any(one in line for line in said) for one in left_out)
