"""What a transport does: carry a bridge call to io.Connect and bring back the raw answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from ioconnect_codemode.language import ALL_TARGETS

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue


class Route(NamedTuple):
    """Where a capability lives in io.Connect.

    Attributes:
        kind: `method` for an interop method, `stream` for one that is subscribed to, `intent` for an io.Connect intent,
            `fdc3_intent` for an FDC3 intent, `context` for an operation of the gateway itself: shared contexts,
            channels, connected apps.
        name: The wire name: the method's name, the intent's name without any prefix, or the operation.
        accepts: The method's input signature where two methods share the name, else None.
        returns: The method's output signature where two methods share the name, else None.
        take: Of a stream: how many events are the answer, at most.
        take_for_s: Of a stream: after how many seconds the answer is what has come.
        target: Which of several apps is called: `best`, `all`, `skipMine` (all but this peer), the name of an app or
            the id of an instance; or several of these names.
        wait_for_s: How long to wait for an app that offers it, where none does yet; part of the time of the call.
    """

    kind: Literal["method", "stream", "intent", "fdc3_intent", "context"]
    name: str
    accepts: str | None = None
    returns: str | None = None
    take: int = 10
    take_for_s: float = 5.0
    target: str | tuple[str, ...] = "best"
    wait_for_s: float = 0.0

    @property
    def has_several_answers(self) -> bool:
        """Whether the answer is one of `Answers`: all servers are called, or those that are named."""
        return not isinstance(self.target, str) or self.target in ALL_TARGETS


class Transport(Protocol):
    """Performs bridge calls against io.Connect.

    A transport doesn't check arguments or results: the session has done the one and will do the other. It keeps
    secrets to itself and never blocks the event loop.
    """

    async def describe(self) -> dict[str, JsonValue]:
        """Give the environment as a document of `environment.schema.json`.

        Raises:
            CaptureError: The environment can't be reached, or this transport can't describe one.
        """
        ...

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        """Call a capability and give the app's answer as plain JSON, `{"_value": x}` already unwrapped to `x`.

        Where the route has several answers, they are a list of `{"target": name, "value": x}` and, of those that failed
        while another answered, `{"target": name, "error": text}`. A name is the one that was given, or the id of the
        instance.

        Raises:
            AppError: The app answered with an error; the message is its text.
            UnavailableError: No app offers it, the app left, `timeout_s` passed, or the connection is gone.
        """
        ...

    async def close(self) -> None:
        """Let go of the connection; calls under way fail with `UnavailableError`. May be called twice."""
        ...


class Direct(Transport, Protocol):
    """A transport whose apps may answer at once: such a call takes no task of the event loop."""

    def begin(
        self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float
    ) -> JsonValue | asyncio.Future[JsonValue]:
        """Call as `call` does; give the answer, or what it will be the result of.

        An answer that is given may be the app's own object, whatever it is made of: it is to be read, and held to JSON's
        types, before the event loop goes on.

        Raises:
            AppError: As in `call`, where the app has answered at once.
            UnavailableError: The same.
        """
        ...


class Change(NamedTuple):
    """What became of an environment that is watched.

    Attributes:
        is_connected: Whether the environment can be seen now.
        names: Wire names of the methods that came, went or changed; empty where the connection did.
        problem: Why there is no connection, None where there is one.
    """

    is_connected: bool
    names: frozenset[str] = frozenset()
    problem: str | None = None


class Watchable(Transport, Protocol):
    """A transport to a running environment, which says when that changes."""

    async def connect(self) -> None:
        """Connect now, instead of at the first use. Without effect where that is done.

        Raises:
            UnavailableError: There is nobody to connect to, or it doesn't let this peer in.
        """
        ...

    def changes(self) -> AsyncGenerator[Change]:
        """Give each change, those that come close together as one, until the transport is closed.

        The first one comes when the environment can be seen. A lost connection is opened again, after 0.2 s, then with
        longer waits up to 10 s.
        """
        ...
