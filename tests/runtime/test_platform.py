"""What a platform says of its apps, read with care."""

from __future__ import annotations

import pytest

from ioconnect_codegen import read_environment
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.platform import DESKTOP, WEB, declaring, platform_of
from ioconnect_codemode.transports.registry import Registry
from ioconnect_codemode.values import JsonValue


def registry(*names: str) -> Registry:
    made = Registry()
    methods: list[JsonValue] = [{"id": n, "name": name} for n, name in enumerate(names)]
    made.apply({"type": "methods-added", "peer_id": "me", "server_id": "platform", "methods": methods})
    return made


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["T42.Web.Platform.Control"], WEB),
        (["T42.ACS.GetApplications", "T42.ACS.StartApplication"], DESKTOP),
        (["CRM.GetClients"], None),
    ],
)
def test_platform_is_known_by_the_method_that_lists_its_apps(names: list[str], expected: object) -> None:
    assert platform_of(registry(*names)) is expected


def test_intents_are_found_beside_the_name_and_among_the_apps_own_properties() -> None:
    intents: JsonValue = [{"name": "ViewChart", "displayName": "View", "contexts": ["fdc3.chart", 7], "icon": "x"}]
    answer: JsonValue = {
        "definitions": [{"name": "one", "intents": intents}, {"name": "two", "customProperties": {"intents": intents}}]
    }
    kept: JsonValue = [{"name": "ViewChart", "displayName": "View", "contexts": ["fdc3.chart"]}]

    assert WEB.definitions(answer) == [{"name": "one", "intents": kept}, {"name": "two", "intents": kept}]


def test_methods_that_a_definition_declares_are_kept_with_their_schemas() -> None:
    method: JsonValue = {
        "name": "Portfolio.Show",
        "description": 7,
        "inputSchema": {"type": "object"},
        "outputSchema": "{",
    }
    answer: JsonValue = {"definitions": [{"name": "one", "customProperties": {"interop": {"methods": [method, {}]}}}]}

    declared: JsonValue = {"interop": {"methods": [{"name": "Portfolio.Show", "inputSchema": {"type": "object"}}]}}
    assert WEB.definitions(answer) == [{"name": "one", "customProperties": declared}]


NO_APPS: list[JsonValue] = [
    None,
    7,
    [],
    {"definitions": None},
    {"definitions": {"name": "one"}},
    {"definitions": [None, 7, [], {}, {"name": 7}, {"name": "  "}, {"title": "nameless"}]},
]


@pytest.mark.parametrize("answer", NO_APPS)
def test_answer_that_describes_no_app_gives_none(answer: JsonValue) -> None:
    assert WEB.definitions(answer) == []


def test_what_is_kept_is_what_an_environment_document_takes() -> None:
    odd: JsonValue = {
        "name": "odd",
        "title": [],
        "caption": None,
        "type": 7,
        "intents": [None, {"name": "I", "contexts": "fdc3.chart", "resultType": {}}],
        "customProperties": {"interop": {"methods": [{"name": "M", "inputSchema": 7}]}},
    }
    again: JsonValue = {"name": "ODD", "caption": "another of the same name"}
    applications = WEB.definitions({"definitions": [odd, again]})

    read = read_environment({"schemaVersion": 1, "name": "desk", "methods": [], "applications": applications})

    [app] = read.applications
    assert (app.name, [one.name for one in app.intents], [one.name for one in app.methods]) == ("odd", ["I"], ["M"])


APPS: list[dict[str, JsonValue]] = [
    {"name": "charts", "intents": [{"name": "ViewChart", "contexts": ["fdc3.chart"]}]},
    {"name": "any", "intents": [{"name": "ViewChart"}]},
    {"name": "desks", "intents": [{"name": "ViewDesk", "contexts": ["acme.desk"]}]},
    {"name": "none"},
]


@pytest.mark.parametrize(
    ("intent", "context_type", "expected"),
    [
        ("ViewChart", "fdc3.chart", ["charts", "any"]),
        ("viewchart", "fdc3.instrument", ["any"]),
        ("ViewDesk", "fdc3.instrument", ["desks"]),
        ("ViewDesk", None, ["desks"]),
        ("Nothing", "fdc3.chart", []),
    ],
)
def test_apps_that_take_the_context_are_preferred(intent: str, context_type: JsonValue, expected: list[str]) -> None:
    assert declaring(APPS, intent, context_type) == expected


def test_start_names_the_app_and_the_instance_comes_back() -> None:
    assert WEB.starting("charts")["data"] == {
        "name": "charts",
        "waitForAGMReady": True,
        "startReason": {"originApp": {"interopInstance": "ioconnect-codemode"}},
    }
    assert DESKTOP.starting("charts")["Name"] == "charts"
    assert (WEB.instance({"id": "i-7"}), DESKTOP.instance({"Id": "i-7"})) == ("i-7", "i-7")
    assert WEB.instance({"id": 7}) is WEB.instance(None) is None


def test_instance_selects_among_the_handlers_of_an_intent() -> None:
    made = Registry()
    for server in ("a", "b"):
        made.apply(
            {"type": "peer-added", "new_peer_id": server, "identity": {"application": "x", "instance": f"i-{server}"}}
        )
        handler: JsonValue = {"id": 1, "name": "Tick42.FDC3.Intents.ViewChart"}
        made.apply({"type": "methods-added", "peer_id": "me", "server_id": server, "methods": [handler]})
    route = Route(kind="intent", name="ViewChart")

    assert [one.server_id for one in made.find(route)] == ["a"]
    assert [one.server_id for one in made.find(route._replace(target="i-b"))] == ["b"]
    assert [made.offers(route, instance=one) for one in ("i-a", "i-b", "i-c", None)] == [True, True, False, True]
