"""A person is asked: by a callback while the run waits, or after it was paused, and then it goes on where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

import pytest

from ioconnect_codemode import CodeMode, Limits, Outcome, OutcomeError, Policy
from ioconnect_codemode.approval import ApprovalRequest, ApprovalRules, OnApproval
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.messages import say
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue
from journeys.desk import with_desk

T = TypeVar("T")
ASK = Policy(effects={"crm.add_note": "write"}, approval=ApprovalRules(ask=("write",)))


class Notes:
    """The app's side: every note that reached it, in order."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.reads = 0

    def handlers(self) -> dict[str, Handler]:
        def add(arguments: dict[str, JsonValue]) -> JsonValue:
            self.texts.append(str(arguments["text"]))
            return {"id": f"N-{len(self.texts)}"}

        async def get(arguments: dict[str, JsonValue]) -> JsonValue:
            self.reads += 1
            await asyncio.sleep(0)
            return {"id": str(arguments["id"]), "name": f"client {self.reads}", "adviser": "A"}

        return {"CRM.AddNote": add, "CRM.GetClient": get}


def opened(
    act: Callable[[CodeMode], Awaitable[T]],
    handlers: Mapping[str, Handler],
    *,
    policy: Policy = ASK,
    on_approval: OnApproval | None = None,
    limits: Limits | None = None,
) -> T:
    return with_desk(act, handlers=handlers, policy=policy, limits=limits, on_approval=on_approval)


def error_of(outcome: Outcome) -> OutcomeError:
    assert outcome.error is not None, outcome
    return outcome.error


def id_of(outcome: Outcome) -> str:
    error = error_of(outcome)
    assert error.kind == "approval_needed", error
    assert error.approval_id is not None
    return error.approval_id


# -- with a callback --------------------------------------------------------------------------------------------------


def test_an_approved_call_is_made_and_the_person_was_asked_in_our_words() -> None:
    notes, asked = Notes(), list[ApprovalRequest]()

    async def approve(request: ApprovalRequest) -> bool:
        asked.append(request)
        return True

    outcome = opened(
        lambda code_mode: code_mode.execute_python_code("crm.add_note('CL-1', 'call her').id"),
        notes.handlers(),
        on_approval=approve,
    )
    assert outcome.value == "N-1"
    assert notes.texts == ["call her"]
    assert asked == [
        ApprovalRequest(
            capability="crm.add_note",
            arguments={"clientId": "CL-1", "text": "call her", "category": "other"},
            effect="write",
            sentence='change something in crm: crm.add_note(clientId="CL-1", text="call her", category="other")',
            expires_s=600.0,
        )
    ]


def test_a_call_that_the_person_refuses_is_not_sent_and_raises_in_the_snippet() -> None:
    notes = Notes()

    async def refuse(request: ApprovalRequest) -> bool:
        return False

    outcome = opened(
        lambda code_mode: code_mode.execute_python_code(
            "try:\n    crm.add_note('CL-1', 'x')\nexcept DeniedError as error:\n    print(error)"
        ),
        notes.handlers(),
        on_approval=refuse,
    )
    assert outcome.value == "the user refused crm.add_note\n"
    assert [call.state for call in outcome.calls] == ["refused"]
    assert notes.texts == []


def test_only_true_approves() -> None:
    notes = Notes()

    async def says_yes(request: ApprovalRequest) -> bool:
        return "yes"  # type: ignore[return-value]  # what a careless host gives

    outcome = opened(
        lambda code_mode: code_mode.execute_python_code("crm.add_note('CL-1', 'x')"),
        notes.handlers(),
        on_approval=says_yes,
    )
    assert error_of(outcome).kind == "denied"
    assert notes.texts == []


def test_a_question_that_nobody_answers_expires() -> None:
    notes, was_cancelled = Notes(), list[bool]()

    async def never(request: ApprovalRequest) -> bool:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            was_cancelled.append(True)
            raise
        return True

    outcome = opened(
        lambda code_mode: code_mode.execute_python_code("crm.add_note('CL-1', 'x')"),
        notes.handlers(),
        policy=Policy(approval=ApprovalRules(ask=("crm.add_*",), expires_s=0.05)),
        on_approval=never,
    )
    assert (error_of(outcome).kind, error_of(outcome).message) == (
        "denied",
        "nobody approved crm.add_note within 0.05 s",
    )
    assert (notes.texts, was_cancelled) == ([], [True])


def test_a_callback_that_raises_ends_the_run_and_nothing_is_sent() -> None:
    notes = Notes()

    async def broken(request: ApprovalRequest) -> bool:
        raise OSError("no display")

    outcome = opened(
        lambda code_mode: code_mode.execute_python_code(
            "try:\n    crm.add_note('CL-1', 'x')\nexcept Exception:\n    pass\n'went on'"
        ),
        notes.handlers(),
        on_approval=broken,
    )
    assert error_of(outcome).kind == "internal"
    assert "no display" not in outcome.text()
    assert notes.texts == []


