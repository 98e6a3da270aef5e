"""Calls under way without a task, walked at random: however their run ends, each has one answer or none, and one state."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import weakref
from collections import Counter
from collections.abc import Callable, Mapping
from typing import cast

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ioconnect_codemode import Limits, Manifest, Outcome, Policy
from ioconnect_codemode.admit import Admission
from ioconnect_codemode.errors import AppError, UnavailableError, WorkerLost
from ioconnect_codemode.frames import FrameReader, decode_trusted, encode_json
from ioconnect_codemode.observers import CallEnded, Event, Observers
from ioconnect_codemode.paused import PausedRuns
from ioconnect_codemode.process import WorkerProcess
from ioconnect_codemode.run import Run
from ioconnect_codemode.run_log import Opening, RunLog
from ioconnect_codemode.setting import Setting
from ioconnect_codemode.spreading import Spread
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

AT_ONCE = 2
POLICY = Policy(
    results="off",
    effects={"crm.get_client": "read"},
    limits=Limits(calls=1_000, calls_at_once=AT_ONCE, timeout_s=5, total_s=10),
)
MANIFEST = POLICY.apply(Manifest.read(PACKAGE))
READY: dict[str, object] = {"type": "ready", "protocol": 1, "python": "3.11.7", "layers": {}}
DONE: dict[str, object] = {"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False}


def forged(number: object, *, arguments: object = None) -> dict[str, object]:
    given = {"id": "now-forged"} if arguments is None else arguments
    return {"id": number, "name": "crm.get_client", "arguments": given}


def listed(*calls: object, **more: object) -> bytes:
    return encode_json({"type": "call", "calls": list(calls), **more})


def nested(levels: int) -> JsonValue:
    return 1 if levels == 0 else [nested(levels - 1)]


LIES: dict[str, Callable[[int], bytes]] = {
    "no call": lambda _: listed(),
    "no object": lambda n: listed(forged(n), "x"),
    "no arguments": lambda n: listed(forged(n), {"id": n + 1, "name": "crm.get_client"}),
    "arguments as a list": lambda n: listed(forged(n), forged(n + 1, arguments=["CL-1"])),
    "arguments that are nothing": lambda n: listed(forged(n), {**forged(n + 1), "arguments": None}),
    "an id twice": lambda n: listed(forged(n), forged(n)),
    "an id left out": lambda n: listed(forged(n), forged(n + 2)),
    "ids out of order": lambda n: listed(forged(n + 1), forged(n)),
    "an id from before": lambda n: listed(forged(n - 1)),
    "an id that is huge": lambda n: listed(forged(n), forged(2**70)),
    "an id that is true": lambda n: listed(forged(n), forged(True)),
    "an id that is a float": lambda n: listed(forged(float(n))),
    "an id that is text": lambda n: listed(forged(str(n))),
    "an id that is null": lambda n: listed(forged(n), forged(None)),
    "a name that is none": lambda n: listed(forged(n), {**forged(n + 1), "name": ["crm.get_client"]}),
    "too deep": lambda n: listed(forged(n), forged(n + 1, arguments={"id": nested(101)})),
    "too many parts": lambda n: listed(*(forged(n + place, arguments={"id": [0] * 50}) for place in range(1_000))),
    "half a character": lambda n: framed(listed(forged(n))[4:].replace(b"now-forged", b"now-forged\\ud800")),
    "no text": lambda n: listed(forged(n)).replace(b"now-forged", b"now-\xff\xfe\xfd\xfc\xfb\xfa"),
    "no number": lambda n: framed(
        b'{"type":"call","calls":[{"id":%d,"name":"crm.get_client","arguments":{"id":NaN}}]}' % n
    ),
    "a message that is too long": lambda _: (2**32 - 1).to_bytes(4, "little"),
    "an empty message": lambda _: framed(b""),
    "a list": lambda n: framed(json.dumps([forged(n)]).encode()),
    "a reply": lambda n: encode_json(
        {"type": "reply", "elapsed_us": 1, "replies": [{"id": n, "ok": True, "value": 1}]}
    ),
    "ready again": lambda _: encode_json(READY),
    "a wait out of order": lambda _: encode_json({"type": "wait", "id": 2, "for_us": 1}),
    "a wait for less than nothing": lambda _: encode_json({"type": "wait", "id": 1, "for_us": -1}),
    "an error that only the host has": lambda _: encode_json(
        {
            "type": "failed",
            "errors": [{"kind": "denied-by-nobody", "message": "x"}],
            "printed": "",
            "printed_is_cut": False,
        }
    ),
    "no error at all": lambda _: encode_json({"type": "failed", "errors": [], "printed": "", "printed_is_cut": False}),
}
"""What no worker of ours says, by the number of its next call; each ends the run, and nothing of it is called."""


def framed(body: bytes) -> bytes:
    return len(body).to_bytes(4, "little") + body


class Loop(asyncio.SelectorEventLoop):
    """An event loop whose time is set."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def turn(self, times: int = 8) -> None:
        for _ in range(times):
            self.run_until_complete(asyncio.sleep(0))


