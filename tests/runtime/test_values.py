"""Values become JSON by their exact type; what has no JSON form is refused by name and path."""

from __future__ import annotations

import collections
import dataclasses
import datetime
import decimal
import enum
import json
import uuid
from collections.abc import Callable, Iterator
from typing import NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.values import JsonLimits, JsonValue, NotSendable, is_record, to_json

WHOLE = "use text.encode('utf-8', 'replace').decode()"


class Color(enum.Enum):
    RED = "red"


@dataclasses.dataclass
class Point:
    x: int
    y: int = 0


class Row(dict[str, object]):
    __record_keys__ = {"name": "name"}  # noqa: RUF012


class Lying(dict[str, object]):
    def items(self) -> None:  # type: ignore[override]
        raise AssertionError("called")


class Text(str):
    __slots__ = ()

    def __str__(self) -> str:
        raise AssertionError("called")


class Calling:
    """Passes for a number until it is written out."""

    def __ge__(self, other: object) -> bool:
        return True

    __le__ = __lt__ = __ge__

    def __index__(self) -> int:
        raise AssertionError("called")


class Kept:
    @property
    def _value_(self) -> int:
        return 1


class Unvalued(Kept, enum.Enum):  # type: ignore[override]
    A = 1  # pyright: ignore[reportAssignmentType]


class Pair(NamedTuple):
    a: int
    b: list[int]


def iter_nothing() -> Iterator[int]:
    yield from ()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, None),
        (True, True),
        ("é", "é"),
        (1.5, 1.5),
        ((1, 2), [1, 2]),
        ({"b", "a"}, ["a", "b"]),
        (frozenset[object]({3, 1.5}), [1.5, 3]),
        (collections.deque([1]), [1]),
        (range(2), [0, 1]),
        ({"a": 1}.keys(), ["a"]),
        ({"a": 1}.items(), [["a", 1]]),
        ({1: "i", False: "b", None: "n", 2.5: "f"}, {"1": "i", "false": "b", "null": "n", "2.5": "f"}),
        ({datetime.date(2026, 1, 2): 1, Color.RED: 2}, {"2026-01-02": 1, "red": 2}),
        (datetime.datetime(2026, 1, 2, 3, 4), "2026-01-02T03:04:00"),
        (datetime.time(3, 4), "03:04:00"),
        (decimal.Decimal("1.50"), "1.50"),
        (uuid.UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (Color.RED, "red"),
        (Point(1), {"x": 1, "y": 0}),
        (Pair(1, [2]), [1, [2]]),
        (Row(name="n", extra=(1,)), {"name": "n", "extra": [1]}),
        (collections.Counter("aa"), {"a": 2}),
        (collections.defaultdict[str, list[int]](list, k=[1]), {"k": [1]}),
        ("\U0001f600", "\U0001f600"),
    ],
)
def test_value_has_this_json_form(value: object, expected: JsonValue) -> None:
    assert to_json(value) == expected


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (float("nan"), "$: nan is not JSON; use None"),
        ({"rows": [1, {"when": iter_nothing()}]}, "$.rows[1].when: a generator can't be sent; use list(...)"),
        ([map(str, [])], "$[0]: a map can't be sent; use list(...)"),
        ({"a b": len}, "$['a b']: a builtin_function_or_method can't be sent; call it"),
        (json, "$: a module can't be sent; send a value of it"),
        (Point, "$: a type can't be sent; send an object, or its name"),
        (b"x", "$: a bytes can't be sent; use .decode(), or base64.b64encode(...).decode()"),
        (datetime.timedelta(1), "$: a timedelta can't be sent; use .total_seconds() or str(...)"),
        (ValueError("x"), "$: a ValueError can't be sent; use str(...)"),
        (object(), "$: an object can't be sent; use a dict, or a dataclass"),
        (Lying(a=1), "$: a Lying can't be sent; use dict(...)"),
        (Text("x"), "$: a Text can't be sent; use str(...)"),
        ({(1, 2): 1}, "$: a key is a tuple; use str keys"),
        (["\u4e2d", "a\ud83d"], f"$[1]: half of a character, \\ud83d, can't be sent; {WHOLE}"),
        ({"\udfff": 1}, f"$: half of a character, \\udfff, can't be sent; {WHOLE}"),
        (uuid.UUID(int=cast(int, Calling())), "$: a UUID of something that is no int can't be sent; use str(...)"),
        ({uuid.UUID(int=cast(int, Calling())): 1}, "$: a UUID of something that is no int can't be sent; use str(...)"),
        (Unvalued.A, "$: a member that has no value can't be sent; use its name"),
        (1 << 5_000, "$: a whole number of 5001 bits can't be sent; use str(...)"),
    ],
)
def test_value_is_refused_by_name_and_path(value: object, message: str) -> None:
    with pytest.raises(NotSendable) as caught:
        to_json(value)

    assert str(caught.value) == message


def test_refusal_carries_path_type_and_hint() -> None:
    with pytest.raises(NotSendable) as caught:
        to_json({"a": [iter_nothing()]})

    assert (caught.value.path, caught.value.type_name, caught.value.hint) == ("$.a[0]", "generator", "use list(...)")


def test_value_that_contains_itself_is_refused() -> None:
    loop: list[object] = []
    loop.append(loop)

    with pytest.raises(NotSendable, match="nested deeper than 60"):
        to_json(loop)


@pytest.mark.parametrize(
    ("limits", "value"),
    [(JsonLimits(depth=2), [[[1]]]), (JsonLimits(nodes=3), [1, 2, 3]), (JsonLimits(integer_bits=8), 256)],
)
def test_value_beyond_a_limit_is_refused(limits: JsonLimits, value: object) -> None:
    with pytest.raises(NotSendable):
        to_json(value, limits=limits)


@pytest.mark.parametrize(
    ("limits", "value"),
    [(JsonLimits(depth=2), [[1]]), (JsonLimits(nodes=3), [1, 2]), (JsonLimits(integer_bits=8), 255)],
)
def test_value_at_a_limit_is_sent(limits: JsonLimits, value: JsonValue) -> None:
    assert to_json(value, limits=limits) == value


def test_set_of_objects_that_define_an_order_is_not_sorted_by_it() -> None:
    @dataclasses.dataclass(frozen=True)
    class Item:
        n: int

        def __lt__(self, other: Item) -> bool:
            raise AssertionError("called")

    assert to_json({Item(1)}) == [{"n": 1}]


def test_property_of_a_dataclass_is_not_run() -> None:
    @dataclasses.dataclass
    class Box:
        n: int

    box = Box(3)
    prop: Callable[[object], object] = lambda self: 1 / 0  # noqa: E731
    Box.n = property(prop)  # type: ignore[assignment]

    assert to_json(box) == {"n": 3}


def test_only_a_dict_with_declared_keys_is_a_record() -> None:
    assert is_record(Row)
    assert not is_record(Lying)
    assert not is_record(Point)


plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(plain.filter(lambda value: "\\ud" not in json.dumps(value)))
def test_json_value_is_its_own_form(value: JsonValue) -> None:
    assert to_json(value) == value


@given(plain)
def test_form_can_be_read_back(value: object) -> None:
    form = to_json(value)

    assert json.loads(json.dumps(form)) == form
