"""Methods of several real apps: which of them is called, and waiting for one that isn't there yet."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from ioconnect_codegen import open_live
from ioconnect_codemode import CodeMode, Outcome
from ioconnect_codemode.observers import CallStarting, Event
from ioconnect_codemode.transports import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import NodeProcess, running

pytestmark = pytest.mark.live

DEFINITION: JsonValue = {"name": "Crm.Owner", "accepts": "String id", "returns": "String owner"}


def offer(app: NodeProcess, does: JsonValue) -> None:
    app.tell(register=[{"definition": DEFINITION, "does": does}])


def run(url: str, user: str, apps: Mapping[str, JsonValue], *snippets: str, dry_run: bool = False) -> list[Outcome]:
    """Give the outcome of each snippet over apps of these names, all of which offer `Crm.Owner`."""

    async def act() -> list[Outcome]:
        with (
            running("told_app.mjs", "--url", url, "--user", user, "--application", "one") as one,
            running("told_app.mjs", "--url", url, "--user", user, "--application", "two") as two,
        ):
            for app in (one, two):
                offer(app, apps[app.facts["application"]])
            async with open_live(url, user=user, spares=0) as code_mode:
                return [await code_mode.execute_python_code(code, dry_run=dry_run) for code in snippets]

    return asyncio.run(act())


BOTH: dict[str, JsonValue] = {"one": {"answer": {"owner": "Ann"}}, "two": {"answer": {"owner": "Ben"}}}


def test_target_names_the_app_or_the_instance_that_is_called(gateway_url: str) -> None:
    [by_name, by_instance] = run(
        gateway_url,
        "named",
        BOTH,
        "[crm.owner('7', target='two').owner, crm.owner('7', target='one').owner]",
        "[crm.owner('7', target=one.instance).owner for one in platform.list_instances() if one.application == 'two']",
    )

    assert by_name.value == ["Ben", "Ann"]
    assert by_instance.value == ["Ben"]


def test_several_apps_give_their_results_by_the_names_given(gateway_url: str) -> None:
    [named, every, other] = run(
        gateway_url,
        "several",
        BOTH,
        "{name: found.owner for name, found in crm.owner('7', target=['two', 'one']).items()}",
        "sorted(found.owner for found in crm.owner('7', target='all').values())",
        "sorted(found['owner'] for found in crm.owner('7', target='skipMine').values())",
    )

    assert named.value == {"two": "Ben", "one": "Ann"}
    assert every.value == other.value == ["Ann", "Ben"]
    assert [call.name for call in named.calls] == ["crm.owner"]


def test_app_that_two_names_mean_is_called_once(gateway_url: str) -> None:
    async def act() -> tuple[Outcome, JsonValue]:
        with running("told_app.mjs", "--url", gateway_url, "--user", "twice", "--application", "one") as one:
            offer(one, {"answer": {"owner": "Ann"}})
            one.tell(register=[{"definition": {"name": "Crm.Calls"}, "does": {"count": "Crm.Owner"}}])
            with running("told_app.mjs", "--url", gateway_url, "--user", "twice", "--application", "two") as two:
                offer(two, {"answer": {"owner": "Ben"}})
                async with open_live(gateway_url, user="twice", spares=0) as code_mode:
                    code = """
