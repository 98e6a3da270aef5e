from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager

import pytest

from ioconnect_codegen import News, open_live
from ioconnect_codemode import Outcome
from ioconnect_codemode.errors import AppError, ArgumentError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live


@pytest.fixture
def desk_url(node: None) -> Iterator[str]:
    """The url of a gateway of its own, on which an app shares a context and a channel."""
    with running("gateway.mjs") as gateway, running("context_app.mjs", "--url", gateway.facts["url"]):
        yield gateway.facts["url"]


@asynccontextmanager
async def connected(url: str) -> AsyncGenerator[GatewayTransport]:
    transport = GatewayTransport(url, user="dev")
    try:
        yield transport
    finally:
        await transport.close()


async def do(transport: GatewayTransport, operation: str, **arguments: JsonValue) -> JsonValue:
    async with asyncio.timeout(30):
        return await transport.call(Route(kind="context", name=operation), arguments, timeout_s=20)


async def seen_by_the_app(transport: GatewayTransport, name: str) -> JsonValue:
    return await transport.call(Route(kind="method", name="Desk.Seen"), {"name": name}, timeout_s=20)


def test_contexts_of_an_app_are_listed_and_read(desk_url: str) -> None:
    async def read() -> list[JsonValue]:
        async with connected(desk_url) as transport:
            names = await do(transport, "contexts.list"), await do(transport, "channels.list")
            return [*names, *[await do(transport, "contexts.get", name="desk.selection") for _ in range(2)]]

    selection: JsonValue = {"client": {"id": "CL-10317", "name": "Amelia Reid"}, "since": "1970-01-01T00:00:00Z"}
    assert asyncio.run(read()) == [["desk.selection"], ["Red"], selection, selection]


def test_an_update_keeps_the_other_keys_and_a_null_takes_one_away(desk_url: str) -> None:
    async def update() -> tuple[JsonValue, JsonValue]:
        async with connected(desk_url) as transport:
            change: JsonValue = {"client": {"id": "CL-10001"}, "list": [1, {"c": None}], "since": None}
            await do(transport, "contexts.update", name="desk.selection", data=change)
            return await do(transport, "contexts.get", name="desk.selection"), await seen_by_the_app(
                transport, "desk.selection"
            )

    mine, theirs = asyncio.run(update())
    assert mine == theirs == {"client": {"id": "CL-10001"}, "list": [1, {"c": None}]}


def test_a_context_that_is_set_holds_that_and_nothing_else(desk_url: str) -> None:
    async def replace() -> tuple[JsonValue, JsonValue]:
        async with connected(desk_url) as transport:
            await do(transport, "contexts.set", name="desk.selection", data={"fund": "F-1"})
            await do(transport, "contexts.set", name="report", data={"rows": [1, 2]})
            await do(transport, "contexts.set", name="report", data={"rows": []})
            return await seen_by_the_app(transport, "desk.selection"), await do(
                transport, "contexts.get", name="report"
            )

    assert asyncio.run(replace()) == ({"fund": "F-1"}, {"rows": []})


def test_what_is_published_on_a_channel_reaches_its_data(desk_url: str) -> None:
    async def publish() -> JsonValue:
        async with connected(desk_url) as transport:
            await do(transport, "channels.publish", name="Red", data={"client": {"id": "CL-10317"}, "isin": None})
            assert await do(transport, "channels.get", name="Red") == await seen_by_the_app(
                transport, "___channel___Red"
            )
            return await do(transport, "channels.get", name="Red")

    assert asyncio.run(publish()) == {
        "name": "Red",
        "meta": {"color": "red"},
        "data": {"client": {"id": "CL-10317"}},
    }


