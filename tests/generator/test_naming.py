"""Names: total, stable, injective, and what Python accepts."""

from __future__ import annotations

import keyword

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codegen.naming import (
    NAME_LIMIT,
    function_name,
    key_names,
    namespace_name,
    package_name,
    pascal,
    settle,
    singular,
    snake,
    split_vendor,
    told,
    type_name,
)
from ioconnect_codemode.language import RESERVED


@pytest.mark.parametrize(
    ("wire", "name"),
    [
        ("GetOrders", "get_orders"),
        ("getClients", "get_clients"),
        ("GetFDC3Instruments", "get_fdc3_instruments"),
        ("HTTPServer", "http_server"),
        ("get-orders v2", "get_orders_v2"),
        ("3DSecure", "n3d_secure"),
        ("_id", "id"),
        ("名前", "名前"),
        ("ﬁle", "file"),  # a ligature: Python would read it as `file` too
        ("get\ufe0fOrders\u3164", "get_orders"),  # letters and marks that nobody sees
        ("", "unnamed"),
        ("!!", "unnamed"),
    ],
)
def test_wire_name_becomes_snake_case(wire: str, name: str) -> None:
    assert snake(wire) == name


@pytest.mark.parametrize(
    ("wire", "name"), [("client", "Client"), ("asset class", "AssetClass"), ("3D", "N3D"), ("", "Unnamed")]
)
def test_wire_name_becomes_pascal_case(wire: str, name: str) -> None:
    assert pascal(wire) == name


def test_keywords_and_builtins_get_one_underscore() -> None:
    assert [function_name(text) for text in ("class", "print", "call", "client")] == [
        "class_",
        "print_",
        "call_",
        "client",
    ]
    assert [type_name(text) for text in ("any", "literal", "exception", "client")] == [
        "Any_",
        "Literal_",
        "Exception_",
        "Client",
    ]


def test_namespace_hides_nothing_that_a_snippet_finds_already() -> None:
    names = [namespace_name(text) for text in ("json", "inputs", "parallel", "records", "definitions", "con", "crm")]

    assert names == ["json_", "inputs_", "parallel_", "records_", "definitions_", "con_", "crm"]


def test_namespace_is_ascii_because_it_is_a_file() -> None:
    assert namespace_name("Überweisung") == "uberweisung"
    assert namespace_name("名前") == "unnamed"


def test_vendor_families_are_no_namespaces() -> None:
    assert split_vendor("T42.OMS.GetOrders") == ["OMS", "GetOrders"]
    assert split_vendor("Tick42.Glue42.Sum") == ["Sum"]
    assert split_vendor("Acme.CRM.Sync") == ["Acme", "CRM", "Sync"]
    assert split_vendor("T42") == ["T42"]
    assert split_vendor("..") == [".."]


def test_keys_keep_their_spelling_wherever_python_allows_it() -> None:
    keys = ["clientId", "class", "list", "Client", "a-b", "_id", "id", "__init__"]

    assert key_names(keys, types={"Client"}) == {
        "clientId": "clientId",
        "class": "class_",
        "list": "list_",
        "Client": "Client_",
        "a-b": "a_b",
        "_id": "id_2",
        "id": "id",
        "__init__": "init__",
    }


def test_name_that_is_spelt_like_its_wire_name_is_kept() -> None:
    assert settle({"get-orders": "get_orders", "GetOrders": "get_orders", "get_orders": "get_orders"}) == {
        "get_orders": "get_orders",
        "GetOrders": "get_orders_2",
        "get-orders": "get_orders_3",
    }


def test_number_skips_a_name_that_is_wanted_elsewhere() -> None:
    assert settle({"a": "x", "b": "x", "x_2": "x_2"}) == {"a": "x", "b": "x_3", "x_2": "x_2"}


def test_key_never_has_the_name_of_a_type_near_it() -> None:
    types = {"Unset_", "Client", "Client_2", "Any_"}

    assert key_names(["Unset", "Client", "Client?", "Any", "Order"], types=types) == {
        "Unset": "Unset__",
        "Client": "Client_",
        "Client?": "Client_3",
        "Any": "Any__",
        "Order": "Order",
    }