ids = [one.instance for one in platform.list_instances() if one.application == "one"]
return len(crm.owner("7", target=["one", *ids]))
"""
                    outcome = await code_mode.execute_python_code(code)
                    counted = await code_mode.execute_python_code("crm.calls()['calls']")
                    return outcome, counted.value

    outcome, calls = asyncio.run(act())

    assert outcome.value == 2
    assert calls == 1


def test_app_that_fails_beside_one_that_answers_is_told(gateway_url: str) -> None:
    apps: dict[str, JsonValue] = {"one": {"throw": "no such client"}, "two": {"answer": {"owner": "Ben"}}}
    [some, none] = run(
        gateway_url, "failing", apps, "list(crm.owner('7', target=['one', 'two']))", "crm.owner('7', target=['one'])"
    )

    assert some.value == ["two"]
    assert "crm.owner: one gave no result: no such client" in some.text()
    assert none.error is not None and none.error.kind == "app_error"


def test_target_that_is_not_there_is_unavailable_with_those_that_are(gateway_url: str) -> None:
    [outcome] = run(gateway_url, "absent", BOTH, "crm.owner('7', target=['one', 'three'])")

    assert outcome.error is not None and outcome.error.kind == "app_unavailable"
    assert 'No running app or instance "three" offers the method "Crm.Owner"; offered by: one, two.' in (
        outcome.error.message
    )
    assert [call.state for call in outcome.calls] == ["refused"]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("crm.owner('7', target=5)", "expected str | list[str], got int"),
        ("crm.owner('7', 'two')", "too many arguments: expected 1, got 2"),
        ("crm.owner('7', target='all').owner", "owner"),
    ],
)
def test_wrong_target_is_found_before_running(gateway_url: str, code: str, says: str) -> None:
    [outcome] = run(gateway_url, "wrong", BOTH, code)

    assert outcome.error is not None and outcome.error.state == "nothing was run"
    assert says in outcome.error.message


def test_dry_run_answers_for_every_target(gateway_url: str) -> None:
    [outcome] = run(gateway_url, "dry", BOTH, "list(crm.owner('7', target=['one', 'two']))", dry_run=True)

    assert outcome.value == ["one", "two"]
    assert [call.state for call in outcome.calls] == ["not_called"]


def test_target_is_shown_where_several_instances_of_one_app_offer_a_method(gateway_url: str) -> None:
    async def act() -> tuple[str, str]:
        arguments = ("told_app.mjs", "--url", gateway_url, "--user", "instances")
        with running(*arguments) as first:
            offer(first, {"answer": {"owner": "Ann"}})
            async with open_live(gateway_url, user="instances", spares=0) as code_mode:
                alone = code_mode.get_python_definitions(["crm.owner"])
            with running(*arguments) as second:
                offer(second, {"answer": {"owner": "Ben"}})
                async with open_live(gateway_url, user="instances", spares=0) as code_mode:
                    return alone, code_mode.get_python_definitions(["crm.owner"])

    alone, together = asyncio.run(act())

    assert "def owner(id: str) -> " in alone
    assert "def owner(id: str, *, target: str | list[str] = 'best', wait_for_s: float = 0.0) -> " in together


class Asked:
    """Knows when a call is about to be sent."""

    def __init__(self) -> None:
        self.is_asked = asyncio.Event()

    def observe(self, event: Event) -> None:
        if isinstance(event, CallStarting):
            self.is_asked.set()


def test_call_waits_for_an_app_that_comes(gateway_url: str) -> None:
    async def act() -> Outcome:
        user, asked = "waited", Asked()
        with (
            running("told_app.mjs", "--url", gateway_url, "--user", user, "--application", "one") as one,
            running("told_app.mjs", "--url", gateway_url, "--user", user, "--application", "two") as two,
        ):
            for app in (one, two):
                offer(app, BOTH[app.facts["application"]])
            async with open_live(gateway_url, user=user, spares=0) as code_mode:
                manifest = code_mode.manifest
            one.tell(unregister=["Crm.Owner"])
            transport = GatewayTransport(gateway_url, user=user)
            async with CodeMode.open(manifest, transport=transport, spares=0, observers=[asked]) as code_mode:
                code = "crm.owner('7', target='one', wait_for_s=25.0).owner"
                waiting = asyncio.create_task(code_mode.execute_python_code(code))
                await asked.is_asked.wait()
                await asyncio.to_thread(offer, one, {"answer": {"owner": "Cleo"}})
                return await waiting

    assert asyncio.run(act()).value == "Cleo"


def test_wait_that_is_over_says_what_is_missing(gateway_url: str) -> None:
    [outcome] = run(gateway_url, "missed", BOTH, "crm.owner('7', target='three', wait_for_s=0.01)")

    assert outcome.error is not None and outcome.error.kind == "app_unavailable"
    assert 'No running app or instance "three"' in outcome.error.message
