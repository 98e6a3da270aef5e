"""The desk's intents, and all handlers together in the form that the embedded transport takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import TypeAlias

from ioconnect_codegen.wealth_desk import crm, markets, orders, portfolios
from ioconnect_codegen.wealth_desk.arguments import text
from ioconnect_codegen.wealth_desk.data import make_desk
from ioconnect_codegen.wealth_desk.desk import Arguments, Desk, Handler
from ioconnect_codemode.values import JsonValue

BoundHandler: TypeAlias = Callable[[Arguments], JsonValue]

DEFAULT_SEED = 10024
"""Any number would do; changing it changes the checked-in answers of the demo."""


def make_handlers(*, seed: int = DEFAULT_SEED, clients: int = 500) -> dict[str, BoundHandler]:
    """Make an independent desk and give its handlers by wire name, intents as `intent:<Name>`.

    Raises:
        ValueError: Fewer than 24 clients, or more than there are names.
    """
    desk = make_desk(seed=seed, clients=clients)
    tables = (crm.HANDLERS, portfolios.HANDLERS, orders.HANDLERS, markets.HANDLERS, INTENTS)
    return {name: partial(handler, desk) for table in tables for name, handler in table.items()}


class _DefaultHandlers(Mapping[str, BoundHandler]):
    """The handlers of one desk that is made when the first of them is looked up."""

    @cached_property
    def _made(self) -> dict[str, BoundHandler]:
        return make_handlers()

    def __getitem__(self, name: str) -> BoundHandler:
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._made)

    def __len__(self) -> int:
        return len(self._made)


def show_client_card(desk: Desk, context: Arguments) -> JsonValue:
    """`ShowClientCard`: an io.Connect intent without a result."""
    desk.client(text(_data(context), "id"))
    return None


def export_portfolio(desk: Desk, context: Arguments) -> JsonValue:
    """`ExportPortfolio`: an io.Connect intent that gives a context back."""
    portfolio = desk.portfolio(text(_data(context), "id"))
    return {"type": "PortfolioDocument", "data": {"portfolioId": portfolio.id, "fileName": f"{portfolio.id}.pdf"}}


def new_order(desk: Desk, context: Arguments) -> JsonValue:
    """`NewOrder`: opens a ticket and gives the order context back with the ticket's id; places nothing."""
    desk.now()
    return {**context, "type": "fdc3.order", "id": {"ticket": desk.new_id("TK")}}


def start_call(desk: Desk, context: Arguments) -> JsonValue:
    """`StartCall`: an FDC3 intent without a result; the contact is known by e-mail."""
    email = text(_ids(context), "email")
    if email not in {each.email for each in desk.clients.values()}:
        raise LookupError(f"no client with e-mail {email}")
    return None


def view_instrument(desk: Desk, context: Arguments) -> JsonValue:
    """`ViewChart` and `ViewResearch`: FDC3 intents without a result, on one instrument or a list of them."""
    listed = context.get("instruments")
    contexts = listed if isinstance(listed, list) else [context]
    for each in contexts:
        if isinstance(each, dict) and each.get("type") != "fdc3.organization":
            desk.instrument(text(_ids(each), "ticker"))
    return None


def _data(context: Arguments) -> Arguments:
    """Give the fields of an io.Connect context, which carries them in `data`."""
    data = context.get("data")
    return data if isinstance(data, dict) else context


def _ids(context: Arguments) -> Arguments:
    """Give the identifiers of an FDC3 context."""
    ids = context.get("id")
    return ids if isinstance(ids, dict) else {}


INTENTS: dict[str, Handler] = {
    "intent:ShowClientCard": show_client_card,
    "intent:ExportPortfolio": export_portfolio,
    "intent:NewOrder": new_order,
    "intent:StartCall": start_call,
    "intent:ViewChart": view_instrument,
    "intent:ViewResearch": view_instrument,
}

handlers: Mapping[str, BoundHandler] = _DefaultHandlers()
"""The default desk, one for the process."""
