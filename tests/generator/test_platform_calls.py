"""Platform calls: what the captured platform can do on one interop call, and nothing else."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codegen import Catalog, build_catalog, read_environment
from ioconnect_codegen.catalog import Capability
from ioconnect_codegen.platform_names import is_system_method
from ioconnect_codemode.values import JsonValue

BROWSER = "T42.Web.Platform.Control"
CONTEXT: JsonValue = {
    "type": "object",
    "properties": {"clientId": {"type": "string", "description": "The client."}},
    "required": ["clientId"],
}


def catalog(*methods: str, workspaces: list[JsonValue] | None = None) -> Catalog:
    listed: list[JsonValue] = [{"name": name} for name in methods]
    document: JsonValue = {"schemaVersion": 1, "name": "desk", "methods": listed, "workspaces": workspaces or []}
    return build_catalog(read_environment(document))


def named(found: Catalog) -> dict[str, Capability]:
    return {one.name: one for one in found.capabilities}


def test_a_browser_platform_has_all_calls() -> None:
    assert list(named(catalog(BROWSER))) == [
        "platform.list_applications",
        "platform.list_workspace_layouts",
        "platform.list_workspaces",
        "platform.raise_notification",
        "platform.restore_workspace",
        "platform.start_application",
    ]


def test_only_calls_whose_method_is_there_are_offered() -> None:
    assert list(named(catalog("T42.ACS.GetApplications", "T42.Wnd.Create"))) == ["platform.list_applications"]
    assert named(catalog("T42.Wnd.Create", "CRM.Find")).keys() == {"crm.find"}


def test_spelling_of_the_environment_goes_on_the_wire() -> None:
    assert named(catalog("t42.web.platform.control"))["platform.list_applications"].wire == "t42.web.platform.control"


def test_browser_goes_before_desktop_where_both_are_there() -> None:
    both = named(catalog("T42.ACS.GetApplications", BROWSER))
    assert both["platform.list_applications"].wire == BROWSER


def test_domain_and_operation_are_fixed_and_parameters_stand_under_data() -> None:
    start = named(catalog(BROWSER))["platform.start_application"]
    assert (start.fixed["domain"], start.fixed["operation"]) == ("appManager", "applicationStart")
    assert start.under == ("data",)
    assert [(one.name, one.type, one.is_required) for one in start.parameters] == [
        ("name", "str", True),
        ("context", "dict[str, Any]", False),
    ]
    assert start.effect == "write"


def test_parameters_of_a_desktop_call_have_python_names_and_wire_keys() -> None:
    start = named(catalog("T42.ACS.StartApplication"))["platform.start_application"]
    assert [(one.name, one.key) for one in start.parameters] == [("name", "Name"), ("context", "Context")]


def test_workspace_that_declares_its_context_has_a_typed_call() -> None:
    layout: JsonValue = {"name": "client-management", "description": "Clients at work.", "contextSchema": CONTEXT}
    restore = named(catalog(BROWSER, workspaces=[layout]))["platform.restore_client_management"]
    assert [(one.name, one.type) for one in restore.parameters] == [("clientId", "str")]
    assert restore.summary == "Clients at work."
    assert restore.fixed["data"] == {"name": "client-management"}
    assert restore.under == ("data", "restoreOptions", "context")


def test_workspace_without_a_context_schema_has_no_call_of_its_own() -> None:
    assert "platform.restore_plain" not in named(catalog(BROWSER, workspaces=[{"name": "plain"}]))


def test_workspace_without_a_platform_has_no_call() -> None:
    assert named(catalog(workspaces=[{"name": "desk", "contextSchema": CONTEXT}])) == {}


def test_broken_context_schema_is_told_and_keeps_the_call() -> None:
    found = catalog(BROWSER, workspaces=[{"name": "odd", "contextSchema": {"$ref": "file:///etc/passwd"}}])
    assert [one.name for one in named(found)["platform.restore_odd"].parameters] == ["arguments"]
    assert any("leads out of the document" in one.message for one in found.diagnostics)


def test_desktop_lists_and_clears_notifications_and_says_why_it_raises_none() -> None:
    found = catalog("T42.Notifications.Execute", "T42.GNS.Publish.RaiseNotification")
    calls = named(found)

    assert calls.keys() == {"platform.list_notifications", "platform.clear_notification"}
    assert calls["platform.clear_notification"].under == ("data",)
    assert not calls["platform.clear_notification"].is_result_declared
    told = {one.where: one.message for one in found.diagnostics if one.kind == "not_offered"}
    assert "a snippet registers none" in told["platform.raise_notification"]


def test_layout_that_nothing_can_restore_is_told() -> None:
    (one,) = catalog(workspaces=[{"name": "desk"}]).diagnostics

    assert (one.kind, one.where) == ("not_offered", "workspace desk")


def test_channels_and_shared_contexts_are_left_out_with_the_reason() -> None:
    told = {one.where: one.message for one in catalog(BROWSER).diagnostics if one.kind == "not_offered"}
    assert told.keys() == {"platform channels", "platform shared contexts"}
    assert catalog("CRM.Find").diagnostics == ()


@pytest.mark.parametrize("layout", ["Workspaces", "Workspace", "Layouts", "Restore"])
def test_shared_schemas_are_sound(layout: str) -> None:
    document = json.loads(ioconnect_schemas.read("platform_calls.json"))
    jsonschema_rs.meta.validate({"$ref": f"#/$defs/{layout}", "$defs": document["$defs"]})


def test_every_method_that_is_called_is_one_of_the_platform() -> None:
    document = json.loads(ioconnect_schemas.read("platform_calls.json"))
    assert all(is_system_method(call["method"]) for call in (*document["calls"], *document["layouts"]))
