from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, ManifestData, TypeData
from ioconnect_codemode.masking import Masks, is_pattern, unmatched
from ioconnect_codemode.values import JsonValue

TYPES: dict[str, dict[str, object]] = {
    "Client": {
        "kind": "record",
        "uses": ["Address", "Client", "Kind"],
        "fields": [
            {"name": "taxId", "key": "taxId", "type": "str", "required": True},
            {"name": "class_", "key": "class", "type": "str", "required": True},
            {"name": "kind", "key": "kind", "type": "Kind | None", "required": True},
            {"name": "address", "key": "address", "type": "Address | None", "required": False},
            {"name": "partners", "key": "partners", "type": "dict[str, Client]", "required": False},
        ],
    },
    "Address": {
        "kind": "record",
        "uses": [],
        "fields": [{"name": "city", "key": "city", "type": "str", "required": True}],
    },
    "Company": {
        "kind": "record",
        "uses": [],
        "fields": [{"name": "taxId", "key": "taxId", "type": "str", "required": True}],
    },
    "Kind": {"kind": "alias", "uses": [], "type": "Literal['private', 'retail']"},
}


def manifest(returns: str) -> Manifest:
    data = {"types": cast("dict[str, TypeData]", TYPES), "capabilities": {"crm.get": {"returns": returns}}}
    return Manifest(Path(), cast("ManifestData", data))


def seen(pattern: str, returns: str, answer: JsonValue) -> tuple[set[str], JsonValue]:
    masks = Masks(pattern.split(), manifest(returns))
    found = masks.start()
    masks.collect("crm.get", answer, found)
    return found.fields, found.value(answer)


@pytest.mark.parametrize(
    ("returns", "answer", "shown"),
    [
        ("Client", {"taxId": "A1", "id": "A1"}, {"taxId": "***", "id": "A1"}),
        ("list[Client]", [{"taxId": "A1"}, {}], [{"taxId": "***"}, {}]),
        ("dict[str, list[Client]]", {"a": [{"taxId": "A1"}]}, {"a": [{"taxId": "***"}]}),
        ("tuple[int, Client]", [1, {"taxId": "A1"}], [1, {"taxId": "***"}]),
        ("Company | Client | None", {"taxId": "A1"}, {"taxId": "***"}),
        ("Client", {"partners": {"x": {"taxId": "A1"}}}, {"partners": {"x": {"taxId": "***"}}}),
        ("Client", [{"row": {"taxId": "A1"}}], [{"row": {"taxId": "***"}}]),
        ("list[Client]", {"rows": [{"taxId": "A1"}]}, {"rows": [{"taxId": "***"}]}),
    ],
)
def test_a_masked_field_is_found_by_its_declared_type(returns: str, answer: JsonValue, shown: JsonValue) -> None:
    assert seen("Client.taxId", returns, answer)[1] == shown


@pytest.mark.parametrize("returns", ["Company", "Any", "list[Any]", "str"])
def test_a_record_s_pattern_says_nothing_of_other_types(returns: str) -> None:
    assert seen("Client.taxId", returns, {"taxId": "A1"}) == (set(), {"taxId": "A1"})


@pytest.mark.parametrize("returns", ["Company", "Any", "list[Any]", "dict[str, Any]", "list[Client]", "Client"])
def test_a_pattern_for_any_record_finds_its_key_anywhere(returns: str) -> None:
    answer: JsonValue = {"more": [{"taxId": 5}], "taxId": None}
    assert seen("*.taxId", returns, answer)[1] == {"more": [{"taxId": "***"}], "taxId": None}


def test_a_glob_names_several_records() -> None:
    assert seen("C*.taxId", "Company", {"taxId": "A1"}) == ({"Company.taxId"}, {"taxId": "***"})


def test_a_field_is_named_by_key_or_by_python_name() -> None:
    for pattern in ("Client.class", "Client.class_", "*.class_", "*.class"):
        found = Masks([pattern], manifest("Client")).start()
        assert seen(pattern, "Client", {"class": "A1"})[1] == {"class": "***"}
        Masks([pattern], manifest("Client")).collect("crm.get", {"class": "A1"}, found)
        assert found.value({"class_": "A1"}) == {"class_": "***"}


def test_a_key_that_the_record_does_not_declare_is_masked_there() -> None:
    assert seen("Address.zip", "Client", {"address": {"zip": "8001", "city": "Zurich"}}) == (
        {"Address.zip"},
        {"address": {"zip": "***", "city": "Zurich"}},
    )


def test_a_choice_is_known_by_its_type() -> None:
    found = Masks(["Client.kind"], manifest("Client")).start()
    Masks(["Client.kind"], manifest("Client")).collect("crm.get", {"kind": "private"}, found)
    assert found.value(["private", {"kind": "private"}]) == ["private", {"kind": "***"}]


def test_an_answer_of_many_levels_is_looked_through() -> None:
    answer: JsonValue = {"taxId": "CH9300762011"}
    for _ in range(5_000):
        answer = {"partners": {"x": answer}}
    masks = Masks(["Client.taxId"], manifest("Client"))
    found = masks.start()
    masks.collect("crm.get", answer, found)
    assert found.text("CH9300762011") == "***"


def test_arguments_are_masked_by_their_records_and_by_their_names() -> None:
    masks = Masks(["*.taxId"], manifest("Client"))
    found = masks.start()
    parameters = cast(
        "CapabilityData",
        {
            "parameters": [
                {"name": "tax_id", "key": "taxId", "type": "str"},
                {"name": "who", "key": "who", "type": "Client"},
            ]
        },
    )["parameters"]
    given: dict[str, JsonValue] = {"tax_id": "7560123456789", "who": {"taxId": "CH9300762011"}}
    masks.collect_arguments(parameters, given, found)
    assert found.value(given) == {"tax_id": "***", "who": {"taxId": "***"}}


def test_what_matches_no_declared_field_is_said() -> None:
    patterns = ["Client.taxId", "Client.taxid", "C*.class_", "X*.taxId", "*.iban"]
    assert unmatched(patterns, manifest("Client")) == ["Client.taxid", "X*.taxId", "*.iban"]


def test_what_the_worker_masks_by_construction() -> None:
    assert Masks(["Client.taxId"], manifest("Any")).of_records() == {"Client": ["taxId"]}
    assert Masks(["*.iban"], manifest("Any")).of_records() == {
        "Client": ["iban"],
        "Address": ["iban"],
        "Company": ["iban"],
    }


@pytest.mark.parametrize("text", ["taxId", ".taxId", "Client.", "Client.*", "Client.tax?", "Client.[ab]", ""])
def test_a_pattern_is_a_record_and_a_whole_field(text: str) -> None:
    assert not is_pattern(text)
    assert is_pattern("Client.taxId")
