"""The conversation as a whole: a state machine that is walked at random, and hosts that are told anything at all."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from ioconnect_codemode import Limits, Manifest, Outcome, Policy
from ioconnect_codemode.admit import Admission
from ioconnect_codemode.bridge import Calls, Conversation, Ended, Needs, Ready, State, Waits
from ioconnect_codemode.errors import BrokenProtocol, FrameError, WorkerLost
from ioconnect_codemode.frames import (
    Call,
    DoneMessage,
    FrameReader,
    NeedMessage,
    WaitMessage,
    WorkerMessage,
    decode_json,
    decode_trusted,
    encode_json,
)
from ioconnect_codemode.messages import say
from ioconnect_codemode.observers import Observers
from ioconnect_codemode.paused import PausedRuns
from ioconnect_codemode.process import WorkerProcess
from ioconnect_codemode.run import Run
from ioconnect_codemode.run_log import Opening, RunLog
from ioconnect_codemode.setting import Setting
from ioconnect_codemode.spreading import Spread
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

READY: WorkerMessage = {"type": "ready", "protocol": 1, "python": "3.11.7", "layers": {}}
DONE: DoneMessage = {"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False}


class Walk(RuleBasedStateMachine):
    """Takes every allowed step, and tries every step that is not; what should hold is kept beside."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = Conversation()
        self.state = State.STARTING
        self.pending: set[int] = set()
        self.last_call = 0
        self.last_wait = 0
        self.waits = False
        self.told = 0
        self.has_asked = False

    def refused(self, message: WorkerMessage) -> None:
        before = self.conversation.state
        try:
            self.conversation.receive(message)
        except FrameError:
            assert self.conversation.state is before
        else:
            raise AssertionError(f"{message} was taken while {before}")

    @precondition(lambda self: self.state is State.STARTING)
    @rule()
    def ready(self) -> None:
        assert isinstance(self.conversation.receive(READY), Ready)
        self.state = State.IDLE

    @precondition(lambda self: self.state is State.IDLE)
    @rule()
    def run(self) -> None:
        self.conversation.run_sent()
        self.state = State.RUNNING

    @precondition(lambda self: self.state is State.RUNNING and not self.has_asked and not self.last_call)
    @rule()
    def need(self) -> None:
        assert isinstance(self.conversation.receive({"type": "need", "names": ["crm"]}), Needs)
        self.has_asked = True

    @precondition(lambda self: self.state in (State.RUNNING, State.WAITING))
    @rule(count=st.integers(1, 3))
    def call(self, count: int) -> None:
        ids = range(self.last_call + 1, self.last_call + 1 + count)
        calls: list[Call] = [{"id": one, "name": "crm.f", "arguments": {}} for one in ids]
        assert self.conversation.receive({"type": "call", "calls": calls}) == Calls(calls=tuple(calls))
        self.last_call += count
        self.pending.update(ids)
        self.state = State.WAITING

    @precondition(lambda self: self.state in (State.RUNNING, State.WAITING))
    @rule(for_us=st.integers(0, 10**9))
    def wait(self, for_us: int) -> None:
        if self.last_wait > self.told:  # it can't have read anything since
            self.refused({"type": "wait", "id": self.last_wait + 1, "for_us": for_us})
            return
        self.last_wait += 1
        event = self.conversation.receive({"type": "wait", "id": self.last_wait, "for_us": for_us})
        assert event == Waits(number=self.last_wait, for_s=for_us / 1e6)
        self.waits = True

    @precondition(lambda self: bool(self.pending) and self.state is not State.OVER)
    @rule(data=st.data())
    def reply(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.pending)))
        self.conversation.replied(number)
        self.pending.discard(number)
        self.told += 1
        if not self.pending:
            self.state = State.RUNNING

    @precondition(lambda self: self.waits)
    @rule()
    def wake(self) -> None:
        self.conversation.woken(self.last_wait)
        self.told += 1
        self.waits = False

    @precondition(lambda self: self.state in (State.RUNNING, State.WAITING))
    @rule()
    def done(self) -> None:
        assert self.conversation.receive(DONE) == Ended(message=DONE)
        self.pending.clear()
        self.state = State.OVER

    @rule(number=st.integers(-1, 20))
    def answer_what_is_not_asked(self, number: int) -> None:
        for act, is_open in (
            (self.conversation.replied, number in self.pending),
            (self.conversation.woken, self.waits and number == self.last_wait),
        ):
            if not is_open:
                try:
                    act(number)
                except FrameError:
                    continue
                raise AssertionError(f"{act.__name__} took {number}")

    @rule(off=st.integers(-3, 3).filter(lambda off: off != 1))
    def number_out_of_order(self, off: int) -> None:
        self.refused({"type": "call", "calls": [{"id": self.last_call + off, "name": "crm.f", "arguments": {}}]})
        self.refused({"type": "wait", "id": self.last_wait + off, "for_us": 1})

    @precondition(lambda self: self.state in (State.STARTING, State.IDLE, State.OVER))
    @rule()
    def speak_out_of_turn(self) -> None:
        need: NeedMessage = {"type": "need", "names": []}
        wait: WaitMessage = {"type": "wait", "id": 1, "for_us": 1}
        for message in (DONE, need, wait):
            self.refused(message)

    @precondition(lambda self: self.state is not State.STARTING)
    @rule()
    def be_ready_twice(self) -> None:
        self.refused(READY)

    @invariant()
    def nothing_is_forgotten(self) -> None:
        assert self.conversation.state is self.state
        assert self.conversation.pending == len(self.pending)


