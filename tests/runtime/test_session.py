"""Sessions over real workers: what observers are told, logs that don't fit, policies that change, slow readers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from ioconnect_codemode import Limits, Manifest, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRequest, ApprovalRules, OnApproval
from ioconnect_codemode.errors import ObserverError, UsageError
from ioconnect_codemode.observers import CallEnded, CallStarting, Event, Observer, RunEnded, RunStarted
from ioconnect_codemode.paused import Paused, PausedRuns
from ioconnect_codemode.pool import Pool
from ioconnect_codemode.run_log import MOST_BYTES, Replied, said
from ioconnect_codemode.session import Session
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

T = TypeVar("T")
ASK = Policy(
    effects={"crm.add_note": "write", "crm.get_client": "read"}, approval=ApprovalRules(ask=("write",)), results="off"
)
CLIENT: JsonValue = {"id": "CL-1", "name": "A", "adviser": "B"}


class Recorder:
    """Keeps what it is told; stops the run at events of one kind."""

    def __init__(self, *, stops_at: type[Event] | None = None) -> None:
        self.events: list[Event] = []
        self._stops_at = stops_at

    def observe(self, event: Event) -> None:
        self.events.append(event)
        if self._stops_at is not None and isinstance(event, self._stops_at):
            raise ObserverError("the disk is full")


class Apps:
    """Handlers that note what reaches them."""

    def __init__(self) -> None:
        self.called: list[str] = []

    def handlers(self) -> dict[str, Handler]:
        def get(arguments: dict[str, JsonValue]) -> JsonValue:
            self.called.append(f"get {arguments['id']}")
            return CLIENT

        def add(arguments: dict[str, JsonValue]) -> JsonValue:
            self.called.append(f"add {arguments['text']}")
            return {"id": "N-1"}

        return {"CRM.GetClient": get, "CRM.AddNote": add}


def in_session(
    act: Callable[[Session], Awaitable[T]],
    handlers: Mapping[str, Handler],
    *,
    policy: Policy = ASK,
    observers: Sequence[Observer] = (),
    paused: PausedRuns | None = None,
    on_approval: OnApproval | None = None,
) -> T:
    async def run() -> T:
        session = Session(
            manifest=policy.apply(Manifest.read(PACKAGE)),
            policy=policy,
            pool=Pool(policy.limits, spares=0),
            transport=EmbeddedTransport(handlers),
            runs_at_once=4,
            paused=PausedRuns() if paused is None else paused,
            observers=observers,
            on_approval=on_approval,
        )
        try:
            return await act(session)
        finally:
            await session.close()
            session.paused.close()

    return asyncio.run(run())


def approval_id(outcome: Outcome) -> str:
    assert outcome.error is not None
    assert outcome.error.approval_id is not None, outcome.error
    return outcome.error.approval_id


OTHER = said({"id": 1, "name": "crm.get_client", "arguments": {}})
READ_AND_WRITE = "client = crm.get_client('CL-1')\ncrm.add_note(client.id, 'x')\ncrm.get_client('CL-2').id"


# -- logs that don't fit ----------------------------------------------------------------------------------------------


def changed_digest(paused: Paused) -> None:
    paused.log.calls[1] = replace(paused.log.calls[1], said=OTHER)


def changed_held(paused: Paused) -> None:
    paused.log.calls[2] = replace(paused.log.calls[2], said=OTHER)


def changed_answer(paused: Paused) -> None:
    entry = paused.log.sent[0]
    assert isinstance(entry, Replied)
    reply: JsonValue = {"id": "CL-9", "name": "A", "adviser": "B"}
    paused.log.sent[0] = Replied.of({"id": 1, "ok": True, "value": reply}, elapsed_us=entry.elapsed_us)


def more_calls(paused: Paused) -> None:
    paused.log.calls[3] = replace(paused.log.calls[2], state="held")


def another_end(paused: Paused) -> None:
    paused.log.opening = paused.log.opening._replace(source="crm.get_client('CL-1').id")


@pytest.mark.parametrize("change", [changed_digest, changed_held, changed_answer, more_calls, another_end])
@pytest.mark.parametrize("approved", [True, False])
def test_a_run_that_does_not_do_the_same_again_is_ended_and_sends_nothing(
    change: Callable[[Paused], None], approved: bool
) -> None:
    apps = Apps()

    async def act(session: Session) -> Outcome:
        held = approval_id(await session.run("crm.add_note(crm.get_client('CL-1').id, 'x')\n1", {}))
        paused = session.paused.take(held)
        assert isinstance(paused, Paused)
        change(paused)
        return await session.resume(session.paused.keep(paused), approved=approved)

    outcome = in_session(act, apps.handlers(), policy=replace(ASK, limits=Limits(timeout_s=0.5)))
    assert outcome.error is not None
    assert (outcome.error.kind, apps.called) == ("internal", ["get CL-1"])
    assert "nothing further was sent" in outcome.error.message
    assert "1 call finished (1 read)" in outcome.error.state
    assert "held" not in {call.state for call in outcome.calls}  # nobody will be asked any more


def test_a_resume_that_is_cancelled_leaves_no_call_held_for_observers() -> None:
    recorder, apps = Recorder(), Apps()

    async def act(session: Session) -> None:
        held = approval_id(await session.run(READ_AND_WRITE, {}))
        resuming = asyncio.create_task(session.resume(held, approved=True))
        await asyncio.sleep(0)
        resuming.cancel()
        await asyncio.gather(resuming, return_exceptions=True)

    in_session(act, apps.handlers(), observers=[recorder])
    ended = recorder.events[-1]
    assert isinstance(ended, RunEnded)
    assert [call.state for call in ended.outcome.calls] == ["finished", "refused"]
    assert apps.called == ["get CL-1"]


def test_a_run_that_waited_while_policy_changed_is_not_resumed() -> None:
    apps, paused = Apps(), PausedRuns()

    async def first(session: Session) -> str:
        return approval_id(await session.run(READ_AND_WRITE, {}))

    async def both(session: Session) -> Outcome:
        held = await first(session)
        stricter = replace(ASK, deny=("crm.add_note",))
        later = Session(
            manifest=stricter.apply(Manifest.read(PACKAGE)),
            policy=stricter,
            pool=session.pool,
            transport=session.transport,
            runs_at_once=1,
            paused=paused,
        )
        return await later.resume(held, approved=True)

    outcome = in_session(both, apps.handlers(), paused=paused)
    assert outcome.error is not None
    assert outcome.error.kind == "stale_definitions"
    assert "crm.add_note" in outcome.error.message
    assert [call.state for call in outcome.calls] == ["finished", "refused"]  # it will not be sent any more
    assert apps.called == ["get CL-1"]


def test_a_run_that_has_read_too_much_to_be_kept_is_refused_the_call() -> None:
    apps = Apps()
    large: JsonValue = {**CLIENT, "notes": "x" * (MOST_BYTES // 4)}  # type: ignore[dict-item]
    code = (
        "for n in range(5):\n    crm.get_client(str(n))\ntry:\n    crm.add_note('CL-1', 'x')\n"
        "except DeniedError as error:\n    answer = str(error)\nanswer"
    )
    outcome = in_session(
        lambda session: session.run(code, {}), {**apps.handlers(), "CRM.GetClient": lambda arguments: large}
    )
    assert outcome.value == "crm.add_note needs approval, and this run has read too much to wait for it"
    assert apps.called == []


def test_only_so_many_runs_wait_at_once() -> None:
    class Full(PausedRuns):
        @property
        def has_room(self) -> bool:
            return False

    outcome = in_session(lambda session: session.run("crm.add_note('CL-1', 'x')", {}), {}, paused=Full())
    assert outcome.error is not None
    assert (outcome.error.kind, "too many runs wait" in outcome.error.message) == ("denied", True)


# -- observers --------------------------------------------------------------------------------------------------------


def test_observers_are_told_of_start_calls_and_end_in_order() -> None:
    recorder = Recorder()
    outcome = in_session(
        lambda session: session.run("crm.get_client(wanted).id", {"wanted": "CL-1"}),
        Apps().handlers(),
        observers=[recorder],
    )
    started, starting, call, ended = recorder.events
    assert isinstance(started, RunStarted)
    assert starting == CallStarting(
        run_id=started.run_id, ordinal=1, capability="crm.get_client", effect="read", arguments={"id": "CL-1"}
    )
    assert isinstance(call, CallEnded)
    assert ended == RunEnded(run_id=started.run_id, outcome=outcome)
    assert (started.source, started.inputs, started.catalog) == (
        "crm.get_client(wanted).id",
        ("wanted",),
        outcome.catalog,
    )
    assert (call.run_id, call.ordinal, call.capability, call.effect, call.state) == (
        started.run_id,
        1,
        "crm.get_client",
        "read",
        "finished",
    )
    assert (call.arguments, call.error_kind) == ({"id": "CL-1"}, None)
    assert (call.answer_bytes, call.elapsed_ms) == (outcome.calls[0].bytes, outcome.calls[0].elapsed_ms)


def test_a_resumed_run_names_the_one_before_and_tells_each_answer_once() -> None:
    recorder = Recorder()

    async def act(session: Session) -> Outcome:
        return await session.resume(approval_id(await session.run(READ_AND_WRITE, {})), approved=True)

    in_session(act, Apps().handlers(), observers=[recorder])
    starts = [event for event in recorder.events if isinstance(event, RunStarted)]
    told = [(event.run_id, event.ordinal, event.state) for event in recorder.events if isinstance(event, CallEnded)]
    first, second = (start.run_id for start in starts)
    assert [start.resumes for start in starts] == [None, first]
    assert told == [(first, 1, "finished"), (first, 2, "held"), (second, 2, "finished"), (second, 3, "finished")]


def test_a_call_that_is_under_way_when_its_run_ends_is_told_as_unfinished() -> None:
    recorder = Recorder()

    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.Event().wait()
        return None

    policy = replace(ASK, limits=Limits(total_s=0.3))
    in_session(
        lambda session: session.run("crm.get_client('x')", {}),
        {"CRM.GetClient": never},
        policy=policy,
        observers=[recorder],
    )
    assert [event.state for event in recorder.events if isinstance(event, CallEnded)] == ["unfinished"]


def test_calls_that_waited_for_their_turn_when_the_run_ended_were_not_sent() -> None:
    recorder = Recorder()

    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.Event().wait()
        return None

    policy = Policy(effects=ASK.effects, limits=Limits(total_s=0.3, calls_at_once=1))
    outcome = in_session(
        lambda session: session.run("parallel(lambda text: crm.add_note('CL-1', text, 'call'), ['a', 'b', 'c'])", {}),
        {"CRM.AddNote": never},
        policy=policy,
        observers=[recorder],
    )
    assert outcome.error is not None
    assert outcome.error.state == "1 unfinished: do not repeat crm.add_note"
    assert [call.state for call in outcome.calls] == ["unfinished", "refused", "refused"]
    told = {event.ordinal: event.state for event in recorder.events if isinstance(event, CallEnded)}
    assert told == {1: "unfinished", 2: "refused", 3: "refused"}


def test_a_call_that_a_person_was_asked_about_when_the_run_ended_was_not_sent() -> None:
    async def broken(request: ApprovalRequest) -> bool:
        raise RuntimeError("no window")

    outcome = in_session(
        lambda session: session.run("crm.add_note('CL-1', 'a', 'call')", {}), Apps().handlers(), on_approval=broken
    )
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state) == ("internal", "no calls were made")
    assert [call.state for call in outcome.calls] == ["refused"]


def test_a_snippet_that_is_refused_before_it_has_a_worker_is_told_too() -> None:
    recorder = Recorder()
    outcome = in_session(lambda session: session.run("x = 1\x00", {}), {}, observers=[recorder])
    assert [type(event) for event in recorder.events] == [RunStarted, RunEnded]
    assert outcome.error is not None
    assert outcome.error.kind == "syntax"


def test_a_run_that_is_cancelled_has_an_end_for_observers() -> None:
    recorder = Recorder()
    reached = asyncio.Event()

    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        reached.set()
        await asyncio.Event().wait()
        return None

    async def act(session: Session) -> None:
        running = asyncio.create_task(session.run("crm.get_client('x')", {}))
        await reached.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    in_session(act, {"CRM.GetClient": never}, observers=[recorder])
    ended = recorder.events[-1]
    assert isinstance(ended, RunEnded)
    assert ended.outcome.error is not None
    assert ended.outcome.error.message == "whoever asked for the run has given it up"


@pytest.mark.parametrize("why", ["expired", "policy changed"])
def test_a_resume_that_is_refused_has_a_start_and_an_end_for_observers(why: str) -> None:
    recorder, apps, paused = Recorder(), Apps(), PausedRuns()
    policy = replace(ASK, approval=ApprovalRules(ask=("write",), expires_s=0.05 if why == "expired" else 60))

    async def act(session: Session) -> Outcome:
        held = approval_id(await session.run(READ_AND_WRITE, {"who": "secret"}))
        if why == "policy changed":
            session.policy = replace(policy, mask=("*.name",))
        else:
            with pytest.raises(UsageError):
                while paused.requests(held):
                    await asyncio.sleep(0)
        return await session.resume(held, approved=True)

    outcome = in_session(act, apps.handlers(), policy=policy, observers=[recorder], paused=paused)
    first, start = (event for event in recorder.events if isinstance(event, RunStarted))
    end = recorder.events[-1]
    assert isinstance(end, RunEnded)
    assert (start.resumes, start.source, start.inputs) == (first.run_id, first.source, ("who",))
    assert (end.run_id, end.outcome, outcome.ok) == (start.run_id, outcome, False)
    assert apps.called == ["get CL-1"]


class GivenUp(BaseException):
    """What is no error of an app's, and no end of the process."""


