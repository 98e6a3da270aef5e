"""Which functions a snippet uses that are not any more what was read."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from generator.packages import environment, package, tool  # noqa: TID251 - the tests of the generator, not its sources
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, TypeData
from ioconnect_codemode.readings import Readings, Stale
from ioconnect_codemode.values import JsonValue

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
    fields = manifest.types["Client"].get("fields", [])[:1]
    client: TypeData = {**manifest.types["Client"], "definition": "class Client: id: str", "fields": fields}
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


Json = dict[str, JsonValue]


def has(key: str, schema: JsonValue) -> Json:
    return {"type": "object", "properties": {key: schema}}


def address(**more: JsonValue) -> Json:
    return {"type": "object", "properties": {"city": {"type": "string"}, "zip": {"type": "integer", **more}}}


def made(*tools: Json) -> Manifest:
    with tempfile.TemporaryDirectory() as folder:
        return package(environment(list[JsonValue](tools)), Path(folder))


# Two methods share a record without a name; the first that uses it gives it one.
HOME = tool(0, has("home", address()))
ADDRESS = tool(1, has("address", address()))
WITH_ADDRESS, ALONE = made(HOME, ADDRESS), made(HOME)


def stale_names(before: Manifest, now: Manifest, code: str) -> list[str]:
    readings = Readings()
    readings.note(before, before.capabilities)
    return [one.name for one in readings.stale(now, code)]


def test_method_that_goes_and_had_named_a_shared_type_makes_nothing_else_stale() -> None:
    assert "Address" in WITH_ADDRESS.types and "Address" not in ALONE.types
    assert stale_names(WITH_ADDRESS, ALONE, "trap.t0(value)") == []
    assert stale_names(ALONE, WITH_ADDRESS, "trap.t0(value)") == []
    assert stale_names(WITH_ADDRESS, ALONE, "trap.t0(value), trap.t1(value)") == ["trap.t1"]


def test_snippet_that_has_the_old_name_of_a_type_is_stale() -> None:
    assert stale_names(WITH_ADDRESS, ALONE, "def show(place: Address): ...\ntrap.t0(value)") == ["trap.t0"]


@pytest.mark.parametrize(
    "changed_address",
    [
        address(type="string"),
        address(maximum=99_999),  # of an argument: a value that was right is refused now
        {**address(), "required": ["city"]},
        {"type": "object", "properties": {"town": {"type": "string"}, "zip": {"type": "integer"}}},
        {"type": "object", "properties": {"Address": {"type": "string"}, "zip": {"type": "integer"}}},
    ],
)
def test_type_that_says_something_else_is_stale_under_another_name_too(changed_address: Json) -> None:
    now = made(tool(0, has("home", changed_address)))
    assert stale_names(WITH_ADDRESS, now, "trap.t0(value)") == ["trap.t0"]


def test_types_that_have_changed_places_are_stale() -> None:
    town, zone = has("town", {"type": "string"}), has("zone", {"type": "string"})
    before = made(tool(0, {"type": "object", "properties": {"a": town, "b": zone}}))
    now = made(tool(0, {"type": "object", "properties": {"a": zone, "b": town}}))
    assert stale_names(before, now, "trap.t0(value)") == ["trap.t0"]
    assert stale_names(before, before, "trap.t0(value)") == []
