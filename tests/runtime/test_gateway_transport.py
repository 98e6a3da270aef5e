"""The edge around the gateway protocol, against a gateway of a few lines; the real one is in tests/live."""

from __future__ import annotations

import asyncio
import base64
import getpass
import hashlib
import json
import logging
import socket as sockets
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager
from http import HTTPStatus

import pytest
from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.http11 import Request, Response

from ioconnect_codemode.errors import CaptureError, UnavailableError, UsageError
from ioconnect_codemode.transports.base import Change, Route
from ioconnect_codemode.transports.credentials import GatewayToken
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.transports.link import LARGEST_FRAME_BYTES
from ioconnect_codemode.transports.socket import GatewaySocket
from ioconnect_codemode.values import JsonValue

ECHO = Route(kind="method", name="Echo")
HANG = Route(kind="method", name="Hang")
LEAVE = Route(kind="method", name="Leave")
SERVER_LOGGER = logging.getLogger("gateway of a few lines")

Handler = Callable[[ServerConnection], Awaitable[None]]


class FewLinesGateway:
    """Lets everyone in, and plays one app: Echo answers its arguments, Hang nothing, Leave ends the connection.

    Attributes:
        logins: The `authentication` of each hello that came.
        worn_out: Tokens that it refuses; a gateway token is one after its first use.
    """

    def __init__(self) -> None:
        self.logins: list[dict[str, str]] = []
        self.worn_out: set[str] = set()

    async def __call__(self, socket: ServerConnection) -> None:
        async for frame in socket:
            message = json.loads(frame)
            for reply in self.replies(message):
                await socket.send(json.dumps({"request_id": message["request_id"], "peer_id": "p-9", **reply}))
            if message.get("method_id") == "Leave":
                await socket.close()

    def replies(self, message: dict[str, JsonValue]) -> list[dict[str, JsonValue]]:
        match message:
            case {"type": "hello", "authentication": dict(login)}:
                self.logins.append({key: str(value) for key, value in login.items()})
                if login.get("token") in self.worn_out:
                    return [{"domain": "global", "type": "error", "reason": f"{login['token']} is not good"}]
                if login["method"] == "gateway-token":
                    self.worn_out.add(str(login["token"]))
                options: JsonValue = {"access_token": f"access-{len(self.logins)}"}
                return [{"domain": "global", "type": "welcome", "options": options}]
            case {"type": "join"}:
                methods: JsonValue = [{"id": name, "name": name} for name in ("Echo", "Hang", "Leave", "Grow")]
                announced: dict[str, JsonValue] = {"type": "methods-added", "server_id": "p-7", "methods": methods}
                return [
                    {"domain": "agm", "request_id": None, **announced},
                    {"domain": "agm", "type": "success"},
                ]
            case {"type": "call", "method_id": "Echo"}:
                return [{"domain": "agm", "type": "result", "result": message["arguments_kv"]}]
            case {"type": "call", "method_id": "Grow"}:
                grown: JsonValue = [{"id": "Grown", "name": "Grown"}]
                announced = {"type": "methods-added", "server_id": "p-7", "methods": grown}
                return [
                    {"domain": "agm", "request_id": None, **announced},
                    {"domain": "agm", "type": "result", "result": {}},
                ]
            case _:
                return []


async def say_nothing(socket: ServerConnection) -> None:
    await socket.wait_closed()


async def refuse_everyone(socket: ServerConnection) -> None:
    hello = json.loads(await socket.recv())
    refusal = {"domain": "global", "type": "error", "request_id": hello["request_id"], "reason": "Who is s3cret?"}
    await socket.send(json.dumps(refusal))
    await socket.wait_closed()


async def hang_up(socket: ServerConnection) -> None:
    await socket.recv()


@asynccontextmanager
async def gateway(handler: Handler) -> AsyncGenerator[str]:
    """Serve on a free port of the loopback interface; gives the url."""
    async with serve(handler, "127.0.0.1", 0, logger=SERVER_LOGGER) as server:
        [listening] = server.sockets
        yield f"ws://127.0.0.1:{listening.getsockname()[1]}"


@asynccontextmanager
async def transport_to(url: str, *, connect_timeout_s: float = 30) -> AsyncGenerator[GatewayTransport]:
    transport = GatewayTransport(url, user="dev", secret="s3cret", connect_timeout_s=connect_timeout_s)
    try:
        yield transport
    finally:
        await transport.close()


