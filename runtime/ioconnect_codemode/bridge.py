"""The state machine of a run, on the host's side. No I/O: messages in, events out.

1. Everything that decides which message may come when is in this file, as the table `_ALLOWED`.
2. The worker is not trusted: a message out of turn, a second `need`, a call or wait whose id is not the next one, or
   anything after the end is a `FrameError`; the run is over and the worker is killed.
3. Each call gets exactly one reply; a reply to a call that has one, or never was, is a defect of the host.
4. A worker waits for one time at once: a new wait takes the place of the one before it, and each wakes it once or never.
   It reads behind each wait, so it has waited at most once more than it has been told something.

    STARTING --ready--> IDLE --run sent--> RUNNING --call--> WAITING --all replied--> RUNNING --done, failed--> OVER
                                              need: once, answered at once, the state stays
                                              wait: the state stays
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from ioconnect_codemode.errors import FrameError
from ioconnect_codemode.frames import PROTOCOL, Call, DoneMessage, FailedMessage, WorkerMessage


class State(enum.Enum):
    """Where a run is."""

    STARTING = "starting"
    IDLE = "idle"
    RUNNING = "running"
    WAITING = "waiting"
    OVER = "over"


class Ready(NamedTuple):
    """The worker waits for its run.

    Attributes:
        layers: Confinement layer to `on`, or `off: why`.
    """

    python: str
    layers: dict[str, str]


class Needs(NamedTuple):
    """The worker asks what these names are."""

    names: tuple[str, ...]


class Calls(NamedTuple):
    """Bridge calls to perform, side by side; a tuple, because one is made a call."""

    calls: tuple[Call, ...]


class Waits(NamedTuple):
    """The worker is to be woken after so many seconds; this takes the place of the wait before it."""

    number: int
    for_s: float


class Ended(NamedTuple):
    """The run is over."""

    message: DoneMessage | FailedMessage


Event = Ready | Needs | Calls | Waits | Ended

_RUNNING, _WAITING = State.RUNNING, State.WAITING  # of Python 3.11 an enumeration is slow to ask
_LONGEST_US = 86_400 * 10**6  # no run lasts a day (`limits.py`)
_ALLOWED: dict[State, frozenset[str]] = {
    State.STARTING: frozenset({"ready"}),
    State.IDLE: frozenset(),
    State.RUNNING: frozenset({"need", "call", "wait", "done", "failed"}),
    State.WAITING: frozenset({"call", "wait", "done", "failed"}),
    State.OVER: frozenset(),
}


class Conversation:
    """One worker's run as the host sees it.

    Attributes:
        waiting_bytes: What the calls weigh that wait for their reply, small ones left out.
    """

    __slots__ = (
        *("_has_asked", "_last_id", "_last_wait", "_pending", "_told", "_waits", "_weights"),
        *("state", "waiting_bytes"),
    )

    def __init__(self) -> None:
        self.state = State.STARTING
        self.waiting_bytes = 0
        self._pending: set[int] = set()
        self._weights: dict[int, int] = {}
        self._told = 0
        self._last_id = 0
        self._has_asked = False
        self._last_wait = 0
        self._waits = False

    @property
    def pending(self) -> int:
        """How many calls wait for their reply."""
        return len(self._pending)

    @property
    def is_answered(self) -> bool:
        """Whether the worker has called, has every reply, and waits for no time."""
        return self.state is _RUNNING and self._last_id > 0 and not self._waits

    def run_sent(self) -> None:
        """Note that the run has been sent.

        Raises:
            FrameError: The worker is not idle.
        """
        if self.state is not State.IDLE:
            raise FrameError(f"a run sent to a worker that is {self.state.value}")
        self.state = State.RUNNING

    def receive(self, message: WorkerMessage, weight: int = 0) -> Event:
        """Take a message of the worker and give what it means.

        Args:
            message: The message.
            weight: Bytes that its calls hold in the host's memory.

        Raises:
            FrameError: The message is not allowed now.
        """
        if message["type"] == "call" and (self.state is _RUNNING or self.state is _WAITING):
            return self._receive_calls(message["calls"], weight)  # a line of the table, first: most messages are calls
        if message["type"] not in _ALLOWED[self.state]:
            raise FrameError(f"a {message['type']} message while {self.state.value}")
        match message["type"]:
            case "ready":
                if message["protocol"] != PROTOCOL:
                    raise FrameError(f"worker protocol {message['protocol']}, host protocol {PROTOCOL}")
                self.state = State.IDLE
                return Ready(python=message["python"], layers=dict(message["layers"]))
            case "need":
                if self._has_asked or self._last_id:
                    raise FrameError("a need message after the first one, or after a call")
                self._has_asked = True
                return Needs(names=tuple(message["names"]))
            case "call":
                return self._receive_calls(message["calls"], weight)
            case "wait":
                return self._receive_wait(message["id"], message["for_us"])
            case "done" | "failed":
                self.state = State.OVER
                self._pending.clear()
                return Ended(message=message)

    def replied(self, call_id: int) -> None:
        """Note that a call has got its reply.

        Raises:
            FrameError: No such call is pending.
        """
        if call_id not in self._pending:
            raise FrameError(f"a reply to call {call_id}, which is not pending")
        self._pending.discard(call_id)
        self._told += 1
        if self._weights:
            self.waiting_bytes -= self._weights.pop(call_id, 0)
        if not self._pending and self.state is _WAITING:
            self.state = _RUNNING

    def woken(self, number: int) -> None:
        """Note that the worker has been told that its time is over.

        Raises:
            FrameError: It doesn't wait under that number, or has been told.
        """
        if not self._waits or number != self._last_wait:
            raise FrameError(f"a wake for wait {number}, which is not open")
        self._waits = False
        self._told += 1

    def _receive_wait(self, number: int, for_us: int) -> Waits:
        if number != self._last_wait + 1:
            raise FrameError(f"wait id {number} after {self._last_wait}")
        if for_us < 0:
            raise FrameError("a wait for less than no time")
        if number > self._told + 1:
            raise FrameError(f"wait id {number} of a worker that has been told {self._told} things")
        self._last_wait, self._waits = number, True
        return Waits(number=number, for_s=min(for_us, _LONGEST_US) / 1e6)

    def _receive_calls(self, calls: list[Call], weight: int) -> Calls:
        if not calls:
            raise FrameError("a call message without calls")
        last_id = self._last_id
        for call in calls:
            number = call["id"]
            if number != last_id + 1:
                raise FrameError(f"call id {number} after {last_id}")
            self._last_id = last_id = number
            self._pending.add(number)
            if weight:
                self._weights[number] = weight // len(calls)
                self.waiting_bytes += weight // len(calls)
        self.state = _WAITING
        return Calls(calls=tuple(calls))
