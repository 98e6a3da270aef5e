"""A platform call from a snippet: what is fixed and what is given arrive as one argument object."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode import CodeMode, Outcome
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

ENVIRONMENT: JsonValue = {
    "schemaVersion": 1,
    "name": "platform",
    "methods": [{"name": "T42.Web.Platform.Control"}],
    "workspaces": [
        {
            "name": "client-management",
            "contextSchema": {
                "type": "object",
                "properties": {"clientId": {"type": "string"}},
                "required": ["clientId"],
            },
        },
        {"name": "free", "contextSchema": {"type": "object"}},
    ],
}


def run(code: str, folder: Path) -> tuple[Outcome, list[JsonValue]]:
    seen: list[JsonValue] = []

    def control(arguments: dict[str, JsonValue]) -> JsonValue:
        seen.append(arguments)
        return {"id": "ws-1", "config": {"title": "t", "name": "n", "frameId": "f"}, "applicationName": "crm"}

    async def execute() -> Outcome:
        transport = EmbeddedTransport({"T42.Web.Platform.Control": control})
        async with CodeMode.open(folder, transport=transport) as code_mode:
            return await code_mode.execute_python_code(code)

    write(generate(read_environment(ENVIRONMENT)), folder)
    return asyncio.run(execute()), seen


def test_parameters_stand_beside_what_is_fixed(tmp_path: Path) -> None:
    outcome, seen = run("platform.start_application('crm', context={'id': 'C1'}).id", tmp_path / "package")
    assert outcome.value == "ws-1", outcome.text()
    assert seen == [
        {
            "domain": "appManager",
            "operation": "applicationStart",
            "data": {
                "name": "crm",
                "context": {"id": "C1"},
                "waitForAGMReady": True,
                "startReason": {"originApp": {"interopInstance": "ioconnect-codemode"}},
            },
        }
    ]


def test_context_of_a_workspace_stands_three_keys_deep(tmp_path: Path) -> None:
    outcome, seen = run("platform.restore_client_management(clientId='C1').config.title", tmp_path / "package")
    assert outcome.value == "t", outcome.text()
    assert seen == [
        {
            "domain": "workspaces",
            "operation": "openWorkspace",
            "data": {"name": "client-management", "restoreOptions": {"context": {"clientId": "C1"}}},
        }
    ]


def test_what_is_fixed_cannot_be_overwritten(tmp_path: Path) -> None:
    outcome, seen = run("platform.restore_free({'name': 'x', 'operation': 'y'}).id", tmp_path / "package")
    assert outcome.value == "ws-1", outcome.text()
    assert seen == [
        {
            "domain": "workspaces",
            "operation": "openWorkspace",
            "data": {"name": "free", "restoreOptions": {"context": {"name": "x", "operation": "y"}}},
        }
    ]


def test_argument_of_a_wrong_type_is_refused_and_nothing_is_sent(tmp_path: Path) -> None:
    outcome, seen = run("name = ''\nplatform.start_application(name)", tmp_path / "package")
    assert outcome.error is not None
    assert (outcome.error.kind, seen) == ("argument", [])


def test_a_call_without_parameters_sends_what_is_fixed(tmp_path: Path) -> None:
    outcome, seen = run("platform.list_workspaces()", tmp_path / "package")
    assert seen == [{"domain": "workspaces", "operation": "getAllWorkspacesSummaries", "data": {}}], outcome.text()
