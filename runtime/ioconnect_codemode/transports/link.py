"""The edge of `protocol.py`: a socket, a task that reads it, a future for each call that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.protocol import (
    Answered,
    Changed,
    Event,
    Failed,
    GatewayProtocol,
    Ready,
    Refused,
    Send,
)
from ioconnect_codemode.values import JsonValue

LARGEST_FRAME_BYTES = 64 * 2**20
"""Answers of apps are some kilobytes to a few megabytes. One far beyond that would take the memory of the host, so the
socket refuses it and closes, before it is read."""


class Link:
    """One connection: frames between socket and protocol, answers to who waits for them."""

    def __init__(self, socket: ClientConnection, protocol: GatewayProtocol) -> None:
        self.protocol = protocol
        self._socket = socket
        self._entered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._answers: dict[str, asyncio.Future[JsonValue]] = {}
        self._ending = "the gateway closed it"
        self._changed: set[str] = set()
        self._news = asyncio.Event()
        self._watchers: list[asyncio.Future[None]] = []
        self._sending: set[asyncio.Task[None]] = set()
        self._reader = asyncio.create_task(self._read())

    @property
    def is_open(self) -> bool:
        """Whether calls can still be answered."""
        return not self._reader.done()

    async def log_in(self) -> str | None:
        """Give None once the registry is complete, or why the gateway refuses.

        Raises:
            ConnectionError: The gateway closed the connection instead.
        """
        await self._send(self.protocol.hello().frame)
        return await self._entered

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, instance: str | None = None) -> JsonValue:
        """Send a call and wait for its answer, for as long as it takes; a cancelled one is forgotten.

        Raises:
            CallError: As `GatewayProtocol.call`, or what came instead of a result.
        """
        known = self.protocol.known(route)
        if known is not None:
            return known
        request = self.protocol.call(route, arguments, instance=instance)
        answer: asyncio.Future[JsonValue] = asyncio.get_running_loop().create_future()
        self._answers[request.request_id] = answer
        try:
            await self._send(request.frame)
            return await (self._taken(request.request_id, answer, route) if route.kind == "stream" else answer)
        finally:
            del self._answers[request.request_id]
            if leave := self.protocol.forget(request.request_id):
                self._send_later(leave.frame)

    async def _taken(self, request_id: str, answer: asyncio.Future[JsonValue], route: Route) -> JsonValue:
        """Wait for the events of a stream, for as long as the route says; then those that have come are the answer."""
        await asyncio.wait([answer], timeout=route.take_for_s)
        if answer.done():
            return answer.result()
        events = self.protocol.taken(request_id)
        if events is None:
            raise unavailable.no_answer(route, route.take_for_s)
        return events

    def _send_later(self, frame: str) -> None:
        """Send without waiting: whoever called may be cancelled just now."""
        task = asyncio.get_running_loop().create_task(self._send(frame))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)

    async def changed(self) -> frozenset[str]:
        """Wait for methods to come, go or change, and give their names; none where the connection has ended."""
        if self.is_open:
            await self._news.wait()
        self._news.clear()
        names, self._changed = frozenset(self._changed), set()
        return names

    def tell_changed(self, name: str) -> None:
        """Count a method among those that have changed: what it answers is another thing now."""
        self._changed.add(name)
        self._news.set()

    async def next_change(self, route: Route) -> None:
        """Wait until methods come, go or change.

        Raises:
            UnavailableError: The connection has ended; the route is what was waited for.
        """
        if self.is_open:
            watcher: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._watchers.append(watcher)
            await watcher
        if not self.is_open:
            raise unavailable.connection_lost(route, self._ending)

    def _wake(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    @property
    def ending(self) -> str:
        """Why the connection has ended."""
        return self._ending

    async def close(self) -> None:
        """Close the connection; who waits for an answer gets `UnavailableError`."""
        self._ending = "it was closed on this side"
        await self._socket.close()
        await self._reader

    def abort(self) -> None:
        """Drop a connection that nobody waits for, without a closing handshake; the reader ends by itself."""
        self._entered.cancel()  # else the loop reports an exception that nobody fetched
        self._socket.transport.abort()

    async def _send(self, frame: str) -> None:
        with suppress(ConnectionClosed):  # the reader fails whoever waits, and knows why
            await self._socket.send(frame)

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                for event in self.protocol.receive(frame):
                    await self._handle(event)
        except ConnectionClosed as closed:
            self._ending = _reason(closed)
        finally:
            self._end()

    def _end(self) -> None:
        self._socket.transport.abort()  # nobody reads it any more; without effect where it is closed
        if not self._entered.done():
            self._entered.set_exception(ConnectionError(self._ending))
        self._news.set()
        self._wake()
        for failed in self.protocol.lose(self._ending):
            self._settle(failed)

    async def _handle(self, event: Event) -> None:
        match event:
            case Send(frame=frame):
                await self._send(frame)
            case Ready():
                self._changed.clear()
                self._news.clear()
                self._let_in(None)
            case Refused(reason=reason):
                self._let_in(reason)
            case Answered() | Failed():
                self._settle(event)
            case Changed(names=names):
                self._changed |= names
                self._news.set()
                self._wake()

    def _let_in(self, refusal: str | None) -> None:
        if not self._entered.done():
            self._entered.set_result(refusal)

    def _settle(self, event: Answered | Failed) -> None:
        answer = self._answers.get(event.request_id)
        if answer is None or answer.done():  # who waited was cancelled in this turn of the loop
            return
        match event:
            case Answered(result=result):
                answer.set_result(result)
            case Failed(error=error):
                answer.set_exception(error)


def _reason(closed: ConnectionClosed) -> str:
    if closed.sent and closed.sent.code == 1009:  # RFC 6455, 7.4.1: message too big
        return f"an answer was larger than {LARGEST_FRAME_BYTES // 2**20} MiB"
    return "the gateway closed it" if closed.rcvd else "the gateway went away"