@pytest.mark.parametrize("how", ["at once", "awaited", "later", "asked about"])
def test_what_an_app_raises_besides_errors_ends_the_run_at_once(how: str, caplog: pytest.LogCaptureFixture) -> None:
    def at_once(arguments: dict[str, JsonValue]) -> JsonValue:
        raise GivenUp

    async def awaited(arguments: dict[str, JsonValue]) -> JsonValue:
        if how == "later":
            await asyncio.sleep(0)
        raise GivenUp

    async def approve(request: ApprovalRequest) -> bool:
        return True

    policy = replace(ASK, limits=Limits(total_s=3_600, call_timeout_s=3_600))
    handler: Handler = at_once if how == "at once" else awaited
    outcome = in_session(
        lambda session: asyncio.wait_for(session.run("crm.add_note('CL-1', 'x')", {}), 60),
        {"CRM.AddNote": handler},
        policy=policy if how == "asked about" else replace(policy, approval=ApprovalRules()),
        on_approval=approve,
    )
    assert outcome.error is not None
    assert (outcome.error.kind, [call.state for call in outcome.calls]) == ("internal", ["unfinished"])
    assert "GivenUp" in caplog.text


@pytest.mark.parametrize(
    ("stops_at", "called"), [(RunStarted, []), (CallEnded, ["get CL-1"]), (RunEnded, ["get CL-1", "get CL-2"])]
)
def test_an_observer_that_stops_the_run_leaves_nothing_to_leave_the_machine(
    stops_at: type[Event], called: list[str]
) -> None:
    apps = Apps()
    outcome = in_session(
        lambda session: session.run("crm.get_client('CL-1')\ncrm.get_client('CL-2').name", {}),
        apps.handlers(),
        observers=[Recorder(), Recorder(stops_at=stops_at)],
    )
    assert outcome.error is not None
    assert (outcome.ok, outcome.value, outcome.printed, outcome.error.kind) == (False, None, "", "internal")
    assert "the disk is full" in outcome.error.message
    assert apps.called == called


