"""A session on the wire: the same acts on a running gateway, which can be recorded, and on a recording.

Record anew, with Node, in the folder `tests`: `python -m live.wire_session`
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from pathlib import Path
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect

from ioconnect_codemode.errors import CallError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.credentials import UserSecret
from ioconnect_codemode.transports.events import Answered, Event, Failed, Ready, Send
from ioconnect_codemode.transports.protocol import GatewayProtocol, Login
from ioconnect_codemode.values import JsonValue
from live.processes import running

RECORDING = Path(__file__).with_suffix(".jsonl")
_PRIVATE = frozenset({"machine", "process", "access_token", "region", "environment", "windowId", "token", "exp"})


class Wire(Protocol):
    """What frames are sent to and come from."""

    async def send(self, frame: str) -> None:
        """Send a frame."""
        ...

    async def receive(self) -> str:
        """Wait for the next frame."""
        ...


class Socket:
    """A connection to a running gateway; `said` has all that went over it."""

    def __init__(self, connection: ClientConnection) -> None:
        self.said: list[dict[str, JsonValue]] = []
        self._connection = connection

    async def send(self, frame: str) -> None:
        """Send a frame."""
        self.said.append({"sent": json.loads(frame)})
        await self._connection.send(frame)

    async def receive(self) -> str:
        """Wait for the next frame; what tells of this machine is taken out first."""
        message = without_private(json.loads(await self._connection.recv()))
        self.said.append({"received": message})
        return json.dumps(message)


class Recorded:
    """A recording: it gives what was received, and holds what is sent to what was sent then."""

    def __init__(self) -> None:
        lines = RECORDING.read_text(encoding="utf-8").splitlines()
        self._said: deque[dict[str, JsonValue]] = deque(json.loads(line) for line in lines)

    async def send(self, frame: str) -> None:
        """Take a frame that must be the next one that was sent."""
        assert json.loads(frame) == self._said.popleft()["sent"]

    async def receive(self) -> str:
        """Give the next frame that was received."""
        return json.dumps(self._said.popleft()["received"])


async def act(wire: Wire) -> list[JsonValue]:
    """Log in, then call, fail, take from a stream; gives the answers and the texts of errors."""
    credentials = UserSecret(user="dev")
    protocol = GatewayProtocol(Login(application="codemode", credentials=credentials, process_id=1))
    await wire.send(protocol.hello().frame)
    while not any(isinstance(event, Ready) for event in await _next(wire, protocol)):
        pass
    routes: list[tuple[Route, dict[str, JsonValue]]] = [
        (Route(kind="method", name="CRM.Test.Echo"), {"text": "Zoë", "n": [1, None, True]}),
        (Route(kind="method", name="CRM.GetClient"), {"clientId": "CL-10317"}),
        (Route(kind="method", name="CRM.CountClients"), {}),
        (Route(kind="method", name="CRM.Test.Throw"), {"text": "The ledger is closed"}),
        (Route(kind="method", name="CRM.NextReview"), {}),
        (Route(kind="fdc3_intent", name="FindContact"), {"type": "fdc3.contact", "name": "Amelia Reid"}),
        (Route(kind="fdc3_intent", name="FindContact"), {"type": "fdc3.contact", "name": "Nobody"}),
        (Route(kind="intent", name="ViewProfile"), {"type": "fdc3.contact", "data": {"name": "Amelia Reid"}}),
        (Route(kind="intent", name="Nope"), {"data": {}}),
        (Route(kind="stream", name="CRM.Ticks", take=3), {"isin": "US0378331005"}),
        (Route(kind="method", name="CRM.Nope"), {}),
    ]
    return [await _answer(wire, protocol, route, given) for route, given in routes]


async def _answer(wire: Wire, protocol: GatewayProtocol, route: Route, given: dict[str, JsonValue]) -> JsonValue:
    try:
        request = protocol.call(route, given)
    except CallError as error:
        return str(error)
    await wire.send(request.frame)
    while True:
        for event in await _next(wire, protocol):
            match event:
                case Answered(request_id=request.request_id, result=result):
                    return result
                case Failed(request_id=request.request_id, error=failure):
                    return str(failure)
                case _:
                    pass


async def _next(wire: Wire, protocol: GatewayProtocol) -> list[Event]:
    events = protocol.receive(await wire.receive())
    for event in events:
        if isinstance(event, Send):
            await wire.send(event.frame)
    return events


def without_private(value: JsonValue) -> JsonValue:
    """Take out of a message what tells of the machine that it was recorded on."""
    if isinstance(value, dict):
        return {key: without_private(one) for key, one in value.items() if key not in _PRIVATE}
    return [without_private(one) for one in value] if isinstance(value, list) else value


async def act_on(url: str) -> tuple[list[JsonValue], list[dict[str, JsonValue]]]:
    """Act on a running gateway; gives the answers, and what went over the wire."""
    async with connect(url, compression=None, max_size=None) as connection:
        socket = Socket(connection)
        return await act(socket), socket.said


def record() -> None:
    """Write the recording anew."""
    with running("gateway.mjs") as gateway, running("crm_app.mjs", "--url", gateway.facts["url"]):
        _, said = asyncio.run(act_on(gateway.facts["url"]))
    RECORDING.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said), encoding="utf-8")


if __name__ == "__main__":
    record()
