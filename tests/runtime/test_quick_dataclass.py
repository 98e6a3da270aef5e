"""A class that is filled in later is what the standard library would have made at once."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from dataclasses import field
from typing import ClassVar

import pytest

from ioconnect_codemode.quick_dataclass import dataclass, fill_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A class like most of ours."""

    kind: ClassVar[str] = "point"
    x: int
    y: int = 0
    names: list[str] = field(default_factory=list[str])
    shown: str = field(default="", compare=False, repr=False)


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """The same by the standard library."""

    kind: ClassVar[str] = "point"
    x: int
    y: int = 0
    names: list[str] = field(default_factory=list[str])
    shown: str = field(default="", compare=False, repr=False)


@dataclass(slots=True)
class Counted:
    """One that changes, with positions."""

    name: str
    count: int = 1
    length: int = field(init=False)

    def __post_init__(self) -> None:
        self.length = len(self.name)


@dataclass(frozen=True, slots=True)
class Pair:
    """One with positions."""

    first: object
    second: object = None


@dataclass(frozen=True, slots=True)
class Triple(Pair):
    """One with a base."""

    third: object = 3


def test_objects_are_the_same_before_and_after_the_class_is_filled_in() -> None:
    made = [Point(x=1, names=["a"]) for _ in range(9)]

    assert all(one == made[0] for one in made)
    assert repr(made[0]) == "Point(x=1, y=0, names=['a'])" == repr(Usual(x=1, names=["a"])).replace("Usual", "Point")
    assert Point.kind == "point"
    assert Point(x=1).names is not Point(x=1).names


@pytest.mark.parametrize("times", [0, 9])
@pytest.mark.parametrize("make", [lambda cls: cls(), lambda cls: cls(x=1, z=2), lambda cls: cls(1)])
def test_wrong_arguments_are_refused_in_the_usual_words(times: int, make: Callable[[type], object]) -> None:
    for _ in range(times):
        Point(x=1)

    with pytest.raises(TypeError) as usual:
        make(Usual)
    with pytest.raises(TypeError) as quick:
        make(Point)
    assert str(quick.value) == str(usual.value).replace("Usual", "Point")


def test_a_frozen_object_stays_as_it_is() -> None:
    point = Point(x=1)

    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'x'"):
        point.x = 2  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'x'"):
        del point.x  # pyright: ignore[reportAttributeAccessIssue]


def test_the_standard_librarys_functions_take_it() -> None:
    assert dataclasses.replace(Point(x=1, y=2), x=3) == Point(x=3, y=2)
    assert dataclasses.asdict(Pair(1)) == {"first": 1, "second": None}
    assert [one.name for one in dataclasses.fields(Triple)] == ["first", "second", "third"]
    assert copy.deepcopy(Pair([1])) == Pair([1])
    assert pickle.loads(pickle.dumps(Point(x=1, shown="s"))) == Point(x=1)


def test_equality_hash_and_order_of_fields_are_the_usual_ones() -> None:
    assert hash(Pair(1, "a")) == hash(Pair(1, "a"))
    assert Pair(1) != Triple(1)
    assert Triple(1, 2) == Triple(1, 2, 3)
    assert Counted.__hash__ is None
    match Pair(1, 2):
        case Pair(first, second):
            assert (first, second) == (1, 2)


def test_what_is_worked_out_after_the_fields_is() -> None:
    made = [Counted("abc", number) for number in range(9)]

    assert [one.length for one in made] == [3] * 9
    made[0].count = 7
    assert repr(made[0]) == "Counted(name='abc', count=7, length=3)"


def test_a_class_has_no_room_for_more_than_its_fields() -> None:
    assert not hasattr(Point(x=1), "__dict__")
    assert not hasattr(Counted("a"), "__dict__")


def test_classes_are_filled_in_ahead_where_somebody_has_the_time() -> None:
    @dataclass(frozen=True, slots=True)
    class Late:
        """A class that nobody has made an object of."""

        value: int

    writes = Late.__init__
    fill_in()

    assert Late.__init__ is not writes
    assert repr(Late(1)).endswith("Late(value=1)")
