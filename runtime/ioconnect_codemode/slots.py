"""How many calls of a run may wait for apps at the same time; further ones wait for a slot, in turn."""

from __future__ import annotations

import asyncio
from collections import deque


class Slots:
    """A number of slots. Unlike `asyncio.Semaphore`, one can be taken without waiting, outside a task.

    Args:
        count: How many there are.
    """

    __slots__ = ("_free", "_waiting")

    def __init__(self, count: int) -> None:
        self._free = count
        self._waiting: deque[asyncio.Future[None]] = deque()

    def take_now(self) -> bool:
        """Take a slot if one is free."""
        if not self._free:
            return False
        self._free -= 1
        return True

    async def take(self) -> None:
        """Take a slot, when it is this caller's turn."""
        if self.take_now():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self.give_back()  # it was given, and nobody is there to use it
            raise

    def give_back(self) -> None:
        """Give a slot back: to whoever has waited longest, if anybody waits."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
