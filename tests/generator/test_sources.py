"""Sources: which kind a document is, what is read of it, and how several become one environment."""

from __future__ import annotations

import json
from typing import cast

import pytest

from ioconnect_codegen.capture import display_names, document_text
from ioconnect_codegen.errors import SourceError
from ioconnect_codegen.reader import read_environment
from ioconnect_codegen.sources import KINDS, Part, Source, detect, merge, read
from ioconnect_codegen.sources.part import Entry
from ioconnect_codemode.values import JsonValue

INPUT: JsonValue = {"type": "object", "properties": {"id": {"type": "string"}}}
STATIC: JsonValue = {"methods": [{"name": "t", "config": {}, "interop": {"methodName": "M"}}]}
DOCUMENTS: list[tuple[JsonValue, str]] = [
    ({"schemaVersion": 1, "name": "x", "methods": []}, "environment"),
    ([{"name": "M", "input_signature": ""}], "gateway discovery"),
    ({"type": "methods-added", "server_id": "p", "methods": []}, "gateway discovery"),
    ([{"name": "M", "accepts": "int a"}], "interop.methods()"),
    ({"methods": [{"name": "M", "objectTypes": []}]}, "interop.methods()"),
    ([{"name": "a", "type": "window", "details": {}}], "io.Connect app definitions"),
    ({"name": "a", "type": "node", "details": {}}, "io.Connect app definitions"),
    ({"name": "a", "customProperties": {"interop": {}}}, "io.Connect app definitions"),
    ({"applications": [{"appId": "a"}], "message": "OK"}, "FDC3 App Directory"),
    ({"appId": "a", "name": "a", "type": "web", "details": {}}, "FDC3 App Directory"),
    ([{"appId": "a"}], "FDC3 App Directory"),
    ({"tools": [{"name": "t", "inputSchema": {}}]}, "MCP tools/list"),
    ({"jsonrpc": "2.0", "id": 1, "result": {"tools": [{"name": "t", "inputSchema": {}}]}}, "MCP tools/list"),
    ([{"name": "t", "inputSchema": {}}], "MCP tools/list"),
    ({"mcpCoreServer": {"tools": {"static": STATIC}}}, "io.Intelligence configuration"),
    ({"tools": {"static": STATIC}}, "io.Intelligence configuration"),
    ({"static": STATIC}, "io.Intelligence configuration"),
    (STATIC, "io.Intelligence configuration"),
    ([{"name": "w", "type": "Workspace"}], "workspace layouts"),
    ({"layouts": [{"name": "w", "type": "Workspace"}]}, "workspace layouts"),
    ({"schemaVersion": 1, "name": "no methods"}, "environment"),
    ([{"name": "getClients"}, {"name": "user_greeting", "description": "Greets."}], "interop.methods()"),
    ({"methods": [{"name": "getClients"}]}, "interop.methods()"),
    ({"platform": {"mcp": {"mcpCoreServer": {"tools": {"static": STATIC}}}}}, "io.Intelligence configuration"),
    ({"static": {"intents": [{"name": "t", "intentName": "I"}]}}, "io.Intelligence configuration"),
    ([{"name": "I", "handlers": []}], "intents.all()"),
    ({"intents": [{"name": "I", "handlers": []}]}, "intents.all()"),
    ({"$schema": "https://json-schema.org/draft/2020-12/schema"}, "JSON Schema"),
    ({"definitions": {"Id": {"type": "string"}}}, "JSON Schema"),
]
NO_DOCUMENTS: list[JsonValue] = [None, 5, "text", [], {}, [None, 5, []], {"methods": {"a": []}}, {"tools": [[]]}]


def source(name: str, kind: str, document: JsonValue) -> Source:
    return Source(name=name, kind=kind, part=read(document, kind))


def dump(name: str, *methods: JsonValue) -> Source:
    return source(name, "interop.methods()", list(methods))


def entries(document: Entry, key: str) -> list[Entry]:
    return cast("list[Entry]", document.get(key, []))


def contradictions(document: Entry) -> dict[str, dict[str, list[str]]]:
    return {
        str(one["about"]): {str(value["value"]): cast("list[str]", value["sources"]) for value in entries(one, "said")}
        for one in entries(document, "contradictions")
    }


@pytest.mark.parametrize(("document", "kind"), DOCUMENTS)
def test_kind_of_a_document_is_found(document: JsonValue, kind: str) -> None:
    assert detect(document) == kind


