"""A web server for tests: files in memory, what is asked of it noted, nothing beyond loopback."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from typing import Final

_TYPES: Final = {
    "": "text/html; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wasm": "application/wasm",
}
PAGE: Final = b"<!doctype html><meta charset='utf-8'><link rel='icon' href='data:,'><title>A page</title><body></body>"
STRICT: Final = "default-src 'self'; img-src data:"
"""The policy of a strict page: no inline script, no eval, nothing of another origin."""


@dataclass
class Site:
    """A site.

    Attributes:
        files: Path to content; may be changed.
        headers: Further headers, by path.
        requests: The targets that were asked for, in order.
    """

    files: dict[str, bytes]
    headers: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])
    requests: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                site.requests.append(f"{self.command} {self.path}")
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.partition("?")[0]
                content = site.files.get(path)
                self.send_response(404 if content is None else 200)
                self.send_header("Content-Type", _TYPES.get(PurePosixPath(path).suffix, "application/octet-stream"))
                self.send_header("Content-Length", str(len(content or b"")))
                self.send_header("Cache-Control", "no-cache")
                for name, value in site.headers.get(path, {}).items():
                    self.send_header(name, value)
                self.end_headers()
                with contextlib.suppress(ConnectionError):  # a page that was closed meanwhile
                    self.wfile.write(content or b"")

            do_POST = do_HEAD = do_OPTIONS = do_PUT = do_GET  # noqa: N815 - the names that the server looks for

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        """Its address, with a slash at the end."""
        return f"http://127.0.0.1:{self._server.server_port}/"

    def with_changes(self, changes: Mapping[str, bytes | None]) -> Site:
        """Give another site with the same files but for these; None takes one away."""
        files = {**self.files, **{path: content for path, content in changes.items() if content is not None}}
        kept = {path: content for path, content in files.items() if changes.get(path, b"") is not None}
        return Site(kept, dict(self.headers))

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
