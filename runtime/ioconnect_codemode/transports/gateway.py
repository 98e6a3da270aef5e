"""Transport to a running io.Connect: gateway protocol v3 over a WebSocket.

It connects at the first use. Where the connection is lost, calls under way fail, because what the app has done is not known
then, and the next call connects anew; who watches the environment (`changes`) makes it connect again by itself. No id is
kept across connections.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Mapping
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from websockets.asyncio.client import connect

from ioconnect_codemode.errors import CaptureError, UnavailableError, UsageError
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.applications import Applications
from ioconnect_codemode.transports.base import Change, Route
from ioconnect_codemode.transports.credentials import (
    STARTING_CONTEXT,
    AccessToken,
    Credentials,
    GatewayToken,
    UserSecret,
    start_of,
    system_user,
)
from ioconnect_codemode.transports.dialing import FAILURES, logger_without_frames, why_not_opened
from ioconnect_codemode.transports.link import LARGEST_FRAME_BYTES, Link
from ioconnect_codemode.transports.protocol import GatewayProtocol, Login
from ioconnect_codemode.transports.socket import GatewaySocket
from ioconnect_codemode.transports.waits import Waits
from ioconnect_codemode.values import JsonValue

ENVIRONMENT_NAME = "io-connect"
"""A gateway has no name of its own; whoever captures it may give the document a better one."""

CLOSE_TIMEOUT_S = 1
"""A gateway answers the closing handshake in milliseconds; one that hangs is not worth waiting for."""


class GatewayTransport:
    """Calls the methods and intents of running apps through an io.Connect gateway.

    May be used by any number of tasks of one event loop.
    """

    def __init__(
        self,
        url: str,
        *,
        application: str = "codemode",
        user: str | None = None,
        secret: str = "",
        credentials: Credentials | None = None,
        identity: Mapping[str, str] | None = None,
        connect_timeout_s: float = 10,
    ) -> None:
        """Take note of where and who; nothing is sent yet.

        Args:
            url: `ws://` or `wss://`. With `wss://` the certificate is checked against the system's authorities. Proxies
                named by the environment are not used, redirects to another host not followed: the secret goes to this
                host only.
            application: The application name that apps see as their caller.
            user: Log-in name; the gateway shows only the apps of the same user. Without it, the name of the operating
                system's user, which is what io.Connect Desktop logs its apps in with.
            secret: Goes into the log-in, and nowhere else.
            credentials: A token, in the place of user and secret.
            identity: What this peer says of itself besides: `instance`, `environment`, `region`.
            connect_timeout_s: For the connection, the log-in and the list of what runs, together.

        Raises:
            UsageError: The url is not one of a gateway, both a user and other credentials were given, or no user name was
                given and the system knows none.
        """
        if credentials is not None and (user is not None or secret):
            raise UsageError("Give either user= and secret=, or credentials=.")
        self._url = url
        self._parts = _gateway_url(url)
        self._address = f"{self._parts.scheme}://{self._parts.netloc.rpartition('@')[2]}"  # a path may hold a token
        self._application = application
        self._credentials = credentials or UserSecret(user=system_user() if user is None else user, secret=secret)
        self._identity = dict(identity or {})
        self._latest: GatewayProtocol | None = None  # of the last connection that let this peer in
        self._connect_timeout_s = connect_timeout_s
        self._connecting = asyncio.Lock()
        self._link: Link | None = None
        self._applications: Applications | None = None
        self._is_closed = False
        self._closing = asyncio.Event()

    def __repr__(self) -> str:
        return f"GatewayTransport({self._address!r}, application={self._application!r}, {self._credentials!r})"

    @classmethod
    def of_desktop(cls, environ: Mapping[str, str] | None = None) -> GatewayTransport:
        """Give the transport to the io.Connect Desktop that has started this process.

        Args:
            environ: The environment variables; those of this process where none are given.

        Raises:
            UsageError: This process was not started by io.Connect Desktop.
        """
        start = start_of(os.environ if environ is None else environ)
        if start is None:
            raise UsageError(f"This process was not started by io.Connect Desktop: {STARTING_CONTEXT} is not set.")
        return cls(
            start.url,
            application=start.application or "codemode",
            credentials=start.credentials,
            identity=start.identity,
        )

    @property
    def access_token(self) -> AccessToken | None:
        """What the gateway gave at the last log-in for a later one, None before it or where it gives none."""
        given = self._given
        return given if isinstance(given, AccessToken) else None

    @property
    def _given(self) -> AccessToken | GatewayToken | None:
        """What the gateway gave at the last log-in for a later one."""
        return None if self._latest is None else self._latest.next_login

    @property
    def _who(self) -> str:
        match self._credentials:
            case UserSecret(user=user):
                return f'the user "{user}"'
            case AccessToken():
                return "an access token"
            case GatewayToken():
                return "a gateway token"

    async def connect(self) -> None:
        """Connect and log in now, instead of at the first use. Without effect where that is done.

        Raises:
            UnavailableError: There is no gateway, or it doesn't let this user in.
        """
        await self._connected()

    async def describe(self) -> dict[str, JsonValue]:
        """Give everything that the apps of this user offer, as a document of `environment.schema.json`.

        System methods, streams and intent handlers are among the methods, as the apps that run declare them. Where a
        platform runs, the apps that it can start are there with what they declare. The same apps give the same document.

        Raises:
            CaptureError: There is no gateway, or it doesn't let this user in.
        """
        try:
            link = await self._connected()
        except UnavailableError as error:
            raise CaptureError(str(error)) from error
        applications = await self._applications_of(link).listed()
        methods = link.protocol.registry.describe()
        described: dict[str, JsonValue] = {"schemaVersion": 1, "name": ENVIRONMENT_NAME, "methods": methods}
        described["gateway"] = link.protocol.describe()
        if applications:
            described["applications"] = list[JsonValue](applications)
        return described

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        """Call a method, or a running app's handler of an intent, and give its answer as plain JSON.

        Dates in the answer are ISO 8601 texts in UTC. No app is started for a method; for an intent that no running app
        handles, the one app is that declares it. The app goes on where `timeout_s` has passed or the call is cancelled:
        the protocol has no way to stop it.

        Args:
            route: For an FDC3 intent, the arguments are the FDC3 context; for an io.Connect intent `type` and `data`.
            arguments: By wire name.
            timeout_s: For everything, connecting included.

        Raises:
            AppError: The app answered with an error.
            ArgumentError: A number would change on its way, or an FDC3 context has no type; nothing was sent.
            UnavailableError: No app offers it, the app left, the time is over, or there is no connection.
        """
        until = asyncio.get_running_loop().time() + timeout_s
        link = self._link
        if link is None or not link.is_open:
            try:
                async with asyncio.timeout_at(until):
                    link = await self._connected()
            except TimeoutError as error:
                raise unavailable.not_reached(self._address, f"no answer within {timeout_s:g} s") from error
        try:
            if route.kind in ("intent", "fdc3_intent"):
                route = await self._handled(link, route, arguments, until)
            return await link.call(route, arguments, until=until)
        except TimeoutError as error:
            raise unavailable.no_answer(route, timeout_s) from error

    def begin(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> asyncio.Future[JsonValue]:
        """Call as `call` does and give what the answer will be the result of; a plain call takes no task. See `Direct`.

        Raises:
            CallError: As `call`, where nothing was sent.
        """
        link = self._link
        begun = link.begin(route, arguments, timeout_s=timeout_s) if link is not None and link.is_open else None
        return begun or asyncio.ensure_future(self.call(route, arguments, timeout_s=timeout_s))

    async def _handled(self, link: Link, route: Route, arguments: Mapping[str, JsonValue], until: float) -> Route:
        """Give the route of an intent to an app that handles it; one that is started for it is named."""
        instance = await self._applications_of(link).handler_of(route, arguments, until=until)
        return route if instance is None else route._replace(target=instance)

    async def changes(self) -> AsyncGenerator[Change]:
        """Give each change of what the running apps offer; see `Watchable.changes`."""
        waits = Waits()
        while not self._is_closed:
            try:
                link = await self._connected()
            except UnavailableError as error:
                problem = str(error)
            else:
                waits.opened()
                watching = asyncio.create_task(self._watch_applications(link))
                try:
                    yield Change(is_connected=True)
                    while names := await link.changed():
                        yield Change(is_connected=True, names=names)
                finally:
                    watching.cancel()
                problem = link.ending
            if not self._is_closed:
                yield Change(is_connected=False, problem=problem)
                await self._pause(waits.next_s())

    async def close(self) -> None:
        """Let go of the connection; calls under way fail with `UnavailableError`. May be called twice."""
        self._is_closed = True
        self._closing.set()
        link, self._link = self._link, None
        if link:
            await link.close()

    async def _connected(self) -> Link:
        if self._link and self._link.is_open:
            return self._link
        async with self._connecting:
            if self._link and self._link.is_open:
                return self._link
            if self._is_closed:
                raise unavailable.transport_closed()
            link = await self._open()
            if self._is_closed:
                await link.close()
                raise unavailable.transport_closed()
            self._link = link
            return link

    async def _watch_applications(self, link: Link) -> None:
        with suppress(UnavailableError):  # the connection has ended, which `changes` sees too
            await self._applications_of(link).watch()

    def _applications_of(self, link: Link) -> Applications:
        if self._applications is None or self._applications.link is not link:
            self._applications = Applications(link)
        return self._applications

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()

    async def _open(self) -> Link:
        try:
            async with asyncio.timeout(self._connect_timeout_s):
                return await self._log_in()
        except TimeoutError as error:
            reason = f"no answer within {self._connect_timeout_s:g} s"
            raise unavailable.not_reached(self._address, reason) from error
        except FAILURES as error:
            reason = why_not_opened(error, expected="gateway")
            raise unavailable.not_reached(self._address, reason) from error

    async def _log_in(self) -> Link:
        """Log in: with what the last log-in gave where a gateway token, good for one, was given; it may be too old."""
        if (given := self._given) is not None and isinstance(self._credentials, GatewayToken):
            link, refusal = await self._try(given)
            if link:
                return link
        link, refusal = await self._try(self._credentials)
        if link:
            return link
        raise unavailable.login_refused(self._address, self._who, refusal)

    async def _try(self, credentials: Credentials) -> tuple[Link | None, str]:
        login = Login(
            application=self._application, credentials=credentials, process_id=os.getpid(), identity=self._identity
        )
        link = Link(await self._dial(), GatewayProtocol(login))
        try:
            refusal = await link.log_in()
        except BaseException:
            link.abort()
            raise
        if refusal is not None:
            await link.close()
            return None, refusal
        self._latest = link.protocol
        return link, ""

    async def _dial(self) -> GatewaySocket:
        socket = await connect(
            self._url,
            create_connection=GatewaySocket,
            host=self._parts.hostname,  # named, so that a redirect to another host is refused
            port=self._parts.port or (443 if self._parts.scheme == "wss" else 80),
            proxy=None,
            compression=None,  # costs more than it saves on one machine
            max_size=LARGEST_FRAME_BYTES,
            open_timeout=None,  # `connect_timeout_s` holds for the log-in too
            close_timeout=CLOSE_TIMEOUT_S,
            logger=logger_without_frames(__name__),
        )
        if not isinstance(socket, GatewaySocket):
            raise TypeError("websockets made another connection than it was told to")
        return socket


def _gateway_url(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_usable = parts.scheme in ("ws", "wss") and bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except ValueError:
        is_usable, parts = False, SplitResult("", "", "", "", "")
    if not is_usable:
        raise UsageError('The url of a gateway looks like "ws://127.0.0.1:8385" or "wss://host:port/path".')
    return parts
