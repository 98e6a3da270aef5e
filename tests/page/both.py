"""Asks the page's JavaScript, run by Node, what a test asks of Python."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Final, cast

import pytest

import ioconnect_schemas
from ioconnect_codegen.web.assets import DEFAULT_FOLDER, VALIDATOR
from ioconnect_codemode.values import JsonValue

HERE: Final = Path(__file__).parent
REPOSITORY: Final = HERE.parents[1]
BROWSER: Final = Path(str(files("ioconnect_codemode"))) / "browser"
LIBRARY: Final = REPOSITORY / DEFAULT_FOLDER / VALIDATOR / "dist" / "esm" / "index.js"
WEALTH_DESK: Final = REPOSITORY / "generated" / "wealth_desk"


def node() -> str:
    """Give the path of Node; skips the test where there is none."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not installed")
    return found


def library() -> Path:
    """Give the page's schema validator; skips the test where it has not been fetched."""
    if not LIBRARY.exists():
        pytest.skip("the page's validator is not there: codemode web fetch")
    return LIBRARY


def page_answers(room: str, cases: Sequence[object], *, needs_library: bool = False) -> list[JsonValue]:
    """Give what the page's room answers to each case."""
    question = {
        "browser": str(BROWSER),
        "schemas": str(ioconnect_schemas.path(".")),
        "validator": str(library()) if needs_library else "",
        "room": room,
        "cases": cases,
    }
    done = subprocess.run(
        [node(), str(HERE / "asked.mjs")],
        input=json.dumps(question),
        capture_output=True,
        encoding="utf-8",
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return cast("list[JsonValue]", json.loads(done.stdout))


def differences(cases: Sequence[object], python: Sequence[object], page: Sequence[object]) -> list[object]:
    """Give the cases that the two languages answer differently, with both answers."""
    assert len(cases) == len(python) == len(page)
    return [
        {"case": case, "python": one, "page": other}
        for case, one, other in zip(cases, python, page, strict=True)
        if one != other
    ]
