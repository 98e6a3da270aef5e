"""How many ready workers are worth keeping: what a pool was given, and after many runs at once as many as those.

A run that finds a ready worker begins some 3 ms earlier, and its process time has been spent before it came. An agent
that has sent many runs at once is likely to do so again; one that no longer does gets its memory back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

KEPT_S: Final = 30.0
"""How long the most runs at once are remembered, at least; at most twice as long."""


class Demand:
    """Counts the runs that have a worker or wait for one.

    Args:
        least: The spares that are always kept.
        most: The spares that are kept at most, however many runs there were at once.
        on_less: Called when fewer are wanted than before.
    """

    def __init__(self, least: int, most: int, on_less: Callable[[], None]) -> None:
        self._least = least
        self._most = most
        self._on_less = on_less
        self._under_way = 0
        self._learnt = 0
        self._seen = 0  # since the timer was set
        self._timer: asyncio.TimerHandle | None = None

    @property
    def spares(self) -> int:
        """How many ready workers are wanted."""
        return max(self._least, self._learnt)

    def began(self) -> None:
        """Count a run that wants a worker."""
        self._under_way += 1
        at_once = min(self._under_way, self._most)
        if at_once > max(self._least, 1):
            self._seen = max(self._seen, at_once)
            self._learnt = max(self._learnt, at_once)
            if self._timer is None:
                self._set_timer()

    def ended(self) -> None:
        """Count a run that has given its worker back, or gets none."""
        self._under_way -= 1

    def close(self) -> None:
        """Forget what was learnt."""
        self._learnt = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _set_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(KEPT_S, self._look)

    def _look(self) -> None:
        self._timer = None
        self._learnt, self._seen = self._seen, 0
        if self._learnt:
            self._set_timer()
        self._on_less()
