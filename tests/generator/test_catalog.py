"""The catalog: what becomes a capability, where its types come from, what is left out and why."""

from __future__ import annotations

import json

import pytest

from ioconnect_codegen import Catalog, build_catalog, read_environment
from ioconnect_codegen.capabilities import Capability
from ioconnect_codegen.shapes import Shape, references
from ioconnect_codemode.values import JsonValue

INPUT: dict[str, JsonValue] = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
OUTPUT: dict[str, JsonValue] = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}


def catalog(*methods: JsonValue, **rest: JsonValue) -> Catalog:
    return build_catalog(read_environment({"schemaVersion": 1, "name": "desk", "methods": list(methods), **rest}))


def only(*methods: JsonValue, **rest: JsonValue) -> Capability:
    (capability,) = catalog(*methods, **rest).capabilities
    return capability


def tool(name: str, method: str, **config: JsonValue) -> JsonValue:
    return {"name": name, "config": config, "interop": {"methodName": method}}


def app(name: str, *methods: JsonValue, intents: list[JsonValue] | None = None) -> JsonValue:
    return {"name": name, "customProperties": {"interop": {"methods": list(methods)}}, "intents": intents or []}


def flag(name: str = "the_tool", **schemas: JsonValue) -> JsonValue:
    return {"ioIntelMCPTool": {"name": name, **{key: json.dumps(value) for key, value in schemas.items()}}}


def parameters(capability: Capability) -> list[tuple[str, str, bool]]:
    return [(one.name, one.type, one.is_required) for one in capability.parameters]


def test_signature_gives_parameters_and_result() -> None:
    capability = only({"name": "Math.Add", "accepts": "int a, int? b", "returns": "int[] sums, string? note"})

    assert (capability.name, capability.origin) == ("math_.add", "signature")
    assert parameters(capability) == [("a", "int", True), ("b", "int", False)]
    assert capability.result == "AddResult"


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "object", "properties": {}}, []),
        ({"type": "object", "properties": {}, "required": [], "additionalProperties": True}, []),
        ({"type": "object"}, [("arguments", "dict[str, Any]", False)]),
        (
            {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
            [("arguments", "dict[str, str]", False)],
        ),
    ],
)
def test_a_schema_that_lists_no_property_takes_no_argument(schema: JsonValue, expected: object) -> None:
    assert parameters(only({"name": "CRM.GetClients", "flags": flag(inputSchema=schema)})) == expected


def test_of_two_methods_that_want_a_name_the_one_spelt_like_it_keeps_it() -> None:
    found = catalog(
        {"name": "getClients", "returns": "int a"}, {"name": "get_clients", "returns": "int b"}
    ).capabilities
    assert {one.wire: one.function for one in found} == {"get_clients": "get_clients", "getClients": "get_clients_2"}


@pytest.mark.parametrize(
    ("sources", "origin"),
    [
        ({"flag", "tool", "app", "signature"}, "tool"),
        ({"tool", "app", "signature"}, "static_tool"),
        ({"app", "signature"}, "app_definition"),
        ({"signature"}, "signature"),
        (set[str](), "nothing"),
    ],
)
def test_best_source_that_is_there_gives_the_parameters(sources: set[str], origin: str) -> None:
    method: dict[str, JsonValue] = {"name": "CRM.Get"}
    rest: dict[str, JsonValue] = {}
    if "flag" in sources:
        method["flags"] = flag(inputSchema=INPUT)
    if "signature" in sources:
        method["accepts"] = "int other"
    if "tool" in sources:
        rest["tools"] = [tool("get", "crm.get", inputSchema=INPUT)]
    if "app" in sources:
        rest["applications"] = [app("crm", {"name": "CRM.GET", "inputSchema": INPUT})]

    assert only(method, **rest).origin == origin


def test_result_may_come_from_another_source_than_the_parameters() -> None:
    capability = only({"name": "CRM.Get", "returns": "bool ok", "flags": flag(inputSchema=INPUT)})

    assert (parameters(capability), capability.result) == ([("id", "str", True)], "TheToolResult")


def test_schema_of_a_flag_is_text_or_the_schema_itself() -> None:
    itself: JsonValue = {"ioIntelMCPTool": {"name": "the_tool", "inputSchema": INPUT}}
    found = [only({"name": "CRM.Get", "flags": one}) for one in (flag(inputSchema=INPUT), itself)]
    assert [(parameters(one), one.origin) for one in found] == [([("id", "str", True)], "tool")] * 2


