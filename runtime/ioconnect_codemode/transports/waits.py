"""How long to wait before a connection that was lost, or refused, is tried again."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic

FIRST_WAIT_S = 0.2
LONGEST_WAIT_S = 10
"""A gateway takes about a second to start, and may be away for a weekend."""


@dataclass(slots=True)
class Waits:
    """The waits of one who stays connected: each is twice as long as the one before, until a connection holds.

    A gateway may let a client in and drop it at once, again and again: so what ends the longer waits is a connection that
    has lived for `LONGEST_WAIT_S`, not one that was opened.

    Attributes:
        clock: Gives seconds.
        spread: Gives what a wait is multiplied with: several clients need not come back together.
    """

    clock: Callable[[], float] = monotonic
    spread: Callable[[], float] = lambda: random.uniform(0.8, 1.2)
    _next_s: float = field(default_factory=lambda: FIRST_WAIT_S)
    _opened: float | None = None

    def opened(self) -> None:
        """Take note that there is a connection."""
        self._opened = self.clock()

    def next_s(self) -> float:
        """Give how long to wait now that there is none."""
        if self._opened is not None and self.clock() - self._opened >= LONGEST_WAIT_S:
            self._next_s = FIRST_WAIT_S
        self._opened = None
        wait_s, self._next_s = self._next_s, min(2 * self._next_s, LONGEST_WAIT_S)
        return wait_s * self.spread()