def test_waiting_for_a_person_is_no_time_of_the_run() -> None:
    notes = Notes()

    async def slow(request: ApprovalRequest) -> bool:
        await asyncio.sleep(2.5)
        return True

    code = (
        "import time\nstarted = time.monotonic()\n"
        "note = asyncio.run(asyncio.wait_for(crm.add_note('CL-1', 'x'), 2))\n[note.id, time.monotonic() - started]"
    )
    outcome = opened(
        lambda code_mode: code_mode.execute_python_code(code),
        notes.handlers(),
        on_approval=slow,
        limits=Limits(timeout_s=2, total_s=2.2),
    )
    assert outcome.ok, outcome.error
    note_id, passed_s = outcome.value if isinstance(outcome.value, list) else (None, None)
    assert note_id == "N-1"
    assert isinstance(passed_s, float)
    assert passed_s < 2


def test_a_run_that_is_cancelled_while_a_person_is_asked_sends_nothing() -> None:
    notes, asked = Notes(), asyncio.Event()

    async def never(request: ApprovalRequest) -> bool:
        asked.set()
        await asyncio.Event().wait()
        return True

    async def act(code_mode: CodeMode) -> tuple[bool, list[int]]:
        running = asyncio.create_task(code_mode.execute_python_code("crm.add_note('CL-1', 'x')"))
        await asked.wait()
        running.cancel()
        results = await asyncio.gather(running, return_exceptions=True)
        return isinstance(results[0], asyncio.CancelledError), code_mode.worker_processes

    assert opened(act, notes.handlers(), on_approval=never) == (True, [])
    assert notes.texts == []


# -- paused and resumed -----------------------------------------------------------------------------------------------

FIRST_READ_THEN_WRITE = """
client = crm.get_client("CL-1")
print("before")
crm.add_note("CL-1", client.name)
[client.name, crm.get_client("CL-2").name]
"""


def test_a_paused_run_says_what_is_asked_and_what_has_happened() -> None:
    notes = Notes()

    async def act(code_mode: CodeMode) -> tuple[Outcome, list[str]]:
        outcome = await code_mode.execute_python_code(FIRST_READ_THEN_WRITE)
        requests = code_mode.approval_requests(id_of(outcome))
        return outcome, [request.sentence for request in requests]

    outcome, sentences = opened(act, notes.handlers())
    error = error_of(outcome)
    sentence = 'change something in crm: crm.add_note(clientId="CL-1", text="client 1", category="other")'
    assert (error.kind, error.message, sentences) == ("approval_needed", sentence, [sentence])
    assert error.state == "1 call finished (1 read), 1 held for approval"
    assert [(call.name, call.state) for call in outcome.calls] == [
        ("crm.get_client", "finished"),
        ("crm.add_note", "held"),
    ]
    assert (notes.texts, notes.reads) == ([], 1)


def test_a_resumed_run_goes_on_where_it_was_and_calls_nothing_twice() -> None:
    notes = Notes()

    async def act(code_mode: CodeMode) -> Outcome:
        paused = await code_mode.execute_python_code(FIRST_READ_THEN_WRITE)
        return await code_mode.resume(id_of(paused), approved=True)

    outcome = opened(act, notes.handlers())
    assert outcome.value == ["client 1", "client 2"]
    assert outcome.printed == "before\n"
    assert (notes.texts, notes.reads) == (["client 1"], 2)
    assert [call.state for call in outcome.calls] == ["finished"] * 3


def test_time_chance_and_the_order_of_sets_are_the_same_when_a_run_goes_on() -> None:
    notes = Notes()
    code = """
import random, time, uuid
from datetime import datetime
def look():
    return [random.random(), random.randint(1, 10**9), str(uuid.uuid4()), time.time_ns(), time.monotonic_ns(),
            datetime.now().isoformat(), list({f"name {n}" for n in range(50)})]
first = look()
crm.get_client("CL-1")
time.sleep(0.02)
second = look()
try:
    asyncio.run(asyncio.wait_for(crm.get_client("never"), 0.05))
except TimeoutError:
    third = look()
crm.add_note("CL-1", json.dumps([first, second, third]))
"""

    async def act(code_mode: CodeMode) -> tuple[list[str], Outcome]:
        paused = await code_mode.execute_python_code(code)
        requests = code_mode.approval_requests(id_of(paused))
        outcome = await code_mode.resume(id_of(paused), approved=True)
        return [str(request.arguments["text"]) for request in requests], outcome

    async def sometimes(arguments: dict[str, JsonValue]) -> JsonValue:
        if arguments["id"] == "never":
            await asyncio.sleep(0.2)
        return {"id": "CL-1", "name": "x", "adviser": "A"}

    asked, outcome = opened(act, {**notes.handlers(), "CRM.GetClient": sometimes})
    assert outcome.ok, outcome.error
    assert notes.texts == asked