@pytest.mark.parametrize("text", ["{type: 'object'}", "", "[]", '{"type": "string"}'])
def test_broken_schema_text_falls_through_to_the_next_source(text: str) -> None:
    found = catalog(
        {"name": "CRM.Get", "accepts": "string id", "flags": {"ioIntelMCPTool": {"name": "x", "inputSchema": text}}}
    )

    assert found.capabilities[0].origin == "signature"
    assert any("the next source is used" in one.message for one in found.diagnostics)


def test_method_without_any_description_takes_one_whole_argument_object() -> None:
    capability = only({"name": "CRM.Sync"})

    assert parameters(capability) == [("arguments", "dict[str, Any]", False)]
    assert capability.is_spread and capability.result == "Any" and not capability.is_result_declared


def test_method_that_declares_only_a_result_has_no_parameters() -> None:
    assert parameters(only({"name": "CRM.Count", "returns": "int count"})) == []


def test_free_text_as_a_signature_leaves_the_arguments_open() -> None:
    capability = only({"name": "CRM.Odd", "accepts": "see the wiki"})

    assert (parameters(capability), capability.origin) == ([("arguments", "dict[str, Any]", False)], "nothing")


def test_unnamed_composite_is_the_argument_object_itself() -> None:
    capability = only({"name": "CRM.Set", "accepts": "Composite:Client{string id}"})

    assert parameters(capability) == [("client", "Client", True)]
    assert capability.is_spread


def test_several_servers_of_one_identity_are_one_capability() -> None:
    capability = only(
        {"name": "CRM.Get", "accepts": "string id", "servers": [{"application": "b"}]},
        {"name": "crm.get", "accepts": "String ID", "servers": [{"application": "a"}]},
    )

    assert (capability.wire, capability.apps, capability.accepts) == ("CRM.Get", ("a", "b"), None)


def test_two_signatures_of_one_name_are_two_capabilities_that_carry_them() -> None:
    found = catalog({"name": "CRM.Get", "accepts": "string id"}, {"name": "CRM.Get", "accepts": "int id"})

    assert [(one.name, one.accepts, one.returns_text) for one in found.capabilities] == [
        ("crm.get", "int id", ""),
        ("crm.get_2", "string id", ""),
    ]


@pytest.mark.parametrize(
    ("method", "apps", "name"),
    [
        ("T42.OMS.GetOrders", ["x"], "oms.get_orders"),
        ("Acme.CRM.Sync", ["x"], "acme.crm_sync"),
        ("getClients", ["client-portfolio"], "client_portfolio.get_clients"),
        ("getClients", ["a", "b"], "methods.get_clients"),
        ("getClients", [], "methods.get_clients"),
    ],
)
def test_namespace_is_the_first_segment_else_the_one_app(method: str, apps: list[str], name: str) -> None:
    servers: list[JsonValue] = [{"application": app} for app in apps]

    assert only({"name": method, "servers": servers}).name == name


@pytest.mark.parametrize(
    ("given", "name"), [("crm_find_clients", "crm.find_clients"), ("find", "crm.find"), ("crm_", "crm.crm")]
)
def test_tool_name_of_the_owner_names_the_function(given: str, name: str) -> None:
    assert only({"name": "CRM.X", "flags": flag(given)}).name == name
    assert only({"name": "CRM.X"}, tools=[tool(given, "CRM.X")]).name == name


def test_second_tool_for_a_method_is_left_out_with_its_reason() -> None:
    found = catalog({"name": "CRM.X"}, tools=[tool("b", "CRM.X"), tool("a", "CRM.X")])

    assert [one.name for one in found.capabilities] == ["crm.a"]
    assert [(one.name, one.reason) for one in found.omissions] == [
        ("b", "a second tool for CRM.X, which is offered as a")
    ]


def test_declared_method_of_an_app_that_does_not_run_is_a_capability() -> None:
    capability = only(
        applications=[app("portfolio", {"name": "Portfolio.Show", "inputSchema": INPUT, "outputSchema": OUTPUT})]
    )

    assert (capability.name, capability.wire, capability.apps) == ("portfolio.show", "Portfolio.Show", ("portfolio",))


@pytest.mark.parametrize(
    "name",
    [
        "T42.ACS.Execute",
        "t42.wnd.Create",
        "T42.Web.Platform.Stream",
        "T42.Intents.Resolver.Control.7",
        "io.mcp.web.server",
    ],
)
def test_platform_methods_are_hidden_and_no_omission(name: str) -> None:
    found = catalog({"name": name})

    assert found.capabilities == ()
    assert found.omissions == ()


