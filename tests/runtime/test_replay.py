"""Logs and their replay: whatever a worker and its host have done, a new worker driven by the log does the same."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioconnect_codemode.frames import Call
from ioconnect_codemode.replay import Divergence, Replay
from ioconnect_codemode.run_log import MOST_BYTES, Opening, Replied, RunLog, Sent, Woken, digest
from ioconnect_codemode.values import JsonValue

OPENING = Opening(source="", inputs={}, started_ns=0, seed=1)
Step = tuple[Literal["call", "wait", "read"], int]
STEPS = st.lists(
    st.tuples(st.just("call"), st.integers(1, 3))
    | st.tuples(st.just("wait"), st.just(0))
    | st.tuples(st.just("read"), st.just(0)),
    max_size=12,
)


def call(number: int, name: str = "crm.f") -> Call:
    return {"id": number, "name": name, "arguments": {"n": number}}


def frame(number: int, value: JsonValue) -> bytes:
    return Replied.of({"id": number, "ok": True, "value": value}, elapsed_us=0).frame


@dataclass
class Worker:
    """A worker that goes through fixed steps: it sends calls, asks to be woken, or blocks until a message comes."""

    steps: deque[Step]
    inbox: deque[Sent] = field(default_factory=deque[Sent])
    outbox: deque[Call | int] = field(default_factory=deque[Call | int])
    read: list[Sent] = field(default_factory=list[Sent])
    calls: int = 0
    waits: int = 0

    def go_on(self) -> None:
        """Go through the steps until one blocks."""
        while self.steps:
            kind, count = self.steps[0]
            if kind == "read":
                if not self.inbox:
                    return
                self.read.append(self.inbox.popleft())
            elif kind == "call":
                for _ in range(count):
                    self.calls += 1
                    self.outbox.append(call(self.calls))
            else:
                self.waits += 1
                self.outbox.append(self.waits)
            self.steps.popleft()


def record(steps: list[Step], data: st.DataObject) -> tuple[RunLog, set[int]]:
    """Run a worker under a host that takes what it says late, answers in any order, and pauses at any time."""
    log, held = RunLog(OPENING, keeps_answers=True), set[int]()
    worker, unanswered, open_wait = Worker(deque(steps)), list[int](), 0
    for _ in range(data.draw(st.integers(0, 30))):
        worker.go_on()
        act = data.draw(st.sampled_from(["take", "answer", "wake"]))
        if act == "take" and worker.outbox:
            said = worker.outbox.popleft()
            if isinstance(said, int):
                open_wait = said
            else:
                log.add(said, "read", name="crm.f")
                unanswered.append(said["id"])
        elif act == "answer" and unanswered:
            number = unanswered.pop(data.draw(st.integers(0, len(unanswered) - 1)))
            log.replied(number, frame(number, number), elapsed_us=0)
            worker.inbox.append(log.sent[-1])
        elif act == "wake" and open_wait:
            log.woken(open_wait, elapsed_us=0)
            worker.inbox.append(log.sent[-1])
            open_wait = 0
    for number in data.draw(st.permutations(unanswered)):  # the pause: calls under way finish, the others are held
        if data.draw(st.booleans()):
            log.replied(number, frame(number, number), elapsed_us=0)
        else:
            log.set_state(number, "held")
            held.add(number)
    return log, held


@settings(max_examples=400, deadline=None)
@given(STEPS, st.data())
def test_a_new_worker_is_sent_the_same_in_the_same_order(steps: list[Step], data: st.DataObject) -> None:
    log, held = record(steps, data)
    expected = list(log.sent)
    worker, replay, sent = Worker(deque(steps)), Replay(log), list[Sent]()
    while not replay.is_over:
        worker.go_on()
        said = worker.outbox.popleft()  # there is always something left to say before the replay is over
        if isinstance(said, int):
            replay.waits(said)
        else:
            replay.take(said)
        while (entry := replay.due()) is not None:
            sent.append(entry)
            worker.inbox.append(entry)
    assert sent == expected
    assert {one["id"] for one in replay.held()} == held
    assert replay.held() == []


@given(STEPS, st.data())
def test_nothing_is_over_before_every_logged_call_has_come_again(steps: list[Step], data: st.DataObject) -> None:
    log, _ = record(steps, data)
    replay = Replay(log)
    for number in range(1, len(log.calls) + 1):
        assert not replay.is_over
        replay.take(call(number))
    assert replay.is_over is (not log.sent)


@pytest.mark.parametrize(
    "other",
    [
        call(1, "crm.g"),
        {"id": 1, "name": "crm.f", "arguments": {"n": 2}},
        {"id": 1, "name": "crm.f", "arguments": {"n": 1.0}},
        {"id": 1, "name": "crm.f", "arguments": {"n": True}},
        call(2),
    ],
    ids=["name", "value", "float", "bool", "number"],
)
def test_another_call_than_the_logged_one_is_a_divergence(other: Call) -> None:
    log = RunLog(OPENING, keeps_answers=True)
    log.add(call(1), "read", name="crm.f")
    log.set_state(1, "held")
    with pytest.raises(Divergence):
        Replay(log).take(other)


def test_the_order_of_keys_is_no_difference() -> None:
    one: Call = {"id": 1, "name": "crm.f", "arguments": {"a": 1, "b": {"c": 1, "d": 2}}}
    other: Call = {"id": 1, "name": "crm.f", "arguments": {"b": {"d": 2, "c": 1}, "a": 1}}
    assert digest(one) == digest(other)


def test_a_log_that_outgrows_its_limit_lets_go_of_its_answers() -> None:
    log = RunLog(OPENING, keeps_answers=True)
    log.replied(1, frame(1, "half"), elapsed_us=3)
    assert (log.is_whole, [entry.number for entry in log.sent]) == (True, [1])
    log.replied(2, bytes(MOST_BYTES), elapsed_us=4)
    log.woken(1, elapsed_us=5)
    assert (log.is_whole, log.sent) == (False, [])


def test_arguments_count_as_answers_do() -> None:
    log = RunLog(OPENING, keeps_answers=True)
    log.add({"id": 1, "name": "crm.f", "arguments": {"text": "a" * MOST_BYTES}}, "read", name="crm.f")
    log.add({"id": 2, "name": "crm.f", "arguments": {}}, "read", name="crm.f")
    assert not log.is_whole
    assert [call.said for call in log.calls.values()] == [b"", b""]


def test_what_an_app_does_with_its_objects_later_changes_no_log() -> None:
    log, rows, arguments = RunLog(OPENING, keeps_answers=True), list[JsonValue]([1]), dict[str, JsonValue]({"n": [1]})
    log.add({"id": 1, "name": "crm.f", "arguments": arguments}, "read", name="crm.f")
    log.replied(1, frame(1, rows), elapsed_us=0)
    before = log.calls[1].digest
    rows.append(2)
    arguments["n"] = 2
    (entry,) = log.sent
    assert isinstance(entry, Replied)
    assert (entry.reply, log.calls[1].digest) == ({"id": 1, "ok": True, "value": [1]}, before)


def test_a_run_that_is_never_replayed_keeps_no_answers() -> None:
    log = RunLog(OPENING, keeps_answers=False)
    log.add(call(1), "read", name="crm.f")
    log.replied(1, frame(1, 1), elapsed_us=3)
    assert (log.is_whole, log.sent, log.calls[1].digest) == (False, [], "")


def test_entries_of_a_log_say_when_they_were_sent() -> None:
    log = RunLog(OPENING, keeps_answers=True)
    log.woken(1, elapsed_us=7)
    assert log.sent == [Woken(number=1, elapsed_us=7)]