TestWalk = Walk.TestCase


# -- a host that is told anything -------------------------------------------------------------------------------------


class LyingWorker(WorkerProcess):
    """A worker without a process: it says what it is given, and keeps what it is told."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.told: list[dict[str, object]] = []
        self._told_reader = FrameReader(2**31)

    @property
    def process_id(self) -> int | None:
        return None

    def has_died(self) -> bool:
        return self.is_over

    async def wait(self) -> None:
        pass

    def _write(self, frame: bytes) -> None:
        self.told += [decode_trusted(body) for body in self._told_reader.feed(frame)]

    def _end(self) -> None:
        pass


MANIFEST = Manifest.read(PACKAGE)
POLICY = Policy(limits=Limits(timeout_s=5, total_s=5, calls=5))
FORGED_IDS = st.sampled_from([-1, 0, 1, 2, 3, 5, 2**70, True, None, "1"])
ARGUMENTS: list[JsonValue] = [{}, {"id": "CL-1"}, {"id": 7}, [], None, {"id": {"a": [[[]]]}}]
CALLS: st.SearchStrategy[dict[str, JsonValue]] = st.fixed_dictionaries(
    {
        "id": FORGED_IDS,
        "name": st.sampled_from(["crm.get_client", "crm.delete_note", "os.system", "", "x" * 500]),
        "arguments": st.sampled_from(ARGUMENTS),
    }
)
SAID = st.one_of(
    st.fixed_dictionaries({"type": st.just("call"), "calls": st.lists(CALLS, max_size=3)}),
    st.fixed_dictionaries({"type": st.just("wait"), "id": FORGED_IDS, "for_us": FORGED_IDS}),
    st.fixed_dictionaries({"type": st.just("need"), "names": st.lists(st.sampled_from(["crm", "os", 1]), max_size=3)}),
    st.just(dict(DONE)),
    st.just(dict(READY)),
    st.fixed_dictionaries(
        {
            "type": st.just("failed"),
            "printed": st.just("p"),
            "printed_is_cut": st.booleans(),
            "errors": st.lists(
                st.fixed_dictionaries(
                    {
                        "kind": st.sampled_from(["syntax", "snippet_error", "approval_needed", "internal", "x"]),
                        "message": st.text(max_size=5),
                    },
                    optional={"line": st.integers(-5, 2**70), "column": st.integers(-5, 2**70)},
                ),
                max_size=7,
            ),
        }
    ),
)
FRAMES = SAID.map(encode_json) | st.binary(max_size=40)


async def told_by(
    frames: Iterable[bytes],
    *,
    cut: int = 10_000_000,
    is_held: bool = False,
    answers: bool = True,
    policy: Policy = POLICY,
) -> tuple[Outcome, list[str]]:
    """Have a run led by a worker that says these frames, in pieces; gives the outcome and what reached an app.

    Args:
        frames: What it says.
        cut: In pieces of how many bytes.
        is_held: Whether the run is held until it has said everything.
        answers: Whether the app does.
        policy: The policy.
    """
    called: list[str] = []

    def get(arguments: dict[str, object]) -> asyncio.Future[None] | None:
        called.append(str(arguments.get("id")))
        return None if answers else asyncio.get_running_loop().create_future()

    setting = Setting(
        manifest=MANIFEST,
        policy=policy,
        admission=Admission(MANIFEST, policy),
        transport=EmbeddedTransport({"CRM.GetClient": get}),  # type: ignore[dict-item]
        observers=Observers(()),
        paused=PausedRuns(),
        spread=Spread(),
    )
    worker = LyingWorker(policy.limits)
    worker.receive(encode_json(READY))
    log = RunLog(Opening(source="1", inputs={}, started_ns=0, seed=1), keeps_answers=False)
    run = Run(setting, worker, log, run_id="r")
    if is_held:
        run.hold()
    performing = asyncio.ensure_future(run.perform())
    await asyncio.sleep(0)
    for frame in frames:
        for start in range(0, len(frame), cut):
            worker.receive(frame[start : start + cut])
        await asyncio.sleep(0)
    if is_held:
        run.release()
    for _ in range(5):
        await asyncio.sleep(0)
    worker.lose(WorkerLost("the worker ended"))
    outcome = await performing
    run.close()
    return outcome, called


@settings(max_examples=150, deadline=None)
@given(st.lists(FRAMES, max_size=6), st.integers(1, 50), st.booleans())
def test_whatever_a_worker_says_the_run_has_an_outcome_and_the_host_stays_up(
    frames: list[bytes], cut: int, is_held: bool
) -> None:
    outcome, called = asyncio.run(told_by(frames, cut=cut, is_held=is_held))
    kinds = {None, "worker_lost", "syntax", "snippet_error", "call_limit"}
    assert (outcome.error.kind if outcome.error else None) in kinds
    json.dumps(outcome.to_json())
    assert len(outcome.text()) < 2_000
    assert set(called) <= {"CL-1"}  # only a call that its definition and its schema admit


def test_a_worker_that_ended_with_its_zygote_broke_no_protocol() -> None:
    async def told(reason: WorkerLost) -> str:
        setting = Setting(
            manifest=MANIFEST,
            policy=POLICY,
            admission=Admission(MANIFEST, POLICY),
            transport=EmbeddedTransport({}),
            observers=Observers(()),
            paused=PausedRuns(),
            spread=Spread(),
        )
        worker = LyingWorker(POLICY.limits)
        worker.receive(encode_json(READY))
        log = RunLog(Opening(source="1", inputs={}, started_ns=0, seed=1), keeps_answers=False)
        run = Run(setting, worker, log, run_id="r")
        performing = asyncio.ensure_future(run.perform())
        await asyncio.sleep(0)
        worker.lose(reason)
        error = (await performing).error
        assert error is not None
        return error.message

    assert asyncio.run(told(WorkerLost("the zygote ended"))) == say("worker_lost", "ended")
    assert asyncio.run(told(BrokenProtocol("a message out of turn"))) == say("worker_lost", "broke_protocol")


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200) | SAID.map(lambda said: json.dumps(said).encode()), st.data())
def test_a_damaged_message_is_a_frame_error_and_nothing_else(body: bytes, data: st.DataObject) -> None:
    damaged = bytearray(body)
    for _ in range(data.draw(st.integers(0, 3))):
        if damaged:
            damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        message = decode_json(bytes(damaged))
    except FrameError:
        return
    assert message["type"] in ("ready", "need", "call", "wait", "done", "failed")


def test_calls_after_the_end_reach_nobody() -> None:
    late = encode_json({"type": "call", "calls": [{"id": 1, "name": "crm.get_client", "arguments": {"id": "CL-1"}}]})
    outcome, called = asyncio.run(told_by([encode_json(DONE) + late, late], cut=10_000))
    assert (outcome.ok, called) == (True, [])


def test_a_call_that_is_sent_twice_ends_the_run_and_is_made_once() -> None:
    once = encode_json({"type": "call", "calls": [{"id": 1, "name": "crm.get_client", "arguments": {"id": "CL-1"}}]})
    outcome, called = asyncio.run(told_by([once, once], cut=10_000))
    assert outcome.error is not None
    assert (outcome.error.kind, len(called) <= 1) == ("worker_lost", True)


def call(number: int, **arguments: JsonValue) -> bytes:
    said = {"id": number, "name": "crm.get_client", "arguments": arguments}
    return encode_json({"type": "call", "calls": [said]})


@pytest.mark.parametrize("id_", ["CL-1", 7])
def test_an_end_behind_a_call_is_the_end_also_of_a_run_that_was_held(id_: JsonValue) -> None:
    """It is taken with the call; what answers at once, the app or a refusal, answers a worker that has ended."""
    outcome, _ = asyncio.run(told_by([call(1, id=id_) + encode_json(DONE)], is_held=True))

    assert (outcome.ok, outcome.value, len(outcome.calls)) == (True, 1, 1)


# -- a worker that floods ---------------------------------------------------------------------------------------------

MANY = Policy(limits=Limits(timeout_s=20, total_s=20, calls=100, calls_at_once=2))
COMMAS = "," * 50_000  # weighs what 50,000 lists do: five megabytes


@pytest.mark.parametrize(
    ("text", "is_held"), [("x" * 8_000_000, False), (COMMAS, False), (COMMAS, True)], ids=["text", "parts", "held"]
)
def test_calls_that_wait_do_not_fill_the_memory(text: str, is_held: bool) -> None:
    """Each may be eight megabytes, or hold twenty times its size as lists."""
    frames = (call(number, id=text) for number in range(1, 101))

    outcome, called = asyncio.run(told_by(frames, is_held=is_held, answers=False, policy=MANY))

    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.hint) == ("call_limit", say("call_limit", "bytes_hint"))
    assert outcome.error.message == say("call_limit", "bytes", limit="67,108,864")
    assert len(called) <= 2
    assert len(outcome.calls) <= 13


def test_large_calls_are_taken_for_as_long_as_they_are_answered() -> None:
    frames = [call(number, id=COMMAS) for number in range(1, 101)]

    outcome, called = asyncio.run(told_by([*frames, encode_json(DONE)], policy=MANY))

    assert (outcome.ok, len(called)) == (True, 100)


@pytest.mark.parametrize("for_us", [0, 10_000_000])
def test_a_worker_that_waits_and_waits_without_reading_is_ended(for_us: int) -> None:
    """A quarter of a megabyte of them, which is read at once, held the host for a tenth of a second."""
    waits = b"".join(encode_json({"type": "wait", "id": number, "for_us": for_us}) for number in range(1, 3))

    outcome, _ = asyncio.run(told_by([waits]))

    assert outcome.error is not None
    assert outcome.error.message == say("worker_lost", "broke_protocol")