@pytest.mark.parametrize("name", ["T42.OMS.GetOrders", "T42.CRM.SyncContact", "T42.ViewContact", "T42.BBG.X"])
def test_business_methods_with_the_same_prefix_stay(name: str) -> None:
    assert [one.wire for one in catalog({"name": name}).capabilities] == [name]


def test_stream_is_a_read_of_a_bounded_list_with_options_behind_its_parameters() -> None:
    entry: dict[str, JsonValue] = {"name": "Prices.Live", "accepts": "String take", "returns": "Double price"}
    [one] = catalog({**entry, "supportsStreaming": True}).capabilities

    assert (one.kind, one.effect, one.result) == ("stream", "read", "list[Live]")
    assert [(part.name, part.option) for part in one.parameters] == [
        ("take", None),
        ("take_", "take"),
        ("timeout_s", "timeout_s"),
    ]
    assert one.output_schema is not None and one.output_schema["type"] == "array"


@pytest.mark.parametrize(
    ("annotations", "effect"),
    [
        ({"readOnlyHint": True}, "read"),
        ({"readOnlyHint": True, "destructiveHint": False}, "read"),
        ({"readOnlyHint": False}, "write"),
        ({"destructiveHint": False}, "write"),
        ({"destructiveHint": True}, "destructive"),
        ({"readOnlyHint": True, "destructiveHint": True}, "destructive"),
        ({}, "unknown"),
    ],
)
def test_effect_is_what_the_annotations_declare(annotations: dict[str, JsonValue], effect: str) -> None:
    assert only({"name": "CRM.DeleteAll"}, tools=[tool("x", "CRM.DeleteAll", annotations=annotations)]).effect == effect


def test_effect_is_never_guessed_from_a_name() -> None:
    assert {one.effect for one in catalog({"name": "CRM.GetClient"}, {"name": "CRM.DeleteClient"}).capabilities} == {
        "unknown"
    }


def test_summary_is_the_first_sentence_on_one_line() -> None:
    text = "Finds clients,\n\te.g. by name.\u202e Then more.\n\nNext paragraph."

    assert only({"name": "CRM.Find", "description": text}).summary == "Finds clients, e.g. by name."


def test_required_parameters_stand_first_and_otherwise_keep_their_order() -> None:
    capability = only({"name": "CRM.X", "accepts": "int? a, int b, int? c, int d"})

    assert [one.name for one in capability.parameters] == ["b", "d", "a", "c"]


def test_intent_is_gathered_from_all_three_places() -> None:
    flags: JsonValue = {"intent": {"contextTypes": ["fdc3.chart"], "displayName": "Chart"}}
    capability = only(
        {"name": "Tick42.FDC3.Intents.ViewChart", "flags": flags, "servers": [{"application": "c"}]},
        applications=[app("a", intents=[{"name": "ViewChart", "contexts": ["fdc3.instrument"]}])],
        intents=[
            {
                "name": "ViewChart",
                "handlers": [{"applicationName": "b", "type": "app", "contextTypes": ["fdc3.position"]}],
            }
        ],
    )

    assert (capability.name, capability.kind, capability.apps) == ("intents.view_chart", "fdc3_intent", ("a", "b", "c"))
    assert parameters(capability) == [
        ("context", "InstrumentContext | PositionContext | ChartContext", True),
        ("target", "str | list[str]", False),
    ]
    assert capability.is_spread
    assert capability.input_schema["anyOf"] == [
        {"$ref": "#/$defs/InstrumentContext"},
        {"$ref": "#/$defs/PositionContext"},
        {"$ref": "#/$defs/ChartContext"},
    ]


@pytest.mark.parametrize(
    ("result_type", "result"), [("fdc3.chat.room", "ChatRoomContext"), ("channel<fdc3.contact>", "Any"), ("", "Any")]
)
def test_result_of_an_intent_is_known_only_where_it_is_a_context(result_type: str, result: str) -> None:
    declared: JsonValue = {"name": "StartChat", "contexts": ["fdc3.contact"], "resultType": result_type}

    assert only(applications=[app("chat", intents=[declared])]).result == result


