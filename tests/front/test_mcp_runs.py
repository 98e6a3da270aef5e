"""Runs over MCP while they last: progress, cancellation, and a package that is replaced."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import anyio
import pytest
from mcp import Client
from mcp.client.session import IncomingMessage
from mcp_types import CallToolResult, Tool, ToolListChangedNotification

from front.serving import served_over_http, text_of, until
from ioconnect_codemode import CodeMode, Limits, Policy
from ioconnect_codemode.mcp_server import server
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, with_desk

LOOP = "crm.get_client('CL-10024')\nwhile True: pass"
SLOW = "crm.get_client('CL-10024').name"
MODES = pytest.mark.parametrize("mode", ["legacy", "auto"])
LONG = Limits(timeout_s=60, total_s=120)


@MODES
def test_a_long_run_tells_that_it_goes_on(mode: str) -> None:
    told: list[tuple[float, str | None]] = []
    enough = asyncio.Event()

    async def slow(arguments: dict[str, JsonValue]) -> JsonValue:
        await asyncio.wait_for(enough.wait(), 30)
        return {"id": str(arguments["id"]), "name": "N"}

    async def note(progress: float, total: float | None, message: str | None) -> None:
        assert total is None
        told.append((progress, message))
        if len(told) == 3:
            enough.set()

    async def act(code_mode: CodeMode) -> CallToolResult:
        async with Client(server(code_mode, progress_every_s=0.02), mode=mode) as client:
            return await client.call_tool("execute_python_code", {"code": SLOW}, progress_callback=note)

    assert text_of(with_desk(act, handlers={"CRM.GetClient": slow})).splitlines()[0] == '"N"'
    assert [progress for progress, _ in told] == sorted({progress for progress, _ in told})
    assert told[0][1] == "running for 0 s"


class Reached:
    """An app that notes that a snippet has come to it."""

    def __init__(self) -> None:
        self.is_reached = False

    def get_client(self, arguments: dict[str, JsonValue]) -> JsonValue:
        self.is_reached = True
        return {"id": str(arguments["id"]), "name": "N"}


@MODES
def test_a_cancelled_call_kills_the_run(mode: str) -> None:
    app = Reached()

    async def act(code_mode: CodeMode) -> str:
        async with Client(server(code_mode), mode=mode) as client:
            async with anyio.create_task_group() as group:
                group.start_soon(client.call_tool, "execute_python_code", {"code": LOOP})
                await until(lambda: app.is_reached)
                assert len(code_mode.worker_processes) == 1
                group.cancel_scope.cancel()
            await until(lambda: not code_mode.worker_processes)
            return text_of(await client.call_tool("execute_python_code", {"code": "6 * 7"})).splitlines()[0]

    assert with_desk(act, limits=LONG, handlers={"CRM.GetClient": app.get_client}) == "42"


def over_http(act: Callable[[CodeMode, str], Awaitable[str]], app: Reached) -> str:
    async def run(code_mode: CodeMode) -> str:
        async with served_over_http(code_mode) as url:
            return await act(code_mode, url)

    return with_desk(run, limits=LONG, handlers={"CRM.GetClient": app.get_client})


@MODES
def test_a_call_that_is_cancelled_over_http_kills_the_run_and_no_other_is_touched(mode: str) -> None:
    app = Reached()

    async def act(code_mode: CodeMode, url: str) -> str:
        async with Client(url, mode=mode) as cancels, Client(url, mode=mode) as stays:
            async with anyio.create_task_group() as group:
                group.start_soon(cancels.call_tool, "execute_python_code", {"code": LOOP})
                await until(lambda: app.is_reached)
                group.cancel_scope.cancel()
            await until(lambda: not code_mode.worker_processes)
            return text_of(await stays.call_tool("execute_python_code", {"code": "6 * 7"})).splitlines()[0]

    assert over_http(act, app) == "42"


def test_a_client_that_goes_away_takes_its_run_with_it() -> None:
    """From protocol 2026-07-28 on; before, a lost connection was no cancellation, and the run's own limits end it."""
    app = Reached()

    async def act(code_mode: CodeMode, url: str) -> str:
        async def run_and_leave() -> None:
            async with Client(url) as client:
                await client.call_tool("execute_python_code", {"code": LOOP})

        async with anyio.create_task_group() as group:
            group.start_soon(run_and_leave)
            await until(lambda: app.is_reached)
            group.cancel_scope.cancel()
        await until(lambda: not code_mode.worker_processes)
        return "gone"

    assert over_http(act, app) == "gone"


# -- a package that is replaced ------------------------------------------------------------------------------------------


def reading_only(folder: Path) -> Path:
    """Give the wealth desk with a policy that leaves what only reads."""
    shutil.copytree(PACKAGE, folder)
    reads = [name for name, effect in Policy.of_package(PACKAGE).effects.items() if effect == "read"]
    effects = "".join(f'"{name}" = "read"\n' for name in reads)
    text = f"[capabilities]\nallow = {json.dumps(reads)}\n[effects]\n{effects}"
    (folder / "codemode.toml").write_text(text, encoding="utf-8")
    return folder


def hints(tools: list[Tool]) -> dict[str, object]:
    annotations = tools[-1].annotations
    assert annotations is not None
    return annotations.model_dump(exclude_none=True)


def test_a_client_of_an_older_protocol_is_told_that_the_tools_may_have_changed(tmp_path: Path) -> None:
    heard: list[str] = []

    async def hear(message: IncomingMessage) -> None:
        if isinstance(message, ToolListChangedNotification):
            heard.append(message.method)

    async def act(code_mode: CodeMode) -> list[dict[str, object]]:
        async with Client(server(code_mode), mode="legacy", message_handler=hear) as client:
            capabilities = client.server_capabilities
            assert capabilities.tools is not None and capabilities.tools.list_changed
            before = hints((await client.list_tools()).tools)
            code_mode.replace_package(reading_only(tmp_path / "desk"))
            await until(lambda: bool(heard))
            return [before, hints((await client.list_tools()).tools)]

    before, after = with_desk(act)
    assert (before["read_only_hint"], before["destructive_hint"]) == (False, True)
    assert after == {"read_only_hint": True, "open_world_hint": False}
    assert heard == ["notifications/tools/list_changed"]


def test_a_client_that_listens_is_told_that_the_tools_may_have_changed(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> str:
        async with Client(server(code_mode)) as client, client.listen(tools_list_changed=True) as events:
            code_mode.replace_package(reading_only(tmp_path / "desk"))
            with anyio.fail_after(30):
                return type(await anext(aiter(events))).__name__

    assert with_desk(act) == "ToolsListChanged"


def test_a_client_that_has_left_is_no_reason_to_fail(tmp_path: Path) -> None:
    async def act(code_mode: CodeMode) -> str:
        made = server(code_mode)
        async with Client(made, mode="legacy"):
            pass
        code_mode.replace_package(reading_only(tmp_path / "desk"))
        async with Client(made, mode="legacy") as client:
            return text_of(await client.call_tool("execute_python_code", {"code": "6 * 7"})).splitlines()[0]

    assert with_desk(act) == "42"
