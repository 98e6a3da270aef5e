from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.source import Refusal, gate

CODE = "a = 1\nprint(a)"


def test_plain_code_passes_as_it_is() -> None:
    assert gate(CODE, limit_bytes=1000) == CODE


@pytest.mark.parametrize(
    "fenced",
    [
        f"```python\n{CODE}\n```",
        f"```\n{CODE}\n```",
        f"``` py \n{CODE}\n  ```  \n",
        f"\n\n```python-repl\n{CODE}\n```\n\n",
        f"```python\n{CODE}```",
        f"\ufeff```python\r\n{CODE}\r\n```".replace("a = 1\n", "a = 1\r\n"),
        f"~~~python\n{CODE}\n~~~",
        f"~~~\n{CODE}\n ~~~ \n",
        f"````python\n{CODE}\n````",
    ],
)
def test_a_fence_around_the_snippet_is_taken_off(fenced: str) -> None:
    code = gate(fenced, limit_bytes=1000)

    assert isinstance(code, str)
    assert code.lstrip("\n") == CODE


@pytest.mark.parametrize(
    "text",
    [
        '"""\n```\nx\n```\n"""',
        "x = 1\n```",
        "```python\nx = 1",
        "```x = 1```",
        "```python x = 1\ny\n```",
        "```",
        "First:\n```python\nx = 1\n```\nThen:\n```python\ny = 1\n```",
        "note = 1\n```python\nx = 1\n```",
        "crm.add_note('CL-1', 'x')\n```python\nx = 1\n```",
        "```python\nx = 1\n```\ncrm.add_note('CL-1', 'x')",
        "text = '''\n```python\nx = 1\n```\n'''",
        "'a\\\n```\\\n```\\\n'",
        "the code\n```python x\ny\n```\nends",
        "~~~x\ny  # ~~~",
        '~~~x\ny = """\n~~~"""',
        "~~~python\nx = 1\n```",
        "````python\nx = 1\n```",
        "total = ~~~x\n~~~x",
    ],
)
def test_what_is_not_one_fenced_block_is_left_alone(text: str) -> None:
    assert gate(text, limit_bytes=1000) == text


@pytest.mark.parametrize(
    "said",
    [
        f"Here is the code:\n\n```python\n{CODE}\n```",
        f"```python\n{CODE}\n```\nThis prints the number (one).",
        f"Sure!\r\n```\r\n{CODE}\r\n``` \r\nThat's it.\r\n",
        f"Here is the code:\n\n~~~py\n{CODE}\n~~~\nThis prints one.",
    ],
)
def test_what_a_model_says_around_its_only_block_is_taken_off(said: str) -> None:
    code = gate(said, limit_bytes=1000)

    assert isinstance(code, str)
    assert code.lstrip("\n") == CODE


@pytest.mark.parametrize(
    "text",
    [
        f"```python\n{CODE}\n```",
        f"\n\n  \n```python\n{CODE}\n```",
        f"Here is the code:\n\n```python\n{CODE}\n```\nThat's it.",
        f"Sure!\r\n```\r\n{CODE}\r\n```",
        CODE,
    ],
)
def test_a_line_of_code_keeps_the_number_that_it_has_in_the_text(text: str) -> None:
    code = gate(text, limit_bytes=1000)

    assert isinstance(code, str)
    assert code.split("\n").index("a = 1") == text.replace("\r\n", "\n").split("\n").index("a = 1")


def test_empty_lines_for_prose_are_no_way_around_the_limit() -> None:
    assert gate("word\n" * 50_000 + "```\nx\n```", limit_bytes=1000) == "x"


def test_an_empty_block_is_an_empty_snippet() -> None:
    assert gate("```python\n```", limit_bytes=1000) == "\n"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("    x = 1\n    if x:\n        y\n", "x = 1\nif x:\n    y\n"),
        ("\tx\n\ty", "x\ny"),
        ("\n   # what it does\n   x\n\n  \n   y", "\n# what it does\nx\n\n  \ny"),
        ("```python\n  x\n  y\n```", "\nx\ny"),
        ("  x\r\n  y\r\n", "x\ny\n"),
    ],
)
def test_an_indent_that_every_line_has_is_taken_off(text: str, code: str) -> None:
    assert gate(text, limit_bytes=1000) == code


@pytest.mark.parametrize("text", ["    x\n  y", "  x\n\ty", "x\n  y", "\tx\n    y", "  \n \t"])
def test_an_indent_that_some_line_lacks_stays(text: str) -> None:
    assert gate(text, limit_bytes=1000) == text


def test_other_line_ends_and_a_byte_order_mark_are_made_plain() -> None:
    assert gate("\ufeffa\r\nb\rc\n", limit_bytes=1000) == "a\nb\nc\n"


def test_size_is_counted_in_bytes_without_the_fence() -> None:
    code = "'" + "ä" * 10 + "'"
    assert gate(f"```python\n{code}\n```", limit_bytes=22) == f"\n{code}"
    assert gate(code, limit_bytes=21) == Refusal(
        message="the snippet has 22 bytes, the limit is 21",
        hint="give data as inputs or get it by calls, not as literals in the snippet",
    )


@pytest.mark.parametrize(("character", "name"), [("\x00", "NUL"), ("\ud800", "an unpaired surrogate")])
def test_a_character_that_no_python_has_is_refused_by_name(character: str, name: str) -> None:
    assert gate(f"x = '{character}'", limit_bytes=1000) == Refusal(
        message=f"the snippet contains {name}, which Python does not allow"
    )


def test_a_hundred_nested_brackets_pass_and_one_more_is_refused() -> None:
    assert gate("[" * 100 + "]" * 100, limit_bytes=1000) == "[" * 100 + "]" * 100
    assert gate("[" * 101 + "]" * 101, limit_bytes=1000) == Refusal(message="brackets are nested more than 100 deep")


def test_many_brackets_side_by_side_pass() -> None:
    assert gate("[]" * 400, limit_bytes=1000) == "[]" * 400


@given(st.text())
def test_any_text_gives_code_or_a_refusal(text: str) -> None:
    code = gate(text, limit_bytes=100)
    assert isinstance(code, Refusal) or (len(code.encode()) <= 100 and "\x00" not in code and "\r" not in code)


LINES = st.lists(st.text(alphabet="ab ='\"#é\t", max_size=12), min_size=1, max_size=6).map("\n".join)


@given(LINES)
def test_code_is_the_same_with_and_without_a_fence(code: str) -> None:
    for fence in ("```", "~~~", "````"):
        assert gate(f"{fence}python\n{code}\n{fence}\n", limit_bytes=10_000) == f"\n{gate(code, limit_bytes=10_000)}"


@pytest.mark.timeout(5)
@pytest.mark.parametrize("text", ["```\n" + " " * 60_000 + "x", "```\n" + "``` " * 15_000 + "x", "```" * 20_000])
def test_a_hostile_fence_does_not_keep_the_host_busy(text: str) -> None:
    assert gate(text, limit_bytes=65_536) == text
