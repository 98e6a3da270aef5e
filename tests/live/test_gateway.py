from __future__ import annotations

import asyncio
import json
import re
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager

import pytest

from ioconnect_codemode.errors import AppError, ArgumentError, UnavailableError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live

ECHO = Route(kind="method", name="CRM.Test.Echo")


@asynccontextmanager
async def transport_to(url: str, *, user: str = "dev") -> AsyncGenerator[GatewayTransport]:
    transport = GatewayTransport(url, user=user)
    try:
        yield transport
    finally:
        await transport.close()


async def call_method(
    transport: GatewayTransport, name: str, arguments: Mapping[str, JsonValue] | None = None, *, timeout_s: float = 30
) -> JsonValue:
    return await transport.call(Route(kind="method", name=name), arguments or {}, timeout_s=timeout_s)


def answer(url: str, method: str, **arguments: JsonValue) -> JsonValue:
    """What one call of a method gives over a connection of its own."""

    async def connect_and_call() -> JsonValue:
        async with transport_to(url) as transport:
            return await call_method(transport, method, arguments)

    return asyncio.run(connect_and_call())


def environment(url: str, user: str = "dev") -> dict[str, JsonValue]:
    async def connect_and_describe() -> dict[str, JsonValue]:
        async with transport_to(url, user=user) as transport:
            return await transport.describe()

    return asyncio.run(connect_and_describe())


def method_entry(document: Mapping[str, JsonValue], name: str) -> dict[str, JsonValue]:
    methods = document["methods"]
    assert isinstance(methods, list)
    [entry] = [method for method in methods if isinstance(method, dict) and method["name"] == name]
    return entry


# What an environment looks like


def test_environment_holds_a_method_as_its_app_declares_it(gateway_url: str, crm_app: str) -> None:
    entry = method_entry(environment(gateway_url), "CRM.AddNote")

    assert entry == {
        "name": "CRM.AddNote",
        "description": "Adds a note to a client.",
        "accepts": "String clientId, String text, String[]? tags",
        "returns": "String noteId, DateTime createdAt",
        "servers": [{"application": crm_app}],
    }


def test_tool_flags_arrive_with_their_schemas_as_json_text(gateway_url: str, crm_app: str) -> None:
    flags = method_entry(environment(gateway_url), "CRM.FindClients")["flags"]

    assert isinstance(flags, dict)
    tool = flags["ioIntelMCPTool"]
    assert isinstance(tool, dict) and isinstance(tool["inputSchema"], str)
    assert tool["name"] == "find_clients"
    assert json.loads(tool["inputSchema"])["required"] == ["name"]


def test_streams_and_intent_handlers_are_marked(gateway_url: str, crm_app: str) -> None:
    document = environment(gateway_url)

    assert method_entry(document, "CRM.Prices")["supportsStreaming"] is True
    assert method_entry(document, "Tick42.FDC3.Intents.ViewProfile")["flags"] == {
        "intent": {"contextTypes": ["fdc3.contact"], "displayName": "View profile", "description": "Shows a client."}
    }


def test_two_captures_of_the_same_apps_are_equal(gateway_url: str, crm_app: str) -> None:
    assert environment(gateway_url) == environment(gateway_url)


def test_another_user_sees_none_of_the_apps(gateway_url: str, crm_app: str) -> None:
    assert environment(gateway_url, user="somebody-else")["methods"] == []


def test_second_app_with_the_same_methods_is_named_beside_the_first(gateway_url: str, crm_app: str) -> None:
    async def see_it_come_and_go() -> tuple[JsonValue, JsonValue]:
        async with transport_to(gateway_url) as transport:
            await transport.connect()
            with running("crm_app.mjs", "--url", gateway_url, "--application", "crm-2"):
                # The gateway has announced it before the app was ready; a call behind it has read the announcement.
                await transport.call(ECHO, {}, timeout_s=30)
                together = method_entry(await transport.describe(), "getAdvisers")["servers"]
            async with asyncio.timeout(30):
                while (alone := method_entry(await transport.describe(), "getAdvisers")["servers"]) == together:
                    await transport.call(ECHO, {}, timeout_s=30)
            return together, alone

    together, alone = asyncio.run(see_it_come_and_go())

    assert together == [{"application": "crm"}, {"application": "crm-2"}]
    assert alone == [{"application": "crm"}]


# What calls give


def test_list_of_500_clients_arrives_as_a_list(gateway_url: str, crm_app: str) -> None:
    clients = answer(gateway_url, "CRM.FindClients", name="")

    assert isinstance(clients, list)
    assert len(clients) == 500


def test_amelia_reid_is_one_client_with_one_adviser(gateway_url: str, crm_app: str) -> None:
    clients = answer(gateway_url, "CRM.FindClients", name="Amelia Reid")

    assert isinstance(clients, list)
    assert [(client["name"], client["adviser"]) for client in clients if isinstance(client, dict)] == [
        ("Amelia Reid", "Jonas Weber")
    ]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CRM.CountClients", 500),
        ("CRM.HasOpenTasks", {}),  # the JavaScript client turns every false answer into {}
        ("CRM.NextReview", "2026-11-22T10:00:00Z"),
    ],
)
def test_answers_that_are_no_objects(gateway_url: str, crm_app: str, name: str, expected: JsonValue) -> None:
    assert answer(gateway_url, name) == expected


def test_date_inside_a_record_is_iso_text(gateway_url: str, crm_app: str) -> None:
    note = answer(gateway_url, "CRM.AddNote", clientId="CL-10024", text="Call back")

    assert isinstance(note, dict) and isinstance(note["createdAt"], str)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z", note["createdAt"])


