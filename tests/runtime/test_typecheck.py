from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

import pytest
import slips

from ioconnect_codemode import Limits, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.bridge import State
from ioconnect_codemode.frames import Problem
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.messages import say
from ioconnect_codemode.outcome import OutcomeError
from ioconnect_codemode.paused import PausedRuns
from ioconnect_codemode.pool import Pool, WorkerProcess
from ioconnect_codemode.session import Session
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.typecheck import TypeCheck, merged, ty_version
from ioconnect_codemode.typecheck.findings import LISTED
from ioconnect_codemode.typecheck.installed import ty_command
from ioconnect_codemode.values import JsonValue

MANIFEST = Manifest.read(slips.PACKAGE)
CLIENT: JsonValue = {
    "id": "CL-1",
    "name": "Amelia Reid",
    "email": "a@b.c",
    "adviser": "Jonas Weber",
    "segment": "private",
    "status": "active",
    "address": {"street": "s", "city": "c", "country": "CH"},
}
ACCEPTED = Path(__file__).parents[1] / "snippets" / "accepted"


def found_in(snippets: Sequence[str], command: Sequence[str] | None = None) -> list[tuple[Problem, ...]]:
    async def ask() -> list[tuple[Problem, ...]]:
        check = TypeCheck(MANIFEST, command or ty_command())
        try:
            return [await check.findings(snippet, is_patient=True) for snippet in snippets]
        finally:
            await check.close()

    return asyncio.run(ask())


def test_the_check_is_there_for_the_tests() -> None:
    assert ty_version() is not None


def test_what_it_finds_is_told_in_our_words_at_its_place() -> None:
    snippets = [
        "crm.find_clients(5)",
        "people = {'a': crm.get_client('x')}\npeople['a'].advisor",
        "crm.add_note('a', 't', 'phone')",
        "crm.find_clients(nme='a')",
    ]
    told = [[(one["message"], one.get("line"), one.get("column")) for one in found] for found in found_in(snippets)]
    assert told[0] == [("expected str, got int", 1, 18)]
    assert told[1] == [("Client has no field advisor", 2, 13)]
    assert told[2][0][0] == '"phone" is not one of "call", "meeting", "email", "other"'
    assert ("unknown argument nme", 1, 18) in told[3]


def test_each_listed_rule_is_told() -> None:
    slips_by_rule = {
        "invalid-argument-type": ("crm.find_clients(5)", "expected str, got int"),
        "missing-argument": ("crm.find_clients()", "missing argument name"),
        "unknown-argument": ("crm.find_clients('a', nme=1)", "unknown argument nme"),
        "too-many-positional-arguments": ("crm.get_client('a', 'b')", "too many arguments: expected 1, got 2"),
        "parameter-already-assigned": ("crm.get_client('a', id='b')", "argument id is given twice"),
        "missing-attribute": ("crm.get_client('a').advisor", "Client has no field advisor"),
        "unsupported-operator": ("crm.get_client('a').aum + 'x'", "+ does not take float and str"),
    }
    assert slips_by_rule.keys() == set(LISTED)
    found = found_in([snippet for snippet, _ in slips_by_rule.values()])
    assert [[one["message"] for one in problems] for problems in found] == [
        [message] for _, message in slips_by_rule.values()
    ]


def test_rules_that_our_language_breaks_say_nothing() -> None:
    """A record is a dict, a dict is a record where one is wanted, and an answer may be awaited or not."""
    legal = [
        "c = crm.get_client('a')\n[c['name'], c.get('name'), {**c}, len(c), 'name' in c, [*c]]",
        "[c | {'total': 1} for c in crm.find_clients('a')][0]['total']",
        "a, b = crm.get_client('a'), crm.get_client('b')\n[a | b, a | dict(b), {'x': 1} | a, [*reversed(a)]]",
        "c, d = crm.get_client('a'), {'x': 1}\nd |= c\nd.update(c)\nfor r in [c]:\n    r |= {'x': 2}\n    r.popitem()\n    r.clear()",
        "orders.place_order('P-1', 'A', 'BUY'.lower(), 1)",
        "side = 'buy,sell'.split(',')[0]\norders.place_order('P-1', 'A', side, 1)",
        "symbols = {'A', 'B'}\nmarket_data.get_quotes(symbols)\nmarket_data.get_quotes(('A', 'B'))",
        "market_data.get_quotes({'A': 1}.keys())",
        "from datetime import date\ncrm.list_notes('a', since=date(2026, 1, 1))",
        "(await crm.get_client('a')).name",
        "orders.validate({'side': 'buy', 'quantity': 1, 'symbol': 'A', 'portfolio': 1, 'limitPrice': 2, 'timestamp': 0})",
        "orders.validate(dict(side='buy'))",
        "intents.view_chart({'type': 'fdc3.instrument', 'id': {'ticker': 'A'}})",
        "crm.get_client('a').phone.upper()",
        "return crm.get_client('a').name",
    ]
    assert [snippet for snippet, found in zip(legal, found_in(legal), strict=True) if found] == []