@pytest.mark.parametrize("asks", ["a person", "nobody"])
def test_an_observer_that_stops_the_run_at_one_approved_call_stops_those_beside_it(asks: str) -> None:
    class Once:
        """Stops the run at the first call that is about to be sent, and could write the next one."""

        has_stopped = False

        def observe(self, event: Event) -> None:
            if isinstance(event, CallStarting) and not self.has_stopped:
                self.has_stopped = True
                raise ObserverError("the disk is full")

    async def approve(request: object) -> bool:
        return True

    async def act(session: Session) -> Outcome:
        code = "import asyncio\nasyncio.gather(*(crm.add_note('CL-1', t, 'call') for t in ['a', 'b', 'c']))"
        outcome = await session.run(code, {})
        if asks == "a person":
            return outcome
        return await session.resume(approval_id(outcome), approved=True)

    apps = Apps()
    on_approval = approve if asks == "a person" else None
    outcome = in_session(act, apps.handlers(), observers=[Once()], on_approval=on_approval)
    assert outcome.error is not None
    assert outcome.error.kind == "internal"
    assert apps.called == []


def test_an_observer_that_fails_otherwise_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def observe(self, event: Event) -> None:
            raise ValueError("not ours")

    recorder = Recorder()
    outcome = in_session(lambda session: session.run("1 + 1", {}), {}, observers=[Broken(), recorder])
    assert outcome.value == 2
    assert [type(event) for event in recorder.events] == [RunStarted, RunEnded]
    assert "an observer failed" in caplog.text