@pytest.mark.parametrize(
    "document",
    [
        None,
        5,
        "text",
        [],
        {},
        [[]],
        [None],
        {"a": 1},
        {"methods": 5},
        {"tools": {}},
        {"name": "x"},
        [{"name": "x", "a": 1}],
    ],
)
def test_other_documents_are_of_no_kind(document: JsonValue) -> None:
    assert detect(document) is None


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("document", NO_DOCUMENTS)
def test_a_document_of_another_form_gives_an_empty_part(kind: str, document: JsonValue) -> None:
    part = read(document, kind)

    assert (part.methods, part.tools, part.applications, part.intents, part.workspaces) == ((), (), (), (), ())


def test_unknown_kind_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SourceError, match=r"OpenAPI is no known kind; known are environment, io\.Intelligence"):
        read({}, "OpenAPI")


def test_schemas_that_stand_as_objects_in_a_flag_become_text() -> None:
    (method,) = dump("d", {"name": "M", "flags": {"ioIntelMCPTool": {"name": "m", "inputSchema": INPUT}}}).part.methods
    flags = cast("dict[str, dict[str, str]]", method["flags"])

    assert json.loads(flags["ioIntelMCPTool"]["inputSchema"]) == INPUT


def test_intent_flag_with_nulls_still_makes_a_good_environment() -> None:
    flag: JsonValue = {"intent": {"contextTypes": None, "resultType": None, "displayName": "Card"}}
    document = merge([dump("d", {"name": "Tick42.FDC3.Intents.Card", "accepts": "", "flags": flag})])

    assert read_environment(document).methods[0].flags == {"intent": {"displayName": "Card"}}


def test_methods_of_one_name_and_signature_are_one_whatever_the_case() -> None:
    document = merge(
        [
            dump("a", {"name": "M", "accepts": "int a", "servers": [{"application": "x"}], "objectTypes": ["B"]}),
            dump("b", {"name": "m", "accepts": "INT A", "servers": [{"application": "y"}], "objectTypes": ["A", "B"]}),
        ]
    )

    (method,) = entries(document, "methods")
    assert (method["name"], method["accepts"]) == ("M", "int a")
    assert method["servers"] == [{"application": "x"}, {"application": "y"}]
    assert method["objectTypes"] == ["B", "A"]
    assert contradictions(document) == {}


def test_method_without_a_signature_joins_the_one_that_has_one() -> None:
    document = merge(
        [dump("a", {"name": "M", "description": "Does it."}), dump("b", {"name": "M", "accepts": "int a"})]
    )

    (method,) = entries(document, "methods")
    assert method == {
        "name": "M",
        "accepts": "int a",
        "description": "Does it.",
        "from": {"a": ["description"], "b": ["accepts"]},
    }


def test_method_without_a_signature_stays_apart_where_one_source_has_both() -> None:
    document = merge([dump("a", {"name": "M"}, {"name": "M", "accepts": "int a"})])

    assert len(entries(document, "methods")) == 2


def test_method_without_a_signature_joins_none_of_two() -> None:
    document = merge(
        [dump("a", {"name": "M"}), dump("b", {"name": "M", "accepts": "int a"}, {"name": "M", "accepts": "int b"})]
    )

    assert len(entries(document, "methods")) == 3


def test_sources_with_different_signatures_are_told_and_both_are_kept() -> None:
    document = merge([dump("a", {"name": "M", "accepts": "int a"}), dump("b", {"name": "M", "accepts": "string a"})])

    assert len(entries(document, "methods")) == 2
    assert contradictions(document) == {
        "M signature, kept as 2 methods": {"int a => ": ["a"], "string a => ": ["b"]},
    }


def test_two_signatures_in_one_source_are_two_methods_and_no_contradiction() -> None:
    document = merge([dump("a", {"name": "M", "accepts": "int a"}, {"name": "M", "accepts": "string a"})])

    assert contradictions(document) == {}


def test_what_is_nearer_to_the_platform_is_believed_and_both_are_told() -> None:
    discovery = source("z", "gateway discovery", [{"name": "M", "input_signature": "", "description": "Near."}])
    document = merge([dump("a", {"name": "M", "accepts": "", "description": "Far."}), discovery])

    assert entries(document, "methods")[0]["description"] == "Near."
    assert contradictions(document) == {"M description": {"Near.": ["z"], "Far.": ["a"]}}