@pytest.mark.parametrize("title", ["名", "ʼn", "ªb", "æ"])
def test_type_never_has_the_name_of_a_function(title: str) -> None:
    assert type_name(title) != function_name(title)
    assert type_name(title)[0].isupper()


def test_function_never_hides_what_its_module_imports() -> None:
    assert function_name("annotations") == "annotations_"
    assert key_names(["annotations"], types=()) == {"annotations": "annotations"}


@pytest.mark.parametrize("name", ["con", "COM1", "lpt9", "nul"])
def test_namespace_is_no_device_of_windows(name: str) -> None:
    assert namespace_name(name) == f"{name.lower()}_"
    assert namespace_name(f"{name}x") == f"{name.lower()}x"


def test_folder_of_a_package_stays_where_packages_are() -> None:
    names = ["../../x", "wealth-desk", "/etc", "..", "", "UAT 2"]

    assert [package_name(name) for name in names] == ["x", "wealth_desk", "etc", "unnamed", "unnamed", "uat_2"]


@pytest.mark.parametrize(
    ("word", "one"), [("clients", "client"), ("entries", "entry"), ("boxes", "box"), ("status", "status"), ("s", "s")]
)
def test_item_is_the_singular_of_its_list(word: str, one: str) -> None:
    assert singular(word) == one


@given(st.text())
def test_every_text_has_a_name_that_python_accepts(text: str) -> None:
    for name in (function_name(text), namespace_name(text), type_name(text), *key_names([text], types=()).values()):
        assert name.isidentifier()
        assert name.isprintable()
        assert not keyword.iskeyword(name)
        assert not name.startswith("_")
    assert namespace_name(text) not in RESERVED


@given(st.text())
def test_python_reads_the_name_as_it_is_written(text: str) -> None:
    name = function_name(text)
    namespace: dict[str, object] = {}
    exec(f"{name} = 1", namespace)
    assert name in namespace


@given(st.lists(st.text(max_size=6), unique=True, max_size=30))
def test_names_are_injective_and_do_not_depend_on_order(wires: list[str]) -> None:
    wanted = {wire: snake(wire) for wire in wires}
    names = settle(wanted)

    assert set(names) == set(wires)
    assert len(set(names.values())) == len(wires)
    assert settle(dict(reversed(wanted.items()))) == names


@given(st.text(), st.lists(st.text(max_size=6), unique=True, max_size=10))
def test_name_without_a_rival_does_not_depend_on_the_others(wire: str, others: list[str]) -> None:
    wanted = {other: snake(other) for other in [*others, wire]}
    if list(wanted.values()).count(snake(wire)) == 1:
        assert settle(wanted)[wire] == snake(wire)


@given(st.lists(st.text(max_size=6), unique=True, max_size=10), st.lists(st.text(max_size=6), max_size=10))
def test_keys_and_types_never_share_a_name(keys: list[str], titles: list[str]) -> None:
    types = {type_name(title) for title in [*keys, *titles]} | {f"{type_name(title)}_2" for title in keys}
    names = key_names(keys, types=types)

    assert len(set(names.values())) == len(keys)
    assert types.isdisjoint(names.values())


@given(st.text(), st.text())
def test_functions_and_types_never_share_a_name(wire: str, title: str) -> None:
    assert function_name(wire) != type_name(title)


@pytest.mark.parametrize(
    ("parts", "name"),
    [
        (("orders", "OrderLine"), "OrdersOrderLine"),
        (("get_client", "GetClientResult"), "GetClientResult"),
        (("ClientAddress", "address_geo"), "ClientAddressGeo"),
        (("Value", "Value"), "Value"),
        (("", "geo"), "Geo"),
        (("a" * 30, "b" * 30), "B" + "b" * 29),
        (("a" * 60,), "A" + "a" * 39),
        ((), "Unnamed"),
    ],
)
def test_name_of_several_parts_repeats_nothing_and_keeps_the_last_words(parts: tuple[str, ...], name: str) -> None:
    assert told(*parts) == name


@given(st.lists(st.text(), max_size=4))
def test_name_of_any_parts_is_an_identifier_that_is_not_too_long(parts: list[str]) -> None:
    assert told(*parts).isidentifier()
    assert len(told(*parts)) <= NAME_LIMIT
