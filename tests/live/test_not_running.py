"""Capabilities that an app definition declares and no running app offers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from ioconnect_codegen import open_live
from ioconnect_codemode import OutcomeError, Policy
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live


def declares(application: str) -> JsonValue:
    method: JsonValue = {"name": "Pricer.Price", "inputSchema": {"type": "object", "properties": {}}}
    return {
        "name": application,
        "type": "window",
        "details": {"url": "https://example.com"},
        "customProperties": {"interop": {"methods": [method]}},
    }


START: JsonValue = {"definition": {"name": "T42.ACS.StartApplication"}, "does": {"answer": {"Id": "p-1"}}}


def error_of(
    url: str, user: str, folder: Path, policy: Policy | None = None, *, apps: Sequence[str] = ("pricer",)
) -> OutcomeError:
    """What a snippet is told that calls the method of an app that is not running."""
    file = folder / "definitions.json"
    file.write_text(json.dumps(list(map(declares, apps))), encoding="utf-8")

    async def act() -> OutcomeError:
        with running("told_app.mjs", "--url", url, "--user", user, "--application", "platform") as app:
            app.tell(register=[START])
            async with open_live(url, files=[str(file)], user=user, policy=policy, spares=0) as code_mode:
                outcome = await code_mode.execute_python_code("price()")
                assert outcome.error is not None
                return outcome.error

    return asyncio.run(act())


def test_app_that_declares_it_and_how_to_start_it_are_named(gateway_url: str, tmp_path: Path) -> None:
    error = error_of(gateway_url, "starts", tmp_path)

    assert error.kind == "app_unavailable"
    assert error.message.startswith('pricer.price: No running app offers the method "Pricer.Price"')
    assert error.hint == (
        '"pricer" declares it but is not running: platform.start_application("pricer") starts it; then call again'
    )


def test_start_that_policy_denies_is_not_offered(gateway_url: str, tmp_path: Path) -> None:
    error = error_of(gateway_url, "asks", tmp_path, Policy(deny=("platform.*",)))

    assert error.hint == '"pricer" declares it but is not running: ask the user to start it'


def test_each_app_that_declares_it_is_named(gateway_url: str, tmp_path: Path) -> None:
    error = error_of(gateway_url, "several", tmp_path, apps=["rates", "bonds", 'odd "name"\nof an app'])

    assert error.hint == (
        '3 apps declare it and none of them is running: "bonds", "odd \\"name\\"\\nof an app", "rates"; start the right '
        'one, as platform.start_application("bonds"), then call again'
    )


def test_of_many_apps_the_first_five_are_named(gateway_url: str, tmp_path: Path) -> None:
    apps = [f"app-{number}" for number in range(9)]
    error = error_of(gateway_url, "many", tmp_path, Policy(deny=("platform.*",)), apps=apps)

    assert error.hint == (
        '9 apps declare it and none of them is running: "app-0", "app-1", "app-2", "app-3", "app-4", ...; ask the user to '
        "start the one that is meant"
    )
