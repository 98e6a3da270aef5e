"""Transport to an FDC3 desktop agent without io.Connect: the messages of DACP over a WebSocket.

An agent lists no intents: it is asked for those that take each context type of the standard, and for those of the
standard's own names. What its apps have beyond both is known by description files, or by the names that are given here.

It connects at the first use. Where the connection is lost, calls under way fail, and the next one connects anew.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from urllib.parse import SplitResult, urlsplit

from websockets.asyncio.client import connect

from ioconnect_codemode.errors import CaptureError, UnavailableError, UsageError
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Change, Route
from ioconnect_codemode.transports.dialing import FAILURES, logger_without_frames, why_not_opened
from ioconnect_codemode.transports.fdc3.agent import Agent
from ioconnect_codemode.transports.fdc3.dacp import Conversation
from ioconnect_codemode.transports.fdc3.directory import Directory, standard_contexts, standard_intents
from ioconnect_codemode.transports.fdc3.requests import Requests
from ioconnect_codemode.transports.link import LARGEST_FRAME_BYTES
from ioconnect_codemode.transports.waits import Waits
from ioconnect_codemode.values import JsonValue

SCHEME = "fdc3+"
"""What stands before `ws://` or `wss://` where an address is one of a desktop agent."""

IDENTITY_URL = "https://localhost/ioconnect-codemode"
"""What an agent's app directory is to know this app by, where nothing else is said."""

INSTANCES = Route(kind="context", name="apps.list")

POLL_S = 5
"""An agent announces neither apps nor intents, so who watches it asks again and again; an answer takes milliseconds."""

CLOSE_TIMEOUT_S = 1


