"""Platform calls: what the captured platform can do on one interop call, and nothing else."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codegen import Catalog, build_catalog, read_environment
from ioconnect_codegen.capabilities import Capability
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


def value(name: str, path: str, schema: JsonValue, location: str = "workspace") -> JsonValue:
    return {"name": name, "location": location, "path": path, "valueSchema": schema}


def working(*values: JsonValue, has_workspaces: bool = True) -> Catalog:
    methods: list[JsonValue] = [{"name": BROWSER}] if has_workspaces else []
    document: JsonValue = {
        "schemaVersion": 1,
        "name": "desk",
        "methods": methods,
        "gateway": {"contexts": True},
        "workingContext": list(values),
    }
    return build_catalog(read_environment(document))


def told(found: Catalog, kind: str) -> list[str]:
    return [f"{one.where}: {one.message}" for one in found.diagnostics if one.kind == kind and "working" in one.where]


def test_working_context_is_the_result_of_reading_a_workspaces_context() -> None:
    client: JsonValue = {"type": "object", "description": "The client.", "properties": {"name": {"type": "string"}}}
    found = working(
        value("clientId", "client.id", {"type": "string"}),
        value("client", "client", client),
        value("weight", "view.portfolio.weight", {"type": "number"}),
    )

    read = named(found)["platform.get_workspace_context"]
    assert (read.effect, read.result, read.is_result_declared) == ("read", "WorkspaceContext", True)
    assert read.output_schema == {
        "type": "object",
        "title": "WorkspaceContext",
        "properties": {
            "client": {
                "type": "object",
                "description": "The client.",
                "properties": {"name": {"type": "string"}, "id": {"type": "string"}},
            },
            "view": {
                "type": "object",
                "properties": {"portfolio": {"type": "object", "properties": {"weight": {"type": "number"}}}},
            },
        },
    }
    assert told(found, "contradiction") == []


def test_workspaces_context_has_no_type_where_nothing_of_the_working_context_stands_in_it() -> None:
    assert named(working())["platform.get_workspace_context"].result == "dict[str, Any]"


def test_value_of_another_context_is_told_and_stays_untyped() -> None:
    found = working(value("theme", "theme", {"type": "string"}, location="global"))

    assert named(found)["platform.get_workspace_context"].result == "dict[str, Any]"
    assert told(found, "not_offered") == [
        "working context theme: stands in a context of the kind 'global': platform.get_context and platform.get_channel"
        " read those as they are, without a type"
    ]


def test_working_context_without_workspaces_is_told() -> None:
    found = working(value("client", "client", {"type": "object"}), has_workspaces=False)

    assert told(found, "not_offered") == [
        "working context client: the captured environment has no workspaces to read it from: capture a running one"
    ]


@pytest.mark.parametrize(
    ("second", "message"),
    [
        (value("b", "client", {"type": "number"}), "path client: a at client is the same key, declared otherwise"),
        (value("b", "client.id", {"type": "string"}), "path client.id: a at client has no keys"),
    ],
)
@pytest.mark.parametrize("is_turned", [False, True])
def test_of_values_that_cannot_both_be_right_the_first_is_believed(
    second: JsonValue, message: str, is_turned: bool
) -> None:
    values = [value("a", "client", {"type": "string"}), second]
    found = working(*(reversed(values) if is_turned else values))

    read = named(found)["platform.get_workspace_context"]
    assert read.output_schema is not None
    assert read.output_schema["properties"] == {"client": {"type": "string"}}
    assert told(found, "contradiction") == [f"working context b: {message}; a is believed"]


def test_hostile_names_in_a_working_context_become_names_of_their_own() -> None:
    schema: JsonValue = {"type": "string", "description": '"""\nimport os', "x-python-import": "os"}
    found = working(value("x", "__proto__.import.class", schema))

    assert [one.name for one in found.types if one.name in {"Proto", "Import", "WorkspaceContext"}] == [
        "Import",
        "Proto",
        "WorkspaceContext",
    ]