def test_several_writes_at_once_are_each_made_exactly_once() -> None:
    notes = Notes()
    code = (
        "async def note(n):\n"
        "    client = await crm.get_client(str(n))\n"
        "    return (await crm.add_note(client.id, f'note {n}')).id\n"
        "ids = await asyncio.gather(*[note(n) for n in range(6)])\n"
        "crm.add_note('CL-9', f'all of {len(ids)}')\n"
        "len(set(ids))"
    )

    async def act(code_mode: CodeMode) -> tuple[int, Outcome]:
        outcome, times = await code_mode.execute_python_code(code), 0
        while outcome.error is not None and outcome.error.approval_id is not None:
            times += 1
            outcome = await code_mode.resume(outcome.error.approval_id, approved=True)
        return times, outcome

    times, outcome = opened(act, notes.handlers())
    assert outcome.ok, outcome.error
    assert outcome.value == 6
    assert sorted(notes.texts) == ["all of 6", *(f"note {n}" for n in range(6))]
    assert notes.reads == 6
    assert times >= 2


def test_a_call_that_was_refused_raises_where_it_was_made_and_the_rest_goes_on() -> None:
    notes = Notes()
    code = (
        "client = crm.get_client('CL-1')\ntry:\n    crm.add_note('CL-1', 'x')\nexcept DeniedError as error:\n"
        "    answer = str(error)\n[client.name, answer, crm.get_client('CL-2').name]"
    )

    async def act(code_mode: CodeMode) -> Outcome:
        return await code_mode.resume(id_of(await code_mode.execute_python_code(code)), approved=False)

    outcome = opened(act, notes.handlers())
    assert outcome.value == ["client 1", "the user refused crm.add_note", "client 2"]
    assert (notes.texts, notes.reads) == ([], 2)


def test_calls_under_way_are_let_finish_before_a_run_is_paused() -> None:
    notes = Notes()

    async def slow(arguments: dict[str, JsonValue]) -> JsonValue:
        notes.reads += 1
        await asyncio.sleep(0.1)
        return {"id": "CL-1", "name": f"read {notes.reads}", "adviser": "A"}

    code = "[r for r in await asyncio.gather(crm.get_client('CL-1'), crm.add_note('CL-1', 'x'))][0].name"

    async def act(code_mode: CodeMode) -> tuple[Outcome, Outcome]:
        paused = await code_mode.execute_python_code(code)
        return paused, await code_mode.resume(id_of(paused), approved=True)

    paused, outcome = opened(act, {**notes.handlers(), "CRM.GetClient": slow})
    assert [call.state for call in paused.calls] == ["finished", "held"]
    assert outcome.value == "read 1"
    assert (notes.texts, notes.reads) == (["x"], 1)


def test_two_paused_runs_do_not_meet() -> None:
    notes = Notes()

    async def act(code_mode: CodeMode) -> list[JsonValue]:
        codes = [f"import random\nx = random.random()\ncrm.add_note('CL-1', 'run {n}')\n'done {n}'" for n in (1, 2)]
        paused = await asyncio.gather(*(code_mode.execute_python_code(code) for code in codes))
        second = await code_mode.resume(id_of(paused[1]), approved=True)
        first = await code_mode.resume(id_of(paused[0]), approved=True)
        return [first.value, second.value]

    assert opened(act, notes.handlers()) == ["done 1", "done 2"]
    assert notes.texts == ["run 2", "run 1"]


def test_an_approval_is_used_once_and_an_unknown_one_is_wrong_use() -> None:
    async def act(code_mode: CodeMode) -> None:
        paused = await code_mode.execute_python_code("crm.add_note('CL-1', 'x')")
        resumed = await asyncio.gather(
            *(code_mode.resume(id_of(paused), approved=True) for _ in range(2)), return_exceptions=True
        )
        assert sum(isinstance(one, UsageError) for one in resumed) == 1  # whichever came first has it
        for unknown in (id_of(paused), "nothing"):
            with pytest.raises(UsageError, match="no run waits for approval under"):
                await code_mode.resume(unknown, approved=True)
            with pytest.raises(UsageError, match="no run waits for approval under"):
                code_mode.approval_requests(unknown)

    notes = Notes()
    opened(act, notes.handlers())
    assert notes.texts == ["x"]


