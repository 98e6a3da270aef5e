"""Intents on a gateway whose platform is of io.Connect Desktop's kind: its methods, answered by an app that is told how."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from ioconnect_codemode.errors import CallError, UnavailableError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live

PRICE = Route(kind="intent", name="PriceBond")
BOND: dict[str, JsonValue] = {"type": "acme.bond", "data": {"isin": "XS1"}}
HANDLER: JsonValue = {
    "definition": {"name": "Tick42.FDC3.Intents.PriceBond", "flags": {"intent": {}}},
    "does": {"answer": {"price": 101}},
}


def pricer(name: str, *contexts: str) -> JsonValue:
    intent: JsonValue = {"name": "PriceBond", "contexts": list(contexts)}
    return {"name": name, "title": name, "caption": "Prices bonds", "icon": 7, "intents": [intent, {"contexts": []}, 7]}


def platform(applications: Sequence[JsonValue], start: JsonValue) -> list[JsonValue]:
    listed: JsonValue = {"applications": list(applications)}
    return [
        {"definition": {"name": "T42.ACS.GetApplications"}, "does": {"answer": listed}},
        {"definition": {"name": "T42.ACS.StartApplication"}, "does": start},
        {"definition": {"name": "Desk.Starts"}, "does": {"count": "T42.ACS.StartApplication"}},
    ]


def raised(url: str, user: str, methods: list[JsonValue], *, at_once: int = 1, timeout_s: float = 20) -> list[object]:
    """Raise the intent, and give the answers and how often an app was started."""

    async def act() -> list[object]:
        transport = GatewayTransport(url, user=user)
        try:
            calls = [transport.call(PRICE, BOND, timeout_s=timeout_s) for _ in range(at_once)]
            answers: list[object] = [*await asyncio.gather(*calls, return_exceptions=True)]
            starts = await transport.call(Route(kind="method", name="Desk.Starts"), {}, timeout_s=20)
            return [*answers, starts]
        finally:
            await transport.close()

    with running("told_app.mjs", "--url", url, "--user", user) as app:
        app.tell(register=methods)
        return asyncio.run(act())


def test_app_is_started_once_for_all_who_raise_its_intent_at_the_same_time(gateway_url: str) -> None:
    methods = platform([pricer("pricer"), 7, {"name": ""}], {"starts": [HANDLER]})

    answers = raised(gateway_url, "desktop-start", methods, at_once=5)

    assert answers == [{"price": 101}] * 5 + [{"calls": 1}]


def test_context_that_only_one_of_the_apps_takes_decides(gateway_url: str) -> None:
    methods = platform([pricer("other", "acme.share"), pricer("pricer", "acme.bond")], {"starts": [HANDLER]})

    assert raised(gateway_url, "desktop-context", methods) == [{"price": 101}, {"calls": 1}]


@pytest.mark.parametrize(
    ("applications", "start", "says", "was_sent", "starts"),
    [
        ([], {"answer": {}}, "No running app handles", False, 0),
        ([pricer("one"), pricer("two")], {"answer": {}}, "for the user to choose", False, 0),
        ([pricer("one")], {"throw": "no licence"}, "was not started: no licence", False, 1),
        ([pricer("one")], {"answer": {"Id": 7}}, "was not started: it named no instance", False, 1),
        ([pricer("one")], {"answer": {"Id": "nowhere"}}, "does not handle it after", True, 1),
    ],
)
def test_intent_that_reaches_nobody_says_why_and_what_was_done(
    gateway_url: str, applications: list[JsonValue], start: JsonValue, says: str, was_sent: bool, starts: int
) -> None:
    methods = platform(applications, start)

    [error, counted] = raised(gateway_url, f"desktop-{hash(says)}", methods, timeout_s=1)

    assert isinstance(error, UnavailableError), error
    assert (says in str(error), error.was_sent, counted) == (True, was_sent, {"calls": starts})


def test_platform_that_hangs_costs_its_apps_and_nothing_that_runs(
    gateway_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def act() -> tuple[JsonValue, bool]:
        transport = GatewayTransport(gateway_url, user="desktop-hangs")
        try:
            described = await transport.describe()
            with pytest.raises(CallError):
                await transport.call(PRICE, BOND, timeout_s=1)
            return described["methods"], "applications" in described
        finally:
            await transport.close()

    with running("told_app.mjs", "--url", gateway_url, "--user", "desktop-hangs") as app:
        app.tell(register=[{"definition": {"name": "T42.ACS.GetApplications"}, "does": {"hang": True}}])
        methods, has_applications = asyncio.run(act())

    assert (methods, has_applications) == (
        [{"name": "T42.ACS.GetApplications", "servers": [{"application": "told"}]}],
        False,
    )
    assert "does not list its apps: no answer within 5 s" in caplog.text