# -- slow readers -----------------------------------------------------------------------------------------------------


def test_answers_to_a_worker_that_does_not_read_are_bounded() -> None:
    """The snippet sends calls and then computes: what is answered meanwhile must not pile up in the host."""
    reached: list[str] = []
    large: JsonValue = {**CLIENT, "notes": "x" * 1_000_000}  # type: ignore[dict-item]

    async def get(arguments: dict[str, JsonValue]) -> JsonValue:
        reached.append(str(arguments["id"]))
        await asyncio.sleep(0.001)
        return large

    code = (
        "async def fetch(n):\n    found = await crm.get_client(str(n))\n    if n == 0:\n        while True: pass\n"
        "    return found\nawait asyncio.gather(*[fetch(n) for n in range(300)])"
    )
    policy = replace(ASK, limits=Limits(total_s=1.5, timeout_s=1.5, calls_at_once=4))
    outcome = in_session(lambda session: session.run(code, {}), {"CRM.GetClient": get}, policy=policy)
    assert outcome.error is not None
    assert outcome.error.kind == "timeout"
    assert len(reached) < 30


SCALARS: list[JsonValue] = [0, False, "", None, 0.0, 1.0, 0.1, 1e308, 5e-324, "#T42_DATE#0", "1234.50", "\x00"]
LARGE: list[JsonValue] = [2**53 + 1, 2**64 + 1, -(2**70), 10**300]
HOLDING: list[JsonValue] = [[], {}, {"_value": 0}, {"_value": []}, [0, False, "", None, [], {}], {"a": 0, "b": ""}]
EXACT: list[JsonValue] = [*SCALARS, *LARGE, *HOLDING]