def test_an_approval_that_comes_too_late_is_an_outcome_that_says_so() -> None:
    notes = Notes()

    async def act(code_mode: CodeMode) -> Outcome:
        paused = await code_mode.execute_python_code("crm.get_client('CL-1')\ncrm.add_note('CL-1', 'x')")
        await asyncio.sleep(0.1)
        late = await code_mode.resume(id_of(paused), approved=True)
        with pytest.raises(UsageError):
            await code_mode.resume(id_of(paused), approved=True)
        return late

    policy = Policy(effects={"crm.add_note": "write"}, approval=ApprovalRules(ask=("write",), expires_s=0.05))
    outcome = opened(act, notes.handlers(), policy=policy)
    error = error_of(outcome)
    assert (error.kind, error.message) == ("denied", "nobody approved crm.add_note within 0.05 s")
    assert error.state == "1 call finished (1 read)"
    assert [call.state for call in outcome.calls] == ["finished", "refused"]
    assert notes.texts == []


def test_a_run_that_was_paused_outlives_its_time_budget() -> None:
    notes = Notes()

    async def act(code_mode: CodeMode) -> Outcome:
        outcome = await code_mode.execute_python_code("crm.add_note('CL-1', 'x')\ncrm.add_note('CL-1', 'y').id")
        while not outcome.ok:
            await asyncio.sleep(1.1)
            outcome = await code_mode.resume(id_of(outcome), approved=True)
        return outcome

    assert opened(act, notes.handlers(), limits=Limits(total_s=2.0)).value == "N-2"
    assert notes.texts == ["x", "y"]


@pytest.mark.parametrize(("limits", "budget"), [(Limits(total_s=2.0), "total"), (Limits(timeout_s=2.0), "run")])
def test_the_time_limits_of_a_run_are_those_of_all_its_parts(limits: Limits, budget: str) -> None:
    notes = Notes()
    code = "import time\ntime.sleep(1.1)\ncrm.add_note('CL-1', 'x')\ntime.sleep(1.1)\n'never'"

    async def act(code_mode: CodeMode) -> Outcome:
        paused = await code_mode.execute_python_code(code)
        return await code_mode.resume(id_of(paused), approved=True)

    error = error_of(opened(act, notes.handlers(), limits=limits))
    assert (error.kind, error.hint) == ("timeout", say("timeout", f"{budget}_hint"))
    assert notes.texts == ["x"]
    assert "do not repeat crm.add_note" in error.state


def test_nothing_waits_for_approval_when_the_context_is_left() -> None:
    held: list[CodeMode] = []

    async def act(code_mode: CodeMode) -> str:
        held.append(code_mode)
        return id_of(await code_mode.execute_python_code("crm.add_note('CL-1', 'x')"))

    approval_id = opened(act, Notes().handlers())
    with pytest.raises(UsageError, match="no run waits"):
        held[0].approval_requests(approval_id)


# -- what is asked ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "code", "asked"),
    [
        (ApprovalRules(ask=("write",)), "crm.add_note('CL-1', 'x')", True),
        (ApprovalRules(ask=("write",)), "crm.get_client('CL-1')", False),
        (ApprovalRules(ask=("destructive",)), "crm.add_note('CL-1', 'x')", False),
        (ApprovalRules(ask=("crm.get_*",)), "crm.get_client('CL-1')", True),
        (ApprovalRules(ask=("destructive", "*.add_note")), "crm.add_note('CL-1', 'x')", True),
    ],
)
def test_effects_and_globs_ask(rules: ApprovalRules, code: str, asked: bool) -> None:
    policy = Policy(effects={"crm.add_note": "write", "crm.get_client": "read"}, approval=rules)
    outcome = opened(lambda code_mode: code_mode.execute_python_code(code), Notes().handlers(), policy=policy)
    assert (not outcome.ok and error_of(outcome).kind == "approval_needed") is asked


def test_an_unknown_effect_counts_as_a_write_and_a_reviewed_one_as_itself() -> None:
    rules = ApprovalRules(ask=("write",))
    assert rules.asks("crm.f", "unknown")
    assert not rules.asks("crm.f", "read")
    assert not ApprovalRules(ask=("unknown",)).asks("crm.f", "write")


def test_what_approval_denies_is_not_in_the_catalog() -> None:
    policy = Policy(effects={"crm.add_note": "write"}, approval=ApprovalRules(deny=("write",)))

    async def act(code_mode: CodeMode) -> tuple[str, Outcome]:
        listed = code_mode.list_python_definitions(namespace="crm")
        return listed, await code_mode.execute_python_code("crm.add_note('CL-1', 'x')")

    listed, outcome = opened(act, Notes().handlers(), policy=policy)
    assert "add_note" not in listed
    assert "get_client" in listed
    assert error_of(outcome).kind == "unknown_name"
