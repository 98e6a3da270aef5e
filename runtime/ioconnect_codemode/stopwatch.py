"""Time that can stand still: the budgets of a run, and what its snippet sleeps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Stopwatch:
    """Seconds of the event loop, counted while it runs; at its limit it acts once.

    Its timer is left alone where it stands still and goes on: a run's budgets do so twice a call. A timer that comes
    too early for what has been counted sets the next one.

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
    def is_running(self) -> bool:
        """Whether it counts."""
        return self._since is not None

    @property
    def passed_s(self) -> float:
        """Seconds that it has run."""
        return self._passed_s if self._since is None else self._passed_s + self._loop.time() - self._since

    def start(self) -> None:
        """Go on; without effect where it runs."""
        if self._since is None:
            self._since = self._loop.time()
            if self._timer is None:
                self._set_timer()

    def stop(self) -> None:
        """Stand still; without effect where it does."""
        if self._since is not None:
            self._passed_s += self._loop.time() - self._since
            self._since = None

    def take_back(self, seconds: float) -> None:
        """Take seconds back that were counted and should not have been."""
        self._passed_s -= seconds

    def go_on_from(self, seconds: float) -> None:
        """Have run so many seconds, whatever was counted."""
        self._passed_s = seconds
        if self._since is not None:
            self._since = self._loop.time()
        if self._timer is not None:  # it may come too late now
            self._timer.cancel()
            self._set_timer()

    def close(self) -> None:
        """Stand still for good."""
        self.stop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        self._timer = self._loop.call_later(max(0.0, self._limit_s - self.passed_s), self._look)

    def _look(self) -> None:
        self._timer = None
        if self._since is None:
            return
        if self.passed_s < self._limit_s:
            self._set_timer()
        else:
            self._act()
