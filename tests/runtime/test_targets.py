"""Calls of several apps, from the snippet to the transport and back: each answer is judged, typed and masked as one alone."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from ioconnect_codemode import CodeMode, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRequest, ApprovalRules
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.values import JsonValue

PACKAGE = Path(__file__).parents[2] / "generated" / "wealth_desk"
QUOTE: dict[str, JsonValue] = {
    "symbol": "X",
    "bid": 1.5,
    "ask": 2.5,
    "last": 2.0,
    "currency": "CHF",
    "time": "2026-11-28",
}


class Apps:
    """A transport that gives one prepared answer and remembers where calls went."""

    def __init__(self, answer: JsonValue) -> None:
        self.answer = answer
        self.routes: list[Route] = []

    async def describe(self) -> dict[str, JsonValue]:
        return {"schemaVersion": 1, "name": "apps", "methods": []}

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        assert dict(arguments) == {"symbol": "X"}
        self.routes.append(route)
        return self.answer

    async def close(self) -> None:
        pass


def run(apps: Apps, code: str, policy: Policy | None = None) -> Outcome:
    async def act() -> Outcome:
        async with CodeMode.open(PACKAGE, transport=apps, policy=policy or Policy(), spares=0) as code_mode:
            return await code_mode.execute_python_code(code)

    return asyncio.run(act())


def answered(*told: tuple[str, JsonValue]) -> JsonValue:
    return [{"target": target, "value": value} for target, value in told]


def test_each_result_is_a_record_under_the_name_of_its_target() -> None:
    apps = Apps(answered(("one", QUOTE), ("two", QUOTE)))
    outcome = run(apps, "{app: quote.bid for app, quote in market_data.get_quote('X', target=['one', 'two']).items()}")

    assert outcome.value == {"one": 1.5, "two": 1.5}
    assert [(route.target, route.wait_for_s) for route in apps.routes] == [(("one", "two"), 0.0)]


@pytest.mark.parametrize(("said", "target"), [("", "best"), (", target='one'", "one"), (", target=None", "best")])
def test_one_target_has_one_result(said: str, target: str) -> None:
    apps = Apps(QUOTE)

    assert run(apps, f"market_data.get_quote('X'{said}, wait_for_s=3).ask").value == 2.5
    assert [(route.target, route.wait_for_s) for route in apps.routes] == [(target, 3)]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("target=[]", "the number of targets is not in 1..100"),
        ("target=[str(n) for n in range(101)]", "the number of targets is not in 1..100"),
        ("wait_for_s=-1.0", "wait_for_s is not in 0..30"),
        ("wait_for_s=31.0", "wait_for_s is not in 0..30"),
    ],
)
def test_options_out_of_range_are_refused_and_nothing_is_sent(code: str, says: str) -> None:
    apps = Apps(QUOTE)
    outcome = run(apps, f"market_data.get_quote('X', {code})")

    assert outcome.error is not None and outcome.error.kind == "argument"
    assert outcome.error.message == f"market_data.get_quote: {says}"
    assert apps.routes == []


def test_name_that_is_given_twice_is_called_once() -> None:
    apps = Apps(answered(("one", QUOTE)))
    run(apps, "market_data.get_quote('X', target=['one', 'one'])")

    assert [route.target for route in apps.routes] == [("one",)]


def test_answer_that_is_not_as_declared_is_found_among_the_others() -> None:
    apps = Apps(answered(("one", QUOTE), ("two", {"symbol": 5})))
    code = "len(market_data.get_quote('X', target='all'))"
    strict = run(apps, code, Policy(results="strict"))

    warned = run(apps, code)
    assert (warned.value, len(warned.notes)) == (2, 1)
    assert warned.notes[0].startswith("the answer of two to market_data.get_quote was passed on")
    assert strict.error is not None and strict.error.kind == "result_shape"
    assert strict.error.message.startswith("the answer of two to market_data.get_quote breaks its declaration: $")


def test_masked_field_is_masked_in_every_answer() -> None:
    apps = Apps(answered(("one", QUOTE), ("two", QUOTE)))
    outcome = run(apps, "market_data.get_quote('X', target='all')", Policy(mask=["GetQuoteResult.currency"]))

    masked = {**QUOTE, "currency": "***"}
    assert outcome.value == {"one": masked, "two": masked}


def test_errors_of_apps_beside_results_are_told_and_bounded() -> None:
    failed: list[JsonValue] = [{"target": f"app-{n}", "error": "out of order " * 100} for n in range(6)]
    outcome = run(Apps([{"target": "one", "value": QUOTE}, *failed]), "list(market_data.get_quote('X', target='all'))")

    assert outcome.value == ["one"]
    assert [note.partition(":")[2][:26] for note in outcome.notes] == [
        " app-0 gave no result: out",
        " app-1 gave no result: out",
        " app-2 gave no result: out",
        " apps that gave no result ",
    ]
    assert len(outcome.text()) < 1_000


def test_person_who_is_asked_sees_the_targets() -> None:
    asked: list[ApprovalRequest] = []

    async def approve(request: ApprovalRequest) -> bool:
        asked.append(request)
        return True

    async def act() -> Outcome:
        policy = Policy(approval=ApprovalRules(ask=["market_data.get_quote"]))
        apps = Apps(answered(("one", QUOTE)))
        async with CodeMode.open(PACKAGE, transport=apps, policy=policy, spares=0, on_approval=approve) as code_mode:
            return await code_mode.execute_python_code("list(market_data.get_quote('X', target=['one']))")

    assert asyncio.run(act()).value == ["one"]
    assert [dict(request.arguments) for request in asked] == [{"symbol": "X", "target": ["one"]}]
    assert "one" in asked[0].sentence


def test_run_that_waited_for_approval_goes_on_with_answers_by_target() -> None:
    code = "first = market_data.get_quote('X', target='all')\ncrm.add_note('CL-10024', 'x')\nlist(first)"

    async def act() -> Outcome:
        policy = Policy(approval=ApprovalRules(ask=["crm.add_note"]))
        apps = Apps(answered(("one", QUOTE)))
        async with CodeMode.open(PACKAGE, transport=apps, policy=policy, spares=0) as code_mode:
            outcome = await code_mode.execute_python_code(code)
            assert outcome.error is not None and outcome.error.approval_id is not None, outcome.text()
            return await code_mode.resume(outcome.error.approval_id, approved=False)

    outcome = asyncio.run(act())
    assert outcome.error is not None and outcome.error.kind == "denied"
    assert [call.name for call in outcome.calls] == ["market_data.get_quote", "crm.add_note"]


def test_what_is_masked_in_answers_by_target_stays_when_a_run_goes_on() -> None:
    quote = {**QUOTE, "currency": "Zanzibar-Franc"}
    code = "first = market_data.get_quote('X', target='all')\ntry:\n    crm.add_note('CL-10024', 'x')\nexcept DeniedError:\n    pass\n"

    async def act() -> Outcome:
        policy = Policy(approval=ApprovalRules(ask=["crm.add_note"]), mask=["GetQuoteResult.currency"])
        apps = Apps(answered(("one", quote)))
        async with CodeMode.open(PACKAGE, transport=apps, policy=policy, spares=0) as code_mode:
            outcome = await code_mode.execute_python_code(f"{code}f'{{first[\"one\"].currency}}'")
            assert outcome.error is not None and outcome.error.approval_id is not None, outcome.text()
            return await code_mode.resume(outcome.error.approval_id, approved=False)

    assert asyncio.run(act()).value == "***"


def test_masked_value_that_the_error_of_another_app_is_cut_in_stays() -> None:
    secret = "Zanzibar-Franc-9911"
    apps = Apps(
        [
            {"target": "one", "value": {**QUOTE, "currency": secret}},
            {"target": "two", "error": f"{'x' * 104} {secret} is no currency"},
        ]
    )
    outcome = run(apps, "len(market_data.get_quote('X', target='all'))", Policy(mask=["GetQuoteResult.currency"]))

    assert outcome.value == 1
    assert "two gave no result: xxx" in outcome.text()
    assert "Zan" not in outcome.text()
