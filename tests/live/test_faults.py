"""Faults of gateways, networks and apps: nothing hangs beyond its time, is answered twice, or is lost silently."""

from __future__ import annotations

import asyncio
import time
from collections import Counter

import pytest

from ioconnect_codegen import open_live
from ioconnect_codemode import Limits, Outcome
from ioconnect_codemode.errors import AppError, UnavailableError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running
from live.proxy import proxy_to

pytestmark = pytest.mark.live

ECHO = Route(kind="method", name="Desk.Echo")
HANG = Route(kind="method", name="Desk.Hang")
SLACK_S = 5  # what a busy machine may add to a time-out


def method(name: str, **does: JsonValue) -> JsonValue:
    return {"definition": {"name": name, "returns": "Int n"}, "does": does}


ECHOES: list[JsonValue] = [method("Desk.Echo", echo=True), method("Desk.Hang", hang=True)]
COUNT = method("Desk.Count", count="Desk.Echo")


async def fate(transport: GatewayTransport, number: int, *, timeout_s: float) -> str:
    """Say what became of one call: its own answer, or why there is none."""
    started = time.monotonic()
    try:
        answer = await transport.call(ECHO, {"n": number}, timeout_s=timeout_s)
    except UnavailableError:
        assert time.monotonic() - started < timeout_s + SLACK_S
        return "unavailable"
    return "answered" if answer == {"n": number} else f"wrong answer {answer}"


async def fates(transport: GatewayTransport, count: int, *, timeout_s: float) -> Counter[str]:
    return Counter(await asyncio.gather(*(fate(transport, n, timeout_s=timeout_s) for n in range(count))))


async def counted(transport: GatewayTransport) -> int:
    """Ask the app how often it was called, as soon as there is a way to it."""
    async with asyncio.timeout(30):
        while True:
            try:
                answer = await transport.call(Route(kind="method", name="Desk.Count"), {}, timeout_s=5)
            except UnavailableError:
                await asyncio.sleep(0.05)
                continue
            assert isinstance(answer, dict) and isinstance(answer["calls"], int)
            return answer["calls"]


def test_gateway_that_is_killed_and_restarted_amid_1000_calls(node: None) -> None:
    async def act() -> tuple[Counter[str], int, str]:
        with running("gateway.mjs") as first:
            url = first.facts["url"]
            with running("told_app.mjs", "--url", url) as app:
                app.tell(register=[*ECHOES, COUNT])
                transport = GatewayTransport(url, user="dev")
                try:
                    calls = [asyncio.create_task(fate(transport, n, timeout_s=20)) for n in range(1_000)]
                    await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
                    first.kill()
                    with running("gateway.mjs", "--port", url.rpartition(":")[2]):
                        told = Counter(await asyncio.gather(*calls))
                        return told, await counted(transport), await fate(transport, 7, timeout_s=20)
                finally:
                    await transport.close()

    told, calls, after = asyncio.run(act())

    assert told.total() == 1_000
    assert told.keys() == {"answered", "unavailable"}
    assert told["answered"] <= calls <= 1_000  # nobody's call was made twice
    assert after == "answered"


EACH_IS_TOLD = """
def one(n):
    try:
        return desk.echo(n=n)["n"]
    except UnavailableError:
        return None
parallel(one, range(1000))
"""


def test_outcome_of_a_snippet_of_1000_calls_says_of_each_what_became_of_it(node: None) -> None:
    definition: JsonValue = {"name": "Desk.Echo", "accepts": "Int n", "returns": "Int n"}
    slow: JsonValue = {"definition": definition, "does": {"after_ms": 20, "echo": True}}

    async def act() -> tuple[Outcome, Outcome, int]:
        with running("gateway.mjs") as first:
            url = first.facts["url"]
            with running("told_app.mjs", "--url", url) as app:
                app.tell(register=[slow, COUNT])
                beside = GatewayTransport(url, user="dev")
                async with open_live(url, user="dev", spares=0, limits=Limits(timeout_s=60, total_s=90)) as code_mode:
                    run = asyncio.create_task(code_mode.execute_python_code(EACH_IS_TOLD))
                    while not run.done() and await counted(beside) < 100:
                        pass
                    first.kill()
                    await beside.close()
                    with running("gateway.mjs", "--port", url.rpartition(":")[2]):
                        outcome, beside = await run, GatewayTransport(url, user="dev")
                        calls = await counted(beside)
                        await beside.close()
                        while not (after := await code_mode.execute_python_code("desk.echo(n=7).n")).ok:
                            await asyncio.sleep(0.05)  # the app has come back, the catalog follows
                        return outcome, after, calls

    outcome, after, calls = asyncio.run(asyncio.wait_for(act(), 110))

    assert outcome.ok, outcome.text()
    assert isinstance(outcome.value, list)
    answered = [number for number, value in enumerate(outcome.value) if value is not None]
    states = Counter(call.state for call in outcome.calls)
    assert [outcome.value[number] for number in answered] == answered  # each its own answer
    assert states.total() == len(outcome.value) == 1_000
    assert states["finished"] == len(answered)
    assert states["unfinished"] > 0  # the gateway was killed with calls under way
    assert states.keys() <= {"finished", "unfinished", "refused"}
    assert states["finished"] <= calls <= states["finished"] + states["unfinished"]
    assert after.value == 7


