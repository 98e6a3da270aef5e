"""The snippet's way to the host, in the worker: bridge calls and waits out, replies in.

What waits for replies is the scheduler's (`policy/waiting.py`); here calls become messages and replies become values,
records where the definition names them, or the error that a call ended in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NoReturn, cast

from ioconnect_codemode.errors import CALL_ERRORS, ArgumentError, CallError
from ioconnect_codemode.frames import HEADER_BYTES, MOST_CALL_PARTS, encode_call, encode_json, has_more_parts
from ioconnect_codemode.messages import say
from ioconnect_codemode.policy.clock import ToldClock
from ioconnect_codemode.records import UNSET
from ioconnect_codemode.stubs import converter
from ioconnect_codemode.values import NotSendable, to_json

if TYPE_CHECKING:
    from ioconnect_codemode.meanings import Names
    from ioconnect_codemode.pipe import Exchange
    from ioconnect_codemode.policy.waiting import Answer
    from ioconnect_codemode.stubs import Convert
    from ioconnect_codemode.values import JsonValue

    _Call = tuple[str, dict[str, JsonValue], object]

_ANY_FRAME = 4_096  # bytes of a frame that every limit allows (`limits.py`)
_LONGEST_S = 86_400.0  # no run lasts a day
_BY_KIND = {error.kind: error for error in CALL_ERRORS}


class Channel:
    """The snippet's way to the host: bridge calls out, replies in, in whatever order they come."""

    def __init__(
        self, exchange: Exchange, frame_bytes: int, *, started_ns: int, too_large: Callable[[str], NoReturn]
    ) -> None:
        self.clock = ToldClock(started_ns, self._sleep)
        self._exchange = exchange
        self._frame_bytes = frame_bytes
        self._too_large = too_large
        self._last_id = 0
        self._returns: dict[int, Convert | None] = {}
        self._converters: dict[str, Convert | None] = {}
        self._last_wait = 0
        self._early: list[tuple[int, Answer]] = []

    def know(self, names: Names) -> None:
        """Take note of what the host says that the snippet's names mean; in the browser calls are checked by it."""

    def prepare(self, name: str, arguments: Mapping[str, object], returns: object) -> _Call:
        """Give the arguments their JSON form; what is unset is left out."""
        sent: dict[str, JsonValue] = {}
        for key, value in arguments.items():
            if type(value) is str and value.isascii():
                sent[key] = value
            elif value is not UNSET:
                try:
                    sent[key] = to_json(value)
                except NotSendable as error:
                    path = f"{key}{error.path[1:]}"
                    reason = f"{error.problem}; {error.hint}" if error.hint else error.problem
                    raise ArgumentError(say("argument", "not_json", function=name, path=path, reason=reason)) from None
        return name, sent, returns

    def send(self, calls: Sequence[object]) -> list[int]:
        """Send calls in one frame, or in more where one would be too long."""
        calls_left = cast("list[_Call]", list(calls))
        ids: list[int] = []
        while calls_left:
            taken = self._send_most(calls_left)
            ids += range(self._last_id - taken + 1, self._last_id + 1)
            del calls_left[:taken]
        return ids

    def ask(self, prepared: object) -> object:
        """Send one call, wait for its reply, and give its value or raise; only where nothing else is under way."""
        name, arguments, returns = cast("_Call", prepared)
        number = self._last_id + 1
        frame = encode_call(number, name, arguments)
        if len(frame) > _ANY_FRAME and not self._may_leave(frame):
            self._too_large(name)
        self._last_id = number
        convert = self._converter(name, returns)
        self._exchange.send_frame(frame)
        replies: list[dict[str, JsonValue]] = []
        while not replies:
            message = self._exchange.receive()
            self.clock.told(message["elapsed_us"] * 1_000)  # type: ignore[operator]  # the host's own word
            replies = message["replies"]  # type: ignore[assignment]
        reply = replies[0]
        if reply["ok"] and "by_target" not in reply:
            return reply["value"] if convert is None else convert(reply["value"])
        return _answer(reply, convert)()

    def receive(self, timeout_s: float | None) -> list[tuple[int, Answer]]:
        """Wait for the host's next message and give its replies; none where it only says that the time is over."""
        if self._early:
            early, self._early = self._early, []
            return early
        if timeout_s is None:
            return self._read()[0]
        until_ns = self._ask_to_be_woken(timeout_s)
        replies, woken = self._read()
        if woken == self._last_wait:
            self.clock.told(until_ns)
        return replies

    def _sleep(self, seconds: float) -> None:
        until_ns = self._ask_to_be_woken(seconds)
        woken = None
        while woken != self._last_wait:
            replies, woken = self._read()
            self._early += replies
        self.clock.told(until_ns)

    def _ask_to_be_woken(self, seconds: float) -> int:
        """Ask the host, whose time is the run's; gives what the clock then shows at least."""
        for_us = math.ceil(min(seconds, _LONGEST_S) * 1e6)
        self._last_wait += 1
        self._exchange.send({"type": "wait", "id": self._last_wait, "for_us": for_us})
        return self.clock.passed_ns + for_us * 1_000

    def _read(self) -> tuple[list[tuple[int, Answer]], int | None]:
        """Read one message: its replies, and the number of the wait that is over."""
        message = self._exchange.receive()
        self.clock.told(cast("int", message["elapsed_us"]) * 1_000)
        replies = cast("list[dict[str, JsonValue]]", message["replies"])
        woken = cast("int | None", message.get("woken"))
        numbers = [cast("int", reply["id"]) for reply in replies]
        return [
            (number, _answer(reply, self._returns.pop(number))) for number, reply in zip(numbers, replies, strict=True)
        ], woken

    def _send_most(self, calls: Sequence[_Call]) -> int:
        count = len(calls)
        while True:
            frame = self._frame(calls[:count])
            if self._may_leave(frame):
                break
            if count == 1:
                self._too_large(calls[0][0])
            count //= 2
        for name, _, returns in calls[:count]:
            self._last_id += 1
            self._returns[self._last_id] = self._converter(name, returns)
        self._exchange.send_frame(frame)
        return count

    def _converter(self, name: str, returns: object) -> Convert | None:
        """Give what makes records of a capability's answers; a stub names one type, so it is found once a run."""
        try:
            return self._converters[name]
        except KeyError:
            made = self._converters[name] = converter(returns)
            return made

    def _may_leave(self, frame: bytes) -> bool:
        return len(frame) <= self._frame_bytes and not has_more_parts(frame[HEADER_BYTES:], MOST_CALL_PARTS)

    def _frame(self, calls: Sequence[_Call]) -> bytes:
        return encode_json(
            {
                "type": "call",
                "calls": [self._described(self._last_id + place, *call) for place, call in enumerate(calls, start=1)],
            }
        )

    def _described(self, number: int, name: str, arguments: dict[str, JsonValue], returns: object) -> dict[str, object]:
        """Give a call as its message names it; what its result type is, is not told."""
        return {"id": number, "name": name, "arguments": arguments}


def _answer(reply: Mapping[str, JsonValue], convert: Convert | None) -> Answer:
    """Give what gives the value of a reply, or raises what the call ended in."""
    if reply["ok"]:
        value = reply["value"]
        if convert is None:
            return lambda: value
        if reply.get("by_target"):
            by_target = cast("dict[str, JsonValue]", value)
            return lambda: {target: convert(one) for target, one in by_target.items()}
        return lambda: convert(value)
    error = _BY_KIND.get(cast("str", reply["kind"]), CallError)(cast("str", reply["message"]))

    def fail() -> NoReturn:
        raise error

    return fail
