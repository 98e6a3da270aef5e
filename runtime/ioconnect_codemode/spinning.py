"""Looking again for what will be there in microseconds, instead of going to sleep and being woken.

Two processes that talk over pipes spend more on falling asleep and waking up than on what they say: 8 to 15 us a turn. Who
waits for the other looks again for a short time first. Where that is in vain it is left off for a while, twice as long
each time: who waits for slow apps, or on a machine that is busy, spends next to nothing on it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Final, TypeVar

LOOK_S: Final = 0.00008
"""How long to look: what the other side takes for a small call, four times."""
_MOST_MISSES: Final = 7  # then 126 waits are not looked at: looking takes less than a microsecond of each


T = TypeVar("T")


def _processors() -> int:
    """Give how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


IS_WORTH_IT: Final = _processors() > 1
"""Whether the other side can go on while this one looks."""


class Spin:
    """Looks again, as long as that has been worth it.

    Args:
        mend: Removes what may have kept the other side from answering, and says whether it did: then it is worth to look
            a second time. Asked where looking was in vain.
    """

    __slots__ = ("_mend", "_misses", "_skips")

    def __init__(self, mend: Callable[[], bool] | None = None) -> None:
        self._mend = mend
        self._misses = 0
        self._skips = 0

    def take(self, look: Callable[[], T | None]) -> T | None:
        """Give what is found within a short time, None where nothing is, or where it isn't looked for.

        Args:
            look: Gives what is there, None for nothing yet.
        """
        if self._skips:
            self._skips -= 1
            return None
        found = look()
        if found is None and IS_WORTH_IT:
            found = _look_again(look)
            if found is None and self._mend is not None and self._mend():
                found = _look_again(look)
        if found is None:
            self._misses = min(self._misses + 1, _MOST_MISSES)
            self._skips = (1 << self._misses) - 2
        else:
            self._misses = 0
        return found


def _look_again(look: Callable[[], T | None]) -> T | None:
    found, until = None, perf_counter() + LOOK_S
    while found is None and perf_counter() < until:
        found = look()
    return found