def test_network_that_is_slow_costs_time_and_nothing_else(gateway_url: str) -> None:
    async def act() -> tuple[Counter[str], int]:
        with running("told_app.mjs", "--url", gateway_url, "--user", "slow") as app:
            app.tell(register=[*ECHOES, COUNT])
            async with proxy_to(gateway_url) as proxy:
                transport = GatewayTransport(proxy.url, user="slow")
                proxy.delay_s = 0.005
                try:
                    return await fates(transport, 200, timeout_s=30), await counted(transport)
                finally:
                    await transport.close()

    assert asyncio.run(act()) == ({"answered": 200}, 200)


def test_gateway_that_is_killed_while_an_app_starts_for_an_intent(node: None) -> None:
    listed: JsonValue = {"applications": [{"name": "slow", "intents": [{"name": "PriceBond"}]}]}
    platform: list[JsonValue] = [
        {"definition": {"name": "T42.ACS.GetApplications"}, "does": {"answer": listed}},
        {"definition": {"name": "T42.ACS.StartApplication"}, "does": {"hang": True}},
        {"definition": {"name": "Desk.Count"}, "does": {"count": "T42.ACS.StartApplication"}},
    ]

    async def act() -> list[str]:
        with running("gateway.mjs") as gateway:
            url = gateway.facts["url"]
            with running("told_app.mjs", "--url", url) as app:
                app.tell(register=platform)
                transport = GatewayTransport(url, user="dev")
                try:
                    raised = Route(kind="intent", name="PriceBond")
                    calls = [asyncio.create_task(transport.call(raised, {"data": {}}, timeout_s=25)) for _ in range(5)]
                    while await counted(transport) == 0:
                        pass
                    gateway.kill()
                    ends = await asyncio.gather(*calls, return_exceptions=True)
                    return [f"{type(end).__name__} {'connection' in str(end)}" for end in ends]
                finally:
                    await transport.close()

    assert asyncio.run(act()) == ["UnavailableError True"] * 5


def test_network_that_stalls_costs_the_time_out_and_late_answers_go_to_nobody(gateway_url: str) -> None:
    async def act() -> list[Counter[str]]:
        with running("told_app.mjs", "--url", gateway_url, "--user", "stalled") as app:
            app.tell(register=ECHOES)
            async with proxy_to(gateway_url) as proxy:
                transport = GatewayTransport(proxy.url, user="stalled")
                try:
                    before = await fates(transport, 50, timeout_s=20)
                    proxy.stall()
                    during = await fates(transport, 50, timeout_s=0.3)
                    proxy.flow()
                    return [before, during, await fates(transport, 50, timeout_s=20)]
                finally:
                    await transport.close()

    assert asyncio.run(act()) == [{"answered": 50}, {"unavailable": 50}, {"answered": 50}]


def test_frames_that_arrive_twice_are_answers_once(gateway_url: str) -> None:
    async def act() -> tuple[Counter[str], int]:
        with running("told_app.mjs", "--url", gateway_url, "--user", "doubled") as app:
            app.tell(register=[*ECHOES, COUNT])
            async with proxy_to(gateway_url) as proxy:
                transport = GatewayTransport(proxy.url, user="doubled")
                proxy.doubles = True
                try:
                    return await fates(transport, 200, timeout_s=20), await counted(transport)
                finally:
                    await transport.close()

    assert asyncio.run(act()) == ({"answered": 200}, 200)


def test_connection_that_is_cut_fails_what_was_under_way_and_the_next_call_connects_anew(gateway_url: str) -> None:
    async def act() -> str:
        with running("told_app.mjs", "--url", gateway_url, "--user", "cut") as app:
            app.tell(register=ECHOES)
            async with proxy_to(gateway_url) as proxy:
                transport = GatewayTransport(proxy.url, user="cut")
                try:
                    assert await fate(transport, 1, timeout_s=20) == "answered"
                    hanging = asyncio.create_task(transport.call(HANG, {}, timeout_s=20))
                    assert await fate(transport, 2, timeout_s=20) == "answered"  # behind the one that hangs
                    proxy.cut()
                    with pytest.raises(UnavailableError, match="connection to the gateway was lost") as caught:
                        await hanging
                    assert caught.value.was_sent
                    return await fate(transport, 3, timeout_s=20)
                finally:
                    await transport.close()

    assert asyncio.run(act()) == "answered"


