"""Desktop agents that do what they should not: nothing hangs, nothing is taken for what it is not, and the next call works."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from typing import TypeAlias, TypeVar

import pytest
from websockets.asyncio.server import ServerConnection, serve

from ioconnect_codemode.errors import AppError, CaptureError, UnavailableError
from ioconnect_codemode.transports import Fdc3Transport
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.link import LARGEST_FRAME_BYTES
from ioconnect_codemode.values import JsonValue

T = TypeVar("T")
Object: TypeAlias = dict[str, JsonValue]
Says = Callable[[Object], Iterable[Object | str | bytes]]
"""What an agent says to a request, before or in the place of the right answer."""

VIEW = Route(kind="fdc3_intent", name="ViewContact")
CONTACT: Object = {"type": "fdc3.contact", "name": "Amelia Reid"}
SERVER_LOGGER = logging.getLogger("agent of a few lines")
SERVER_LOGGER.setLevel(logging.CRITICAL)


def answer(request: Object, kind: str, payload: JsonValue, **meta: JsonValue) -> Object:
    """Give an answer to a request; `meta` replaces what it would say of itself."""
    asked = request["meta"]
    assert isinstance(asked, dict)
    return {"type": kind, "meta": {"requestUuid": asked["requestUuid"], **meta}, "payload": payload}


def resolved(request: Object, **meta: JsonValue) -> Object:
    return answer(request, "raiseIntentResponse", {"intentResolution": {"intent": "ViewContact"}}, **meta)


def result(request: Object, context: JsonValue, **meta: JsonValue) -> Object:
    return answer(request, "raiseIntentResultResponse", {"intentResult": {"context": context}}, **meta)


def name_of(request: Object) -> JsonValue:
    """Give the name in the context of a raised intent."""
    payload = request["payload"]
    assert isinstance(payload, dict) and isinstance(payload["context"], dict)
    return payload["context"].get("name")


def right(request: Object) -> list[Object]:
    """Answer as an agent should, with one app that runs and hands the context back."""
    match request["type"]:
        case "findIntentRequest":
            apps: JsonValue = [{"appId": "crm", "instanceId": "i-1"}]
            found: JsonValue = {"appIntent": {"intent": {"name": "ViewContact"}, "apps": apps}}
            return [answer(request, "findIntentResponse", found)]
        case "raiseIntentRequest":
            return [resolved(request), result(request, {**CONTACT, "name": name_of(request)})]
        case "getUserChannelsRequest":
            return [answer(request, "getUserChannelsResponse", {"userChannels": [{"id": "one"}]})]
        case "findIntentsByContextRequest":
            return [answer(request, "findIntentsByContextResponse", {"appIntents": []})]
        case "getAppMetadataRequest":
            return [answer(request, "getAppMetadataResponse", {"appMetadata": {}})]
        case _:
            return []


class Agent:
    """An agent on the loopback interface.

    Attributes:
        says: What it says to a request; None stands for the right answers.
        greets: What it says to the hello.
        logins: How many hellos came.
    """

    def __init__(self, says: Says | None = None, *, greets: Says | None = None) -> None:
        self.says = says or right
        self.greets: Says = greets or _greet
        self.logins = 0
        self.closes_after: str | None = None

    async def serve(self, socket: ServerConnection) -> None:
        hello = json.loads(await socket.recv())
        self.logins += 1
        await self._send(socket, self.greets(hello))
        async for frame in socket:
            request = json.loads(frame)
            await self._send(socket, self.says(request))
            if request["type"] == self.closes_after:
                return

    async def _send(self, socket: ServerConnection, frames: Iterable[Object | str | bytes]) -> None:
        for frame in frames:
            await socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)


def _greet(hello: Object) -> Iterable[Object | str | bytes]:
    return [welcome(hello)]


def welcome(hello: Object, **meta: JsonValue) -> Object:
    asked = hello["meta"]
    assert isinstance(asked, dict)
    said: Object = {"connectionAttemptUuid": asked["connectionAttemptUuid"], **meta}
    return {
        "type": "WCP5ValidateAppIdentityResponse",
        "meta": said,
        "payload": {"appId": "codemode", "instanceId": "i-9"},
    }


@asynccontextmanager
async def transport_to(agent: Agent, *, connect_timeout_s: float = 30) -> AsyncGenerator[Fdc3Transport]:
    async with serve(agent.serve, "127.0.0.1", 0, max_size=None, logger=SERVER_LOGGER) as server:
        [listening] = server.sockets
        url = f"fdc3+ws://127.0.0.1:{listening.getsockname()[1]}"
        transport = Fdc3Transport(url, connect_timeout_s=connect_timeout_s)
        try:
            yield transport
        finally:
            await transport.close()


def on(
    agent: Agent, act: Callable[[Fdc3Transport], Coroutine[object, object, T]], *, connect_timeout_s: float = 30
) -> T:
    async def whole() -> T:
        async with transport_to(agent, connect_timeout_s=connect_timeout_s) as transport, asyncio.timeout(60):
            return await act(transport)

    return asyncio.run(whole())


async def view(transport: Fdc3Transport, name: str = "Amelia Reid", *, timeout_s: float = 30) -> JsonValue:
    found = await transport.call(VIEW, {**CONTACT, "name": name}, timeout_s=timeout_s)
    return found.get("name") if isinstance(found, dict) else found


# Answers that are nobody's


BEAT: Object = {"type": "heartbeatEvent", "meta": {"eventUuid": "e"}}
REFUSAL: Object = {"type": "WCP5ValidateAppIdentityFailedResponse", "payload": {"message": "out"}}
ODD: dict[str, Says] = {
    "of another": lambda request: [result(request, {"name": "forged"}, requestUuid="somebody-else")],
    "of no request": lambda request: [result(request, {"name": "forged"}, requestUuid=7)],
    "of another kind": lambda request: [answer(request, "openResponse", {"error": "AppNotFound"})],
    "a request": lambda request: [answer(request, "raiseIntentRequest", {})],
    "garbage": lambda request: ["", "no JSON", "[]", "7", b"\xff\xfe", "[" * 100000],
    "no number": lambda request: ['{"type": "raiseIntentResponse", "payload": {"n": NaN}}'],
    "a number of ten thousand digits": lambda request: ['{"n": ' + "9" * 10000 + "}"],
    "a second welcome": lambda request: [welcome({"meta": {"connectionAttemptUuid": "x"}})],
    "a late refusal": lambda request: [REFUSAL],
    "heartbeats": lambda request: [BEAT] * 100,
    "the same again": lambda request: [resolved(request)] * 50,
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_answer_that_is_nobody_s_is_passed_over(odd: Says) -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        return [*odd(request), *right(request)] if request["type"] == "raiseIntentRequest" else right(request)

    async def act(transport: Fdc3Transport) -> list[JsonValue]:
        return [await view(transport, "one"), await view(transport, "two")]

    assert on(Agent(says), act) == ["one", "two"]


def test_answers_in_another_order_go_to_who_asked() -> None:
    held: list[Object] = []

    def says(request: Object) -> Iterable[Object | str | bytes]:
        if request["type"] != "raiseIntentRequest":
            return right(request)
        held.append(request)
        if len(held) < 3:
            return []
        # Results before resolutions, the last request first, each of them twice.
        results = [result(one, {"name": name_of(one)}) for one in reversed(held)]
        return [*results, *results, *map(resolved, held), *map(resolved, held)]

    async def act(transport: Fdc3Transport) -> list[JsonValue]:
        return list(await asyncio.gather(*(view(transport, name) for name in ("one", "two", "three"))))

    assert on(Agent(says), act) == ["one", "two", "three"]


def test_answer_that_comes_after_the_time_out_is_nobody_s() -> None:
    late: list[Object] = []

    def says(request: Object) -> Iterable[Object | str | bytes]:
        if request["type"] == "raiseIntentRequest" and name_of(request) == "slow":
            late.extend(right(request))
            return [late[0]]
        return [*late, *right(request)]

    async def act(transport: Fdc3Transport) -> JsonValue:
        with pytest.raises(UnavailableError, match=r"did not answer within 0\.2 s"):
            await view(transport, "slow", timeout_s=0.2)
        return await view(transport, "next")

    assert on(Agent(says), act) == "next"


def test_error_that_is_null_is_none() -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        def with_null(one: Object) -> Object:
            payload = one["payload"]
            return {**one, "payload": {**payload, "error": None}} if isinstance(payload, dict) else one

        return map(with_null, right(request))

    assert on(Agent(says), view) == "Amelia Reid"


# Agents that don't answer, or end


@pytest.mark.parametrize("silent", ["findIntentRequest", "raiseIntentRequest"])
def test_agent_that_never_answers_costs_the_time_of_the_call(silent: str) -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        return [] if request["type"] == silent and silence else right(request)

    silence = True

    async def act(transport: Fdc3Transport) -> JsonValue:
        nonlocal silence
        with pytest.raises(UnavailableError, match=r'"ViewContact" did not answer within 0\.2 s'):
            await view(transport, timeout_s=0.2)
        silence = False
        return await view(transport)

    assert on(Agent(says), act) == "Amelia Reid"


@pytest.mark.parametrize("half", ["findIntentRequest", "raiseIntentRequest"])
def test_agent_that_closes_half_way_is_told_and_the_next_call_connects_anew(half: str) -> None:
    agent = Agent(lambda request: [] if request["type"] == half and agent.logins == 1 else right(request))
    agent.closes_after = half

    async def act(transport: Fdc3Transport) -> JsonValue:
        with pytest.raises(UnavailableError, match="connection to the desktop agent was lost before") as caught:
            await view(transport)
        assert caught.value.was_sent
        agent.closes_after = None
        return await view(transport)

    assert (on(agent, act), agent.logins) == ("Amelia Reid", 2)


def test_answer_too_large_to_hold_is_named_as_the_reason() -> None:
    huge = b" " * (LARGEST_FRAME_BYTES + 1)
    agent = Agent(lambda request: [huge] if agent.logins == 1 else right(request))

    async def act(transport: Fdc3Transport) -> JsonValue:
        with pytest.raises(UnavailableError, match="an answer was larger than 64 MiB"):
            await view(transport)
        return await view(transport)

    assert on(agent, act) == "Amelia Reid"


GREETINGS: dict[str, Says] = {
    "nothing": lambda hello: [],
    "garbage": lambda hello: ["no JSON", "[]", b"\xff"],
    "a welcome for another": lambda hello: [welcome(hello, connectionAttemptUuid="another")],
    "a heartbeat": lambda hello: [BEAT],
}


@pytest.mark.parametrize("greets", GREETINGS.values(), ids=GREETINGS.keys())
def test_agent_that_does_not_let_in_is_given_up_in_time(greets: Says) -> None:
    with pytest.raises(UnavailableError, match=r"no answer within 0\.2 s"):
        on(Agent(greets=greets), view, connect_timeout_s=0.2)


def test_agent_that_describes_nothing_is_given_up_in_time() -> None:
    with pytest.raises(CaptureError, match=r"does not answer within 0\.3 s"):
        on(Agent(lambda request: []), lambda transport: transport.describe(), connect_timeout_s=0.3)


def test_agent_that_lets_in_and_ends_is_tried_less_and_less_often() -> None:
    async def act(transport: Fdc3Transport) -> float:
        began = asyncio.get_running_loop().time()
        async for _ in transport.changes():
            if agent.logins == 4:
                break
        return asyncio.get_running_loop().time() - began

    agent = Agent()
    agent.closes_after = "getUserChannelsRequest"
    assert on(agent, act) >= 0.8 * (0.2 + 0.4 + 0.8)


# Answers of another form


NO_APPS: list[JsonValue] = [
    None,
    7,
    "text",
    [],
    {"appIntent": 7},
    {"appIntent": {"apps": {"appId": "crm"}}},
    {"appIntent": {"apps": [[]]}},
]
NO_RESULTS: list[JsonValue] = [None, 7, [], {"intentResult": 7}, {"intentResult": [1]}, {"intentResult": {}}]


@pytest.mark.parametrize("payload", NO_APPS)
def test_apps_that_are_none_are_nobody(payload: JsonValue) -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        return [answer(request, "findIntentResponse", payload)]

    with pytest.raises(UnavailableError, match="No running app handles"):
        on(Agent(says), view)


@pytest.mark.parametrize("payload", NO_RESULTS)
def test_result_that_is_none_is_none(payload: JsonValue) -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        if request["type"] == "raiseIntentRequest":
            return [resolved(request), answer(request, "raiseIntentResultResponse", payload)]
        return right(request)

    assert on(Agent(says), view) is None


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("NoAppsFound", (UnavailableError, "No running app handles")),
        ("IntentHandlerRejected", (AppError, "^IntentHandlerRejected$")),
        ("x" * 100_000, (UnavailableError, r"did not deliver the intent \"ViewContact\": x{199}…")),
        ("two\nlines\x1b[31m", (UnavailableError, r"two lines \[31m")),
        ({"a": 1}, (UnavailableError, "no reason given")),
        (7, (UnavailableError, "no reason given")),
    ],
)
def test_error_of_the_agent_is_bounded_and_of_one_line(error: JsonValue, expected: tuple[type[Exception], str]) -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        if request["type"] == "raiseIntentRequest":
            return [answer(request, "raiseIntentResponse", {"error": error})]
        return right(request)

    with pytest.raises(expected[0], match=expected[1]) as caught:
        on(Agent(says), view)
    assert "\n" not in str(caught.value)


def test_agent_with_ten_thousand_apps_is_described() -> None:
    def says(request: Object) -> Iterable[Object | str | bytes]:
        if request["type"] == "findIntentRequest":
            apps: JsonValue = [{"appId": f"app-{number}"} for number in range(10_000)]
            return [
                answer(request, "findIntentResponse", {"appIntent": {"intent": {"name": "ViewContact"}, "apps": apps}})
            ]
        return right(request)

    async def act(transport: Fdc3Transport) -> int:
        described = await transport.describe()
        assert isinstance(described["applications"], list)
        return len(described["applications"])

    assert on(Agent(says), act) == 10_000