def test_a_function_of_the_snippet_that_is_called_wrongly_is_told_and_one_that_may_be_another_is_not() -> None:
    wrong = ["def f(a):\n    return a\nf(1, 2)", "def f(a):\n    return a\nf(1, b=2)", "def f(a):\n    return a\nf()"]
    assert [[one["message"] for one in found] for found in found_in(wrong)] == [
        ["too many arguments: expected 1, got 2"],
        ["unknown argument b"],
        ["missing argument a"],
    ]
    unsure = [
        "import functools\n@functools.cache\ndef f(a):\n    return a\nf(1, 2)",
        "def f(a):\n    return a\ndef f(a, b):\n    return a\nf(1, 2, 3)",
        "def f(a):\n    return a\ntry:\n    f(1, 2)\nexcept TypeError:\n    pass",
    ]
    assert [snippet for snippet, found in zip(unsure, found_in(unsure), strict=True) if found] == []


def test_it_says_nothing_of_the_good_snippets() -> None:
    good = [*slips.snippets("good"), *slips.snippets("later/good")]
    assert [snippet for snippet, found in zip(good, found_in(good), strict=True) if found] == []


def test_it_says_nothing_of_the_accepted_snippets() -> None:
    accepted = {path.stem: path.read_text(encoding="utf-8") for path in sorted(ACCEPTED.glob("*.py"))}
    assert len(accepted) > 300
    found = found_in(list(accepted.values()))
    assert {name: problems for name, problems in zip(accepted, found, strict=True) if problems} == {}


def test_a_value_that_may_be_of_several_types_is_taken_to_be_the_right_one() -> None:
    mixed = [
        "rows = [{'name': 'n', 'amount': i} for i in range(9)]\nsum(row['amount'] for row in rows if row['amount'] > 3)",
        "rows = [{'name': 'n', 'amount': 1}]\ntotal = 0\nfor row in rows:\n    total += row['amount']\ntotal",
        "rows = [{'id': 'CL-1', 'visits': 1}]\n[crm.get_client(row['id']) for row in rows]",
        "name, size = ['a', 1]\nname.upper()\nsize + 1",
        "best = None\nfor one in [1, 2]:\n    if not best or one > best['v']:\n        best = {'v': one, 's': 'x'}\nbest['v'] + 1",
        "x = 1 if crm else 'a'\nx + 1",
        "max([{'k': 1, 's': 'a'}], key=lambda row: row['k'])['k'] * 2 + 1",
    ]
    assert [snippet for snippet, found in zip(mixed, found_in(mixed), strict=True) if found] == []
    assert [[one["message"] for one in found] for found in found_in(["['a', 'b'][0] + 1", "x = 'a | b'\nx + 1"])] == [
        ["+ does not take str and int"],
        ["+ does not take str and int"],
    ]


SPREAD = (
    'options = {"name": "Amelia"}\ncrm.find_clients(**options)',
    'crm.find_clients(**dict(name="Amelia"))',
    'options = {}\noptions["name"] = "Amelia"\nlen(crm.find_clients(**options))',
    'crm.find_clients(*["Amelia"])',
    'def found(**options: str):\n    return crm.find_clients(**options)\nfound(name="Amelia")',
)

SPREAD_AND_WRONG = 'crm.find_clients(*["Amelia"], limit="x")'


