from __future__ import annotations

import hypothesis
import pytest
from hypothesis import strategies as st

from ioconnect_codemode.check import ArgumentCheck, Mismatch, kind_of
from ioconnect_codemode.manifest_data import CapabilityData, FieldData, TypeData
from ioconnect_codemode.values import JsonValue
from runtime.packages import CAPABILITIES  # noqa: TID251 - the tests of the runtime, not its sources


def record(*fields: tuple[str, str, bool]) -> TypeData:
    declared: list[FieldData] = [
        {"name": name, "key": name, "type": type_, "required": required} for name, type_, required in fields
    ]
    return {"kind": "record", "module": "m", "definition": "", "uses": [], "fields": declared, "open": True}


def alias(type_: str) -> TypeData:
    return {"kind": "alias", "module": "m", "definition": "", "uses": [], "type": type_}


TYPES = {
    "Node": record(("id", "int", True), ("next", "Node", False), ("link", "Link | None", False)),
    "Link": record(("node", "Node", True), ("weights", "dict[str, float]", False)),
    "Either": alias("list[Size] | Node | None"),
    "Size": alias("Literal['s', 'l'] | int"),
    "Sizes": alias("list[Size]"),
}


def capability(type_: str, *, required: bool = True, nullable: bool = False) -> CapabilityData:
    return {
        **CAPABILITIES["crm.show_client"],
        "parameters": [{"name": "x", "key": "x", "type": type_, "required": required, "nullable": nullable}],
    }


def found(type_: str, value: JsonValue) -> list[tuple[str, str, str]]:
    mismatches = ArgumentCheck(TYPES).mismatches(capability(type_), {"x": value})
    assert all((one.problem, one.parameter) == ("type", "x") for one in mismatches)
    return [(one.path, one.expected, one.got) for one in mismatches]


@pytest.mark.parametrize(
    ("type_", "value"),
    [
        ("int", 1),
        ("float", 1),
        ("float", 1.5),
        ("bool", True),
        ("str", ""),
        ("None", None),
        ("Any", {"a": [None]}),
        ("list[int]", []),
        ("list[int]", [1, 2]),
        ("dict[str, list[int]]", {"a": [1]}),
        ("tuple[int, str]", [1, "a"]),
        ("Literal['a', 1, True, None]", None),
        ("Literal['a', 1]", 1),
        ("int | str | None", None),
        ("Node", {"id": 1}),
        ("Node", {"id": 1, "next": {"id": 2, "next": {"id": 3}}, "undeclared": {"a": 1}}),
        ("Node", {"id": 1, "link": {"node": {"id": 2, "link": None}, "weights": {"a": 1}}}),
        ("list[Node] | Node", {"id": 1}),
        ("list[Node] | Node", [{"id": 1}]),
        ("Either", ["s", 7]),
        ("Either", {"id": 1}),
        ("Either", None),
        ("Sizes", ["l"]),
        ("Node | dict[str, Any]", {"other": 1}),
    ],
)
def test_a_value_of_the_type_fits(type_: str, value: JsonValue) -> None:
    assert found(type_, value) == []


@pytest.mark.parametrize(
    ("type_", "value", "path", "expected", "got"),
    [
        ("int", True, "", "int", "bool"),
        ("int", 1.0, "", "int", "float"),
        ("float", True, "", "float", "bool"),
        ("float", "1", "", "float", "str"),
        ("bool", 1, "", "bool", "int"),
        ("str", None, "", "str", "None"),
        ("None", 1, "", "None", "int"),
        ("int | float", True, "", "int | float", "bool"),
        ("Literal[1]", True, "", "Literal[1]", "bool"),
        ("Literal[True]", 1, "", "Literal[True]", "int"),
        ("Literal['a']", "b", "", "Literal['a']", "str"),
        ("list[int]", {}, "", "list[int]", "dict"),
        ("list[int]", [1, 2, "c", "d"], "[2]", "int", "str"),
        ("list[list[int]]", [[1], [2, None]], "[1][1]", "int", "None"),
        ("dict[str, int]", {"a": 1, "b c": "x"}, "['b c']", "int", "str"),
        ("dict[str, int]", [], "", "dict[str, int]", "list"),
        ("tuple[int, str]", 5, "", "tuple[int, str]", "int"),
        ("Node", [], "", "Node", "list"),
        ("Node", {}, ".id", "int", "no value"),
        ("Node", {"id": 1, "next": {"id": 2, "next": {"id": "x"}}}, ".next.next.id", "int", "str"),
        ("Node", {"id": 1, "link": {"node": {"id": True}}}, ".link.node.id", "int", "bool"),
        ("Link", {"node": {"id": 1}, "weights": {"a": "x"}}, ".weights['a']", "float", "str"),
        ("list[Node] | Node", [{"id": 1}, {}], "[1].id", "int", "no value"),
        ("list[Node] | Node", {"id": "x"}, ".id", "int", "str"),
        ("list[Node] | Node", "x", "", "list[Node] | Node", "str"),
        ("Either", ["s", 7, "m"], "[2]", "Literal['s', 'l'] | int", "str"),
        ("Either", {"id": None}, ".id", "int", "None"),
        ("Sizes | None", ["m"], "[0]", "Literal['s', 'l'] | int", "str"),
        ("Size", "m", "", "Literal['s', 'l'] | int", "str"),
    ],
)
def test_a_wrong_part_is_named_by_path_and_type(
    type_: str, value: JsonValue, path: str, expected: str, got: str
) -> None:
    assert found(type_, value) == [(path, expected, got)]


