"""Prose of apps: one printable line that can't leave the place it is put in."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codegen.prose import first_sentence, in_docstring, one_line, sentence


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Finds clients. Many.", "Finds clients."),
        ("Finds clients, e.g. by name. Many.", "Finds clients, e.g. by name."),
        ("Version 2.0 of it", "Version 2.0 of it"),
        ("One\nline\n\nAnother", "One line"),
        ("Really? Yes.", "Really?"),
        ("", ""),
        ("x" * 500, "x" * 157 + "..."),
    ],
)
def test_first_sentence_is_bounded_and_ends_where_the_next_begins(text: str, first: str) -> None:
    assert first_sentence(text) == first


def test_full_stop_is_added_only_where_one_is_missing() -> None:
    assert [sentence(text) for text in ("a", "a.", "a?", "")] == ["a.", "a.", "a?", ""]


@given(st.text())
def test_line_has_no_control_format_or_surrogate_character(text: str) -> None:
    line = one_line(text)

    assert line.isprintable()


@given(st.text() | st.text(alphabet="\"\\'a "))
def test_text_in_a_docstring_stays_in_it(text: str) -> None:
    source = f'"""{in_docstring(one_line(text))}"""'
    (node,) = ast.parse(source).body

    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


@given(st.text())
def test_text_in_a_comment_stays_in_it(text: str) -> None:
    assert ast.parse(f"x = 1  # {one_line(text)}").body[1:] == []


@pytest.mark.parametrize("hidden", ["\ufe0f", "\U000e0101", "\u3164", "\u115f", "\u034f", "\U000e0041", "\u200b"])
def test_what_nobody_sees_carries_no_text_to_a_model(hidden: str) -> None:
    assert one_line(f"Finds{hidden * 3} clients.").split() == ["Finds", "clients."]
