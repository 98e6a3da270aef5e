"""The edge of `protocol.py`: a socket, and a future for each call that waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress

from ioconnect_codemode.errors import CallError
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.events import Answered, Changed, Event, Failed, Ready, Refused, Request, Send
from ioconnect_codemode.transports.protocol import GatewayProtocol
from ioconnect_codemode.transports.socket import GatewaySocket
from ioconnect_codemode.values import JsonValue

LARGEST_FRAME_BYTES = 64 * 2**20
"""Answers of apps are some kilobytes to a few megabytes. One far beyond that would take the memory of the host, so the
socket refuses it and closes, before it is read."""

TOO_LARGE = f"an answer was larger than {LARGEST_FRAME_BYTES // 2**20} MiB"
"""Why a connection has ended, then."""


class Link:
    """One connection: frames between socket and protocol, answers to who waits for them."""

    def __init__(self, socket: GatewaySocket, protocol: GatewayProtocol) -> None:
        self.protocol = protocol
        self._socket = socket
        self._loop = asyncio.get_running_loop()
        self._entered: asyncio.Future[str | None] = self._loop.create_future()
        self._answers: dict[str, asyncio.Future[JsonValue]] = {}
        self._ending: str | None = None
        self._is_over = False
        self._changed: set[str] = set()
        self._news = asyncio.Event()
        self._watchers: list[asyncio.Future[None]] = []
        socket.listen(self._received, self._lost)

    @property
    def is_open(self) -> bool:
        """Whether calls can still be answered."""
        return not self._is_over

    async def log_in(self) -> str | None:
        """Give None once the registry is complete, or why the gateway refuses.

        Raises:
            ConnectionError: The gateway closed the connection instead.
        """
        self._socket.write(self.protocol.hello().frame)
        return await self._entered

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, until: float | None = None) -> JsonValue:
        """Send a call and wait for its answer; a cancelled one is forgotten.

        Args:
            route, arguments: As `Transport.call` takes them.
            until: Until when it may take, by the clock of the event loop; None for as long as it takes.

        Raises:
            CallError: As `GatewayProtocol.call`, or what came instead of a result.
            TimeoutError: The time is over.
        """
        known = self.protocol.known(route)
        if known is not None:
            return known
        if route.wait_for_s:
            waits_until = self._loop.time() + route.wait_for_s
            await self._offered(route, waits_until if until is None else min(until, waits_until))
        if route.has_several_answers:
            return await self._call_all(route, arguments, until)
        return await self._answer(self.protocol.call(route, arguments), route, until)

    def begin(
        self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float
    ) -> asyncio.Future[JsonValue] | None:
        """Send a call and give the future of its answer; None, and nothing sent, where a call takes more than one message.

        Raises:
            CallError: As `GatewayProtocol.call`.
        """
        is_one_message = route.kind == "method" and not route.wait_for_s and not route.has_several_answers
        if not is_one_message or self._is_over or self._socket.is_full:
            return None
        request = self.protocol.call(route, arguments)
        answer: asyncio.Future[JsonValue] = self._loop.create_future()
        self._answers[request.request_id] = answer
        over = self._loop.call_later(timeout_s, _expire, answer, lambda: unavailable.no_answer(route, timeout_s))

        def ended(_: object) -> None:
            over.cancel()
            self._forget(request.request_id)

        answer.add_done_callback(ended)
        self._socket.write(request.frame)
        return answer

    def _forget(self, request_id: str) -> None:
        del self._answers[request_id]
        if leave := self.protocol.forget(request_id):
            self._socket.write(leave.frame)

    async def _answer(self, request: Request, route: Route, until: float | None) -> JsonValue:
        if self._is_over:
            self.protocol.forget(request.request_id)
            raise unavailable.connection_gone(route, self.ending)
        answer: asyncio.Future[JsonValue] = self._loop.create_future()
        self._answers[request.request_id] = answer
        over = None if until is None else self._loop.call_at(until, _expire, answer, TimeoutError)
        try:
            self._socket.write(request.frame)
            if self._socket.is_full:
                await self._socket.drain()
            return await (self._taken(request.request_id, answer, route) if route.kind == "stream" else answer)
        finally:
            if over is not None:
                over.cancel()
            self._forget(request.request_id)

    async def _call_all(self, route: Route, arguments: Mapping[str, JsonValue], until: float | None) -> JsonValue:
        """Call every server that the route means, side by side; who fails while another answers is told with its error.

        A server that two names mean is called once.
        """
        registry = self.protocol.registry
        targets = registry.find(route)
        names = registry.targets_of(targets) if isinstance(route.target, str) else route.target
        servers = {one.server_id: one for one in targets}
        requests = [self.protocol.call_of(one, route, arguments) for one in servers.values()]
        waiting = [self._answer(request, route, until) for request in requests]
        answered = dict(zip(servers, await asyncio.gather(*waiting, return_exceptions=True), strict=True))
        answers = [answered[one.server_id] for one in targets]
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        unexpected = next((one for one in failed if not isinstance(one, CallError | TimeoutError)), None)
        if failed and (unexpected or len(failed) == len(answers)):
            raise unexpected or failed[0]
        return [_told(name, answer, route) for name, answer in zip(names, answers, strict=True)]

    async def _offered(self, route: Route, until: float) -> None:
        """Wait until somebody offers what the route means; where the time is over, the call says what is missing."""
        with suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                while not self.protocol.registry.has(route):
                    await self.next_change(route)

    async def _taken(self, request_id: str, answer: asyncio.Future[JsonValue], route: Route) -> JsonValue:
        """Wait for the events of a stream, for as long as the route says; then those that have come are the answer."""
        await asyncio.wait([answer], timeout=route.take_for_s)
        if answer.done():
            return answer.result()
        events = self.protocol.taken(request_id)
        if events is None:
            raise unavailable.no_answer(route, route.take_for_s)
        return list[JsonValue](events)

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
            watcher: asyncio.Future[None] = self._loop.create_future()
            self._watchers.append(watcher)
            await watcher
        if not self.is_open:
            raise unavailable.connection_gone(route, self.ending)

    def _wake(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if not watcher.done():
                watcher.set_result(None)

    @property
    def ending(self) -> str:
        """Why the connection has ended."""
        return self._ending or "the gateway closed it"

    async def close(self) -> None:
        """Close the connection; who waits for an answer gets `UnavailableError`."""
        self._ending = "it was closed on this side"
        await self._socket.close()

    def abort(self) -> None:
        """Drop a connection that nobody waits for, without a closing handshake."""
        self._entered.cancel()  # else the loop reports an exception that nobody fetched
        self._socket.abort()

    def _received(self, frame: bytes) -> None:
        for event in self.protocol.receive(frame):
            self._handle(event)

    def _lost(self) -> None:
        self._is_over = True
        self._socket.abort()  # nobody reads it any more; without effect where it is closed
        self._ending = self._ending or _reason(self._socket)
        if not self._entered.done():
            self._entered.set_exception(ConnectionError(self._ending))
        self._news.set()
        self._wake()
        for failed in self.protocol.lose(self._ending):
            self._settle(failed)

    def _handle(self, event: Event) -> None:
        match event:
            case Answered() | Failed():
                self._settle(event)
            case Send(frame=frame):
                self._socket.write(frame)
            case Changed(names=names):
                self._changed |= names
                self._news.set()
                self._wake()
            case Ready():
                self._changed.clear()
                self._news.clear()
                self._let_in(None)
            case Refused(reason=reason):
                self._let_in(reason)

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


def _expire(answer: asyncio.Future[JsonValue], error: Callable[[], Exception]) -> None:
    if not answer.done():
        answer.set_exception(error())


def _told(name: str, answer: JsonValue | BaseException, route: Route) -> JsonValue:
    if not isinstance(answer, BaseException):
        return {"target": name, "value": answer}
    return {"target": name, "error": str(answer) or unavailable.unanswered(route)}


def _reason(socket: GatewaySocket) -> str:
    if socket.is_too_big:
        return TOO_LARGE
    return "the gateway closed it" if socket.is_closed_by_peer else "the gateway went away"
