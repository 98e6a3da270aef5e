"""The desk's orders: placing, cancelling, blotters."""

from __future__ import annotations

from dataclasses import replace

from ioconnect_codegen.wealth_desk.arguments import count, day, number, number_or_none, text, text_or_none
from ioconnect_codegen.wealth_desk.desk import OPENING, Arguments, Desk, Handler, Order, record
from ioconnect_codemode.values import JsonValue


def place(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Orders.Place`: a market order is filled at once at the last price, a limit order stays working."""
    portfolio = desk.portfolio(text(arguments, "portfolioId"))
    instrument = desk.instrument(text(arguments, "symbol"))
    limit = number_or_none(arguments, "limitPrice")
    type = text_or_none(arguments, "type") or "market"
    if portfolio.closed is not None:
        raise ValueError(f"portfolio {portfolio.id} is closed")
    if type == "limit" and limit is None:
        raise ValueError("a limit order needs limitPrice")
    adviser = desk.advisers[desk.clients[portfolio.client_id].adviser]
    placed = desk.now()
    order = Order(
        id=desk.new_id("OR"),
        portfolio_id=portfolio.id,
        symbol=instrument.symbol,
        side=text(arguments, "side"),
        quantity=number(arguments, "quantity"),
        type=type,
        limit_price=limit if type == "limit" else None,
        placed=placed,
        status="filled" if type == "market" else "working",
        trader=adviser.name,
        desk=adviser.desk,
        fill_price=instrument.price if type == "market" else None,
    )
    desk.orders[order.id] = order
    return _order(order)


def cancel(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Orders.Cancel`: only a working order can be cancelled."""
    order = desk.order(text(arguments, "orderId"))
    if order.status != "working":
        raise ValueError(f"order {order.id} is {order.status}")
    desk.orders[order.id] = replace(order, status="cancelled")
    return {"orderId": order.id, "status": "cancelled"}


def list_orders(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Orders.List`: newest first; fills come along only where they are asked for."""
    status, first = text_or_none(arguments, "status"), day(arguments, "from") or ""
    with_fills = arguments.get("withFills") is True
    found = [each for each in desk.orders.values() if status in (None, each.status) and each.placed >= first]
    found.sort(key=lambda each: (each.placed, each.id), reverse=True)
    rows = [_order(each) for each in found[: count(arguments, "max", 100)]]
    return {"orders": [{key: row[key] for key in row if with_fills or key != "fills"} for row in rows]}


def get_order(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Orders.Get`: the declared `OrderInfo` is an order with its trader and desk."""
    order = desk.order(text(arguments, "OrderId"))
    return {"order": {**_order(order), "trader": order.trader, "desk": order.desk}}


def validate(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Orders.Validate`: the portfolio comes as an id or as `{"id": ...}`; `reasons` only where there are some."""
    order = arguments.get("order")
    if not isinstance(order, dict):
        raise ValueError("order is missing")
    portfolio = order.get("portfolio")
    id = portfolio.get("id") if isinstance(portfolio, dict) else portfolio
    reasons: list[JsonValue] = []
    if order.get("symbol") not in desk.instruments:
        reasons.append("unknown symbol")
    if id not in desk.portfolios:
        reasons.append("unknown portfolio")
    if number(order, "quantity") <= 0:
        reasons.append("quantity is not positive")
    return {"ok": False, "reasons": reasons} if reasons else {"ok": True}


def get_blotter(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Orders.GetBlotter`, both of them: with a date the archive answers, which knows the trader as well."""
    wanted, date = text(arguments, "desk"), day(arguments, "date")
    on = date or OPENING.date().isoformat()
    found = [each for each in desk.orders.values() if each.desk == wanted and each.placed.startswith(on)]
    return {"rows": [_blotter_row(each, with_trader=date is not None) for each in found]}


def _blotter_row(order: Order, *, with_trader: bool) -> JsonValue:
    return record(
        id=order.id,
        symbol=order.symbol,
        side=order.side,
        quantity=order.quantity,
        status=order.status,
        trader=order.trader if with_trader else None,
    )


def _order(order: Order) -> dict[str, JsonValue]:
    fills: list[JsonValue] = []
    if order.fill_price is not None:
        fills.append({"time": order.placed, "quantity": order.quantity, "price": order.fill_price})
    return {
        "id": order.id,
        "status": order.status,
        "portfolioId": order.portfolio_id,
        "symbol": order.symbol,
        "side": order.side,
        "quantity": order.quantity,
        "type": order.type,
        "limitPrice": order.limit_price,
        "placed": order.placed,
        "fills": fills,
    }


HANDLERS: dict[str, Handler] = {
    "Orders.Place": place,
    "Orders.Cancel": cancel,
    "Orders.List": list_orders,
    "Orders.Get": get_order,
    "Orders.Validate": validate,
    "Orders.GetBlotter": get_blotter,
}
