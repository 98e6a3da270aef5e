"""The wealth desk: it serves its environment, its answers fit what is declared, and it keeps what is written."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TypeAlias

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codegen.wealth_desk import handlers, make_handlers
from ioconnect_codemode.errors import AppError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.embedded import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

Fields: TypeAlias = dict[str, JsonValue]
Handler: TypeAlias = Callable[[Fields], JsonValue]

SYSTEM = ("T42.Wnd.", "T42.ACS.", "T42.Channels.", "T42.Notifications.", "T42.Intents.", "Tick42.FDC3.Intents.")

CALLS: dict[str, Fields] = {
    "CRM.FindClients": {"name": "reid", "limit": 10},
    "CRM.GetClient": {"id": "CL-10024"},
    "CRM.ListClients": {"offset": 400, "limit": 100},
    "CRM.AddNote": {"clientId": "CL-10024", "text": "Called back.", "category": "call", "followUp": "2026-04-01"},
    "CRM.ListNotes": {"clientId": "CL-10024"},
    "CRM.UpdateContact": {"id": "CL-10024", "phone": None},
    "Portfolios.GetForClient": {"clientId": "CL-10024", "includeClosed": True},
    "Portfolios.GetPerformance": {"portfolioId": "PF-10024-1", "period": "1Y"},
    "Portfolios.ProposeRebalance": {"portfolioId": "PF-10024-1", "maxOrders": 2},
    "Orders.Place": {"portfolioId": "PF-10024-1", "symbol": "ALPR", "side": "buy", "quantity": 10},
    "MarketData.GetQuotes": {"symbols": ["ALPR", "JUNO", "NONE"]},
    "MarketData.GetHistory": {"symbol": "ALPR", "from": "2026-01-01", "interval": "week"},
    "Research.Search": {"query": "dividend", "since": "2025-06-01"},
}
"""Sensible arguments for every method that declares JSON Schemas."""


def part(node: JsonValue, *path: str | int) -> JsonValue:
    for step in path:
        if isinstance(step, int):
            assert isinstance(node, list)
            node = node[step]
        else:
            assert isinstance(node, dict)
            node = node[step]
    return node


def rows(node: JsonValue, *path: str | int) -> list[Fields]:
    found = part(node, *path)
    assert isinstance(found, list)
    return [item for item in found if isinstance(item, dict)]


def environment() -> Fields:
    document: Fields = json.loads(ioconnect_schemas.read("examples/wealth_desk.environment.json"))
    return document


def schemas() -> dict[str, tuple[Fields, Fields]]:
    """Input and output schema of every method that declares them, by wire name."""
    found: dict[str, tuple[JsonValue, JsonValue]] = {}
    for method in rows(environment(), "methods"):
        flags = method.get("flags")
        tool = flags.get("ioIntelMCPTool") if isinstance(flags, dict) else None
        # The text of the topics tool is broken on purpose.
        if isinstance(tool, dict) and method["name"] != "Research.Topics":
            texts = str(tool["inputSchema"]), str(tool["outputSchema"])
            found[str(method["name"])] = (json.loads(texts[0]), json.loads(texts[1]))
    for tool in rows(environment(), "tools"):
        config = part(tool, "config")
        if isinstance(config, dict) and "outputSchema" in config:
            found[str(part(tool, "interop", "methodName"))] = (config["inputSchema"], config["outputSchema"])
    for app in rows(environment(), "applications"):
        for method in rows(app, "customProperties", "interop", "methods") if "customProperties" in app else []:
            found[str(method["name"])] = (method["inputSchema"], method["outputSchema"])
    return {name: (fields(given), fields(answered)) for name, (given, answered) in found.items()}


def fields(node: JsonValue) -> Fields:
    assert isinstance(node, dict)
    return node


def make(value: JsonValue) -> object:
    """What a value is made of: names of types in the place of values, of a list the first item."""
    if isinstance(value, dict):
        return {key: make(item) for key, item in value.items()}
    if isinstance(value, list):
        return [make(value[0])] if value else []
    return type(value).__name__


def wrong(desk: Mapping[str, Handler], name: str, arguments: Fields) -> str:
    """Class and text of what a call raises."""
    with pytest.raises(Exception) as caught:
        desk[name](arguments)
    return f"{type(caught.value).__name__}: {caught.value}"


def test_every_method_and_intent_has_a_handler_and_there_is_no_other() -> None:
    called = {str(each["name"]) for each in rows(environment(), "methods")}  # a stream's handler gives its events
    wanted = {name for name in called if not name.startswith(SYSTEM)}
    wanted |= {f"intent:{each['name']}" for each in rows(environment(), "intents")}
    assert set(make_handlers(clients=24)) == wanted | {
        "Portfolios.ProposeRebalance",
        "T42.ACS.GetApplications",
        "T42.ACS.StartApplication",
    }


def test_there_are_sensible_arguments_for_every_method_with_schemas() -> None:
    assert set(CALLS) == set(schemas())


@pytest.mark.parametrize("name", CALLS)
def test_arguments_and_answer_fit_the_declared_schemas(name: str) -> None:
    given, answered = schemas()[name]
    jsonschema_rs.validator_for(given).validate(CALLS[name])
    answer = make_handlers()[name](CALLS[name])
    assert answer
    errors = jsonschema_rs.validator_for(answered, validate_formats=True).iter_errors(answer)
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


ORDER: Fields = {"side": "buy", "quantity": 5, "symbol": "JUNO", "portfolio": {"id": "PF-10024-1"}}
RESEARCH_NOTE = {
    "id": "str",
    "title": "str",
    "published": "str",
    "symbols": ["str"],
    "analyst": {"name": "str", "email": "str", "house": "str"},
    "rating": "str",
    "targetPrice": "float",
    "abstract": "str",
    "pages": "int",
    "body": "str",
}
BLOTTER_ROW = {"id": "str", "symbol": "str", "side": "str", "quantity": "int", "status": "str"}
QUOTE = {"symbol": "str", "bid": "float", "ask": "float", "last": "float", "currency": "str", "time": "str"}
POSITION = {
    "symbol": "str",
    "name": "str",
    "assetClass": "str",
    "quantity": "int",
    "price": "float",
    "marketValue": "float",
    "currency": "str",
}
SIGNED: list[tuple[str, Fields, object]] = [
    ("CRM.DeleteNote", {"noteId": "CN-30001"}, {"deleted": "bool"}),
    ("CRM.GetAdvisers", {}, {"advisers": [{"name": "str", "email": "str", "desk": "str", "clients": "int"}]}),
    ("Portfolios.GetPositions", {"portfolioId": "PF-10024-1"}, {"positions": [POSITION], "asOf": "str"}),
    (
        "PORTFOLIOS.Drift",
        {"portfolioId": "PF-10024-1", "tolerance": 0.05},
        [{"assetClass": "str", "target": "float", "actual": "float"}],
    ),
    ("Orders.Validate", {"order": ORDER}, {"ok": "bool"}),
    ("Orders.Validate", {"order": {**ORDER, "symbol": "NONE"}}, {"ok": "bool", "reasons": ["str"]}),
    ("Orders.GetBlotter", {"desk": "zurich"}, {"rows": [BLOTTER_ROW]}),
    ("Orders.GetBlotter", {"desk": "zurich", "date": "2026-03-16"}, {"rows": [{**BLOTTER_ROW, "trader": "str"}]}),
    ("MarketData.GetQuote", {"symbol": "ALPR"}, QUOTE),
    ("Research.GetNote", {"id": "RN-40003"}, {"note": RESEARCH_NOTE}),
    ("Research.Topics", {}, {"topics": ["str"]}),
    ("Research.Subscribe", {"topic": "Alpine Rail"}, {"subscribed": ["str"]}),
    ("Notes.Search", {"text": "fund"}, {"hits": [{"id": "str", "author": "str", "created": "str", "text": "str"}]}),
    ("Notes.Pin note", {"noteId": "NB-50001"}, {"pinned": ["str"]}),
    ("T42.CRM.SyncContact", {"clientId": "CL-10024"}, {"synced": "bool", "email": "str", "time": "str"}),
    (
        "getDeskCalendar",
        {},
        {"date": "str", "events": [{"time": "str", "title": "str", "clientId": "str", "adviser": "str"}]},
    ),
]
"""Answers of the methods whose signature says what is in them, or that declare nothing, worked out by hand."""


@pytest.mark.parametrize(("name", "arguments", "expected"), SIGNED)
def test_answer_is_made_as_the_signature_says(name: str, arguments: Fields, expected: object) -> None:
    assert make(make_handlers()[name](arguments)) == expected


def test_amelia_reid_is_there_once_and_her_adviser_is_jonas_weber() -> None:
    found = rows(make_handlers()["CRM.FindClients"]({"name": "Amelia Reid"}))
    assert [(each["id"], each["name"], each["adviser"]) for each in found] == [
        ("CL-10024", "Amelia Reid", "Jonas Weber")
    ]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_amelia_reid_is_there_whatever_the_seed(seed: int) -> None:
    desk = make_handlers(seed=seed, clients=24)
    assert part(desk["CRM.GetClient"]({"id": "CL-10024"}), "name") == "Amelia Reid"
    assert len(rows(desk["CRM.FindClients"]({"name": "amelia reid"}))) == 1


def test_exact_name_comes_before_names_that_begin_with_it_and_those_before_others() -> None:
    found = [str(each["name"]) for each in rows(make_handlers()["CRM.FindClients"]({"name": "anton"}))]
    begins = [name.startswith("Anton") for name in found]
    assert begins == sorted(begins, reverse=True)
    assert found[0].startswith("Anton ")


def test_pages_together_are_all_five_hundred_clients() -> None:
    list_clients = make_handlers()["CRM.ListClients"]
    pages = [list_clients({"offset": offset, "limit": 200}) for offset in (0, 200, 400)]
    ids = [each["id"] for page in pages for each in rows(page, "items")]
    assert [part(page, "total") for page in pages] == [500, 500, 500]
    assert ids == [f"CL-{number}" for number in range(10001, 10501)]


def test_assets_under_management_are_the_worth_of_the_open_portfolios() -> None:
    desk = make_handlers()
    portfolios = rows(desk["Portfolios.GetForClient"]({"clientId": "CL-10024"}), "portfolios")
    worth = sum(value for each in portfolios if isinstance(value := each["value"], float))
    assert part(desk["CRM.GetClient"]({"id": "CL-10024"}), "aum") == pytest.approx(worth)


def test_added_note_is_listed_first_until_it_is_deleted() -> None:
    desk = make_handlers(clients=24)
    before = rows(desk["CRM.ListNotes"]({"clientId": "CL-10024"}))
    note = desk["CRM.AddNote"]({"clientId": "CL-10024", "text": "Wants to hedge."})
    assert part(note, "category") == "other"
    assert rows(desk["CRM.ListNotes"]({"clientId": "CL-10024"})) == [note, *before]
    desk["CRM.DeleteNote"]({"noteId": part(note, "id")})
    assert rows(desk["CRM.ListNotes"]({"clientId": "CL-10024"})) == before


def test_limit_order_stays_working_until_it_is_cancelled() -> None:
    desk = make_handlers(clients=24)
    arguments: Fields = {**CALLS["Orders.Place"], "type": "limit", "limitPrice": 80.5}
    order = fields(desk["Orders.Place"](arguments))
    assert (order["status"], order["limitPrice"], order["fills"]) == ("working", 80.5, [])
    assert rows(desk["Orders.List"]({"max": 1, "withFills": True}), "orders") == [order]
    assert desk["Orders.Cancel"]({"orderId": order["id"]}) == {"orderId": order["id"], "status": "cancelled"}
    assert part(desk["Orders.Get"]({"OrderId": order["id"]}), "order", "status") == "cancelled"


def test_phone_is_removed_by_null_and_kept_where_it_is_not_given() -> None:
    desk = make_handlers()
    kept = fields(desk["CRM.UpdateContact"]({"id": "CL-10024", "email": "amelia@mail.example"}))
    removed = fields(desk["CRM.UpdateContact"]({"id": "CL-10024", "phone": None}))
    assert "phone" in kept
    assert kept["email"] == "amelia@mail.example"
    assert {**removed, "phone": kept["phone"]} == kept
    assert "phone" not in removed


def test_history_is_made_of_pairs_in_order_of_days() -> None:
    history = make_handlers(clients=24)["MarketData.GetHistory"]
    days = part(history({"symbol": "JUNO", "from": "2026-01-01", "to": "2026-01-31"}))
    assert isinstance(days, list)
    assert [part(pair, 0) for pair in days][:2] == ["2026-01-01", "2026-01-02"]
    assert days == sorted(days, key=lambda pair: str(part(pair, 0)))
    months = history({"symbol": "JUNO", "from": "2025-12-01", "interval": "month"})
    assert isinstance(months, list)
    assert [part(pair, 0) for pair in months] == ["2025-12-31", "2026-01-30", "2026-02-27", "2026-03-13"]


@pytest.mark.parametrize(
    "period", [["2026-01-01", "2026-03-31"], {"first": 1767225600000, "last": "2026-03-31T12:00:00Z"}, None]
)
def test_period_of_the_notebook_is_a_list_or_an_object_or_absent(period: JsonValue) -> None:
    search = make_handlers(clients=24)["Notes.Search"]
    assert len(rows(search({"text": "fund", "period": period}), "hits")) == 1
    assert rows(search({"text": "fund", "period": ["2020-01-01", "2020-12-31"]}), "hits") == []


INSTRUMENT: Fields = {"type": "fdc3.instrument", "id": {"ticker": "ALPR"}}
INTENTS: list[tuple[str, Fields, JsonValue]] = [
    ("ShowClientCard", {"type": "Client", "data": {"id": "CL-10024"}}, None),
    (
        "ExportPortfolio",
        {"type": "Portfolio", "data": {"id": "PF-10024-1"}},
        {"type": "PortfolioDocument", "data": {"portfolioId": "PF-10024-1", "fileName": "PF-10024-1.pdf"}},
    ),
    (
        "NewOrder",
        {"type": "fdc3.order", "id": {}, "details": {"product": "ALPR"}},
        {"type": "fdc3.order", "id": {"ticket": "TK-90001"}, "details": {"product": "ALPR"}},
    ),
    ("StartCall", {"type": "fdc3.contact", "id": {"email": "amelia.reid@mail.example"}}, None),
    ("ViewChart", INSTRUMENT, None),
    ("ViewChart", {"type": "fdc3.instrumentList", "instruments": [INSTRUMENT]}, None),
    ("ViewResearch", {"type": "fdc3.organization", "id": {"LEI": "none"}}, None),
]


@pytest.mark.parametrize(("name", "context", "result"), INTENTS)
def test_intent_takes_a_context_and_gives_its_result(name: str, context: Fields, result: JsonValue) -> None:
    assert make_handlers(clients=24)[f"intent:{name}"](context) == result


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("CRM.GetClient", {"id": "CL-99999"}, "LookupError: no client CL-99999"),
        ("CRM.GetClient", {}, "ValueError: id is missing"),
        ("CRM.DeleteNote", {"noteId": "CN-1"}, "LookupError: no note CN-1"),
        ("Notes.Pin note", {"noteId": "NB-1"}, "LookupError: no note NB-1"),
        ("Portfolios.GetPositions", {"portfolioId": "PF-1"}, "LookupError: no portfolio PF-1"),
        ("MarketData.GetQuote", {"symbol": "NONE"}, "LookupError: no instrument NONE"),
        ("Research.GetNote", {"id": "RN-1"}, "LookupError: no research note RN-1"),
        ("Orders.Cancel", {"orderId": "OR-1"}, "LookupError: no order OR-1"),
        ("Orders.Place", {**CALLS["Orders.Place"], "type": "limit"}, "ValueError: a limit order needs limitPrice"),
        ("Orders.Place", {**CALLS["Orders.Place"], "quantity": "ten"}, "ValueError: quantity is no number"),
        ("Orders.Validate", {}, "ValueError: order is missing"),
        ("intent:ViewChart", {"type": "fdc3.instrument", "id": {"ticker": "NONE"}}, "LookupError: no instrument NONE"),
        ("intent:StartCall", {"id": {"email": "a@b"}}, "LookupError: no client with e-mail a@b"),
    ],
)
def test_wrong_arguments_are_refused_in_plain_words(name: str, arguments: Fields, error: str) -> None:
    assert wrong(make_handlers(clients=24), name, arguments) == error


def test_filled_order_cannot_be_cancelled() -> None:
    desk = make_handlers(clients=24)
    order = fields(desk["Orders.Place"](CALLS["Orders.Place"]))
    assert order["status"] == "filled"
    assert wrong(desk, "Orders.Cancel", {"orderId": order["id"]}) == f"ValueError: order {order['id']} is filled"


def test_closed_portfolio_takes_no_orders() -> None:
    desk = make_handlers()
    clients = rows(desk["CRM.ListClients"]({"limit": 500}), "items")
    portfolios = [
        each
        for client in clients
        for each in rows(
            desk["Portfolios.GetForClient"]({"clientId": client["id"], "includeClosed": True}), "portfolios"
        )
    ]
    closed = next(each["id"] for each in portfolios if "closed" in each)
    error = wrong(desk, "Orders.Place", {**CALLS["Orders.Place"], "portfolioId": closed})
    assert error == f"ValueError: portfolio {closed} is closed"


def test_nothing_is_dated_on_a_weekend_or_after_the_opening() -> None:
    orders = rows(make_handlers()["Orders.List"]({"max": 100}), "orders")
    times = [datetime.fromisoformat(str(each["placed"])) for each in orders]
    assert len(times) == 80
    assert max(times) < datetime(2026, 3, 16, 9, tzinfo=UTC)
    assert {time.weekday() for time in times} == {0, 1, 2, 3, 4}


def test_desk_runs_on_the_embedded_transport() -> None:
    transport = EmbeddedTransport(make_handlers(clients=24))
    route = Route(kind="method", name="CRM.GetClient")
    client = asyncio.run(transport.call(route, {"id": "CL-10024"}, timeout_s=5))
    assert part(client, "adviser") == "Jonas Weber"
    with pytest.raises(AppError, match=r"^no client CL-99999$"):
        asyncio.run(transport.call(route, {"id": "CL-99999"}, timeout_s=5))


def test_same_seed_gives_the_same_desk_and_another_seed_another() -> None:
    first, same, other = (make_handlers(seed=seed, clients=24)["CRM.ListClients"]({"limit": 24}) for seed in (7, 7, 8))
    assert first == same
    assert first != other


def test_desks_do_not_share_their_state() -> None:
    one, two = make_handlers(clients=24), make_handlers(clients=24)
    one["CRM.AddNote"]({"clientId": "CL-10024", "text": "Only here."})
    texts = [each["text"] for each in rows(two["CRM.ListNotes"]({"clientId": "CL-10024"}))]
    assert "Only here." not in texts


@pytest.mark.parametrize("clients", [23, 100_000])
def test_desk_of_an_impossible_size_is_refused(clients: int) -> None:
    with pytest.raises(ValueError, match=rf"^a desk has 24 to 2399 clients, not {clients}$"):
        make_handlers(clients=clients)


def test_default_handlers_are_one_desk_for_the_process() -> None:
    assert handlers["CRM.AddNote"] is handlers["CRM.AddNote"]
    assert set(handlers) == set(make_handlers(clients=24))
    assert len(handlers) == len(set(handlers))
    assert rows(handlers["CRM.FindClients"]({"name": "Amelia Reid"}))[0]["adviser"] == "Jonas Weber"