@pytest.mark.parametrize(
    "value",
    ["Zoë 🌍 \x00", "", None, [], {}, {"a.b": {"": [1.5, -1, True, None]}}, 2**53 - 1, [[["deep"]]], "x" * 5_000_000],
    ids=lambda value: repr(value)[:20],
)
def test_values_come_back_as_they_went(gateway_url: str, crm_app: str, value: JsonValue) -> None:
    assert answer(gateway_url, "CRM.Test.Echo", value=value) == {"value": value}


def test_calls_side_by_side_get_their_own_answers(gateway_url: str, crm_app: str) -> None:
    async def many() -> list[JsonValue]:
        async with transport_to(gateway_url) as transport:
            return await asyncio.gather(*(transport.call(ECHO, {"n": n}, timeout_s=30) for n in range(200)))

    assert asyncio.run(many()) == [{"n": n} for n in range(200)]


def test_raised_intent_reaches_the_running_handler(gateway_url: str, crm_app: str) -> None:
    async def raise_it() -> JsonValue:
        route = Route(kind="intent", name="ViewProfile")
        async with transport_to(gateway_url) as transport:
            return await transport.call(route, {"type": "fdc3.contact", "data": {"name": "Amelia Reid"}}, timeout_s=30)

    assert asyncio.run(raise_it()) == {"shown": "Amelia Reid", "type": "fdc3.contact"}


def test_fdc3_intent_takes_and_gives_bare_contexts(gateway_url: str, crm_app: str) -> None:
    async def find(name: str) -> JsonValue:
        route = Route(kind="fdc3_intent", name="FindContact")
        async with transport_to(gateway_url) as transport:
            return await transport.call(route, {"type": "fdc3.contact", "name": name}, timeout_s=30)

    assert asyncio.run(find("Amelia Reid")) == {
        "type": "fdc3.contact",
        "name": "Amelia Reid",
        "id": {"email": "amelia.reid.317@example.com"},
    }
    with pytest.raises(AppError, match="IntentHandlerRejected: No such contact"):
        asyncio.run(find("Nobody"))


# What goes wrong with an app


def test_text_of_an_app_error_arrives(gateway_url: str, crm_app: str) -> None:
    with pytest.raises(AppError) as caught:
        answer(gateway_url, "CRM.Test.Throw", text="The ledger is closed")

    assert str(caught.value) == "The ledger is closed"


def test_unknown_method_is_unavailable(gateway_url: str, crm_app: str) -> None:
    with pytest.raises(UnavailableError, match=r'No running app offers the method "CRM\.Nope"'):
        answer(gateway_url, "CRM.Nope")


def test_number_beyond_javascript_is_refused_and_the_connection_goes_on(gateway_url: str, crm_app: str) -> None:
    async def refused_then_answered() -> JsonValue:
        async with transport_to(gateway_url) as transport:
            with pytest.raises(ArgumentError, match=r"^order\.id is a whole number beyond"):
                await transport.call(ECHO, {"order": {"id": 2**53}}, timeout_s=30)
            return await transport.call(ECHO, {"order": {"id": 7}}, timeout_s=30)

    assert asyncio.run(refused_then_answered()) == {"order": {"id": 7}}


def test_app_that_hangs_is_given_up_in_time_and_others_still_answer(gateway_url: str, crm_app: str) -> None:
    async def give_up_then_call() -> JsonValue:
        async with transport_to(gateway_url) as transport:
            async with asyncio.timeout(20):
                with pytest.raises(UnavailableError, match=r'"CRM\.Test\.Hang" did not answer within 0\.2 s'):
                    await call_method(transport, "CRM.Test.Hang", timeout_s=0.2)
            return await transport.call(ECHO, {"n": 1}, timeout_s=30)

    assert asyncio.run(give_up_then_call()) == {"n": 1}


def test_app_that_exits_during_a_call_is_unavailable(node: None) -> None:
    with (
        running("gateway.mjs") as gateway,
        running("crm_app.mjs", "--url", gateway.facts["url"]),
        pytest.raises(UnavailableError, match='The app "crm" left before it answered'),
    ):
        answer(gateway.facts["url"], "CRM.Test.Exit")


# What goes wrong with the gateway


def test_call_after_the_gateway_was_killed_and_started_again_works(node: None) -> None:
    async def live_through_it() -> JsonValue:
        with running("gateway.mjs") as first:
            url = first.facts["url"]
            async with transport_to(url) as transport:
                with running("crm_app.mjs", "--url", url):
                    hanging = asyncio.create_task(call_method(transport, "CRM.Test.Hang"))
                    await transport.call(ECHO, {}, timeout_s=30)
                    first.kill()
                    with pytest.raises(UnavailableError, match=r'lost before the method "CRM\.Test\.Hang" answered'):
                        await hanging
                with pytest.raises(UnavailableError, match=r"could be reached .*\(connection refused\)"):
                    await transport.call(ECHO, {}, timeout_s=30)
                with running("gateway.mjs", "--port", url.rpartition(":")[2]), running("crm_app.mjs", "--url", url):
                    return await transport.call(ECHO, {"n": 2}, timeout_s=30)

    assert asyncio.run(live_through_it()) == {"n": 2}


def test_gateway_listens_on_the_loopback_interface_only(gateway_url: str) -> None:
    assert gateway_url.startswith("ws://127.0.0.1:")
    port = int(gateway_url.rpartition(":")[2])

    # 127.0.0.2 is this machine too, and answers where a server listens on every interface.
    with pytest.raises(OSError), socket.create_connection(("127.0.0.2", port), timeout=5):
        pass