def test_other_intent_takes_data_and_the_type_of_the_data() -> None:
    capability = only(applications=[app("oms", intents=[{"name": "NewOrder", "contexts": ["Ticket", "Filter"]}])])

    assert (capability.kind, capability.is_spread) == ("intent", False)
    assert [(one.name, one.key, one.type, one.default) for one in capability.parameters] == [
        ("data", "data", "dict[str, Any]", None),
        ("context_type", "type", "Literal['Ticket', 'Filter']", "Ticket"),
    ]


def test_intent_without_contexts_takes_data_only() -> None:
    assert parameters(only({"name": "Tick42.FDC3.Intents.Refresh"})) == [("data", "dict[str, Any]", True)]


def test_equal_records_of_two_namespaces_are_one_shared_type() -> None:
    rows = "composite: {string id, int count} [] rows"
    found = catalog({"name": "A.X", "returns": rows}, {"name": "B.Y", "returns": rows})

    assert [(one.name, one.module) for one in found.types] == [("Row", "records"), ("RowsResult", "records")]


def type_texts(*methods: JsonValue) -> dict[str, str]:
    """Give the result type of each capability."""
    return {one.name: one.result for one in catalog(*methods).capabilities}


TRADE = "string id, string symbol, double price"


def test_a_result_that_capabilities_share_is_called_after_none_of_them() -> None:
    methods: list[JsonValue] = [{"name": f"Desk.{name}", "returns": TRADE} for name in ("GetTrade", "AddAlert")]
    assert type_texts(*methods) == {"desk.add_alert": "IdPriceSymbolResult", "desk.get_trade": "IdPriceSymbolResult"}
    assert type_texts(*reversed(methods)) == type_texts(*methods)
    assert type_texts(methods[0]) == {"desk.get_trade": "GetTradeResult"}


def test_a_shared_result_that_a_field_holds_is_called_after_the_field() -> None:
    found = type_texts(
        {"name": "Desk.GetTrade", "returns": TRADE},
        {"name": "Desk.AddAlert", "returns": TRADE},
        {"name": "Desk.Book", "accepts": f"composite: {{{TRADE}}} trade", "returns": "bool ok"},
    )
    assert found == {"desk.get_trade": "Trade", "desk.add_alert": "Trade", "desk.book": "BookResult"}


def test_items_that_lists_of_several_nouns_share_are_called_after_none_of_them() -> None:
    def listing(name: str) -> JsonValue:
        item: JsonValue = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
        return {"name": name, "flags": flag(name, outputSchema={"type": "array", "items": item})}

    alike = type_texts(listing("list_alerts"), listing("find_alerts"))
    assert set(alike.values()) == {"list[Alert]"}
    assert set(type_texts(listing("list_alerts"), listing("list_trades")).values()) == {"list[IdItem]"}


def test_what_stands_in_a_shared_result_is_called_after_no_capability_either() -> None:
    inner = "composite: {string text, int size} data"
    methods: list[JsonValue] = [{"name": f"Desk.{name}", "returns": inner} for name in ("GetTrade", "AddAlert")]
    assert [one.name for one in catalog(*methods).types] == ["DataResult", "SizeTextData"]
    assert [one.name for one in catalog(methods[0]).types] == ["GetTradeResult", "GetTradeResultData"]


def test_a_capability_that_comes_renames_no_type_that_a_field_or_a_capability_alone_names() -> None:
    before: list[JsonValue] = [
        {"name": "Desk.GetTrade", "returns": TRADE},
        {"name": "Desk.Book", "accepts": "composite: {int a} order", "returns": "bool ok, string reason"},
    ]
    added: list[JsonValue] = [{"name": "Desk.Alert", "returns": "int count"}, {"name": "Desk.A", "returns": "int n"}]
    names = {one.name for one in catalog(*before).types}
    assert names < {one.name for one in catalog(*before, *added).types}


def test_different_choices_of_one_key_are_called_after_the_records_that_hold_them() -> None:
    def method(name: str, record: str, *states: str) -> JsonValue:
        status: JsonValue = {"type": "string", "enum": list(states)}
        made: JsonValue = {"type": "object", "title": record, "properties": {"status": status}}
        given: JsonValue = {"type": "object", "properties": {"status": status}}
        return {"name": name, "flags": flag(name, inputSchema=given, outputSchema=made)}

    found = catalog(
        method("desk_get_client", "Client", "active", "prospect", "closed"),
        method("desk_get_order", "Order", "new", "filled", "cancelled"),
    )
    assert [one.name for one in found.types] == ["Client", "ClientStatus", "Order", "OrderStatus"]


