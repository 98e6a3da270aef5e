"""Capabilities that an app definition declares and no running app offers."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ioconnect_codegen import open_live
from ioconnect_codemode import OutcomeError, Policy
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live

DEFINITIONS: JsonValue = [
    {
        "name": "pricer",
        "type": "window",
        "details": {"url": "https://example.com"},
        "customProperties": {
            "interop": {"methods": [{"name": "Pricer.Price", "inputSchema": {"type": "object", "properties": {}}}]}
        },
    }
]
START: JsonValue = {"definition": {"name": "T42.ACS.StartApplication"}, "does": {"answer": {"Id": "p-1"}}}


def error_of(url: str, user: str, folder: Path, policy: Policy | None = None) -> OutcomeError:
    """What a snippet is told that calls the method of an app that is not running."""
    file = folder / "definitions.json"
    file.write_text(json.dumps(DEFINITIONS), encoding="utf-8")

    async def act() -> OutcomeError:
        with running("told_app.mjs", "--url", url, "--user", user, "--application", "platform") as app:
            app.tell(register=[START])
            async with open_live(url, files=[str(file)], user=user, policy=policy, spares=0) as code_mode:
                outcome = await code_mode.execute_python_code("pricer.price()")
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
