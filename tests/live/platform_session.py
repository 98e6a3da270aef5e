"""A session with a real platform on the wire, to be gone through again where there is neither Node nor Chromium.

Record anew, with both, in the folder `tests`: `python -m live.platform_session`
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

from websockets.asyncio.client import connect
from websockets.asyncio.server import ServerConnection, serve

from ioconnect_codemode.errors import CallError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running
from live.wire_session import without_private

RECORDING = Path(__file__).with_suffix(".jsonl")
APPLE: dict[str, JsonValue] = {"type": "fdc3.instrument", "id": {"ticker": "AAPL"}}
ORDER: dict[str, JsonValue] = {"data": {"isin": "US0378331005"}}


async def act(url: str) -> list[JsonValue]:
    """Describe the environment, raise an intent that starts its app, raise it again, raise one that several apps declare."""
    transport = GatewayTransport(url, user="dev")
    try:
        described = await transport.describe()
        chart = Route(kind="fdc3_intent", name="ViewChart")
        answers = [await transport.call(chart, APPLE, timeout_s=20) for _ in range(2)]
        try:
            answers.append(await transport.call(Route(kind="intent", name="PlaceOrder"), ORDER, timeout_s=20))
        except CallError as error:
            answers.append(str(error))
        return [described.get("applications"), *answers]
    finally:
        await transport.close()


@asynccontextmanager
async def recorded() -> AsyncGenerator[tuple[str, list[str]]]:
    """Give the address of a gateway that says what was said then, and what it found different in what it was sent."""
    said = [json.loads(line) for line in RECORDING.read_text(encoding="utf-8").splitlines()]
    different: list[str] = []

    async def speak(client: ServerConnection) -> None:
        for one in said:
            if "received" in one:
                await client.send(json.dumps(one["received"]))
            elif (sent := without_private(json.loads(await client.recv()))) != one["sent"]:
                different.append(f"{sent} in the place of {one['sent']}")
        await client.wait_closed()

    async with serve(speak, "127.0.0.1", 0, compression=None) as server:
        [socket] = server.sockets
        yield f"ws://127.0.0.1:{socket.getsockname()[1]}", different


async def overheard(url: str) -> list[dict[str, JsonValue]]:
    """Act on a running gateway; gives what went over the wire, in its order."""
    said: list[dict[str, JsonValue]] = []

    async def relay(client: ServerConnection) -> None:
        async with connect(url, max_size=None, compression=None) as gateway:

            async def back() -> None:
                async for frame in gateway:
                    said.append({"received": without_private(json.loads(frame))})
                    await client.send(frame)

            listening = asyncio.create_task(back())
            async for frame in client:
                said.append({"sent": without_private(json.loads(frame))})
                await gateway.send(frame)
            listening.cancel()

    async with serve(relay, "127.0.0.1", 0, max_size=None, compression=None) as server:
        [socket] = server.sockets
        await act(f"ws://127.0.0.1:{socket.getsockname()[1]}")
    return said


def record() -> None:
    """Write the recording anew."""
    with running("desktop.py", "--start", "crm") as desktop:
        said = asyncio.run(overheard(desktop.facts["url"]))
    RECORDING.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in said), encoding="utf-8")


if __name__ == "__main__":
    record()
