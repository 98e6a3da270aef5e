"""A Chromium whose tabs can be hidden, spoken to in its own protocol: a driver has each page believe that it is seen."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any, Self, cast

from websockets.sync.client import connect

from chromium.driver import executable

_QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
)


class HidingChromium:
    """One browser with one page, which can be hidden behind another tab."""

    def __init__(self) -> None:
        self._profile = tempfile.mkdtemp()
        port = ("--remote-debugging-port=0", f"--user-data-dir={self._profile}")
        command = [cast("str", executable()), *_QUIET, *port, "about:blank"]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, encoding="utf-8")
        address = next(found[0] for line in self._lines() if (found := re.search(r"ws://\S+", line)))
        self._open = ExitStack()
        self._socket = self._open.enter_context(connect(address, max_size=None))
        self._numbers = count(1)
        self._session = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()
        self._process.terminate()
        self._process.communicate()
        shutil.rmtree(self._profile, ignore_errors=True)

    def open(self, url: str) -> None:
        """Open the page."""
        target = self._ask("Target.createTarget", url=url)["targetId"]
        self._session = self._ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self._wait_for(url)

    def hide(self) -> None:
        """Put another tab before the page, and wait until the page knows."""
        other = self._ask("Target.createTarget", url="about:blank")["targetId"]
        self._ask("Target.activateTarget", targetId=other)
        self.evaluate("new Promise((go) => document.hidden ? go() : addEventListener('visibilitychange', go))")

    def freeze(self) -> None:
        """Freeze the page as a browser does with one that nobody has looked at for long, and let it go on."""
        for state in ("frozen", "active"):
            self._ask("Page.setWebLifecycleState", state=state)

    def leave_and_come_back(self, url: str) -> None:
        """Go to another page and back, as by the browser's own button: the page is kept aside meanwhile."""
        here = self.evaluate("location.href")
        self._ask("Page.navigate", url=url)
        self._wait_for(url)
        history = self._ask("Page.getNavigationHistory")
        self._ask("Page.navigateToHistoryEntry", entryId=history["entries"][history["currentIndex"] - 1]["id"])
        self._wait_for(here)

    def evaluate(self, expression: str) -> Any:
        """Give what an expression gives in the page, or its promise, as JSON."""
        given = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        answer = self._ask("Runtime.evaluate", **given)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def _wait_for(self, url: str) -> None:
        while self.evaluate("document.readyState === 'complete' && location.href") != url:
            pass

    def _ask(self, method: str, **parameters: object) -> dict[str, Any]:
        number = next(self._numbers)
        is_of_page = method.startswith(("Runtime.", "Page."))
        session = {"sessionId": self._session} if is_of_page else {}
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters, **session}))
        while (message := json.loads(self._socket.recv(timeout=90))).get("id") != number:
            pass
        assert "error" not in message, message
        return cast("dict[str, Any]", message["result"])

    def _lines(self) -> Iterator[str]:
        assert self._process.stderr is not None
        return iter(self._process.stderr)