def test_different_records_that_want_one_name_are_qualified() -> None:
    found = catalog(
        {"name": "A.X", "accepts": "composite: {int a} order"},
        {"name": "B.Y", "accepts": "composite: {int b} order"},
        {"name": "B.Z", "accepts": "composite: {int c} order"},
    )

    assert [one.name for one in found.types] == ["AOrder", "YOrder", "ZOrder"]


def test_record_that_most_namespaces_share_keeps_the_name_that_others_want_too() -> None:
    shared, own = "composite: {int a} order", "composite: {int b} order"
    found = catalog(
        {"name": "A.X", "accepts": shared}, {"name": "B.Y", "accepts": shared}, {"name": "C.Z", "accepts": own}
    )

    assert [(one.name, one.module) for one in found.types] == [("COrder", "c"), ("Order", "records")]


def test_records_that_equally_many_namespaces_share_are_all_qualified() -> None:
    one: list[JsonValue] = [{"name": f"{namespace}.X", "accepts": "composite: {int a} order"} for namespace in "AB"]
    other: list[JsonValue] = [{"name": f"{namespace}.Y", "accepts": "composite: {int b} order"} for namespace in "CD"]
    found = catalog(*one, *other)

    assert [(one.name, one.namespaces) for one in found.types] == [("OrderA", ("a", "b")), ("OrderB", ("c", "d"))]


def test_record_whose_qualified_name_is_anothers_plain_one_is_numbered() -> None:
    found = catalog(
        {"name": "C.X", "accepts": "composite: {int a} order, composite: {int c} cOrder"},
        {"name": "D.Y", "accepts": "composite: {int b} order"},
    )

    names = [one.name for one in found.types]
    assert len(set(names)) == 3
    assert {"COrder", "COrder_2", "DOrder"} == set(names)


def result_types(schema: JsonValue) -> dict[str, Shape]:
    """The types of a package whose one function gives a value of a schema."""
    found = catalog({"name": "Desk.Get", "flags": flag("desk_get", outputSchema=schema)})
    return {one.name: one.shape for one in found.types}


def holding(**properties: JsonValue) -> JsonValue:
    return {"type": "object", "properties": properties}


def test_different_records_in_records_of_one_name_are_called_after_what_holds_those() -> None:
    text: JsonValue = {"type": "string"}
    schema = holding(
        customer=holding(address=holding(geo=holding(lat=text))),
        invoice=holding(address=holding(geo=holding(hash=text))),
    )
    assert {"CustomerAddressGeo", "InvoiceAddressGeo"} < set(result_types(schema))


def test_nested_records_that_nothing_tells_apart_are_numbered_from_the_outside_in() -> None:
    schema = holding(leaf={"type": "string"})
    for _ in range(4):
        schema = holding(value=schema)
    inside = {name: tuple(references(shape)) for name, shape in result_types(schema).items()}

    assert inside == {
        "GetResult": ("GetResultValue",),
        "GetResultValue": ("GetResultValue_2",),
        "GetResultValue_2": ("GetResultValue_3",),
        "GetResultValue_3": ("GetResultValue_4",),
        "GetResultValue_4": (),
    }


def test_options_without_titles_are_called_after_their_constants_or_else_their_own_keys() -> None:
    text: JsonValue = {"type": "string"}
    by_constant: list[JsonValue] = [holding(kind={"const": kind}, number=text) for kind in ("card", "iban")]
    by_key: list[JsonValue] = [holding(id=text, phone=text), holding(id=text, mail=text)]

    assert set(result_types(holding(pay={"oneOf": by_constant}))) == {"GetResult", "PayCard", "PayIban"}
    assert set(result_types(holding(reach={"oneOf": by_key}))) == {"GetResult", "ReachPhone", "ReachMail"}


def test_a_single_constant_is_written_out_however_long_it_is() -> None:
    schema = holding(one={"const": "c" * 60}, other={"const": "c" * 60})
    assert set(result_types(schema)) == {"GetResult"}


def test_a_long_title_keeps_its_last_words() -> None:
    titles = [f"PrivateChannelUnsubscribeEventListener{end}" for end in ("Request", "Response")]
    schema = holding(a={**INPUT, "title": titles[0]}, b={**OUTPUT, "title": titles[1]})
    assert set(result_types(schema)) == {
        "GetResult",
        "ChannelUnsubscribeEventListenerRequest",
        "ChannelUnsubscribeEventListenerResponse",
    }