def error_of_connecting(handler: Handler, *, connect_timeout_s: float = 30, scheme: str = "ws") -> str:
    """The text of the error that `connect` raises, with `HOST` for host and port."""

    async def connect() -> str:
        async with gateway(handler) as url:
            host = url.removeprefix("ws://")
            async with transport_to(f"{scheme}://{host}", connect_timeout_s=connect_timeout_s) as transport:
                with pytest.raises(UnavailableError) as caught:
                    await transport.connect()
                return str(caught.value).replace(host, "HOST")

    return asyncio.run(connect())


@pytest.fixture
def unused_url() -> Generator[str]:
    """The url of a port that is taken and where nobody listens."""
    with sockets.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"ws://127.0.0.1:{taken.getsockname()[1]}"


# Being made


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8385", "127.0.0.1:8385", "ws://", "ws://host:port", "ws://[::1", "ws://host/#part", ""]
)
def test_url_of_no_gateway_is_wrong_use(url: str) -> None:
    with pytest.raises(UsageError, match="The url of a gateway looks like"):
        GatewayTransport(url, user="dev")


@pytest.mark.parametrize("url", ["ws://127.0.0.1:8385", "wss://desk.example", "ws://[::1]:8385"])
def test_url_of_a_gateway_is_shown(url: str) -> None:
    assert repr(GatewayTransport(url, user="dev")) == (
        f"GatewayTransport({url!r}, application='codemode', UserSecret(user='dev'))"
    )


def test_secrets_are_not_shown() -> None:
    transport = GatewayTransport("ws://dev:pa55@desk.example/gw?token=t0ken", user="dev", secret="s3cret")

    assert repr(transport) == "GatewayTransport('ws://desk.example', application='codemode', UserSecret(user='dev'))"


def test_user_is_the_one_of_the_operating_system_where_none_is_given() -> None:
    async def connect() -> list[dict[str, str]]:
        few_lines = FewLinesGateway()
        async with gateway(few_lines) as url:
            transport = GatewayTransport(url)
            await transport.connect()
            await transport.close()
        return few_lines.logins

    assert asyncio.run(connect()) == [{"method": "secret", "login": getpass.getuser(), "secret": ""}]


# Connecting


def test_calls_that_start_together_share_one_connection() -> None:
    async def call_at_once() -> tuple[list[JsonValue], int]:
        few_lines = FewLinesGateway()
        async with gateway(few_lines) as url, transport_to(url) as transport:
            answers = await asyncio.gather(*(transport.call(ECHO, {"n": n}, timeout_s=30) for n in range(5)))
        return answers, len(few_lines.logins)

    assert asyncio.run(call_at_once()) == ([{"n": n} for n in range(5)], 1)


def test_answer_in_fragments_and_as_bytes_is_an_answer() -> None:
    gateway_of_one = FewLinesGateway()

    async def in_fragments(socket: ServerConnection) -> None:
        async for frame in socket:
            message = json.loads(frame)
            for place, reply in enumerate(gateway_of_one.replies(message)):
                text = json.dumps({"request_id": message["request_id"], "peer_id": "p-9", **reply})
                await socket.send([text[:7], text[7:20], text[20:]])
                if place:
                    await socket.send(text.encode())  # once more, as a frame of bytes: nobody waits for it

    async def act() -> JsonValue:
        async with gateway(in_fragments) as url, transport_to(url) as transport:
            return await transport.call(ECHO, {"text": "é€😀" * 1_000}, timeout_s=30)

    assert asyncio.run(act()) == {"text": "é€😀" * 1_000}


def test_frames_that_are_no_messages_are_passed_over() -> None:
    gateway_of_one = FewLinesGateway()

    async def chattering(socket: ServerConnection) -> None:
        async for frame in socket:
            message = json.loads(frame)
            await socket.send("Unexpected token N in JSON")
            await socket.send(b"\xff\xfe no text")
            await socket.send("[" * 100_000)
            await socket.send('{"domain": "agm", "type": "result", "result": NaN}')
            for reply in gateway_of_one.replies(message):
                await socket.send(json.dumps({"request_id": message["request_id"], "peer_id": "p-9", **reply}))

    async def act() -> JsonValue:
        async with gateway(chattering) as url, transport_to(url) as transport:
            return await transport.call(ECHO, {"n": 1}, timeout_s=30)

    assert asyncio.run(act()) == {"n": 1}


