"""Ordinary snippets give the value that their header states, and plain Python agrees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.values import JsonValue, to_json
from snippets.conformance import header, run_plain

SNIPPETS = sorted((Path(__file__).parents[2] / "snippets" / "accepted").glob("*.py"))


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
    assert len(SNIPPETS) >= 200
