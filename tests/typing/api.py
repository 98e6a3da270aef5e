"""A user's code, type-checked and never run: the public API must stay clean under mypy and pyright strict."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_type

from generated.wealth_desk import crm, market_data

from ioconnect_codegen import build_catalog, generate, read_environment
from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.transports import EmbeddedTransport, GatewayTransport, Transport, Watchable
from ioconnect_codemode.values import JsonValue


def find(arguments: dict[str, JsonValue]) -> JsonValue:
    return [arguments]


async def find_slowly(arguments: dict[str, JsonValue]) -> JsonValue:
    return [arguments]


async def use(package: str) -> str:
    transport: Transport = GatewayTransport("ws://127.0.0.1:8385", user="dev")
    watched: Watchable = GatewayTransport("ws://127.0.0.1:8385", user="dev")
    async for change in watched.changes():
        assert_type(change.names, frozenset[str])
    transport = EmbeddedTransport({"CRM.FindClients": find, "CRM.GetClient": find_slowly})
    policy = Policy(deny=["*.delete_*"], results="strict", limits=Limits(timeout_s=5))
    async with CodeMode.open(package, transport=transport, policy=policy) as code_mode:
        assert_type(code_mode.list_python_definitions("adviser"), str)
        assert_type(code_mode.get_python_definitions(["crm.find_clients"]), str)
        outcome = await code_mode.execute_python_code("1", inputs={"name": "Amelia Reid"})
        assert_type(outcome, Outcome)
        assert_type(outcome.value, JsonValue)
        assert_type(code_mode.tool_specs("openai"), list[dict[str, JsonValue]])
        return await code_mode.call_tool("execute_python_code", {"code": "1"})


def make(document: Mapping[str, object]) -> dict[str, str]:
    environment = read_environment(document)
    for omission in build_catalog(environment).omissions:
        assert_type(omission.reason, str)
    return generate(environment)


def stubs_are_typed() -> str:
    clients = crm.find_clients("Amelia Reid", limit=1)
    assert_type(clients, list[crm.Client])
    assert_type(market_data.get_quote("NESN"), market_data.GetQuoteResult)
    assert_type(market_data.get_quote("NESN", target="all"), dict[str, market_data.GetQuoteResult])
    assert_type(market_data.get_quote("NESN", target=["market-data"]), dict[str, market_data.GetQuoteResult])
    phone = clients[0].phone
    assert_type(phone, str | None)
    made = crm.Address(street="1 High Street", city="Bath", country="GB")
    assert_type(made.postalCode, str | None)
    return clients[0].adviser