def test_the_last_of_many_items_is_checked_too() -> None:
    assert found("list[int]", [*range(1500), "x"]) == [("[1500]", "int", "str")]


def test_items_beyond_2_000_parts_are_left_to_the_schema() -> None:
    assert found("list[int]", [*range(5000), "x"]) == []
    assert found("list[int]", ["x", *range(5000)]) == [("[0]", "int", "str")]


def test_missing_and_unknown_arguments_are_named_with_wrong_ones() -> None:
    entry = CAPABILITIES["crm.find_clients"]
    types: dict[str, TypeData] = {"Segment": alias("Literal['private']")}
    assert ArgumentCheck(types).mismatches(entry, {"limit": "5", "nmae": 1, "segment": "private"}) == [
        Mismatch(problem="missing", parameter="name", expected="str"),
        Mismatch(problem="type", parameter="limit", expected="int", got="str"),
        Mismatch(problem="unknown", parameter="nmae", got="int"),
    ]


def chain(levels: int) -> JsonValue:
    value: dict[str, JsonValue] = {"id": "x"}
    for _ in range(levels):
        value = {"id": 1, "next": value}
    return value


def test_a_wrong_part_far_down_is_named_by_the_end_of_its_path() -> None:
    ((path, expected, got),) = found("Node", chain(90))
    assert (len(path), path[:8], path[-13:], expected, got) == (120, "...next.", ".next.next.id", "int", "str")


def test_a_value_of_two_thousand_levels_is_refused() -> None:
    assert found("Node", chain(2000)) == [("", "Node", "a value of more than 100 levels")]
    assert found("Any", chain(2000)) == [("", "Any", "a value of more than 100 levels")]


def test_records_that_hold_each_other_are_the_same_whichever_is_built_first() -> None:
    check = ArgumentCheck(TYPES)
    wrong: JsonValue = {"node": {"id": 1, "link": {"node": {"id": 1, "link": {"node": {}}}}}}
    (mismatch,) = check.mismatches(capability("Link"), {"x": wrong})
    assert mismatch.path == ".node.link.node.link.node.id"
    assert check.mismatches(capability("Node"), {"x": {"id": 1, "link": {"node": {"id": 2}}}}) == []


@pytest.mark.parametrize(
    ("entry", "given", "sent"),
    [
        (capability("int", required=False), {"x": None}, {}),
        (capability("int | None", required=False, nullable=True), {"x": None}, {"x": None}),
        (capability("int"), {"x": None}, {"x": None}),
        (capability("int", required=False), {"x": 0}, {"x": 0}),
        (capability("Node"), {"x": {"id": 1, "next": None, "link": None}}, {"x": {"id": 1, "link": None}}),
        (capability("Node"), {"x": {"id": None}}, {"x": {"id": None}}),
        (capability("Node"), {"x": {"id": 1, "undeclared": None}}, {"x": {"id": 1, "undeclared": None}}),
        (capability("list[Node] | None"), {"x": [{"id": 1, "next": None}]}, {"x": [{"id": 1}]}),
        (capability("dict[str, Node]"), {"x": {"a": {"id": 1, "next": None}}}, {"x": {"a": {"id": 1}}}),
        (capability("Either"), {"x": {"id": 1, "next": {"id": 2, "next": None}}}, {"x": {"id": 1, "next": {"id": 2}}}),
        (capability("Node | Link"), {"x": {"id": 1, "next": None}}, {"x": {"id": 1, "next": None}}),
        (capability("int"), {"y": None}, {"y": None}),
    ],
)
def test_none_for_what_is_optional_means_not_given(
    entry: CapabilityData, given: dict[str, JsonValue], sent: dict[str, JsonValue]
) -> None:
    assert ArgumentCheck(TYPES).given(entry, given) == sent


def test_what_is_sent_is_a_copy() -> None:
    value: dict[str, JsonValue] = {"id": 1, "next": None}
    ArgumentCheck(TYPES).given(capability("Node"), {"x": value})
    assert value == {"id": 1, "next": None}


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "None"), (True, "bool"), (1, "int"), (1.5, "float"), ("", "str"), ([], "list"), ({}, "dict")],
)
def test_a_kind_is_a_python_type(value: JsonValue, kind: str) -> None:
    assert kind_of(value) == kind


PLAIN = st.lists(st.sampled_from(["str", "int", "float", "bool", "None"]), min_size=1, max_size=4, unique=True)
SCALARS: st.SearchStrategy[JsonValue] = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
)


@hypothesis.settings(deadline=None)
@hypothesis.given(members=PLAIN, value=SCALARS)
def test_what_is_looked_up_by_its_type_has_the_verdict_of_typeguard(members: list[str], value: JsonValue) -> None:
    expression = " | ".join(members)
    is_refused_as_item = bool(found(f"list[{expression}]", [value]))  # only typeguard judges items
    assert bool(found(expression, value)) == is_refused_as_item