class Fdc3Transport:
    """Raises intents at a desktop agent, and reads and writes its user channels.

    May be used by any number of tasks of one event loop.
    """

    def __init__(
        self,
        url: str,
        *,
        identity_url: str | None = None,
        contexts: Sequence[str] = (),
        intents: Sequence[str] = (),
        connect_timeout_s: float = 10,
        poll_s: float = POLL_S,
    ) -> None:
        """Take note of where and who; nothing is sent yet.

        Args:
            url: `fdc3+ws://host:port/path`, with or without `fdc3+`. What stands behind `#` is the identity.
            identity_url: What the agent's app directory knows this app by; in the place of the one in `url`.
            contexts: Context types to ask for beside those of the standard.
            intents: Intents to ask for beside those of the standard.
            connect_timeout_s: For the connection and the check of the identity, together.
            poll_s: How often an agent that is watched is asked what it has.

        Raises:
            UsageError: The url is not one of an agent.
        """
        parts = _agent_url(url)
        self._url = parts._replace(fragment="").geturl()
        self._address = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"  # a path may hold a token
        self._identity_url = identity_url or parts.fragment or IDENTITY_URL
        self._contexts = tuple(dict.fromkeys((*standard_contexts(), *contexts)))
        self._intents = tuple(dict.fromkeys((*standard_intents(), *intents)))
        self._connect_timeout_s = connect_timeout_s
        self._poll_s = poll_s
        self._connecting = asyncio.Lock()
        self._requests: Requests | None = None
        self._closing = asyncio.Event()

    def __repr__(self) -> str:
        return f"Fdc3Transport({SCHEME + self._address!r}, identity_url={self._identity_url!r})"

    async def connect(self) -> None:
        """Connect now, instead of at the first use. Without effect where that is done.

        Raises:
            UnavailableError: There is no agent, or it doesn't know this app.
        """
        await self._connected()

    async def describe(self) -> dict[str, JsonValue]:
        """Give the intents that the agent can bring to an app, as a document of `environment.schema.json`.

        Raises:
            CaptureError: There is no agent, it doesn't know this app, or it doesn't answer.
        """
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                requests = await self._connected()
                directory = await self._directory(requests)
                channels = await requests.channels()
        except UnavailableError as error:
            raise CaptureError(str(error)) from error
        except TimeoutError as error:
            raise CaptureError(f"The desktop agent does not answer within {self._connect_timeout_s:g} s.") from error
        return {
            "schemaVersion": 1,
            "name": requests.agent.provider or "fdc3",
            **directory.document(),
            "gateway": {"channels": channels},
        }

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        """Raise an intent and give its result, open an app, or read or write a user channel.

        The result of an intent is a context, a channel (`id`, `type`), or None. The app goes on where `timeout_s` has
        passed or the call is cancelled.

        Raises:
            AppError: The app answered with an error, or there is no such channel.
            ArgumentError: The context has no type, or can't travel; nothing was sent.
            UnavailableError: No app handles the intent, several could and none is named, the time is over, or there is no
                connection.
        """
        requests: Requests | None = None
        try:
            async with asyncio.timeout(timeout_s):
                requests = await self._connected()
                if route == INSTANCES and not requests.apps:
                    await self._directory(requests)
                return await requests.perform(route, arguments)
        except TimeoutError as error:
            if requests is None:
                raise unavailable.agent_not_reached(self._address, f"no answer within {timeout_s:g} s") from error
            raise unavailable.no_answer(route, timeout_s) from error

    async def changes(self) -> AsyncGenerator[Change]:
        """Give each change of what the agent can bring to an app; see `Watchable.changes`. It is asked again and again."""
        waits = Waits()
        while not self._closing.is_set():
            try:
                agent, before = (await self._connected()).agent, await self.describe()
                waits.opened()
                yield Change(is_connected=True)
                while not await agent.wait_closed(self._poll_s):
                    described = await self.describe()
                    if described != before:
                        yield Change(is_connected=True, names=_changed(before, described))
                        before = described
                problem = agent.ending
            except (UnavailableError, CaptureError) as error:
                problem = str(error)
            if not self._closing.is_set():
                yield Change(is_connected=False, problem=problem)
                await self._pause(waits.next_s())

    async def close(self) -> None:
        """Let go of the connection; calls under way fail with `UnavailableError`. May be called twice."""
        self._closing.set()
        requests, self._requests = self._requests, None
        if requests:
            await requests.agent.close()

    async def _connected(self) -> Requests:
        async with self._connecting:
            if self._closing.is_set():
                raise unavailable.transport_closed()
            if self._requests is None or not self._requests.agent.is_open:
                self._requests = Requests(await self._open())
            return self._requests

    async def _directory(self, requests: Requests) -> Directory:
        directory = await Directory.asked(requests.agent, contexts=self._contexts, intents=self._intents)
        requests.apps = directory.apps
        return directory

    async def _pause(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._closing.wait()
        except TimeoutError:
            return

    async def _open(self) -> Agent:
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                return await self._enter()
        except TimeoutError as error:
            reason = f"no answer within {self._connect_timeout_s:g} s"
            raise unavailable.agent_not_reached(self._address, reason) from error
        except FAILURES as error:
            reason = why_not_opened(error, expected="agent")
            raise unavailable.agent_not_reached(self._address, reason) from error

    async def _enter(self) -> Agent:
        parts = urlsplit(self._url)
        socket = await connect(
            self._url,
            host=parts.hostname,  # named, so that a redirect to another host is refused
            port=parts.port or (443 if parts.scheme == "wss" else 80),
            proxy=None,
            compression=None,
            max_size=LARGEST_FRAME_BYTES,
            open_timeout=None,
            close_timeout=CLOSE_TIMEOUT_S,
            logger=logger_without_frames(__name__),
        )
        agent = Agent(socket, Conversation(self._identity_url))
        try:
            refusal = await agent.enter()
        except BaseException:
            agent.abort()
            raise
        if refusal is not None:
            await agent.close()
            raise unavailable.agent_refused(self._address, self._identity_url, refusal)
        return agent


def is_agent_url(url: str) -> bool:
    """Tell whether an address is one of a desktop agent."""
    return url.startswith((f"{SCHEME}ws://", f"{SCHEME}wss://"))


def _agent_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.removeprefix(SCHEME))
        is_usable = parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_usable, parts = False, SplitResult("", "", "", "", "")
    if not is_usable:
        raise UsageError(f'The url of a desktop agent looks like "{SCHEME}ws://127.0.0.1:8395/path#{IDENTITY_URL}".')
    return parts


def _changed(before: Mapping[str, JsonValue], after: Mapping[str, JsonValue]) -> frozenset[str]:
    """Give the names of the intents that came, went or changed."""
    old, new = _by_name(before.get("intents")), _by_name(after.get("intents"))
    return frozenset(name for name in old.keys() | new.keys() if old.get(name) != new.get(name))


def _by_name(intents: JsonValue) -> dict[str, JsonValue]:
    entries = intents if isinstance(intents, list) else []
    return {str(entry["name"]): entry for entry in entries if isinstance(entry, dict)}
