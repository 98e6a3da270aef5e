"""A run that is gone through again: its log against what the new worker asks for. No I/O.

1. A call must be the logged one of its number: the same name, the same arguments. Anything else is a `Divergence`.
2. Logged messages are due in their order, each as soon as what it answers has been asked for again.
3. Nothing is sent to an app before every logged call has come again and every logged message has been sent: so a run that
   goes another way than its log has done nothing besides.
"""

from __future__ import annotations

from collections import deque

from ioconnect_codemode.frames import Call
from ioconnect_codemode.run_log import Replied, RunLog, Sent, digest


class Divergence(Exception):
    """A run doesn't repeat itself."""


class Replay:
    """The part of a log that has not been gone through yet.

    Args:
        log: The log of a run that was paused; its calls have their answers, or are held.
    """

    def __init__(self, log: RunLog) -> None:
        self._log = log
        self._unsent: deque[Sent] = deque(log.sent)
        self._answers = {entry.number for entry in log.sent if isinstance(entry, Replied)}
        self._last_logged = len(log.calls)
        self._last_call = 0
        self._last_wait = 0
        self._held: list[Call] = []

    @property
    def is_over(self) -> bool:
        """Whether the run is where it was paused."""
        return self._last_call == self._last_logged and not self._unsent

    def take(self, call: Call) -> None:
        """Hold a call to the log.

        Raises:
            Divergence: It is not the call that was logged.
        """
        logged = self._log.calls.get(call["id"])
        if logged is None or digest(call) != logged.digest:
            raise Divergence
        self._last_call = call["id"]
        if call["id"] not in self._answers:
            self._held.append(call)

    def waits(self, number: int) -> None:
        """Note a wait of the worker."""
        self._last_wait = number

    def due(self) -> Sent | None:
        """Give the next message if it is due, and count it as sent."""
        if not self._unsent:
            return None
        entry = self._unsent[0]
        has_come = entry.number <= self._last_call if isinstance(entry, Replied) else entry.number <= self._last_wait
        return self._unsent.popleft() if has_come else None

    def held(self) -> list[Call]:
        """Give the calls that wait for what the person has said, once; only when the replay is over."""
        held, self._held = self._held, []
        return held