def test_what_is_spread_is_not_taken_for_every_parameter() -> None:
    assert found_in(SPREAD) == [()] * len(SPREAD)
    assert [one["message"] for one in found_in([SPREAD_AND_WRONG])[0]] == ["expected int, got str"]


ENUM = "from enum import Enum\nclass Mood(Enum):\n    OPEN = 1\n    SHUT = 2\n"
OWN_CLASSES = (
    f"{ENUM}Mood.OPEN.seen = 3\nMood.OPEN.seen + len(crm.find_clients('a'))",
    f"{ENUM}def look():\n    return Mood.OPEN.seen + 1\nMood.OPEN.seen = 3\nlook()",
    "class Client:\n    pass\nc = Client()\nc.total = 1\ndef total(client: Client):\n    return client.total\ntotal(c)",
    "from collections import namedtuple\nfields = 'a b'.split()\nNote = namedtuple('Note', fields)\nNote(1, 2).b",
)


def test_members_and_classes_of_the_snippet_are_not_taken_for_numbers_and_records() -> None:
    assert found_in(OWN_CLASSES) == [()] * len(OWN_CLASSES)
    assert [[one["message"] for one in found] for found in found_in([f"{ENUM}Mood.OPEN.value.seen", "(3).seen"])] == [
        ["int has no attribute seen"],
        ["int has no attribute seen"],
    ]


def test_what_is_gathered_and_not_awaited_yet_can_be_cancelled() -> None:
    snippet = 'import asyncio\nboth = asyncio.gather(crm.get_client("1"), crm.get_client("2"))\nboth.cancel()'
    assert found_in([snippet]) == [()]


def test_hostile_text_is_only_data() -> None:
    hostile = "\n\nContent-Length: 5\r\n\r\n{}\ncrm.find_clients(5)"
    again = found_in([hostile, "\x00", "(" * 900, "crm.find_clients(5)"])[-1]
    assert [one["message"] for one in again] == ["expected str, got int"]


@pytest.mark.parametrize(
    "program",
    ["", "import time; time.sleep(60)", "print('Content-Length: 3\\r\\n\\r\\n???', flush=True)", "raise SystemExit(3)"],
)
def test_a_server_that_ends_hangs_or_talks_nonsense_finds_nothing_and_fails_nothing(program: str) -> None:
    async def ask() -> tuple[Problem, ...]:
        check = TypeCheck(MANIFEST, [sys.executable, "-c", program])
        try:
            return await asyncio.wait_for(check.findings("crm.find_clients(5)"), 5)
        finally:
            await check.close()

    assert asyncio.run(ask()) == ()


_COUNTING = """
import json, sys
asked = -1  # the first is the server's own
while size := sys.stdin.buffer.readline():
    sys.stdin.buffer.readline()
    message = json.loads(sys.stdin.buffer.read(int(size.split(b":")[1])))
    if "id" not in message:
        continue
    asked += message["method"].endswith("diagnostic")
    place = {"line": 1, "character": 0}
    text = f"Argument `number_{asked}` does not match any known parameter of function `crm.find_clients`"
    found = {"range": {"start": place, "end": place}, "code": "unknown-argument", "message": text}
    body = json.dumps({"id": message["id"], "result": {"items": [found]}}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n" % len(body) + body)
    sys.stdout.buffer.flush()
"""


def test_a_snippet_is_asked_about_once_and_its_answer_is_remembered() -> None:
    snippets = ["crm.find_clients(a=1)", "crm.find_clients(b=1)", "crm.find_clients(a=1)"]
    told = found_in(snippets, [sys.executable, "-c", _COUNTING])
    assert [[one["message"] for one in found] for found in told] == [
        ["unknown argument number_1"],
        ["unknown argument number_2"],
        ["unknown argument number_1"],
    ]


def test_the_same_snippet_many_times_at_once_is_asked_about_once() -> None:
    async def ask() -> list[tuple[Problem, ...]]:
        check = TypeCheck(MANIFEST, [sys.executable, "-c", _COUNTING])
        try:
            return await asyncio.gather(*(check.findings("crm.find_clients(a=1)", is_patient=True) for _ in range(5)))
        finally:
            await check.close()

    assert [found[0]["message"] for found in asyncio.run(ask())] == ["unknown argument number_1"] * 5