def test_the_same_schema_in_other_spelling_is_no_contradiction() -> None:
    first: JsonValue = {"name": "M", "flags": {"ioIntelMCPTool": {"inputSchema": '{"type":"object","title":"T"}'}}}
    second: JsonValue = {"name": "M", "flags": {"ioIntelMCPTool": {"inputSchema": '{"title": "T", "type": "object"}'}}}

    assert contradictions(merge([dump("a", first), dump("b", second)])) == {}


def test_different_schemas_of_one_tool_are_told() -> None:
    one: JsonValue = {"tools": [{"name": "t", "inputSchema": INPUT}]}
    other: JsonValue = {"tools": [{"name": "t", "inputSchema": {"type": "object"}}]}
    document = merge([source("a", "MCP tools/list", one), source("b", "MCP tools/list", other)])

    assert list(contradictions(document)) == ["tools t config inputSchema"]


def test_intents_are_read_with_the_handlers_that_say_whose_they_are() -> None:
    handlers: JsonValue = [{"applicationName": "crm", "type": "instance", "instanceId": "1"}, {"type": "app"}]
    part = read([{"name": "I", "handlers": handlers}, {"name": ""}], "intents.all()")

    assert part.intents == (
        {"name": "I", "handlers": [{"applicationName": "crm", "type": "instance", "instanceId": "1"}]},
    )
    assert part.skipped == ("$[1]: no name", "$[0].handlers[1]: no applicationName")


@pytest.mark.parametrize(
    "named", [{"intent": {"name": "I"}}, {"intent": "I"}, {"intentName": "I"}, {"interop": {"intentName": "I"}}]
)
def test_static_intent_is_read_where_a_word_names_it(named: dict[str, JsonValue]) -> None:
    part = read({"intents": [{"name": "t", "config": {"title": "T"}, **named}]}, "io.Intelligence configuration")

    assert part.intents == ({"name": "I", "handlers": [{"applicationName": "", "type": "app", "displayName": "T"}]},)


def test_static_intent_that_nothing_names_is_left_out_with_the_reason() -> None:
    static: JsonValue = {"intents": [{"name": "t", "config": {}, "interop": {"action": "x"}}]}

    assert read(static, "io.Intelligence configuration").skipped == (
        "$.tools.static.intents[0]: no intent is named: looked for intent, intent.name, intentName"
        " and interop.intentName",
    )


def test_entry_that_is_no_app_definition_is_left_out_among_those_that_are() -> None:
    part = read([{"name": "M", "accepts": "int a"}, {"name": "app", "type": "window"}], "io.Connect app definitions")

    assert [app["name"] for app in part.applications] == ["app"]
    assert part.skipped == ("$[0]: no app definition: none of customProperties, details, intents, type",)


def test_host_manifest_of_a_directory_record_gives_methods_and_name() -> None:
    record: JsonValue = {
        "appId": "oms@example",
        "title": "OMS",
        "hostManifests": {
            "Glue42": json.dumps({"name": "oms", "customProperties": {"interop": {"methods": [{"name": "Place"}]}}})
        },
    }
    (app,) = read(record, "FDC3 App Directory").applications

    assert (app["name"], app["title"]) == ("oms", "OMS")
    assert app["customProperties"] == {"interop": {"methods": [{"name": "Place"}]}}


def test_names_of_sources_hold_no_more_of_a_path_than_tells_them_apart() -> None:
    names = display_names(
        ["/home/me/a/apps.json", "/home/me/b/apps.json", "tools.json", "ws://u:secret@h:1/p?q=1", "-"]
    )

    assert names == {
        "/home/me/a/apps.json": "a/apps.json",
        "/home/me/b/apps.json": "b/apps.json",
        "tools.json": "tools.json",
        "ws://u:secret@h:1/p?q=1": "ws://h:1",
        "-": "standard input",
    }


def test_name_is_the_one_given_else_a_sources_else_desktop() -> None:
    environment = source("e", "environment", {"schemaVersion": 1, "name": "desk", "methods": []})

    assert merge([environment], name="mine")["name"] == "mine"
    assert merge([environment])["name"] == "desk"
    assert merge([Source(name="p", kind="interop.methods()", part=Part())])["name"] == "desktop"