def test_more_calls_than_the_system_takes_at_once_are_all_answered() -> None:
    async def act() -> list[JsonValue]:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            text = "x" * 20_000
            calls = [transport.call(ECHO, {"n": n, "text": text}, timeout_s=60) for n in range(500)]
            return [answer["n"] for answer in await asyncio.gather(*calls) if isinstance(answer, dict)]

    assert asyncio.run(act()) == list(range(500))


def test_gateway_that_is_not_there_is_unavailable_at_once(unused_url: str) -> None:
    async def call_nobody() -> None:
        async with asyncio.timeout(20), transport_to(unused_url) as transport:
            with pytest.raises(UnavailableError) as caught:
                await transport.call(ECHO, {}, timeout_s=60)
            assert str(caught.value) == (
                f"No io.Connect gateway could be reached at {unused_url} (connection refused); start "
                "io.Connect or mend the url."
            )
            with pytest.raises(CaptureError, match=r"No io\.Connect gateway could be reached at"):
                await transport.describe()

    asyncio.run(call_nobody())


def test_gateway_that_says_nothing_is_given_up_after_the_time_to_connect() -> None:
    text = error_of_connecting(say_nothing, connect_timeout_s=0.05)

    assert text.startswith("No io.Connect gateway could be reached at ws://HOST (no answer within 0.05 s); start")


def test_time_of_a_call_holds_for_connecting_too() -> None:
    async def call() -> str:
        async with gateway(say_nothing) as url, transport_to(url) as transport:
            with pytest.raises(UnavailableError) as caught:
                await transport.call(ECHO, {}, timeout_s=0.05)
            return str(caught.value)

    assert "(no answer within 0.05 s)" in asyncio.run(call())


def test_gateway_that_refuses_the_user_is_told_apart() -> None:
    assert error_of_connecting(refuse_everyone) == (
        'The gateway at ws://HOST refused the user "dev" (Who is ***?); mend the user, the secret or the token.'
    )


def test_gateway_that_hangs_up_during_the_login_is_unavailable() -> None:
    assert "at ws://HOST (the gateway closed it)" in error_of_connecting(hang_up)


def test_plain_gateway_is_not_reached_by_a_secure_url() -> None:
    assert error_of_connecting(FewLinesGateway(), scheme="wss").startswith(
        "No io.Connect gateway could be reached at wss://HOST ("
    )


def test_web_server_is_no_gateway() -> None:
    def not_found(connection: ServerConnection, request: Request) -> Response:
        return connection.respond(HTTPStatus.NOT_FOUND, "")

    async def connect() -> str:
        async with serve(say_nothing, "127.0.0.1", 0, process_request=not_found, logger=SERVER_LOGGER) as server:
            [listening] = server.sockets
            async with transport_to(f"ws://127.0.0.1:{listening.getsockname()[1]}") as transport:
                with pytest.raises(UnavailableError) as caught:
                    await transport.connect()
                return str(caught.value)

    assert "(what answers is no gateway: server rejected WebSocket connection: HTTP 404)" in asyncio.run(connect())


def test_redirect_to_another_host_is_not_followed() -> None:
    async def connect() -> tuple[str, list[dict[str, str]]]:
        elsewhere = FewLinesGateway()
        async with gateway(elsewhere) as target:

            def redirect(connection: ServerConnection, request: Request) -> Response:
                response = connection.respond(HTTPStatus.FOUND, "")
                response.headers["Location"] = target
                return response

            async with serve(say_nothing, "127.0.0.1", 0, process_request=redirect, logger=SERVER_LOGGER) as server:
                [listening] = server.sockets
                async with transport_to(f"ws://127.0.0.1:{listening.getsockname()[1]}") as transport:
                    with pytest.raises(UnavailableError) as caught:
                        await transport.connect()
                    return str(caught.value), elsewhere.logins

    text, logins = asyncio.run(connect())

    assert "what answers is no gateway: cannot follow cross-origin redirect" in text
    assert logins == []


