"""The log of one run: what it started from, what it called, and what it was told, in order.

It is in memory only, and it is the one log: the outcome's list of calls, what observers are told and what a dry run
reports come from it, and after an approval a new worker is driven by it. That works because a worker is a function of
what it is sent: its clock is the host's, its random numbers come from a seed, and it only reads when it waits. So a
worker that gets the same messages in the same order makes the same calls.

1. Calls are logged when they come, answers when they are sent, in the order in which they were sent.
2. Calls and answers are logged as they are encoded: nothing that an app does with its objects changes them afterwards.
   Whether a call is the same one again is a matter of its digest, which a replay asks for.
3. Answers are kept only where the run may have to be replayed, and only up to a limit; past it the log is not whole any
   more, and the run can't be replayed.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, cast

from ioconnect_codemode.admit import Refusal
from ioconnect_codemode.frames import HEADER_BYTES, Call, Reply, decode_trusted, encode_reply
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.outcome import CallRecord, CallState
from ioconnect_codemode.values import JsonValue

MOST_BYTES = 32 * 1024 * 1024
"""Answers that a log keeps: eight times 10,000 records of 12 fields."""
_WAKE_BYTES = 64  # an entry of the log without an answer
_SHOWN_WAITS = 2  # calls that wait; the message of an error has 200 characters
_SHOWN_ARGUMENTS = 50  # calls of a dry run whose arguments are shown


class Opening(NamedTuple):
    """What a run starts from.

    Attributes:
        source: The snippet.
        inputs: Its inputs.
        started_ns: What its clock starts at, in nanoseconds since 1970.
        seed: What its random numbers start from.
        only_review: Whether it is reviewed and checked, and not run.
        is_dry_run: Whether writes are replaced by stand-ins.
    """

    source: str
    inputs: Mapping[str, JsonValue]
    started_ns: int
    seed: int
    only_review: bool = False
    is_dry_run: bool = False


@dataclass(slots=True)
class LoggedCall:
    """One call; the log alone changes it.

    Attributes:
        name: As the worker said it, bounded.
        started_ns: When it came, in nanoseconds since 1970.
        said: Its name and arguments, encoded; empty where the run won't be replayed.
        state: As in the outcome.
        elapsed_ms: Milliseconds between sending and answer; between admission and the run's end where there was none.
        answer_bytes: Size of the answer on its way into the worker.
        arguments: Shortened, for the outcome of a dry run; else None.
    """

    name: str
    effect: Effect
    started_ns: int
    said: bytes = b""
    state: CallState = "unfinished"
    elapsed_ms: float = 0.0
    answer_bytes: int = 0
    arguments: JsonValue = None

    @property
    def digest(self) -> str:
        """Digest of its name and arguments; empty where the run won't be replayed."""
        return digest(cast("Call", marshal.loads(self.said))) if self.said else ""


class Replied(NamedTuple):
    """A reply that was sent, and how much of the run's time had passed.

    Attributes:
        number: The call's.
        frame: What was sent.
    """

    number: int
    frame: bytes
    elapsed_us: int

    @classmethod
    def of(cls, reply: Reply, *, elapsed_us: int) -> Replied:
        """Give the entry of a reply."""
        return cls(number=reply["id"], frame=encode_reply(reply, elapsed_us), elapsed_us=elapsed_us)

    @property
    def reply(self) -> Reply:
        """The reply."""
        replies = decode_trusted(self.frame[HEADER_BYTES:])["replies"]
        return cast("list[Reply]", replies)[0]


class Woken(NamedTuple):
    """A worker that was told that its wait is over, and how much of the run's time had passed."""

    number: int
    elapsed_us: int


Sent = Replied | Woken