@pytest.mark.parametrize("is_resumed", [False, True])
def test_values_arrive_as_they_are_and_leave_so_also_when_they_come_from_the_log(is_resumed: bool) -> None:
    """Falsy ones, whole numbers beyond a float, what looks like a wrapping or a date: none becomes another on the way."""
    answers = iter(EXACT)
    policy = ASK if is_resumed else replace(ASK, approval=ApprovalRules())

    async def act(session: Session) -> list[JsonValue]:
        left: list[JsonValue] = []
        for _ in EXACT:
            outcome = await session.run("x = crm.get_client('CL-1')\ncrm.add_note('CL-1', 'x')\n[x, repr(x)]", {})
            if is_resumed:
                outcome = await session.resume(approval_id(outcome), approved=True)
            left.append(outcome.to_json()["value"])
        return left

    handlers: dict[str, Handler] = {**Apps().handlers(), "CRM.GetClient": lambda _: next(answers)}
    left = in_session(act, handlers, policy=policy)
    assert [repr(one) for one in left] == [repr([value, repr(value)]) for value in EXACT]


# -- time -------------------------------------------------------------------------------------------------------------


def test_what_an_app_takes_that_answers_at_once_is_not_the_time_of_the_run() -> None:
    def get(arguments: dict[str, JsonValue]) -> JsonValue:
        until = time.perf_counter() + 0.6
        while time.perf_counter() < until:
            pass
        return CLIENT

    policy = Policy(effects={"crm.get_client": "read"}, limits=Limits(timeout_s=1.0))
    code = "for n in range(3):\n    crm.get_client(str(n))\n'done'"
    assert in_session(lambda session: session.run(code, {}), {"CRM.GetClient": get}, policy=policy).value == "done"


# -- floods -----------------------------------------------------------------------------------------------------------


def test_a_snippet_whose_calls_wait_with_very_much_is_told_to_make_fewer_at_once() -> None:
    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.Event().wait()
        return arguments["id"]

    code = "await asyncio.gather(*[crm.get_client(str(n) * 5_000_000) for n in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4)])"
    policy = Policy(effects={"crm.get_client": "read"}, limits=Limits(total_s=30))
    outcome = in_session(lambda session: session.run(code, {}), {"CRM.GetClient": never}, policy=policy)

    assert outcome.error is not None
    assert (outcome.error.kind, "more than 67,108,864 bytes" in outcome.error.message) == ("call_limit", True)


def test_between_large_answers_that_come_at_once_the_host_goes_on() -> None:
    """Each takes the host some milliseconds; together they held it for a second."""
    tags: list[JsonValue] = [[]] * 10
    large: JsonValue = [{"id": f"CL-{number}", "tags": tags} for number in range(10_000)]
    ticks, ticks_at = 0, list[int]()

    class Ticks:
        def observe(self, event: Event) -> None:
            if isinstance(event, CallEnded):
                ticks_at.append(ticks)

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0)

    async def run(session: Session) -> Outcome:
        ticking = asyncio.ensure_future(tick())
        outcome = await session.run(code, {})
        ticking.cancel()
        return outcome

    came = asyncio.Event()
    waiting = 0

    async def together(arguments: dict[str, JsonValue]) -> JsonValue:
        nonlocal waiting
        waiting += 1
        if waiting == 8:
            came.set()
        await came.wait()
        return large

    code = "len(await asyncio.gather(*[crm.get_client(str(n)) for n in range(8)]))"
    policy = Policy(results="off", effects={"crm.get_client": "read"})
    outcome = in_session(run, {"CRM.GetClient": together}, policy=policy, observers=[Ticks()])

    assert outcome.value == 8
    assert len(set(ticks_at)) == 8
