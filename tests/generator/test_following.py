"""A catalog that follows a transport, and what it does with one that fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Mapping

import pytest

from ioconnect_codegen import News, open_live
from ioconnect_codemode.transports import Change, Route
from ioconnect_codemode.values import JsonValue


class Desk:
    """A transport that describes what it is told, and says so; an exception among the descriptions is raised."""

    def __init__(self, first: JsonValue) -> None:
        self._descriptions: asyncio.Queue[JsonValue | Exception] = asyncio.Queue()
        self._descriptions.put_nowait(first)
        self._changes: asyncio.Queue[Change | None] = asyncio.Queue()

    def become(self, description: JsonValue | Exception) -> None:
        """Describe something else from now on."""
        self._descriptions.put_nowait(description)
        self._changes.put_nowait(Change(is_connected=True))

    async def connect(self) -> None:
        pass

    async def describe(self) -> dict[str, JsonValue]:
        described = await self._descriptions.get()
        if isinstance(described, Exception):
            raise described
        return {"schemaVersion": 1, "name": "desk", "methods": [{"name": str(described)}]}

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        return None

    async def changes(self) -> AsyncGenerator[Change]:
        while (change := await self._changes.get()) is not None:
            yield change

    async def close(self) -> None:
        self._changes.put_nowait(None)


def test_transport_that_fails_once_is_told_and_the_next_change_is_followed(caplog: pytest.LogCaptureFixture) -> None:
    async def act() -> tuple[News, list[str]]:
        news: asyncio.Queue[News] = asyncio.Queue()
        desk = Desk("Desk.First")
        async with open_live(desk, spares=0, on_news=news.put_nowait) as code_mode, asyncio.timeout(60):
            desk.become(RuntimeError("a defect"))
            told = await news.get()
            desk.become("Desk.Second")
            await news.get()
            return told, list(code_mode.manifest.capabilities)

    told, names = asyncio.run(act())

    assert told.problem == "the catalog stays as it was: RuntimeError, a defect; the next change is tried again"
    assert names == ["desk.second"]
    assert "the catalog could not follow" in caplog.text