class RunLog:
    """The log of one run.

    Attributes:
        opening: What it started from.
        keeps_answers: Whether it may have to be replayed.
        calls: By number, from 1, in order.
        sent: What the worker was sent behind the stubs, in order; empty where answers are not kept.
        notes: What the outcome says besides: answers that don't fit their declaration.
        refusals: Why calls were refused, by the text that the snippet got.
        own_s: Seconds of its own time that the run had used when it was last paused.
        total_s: The same of its total.
    """

    def __init__(self, opening: Opening, *, keeps_answers: bool) -> None:
        self.opening = opening
        self.keeps_answers = keeps_answers
        self.calls: dict[int, LoggedCall] = {}
        self.sent: list[Sent] = []
        self.notes: list[str] = []
        self.refusals: dict[str, Refusal] = {}
        self.own_s = 0.0
        self.total_s = 0.0
        self._bytes = 0

    @property
    def is_whole(self) -> bool:
        """Whether everything is there that a replay needs."""
        return self.keeps_answers and self._bytes <= MOST_BYTES

    def add(self, call: Call, effect: Effect, *, name: str) -> LoggedCall:
        """Log a call that has come, under a name that may be shorter than what the worker said."""
        entry = LoggedCall(name, effect, time.time_ns())
        self.calls[call["id"]] = entry
        if self.is_whole:
            entry.said = said(call)
            self._count(len(entry.said))
        return entry

    def show_arguments(self, number: int, arguments: JsonValue) -> None:
        """Have the outcome show the arguments of a call."""
        self.calls[number].arguments = arguments

    def set_state(self, number: int, state: CallState) -> None:
        """Note where a call stands."""
        self.calls[number].state = state

    def give_up_held(self) -> None:
        """Note that the run is over: what was held will not be sent any more."""
        for call in self.calls.values():
            if call.state == "held":
                call.state = "refused"

    def note_waits(self) -> str:
        """Note how long calls have waited that have no answer as the run ends, and name the longest; empty for none."""
        now = time.time_ns()
        waiting = [call for call in self.calls.values() if call.state == "unfinished" and not call.elapsed_ms]
        for call in waiting:
            call.elapsed_ms = round(max(1_000, now - call.started_ns) / 1e6, 3)
        waiting.sort(key=lambda call: -call.elapsed_ms)
        shown = [f"{call.name} for {_seconds(call.elapsed_ms)}" for call in waiting[:_SHOWN_WAITS]]
        return ", ".join([*shown, *([f"{len(waiting) - len(shown)} more"] if len(waiting) > len(shown) else [])])

    def ended(self, number: int, state: CallState, *, elapsed_ms: float = 0.0, answer_bytes: int = 0) -> None:
        """Note how a call has ended."""
        call = self.calls[number]
        call.state, call.elapsed_ms, call.answer_bytes = state, elapsed_ms, answer_bytes

    def replied(self, number: int, frame: bytes, *, elapsed_us: int) -> None:
        """Log a reply that has been sent."""
        if self.keeps_answers:
            self._append(Replied(number=number, frame=frame, elapsed_us=elapsed_us), len(frame))

    def woken(self, number: int, *, elapsed_us: int) -> None:
        """Log that the worker was told that its wait is over."""
        self._append(Woken(number=number, elapsed_us=elapsed_us), _WAKE_BYTES)

    def records(self) -> tuple[CallRecord, ...]:
        """Give the calls as the outcome lists them."""
        return tuple(
            CallRecord(
                name=call.name,
                effect=call.effect,
                state=call.state,
                elapsed_ms=call.elapsed_ms,
                bytes=call.answer_bytes,
                arguments=call.arguments if number <= _SHOWN_ARGUMENTS else None,
            )
            for number, call in self.calls.items()
        )

    def _append(self, entry: Sent, size: int) -> None:
        if not self.is_whole:
            return
        self.sent.append(entry)
        self._count(size + _WAKE_BYTES)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            self.sent.clear()
            for call in self.calls.values():
                call.said = b""


def _seconds(elapsed_ms: float) -> str:
    return "less than 1 s" if elapsed_ms < 1_000 else f"{math.floor(elapsed_ms / 1_000)} s"


def reply_message(replies: list[Reply], elapsed_us: int, *, woken: int | None = None) -> dict[str, object]:
    """Give the message that carries replies, or says that a wait is over, or both."""
    message: dict[str, object] = {"type": "reply", "elapsed_us": elapsed_us, "replies": replies}
    if woken is not None:
        message["woken"] = woken
    return message


def said(call: Call) -> bytes:
    """Give what a call said, encoded."""
    return marshal.dumps({"name": call["name"], "arguments": call["arguments"]})


def digest(call: Call) -> str:
    """Give the SHA-256 of name and arguments in canonical JSON: keys sorted, no blanks, 1 apart from 1.0 and true."""
    parts = [call["name"], call["arguments"]]
    text = json.dumps(parts, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()
