"""The edge of `dacp.py`: a socket, a task that reads it, a future for each answer that is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.events import Refused, Send
from ioconnect_codemode.transports.fdc3.dacp import Answered, Conversation, Entered, Event
from ioconnect_codemode.transports.link import TOO_LARGE
from ioconnect_codemode.transports.socket import TOO_BIG
from ioconnect_codemode.values import JsonValue

_Answer = asyncio.Future[dict[str, JsonValue]]
_AGENT = "the desktop agent"


class Agent:
    """One connection to a desktop agent."""

    def __init__(self, socket: ClientConnection, conversation: Conversation) -> None:
        self._socket = socket
        self._conversation = conversation
        self._entered: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()
        self._answers: dict[tuple[str, str], _Answer] = {}
        self._ending = "the agent closed it"
        self._over = asyncio.Event()
        self._reader = asyncio.create_task(self._read())

    @property
    def is_open(self) -> bool:
        """Whether requests can still be answered."""
        return not self._over.is_set()

    @property
    def provider(self) -> str:
        """What the agent calls itself."""
        return self._conversation.provider

    @property
    def ending(self) -> str:
        """Why the connection has ended."""
        return self._ending

    async def enter(self) -> str | None:
        """Give None once the agent knows this app, or why it doesn't.

        Raises:
            ConnectionError: The agent closed the connection instead.
        """
        await self._send(self._conversation.hello().frame)
        return await self._entered

    async def ask(
        self,
        route: Route,
        name: str,
        payload: Mapping[str, JsonValue],
        *,
        then: tuple[str, ...] = (),
        resolved: asyncio.Event | None = None,
    ) -> list[dict[str, JsonValue]]:
        """Send a request and give the payloads of its answers, as many as are expected; an `error` is the last.

        Args:
            route: What it is for, in errors.
            name: Of the request, without `Request`.
            payload: What it asks for.
            then: Types of the answers that follow the first.
            resolved: Set when the first has come.

        Raises:
            ArgumentError: The payload can't travel; nothing was sent.
            UnavailableError: The connection is gone.
        """
        asked = self._conversation.ask(name, payload, then=then)
        if not self.is_open:
            raise unavailable.connection_gone(route, self._ending, to=_AGENT)
        # All of them before anything is sent: they may come at once.
        waiting: dict[tuple[str, str], _Answer] = {
            key: asyncio.get_running_loop().create_future() for key in asked.keys
        }
        self._answers.update(waiting)
        try:
            await self._send(asked.frame)
            answers: list[dict[str, JsonValue]] = []
            for key in asked.keys:
                answers.append(await waiting[key])
                if resolved is not None:
                    resolved.set()
                if answers[-1].get("error") is not None:
                    break
            return answers
        except ConnectionError as error:
            raise unavailable.connection_lost(route, self._ending, to=_AGENT) from error
        finally:
            for key, answer in waiting.items():
                self._answers.pop(key, None)
                _drop(answer)

    async def wait_closed(self, timeout_s: float) -> bool:
        """Wait for the end of the connection; gives whether it has come."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self._over.wait()
        return self._over.is_set()

    async def close(self) -> None:
        """Say goodbye and close; who waits for an answer gets `UnavailableError`."""
        self._ending = "it was closed on this side"
        await self._send(self._conversation.goodbye().frame)
        await self._socket.close()
        await self._reader

    def abort(self) -> None:
        """Drop a connection that nobody waits for."""
        self._entered.cancel()  # else the loop reports an exception that nobody fetched
        self._socket.transport.abort()

    async def _send(self, frame: str) -> None:
        with suppress(ConnectionClosed):  # the reader tells whoever waits, and knows why
            await self._socket.send(frame)

    async def _read(self) -> None:
        try:
            async for frame in self._socket:
                for event in self._conversation.receive(frame):
                    await self._handle(event)
        except ConnectionClosed as closed:
            is_too_big = closed.sent is not None and closed.sent.code == TOO_BIG
            self._ending = TOO_LARGE if is_too_big else "the agent went away"
        finally:
            self._socket.transport.abort()  # nobody reads it any more; without effect where it is closed
            if not self._entered.done():
                self._entered.set_exception(ConnectionError(self._ending))
            self._over.set()
            for answer in self._answers.values():
                if not answer.done():
                    answer.set_exception(ConnectionError(self._ending))

    async def _handle(self, event: Event) -> None:
        match event:
            case Send(frame=frame):
                await self._send(frame)
            case Entered() | Refused():
                if not self._entered.done():
                    self._entered.set_result(event.reason if isinstance(event, Refused) else None)
            case Answered(key=key, payload=payload):
                answer = self._answers.pop(key, None)  # one that is late, or comes again, is nobody's
                if answer is not None and not answer.done():
                    answer.set_result(payload)


def _drop(answer: _Answer) -> None:
    """Let go of an answer that nobody waits for."""
    if not answer.cancel() and not answer.cancelled():
        answer.exception()  # else the loop reports one that nobody fetched
