"""Snippets outside the language are refused before they run, at the line that their header states."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ioconnect_codemode import policy

SNIPPETS = sorted((Path(__file__).parents[2] / "snippets" / "rejected").glob("*.py"))


def violations_of(source: str, known: set[str] | None = None) -> tuple[policy.Violation, ...]:
    with pytest.raises(policy.Rejected) as caught:
        policy.translate(policy.parse(source), facades=policy.FACADES, known=known)
    return caught.value.violations


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_snippet_is_refused_at_the_stated_line_with_the_stated_message(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    expected = re.findall(r"^# rejected: line (\d+): (.*)$", source, re.MULTILINE)

    found = violations_of(source)

    for line, message in expected:
        assert any(one.line == int(line) and message in one.message for one in found), found


def test_there_are_enough_snippets() -> None:
    assert len(SNIPPETS) >= 60


def test_violation_names_the_nearest_legal_way_and_its_columns() -> None:
    assert violations_of("x = 1\nname = eval('x')") == (
        policy.Violation(
            kind="not_allowed",
            message="`eval` is not available",
            line=2,
            column=8,
            end_column=12,
            hint="write the expression itself; json.loads reads data",
        ),
    )


def test_columns_count_characters() -> None:
    (found,) = violations_of('"日本語", print.__globals__')

    assert (found.column, found.end_column) == (8, 25)


def test_known_name_of_a_module_is_not_refused() -> None:
    policy.translate(policy.parse("os.list_orders()"), facades=policy.FACADES, known={"os"})


def test_import_of_what_may_be_a_namespace_is_left_to_the_run() -> None:
    policy.translate(policy.parse("import crm"), facades=policy.FACADES)


def test_import_of_an_unknown_namespace_is_refused_with_the_nearest_one() -> None:
    (found,) = violations_of("import crmm", known={"crm"})

    assert found.message == "`crmm` is not available"
    assert found.hint == "did you mean `crm`?"


def test_import_of_a_known_namespace_is_taken() -> None:
    policy.translate(policy.parse("from crm import find_clients"), facades=(), known={"crm"})


def test_facade_that_is_switched_off_is_refused() -> None:
    with pytest.raises(policy.Rejected):
        policy.translate(policy.parse("import json"), facades=())


def test_name_that_the_snippet_binds_is_not_refused() -> None:
    policy.translate(policy.parse("def compile(x):\n    return x\n\ncompile(1)"), facades=policy.FACADES)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("x" * 100_001, "longer than"),
        ("x = 1\n\0", "null character"),
        ("(" * 151 + ")" * 151, "nested too deeply"),
        ("x = " + "-" * 5_000 + "1", "nested too deeply"),
        ("x = " + "1 + " * 3_000 + "1", "nested too deeply"),
        ("x" + ".a" * 5_000, "nested too deeply"),
        ("if 1: pass\n" + "elif 1: pass\n" * 3_000, "nested too deeply"),
        ("[" + "1," * 49_999 + "]", "more than 50000 parts"),
    ],
    ids=["long", "null", "brackets", "unary", "sum", "attributes", "elif", "nodes"],
)
def test_source_beyond_a_limit_is_refused(source: str, message: str) -> None:
    (found,) = violations_of(source)

    assert found.kind == "syntax"
    assert message in found.message


def test_source_within_the_limits_is_taken() -> None:
    policy.translate(policy.parse("x = " + "1 + " * 150 + "1"), facades=policy.FACADES)
    policy.translate(policy.parse("(" * 90 + "1" + ")" * 90), facades=policy.FACADES)