WRONG: list[tuple[str, JsonValue, str]] = [
    ("interop.methods()", [{"name": "M", "accepts": 5, "returns": None}], "$[0].accepts: not text"),
    ("MCP tools/list", [{"name": "t", "inputSchema": "x"}], "$.tools[0].inputSchema: not a JSON Schema"),
    (
        "io.Intelligence configuration",
        {"methods": [{"name": "t", "config": {"title": []}, "interop": {"methodName": "M"}}]},
        "$.tools.static.methods[0].config.title: not text",
    ),
    (
        "io.Connect app definitions",
        {"name": "a", "customProperties": {"interop": {"methods": [{"name": "M", "outputSchema": 1}]}}},
        "$[0].customProperties.interop.methods[0].outputSchema: not a JSON Schema",
    ),
    (
        "workspace layouts",
        [{"name": "w", "type": "Workspace", "metadata": {"contextSchema": "x"}}],
        "$[0].metadata.contextSchema: not a JSON Schema",
    ),
]


@pytest.mark.parametrize(("kind", "document", "skipped"), WRONG)
def test_word_of_the_wrong_kind_is_told_and_costs_no_more_than_itself(
    kind: str, document: JsonValue, skipped: str
) -> None:
    part = read(document, kind)

    assert part.skipped == (skipped,)
    assert part.methods or part.tools or part.applications or part.workspaces


def test_half_a_character_is_written_as_its_escape() -> None:
    text = document_text({"name": "a\ud800", "other": "\U0001f600"})

    assert text.encode("utf-8")
    assert json.loads(text) == {"name": "a\ud800", "other": "\U0001f600"}


def test_broken_entry_of_an_environment_is_left_out_with_what_is_wrong() -> None:
    document: JsonValue = {
        "schemaVersion": 1,
        "name": "desk",
        "methods": [{"name": "A"}, {"name": ""}, 5],
        "tools": [{"name": "t", "config": {"inputSchema": None}, "interop": {"methodName": "A"}}],
    }
    part = read(document, "environment")

    assert (part.methods, part.tools) == (({"name": "A"},), ())
    assert part.skipped == (
        "$.methods[1]: name: must not be empty",
        "$.methods[2]: expected dict, got int",
        "$.tools[0]: config.inputSchema: expected bool or dict, got None",
    )


@pytest.mark.parametrize("kind", ["string", ["string", "null"]])
def test_schema_file_is_known_by_its_type(kind: JsonValue) -> None:
    assert detect({"type": kind}) == "JSON Schema"


@pytest.mark.parametrize("kind", [None, 5, "thing", {}, [], [{}], [[]]])
def test_type_that_is_none_of_a_schema_says_nothing(kind: JsonValue) -> None:
    assert detect({"type": kind}) is None


def test_arguments_of_a_static_intent_are_told_to_be_unused() -> None:
    intent: JsonValue = {"name": "t", "intent": "ViewChart", "config": {"inputSchema": INPUT}}
    part = read({"tools": {"static": {"intents": [intent]}}}, "io.Intelligence configuration")

    assert [one["name"] for one in part.intents] == ["ViewChart"]
    assert part.skipped == (
        "$.tools.static.intents[0].config.inputSchema: how its properties stand in the intent's context is not public",
    )


def working(location: JsonValue, path: JsonValue) -> JsonValue:
    return {"type": "string", "source": {"context": {"location": location, "path": path}}}


@pytest.mark.parametrize("wrapped", [("schema",), ("workingContext", "schema"), ("workingContext", "config", "schema")])
def test_working_context_is_found_wherever_the_configuration_has_it(wrapped: tuple[str, ...]) -> None:
    document: JsonValue = {"client": working({"workspace": {"target": "my"}}, "selected.client")}
    for key in reversed(wrapped):
        document = {key: document}

    assert detect(document) == "io.Intelligence configuration"
    assert read(document, "io.Intelligence configuration").workingContext == (
        {"name": "client", "location": "workspace", "path": "selected.client", "valueSchema": {"type": "string"}},
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (working({}, "a"), "source.context.location names 0 places; expected one"),
        (working({"workspace": {}, "channel": {}}, "a"), "source.context.location names 2 places; expected one"),
        (working({"workspace": {}}, "a..b"), "source.context.path is not keys with dots between them"),
        (working({"workspace": {}}, None), "source.context.path is not keys with dots between them"),
        ("text", "source.context.location names 0 places; expected one"),
    ],
)
def test_value_that_does_not_say_where_it_stands_is_left_out_with_the_reason(value: JsonValue, reason: str) -> None:
    schema: JsonValue = {"good": working({"workspace": {}}, "good"), "bad": value}
    part = read({"schema": schema}, "io.Intelligence configuration")

    assert [one["name"] for one in part.workingContext] == ["good"]
    assert part.skipped == (f"$.workingContext.schema.bad: {reason}",)
