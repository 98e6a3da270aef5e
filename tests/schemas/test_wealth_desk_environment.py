"""The example environment: sound, and with every way in which real apps declare themselves."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import jsonschema_rs

import ioconnect_schemas
from ioconnect_codemode.values import JsonValue

Fields = dict[str, JsonValue]


def environment() -> Fields:
    document: Fields = json.loads(ioconnect_schemas.read("examples/wealth_desk.environment.json"))
    return document


def rows(node: JsonValue, *path: str) -> list[Fields]:
    """The objects of a list inside the node; none where the path ends early."""
    for key in path:
        node = node.get(key) if isinstance(node, dict) else None
    return [item for item in node if isinstance(item, dict)] if isinstance(node, list) else []


def methods() -> list[Fields]:
    return rows(environment(), "methods")


def method(name: str) -> Fields:
    return next(each for each in methods() if each["name"] == name)


def dynamic_tool(method: Fields) -> Fields | None:
    flags = method.get("flags")
    tool = flags.get("ioIntelMCPTool") if isinstance(flags, dict) else None
    return tool if isinstance(tool, dict) else None


def declared_schemas() -> Iterator[tuple[str, JsonValue]]:
    """Every JSON Schema of the environment with its place, JSON text parsed; text that does not parse is left out."""
    for each in methods():
        for key in ("inputSchema", "outputSchema"):
            try:
                yield f"{each['name']} {key}", json.loads(str((dynamic_tool(each) or {}).get(key)))
            except ValueError:
                continue
    for tool in rows(environment(), "tools"):
        config = tool["config"]
        assert isinstance(config, dict)
        yield from ((f"{tool['name']} {key}", config[key]) for key in ("inputSchema", "outputSchema") if key in config)
    for app in rows(environment(), "applications"):
        for each in rows(app, "customProperties", "interop", "methods"):
            yield from ((f"{each['name']} {key}", each[key]) for key in ("inputSchema", "outputSchema"))


def test_environment_holds_its_schema() -> None:
    schema = json.loads(ioconnect_schemas.read("environment.schema.json"))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(environment())] == []


def test_every_declared_schema_is_a_schema() -> None:
    found = list(declared_schemas())
    assert len(found) > 25
    for place, schema in found:
        assert isinstance(schema, dict), place
        assert jsonschema_rs.meta.is_valid(schema), place


def test_only_the_topics_tool_carries_broken_schema_text() -> None:
    broken: list[JsonValue] = []
    for each in methods():
        tool = dynamic_tool(each)
        try:
            json.loads(str(tool["inputSchema"])) if tool else None
        except ValueError:
            broken.append(each["name"])
    assert broken == ["Research.Topics"]


def test_clients_are_found_by_name_with_a_limit_of_fifty() -> None:
    tool = dynamic_tool(method("CRM.FindClients"))
    assert tool is not None
    assert tool["name"] == "find_clients"
    assert json.loads(str(tool["inputSchema"])) == {
        "type": "object",
        "properties": {
            "name": {"type": "string", "minLength": 1, "description": "Any part of the name"},
            "limit": {
                "type": "integer",
                "minimum": 1,
                "maximum": 500,
                "default": 50,
                "description": "Most clients to return",
            },
        },
        "required": ["name"],
    }


def test_find_get_and_list_declare_the_same_client() -> None:
    schemas = dict(declared_schemas())
    found, got, listed = (schemas[f"CRM.{name} outputSchema"] for name in ("FindClients", "GetClient", "ListClients"))
    assert isinstance(found, dict)
    assert isinstance(listed, dict)
    assert found["items"] == got
    assert listed["$defs"] == {"Client": got}


def test_the_page_of_clients_has_a_field_that_dicts_have_a_method_of() -> None:
    listed = dict(declared_schemas())["CRM.ListClients outputSchema"]
    assert isinstance(listed, dict)
    assert isinstance(listed["properties"], dict)
    assert list(listed["properties"]) == ["items", "total", "offset"]
    assert hasattr(dict[str, object](), "items")


def test_two_methods_share_a_name_and_differ_in_signature() -> None:
    names = Counter(each["name"] for each in methods())
    assert [name for name, count in names.items() if count > 1] == ["Orders.GetBlotter"]
    signatures = {str(each["accepts"]) for each in methods() if each["name"] == "Orders.GetBlotter"}
    assert signatures == {"string desk", "string desk, datetime date"}


def test_one_method_is_offered_by_two_apps() -> None:
    offered = {str(each["name"]): [row["application"] for row in rows(each, "servers")] for each in methods()}
    shared = {name: apps for name, apps in offered.items() if len(apps) > 1}
    assert shared == {"MarketData.GetQuote": ["market-data", "market-data-backup"]}


def test_one_method_is_declared_by_an_app_that_does_not_run() -> None:
    running = {str(row["application"]) for each in methods() for row in rows(each, "servers")}
    declared = {
        str(each["name"]): app["name"]
        for app in rows(environment(), "applications")
        for each in rows(app, "customProperties", "interop", "methods")
        if app["name"] not in running
    }
    assert declared == {"Portfolios.ProposeRebalance": "model-portfolios"}


def test_there_is_one_stream() -> None:
    assert [each["name"] for each in methods() if each.get("supportsStreaming")] == ["MarketData.Ticks"]


def test_some_methods_declare_nothing_but_a_name() -> None:
    bare = [each["name"] for each in methods() if not {"accepts", "returns", "flags"} & set(each)]
    business = [name for name in bare if not str(name).startswith("T42.") or name == "T42.CRM.SyncContact"]
    assert business == ["T42.CRM.SyncContact", "Portfolios.GetForClient", "Notes.Pin note", "getDeskCalendar"]


def test_running_intent_handlers_are_methods_as_well() -> None:
    flagged = [each["name"] for each in methods() if "intent" in str(each.get("flags", ""))]
    intents = {f"Tick42.FDC3.Intents.{each['name']}" for each in rows(environment(), "intents")}
    assert flagged == ["Tick42.FDC3.Intents.ViewChart", "Tick42.FDC3.Intents.ShowClientCard"]
    assert set(flagged) < intents


def test_every_intent_of_an_app_definition_has_that_app_as_handler() -> None:
    declared = {
        (each["name"], app["name"]) for app in rows(environment(), "applications") for each in rows(app, "intents")
    }
    handled = {
        (intent["name"], each["applicationName"])
        for intent in rows(environment(), "intents")
        for each in rows(intent, "handlers")
    }
    assert declared == handled
