"""`codemode web serve`: a built folder on loopback, with the headers that a strict host would send.

Only what the folder's manifest names is served, so no path can lead out of it, and each file's tag is its digest. The
frame gets the policy that it declares itself, in which nothing can be reached; pages get one without `unsafe-eval`
and `unsafe-inline`. A request that names another host than this machine is refused: a name that was rebound to
127.0.0.1 is another origin's.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import unquote, urlsplit

from ioconnect_codegen.errors import OutputError
from ioconnect_codegen.web.compression import ENCODINGS
from ioconnect_codegen.web.place import problems, read_manifest
from ioconnect_codegen.web.site import MANIFEST, is_immutable

if TYPE_CHECKING:
    import socket

_HOSTS = ("127.0.0.1", "localhost")
_PROBLEMS_SHOWN = 3
_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".whl": "application/zip",
    ".zip": "application/zip",
}
_TEXT: Final = "text/plain; charset=utf-8"
PAGE_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "frame-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'self'",
    )
)
"""The policy of every page but the frame: what a strict host allows, and all that ours need."""

_REFUSED = re.compile(r";\s*q=0(\.0*)?\s*$")
_FRAME_POLICY = re.compile(rb'http-equiv="Content-Security-Policy"\s+content="([^"]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A built folder, its files held to their digests when it is opened.

    Attributes:
        is_isolated: Whether pages are cross-origin isolated (COOP, COEP); nothing of ours needs it.
        build: What tells this build of the folder from the next.
    """

    folder: Path
    digests: dict[str, str]
    is_isolated: bool = False
    build: tuple[int, int] = (0, 0)
    _policies: dict[str, str] = field(default_factory=dict[str, str])

    @classmethod
    def open(cls, folder: Path, *, is_isolated: bool = False) -> Site:
        """Open a folder.

        Raises:
            OutputError: It was not built by us, or files are missing or changed; all are counted, three are named.
        """
        build = _build_of(folder)
        digests = read_manifest(folder)
        if digests is None:
            raise OutputError(
                f"{folder} has no {MANIFEST} of `codemode web build`; build it: codemode web build {folder}"
            )
        if wrong := list(problems(folder, digests)):
            rest = len(wrong) - _PROBLEMS_SHOWN
            more = f"; and {rest} more" if rest > 0 else ""
            raise OutputError(
                f"{folder}: {'; '.join(wrong[:_PROBLEMS_SHOWN])}{more}; build it again: codemode web build {folder}"
            )
        return cls(folder=folder, digests={**digests, MANIFEST: ""}, is_isolated=is_isolated, build=build)

    def now(self) -> Site:
        """Give the site as the folder is now: opened again where it was built again, and is whole."""
        if _build_of(self.folder) == self.build:
            return self
        try:
            return Site.open(self.folder, is_isolated=self.is_isolated)
        except OutputError:
            return self

    def headers(self, path: str) -> dict[str, str]:
        """Give the headers of a file, its encoding aside."""
        headers = {
            "Content-Type": next((kind for end, kind in _TYPES.items() if path.endswith(end)), _TEXT),
            "Cache-Control": "public, max-age=31536000, immutable" if is_immutable(path) else "no-cache",
            "Content-Security-Policy": self._policy(path),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Vary": "Accept-Encoding",
        }
        if self.digests[path]:
            headers["ETag"] = f'"{self.digests[path][:32]}"'
        if self.is_isolated:
            headers |= {
                "Cross-Origin-Opener-Policy": "same-origin",
                "Cross-Origin-Embedder-Policy": "require-corp",
                "Cross-Origin-Resource-Policy": "same-origin",
            }
        return headers

    def encoded(self, path: str, accepted: str) -> tuple[str, Path]:
        """Give the best encoding of a file that is accepted and there ("" for none), and where it lies."""
        offered = {one.partition(";")[0].strip() for one in accepted.split(",") if not _REFUSED.search(one)}
        for encoding, ending in ENCODINGS.items():
            if encoding in offered and (self.folder / f"{path}{ending}").is_file():
                return encoding, self.folder / f"{path}{ending}"
        return "", self.folder / path

    def _policy(self, path: str) -> str:
        """Give the policy of a file: the frame's own, and a sandbox besides, so that it is opaque wherever it opens."""
        if not re.fullmatch(r"assets/frame\.[0-9a-f]+\.html", path):
            return PAGE_POLICY
        if path not in self._policies:
            found = _FRAME_POLICY.search((self.folder / path).read_bytes())
            own = "default-src 'none'" if found is None else found[1].decode("ascii", "replace")
            self._policies[path] = f"{own}; sandbox allow-scripts; frame-ancestors 'self'"
        return self._policies[path]


