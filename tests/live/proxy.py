"""A proxy between a client and a gateway that can delay, stall, cut and double what the gateway says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed


class Proxy:
    """One proxy.

    Attributes:
        url: What clients connect to.
        doubles: Whether each frame of the gateway arrives twice.
        delay_s: How long each frame of the gateway is held; those behind it wait too.
        records: Whether `sent` is kept.
        sent: The frames of clients, in their order.
    """

    def __init__(self, target: str) -> None:
        self.url = ""
        self.doubles = False
        self.delay_s = 0.0
        self.records = False
        self.sent: list[str | bytes] = []
        self._target = target
        self._flows = asyncio.Event()
        self._flows.set()
        self._clients: set[ServerConnection] = set()
        self._news = asyncio.Event()

    def stall(self) -> None:
        """Let no frame of the gateway through any more."""
        self._flows.clear()

    def flow(self) -> None:
        """Let everything through, what was held first."""
        self._flows.set()

    def cut(self) -> None:
        """Drop every connection without a word."""
        for client in list(self._clients):
            client.transport.abort()

    async def until_sent(self, text: bytes) -> None:
        """Wait until a client has sent a frame that holds the text."""
        while not any(text in (frame if isinstance(frame, bytes) else frame.encode()) for frame in self.sent):
            self._news.clear()
            await self._news.wait()

    async def relay(self, client: ServerConnection) -> None:
        """Carry the frames of one client both ways."""
        self._clients.add(client)
        try:
            async with connect(self._target, max_size=None, compression=None) as gateway:
                ways = [
                    asyncio.create_task(self._there(client, gateway)),
                    asyncio.create_task(self._back(client, gateway)),
                ]
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
                for way in ways:
                    way.cancel()
        finally:
            self._clients.discard(client)

    async def _there(self, client: ServerConnection, gateway: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in client:
                if self.records:
                    self.sent.append(frame)
                    self._news.set()
                await gateway.send(frame)

    async def _back(self, client: ServerConnection, gateway: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for frame in gateway:
                await self._flows.wait()
                await asyncio.sleep(self.delay_s)
                for _ in range(2 if self.doubles else 1):
                    await client.send(frame)


@asynccontextmanager
async def proxy_to(target: str) -> AsyncGenerator[Proxy]:
    """Give a running proxy on the loopback interface."""
    made = Proxy(target)
    async with serve(made.relay, "127.0.0.1", 0, max_size=None, compression=None) as server:
        [socket] = server.sockets
        made.url = f"ws://127.0.0.1:{socket.getsockname()[1]}"
        yield made
        made.flow()
        made.cut()