def test_app_that_is_killed_fails_every_call_that_it_had(gateway_url: str) -> None:
    async def act() -> Counter[str]:
        transport = GatewayTransport(gateway_url, user="killed")
        try:
            with running("told_app.mjs", "--url", gateway_url, "--user", "killed") as app:
                app.tell(register=ECHOES)
                assert await fate(transport, 0, timeout_s=20) == "answered"  # connected: calls leave in their order now
                calls = [asyncio.create_task(transport.call(HANG, {}, timeout_s=25)) for _ in range(100)]
                assert await fate(transport, 1, timeout_s=20) == "answered"  # behind the hundred
                app.kill()
                ends = await asyncio.gather(*calls, return_exceptions=True)
            return Counter(str(end).partition(" left ")[0] for end in ends)
        finally:
            await transport.close()

    assert asyncio.run(act()) == {'The app "told"': 100}


def test_answer_that_is_late_is_dropped_and_the_next_call_gets_its_own(gateway_url: str) -> None:
    late = Route(kind="method", name="Desk.Late")

    async def act() -> str:
        transport = GatewayTransport(gateway_url, user="late")
        try:
            with running("told_app.mjs", "--url", gateway_url, "--user", "late") as app:
                app.tell(register=[*ECHOES, method("Desk.Late", after_ms=400, answer={"n": 99})])
                with pytest.raises(UnavailableError, match=r"did not answer within 0\.1 s"):
                    await transport.call(late, {}, timeout_s=0.1)
                assert await transport.call(late, {}, timeout_s=20) == {"n": 99}  # the first one's has come before
                return await fate(transport, 5, timeout_s=20)
        finally:
            await transport.close()

    assert asyncio.run(act()) == "answered"


def test_app_that_throws_answers_garbage_or_megabytes(gateway_url: str) -> None:
    odd: list[JsonValue] = [None, "text", 7, [1, [2]], {"n": {"n": []}}, {"": 0}]
    apps: list[JsonValue] = [method(f"Desk.Odd{n}", answer=answer) for n, answer in enumerate(odd)]
    apps += [method("Desk.Throw", throw="no"), method("Desk.Large", size=5_000_000)]

    async def act() -> tuple[list[JsonValue], int]:
        transport = GatewayTransport(gateway_url, user="odd")

        async def call(name: str) -> JsonValue:
            return await transport.call(Route(kind="method", name=name), {}, timeout_s=25)

        try:
            with running("told_app.mjs", "--url", gateway_url, "--user", "odd") as app:
                app.tell(register=apps)
                answers = [await call(f"Desk.Odd{n}") for n in range(len(odd))]
                with pytest.raises(AppError, match=r"^no$"):
                    await call("Desk.Throw")
                large = await call("Desk.Large")
                assert isinstance(large, dict) and isinstance(large["text"], str)
                return answers, len(large["text"])
        finally:
            await transport.close()

    answers, size = asyncio.run(act())

    assert answers == [{}, "text", 7, [1, [2]], {"n": {"n": []}}, {"": 0}]
    assert size == 5_000_000


def test_app_that_leaves_during_a_call_while_another_offers_the_same(gateway_url: str) -> None:
    async def act() -> tuple[str, JsonValue]:
        transport = GatewayTransport(gateway_url, user="leaves")
        route = Route(kind="method", name="Desk.Same")
        try:
            with running("told_app.mjs", "--url", gateway_url, "--user", "leaves", "--application", "one") as one:
                one.tell(register=[method("Desk.Same", leave=True)])
                with running("told_app.mjs", "--url", gateway_url, "--user", "leaves", "--application", "two") as two:
                    two.tell(register=[method("Desk.Same", answer={"n": 2})])
                    with pytest.raises(UnavailableError) as caught:
                        await transport.call(route, {}, timeout_s=25)
                    return str(caught.value)[:24], await transport.call(route, {}, timeout_s=25)
        finally:
            await transport.close()

    assert asyncio.run(act()) == ('The app "one" left befor', {"n": 2})


def test_2000_methods_are_in_the_catalog(gateway_url: str) -> None:
    async def act() -> tuple[int, JsonValue]:
        with running("told_app.mjs", "--url", gateway_url, "--user", "many") as app:
            app.tell(register=[method(f"Desk.Method{n}", answer={"n": n}) for n in range(2_000)])
            async with open_live(gateway_url, user="many", spares=0) as code_mode:
                outcome = await code_mode.execute_python_code("desk.method1999().n")
                of_app = [name for name in code_mode.manifest.capabilities if name.startswith("desk.")]
                return len(of_app), outcome.value

    assert asyncio.run(act()) == (2_000, 1999)