def test_a_server_that_is_not_there_finds_nothing() -> None:
    assert found_in(["crm.find_clients(5)"], ["/nowhere/ty", "server"]) == [()]


def test_a_line_that_has_an_error_already_gets_no_second_one() -> None:
    ours = OutcomeError(kind="type_error", message="first", line=1, column=3)
    problems = [
        Problem(kind="type_error", message="again", line=1, column=1),
        Problem(kind="type_error", message="more", line=2, column=1),
    ]
    error = merged(Outcome(ok=False, error=ours), problems, "a = 1\nb = 2").error
    assert error is not None
    assert [error.message, *(one.message for one in error.others)] == ["first", "more"]


def test_what_only_it_finds_makes_a_good_review_a_failure() -> None:
    outcome = merged(
        Outcome(ok=True), [Problem(kind="type_error", message="m", line=1, column=1, end_column=2)], "a = 1"
    )
    assert (outcome.ok, outcome.error and outcome.error.text()) == (
        False,
        "type_error at line 1, column 1 (nothing was run)\n  1 | a = 1\n    | ^ m",
    )


class Found(TypeCheck):
    """A check that answers when it is told to, with what it is told to find."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__(MANIFEST, None)
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self._problems = problems

    @property
    def answers(self) -> bool:
        return True

    async def findings(self, source: str, *, is_patient: bool = False) -> tuple[Problem, ...]:
        self.asked.set()
        await self.may_answer.wait()
        return self._problems


class WatchedPool(Pool):
    """A pool that says which workers it has given."""

    def __init__(self) -> None:
        super().__init__(Limits(), spares=1)
        self.given: list[WorkerProcess] = []

    async def take(self, modules: Collection[str] | None = None) -> WorkerProcess:
        self.given.append(await super().take(modules))
        return self.given[-1]


def session_of(
    pool: Pool, check: TypeCheck, *, policy: Policy | None = None, transport: EmbeddedTransport | None = None
) -> Session:
    return Session(
        manifest=MANIFEST,
        policy=policy or Policy(),
        pool=pool,
        transport=transport or EmbeddedTransport({}),
        runs_at_once=4,
        paused=PausedRuns(),
        type_check=check,
    )


def run_beside(
    check: Found, snippet: str, *, ends: bool = False, policy: Policy | None = None, after_s: float = 0.0
) -> tuple[Outcome, list[str]]:
    """Run a snippet beside a check that answers when the worker has nothing left to do; gives the calls that were made.

    Args:
        check: The check.
        snippet: The snippet.
        ends: The worker is known to have ended before the check answers.
        policy: The policy.
        after_s: How much later still the check answers.
    """
    calls: list[str] = []

    async def get_client(arguments: dict[str, JsonValue]) -> JsonValue:
        calls.append(str(arguments["id"]))
        await asyncio.sleep(0)  # an app takes its time
        return CLIENT

    async def run() -> Outcome:
        pool = WatchedPool()
        session = session_of(pool, check, policy=policy, transport=EmbeddedTransport({"CRM.GetClient": get_client}))
        running = asyncio.ensure_future(session.run(snippet, {}))
        await check.asked.wait()
        other = session_of(pool, TypeCheck(MANIFEST, None))
        await other.run(snippet, {}, only_review=True)  # takes as long as the held run, and is over
        while ends and pool.given[0].conversation.state is not State.OVER:
            await asyncio.sleep(0)
        if ends and pool.given[0].process_id is not None:
            os.kill(pool.given[0].process_id, signal.SIGTERM)
        while ends and not pool.given[0].is_over:
            await asyncio.sleep(0)
        asyncio.get_running_loop().call_later(after_s, check.may_answer.set)
        outcome = await running
        await session.close()
        return outcome

    return asyncio.run(run()), calls


def test_nothing_is_called_where_the_check_finds_something() -> None:
    check = Found(Problem(kind="type_error", message="found", line=2, column=1, end_column=2))
    outcome, calls = run_beside(check, "print('said')\ncrm.get_client('CL-1')\ncrm.get_client('CL-2')")
    assert outcome.error is not None
    assert (outcome.error.message, outcome.error.line, outcome.error.state) == ("found", 2, "nothing was run")
    assert (calls, outcome.calls, outcome.printed) == ([], (), "")


def test_what_the_check_and_the_review_find_is_told_together() -> None:
    check = Found(Problem(kind="type_error", message="found", line=1, column=1, end_column=2))
    outcome, calls = run_beside(check, "crm.get_client('CL-1').name\nopen('f')")
    assert outcome.error is not None
    assert [outcome.error.line, *(one.line for one in outcome.error.others)] == [1, 2]
    assert calls == []


def test_a_run_that_the_check_passes_goes_on_as_if_there_were_none() -> None:
    outcome, calls = run_beside(Found(), "print('before')\nclient = crm.get_client('CL-1')\nclient.adviser")
    assert (outcome.ok, outcome.value, outcome.printed, calls) == (True, "Jonas Weber", "before\n", ["CL-1"])
    assert [call.name for call in outcome.calls] == ["crm.get_client"]


@pytest.mark.parametrize(
    ("snippet", "kind"),
    [("crm\nimport socket", "not_allowed"), ("crm.get_client(12)", "type_error"), ("crm +", "syntax")],
)
def test_a_worker_that_has_ended_before_the_check_answers_has_said_what_it_found(snippet: str, kind: str) -> None:
    outcome, _ = run_beside(Found(), snippet, ends=True)
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state) == (kind, "nothing was run")


def test_a_worker_that_has_ended_before_the_check_answers_has_said_its_value() -> None:
    outcome, _ = run_beside(Found(), "len([crm.get_client]) * 42", ends=True)
    assert (outcome.ok, outcome.value) == (True, 42)


@pytest.mark.parametrize("snippet", ["6 * 7", "say = 'crmx'\nlen(say) + 38"])
def test_a_snippet_that_names_nothing_of_the_catalog_waits_for_no_check(snippet: str) -> None:
    check = Found(Problem(kind="type_error", message="found", line=1, column=1, end_column=2))

    async def act() -> Outcome:
        pool = WatchedPool()
        session = session_of(pool, check)
        outcome = await session.run(snippet, {})
        await session.close()
        return outcome

    outcome = asyncio.run(act())
    assert (outcome.ok, outcome.value, check.asked.is_set()) == (True, 42, False)


@pytest.mark.parametrize(
    "snippet", ["crm", "from crm import get_client", "get = crm . get_client", "ｃｒｍ.get_client('x')"]
)
def test_a_snippet_that_may_name_something_of_the_catalog_is_the_checks_concern(snippet: str) -> None:
    assert Found().concerns(snippet)


def test_a_flood_of_calls_is_not_held_for_long() -> None:
    outcome, calls = run_beside(Found(), "parallel(crm.get_client, ['CL-1'] * 2_000)")
    assert outcome.error is not None
    assert outcome.error.kind == "call_limit"
    assert len(calls) <= Limits().calls


def test_a_worker_that_calls_without_end_is_ended_while_its_run_is_held() -> None:
    async def act() -> Outcome:
        check, pool = Found(), WatchedPool()
        session = session_of(pool, check, policy=Policy(limits=Limits(calls=10)))
        running = asyncio.ensure_future(session.run("parallel(crm.get_client, ['CL-1'] * 2_000)", {}))
        async with asyncio.timeout(30):
            while not (pool.given and pool.given[0].is_over):
                await asyncio.sleep(0)
        check.may_answer.set()
        outcome = await running
        await session.close()
        return outcome

    outcome = asyncio.run(act())
    assert outcome.error is not None
    assert outcome.error.kind == "call_limit"


@pytest.mark.parametrize("snippet", ["len([crm.get_client]) * 42", "crm.get_client('CL-1').name and 42"])
def test_a_run_that_waits_for_the_check_only_spends_none_of_its_time(snippet: str) -> None:
    limits = Limits(timeout_s=1.0, total_s=1.0)
    outcome, _ = run_beside(Found(), snippet, policy=Policy(limits=limits), after_s=1.5)
    assert (outcome.ok, outcome.value) == (True, 42), outcome.error


def test_a_held_run_that_computes_without_end_is_out_of_time() -> None:
    policy = Policy(limits=Limits(timeout_s=0.3))
    outcome, _ = run_beside(Found(), "while crm:\n    pass", policy=policy, after_s=0.6)
    assert outcome.error is not None
    assert outcome.error.kind == "timeout"


_IN_FRAMES_OF_THEIR_OWN = """def act(of):
    return crm.add_note('CL-1', 'x' * 3_000) if of == 'note' else crm.get_client(of * 3_000)
