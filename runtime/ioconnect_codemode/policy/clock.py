"""The clock of a run: where a snippet's `time` and `datetime.now()` get the time from."""

from __future__ import annotations

import time


class Clock:
    """The machine's clock. A subclass gives other times, so that a run can be replayed."""

    def time_ns(self) -> int:
        """Give nanoseconds since 1970."""
        return time.time_ns()

    def monotonic_ns(self) -> int:
        """Give nanoseconds since some moment; never less than before."""
        return time.monotonic_ns()

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        time.sleep(seconds)


class SetClock(Clock):
    """A clock that stands at a moment and only goes on where a snippet sleeps.

    Args:
        time_ns: The moment, in nanoseconds since 1970.
    """

    def __init__(self, time_ns: int) -> None:
        self._start_ns = time_ns
        self._passed_ns = 0

    def time_ns(self) -> int:
        """Give the moment, and what has been slept since."""
        return self._start_ns + self._passed_ns

    def monotonic_ns(self) -> int:
        """Give what has been slept."""
        return self._passed_ns

    def sleep(self, seconds: float) -> None:
        """Go on at once."""
        self._passed_ns += round(max(seconds, 0.0) * 1e9)
