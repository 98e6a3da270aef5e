"""FDC3 without io.Connect, on the standard's own reference agent and client."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TypeVar

import pytest

from ioconnect_codegen import build_catalog, open_live, read_environment
from ioconnect_codegen.cli import main
from ioconnect_codemode.errors import AppError, ArgumentError, CaptureError, UnavailableError
from ioconnect_codemode.transports import Fdc3Transport
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.values import JsonValue
from live.fdc3_messages import problems
from live.processes import running
from live.proxy import proxy_to

pytestmark = pytest.mark.live

T = TypeVar("T")

CONTACT: dict[str, JsonValue] = {"type": "fdc3.contact", "name": "Amelia Reid", "id": {}}
APPLE: dict[str, JsonValue] = {"type": "fdc3.instrument", "id": {"ticker": "AAPL"}}
CHART: JsonValue = {"type": "fdc3.chart", "instruments": [APPLE], "style": "line"}
IDENTITY = "https://apps.example/codemode"


def intent(name: str, target: str | tuple[str, ...] = "best") -> Route:
    return Route(kind="fdc3_intent", name=name, target=target)


def operation(name: str) -> Route:
    return Route(kind="context", name=name)


def on_agent(url: str, act: Callable[[Fdc3Transport], Coroutine[object, object, T]]) -> T:
    async def whole() -> T:
        transport = Fdc3Transport(url)
        try:
            return await act(transport)
        finally:
            await transport.close()

    return asyncio.run(whole())


def call(url: str, route: Route, given: dict[str, JsonValue], *, timeout_s: float = 20) -> JsonValue:
    return on_agent(url, lambda transport: transport.call(route, given, timeout_s=timeout_s))


def test_intents_of_an_agent_are_captured_with_the_contexts_that_they_take(agent_url: str, tmp_path: Path) -> None:
    document = tmp_path / "environment.json"
    assert main(["capture", agent_url, "-o", str(document)]) == 0

    captured = json.loads(document.read_text(encoding="utf-8"))
    chart = next(one for one in captured["intents"] if one["name"] == "ViewChart")
    assert [one["name"] for one in captured["applications"]] == ["blotter", "charts", "crm", "orders"]
    assert chart["handlers"][0] == {
        "applicationName": "charts",
        "type": "app",
        "displayName": "View chart",
        "contextTypes": ["fdc3.instrument"],
    }


def test_custom_intent_is_known_by_an_app_directory_beside_the_agent(agent_url: str, tmp_path: Path) -> None:
    directory, document = tmp_path / "appd.json", tmp_path / "environment.json"
    listens: JsonValue = {"acme.Rebalance": {"contexts": ["acme.portfolio"], "displayName": "Rebalance"}}
    app: JsonValue = {
        "appId": "crm",
        "title": "Clients",
        "type": "web",
        "details": {"url": "https://apps.example/crm"},
        "interop": {"intents": {"listensFor": listens}},
    }
    directory.write_text(json.dumps({"applications": [app]}), encoding="utf-8")

    def functions(*sources: str) -> set[str]:
        assert main(["capture", *sources, "-o", str(document)]) == 0
        catalog = build_catalog(read_environment(json.loads(document.read_text(encoding="utf-8"))))
        return {one.name for one in catalog.capabilities}

    alone, beside = functions(agent_url), functions(agent_url, str(directory))

    assert beside - alone == {"intents.acme_rebalance"}


def test_intent_is_raised_and_its_result_comes_back(agent_url: str) -> None:
    found = call(agent_url, intent("ViewContact"), CONTACT)
    assert found == {**CONTACT, "id": {"email": "amelia.reid@example.com"}, "raisedBy": "codemode"}


def test_handler_without_a_result_gives_none(agent_url: str) -> None:
    assert call(agent_url, intent("StartCall"), CONTACT) is None


def test_channel_as_a_result_is_what_fdc3_says_of_it(agent_url: str) -> None:
    assert call(agent_url, intent("ViewNews"), CONTACT) == {"id": "news", "type": "app"}


def test_handler_that_hangs_costs_the_time_out_and_others_still_answer(agent_url: str) -> None:
    async def act(transport: Fdc3Transport) -> JsonValue:
        with pytest.raises(UnavailableError, match=r"did not answer within 0\.3 s"):
            await transport.call(intent("StartChat"), CONTACT, timeout_s=0.3)
        return await transport.call(intent("StartCall"), CONTACT, timeout_s=20)

    assert on_agent(agent_url, act) is None


def test_app_that_does_not_run_is_opened_once_for_all_who_raise_its_intent(node: None) -> None:
    async def act(transport: Fdc3Transport) -> tuple[list[JsonValue], JsonValue]:
        calls = [transport.call(intent("ViewChart"), APPLE, timeout_s=20) for _ in range(5)]
        answers = list(await asyncio.gather(*calls))
        return answers, await transport.call(operation("apps.list"), {}, timeout_s=20)

    with running("fdc3_agent.mjs") as agent:
        answers, instances = on_agent(f"{agent.facts['url']}#{IDENTITY}", act)

    assert answers == [CHART] * 5
    assert isinstance(instances, list)
    assert [one["application"] for one in instances if isinstance(one, dict)] == ["charts", "crm"]


def test_several_apps_none_of_which_runs_are_for_a_person_and_the_named_one_is_opened(node: None) -> None:
    async def act(transport: Fdc3Transport) -> list[JsonValue]:
        with pytest.raises(UnavailableError, match='"orders", "blotter"') as caught:
            await transport.call(intent("ViewOrders"), APPLE, timeout_s=20)
        assert not caught.value.was_sent
        with pytest.raises(UnavailableError, match="offered by: orders, blotter"):
            await transport.call(intent("ViewOrders", target="nobody"), APPLE, timeout_s=20)
        return [
            await transport.call(intent("ViewOrders", target="orders"), APPLE, timeout_s=20),
            await transport.call(intent("ViewOrders"), APPLE, timeout_s=20),  # it runs now
            await transport.call(intent("ViewOrders", target=("orders",)), APPLE, timeout_s=20),
        ]

    orders: JsonValue = {"type": "fdc3.orderList", "orders": []}
    with running("fdc3_agent.mjs") as agent:
        answers = on_agent(f"{agent.facts['url']}#{IDENTITY}", act)

    assert answers == [orders, orders, [{"target": "orders", "value": orders}]]


def test_app_is_opened_and_an_unknown_one_is_not_there(agent_url: str) -> None:
    opening = Route(kind="method", name="fdc3.open")
    opened = call(agent_url, opening, {"appId": "blotter"})
    assert isinstance(opened, dict) and opened["appId"] == "blotter"
    with pytest.raises(UnavailableError, match=r'offers the method "fdc3\.open"'):
        call(agent_url, opening, {"appId": "nobody"})


def test_what_is_published_on_a_user_channel_is_read_back(agent_url: str) -> None:
    async def act(transport: Fdc3Transport) -> list[JsonValue]:
        given: dict[str, JsonValue] = {"name": "fdc3.channel.2", "data": APPLE}
        return [
            await transport.call(operation("channels.list"), {}, timeout_s=20),
            await transport.call(operation("channels.get"), {"name": "fdc3.channel.2"}, timeout_s=20),
            await transport.call(operation("channels.publish"), given, timeout_s=20),
            await transport.call(operation("channels.get"), {"name": "fdc3.channel.2"}, timeout_s=20),
        ]

    channels: JsonValue = ["fdc3.channel.1", "fdc3.channel.2"]
    empty: JsonValue = {"name": "fdc3.channel.2", "data": {}}
    full: JsonValue = {"name": "fdc3.channel.2", "data": APPLE}
    assert on_agent(agent_url, act) == [channels, empty, None, full]


@pytest.mark.parametrize(
    ("route", "given", "error", "says"),
    [
        (intent("Nope"), CONTACT, UnavailableError, 'handles the intent "Nope"'),
        (intent("ViewContact"), {"name": "Amelia Reid"}, ArgumentError, "needs its type"),
        (intent("ViewContact"), {**CONTACT, "n": 2**60}, ArgumentError, "beyond 2"),
        (Route(kind="method", name="CRM.GetClients"), {}, UnavailableError, "offers the method"),
        (operation("channels.get"), {"name": "nope"}, AppError, "NoChannelFound"),
        (operation("channels.publish"), {"name": "nope", "data": APPLE}, AppError, 'no channel "nope"'),
        (operation("channels.publish"), {"name": "fdc3.channel.1", "data": {}}, ArgumentError, "needs its type"),
        (operation("channels.get"), {}, ArgumentError, "a text that is not empty"),
    ],
)
def test_what_cannot_be_done_is_said(
    agent_url: str, route: Route, given: dict[str, JsonValue], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        call(agent_url, route, given)


def test_snippet_raises_an_intent_over_the_catalog_of_an_agent(agent_url: str) -> None:
    async def act() -> list[JsonValue]:
        async with open_live(agent_url, spares=0) as code_mode:
            one = await code_mode.execute_python_code(
                'intents.view_contact({"type": "fdc3.contact", "name": "Amelia Reid", "id": {}})["id"]'
            )
            two = await code_mode.execute_python_code("platform.list_channels()")
            return [one.value, two.value]

    assert asyncio.run(act()) == [{"email": "amelia.reid@example.com"}, ["fdc3.channel.1", "fdc3.channel.2"]]


def test_app_that_the_agent_does_not_know_is_told_how_to_be_known(agent_url: str) -> None:
    stranger = agent_url.replace("codemode", "stranger")
    with pytest.raises(UnavailableError, match=r"does not know the app https://apps\.example/stranger"):
        call(stranger, intent("StartCall"), CONTACT)
    with pytest.raises(CaptureError, match="does not know the app"):
        on_agent(stranger, lambda transport: transport.describe())


def test_who_watches_is_told_that_an_app_runs_now(node: None) -> None:
    async def act(url: str) -> list[frozenset[str]]:
        transport = Fdc3Transport(f"{url}#{IDENTITY}", poll_s=0.1)
        changes = transport.changes()
        try:
            told = [(await anext(changes)).names]
            await transport.call(intent("ViewChart"), APPLE, timeout_s=20)
            async with asyncio.timeout(30):
                return [*told, (await anext(changes)).names]
        finally:
            await changes.aclose()
            await transport.close()

    with running("fdc3_agent.mjs") as agent:
        assert asyncio.run(act(agent.facts["url"])) == [frozenset(), frozenset({"ViewChart"})]


def test_answers_that_are_late_or_arrive_twice_are_nobodys(node: None) -> None:
    async def act(url: str) -> list[JsonValue]:
        async with proxy_to(url) as proxy:
            transport = Fdc3Transport(f"{proxy.url}#{IDENTITY}")
            proxy.doubles = True
            try:
                before = await transport.call(intent("ViewContact"), CONTACT, timeout_s=20)
                proxy.stall()
                with pytest.raises(UnavailableError, match="did not answer within"):
                    await transport.call(intent("ViewContact"), {**CONTACT, "name": "Late"}, timeout_s=0.3)
                proxy.flow()
                after = await transport.call(intent("ViewContact"), CONTACT, timeout_s=20)
                return [before == after, after]
            finally:
                await transport.close()

    with running("fdc3_agent.mjs") as agent:
        [is_same, after] = asyncio.run(act(agent.facts["url"]))
    assert is_same and isinstance(after, dict) and after["name"] == "Amelia Reid"


def test_agent_that_is_killed_fails_what_was_under_way_and_watchers_are_told(node: None) -> None:
    async def act(url: str, kill: Callable[[], None]) -> tuple[str, list[bool]]:
        transport = Fdc3Transport(url)
        changes = transport.changes()
        try:
            told = [(await anext(changes)).is_connected]
            hanging = asyncio.create_task(transport.call(intent("StartChat"), CONTACT, timeout_s=20))
            await transport.call(intent("StartCall"), CONTACT, timeout_s=20)  # behind the one that hangs
            await asyncio.to_thread(kill)
            with pytest.raises(UnavailableError) as caught:
                await hanging
            told.append((await anext(changes)).is_connected)
            return str(caught.value), told
        finally:
            await changes.aclose()
            await transport.close()

    with running("fdc3_agent.mjs") as agent:
        says, told = asyncio.run(act(f"{agent.facts['url']}#{IDENTITY}", agent.kill))

    assert says.startswith('The connection to the desktop agent was lost before the intent "StartChat" answered')
    assert told == [True, False]


def test_every_message_that_is_sent_fits_the_standards_schema(node: None) -> None:
    async def act(url: str) -> list[str | bytes]:
        async with proxy_to(url) as proxy:
            proxy.records = True
            transport = Fdc3Transport(f"{proxy.url}#{IDENTITY}")
            try:
                await transport.describe()
                calls: list[tuple[Route, dict[str, JsonValue]]] = [
                    (intent("ViewContact"), CONTACT),
                    (intent("ViewChart"), APPLE),
                    (Route(kind="method", name="fdc3.open"), {"appId": "blotter", "context": APPLE}),
                    (operation("channels.publish"), {"name": "fdc3.channel.1", "data": APPLE}),
                    (operation("channels.get"), {"name": "fdc3.channel.1"}),
                    (operation("apps.list"), {}),
                ]
                for route, given in calls:
                    await asyncio.gather(transport.call(route, given, timeout_s=3), return_exceptions=True)
                await proxy.until_sent(b"heartbeatAcknowledgement")
            finally:
                await transport.close()
            return proxy.sent

    with running("fdc3_agent.mjs") as agent:
        sent = asyncio.run(asyncio.wait_for(act(agent.facts["url"]), 60))

    assert {json.loads(frame)["type"] for frame in sent} == {
        "WCP4ValidateAppIdentity",
        "WCP6Goodbye",
        "broadcastRequest",
        "findInstancesRequest",
        "findIntentRequest",
        "findIntentsByContextRequest",
        "getAppMetadataRequest",
        "getCurrentContextRequest",
        "getUserChannelsRequest",
        "heartbeatAcknowledgementRequest",
        "openRequest",
        "raiseIntentRequest",
    }
    assert [problem for frame in sent for problem in problems(frame)] == []


def test_a_message_that_breaks_the_schema_would_be_found(node: None) -> None:
    message = {"type": "raiseIntentRequest", "payload": {"intent": 7}, "meta": {}}
    assert problems(json.dumps(message))
