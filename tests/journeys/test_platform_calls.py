"""A platform call from a snippet: what is fixed and what is given arrive as one argument object."""

from __future__ import annotations

import asyncio
from pathlib import Path

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode import CodeMode, Manifest, Outcome, Policy
from ioconnect_codemode.admit import Admission, Refusal
from ioconnect_codemode.lookup import definitions_text, list_text
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

ENVIRONMENT: dict[str, JsonValue] = {
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


def run(code: str, folder: Path, policy: Policy | None = None) -> tuple[Outcome, list[JsonValue]]:
    seen: list[JsonValue] = []

    def control(arguments: dict[str, JsonValue]) -> JsonValue:
        seen.append(arguments)
        return {"id": "ws-1", "config": {"title": "t", "name": "n", "frameId": "f"}, "applicationName": "crm"}

    async def execute() -> Outcome:
        transport = EmbeddedTransport({"T42.Web.Platform.Control": control})
        async with CodeMode.open(folder, transport=transport, policy=policy) as code_mode:
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


# -- hide_system -----------------------------------------------------------------------------------------------------

HIDDEN = Policy(hide_system=True, allow=("platform.*", "crm.*"))


def with_an_app(folder: Path) -> Manifest:
    methods: list[JsonValue] = [{"name": "T42.Web.Platform.Control"}, {"name": "CRM.GetClient", "accepts": "string id"}]
    write(generate(read_environment({**ENVIRONMENT, "methods": methods})), folder)
    return Manifest.read(folder)


def test_what_the_platform_does_is_called_where_policy_hides_nothing(tmp_path: Path) -> None:
    assert run("platform.start_application('crm')", tmp_path / "package", Policy())[0].ok


def test_a_snippet_does_not_know_what_policy_hides_of_the_platform(tmp_path: Path) -> None:
    outcome, seen = run("platform.start_application('crm')", tmp_path / "package", HIDDEN)
    assert outcome.error is not None
    assert (outcome.error.kind, seen) == ("unknown_name", [])


def test_what_policy_hides_of_the_platform_is_nowhere(tmp_path: Path) -> None:
    before = with_an_app(tmp_path / "package")
    after = HIDDEN.apply(before)
    assert "platform.start_application" in before.capabilities
    assert list(after.capabilities) == ["crm.get_client"]
    assert list(after.namespaces) == ["crm"]
    assert "platform" not in list_text(after, "start an application")
    assert "def " not in definitions_text(after, ["platform.start_application"])


def test_a_forged_call_of_what_is_hidden_is_refused(tmp_path: Path) -> None:
    admission = Admission(HIDDEN.apply(with_an_app(tmp_path / "package")), HIDDEN)
    refused = admission.admit("platform.start_application", {"name": "crm"})
    assert isinstance(refused, Refusal)
    assert refused.kind == "denied"


def test_a_policy_that_hides_has_rules() -> None:
    assert HIDDEN.has_rules
    assert Policy(hide_system=True).has_rules
    assert not Policy().has_rules
