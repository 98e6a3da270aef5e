"""Plain values: what may cross to a worker, found at any place, of any size, and never shared."""

from __future__ import annotations

import enum
import math
from collections import OrderedDict
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.errors import AppError
from ioconnect_codemode.plain import copied, is_plain

ROWS = 10_000
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=60,
)


class Text(str):
    __slots__ = ()


class Number(enum.IntEnum):
    ONE = 1


def rows(*, last: object, key: object = "value") -> list[object]:
    """Many rows of one form, and a last one with something else in it."""
    many: list[object] = [{"id": str(number), "value": 1.5, "tags": ["a", "b"]} for number in range(ROWS - 1)]
    return [*many, {"id": "last", key: last, "tags": ["a", "b"]}]


@given(JSON)
def test_what_json_can_say_is_plain_and_its_copy_the_same(value: object) -> None:
    assert is_plain(copied(value), levels=100)
    assert copied(value) == value


NESTED: object = [1, [2, (3,)]]
WRONG: list[object] = [(1,), {1}, b"x", 1j, math.nan, math.inf, Text("x"), Number.ONE, OrderedDict(a=1), {1: 2}, NESTED]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_what_is_not_plain_is_found_alone_and_in_the_last_of_many_rows(wrong: object) -> None:
    assert not is_plain(wrong, levels=100)
    assert not is_plain({"a": {"b": [wrong]}}, levels=100)
    assert not is_plain(rows(last=wrong), levels=100)
    assert not is_plain([[1.5]] * 0 + [[1.5] for _ in range(ROWS)] + [[wrong]], levels=100)
    assert not is_plain([*range(ROWS), wrong], levels=100)


@pytest.mark.parametrize("key", ["value", "another", ""])
def test_rows_that_are_plain_are_whatever_their_keys(key: str) -> None:
    assert is_plain(rows(last=2.5, key=key), levels=3)
    assert is_plain(rows(last=None, key=key), levels=3)


def test_a_key_that_is_no_text_is_found_in_the_last_of_many_rows() -> None:
    assert not is_plain(rows(last=1.5, key=7), levels=100)


@pytest.mark.parametrize("count", [2, ROWS])
def test_levels_are_counted(count: int) -> None:
    value: list[object] = [{"a": [number]} for number in range(count)]
    assert is_plain(value, levels=3)
    assert not is_plain(value, levels=2)


def test_what_contains_itself_is_not_plain() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert not is_plain(endless, levels=1_000_000)
    with pytest.raises(AppError, match="contains itself"):
        copied(endless)


@pytest.mark.parametrize("count", [2, ROWS])
def test_what_stands_in_two_places_is_not_plain_and_its_copy_is(count: int) -> None:
    shared = {"city": "Zug"}
    value: list[dict[str, object]] = [{"address": shared} for _ in range(count)]
    assert not is_plain(value, levels=100)
    made = cast("list[dict[str, object]]", copied(value))
    assert is_plain(made, levels=100)
    assert made == value
    assert made[0]["address"] is not made[1]["address"]


def test_an_answer_that_is_no_json_is_named_by_path_and_type() -> None:
    with pytest.raises(AppError, match=r"the answer is no JSON value: \$\[9999\]\.value is set"):
        copied(rows(last={1}))
