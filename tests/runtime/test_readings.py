"""Which functions a snippet uses that are not any more what was read."""

from __future__ import annotations

from pathlib import Path

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, TypeData
from ioconnect_codemode.readings import Readings, Stale

PACKAGE = Path(__file__).parents[2] / "generated" / "wealth_desk"


def changed(manifest: Manifest, name: str, signature: str) -> Manifest:
    """Give the manifest with another signature of one function."""
    entry: CapabilityData = {**manifest.capabilities[name], "signature": signature}
    return Manifest(PACKAGE, {**manifest.data, "capabilities": {**manifest.capabilities, name: entry}})


def read(*names: str) -> tuple[Readings, Manifest]:
    manifest, readings = Manifest.read(PACKAGE), Readings()
    readings.note(manifest, names)
    return readings, manifest


def test_changed_function_is_stale_where_the_snippet_uses_it_and_only_once() -> None:
    readings, manifest = read("crm.get_client", "crm.find_clients")
    now = changed(manifest, "crm.get_client", "crm.get_client(other: str) -> Client")

    assert readings.stale(now, "crm.find_clients('x')") == []
    assert readings.stale(now, "crm.get_client('x')") == [
        Stale(name="crm.get_client", catalog=manifest.digest, is_gone=False)
    ]
    assert readings.stale(now, "crm.get_client('x')") == []


def test_function_that_is_gone_is_stale_by_its_short_name_too() -> None:
    readings, manifest = read("crm.get_client")
    now = manifest.only(lambda name, _: name != "crm.get_client")

    assert [one.is_gone for one in readings.stale(now, "get_client('CL-10024')")] == [True]


def test_changed_type_of_a_result_makes_its_functions_stale() -> None:
    readings, manifest = read("crm.get_client")
    client: TypeData = {**manifest.types["Client"], "definition": "class Client: id: str"}
    now = Manifest(PACKAGE, {**manifest.data, "types": {**manifest.types, "Client": client}})

    assert [one.name for one in readings.stale(now, "crm.get_client('x')")] == ["crm.get_client"]


def test_other_words_about_a_function_change_nothing() -> None:
    readings, manifest = read("crm.get_client")
    entry: CapabilityData = {**manifest.capabilities["crm.get_client"], "summary": "Other words.", "apps": ["other"]}
    now = Manifest(PACKAGE, {**manifest.data, "capabilities": {**manifest.capabilities, "crm.get_client": entry}})

    assert readings.stale(now, "crm.get_client('x')") == []


def test_second_app_that_offers_a_function_makes_nothing_stale() -> None:
    readings, manifest = read("market_data.get_quote", "crm.get_client")
    entry = manifest.capabilities["market_data.get_quote"]
    alone: CapabilityData = {
        **entry,
        "signature": "market_data.get_quote(symbol: str) -> GetQuoteResult",
        "parameters": [one for one in entry["parameters"] if "option" not in one],
    }
    now = Manifest(
        PACKAGE, {**manifest.data, "capabilities": {**manifest.capabilities, "market_data.get_quote": alone}}
    )
    other = changed(manifest, "market_data.get_quote", "market_data.get_quote(isin: str) -> GetQuoteResult")

    assert "target" in entry["signature"]
    assert readings.stale(now, "market_data.get_quote('X')") == []
    assert [one.name for one in readings.stale(other, "market_data.get_quote('X')")] == ["market_data.get_quote"]


def test_what_was_never_read_is_never_stale() -> None:
    readings, manifest = read("crm.find_clients")
    now = changed(manifest, "crm.get_client", "crm.get_client(other: str) -> Client")

    assert readings.stale(now, "crm.get_client('x')") == []


def test_names_in_a_list_are_read() -> None:
    readings, manifest = read()
    readings.note_text(manifest, "crm.get_client(id: str) -> Client\nno.such(x)")
    now = changed(manifest, "crm.get_client", "crm.get_client(other: str) -> Client")

    assert [one.name for one in readings.stale(now, "crm.get_client('x')")] == ["crm.get_client"]
