"""A platform's side of the conversation, from a recording: apps that an intent starts, without Node and Chromium."""

from __future__ import annotations

import asyncio

from ioconnect_codemode.values import JsonValue
from live.platform_session import APPLE, act, recorded


def test_recorded_platform_gives_its_answers_again() -> None:
    async def replay() -> tuple[list[JsonValue], list[str]]:
        async with recorded() as (url, different):
            return await act(url), different

    [applications, first, second, several], different = asyncio.run(replay())

    assert different == []
    assert isinstance(applications, list)
    names = [app["name"] for app in applications if isinstance(app, dict)]
    assert names == ["crm", "profiles", "charts", "orders", "blotter", "booking", "clearing", "silent"]
    assert first == second == {"type": "fdc3.chart", "instruments": [APPLE], "style": "line"}
    assert 'No running app handles the intent "PlaceOrder", and 2 apps declare it: "orders", "blotter".' in str(several)