def test_frames_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def call() -> None:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            await transport.call(ECHO, {"name": "Amelia Reid"}, timeout_s=30)

    with caplog.at_level(logging.DEBUG):
        asyncio.run(call())

    ours = [record.getMessage() for record in caplog.records if record.name != SERVER_LOGGER.name]
    assert len(ours) < len(caplog.records)
    assert [text for text in ours if "s3cret" in text or "Amelia" in text] == []


# Waiting for answers


def test_call_whose_time_is_over_does_not_disturb_the_next() -> None:
    async def give_up_then_call() -> JsonValue:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            await transport.connect()
            with pytest.raises(UnavailableError, match=r'"Hang" did not answer within 0\.05 s'):
                await transport.call(HANG, {}, timeout_s=0.05)
            return await transport.call(ECHO, {"n": 1}, timeout_s=30)

    assert asyncio.run(give_up_then_call()) == {"n": 1}


def test_cancelled_call_stays_cancelled_and_the_next_works() -> None:
    async def cancel_then_call() -> JsonValue:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            hanging = asyncio.create_task(transport.call(HANG, {}, timeout_s=30))
            await transport.call(ECHO, {}, timeout_s=30)
            hanging.cancel()
            with pytest.raises(asyncio.CancelledError):
                await hanging
            return await transport.call(ECHO, {"n": 1}, timeout_s=30)

    assert asyncio.run(cancel_then_call()) == {"n": 1}


def test_lost_connection_fails_what_waits_and_the_next_call_connects_anew() -> None:
    async def lose_it_then_call() -> tuple[JsonValue, int]:
        few_lines = FewLinesGateway()
        async with gateway(few_lines) as url, transport_to(url) as transport:
            hanging = asyncio.create_task(transport.call(HANG, {}, timeout_s=30))
            with pytest.raises(UnavailableError, match=r'lost before the method "Leave" answered \(the gateway closed'):
                await transport.call(LEAVE, {}, timeout_s=30)
            with pytest.raises(UnavailableError, match='lost before the method "Hang" answered'):
                await hanging
            return await transport.call(ECHO, {"n": 1}, timeout_s=30), len(few_lines.logins)

    assert asyncio.run(lose_it_then_call()) == ({"n": 1}, 2)


def test_answer_too_large_to_hold_is_named_as_the_reason() -> None:
    async def flood(socket: ServerConnection) -> None:
        await socket.recv()
        await socket.send(b" " * (LARGEST_FRAME_BYTES + 1))

    assert "(an answer was larger than 64 MiB)" in error_of_connecting(flood)


def test_gateway_token_is_good_once_and_the_access_token_after_it() -> None:
    async def log_in_three_times() -> tuple[list[dict[str, str]], str]:
        few_lines = FewLinesGateway()
        async with gateway(few_lines) as url:
            transport = GatewayTransport(url, credentials=GatewayToken(token="g4te"))
            for _ in range(2):
                await transport.call(ECHO, {}, timeout_s=30)
                with pytest.raises(UnavailableError):
                    await transport.call(LEAVE, {}, timeout_s=30)
            few_lines.worn_out.add("access-2")
            with pytest.raises(UnavailableError) as caught:
                await transport.call(ECHO, {}, timeout_s=30)
            await transport.close()
            return few_lines.logins, str(caught.value).replace(url.removeprefix("ws://"), "HOST")

    logins, problem = asyncio.run(log_in_three_times())

    assert [(login["method"], login["token"]) for login in logins] == [
        ("gateway-token", "g4te"),
        ("access-token", "access-1"),
        ("access-token", "access-2"),
        ("gateway-token", "g4te"),
    ]
    assert problem.startswith("The gateway at ws://HOST refused a gateway token (*** is not good);")


# Watching


def test_watched_environment_says_what_changed_and_connects_again_by_itself() -> None:
    async def watch() -> list[Change]:
        few_lines = FewLinesGateway()
        async with gateway(few_lines) as url, transport_to(url) as transport, asyncio.timeout(30):
            changes = transport.changes()
            seen = [await anext(changes)]
            with pytest.raises(UnavailableError):
                await transport.call(LEAVE, {}, timeout_s=30)
            seen += [await anext(changes), await anext(changes)]
            await transport.call(Route(kind="method", name="Grow"), {}, timeout_s=30)
            seen.append(await anext(changes))
            await transport.close()
            seen += [change async for change in changes]
            return seen

    assert asyncio.run(watch()) == [
        Change(is_connected=True),
        Change(is_connected=False, problem="the gateway closed it"),
        Change(is_connected=True),
        Change(is_connected=True, names=frozenset({"Grown"})),
    ]


