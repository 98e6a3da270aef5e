"""Layout of generated source: exactly what `ruff format` would make of it."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codegen.render.layout import (
    ParameterSource,
    alias_source,
    call_source,
    field_source,
    header_source,
    import_source,
    literal,
    type_source,
)

LONG = "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
TYPES = [
    "str",
    f"{LONG}1",
    f"list[{LONG}1]",
    f"dict[str, list[{LONG}1]]",
    f"{LONG}1 | {LONG}2",
    f"{LONG}1 | {LONG}2 | {LONG}3 | None",
    f"list[{LONG}1 | {LONG}2 | {LONG}3]",
    f"list[{LONG}1 | {LONG}2 | {LONG}3] | None",
    f"dict[str, {LONG}1 | {LONG}2 | {LONG}3]",
    f"tuple[{LONG}1, {LONG}2, {LONG}3]",
    f"Literal['{'a' * 30}', '{'b' * 30}', '{'c' * 30}']",
    "Literal['名前名前名前名前名前名前名前名前', '名前名前名前名前名前名前']",
    "Literal['it\\'s', 'say \"x\"', 'back\\\\slash', 'line\\n', -1, True]",
]


@pytest.mark.parametrize("name_length", [1, 20, 40])
def test_ruff_leaves_every_form_as_it_is(tmp_path: Path, name_length: int) -> None:
    name = "n" * name_length
    parts = [import_source(".records", [f"{LONG}{n}" for n in range(name_length)]) + "\n"]
    parts += [f"\n{alias_source(f'Alias{n}', one)}" for n, one in enumerate(TYPES)]
    parts.append("\n\n\nclass Everything(Record):")
    for number, one in enumerate(TYPES):
        for key in (None, "k", "k" * 60):
            for is_required in (True, False):
                text = one if is_required or one.endswith("None") else f"{one} | None"
                parts.append("\n" + field_source(f"{name}{number}", text, key=key, is_required=is_required))
    for number, one in enumerate(TYPES):
        for count in (0, 1, 3):
            parameters = [
                ParameterSource(name=f"{name}{p}", type=one, default="None" if p else "") for p in range(count)
            ]
            arguments = {parameter.name: parameter.name for parameter in parameters}
            parts.append(f"\n\n\n{header_source(f'{name}{number}', parameters, one)}\n")
            parts.append(call_source(f"crm.{name}{number}", arguments, one))
    path = tmp_path / "stub.py"
    path.write_text("".join(parts) + "\n", encoding="utf-8")

    checked = subprocess.run(
        [
            sys.executable,
            "-m",
            "ruff",
            "format",
            "--diff",
            "--isolated",
            "--no-cache",
            "--line-length",
            "88",
            str(path),
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.stdout == ""
    assert checked.returncode == 0, checked.stderr


def test_type_expression_is_written_in_double_quotes() -> None:
    assert type_source("dict[str, Literal['a', \"b'\", -1, None]]") == 'dict[str, Literal["a", "b\'", -1, None]]'


def test_what_is_no_type_expression_is_refused() -> None:
    with pytest.raises(ValueError, match="not a type expression"):
        type_source("__import__('os')")


@given(st.text() | st.integers() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False))
def test_literal_is_one_printable_line_and_reads_back_the_same(value: str | int | float | bool) -> None:
    source = literal(value)

    assert ast.literal_eval(source) == value
    assert source.isprintable()
