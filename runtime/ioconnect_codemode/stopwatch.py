"""Time that can stand still: the budgets of a run, and what its snippet sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Stopwatch:
    """Seconds of the event loop, counted while it runs; at its limit it acts once.

    Args:
        limit_s: How many seconds until it acts.
        act: What it does then.
    """

    __slots__ = ("_act", "_limit_s", "_loop", "_passed_s", "_since", "_timer")

    def __init__(self, limit_s: float, act: Callable[[], None]) -> None:
        self._limit_s = limit_s
        self._act = act
        self._loop = asyncio.get_running_loop()
        self._passed_s = 0.0
        self._since: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    @property
    def passed_s(self) -> float:
        """Seconds that it has run."""
        return self._passed_s if self._since is None else self._passed_s + self._loop.time() - self._since

    def start(self) -> None:
        """Go on; without effect where it runs."""
        if self._since is None:
            self._since = self._loop.time()
            self._timer = self._loop.call_later(max(0.0, self._limit_s - self._passed_s), self._act)

    def stop(self) -> None:
        """Stand still; without effect where it does."""
        if self._since is not None and self._timer is not None:
            self._timer.cancel()
            self._passed_s += self._loop.time() - self._since
            self._since = self._timer = None
