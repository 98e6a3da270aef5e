"""Many runs of one CodeMode at the same time: none gets what is another's, and each has its own limits and its own log."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable

from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.observers import CallEnded, Event, RunEnded, RunStarted
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

RUNS = 16
CALLS = 30
IN_TURN = """
ids = [crm.get_client(f"{mine}-{n}").id for n in range(count)]
print(mine)
ids
"""
TOGETHER = """
import asyncio
clients = await asyncio.gather(*[crm.get_client(f"{mine}-{n}") for n in range(count)])
print(mine)
[client.id for client in clients]
"""


class Recorder:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def observe(self, event: Event) -> None:
        self.events.append(event)


class Apps:
    """Echo the id: every other one at once, the others some turns of the loop later, in another order than they came."""

    def __init__(self) -> None:
        self._count = 0

    def handlers(self) -> dict[str, Handler]:
        return {"CRM.GetClient": self._get}

    def _get(self, arguments: dict[str, JsonValue]) -> JsonValue | Awaitable[JsonValue]:
        self._count += 1
        answer: JsonValue = {"id": arguments["id"]}
        return answer if self._count % 2 else self._later(answer, self._count % 7)

    async def _later(self, answer: JsonValue, turns: int) -> JsonValue:
        for _ in range(turns):
            await asyncio.sleep(0)
        return answer


def outcomes_of(counts: list[int], *, limit: int) -> tuple[list[Outcome], list[Event]]:
    """Run so many snippets at once; every other one calls in turn, the others together."""
    recorder = Recorder()
    policy = Policy(results="off", effects={"crm.get_client": "read"}, limits=Limits(calls=limit, calls_at_once=5))

    async def act() -> list[Outcome]:
        transport = EmbeddedTransport(Apps().handlers())
        async with CodeMode.open(PACKAGE, transport=transport, policy=policy, observers=[recorder]) as code_mode:
            return await asyncio.gather(
                *(
                    code_mode.execute_python_code(
                        TOGETHER if number % 2 else IN_TURN, inputs={"mine": f"run-{number}", "count": count}
                    )
                    for number, count in enumerate(counts)
                )
            )

    return asyncio.run(act()), recorder.events


def test_runs_side_by_side_get_their_own_answers_in_order() -> None:
    outcomes, _ = outcomes_of([CALLS + number for number in range(RUNS)], limit=1_000)
    for number, outcome in enumerate(outcomes):
        assert outcome.ok, outcome.text()
        assert outcome.value == [f"run-{number}-{n}" for n in range(CALLS + number)]
        assert outcome.printed == f"run-{number}\n"
        assert [call.state for call in outcome.calls] == ["finished"] * (CALLS + number)


def test_the_limit_of_calls_is_each_runs_own() -> None:
    counts = [CALLS + 1 if number in (3, 8) else CALLS for number in range(RUNS)]
    outcomes, _ = outcomes_of(counts, limit=CALLS)
    for number, outcome in enumerate(outcomes):
        kind = outcome.error.kind if outcome.error else None
        assert (number, kind) == (number, "call_limit" if number in (3, 8) else None)
        assert len(outcome.calls) == CALLS


def test_observers_hear_of_every_call_once_by_the_run_that_made_it() -> None:
    outcomes, events = outcomes_of([CALLS + number for number in range(RUNS)], limit=1_000)
    mine = {event.run_id: event for event in events if isinstance(event, RunStarted)}
    ended = [event for event in events if isinstance(event, RunEnded)]
    calls = [event for event in events if isinstance(event, CallEnded)]
    assert (len(mine), len(ended)) == (RUNS, RUNS)
    assert sorted(len(event.outcome.calls) for event in ended) == [len(outcome.calls) for outcome in outcomes]
    owners = {event.run_id: str(event.outcome.printed).strip() for event in ended}
    for call in calls:
        assert str(call.arguments["id"]).startswith(f"{owners[call.run_id]}-")
    told = Counter((call.run_id, call.ordinal) for call in calls)
    assert set(told.values()) == {1}
    assert Counter(call.run_id for call in calls) == {event.run_id: len(event.outcome.calls) for event in ended}
