"""The clock of a run: where a snippet's `time` and `datetime.now()` get the time from."""

from __future__ import annotations

import time
from collections.abc import Callable


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


class ToldClock(Clock):
    """The time as the host tells it: between the host's messages it stands still.

    It has gone on by what the host says has passed, or by what was slept where that is more, and by one microsecond each
    time it was read, so that no two readings are equal. A run that gets the same messages again reads the same times;
    and how long something took in the machine can't be measured with it.

    Args:
        start_ns: When the run started, in nanoseconds since 1970.
        wait: Lets time pass, and tells this clock when it has.
    """

    def __init__(self, start_ns: int, wait: Callable[[float], None]) -> None:
        self._start_ns = start_ns
        self._wait = wait
        self.passed_ns = 0

    def time_ns(self) -> int:
        """Give the time."""
        return self._start_ns + self.monotonic_ns()

    def monotonic_ns(self) -> int:
        """Give nanoseconds since the run started."""
        self.passed_ns += _READING_NS
        return self.passed_ns

    def told(self, passed_ns: int) -> None:
        """Note how much time has passed since the run started; what is less than is known already changes nothing."""
        self.passed_ns = max(self.passed_ns, passed_ns)

    def sleep(self, seconds: float) -> None:
        """Have the host say when the time is over."""
        if seconds > 0:
            self._wait(seconds)


_READING_NS = 1_000  # the finest step that `datetime` shows
