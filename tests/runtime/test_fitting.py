from __future__ import annotations

import pytest

from ioconnect_codemode.typecheck.fitting import may_fit


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("list[float]", "list[int]"),
        ("list[float]", "tuple[int, ...]"),
        ("list[float]", "range"),
        ("list[float]", "dict_values[str, int]"),
        ("list[list[float]]", "list[list[int]]"),
        ('list[Literal["a", "b"]]', "list[str]"),
        ('list[Literal["a", "b"]]', "set[LiteralString]"),
        ('Literal["a", "b"]', "LiteralString"),
        ("Literal[1, 2]", "int"),
        ("list[str | None] | None", "list[str]"),
        ("dict[str, float]", "dict[str, int]"),
        ("dict[str, float]", "Counter[str]"),
        ("tuple[str, float]", "list[str]"),
        ("tuple[str, float]", "tuple[LiteralString, int]"),
        ("str", "date"),
        ("Row", "Row"),
        ("list[Row | dict[str, Any]]", "list[Row]"),
        ("list[str | None]", "list[None]"),
        ("Row", "dict[str, int]"),
        ("list[Row | dict[str, Any]]", "list[dict[str, int]]"),
        ("str", "Color"),
        ("str", "a text (of some kind)"),
    ],
)
def test_what_a_call_takes_may_fit(expected: str, got: str) -> None:
    assert may_fit(expected, got, ["Row", "Client"])


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        ("str", "int"),
        ("str", "Literal[12]"),
        ("int", "float"),
        ("float", 'Literal["5"]'),
        ("list[float]", "list[str]"),
        ("list[str]", "str"),
        ("list[str]", "dict[str, int]"),
        ("dict[str, float]", "list[float]"),
        ("dict[str, float]", "dict[str, str]"),
        ('Literal["a", "b"]', 'Literal["c"]'),
        ('Literal["a", "b"]', "int"),
        ("tuple[str, float]", "tuple[str, float, int]"),
        ("tuple[str, float]", "tuple[str, str]"),
        ("Row", "str"),
        ("Row", "Client"),
        ("str", "Client"),
        ("str | None", "list[str]"),
    ],
)
def test_what_no_call_takes_does_not_fit(expected: str, got: str) -> None:
    assert not may_fit(expected, got, ["Row", "Client"])
