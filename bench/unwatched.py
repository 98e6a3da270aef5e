"""A Chromium that nothing is attached to: what a debugger would add to a start is not measured.

The driver of the tests attaches itself to each page, frame and worker. Each of them then waits when it begins until the
driver has answered, which takes a start some 0.1 s. Here a tab is opened by the browser's own list of tabs, on loopback,
calls one function of the page's bench, and asks the site for a path that has what came of it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar, cast
from urllib.parse import quote, unquote
from urllib.request import Request, urlopen

from chromium.driver import QUIET, executable
from chromium.site import Site

PAGE: Final = b"""<!doctype html><meta charset='utf-8'><link rel='icon' href='data:,'><title>A page</title><body></body>
<script type="module">
const [name, given] = JSON.parse(decodeURIComponent(location.search.slice(1)));
let said;
try {
  said = { value: (await (await import("/bench.js"))[name](...given)) ?? null };
} catch (error) {
  said = { error: String(error?.stack ?? error) };
}
await fetch("/said?" + encodeURIComponent(JSON.stringify(said)));
</script>
"""
"""Calls the function that its address names."""

_SAID: Final = "GET /said?"
_WITHIN_S: Final = 120

T = TypeVar("T")


class Unwatched:
    """A browser with a profile that nobody has used."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="codemode-bench-"))
        options = ["--headless=new", "--disable-gpu", "--remote-debugging-port=0", f"--user-data-dir={self._folder}"]
        self._process = subprocess.Popen(
            [str(executable()), *QUIET, *options, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        self._port = _soon(self._told_port)

    def call(self, site: Site, function: str, *arguments: object) -> object:
        """Call a function of the page's bench in a tab of its own."""
        heard = len(site.requests)

        def said() -> str | None:
            return next((one for one in site.requests[heard:] if one.startswith(_SAID)), None)

        address = f"{site.url}run.html?{quote(json.dumps([function, arguments]))}"
        tab = cast("dict[str, str]", json.loads(self._asked("PUT", f"new?{quote(address, safe='')}")))
        try:
            answer = cast("dict[str, object]", json.loads(unquote(_soon(said).removeprefix(_SAID))))
        finally:
            self._asked("GET", f"close/{tab['id']}")
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer["value"]

    def close(self) -> None:
        """End the browser and forget its profile."""
        self._process.terminate()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _told_port(self) -> int | None:
        told = self._folder / "DevToolsActivePort"
        lines = told.read_text().splitlines() if told.exists() else []
        return int(lines[0]) if len(lines) > 1 else None

    def _asked(self, method: str, what: str) -> bytes:
        with urlopen(Request(f"http://127.0.0.1:{self._port}/json/{what}", method=method)) as response:
            return cast("bytes", response.read())


def _soon(look: Callable[[], T | None]) -> T:
    """Give what is there, as soon as it is."""
    until = time.monotonic() + _WITHIN_S
    while time.monotonic() < until:
        found = look()
        if found is not None:
            return found
        time.sleep(0.02)
    raise TimeoutError(f"nothing was heard of the browser within {_WITHIN_S} s")