class Worker(WorkerProcess):
    """A worker without a process, which keeps what it is told."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.replies: list[dict[str, object]] = []
        self._told = FrameReader(2**31)

    @property
    def process_id(self) -> int | None:
        return None

    def has_died(self) -> bool:
        return self.is_over

    async def wait(self) -> None:
        pass

    def _write(self, frame: bytes) -> None:
        for body in self._told.feed(frame):
            self.replies += cast("list[dict[str, object]]", decode_trusted(body).get("replies", []))

    def _end(self) -> None:
        pass


class Apps:
    """A transport whose apps answer at once, or when they are told to."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.open: dict[str, asyncio.Future[JsonValue]] = {}

    def begin(
        self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float
    ) -> JsonValue | asyncio.Future[JsonValue]:
        name = str(arguments["id"])
        self.begun.append(name)
        if name.startswith("wrong"):
            raise AppError("no such client")
        if name.startswith("now"):
            return {"id": name}
        made = self.open[name] = asyncio.get_running_loop().create_future()
        return made

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        begun = self.begin(route, arguments, timeout_s=timeout_s)
        return await begun if isinstance(begun, asyncio.Future) else begun

    async def describe(self) -> dict[str, JsonValue]:
        return {}

    async def close(self) -> None:
        pass


class Recorder:
    """Keeps what it is told of calls."""

    def __init__(self) -> None:
        self.states: list[tuple[int, str]] = []

    def observe(self, event: Event) -> None:
        if isinstance(event, CallEnded):
            self.states.append((event.ordinal, event.state))


