"""Workers in Chromium for the host of the desktop: everything but the worker is the same in both.

A session takes its workers from a `Pool`; this one starts them in a page. So a snippet can be run twice, and what comes of
it compared, outcome by outcome.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Collection, Sequence
from types import CodeType
from typing import cast

from chromium.driver import Tab
from ioconnect_codemode import Limits, Manifest, Policy
from ioconnect_codemode.frames import HEADER_BYTES, decode_trusted
from ioconnect_codemode.paused import PausedRuns
from ioconnect_codemode.pool import Pool, WorkerLost, WorkerProcess
from ioconnect_codemode.session import Session
from ioconnect_codemode.transports.base import Transport

_TAKE = """async ([id, without]) => {
  const { openEngine } = await import("/t/host.js");
  globalThis.engines ??= {};
  const key = without.join();
  globalThis.engines[key] ??= openEngine({ without });
  const { engine } = await globalThis.engines[key];
  const worker = await engine.take();
  globalThis.workers ??= {};
  globalThis.workers[id] = worker;
  worker.onEnd = (reason) => globalThis.told(id, null, reason);
  worker.onMessage = (text) => globalThis.told(id, text, null);
}"""


class ChromiumWorker(WorkerProcess):
    """A worker in a page."""

    def __init__(self, limits: Limits, tab: Tab, number: int, manifest: Manifest) -> None:
        super().__init__(limits)
        self._tab = tab
        self._number = number
        self._manifest = manifest

    @property
    def process_id(self) -> int | None:
        """It is no process of its own."""
        return None

    def has_died(self) -> bool:
        """Say whether it is over."""
        return self.is_over

    async def wait(self) -> None:
        """A worker is gone when it was ended."""

    def _write(self, frame: bytes) -> None:
        """Send a message as the page would: a text, stub modules in it as their sources."""
        message = decode_trusted(frame[HEADER_BYTES:])
        if "modules" in message:
            modules = cast("dict[str, CodeType]", message["modules"])
            message["modules"] = {name: self._manifest.text(f"{name}.py") for name in modules}
        text = json.dumps(message)
        self._tab.post("([id, text]) => globalThis.workers[id].send(JSON.parse(text))", [self._number, text])

    def _end(self) -> None:
        self._tab.post("(id) => { globalThis.workers[id]?.kill(); delete globalThis.workers[id]; }", self._number)


class ChromiumPool(Pool):
    """Workers that an engine in a tab gives.

    Args:
        without: What the engine is to do without.
    """

    def __init__(self, tab: Tab, manifest: Manifest, limits: Limits, *, without: Sequence[str] = ()) -> None:
        super().__init__(limits, spares=0)
        self._tab = tab
        self._manifest = manifest
        self._without = list(without)
        self._taken: dict[int, ChromiumWorker] = {}
        self._last = 0

    async def take(self, modules: Collection[str] | None = None) -> WorkerProcess:
        """Give a ready worker of the engine."""
        loop = asyncio.get_running_loop()
        self._last += 1
        worker = self._taken[self._last] = ChromiumWorker(self._limits, self._tab, self._last, self._manifest)

        def told(number: int, text: str | None, reason: str | None) -> None:
            loop.call_soon_threadsafe(self._tell, number, text, reason)

        self._tab.listen(told)
        await asyncio.to_thread(self._tab.evaluate, _TAKE, [self._last, self._without])
        await worker.ready(())
        return worker

    def _tell(self, number: int, text: str | None, reason: str | None) -> None:
        worker = self._taken[number]
        if text is not None:
            body = text.encode("utf-8", "replace")
            worker.receive(len(body).to_bytes(4, "little") + body)
        elif reason is not None:
            worker.lose(WorkerLost("the worker ended"))


def open_session(pool: Pool, manifest: Manifest, policy: Policy, transport: Transport) -> Session:
    """Give the host's session over a pool."""
    return Session(
        manifest=manifest,
        policy=policy,
        pool=pool,
        transport=transport,
        runs_at_once=1,
        paused=PausedRuns(),
    )