"""


def test_a_held_run_makes_the_calls_up_to_its_limit_however_they_were_sent() -> None:
    snippet = f"{_IN_FRAMES_OF_THEIR_OWN}parallel(act, ['a', 'b', 'c'])"
    outcome, calls = run_beside(Found(), snippet, policy=Policy(limits=Limits(calls=1, call_bytes=4_096)), after_s=0.2)
    assert outcome.error is not None
    assert (outcome.error.kind, [call.name for call in outcome.calls]) == ("call_limit", ["crm.get_client"])
    assert len(calls) <= 1


def test_a_held_run_that_is_paused_makes_no_call_after_the_one_that_a_person_is_asked_about() -> None:
    snippet = f"{_IN_FRAMES_OF_THEIR_OWN}parallel(act, ['a', 'note', 'b'])"
    policy = Policy(approval=ApprovalRules(ask=("crm.add_note",)), limits=Limits(call_bytes=4_096))
    outcome, calls = run_beside(Found(), snippet, policy=policy, after_s=0.2)
    assert outcome.error is not None
    assert (outcome.error.kind, [one[0] for one in calls]) == ("approval_needed", ["a"])


def test_a_session_that_is_closed_says_so_of_a_run_that_is_held() -> None:
    async def act() -> Outcome:
        check = Found(Problem(kind="type_error", message="found", line=1, column=1, end_column=2))
        pool = WatchedPool()
        session = session_of(pool, check)
        running = asyncio.ensure_future(session.run("while crm:\n    pass", {}))
        await check.asked.wait()
        await session.close()
        check.may_answer.set()
        outcome = await running
        assert pool.process_ids == []
        return outcome

    outcome = asyncio.run(act())
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.message) == ("worker_lost", say("worker_lost", "closed"))


def test_a_held_run_that_is_cancelled_leaves_no_worker() -> None:
    async def act() -> None:
        check = Found()
        pool = WatchedPool()
        session = session_of(pool, check)
        running = asyncio.ensure_future(session.run("while crm:\n    pass", {}))
        await check.asked.wait()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        assert running.cancelled()
        assert pool.given[0].is_over
        await session.close()

    asyncio.run(act())


@pytest.mark.parametrize("closes", [False, True])
def test_a_worker_that_ends_while_the_check_is_waited_for_is_replaced(closes: bool) -> None:
    """A review waits for the check before it begins; when the session is closed meanwhile it says so."""

    async def act() -> Outcome:
        check = Found()
        pool = WatchedPool()
        session = session_of(pool, check)
        running = asyncio.ensure_future(session.run("crm.get_client(5)", {}, only_review=True))
        await check.asked.wait()
        if closes:
            await session.close()
        elif pool.given[0].process_id is not None:
            os.kill(pool.given[0].process_id, signal.SIGTERM)
        while not pool.given[0].is_over:
            await asyncio.sleep(0)
        check.may_answer.set()
        outcome = await running
        await session.close()
        return outcome

    error = asyncio.run(act()).error
    assert error is not None
    assert error.kind == ("worker_lost" if closes else "type_error")


def test_a_run_whose_answer_is_known_at_once_gives_its_worker_back() -> None:
    async def act() -> tuple[str | None, list[int]]:
        check = Found(Problem(kind="type_error", message="found", line=1, column=1, end_column=2))
        check.may_answer.set()
        pool = Pool(Limits(), spares=0)
        session = session_of(pool, check)
        outcome = await session.run("crm.get_client('CL-1').name", {})
        left = pool.process_ids
        await session.close()
        return None if outcome.error is None else outcome.error.message, left

    assert asyncio.run(act()) == ("found", [])