class Walk(RuleBasedStateMachine):
    """A worker that calls, apps that answer in any order or not at all, and an end of the run at any moment."""

    @initialize()
    def begin(self) -> None:
        self.loop = Loop()
        self.apps = Apps()
        self.recorder = Recorder()
        self.calls: dict[int, str] = {}
        self.settled: set[str] = set()
        self.how: str | None = None
        self.outcome: Outcome | None = None
        self.loop.run_until_complete(self._begin())
        self.loop.turn()

    async def _begin(self) -> None:
        setting = Setting(
            manifest=MANIFEST,
            policy=POLICY,
            admission=Admission(MANIFEST, POLICY),
            transport=self.apps,
            observers=Observers([self.recorder]),
            paused=PausedRuns(),
            spread=Spread(),
        )
        self.worker = Worker(POLICY.limits)
        self.worker.receive(encode_json(READY))
        log = RunLog(Opening(source="1", inputs={}, started_ns=0, seed=1), keeps_answers=False)
        self.run: Run | None = Run(setting, self.worker, log, run_id="r")
        self.performing: asyncio.Task[Outcome] | None = asyncio.ensure_future(self.run.perform())

    @precondition(lambda self: self.how is None)
    @rule(kinds=st.lists(st.sampled_from(["now", "later", "later", "wrong", "misfit"]), min_size=1, max_size=4))
    def call(self, kinds: list[str]) -> None:
        first = len(self.calls) + 1
        new = {number: f"{kind}-{number}" for number, kind in enumerate(kinds, start=first)}
        self.calls.update(new)
        calls = [
            {"id": number, "name": "crm.get_client", "arguments": {"id": 7 if name.startswith("misfit") else name}}
            for number, name in new.items()
        ]
        self.hears({"type": "call", "calls": calls})

    @precondition(lambda self: self.how is None and self.answerable())
    @rule(data=st.data(), how=st.sampled_from(["value", "error", "gone", "given up"]))
    def settle(self, data: st.DataObject, how: str) -> None:
        name = data.draw(st.sampled_from(self.answerable()))
        self.answer(name, how)
        self.loop.turn()

    @precondition(lambda self: self.how is None)
    @rule(
        how=st.sampled_from(["lost", "cancelled", "closed", "done", "time"]) | st.sampled_from(list(LIES)),
        one_answers=st.booleans(),
        data=st.data(),
    )
    def end(self, how: str, one_answers: bool, data: st.DataObject) -> None:
        self.how = how
        if one_answers and self.answerable():  # its word comes in the same turn as the end
            self.answer(data.draw(st.sampled_from(self.answerable())), "value")
        if how == "cancelled":
            assert self.performing is not None
            self.performing.cancel()
        elif how == "time":
            self.loop.now += POLICY.limits.total_s + 1
        else:
            self.loop.run_until_complete(self.comes_to(how))
        self.loop.turn()
        assert self.performing is not None
        assert self.performing.done()
        with contextlib.suppress(asyncio.CancelledError):
            self.outcome = self.performing.result()
        if how in LIES:
            assert self.outcome is not None
            assert self.outcome.error is not None
            assert self.outcome.error.kind == "worker_lost"
            assert "now-forged" not in self.apps.begun
        assert self.run is not None
        self.run.close()  # as a session does, whose pool then gets the worker back
        self.worker.rest()
        self.loop.turn()

    @precondition(lambda self: self.how is not None)
    @rule()
    def speak_after_the_end(self) -> None:
        replies = len(self.worker.replies)
        number = len(self.calls) + 1
        self.hears(
            {"type": "call", "calls": [{"id": number, "name": "crm.get_client", "arguments": {"id": f"now-{number}"}}]}
        )
        assert len(self.worker.replies) == replies
        assert f"now-{number}" not in self.apps.begun

    async def comes_to(self, how: str) -> None:
        assert self.run is not None
        if how == "lost":
            self.worker.lose(WorkerLost("the worker ended"))
        elif how == "closed":
            self.run.end_early()
        else:
            self.worker.receive(encode_json(DONE) if how == "done" else LIES[how](len(self.calls) + 1))

    def hears(self, message: dict[str, object]) -> None:
        async def act() -> None:
            self.worker.receive(encode_json(message))

        self.loop.run_until_complete(act())
        self.loop.turn()

    def answerable(self) -> list[str]:
        return [name for name, future in self.apps.open.items() if not future.done()]

    def answer(self, name: str, how: str) -> None:
        future = self.apps.open[name]
        self.settled.add(name)
        if how == "value":
            future.set_result({"id": name})
        elif how == "given up":
            future.cancel()
        else:
            future.set_exception(AppError("busy") if how == "error" else UnavailableError("it has left"))

    @invariant()
    def each_call_has_one_answer_at_most_and_its_own(self) -> None:
        if not hasattr(self, "calls"):
            return
        told = Counter(cast("int", reply["id"]) for reply in self.worker.replies)
        assert set(told.values()) <= {1}
        for reply in self.worker.replies:
            if reply["ok"]:
                assert reply["value"] == {"id": self.calls[cast("int", reply["id"])]}
        if self.how is None:
            answered = {number for number, name in self.calls.items() if self.is_due(name)}
            assert set(told) == answered

    @invariant()
    def no_more_calls_wait_for_apps_than_may(self) -> None:
        if hasattr(self, "calls") and self.how is None:
            waiting = len(self.answerable())
            assert waiting <= AT_ONCE
            if len(self.calls) - len(self.worker.replies) > waiting:
                assert waiting == AT_ONCE  # none waits for its turn while there is room

    def is_due(self, name: str) -> bool:
        """Whether a call must have its answer by now."""
        return name.startswith("misfit") or name in self.settled or (name in self.apps.begun and "later" not in name)

    def teardown(self) -> None:
        if not hasattr(self, "calls"):
            return
        if self.how is not None:
            self.check_the_end()
        if self.performing is not None:
            self.performing.cancel()
        self.loop.turn()
        self.loop.close()

    def check_the_end(self) -> None:
        assert all(future.done() for future in self.apps.open.values())
        answered = {cast("int", reply["id"]): reply for reply in self.worker.replies}
        states = dict(self.recorder.states)
        assert len(self.recorder.states) == len(states)
        assert states.keys() == self.calls.keys()
        for number, name in self.calls.items():
            if number in answered:
                expected = {"finished"} if answered[number]["ok"] else {"refused", "failed", "unfinished"}
            else:
                expected = {"unfinished" if name in self.apps.begun else "refused"}
            assert states[number] in expected, (number, name, self.how)
        if self.outcome is not None:
            assert {number: call.state for number, call in enumerate(self.outcome.calls, start=1)} == states
        # What an app keeps of its calls keeps no run, but for an exception, which has the frames that it passed through.
        kept_by_apps = [one for one in self.apps.open.values() if one.cancelled() or one.exception() is None]
        self.apps.open.clear()
        kept = weakref.ref(self.run) if self.run is not None else None
        self.run = self.performing = None
        self.loop.turn()
        gc.collect()
        assert all(one.done() for one in kept_by_apps)
        assert kept is not None
        assert kept() is None, "something still holds the run"


Walk.TestCase.settings = settings(max_examples=100, stateful_step_count=15, deadline=None)
TestWalk = Walk.TestCase


@pytest.mark.parametrize("how", LIES)
@pytest.mark.parametrize("before", [[], ["later", "now"]])
def test_what_no_worker_of_ours_says_ends_the_run_and_calls_nothing(how: str, before: list[str]) -> None:
    walk = Walk()
    walk.begin()
    if before:
        walk.call(before)
    walk.how = how
    walk.loop.run_until_complete(walk.comes_to(how))
    walk.loop.turn()
    assert walk.performing is not None
    outcome = walk.performing.result()
    assert outcome.error is not None
    assert (outcome.error.kind, "now-forged" in walk.apps.begun) == ("worker_lost", False)
    assert [call.state for call in outcome.calls] == (["unfinished", "finished"] if before else [])
    json.dumps(outcome.to_json())
    walk.run = None
    walk.loop.close()
