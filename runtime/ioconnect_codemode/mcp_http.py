"""The MCP server on streamable HTTP: who may reach it, before anything else is looked at.

- It listens on loopback unless another address is asked for; then it needs a token.
- `Host` must name the address it listens on, and `Origin`, where there is one, must be listed: a page in a browser whose
  name was made to point here gets nothing ("DNS rebinding", MCP 2025-11-25, "Security Warning"). On all addresses at once
  (`0.0.0.0`, `::`) the names of this machine are not known, and the token alone holds.
- A token, where there is one, is compared in constant time and written nowhere.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import socket
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from ioconnect_codemode.errors import CodeModeError, UsageError
from ioconnect_codemode.mcp_approval import LEFT
from ioconnect_codemode.mcp_server import server

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ioconnect_codemode.code_mode import CodeMode

_PATH = "/mcp"
_TOKEN_CHARACTERS = 16  # as hexadecimal digits 64 bits: more than can be tried
_SESSIONS = 1_000  # of clients of older protocols, each with its streams
_CLOSE_S = 2  # open event streams would keep the process for ever


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where to listen.

    Attributes:
        host: A name or an address, without the brackets of an IPv6 address.
        port: 0 for any free one.
    """

    host: str
    port: int

    @classmethod
    def read(cls, text: str) -> Address:
        """Read `127.0.0.1:3100`, `localhost:3100` or `[::1]:3100`.

        Raises:
            UsageError: It is none of them.
        """
        host, colon, port = text.rpartition(":")
        if host.startswith("[") and host.endswith("]"):
            host = host[1:-1]
        elif ":" in host:
            host = ""
        if not host or not colon or not (port.isascii() and port.isdigit()) or int(port) > 65_535:
            raise UsageError(f"--http takes HOST:PORT, 127.0.0.1:3100 for instance, not {text[:80]!r}")
        return cls(host=host, port=int(port))

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        return self.host.lower() == "localhost" or (self._ip is not None and self._ip.is_loopback)

    @property
    def is_everywhere(self) -> bool:
        """Whether it stands for all addresses of this machine."""
        return self._ip is not None and self._ip.is_unspecified

    @property
    def text(self) -> str:
        """The address as it stands in a URL."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    @property
    def _ip(self) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
        try:
            return ipaddress.ip_address(self.host)
        except ValueError:
            return None


def read_token(file: Path) -> str:
    """Read a bearer token: the only line of a file.

    Raises:
        UsageError: It is too short, or has characters that a header can't carry.
    """
    token = file.read_text(encoding="utf-8", errors="replace").strip()
    if len(token) < _TOKEN_CHARACTERS or not all("!" <= character <= "~" for character in token):
        raise UsageError(
            f"{file} must hold one line of {_TOKEN_CHARACTERS} or more visible ASCII characters, "
            "from `openssl rand -hex 32` for instance"
        )
    return token


def require_token(address: Address, token: str | None) -> None:
    """Refuse an address that others could reach without a token.

    Raises:
        UsageError: It is such a one.
    """
    if token is None and not address.is_loopback:
        raise UsageError(f"{address.text} can be reached by others: name a file with a token, --token-file FILE")


async def serve_http(
    code_mode: CodeMode,
    address: Address,
    *,
    token: str | None = None,
    origins: Collection[str] = (),
    profile: str = "three",
    is_structured: bool = False,
    on_ready: Callable[[str], None] | None = None,
) -> None:
    """Serve on streamable HTTP until the process is told to end.

    Args:
        code_mode: The package.
        address: Where to listen.
        token: What clients must send as `Authorization: Bearer ...`.
        origins: Origins of web pages that may be clients, `http://localhost:4200` for instance; none otherwise.
        profile: Which tools, as `tools.specs` has it.
        is_structured: Every client gets outcomes as data too.
        on_ready: Told the URL once clients can connect.

    Raises:
        UsageError: Others could reach the address and there is no token, or there is no such profile.
        CodeModeError: The address can't be listened on.
    """
    require_token(address, token)
    made = server(code_mode, profile=profile, is_structured=is_structured)
    checked_here = TransportSecuritySettings(enable_dns_rebinding_protection=False)
    with _listening(address) as listener:
        bound = Address(host=address.host, port=listener.getsockname()[1])
        app = made.streamable_http_app(
            streamable_http_path=_PATH, transport_security=checked_here, max_sessions=_SESSIONS
        )
        settings = uvicorn.Config(
            guarded(_Leavings(app), bound, token=token, origins=origins),
            http="h11",
            ws="none",
            lifespan="on",
            log_config=None,  # its own would write to standard output
            log_level="warning",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=_CLOSE_S,
        )
        if on_ready is not None:
            on_ready(f"http://{bound.text}{_PATH}")
        await _until_ended(uvicorn.Server(settings), listener)


def guarded(app: ASGIApp, address: Address, *, token: str | None, origins: Collection[str]) -> ASGIApp:
    """Put the checks of this room in front of an application."""
    inner = app if token is None else _Token(app, token)
    if origins:  # a page can't send its token along with the question whether it may
        inner = CORSMiddleware(
            inner,
            allow_origins=list(origins),
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["*"],
            expose_headers=["Mcp-Session-Id"],
        )
    return _Names(inner, address, frozenset(origins))


def _listening(address: Address) -> socket.socket:
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    try:
        return socket.create_server((address.host, address.port), family=family, backlog=128)
    except OSError as error:
        raise CodeModeError(f"{address.text} can't be listened on: {error.strerror or error}") from error


async def _until_ended(serving: uvicorn.Server, listener: socket.socket) -> None:
    task = asyncio.create_task(serving.serve(sockets=[listener]))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        serving.should_exit = True
        await task
        raise


class _Leavings:
    """Lets a request know when whoever sent it has gone: a person who was asked then decides nothing any more."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        left = asyncio.Event()

        async def noted() -> Message:
            message = await receive()
            if message["type"] == "http.disconnect":
                left.set()
            return message

        await self._app({**scope, LEFT: left}, noted, send)


class _Names:
    """Lets pass what was sent to this server, and by no page that isn't listed."""

    def __init__(self, app: ASGIApp, address: Address, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins
        names = {"127.0.0.1", "localhost", "[::1]"} if address.is_loopback else {address.text.rpartition(":")[0]}
        self._hosts = None if address.is_everywhere else {f"{name.lower()}:{address.port}" for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._refusal(Headers(scope=scope)) if scope["type"] == "http" else None
        await (self._app if refusal is None else refusal)(scope, receive, send)

    def _refusal(self, headers: Headers) -> Response | None:
        hosts, origins = headers.getlist("host"), headers.getlist("origin")
        if self._hosts is not None and (len(hosts) != 1 or hosts[0].lower() not in self._hosts):
            return Response("this server has another name", status_code=421)
        if origins and (len(origins) != 1 or origins[0] not in self._origins):
            return Response("pages of this origin may not use this server: see --allow-origin", status_code=403)
        return None


class _Token:
    """Lets pass whoever has the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._is_given(Headers(scope=scope)):
            refusal = Response("a token is needed", status_code=401, headers={"WWW-Authenticate": "Bearer"})
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_given(self, headers: Headers) -> bool:
        given = headers.getlist("authorization")
        scheme, _, rest = (given[0] if len(given) == 1 else "").partition(" ")
        canonical = f"{scheme.title()} {rest.strip()}".encode("latin-1", "replace")  # "bearer" is a word without case
        return hmac.compare_digest(canonical, self._expected)
