"""Ordinary snippets give the value that their header states, and plain Python agrees."""

from __future__ import annotations

import ast
import contextlib
import io
import json
import re
from pathlib import Path

import pytest

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.values import JsonValue, to_json

SNIPPETS = sorted((Path(__file__).parents[2] / "snippets" / "accepted").glob("*.py"))


def header(source: str, name: str) -> str | None:
    found = re.search(rf"^# {name}: (.*)$", source, re.MULTILINE)
    return found.group(1) if found else None


def run_plain(source: str) -> tuple[object, str]:
    tree = ast.parse(source)
    last = tree.body[-1]
    assert isinstance(last, ast.Expr)
    tree.body[-1] = ast.copy_location(ast.Assign([ast.Name("the_value", ast.Store())], last.value), last)
    variables: dict[str, object] = {"__name__": "__main__"}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.fix_missing_locations(tree), "<plain>", "exec", dont_inherit=True), variables)
    return variables["the_value"], printed.getvalue()


def run_snippet(source: str) -> sandbox.Finished:
    program = policy.translate(policy.parse(source), facades=policy.FACADES)
    result = sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=4_000)
    assert isinstance(result, sandbox.Finished), result
    return result


def comparable(value: object) -> JsonValue:
    """Classes of two runs are never the same; their JSON forms are."""
    return to_json(value)


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_gives_the_value_and_text_that_its_header_states(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    result = run_snippet(source)

    assert comparable(result.value) == json.loads(header(source, "value") or "")
    assert result.printed == json.loads(header(source, "printed") or '""')


@pytest.mark.parametrize(
    "path", [path for path in SNIPPETS if "# own:" not in path.read_text(encoding="utf-8")], ids=lambda path: path.stem
)
def test_plain_python_agrees(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    value, printed = run_plain(source)
    result = run_snippet(source)

    assert comparable(result.value) == comparable(value)
    assert result.printed == printed


def test_there_are_enough_snippets() -> None:
    assert len(SNIPPETS) >= 80
