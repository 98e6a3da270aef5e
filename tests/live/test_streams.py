"""Streams of real apps as bounded lists."""

from __future__ import annotations

import asyncio

import pytest

from ioconnect_codegen import open_live
from ioconnect_codemode import Outcome
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live


def stream(events: int, **behaviour: JsonValue) -> JsonValue:
    prices: list[JsonValue] = [{"isin": "US0378331005", "price": 100 + n} for n in range(events)]
    definition: JsonValue = {"name": "Desk.Prices", "accepts": "String isin", "returns": "String isin, Double price"}
    return {"definition": definition, "events": prices, "every_ms": 1, **behaviour}


def run(url: str, user: str, published: JsonValue, code: str) -> tuple[Outcome, str]:
    """Give the outcome of a snippet over an app that publishes, and the definition that it was written to."""

    async def act() -> tuple[Outcome, str]:
        with running("told_app.mjs", "--url", url, "--user", user) as app:
            app.tell(stream=published)
            async with open_live(url, user=user, spares=0) as code_mode:
                text = code_mode.get_python_definitions(["desk.prices"])
                return await code_mode.execute_python_code(code), text

    return asyncio.run(act())


def test_stream_gives_as_many_events_as_are_taken(gateway_url: str) -> None:
    code = "[event.price for event in desk.prices('US0378331005', take=3)]"
    outcome, text = run(gateway_url, "taken", stream(50), code)

    assert outcome.value == [100, 101, 102]
    assert [(call.name, call.effect) for call in outcome.calls] == [("desk.prices", "read")]
    assert "def prices(isin: str, *, take: int = 10, timeout_s: float = 5.0) -> list[" in text


def test_time_over_gives_what_came(gateway_url: str) -> None:
    outcome, _ = run(gateway_url, "short", stream(2), "len(desk.prices('US0378331005', take=500, timeout_s=1.0))")

    assert outcome.value == 2


def test_stream_that_closes_gives_what_came(gateway_url: str) -> None:
    code = "len(desk.prices('US0378331005', take=500, timeout_s=25.0))"
    outcome, _ = run(gateway_url, "closed", stream(2, closes=True), code)

    assert outcome.value == 2
    assert outcome.elapsed_s < 20


def test_stream_that_refuses_is_an_app_error(gateway_url: str) -> None:
    outcome, _ = run(gateway_url, "refused", stream(2, rejects="no such instrument"), "desk.prices('XX')")

    assert outcome.error is not None and outcome.error.kind == "app_error"
    assert "no such instrument" in outcome.error.message


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ("take=0", "take is not in 1..1000"),
        ("take=1001", "take is not in 1..1000"),
        ("timeout_s=0.0", "timeout_s is not in 0..30"),
        ("timeout_s=31.0", "timeout_s is not in 0..30"),
    ],
)
def test_option_out_of_range_is_refused_before_anything_is_sent(gateway_url: str, options: str, says: str) -> None:
    outcome, _ = run(gateway_url, "range", stream(2), f"desk.prices('US0378331005', {options})")

    assert outcome.error is not None and outcome.error.kind == "argument"
    assert outcome.error.message == f"desk.prices: {says}"


def test_option_in_the_place_of_an_argument_is_found_before_running(gateway_url: str) -> None:
    outcome, _ = run(gateway_url, "place", stream(2), "desk.prices('US0378331005', 3)")

    assert outcome.error is not None and outcome.error.kind == "type_error"
    assert outcome.error.state == "nothing was run"
