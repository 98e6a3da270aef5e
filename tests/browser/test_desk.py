"""The page's wealth desk answers as the Python desk does, call by call, what changes its state too."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TypedDict

import pytest

from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codegen.wealth_desk.data import make_desk
from ioconnect_codegen.wealth_desk.handlers import DEFAULT_SEED
from ioconnect_codegen.web.desk_data import desk_document
from ioconnect_codemode.values import JsonValue

CLIENTS = 60
DESK = Path(str(files("ioconnect_codegen"))) / "web" / "playground" / "desk" / "desk.js"


class Call(TypedDict):
    wire: str
    arguments: dict[str, JsonValue]


class Answer(TypedDict, total=False):
    answer: JsonValue
    error: str


def call(wire: str, **arguments: JsonValue) -> Call:
    return {"wire": wire, "arguments": arguments}


def calls() -> Iterator[Call]:
    """Give calls of every handler, with and without their options, right and wrong, in an order that changes state."""
    desk = make_desk(seed=DEFAULT_SEED, clients=CLIENTS)
    for name in ("a", "Amelia Reid", "amelia", " REID ", "nobody", ""):
        yield call("CRM.FindClients", name=name)
    yield call("CRM.FindClients", name="e", limit=3)
    yield call("CRM.ListClients")
    yield call("CRM.ListClients", adviser="Jonas Weber", segment="private", offset=1, limit=2)
    yield call("CRM.GetAdvisers")
    for client in [*desk.clients, "CL-1"]:
        yield call("CRM.GetClient", id=client)
        yield call("CRM.ListNotes", clientId=client)
        yield call("Portfolios.GetForClient", clientId=client, includeClosed=True)
    yield call("CRM.ListNotes", clientId="CL-10024", since="2026-01-01")
    for portfolio in [*desk.portfolios, "PF-1"]:
        yield call("Portfolios.GetPositions", portfolioId=portfolio)
        yield call("Portfolios.GetPerformance", portfolioId=portfolio)
        yield call("Portfolios.GetPerformance", portfolioId=portfolio, period="1Y")
        yield call("PORTFOLIOS.Drift", portfolioId=portfolio)
        yield call("PORTFOLIOS.Drift", portfolioId=portfolio, tolerance=0.1)
        yield call("Portfolios.ProposeRebalance", portfolioId=portfolio)
    yield call("Portfolios.GetPositions", portfolioId=next(iter(desk.portfolios)), assetClass="bond")
    yield call("Portfolios.ProposeRebalance", portfolioId=next(iter(desk.portfolios)), maxOrders=1)
    for symbol in [*desk.instruments, "NONE"]:
        yield call("MarketData.GetQuote", symbol=symbol)
        yield call("MarketData.GetHistory", symbol=symbol)
    for interval in ("day", "week", "month"):
        yield call("MarketData.GetHistory", symbol="ALPR", interval=interval, to="2025-12-31", **{"from": "2024-12-20"})
    yield call("MarketData.GetHistory", symbol="ALPR", **{"from": 1_760_000_000_000})
    yield call("MarketData.GetQuotes", symbols=["UKT30", "NONE", "ALPR"])
    yield call("MarketData.Ticks", symbol="ELBA")
    for query in ("dividend", "Rail margin", "nothing of it", ""):
        yield call("Research.Search", query=query)
    yield call("Research.Search", query="the", symbols=["ALPR", "BLUM"], since="2025-12-01", limit=2)
    for note in [*desk.research, "RN-1"]:
        yield call("Research.GetNote", id=note)
    yield call("Research.Topics")
    yield call("Research.Subscribe", topic="rates")
    yield call("Research.Subscribe", topic="credit")
    yield call("Notes.Search", text="the")
    yield call("Notes.Search", text="the", period=["2026-02-01", "2026-03-01"])
    yield call("Notes.Search", text="the", period={"first": "2026-03-01"})
    yield call("Notes.Pin note", noteId="NB-50001")
    yield call("Notes.Pin note", noteId="NB-50001")
    yield call("Notes.Pin note", noteId="NB-1")
    yield call("getDeskCalendar")
    yield call("T42.ACS.GetApplications")
    yield call("T42.ACS.StartApplication", Name="crm")
    yield call("T42.ACS.StartApplication", Name="solitaire")
    yield from orders(next(iter(desk.portfolios)), [*desk.orders])
    yield from changes()
    yield from intents(next(iter(desk.portfolios)))


def orders(portfolio: str, known: list[str]) -> Iterator[Call]:
    for order in [*known, "OR-1"]:
        yield call("Orders.Get", OrderId=order)
    yield call("Orders.List")
    yield call("Orders.List", status="filled", withFills=True, max=5, **{"from": "2026-03-12"})
    for place in ("zurich", "london"):
        yield call("Orders.GetBlotter", desk=place)
        yield call("Orders.GetBlotter", desk=place, date="2026-03-13")
    yield call("Orders.Place", portfolioId=portfolio, symbol="ALPR", side="buy", quantity=10)
    yield call(
        "Orders.Place", portfolioId=portfolio, symbol="ALPR", side="sell", quantity=5, type="limit", limitPrice=90.5
    )
    yield call("Orders.Place", portfolioId=portfolio, symbol="ALPR", side="sell", quantity=5, type="limit")
    yield call("Orders.Place", portfolioId="PF-1", symbol="ALPR", side="sell", quantity=5)
    yield call("Orders.Cancel", orderId="OR-90001")
    yield call("Orders.Cancel", orderId="OR-90002")
    yield call("Orders.Cancel", orderId="OR-90002")
    yield call("Orders.List", max=4)
    yield call("Orders.Validate", order={"symbol": "ALPR", "portfolio": portfolio, "quantity": 1})
    yield call("Orders.Validate", order={"symbol": "NONE", "portfolio": {"id": "PF-1"}, "quantity": 0})
    yield call("Orders.Validate", order="no order")


def changes() -> Iterator[Call]:
    yield call(
        "CRM.AddNote", clientId="CL-10024", text="Called back.", category="call", followUp="2026-04-01T09:00:00Z"
    )
    yield call("CRM.AddNote", clientId="CL-10024")
    yield call("CRM.ListNotes", clientId="CL-10024")
    yield call("CRM.DeleteNote", noteId="CN-30001")
    yield call("CRM.DeleteNote", noteId="CN-30001")
    yield call("CRM.UpdateContact", id="CL-10024", email="amelia@new.example")
    yield call("CRM.UpdateContact", id="CL-10024", phone=None)
    yield call("CRM.GetClient", id="CL-10024")
    yield call("T42.CRM.SyncContact", clientId="CL-10024")


def intents(portfolio: str) -> Iterator[Call]:
    yield call("intent:ShowClientCard", type="Client", data={"id": "CL-10024"})
    yield call("intent:ShowClientCard", data={"id": "CL-1"})
    yield call("intent:ExportPortfolio", data={"id": portfolio})
    yield call("intent:NewOrder", type="fdc3.order", details={"product": {"type": "fdc3.product"}})
    yield call("intent:StartCall", type="fdc3.contact", id={"email": "amelia@new.example"})
    yield call("intent:StartCall", type="fdc3.contact", id={"email": "nobody@mail.example"})
    yield call("intent:ViewChart", type="fdc3.instrument", id={"ticker": "ALPR"})
    yield call("intent:ViewResearch", type="fdc3.instrumentList", instruments=[{"id": {"ticker": "NONE"}}])


def python_answers(made: list[Call]) -> list[Answer]:
    handlers = make_handlers(clients=CLIENTS)
    answers: list[Answer] = []
    for one in made:
        try:
            answers.append({"answer": handlers[one["wire"]](one["arguments"])})
        except (ValueError, LookupError) as error:
            answers.append({"error": str(error.args[0])})
    return answers


def test_the_page_answers_every_call_as_the_python_desk_does() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no node: install Node.js 20 or later")
    made = list(calls())
    given = json.dumps({"desk": desk_document(clients=CLIENTS), "calls": made})
    script = Path(__file__).parent / "desk_answers.mjs"
    done = subprocess.run(
        [node, str(script), DESK.as_uri()], input=given, capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert {one["wire"] for one in made} == set(told["wires"]) == set(make_handlers(clients=24))
    for one, expected, answer in zip(made, python_answers(made), told["answers"], strict=True):
        assert answer == expected, one