def test_gateway_that_lets_in_and_drops_at_once_is_tried_less_and_less_often() -> None:
    gateway_of_one = FewLinesGateway()

    async def let_in_and_drop(socket: ServerConnection) -> None:
        for _ in range(2):  # the hello and the join
            message = json.loads(await socket.recv())
            for reply in gateway_of_one.replies(message):
                await socket.send(json.dumps({"request_id": message["request_id"], "peer_id": "p-9", **reply}))

    async def watch() -> tuple[list[bool], float]:
        async with gateway(let_in_and_drop) as url, transport_to(url) as transport, asyncio.timeout(30):
            began = asyncio.get_running_loop().time()
            seen: list[bool] = []
            async for change in transport.changes():
                seen.append(change.is_connected)
                if len(gateway_of_one.logins) == 4:
                    break
            return seen, asyncio.get_running_loop().time() - began

    seen, waited_s = asyncio.run(watch())

    assert seen[:6] == [True, False] * 3
    assert waited_s >= 0.8 * (0.2 + 0.4 + 0.8)  # the least that three waits can be


def test_watching_ends_at_once_with_the_transport(unused_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    async def watch() -> str | None:
        async with transport_to(unused_url) as transport, asyncio.timeout(30):
            changes = transport.changes()
            problem = (await anext(changes)).problem
            closing = asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(transport.close()))
            assert [change async for change in changes] == []
            closing.cancel()
            return problem

    monkeypatch.setattr("ioconnect_codemode.transports.waits.FIRST_WAIT_S", 20)
    problem = asyncio.run(watch())

    assert problem is not None and "(connection refused)" in problem


# Closing


def test_closing_fails_what_waits_and_may_be_done_twice() -> None:
    async def close_under_way() -> None:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            hanging = asyncio.create_task(transport.call(HANG, {}, timeout_s=30))
            await transport.call(ECHO, {}, timeout_s=30)
            await transport.close()
            with pytest.raises(
                UnavailableError, match=r'before the method "Hang" answered \(it was closed on this side'
            ):
                await hanging
            await transport.close()

    asyncio.run(close_under_way())


def test_closed_transport_does_not_connect_again() -> None:
    async def call_after_close() -> None:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            await transport.close()
            with pytest.raises(UnavailableError, match="was closed on this side"):
                await transport.call(ECHO, {}, timeout_s=30)

    asyncio.run(call_after_close())


def test_transport_that_is_closed_while_it_connects_stays_closed() -> None:
    async def close_while_connecting() -> None:
        async with gateway(FewLinesGateway()) as url, transport_to(url) as transport:
            connecting = asyncio.create_task(transport.connect())
            await asyncio.sleep(0)  # one turn of the loop: it is on its way now
            await transport.close()
            with pytest.raises(UnavailableError, match="was closed on this side"):
                await connecting

    asyncio.run(close_while_connecting())


async def answer_the_handshake_alone(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Let a WebSocket in (RFC 6455, 4.2.2) and be silent from then on, as a machine that was put to sleep is."""
    request = (await reader.readuntil(b"\r\n\r\n")).decode("ascii")
    [key] = [line.split(": ")[1] for line in request.split("\r\n") if line.lower().startswith("sec-websocket-key")]
    accepted = base64.b64encode(hashlib.sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode()).digest()).decode()
    lines = ["HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade"]
    writer.write("\r\n".join([*lines, f"Sec-WebSocket-Accept: {accepted}", "", ""]).encode())
    await reader.read()
    writer.close()


def test_gateway_that_answers_no_ping_is_lost() -> None:
    async def act() -> None:
        async with await asyncio.start_server(answer_the_handshake_alone, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            url = f"ws://{host}:{port}"
            socket = await connect(url, create_connection=GatewaySocket, ping_interval=0.01, ping_timeout=0.05)
            assert isinstance(socket, GatewaySocket)
            lost = asyncio.Event()
            socket.listen(lambda _: None, lost.set)
            await lost.wait()

    asyncio.run(act())