def serve(site: Site, *, port: int, on_ready: Callable[[str], None]) -> None:
    """Serve on loopback until interrupted.

    Args:
        site: What is served.
        port: 0 for any that is free.
        on_ready: Told the address.

    Raises:
        OutputError: The port is taken, or is none.
    """
    with make_server(site, port=port) as server:
        on_ready(f"http://127.0.0.1:{server.server_address[1]}/")
        server.serve_forever(poll_interval=0.2)


def make_server(site: Site, *, port: int) -> ThreadingHTTPServer:
    """Give a server that is bound to loopback and not yet serving.

    Raises:
        OutputError: The port is taken, or is none.
    """

    class _Handler(_Request):
        served = site

    try:
        return _Server(("127.0.0.1", port), _Handler)
    except OverflowError:
        raise OutputError(f"{port} is no port: name one from 0 to 65535 with --port") from None
    except OSError as error:
        raise OutputError(f"port {port} can't be had ({error.strerror}): name another with --port") from error


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a browser that went away in the middle; it does so whenever a page is left."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            super().handle_error(cast("socket.socket", request), client_address)


def _tags(header: str) -> set[str]:
    """Give the tags of an `If-None-Match`; a proxy in between may have made them weak."""
    return {one.strip().removeprefix("W/") for one in header.split(",")}


class _Request(BaseHTTPRequestHandler):
    """Answers one connection's requests."""

    served: Site
    protocol_version = "HTTP/1.1"
    server_version = "codemode"
    sys_version = ""
    timeout = 30  # seconds that a connection may stay silent

    def do_GET(self) -> None:
        """Answer with a file."""
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        """Answer with a file's headers."""
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: what a page asks for is the person's business."""

    def _answer(self, *, with_body: bool) -> None:
        if not self._is_for_us():
            return self._refuse(HTTPStatus.MISDIRECTED_REQUEST, "this server answers to 127.0.0.1 and localhost only\n")
        self.served = type(self).served = self.served.now()
        path = unquote(urlsplit(self.path).path).removeprefix("/") or "index.html"
        if path not in self.served.digests:
            return self._refuse(HTTPStatus.NOT_FOUND, "the folder's manifest names no such file\n")
        headers = self.served.headers(path)
        if "ETag" in headers and headers["ETag"] in _tags(self.headers.get("If-None-Match", "")):
            return self._send(HTTPStatus.NOT_MODIFIED, headers, None)
        encoding, place = self.served.encoded(path, self.headers.get("Accept-Encoding", ""))
        try:
            data = place.read_bytes()
        except OSError:
            return self._refuse(HTTPStatus.NOT_FOUND, "the file is gone: the folder was built again or taken away\n")
        if encoding:
            headers["Content-Encoding"] = encoding
        return self._send(HTTPStatus.OK, {**headers, "Content-Length": str(len(data))}, data if with_body else None)

    def _is_for_us(self) -> bool:
        host = self.headers.get("Host", "")
        return host.rpartition(":")[0] in _HOSTS or host in _HOSTS

    def _refuse(self, status: HTTPStatus, text: str) -> None:
        data = text.encode()
        headers = {"Content-Type": _TEXT, "X-Content-Type-Options": "nosniff", "Content-Length": str(len(data))}
        self._send(status, headers, None if self.command == "HEAD" else data)

    def _send(self, status: HTTPStatus, headers: dict[str, str], data: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if data is not None:
            self.wfile.write(data)


def _build_of(folder: Path) -> tuple[int, int]:
    try:
        found = (folder / MANIFEST).stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)
