"""The whole story on a real platform: app definitions, apps that an intent starts, FDC3 on top of io.Connect."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ioconnect_codegen import News, open_live
from ioconnect_codegen.cli import main
from ioconnect_codemode import Limits, Outcome, Policy
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import NodeProcess

pytestmark = [pytest.mark.live, pytest.mark.chromium]

INSTRUMENT = '{"type": "fdc3.instrument", "id": {"ticker": "AAPL"}}'
CONTACT = '{"type": "fdc3.contact", "name": "Amelia Reid", "id": {}}'


def on_desktop(url: str, *snippets: str, policy: Policy | None = None, limits: Limits | None = None) -> list[Outcome]:
    """Run snippets one after the other over the catalog of the running desktop."""

    async def act() -> list[Outcome]:
        async with open_live(url, user="dev", policy=policy, limits=limits, spares=0) as code_mode:
            return [await code_mode.execute_python_code(snippet) for snippet in snippets]

    return asyncio.run(act())


def value_of(url: str, snippet: str) -> JsonValue:
    [outcome] = on_desktop(url, snippet)
    assert outcome.ok, outcome.text()
    return outcome.value


def definitions(url: str, *names: str) -> str:
    async def act() -> str:
        async with open_live(url, user="dev", spares=0) as code_mode:
            return code_mode.get_python_definitions(list(names))

    return asyncio.run(act())


def test_capture_holds_the_apps_that_the_platform_can_start(desktop_url: str, tmp_path: Path) -> None:
    document = tmp_path / "environment.json"
    assert main(["capture", desktop_url, "-o", str(document), "--user", "dev"]) == 0

    captured = json.loads(document.read_text(encoding="utf-8"))
    charts = next(app for app in captured["applications"] if app["name"] == "charts")
    assert charts["caption"] == "Charts of instruments"
    assert charts["intents"] == [
        {
            "name": "ViewChart",
            "displayName": "View chart",
            "resultType": "fdc3.chart",
            "contexts": ["fdc3.instrument"],
        }
    ]


def test_intent_that_only_a_definition_declares_is_typed_by_it(desktop_url: str) -> None:
    assert "def view_chart(context: InstrumentContext) -> ChartContext" in definitions(
        desktop_url, "intents.view_chart"
    )


def test_fdc3_listener_takes_its_types_from_the_definition_of_its_app(desktop_url: str) -> None:
    assert "def view_profile(context: ContactContext) -> ContactContext" in definitions(
        desktop_url, "intents.view_profile"
    )


def test_intent_starts_the_one_app_that_declares_it_and_the_next_goes_to_the_same(desktop_url: str) -> None:
    [first, second] = on_desktop(desktop_url, *[f"intents.view_chart({INSTRUMENT})"] * 2)
    expected = {
        "type": "fdc3.chart",
        "instruments": [{"type": "fdc3.instrument", "id": {"ticker": "AAPL"}}],
        "style": "line",
    }

    assert (first.value, second.value) == (expected, expected), first.text()
    assert running_handlers(desktop_url, "ViewChart") == ["charts"]


def running_handlers(url: str, intent: str) -> list[str]:
    """Ask the platform itself which running apps handle an intent."""
    asked: dict[str, JsonValue] = {"domain": "intents", "operation": "getIntents"}

    async def act() -> JsonValue:
        transport = GatewayTransport(url, user="dev")
        try:
            return await transport.call(Route(kind="method", name="T42.Web.Platform.Control"), asked, timeout_s=20)
        finally:
            await transport.close()

    told = json.loads(json.dumps(asyncio.run(act())))
    handlers = [handler for one in told["intents"] if one["name"] == intent for handler in one["handlers"]]
    return [handler["applicationName"] for handler in handlers if handler["type"] == "instance"]


def test_context_of_an_fdc3_handler_comes_back_bare(desktop_url: str) -> None:
    assert value_of(desktop_url, f"intents.view_profile({CONTACT}).id.email") == "amelia.reid@example.com"


def test_fdc3_handler_that_throws_is_an_app_error(desktop_url: str) -> None:
    snippet = 'intents.view_profile({"type": "fdc3.contact", "name": "Nobody", "id": {}})'
    [outcome] = on_desktop(desktop_url, snippet)
    assert outcome.error is not None
    assert (outcome.error.kind, "IntentHandlerRejected" in outcome.error.message) == ("app_error", True)


def test_channel_that_an_fdc3_handler_answers_with_is_what_fdc3_says_of_it(desktop_url: str) -> None:
    assert value_of(desktop_url, f"intents.view_news({CONTACT})") == {
        "id": "fdc3.channel.red",
        "type": "user",
        "displayMetadata": {"name": "Red", "color": "red"},
    }


def test_io_connect_handler_gets_the_context_as_io_connect_has_it(desktop_url: str) -> None:
    shown = value_of(desktop_url, f"intents.view_contact({CONTACT})")
    data: JsonValue = {"type": "fdc3.contact", "name": "Amelia Reid", "id": {}}
    assert shown == {"shown": {"type": "fdc3.contact", "data": data}}


def test_intent_of_several_apps_none_of_which_runs_is_for_a_person(desktop_url: str) -> None:
    [outcome] = on_desktop(desktop_url, 'intents.place_order({"isin": "US0378331005"})')
    assert outcome.error is not None and outcome.error.kind == "app_unavailable"
    assert '"orders", "blotter"' in outcome.error.message
    assert "for the user to choose" in outcome.error.message
    assert outcome.error.hint == 'ask the user which app it shall be and name it as target=: "orders", "blotter"'
    assert [call.state for call in outcome.calls] == ["refused"]


def test_app_that_the_user_chose_is_named_as_the_target_and_started(desktop_url: str) -> None:
    snippet = 'intents.settle({"isin": "US0378331005"}, target="clearing")'
    assert value_of(desktop_url, snippet) == {"by": "clearing", "settled": {"isin": "US0378331005"}}


def test_all_are_those_that_run_and_starts_nobody(desktop_url: str) -> None:
    [outcome] = on_desktop(desktop_url, 'intents.place_order({"isin": "US0378331005"}, target="all")')
    assert outcome.error is not None and outcome.error.kind == "app_unavailable"
    assert 'No running app handles the intent "PlaceOrder"' in outcome.error.message
    assert running_handlers(desktop_url, "PlaceOrder") == []


def test_target_that_does_not_declare_the_intent_is_refused(desktop_url: str) -> None:
    [outcome] = on_desktop(desktop_url, 'intents.place_order({"isin": "US0378331005"}, target="charts")')
    assert outcome.error is not None and outcome.error.kind == "app_unavailable"
    assert "offered by: " in outcome.error.message and "orders" in outcome.error.message


def test_app_that_was_started_handles_what_it_declares(desktop_url: str) -> None:
    snippet = 'platform.start_application("clearing")\nintents.book_trade({"isin": "US0378331005"})'
    assert value_of(desktop_url, snippet) == {"by": "clearing", "trade": {"isin": "US0378331005"}}


def test_app_that_never_handles_what_it_declares_is_told_within_the_time(desktop_url: str) -> None:
    [outcome] = on_desktop(desktop_url, "intents.nothing({})", limits=Limits(call_timeout_s=6))
    assert outcome.error is not None and outcome.error.kind == "app_unavailable"
    assert 'The app "silent" was asked to start for the intent "Nothing"' in outcome.error.message
    assert [call.state for call in outcome.calls] == ["unfinished"]


def test_start_that_the_platform_refuses_is_an_app_error(desktop_url: str) -> None:
    [outcome] = on_desktop(desktop_url, 'platform.start_application("nobody")')
    assert outcome.error is not None and outcome.error.kind == "app_error"
    assert "it is not found" in outcome.error.message


def test_applications_are_listed(desktop_url: str) -> None:
    found = value_of(desktop_url, "[app.name for app in platform.list_applications().definitions]")
    assert isinstance(found, list)
    assert {"crm", "profiles", "charts", "orders", "silent"} <= set(map(str, found))


def test_policy_that_denies_an_intent_starts_nothing(desktop_url: str) -> None:
    [outcome] = on_desktop(desktop_url, f"intents.view_chart({INSTRUMENT})", policy=Policy(deny=("intents.*",)))
    assert outcome.error is not None and outcome.error.kind == "unknown_name"


def test_channels_of_the_platform_are_read_and_published_on(desktop_url: str) -> None:
    async def act() -> JsonValue:
        transport = GatewayTransport(desktop_url, user="dev")
        try:
            given: dict[str, JsonValue] = {"name": "Red", "data": {"isin": "US0378331005"}}
            await transport.call(Route(kind="context", name="channels.publish"), given, timeout_s=20)
            return await transport.call(Route(kind="context", name="channels.get"), {"name": "Red"}, timeout_s=20)
        finally:
            await transport.close()

    found = asyncio.run(act())
    assert isinstance(found, dict) and found["data"] == {"isin": "US0378331005"}


def test_app_definition_that_comes_later_is_in_the_catalog(desktop: NodeProcess) -> None:
    async def act() -> tuple[bool, bool]:
        news: asyncio.Queue[News] = asyncio.Queue()
        async with open_live(desktop.facts["url"], user="dev", spares=0, on_news=news.put_nowait) as code_mode:
            before = "intents.view_later" in code_mode.manifest.capabilities
            later: dict[str, JsonValue] = {"import": {"name": "later", "intent": "ViewLater"}}
            await asyncio.to_thread(lambda: desktop.tell(**later))
            async with asyncio.timeout(30):
                while "intents.view_later" not in code_mode.manifest.capabilities:
                    await news.get()
            return before, True

    assert asyncio.run(act()) == (False, True)
