"""Work that comes in bursts, spread over turns of the event loop.

Thirty-two answers of megabytes that come at once are a second of work. Where one piece has taken long, the next waits for
the loop's next turn, so that timers, other runs and whoever else lives in this process go on between two of them.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter

_LONG_S = 0.005  # small answers take 0.1 ms


class Spread:
    """Does one piece of work after the other, in the order in which they come.

    Args:
        clock: Gives seconds.
    """

    __slots__ = ("_clock", "_is_resting", "_waiting")

    def __init__(self, *, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._is_resting = False
        self._waiting: deque[Callable[[], None]] = deque()

    def take(self, act: Callable[[], None]) -> None:
        """Do a piece of work: now, or where the last one took long, in a later turn of the loop."""
        if self._is_resting:
            self._waiting.append(act)
        else:
            self._do(act)

    async def done(self, act: Callable[[], None]) -> None:
        """Do a piece of work as `take` does, and return when it is done; it is not where this is cancelled before."""
        if not self._is_resting:
            self._do(act)
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(lambda: self._give(turn, act))
        await turn

    def _give(self, turn: asyncio.Future[None], act: Callable[[], None]) -> None:
        if turn.done():  # cancelled
            return
        try:
            act()
        except BaseException as error:
            turn.set_exception(error)
        else:
            turn.set_result(None)

    def _do(self, act: Callable[[], None]) -> None:
        started = self._clock()
        try:
            act()
        finally:
            if self._clock() - started > _LONG_S:
                self._rest()

    def _rest(self) -> None:
        if not self._is_resting:
            self._is_resting = True
            asyncio.get_running_loop().call_soon(self._go_on)

    def _go_on(self) -> None:
        self._is_resting = False
        try:
            while self._waiting and not self._is_resting:
                self._do(self._waiting.popleft())
        finally:
            if self._waiting:  # also behind a piece that has raised
                self._rest()