@pytest.mark.parametrize(
    ("operation", "arguments", "error", "text"),
    [
        ("contexts.get", {"name": "nope"}, AppError, 'There is no shared context "nope"; there is: desk.selection.'),
        ("channels.get", {"name": "Blue"}, AppError, 'There is no channel "Blue"; there is: Red.'),
        ("channels.publish", {"name": "Blue", "data": {}}, AppError, 'There is no channel "Blue"; there is: Red.'),
        ("contexts.set", {"name": "___channel___Red", "data": {}}, ArgumentError, "is a context of the platform"),
        ("channels.publish", {"name": "Red", "data": {"a.b": 1}}, ArgumentError, "has a dot"),
        ("contexts.update", {"name": "desk.selection", "data": {"a.b": 1}}, ArgumentError, "has a dot"),
        ("contexts.get", {"name": "___channel___Red"}, ArgumentError, "is a context of the platform"),
        ("workspaces.get", {"name": "w-1"}, AppError, 'There is no open workspace "w-1"; there is: none.'),
        ("contexts.set", {"name": "", "data": {}}, ArgumentError, "not empty"),
        ("contexts.set", {"name": "x", "data": [1]}, ArgumentError, "is an object"),
        ("contexts.set", {"name": "x", "data": {"n": 2**53}}, ArgumentError, "beyond"),
        ("burn", {"name": "x"}, ArgumentError, "no operation 'burn'"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    desk_url: str, operation: str, arguments: dict[str, JsonValue], error: type[Exception], text: str
) -> None:
    async def fail() -> JsonValue:
        async with connected(desk_url) as transport:
            with pytest.raises(error, match=text):
                await do(transport, operation, **arguments)
            return await do(transport, "contexts.list")

    assert asyncio.run(fail()) == ["desk.selection"]


def test_a_snippet_reads_and_changes_what_apps_share(desk_url: str) -> None:
    code = """
selection = platform.get_context("desk.selection")
platform.update_context("desk.selection", {"client": {"id": "CL-10001"}, "since": None})
platform.publish_to_channel("Red", {"client": selection.client.id})
return {
    "was": selection.client.name,
    "contexts": platform.list_contexts(),
    "channels": platform.list_channels(),
    "red": platform.get_channel("Red").data,
    "apps": [one.application for one in platform.list_instances()],
}
"""

    async def run() -> tuple[Outcome, Outcome, JsonValue, str]:
        async with open_live(desk_url, user="dev", spares=0) as code_mode, connected(desk_url) as transport:
            dry = await code_mode.execute_python_code(code, dry_run=True)
            text = code_mode.get_python_definitions(["platform.get_channel", "platform.set_context"])
            outcome = await code_mode.execute_python_code(code)
            return dry, outcome, await seen_by_the_app(transport, "desk.selection"), text

    dry, outcome, seen, text = asyncio.run(run())

    assert outcome.value == {
        "was": "Amelia Reid",
        "contexts": ["desk.selection"],
        "channels": ["Red"],
        "red": {"isin": "US0378331005", "client": "CL-10317"},
        "apps": ["desk"],
    }
    assert seen == {"client": {"id": "CL-10001"}}
    effects = {call.name: (call.effect, call.state) for call in outcome.calls}
    assert effects["platform.update_context"] == ("write", "finished")
    assert effects["platform.get_context"] == ("read", "finished")
    assert [call.state for call in dry.calls if call.effect == "write"] == ["not_called", "not_called"]
    assert "class Channel: name: str | None; meta: dict[str, Any] | None; data: dict[str, Any] | None" in text
    assert "def get_channel(name: str) -> Channel: ...  # Reads what apps have published on a channel. name Red" in text


def test_a_channel_that_comes_is_in_the_catalog(gateway_url: str) -> None:
    async def follow() -> tuple[bool, bool]:
        news: asyncio.Queue[News] = asyncio.Queue()
        async with open_live(gateway_url, user="no-channels", spares=0, on_news=news.put_nowait) as code_mode:
            before = "platform.get_channel" in code_mode.manifest.capabilities
            with running("context_app.mjs", "--url", gateway_url, "--user", "no-channels"):
                async with asyncio.timeout(30):
                    while "platform.get_channel" not in code_mode.manifest.capabilities:
                        await news.get()
            return before, True

    assert asyncio.run(follow()) == (False, True)


def test_updates_side_by_side_of_several_clients_keep_every_key(desk_url: str) -> None:
    async def update(name: str) -> JsonValue:
        async with connected(desk_url) as one, connected(desk_url) as other:
            keys = [
                (transport, f"{who}{number}") for who, transport in (("a", one), ("b", other)) for number in range(50)
            ]
            changes = [do(transport, "contexts.update", name=name, data={key: 1}) for transport, key in keys]
            await asyncio.gather(*changes)
            return await do(one, "contexts.get", name=name)

    for name in ("desk.selection", "desk.new"):
        found = asyncio.run(update(name))
        assert isinstance(found, dict)
        assert {key for key in found if key[0] in "ab"} == {f"{who}{n}" for who in "ab" for n in range(50)}, name
