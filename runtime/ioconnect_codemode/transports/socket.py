"""The WebSocket of a gateway: what arrives is handed over at once, what is written in one turn of the loop leaves together.

`ClientConnection` puts a queue and a task between a frame and who reads it, and writes to the system once a frame. A call
of an app takes tens of microseconds, so these would be most of it.
"""

from __future__ import annotations

from collections.abc import Callable

from websockets.asyncio.client import ClientConnection
from websockets.frames import Frame, Opcode
from websockets.http11 import Response
from websockets.protocol import State

TOO_BIG = 1009
"""RFC 6455, 7.4.1: the code of a connection that ends because a message is larger than is taken."""


class GatewaySocket(ClientConnection):
    """A connection that a listener is told of; `send`, `recv` and iteration are not for it.

    Attributes:
        is_too_big: Whether it ended because a message was larger than it takes.
        is_closed_by_peer: Whether the gateway has closed it in form.
    """

    _on_text: Callable[[bytes], None] | None = None
    _on_lost: Callable[[], None] | None = None
    _early: tuple[bytes, ...] = ()
    _parts: tuple[bytes, ...] = ()
    _is_lost = False
    _is_flushed_soon = False

    @property
    def is_too_big(self) -> bool:
        """Whether it ended because a message was larger than it takes."""
        return self.protocol.close_sent is not None and self.protocol.close_sent.code == TOO_BIG

    @property
    def is_closed_by_peer(self) -> bool:
        """Whether the gateway has closed it in form."""
        return self.protocol.close_rcvd is not None

    @property
    def is_full(self) -> bool:
        """Whether the system takes no more for now; `drain` waits until it does."""
        return self.paused

    def listen(self, on_text: Callable[[bytes], None], on_lost: Callable[[], None]) -> None:
        """Hand over every message, those that have come already first; and once, that there will be no more."""
        self._on_text, self._on_lost = on_text, on_lost
        early, self._early = self._early, ()
        for text in early:
            on_text(text)
        if self._is_lost:
            on_lost()

    def write(self, text: str) -> None:
        """Send a message. Where the connection is gone it is dropped: the listener is told of that, once for all."""
        if self.protocol.state is not State.OPEN or self.transport.is_closing():
            return
        self.protocol.send_text(text.encode())
        if self._is_flushed_soon:
            return
        self.send_data()
        self._is_flushed_soon = True
        self.loop.call_soon(self._flush)

    def abort(self) -> None:
        """Drop the connection without a closing handshake."""
        self.transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take what the system has read."""
        super().data_received(data)
        if self.protocol.state in (State.CLOSING, State.CLOSED):
            self._lose()

    def process_event(self, event: Frame | Response | object) -> None:
        """Take a frame; the first event is the answer to the handshake."""
        if self.response is None or not isinstance(event, Frame):
            super().process_event(event)  # type: ignore[arg-type]
            return
        if event.opcode not in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
            super().process_event(event)
        elif not event.fin:
            self._parts += (bytes(event.data),)
        else:
            parts, self._parts = self._parts, ()
            self._take(b"".join((*parts, event.data)) if parts else bytes(event.data))

    def connection_lost(self, exc: Exception | None) -> None:
        """Take note that there is no connection any more."""
        super().connection_lost(exc)
        self._lose()

    def _take(self, text: bytes) -> None:
        if self._on_text is None:
            self._early += (text,)
        elif not self._is_lost:
            self._on_text(text)

    def _lose(self) -> None:
        if not self._is_lost:
            self._is_lost = True
            if self._on_lost is not None:
                self._on_lost()

    def _flush(self) -> None:
        """Write what has come together since the first message of the turn."""
        self._is_flushed_soon = False
        # The mark that ends the sending side is never among it: closing writes it at once.
        if (data := b"".join(self.protocol.data_to_send())) and not self.transport.is_closing():
            self.transport.write(data)
