"""A desktop of the product line's open-source parts: a gateway, the platform and its apps in headless Chromium.

    python tests/live/desktop.py [--user dev] [--start crm,profiles]

Prints `{"ready":true,"url":"ws://127.0.0.1:..."}` once the platform runs and the apps that are to be started are there. A line on
standard input, `{"start": "charts"}` or `{"import": {"name": ..., "intent": ...}}`, is done and answered with `{"done":true}`; it all ends
when standard input closes.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "runtime")]

from playwright.sync_api import Error, Page, sync_playwright  # noqa: E402

from live.chromium import FLAGS, executable  # noqa: E402
from live.processes import running  # noqa: E402

WAIT_MS = 60_000  # a platform comes up in 3 s, a page in 1 s; a busy machine takes longer

_PACKAGES = {
    "/packages/platform.js": "@glue42/web-platform/dist/platform.web.umd.js",
    "/packages/web.js": "@glue42/web/dist/web.umd.js",
    "/packages/fdc3.js": "@interopio/fdc3/dist/fdc3.umd.js",
}


class Pages(SimpleHTTPRequestHandler):
    """Serves the pages of this folder, and the client libraries out of `node_modules`."""

    def translate_path(self, path: str) -> str:
        """Give the file of an address."""
        bare = path.partition("?")[0]
        if bare in _PACKAGES:
            return str(HERE / "node_modules" / _PACKAGES[bare])
        return super().translate_path(path)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def pages() -> Generator[str]:
    """Give the address of a server of the pages, on the loopback interface."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Pages, directory=str(HERE / "pages")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def obey(platform: Page, line: str) -> None:
    """Do what a line says."""
    match json.loads(line):
        case {"start": str(name)}:
            platform.evaluate("(name) => startApplication(name)", name)
        case {"import": {"name": str(name), "intent": str(intent)}}:
            platform.evaluate("([name, intent]) => importApplication(name, intent)", [name, intent])
        case other:
            raise ValueError(f"unknown: {other}")


def main() -> None:
    """Run until standard input closes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", default="dev")
    parser.add_argument("--start", default="crm,profiles", help="apps to start, with commas between them")
    options = parser.parse_args()
    with pages() as base, running("gateway.mjs", "--origin", base) as gateway, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=FLAGS)
        try:
            context = browser.new_context()
            platform = context.new_page()
            url = gateway.facts["url"]
            platform.goto(f"{base}/platform.html?{urlencode({'gateway': url, 'user': options.user})}")
            platform.wait_for_function("window.isReady", timeout=WAIT_MS)
            for name in filter(None, options.start.split(",")):
                with context.expect_page() as opened:
                    platform.evaluate("(name) => startApplication(name)", name)
                opened.value.wait_for_function("window.isReady", timeout=WAIT_MS)
            print(json.dumps({"ready": True, "url": url}, separators=(",", ":")), flush=True)
            for line in sys.stdin:
                obey(platform, line)
                print(json.dumps({"done": True}, separators=(",", ":")), flush=True)
        finally:
            with suppress(Error):  # it has gone already
                browser.close()


if __name__ == "__main__":
    main()
