"""The desk's portfolios: positions, performance, drift against the house models."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from ioconnect_codegen.wealth_desk.arguments import count, number_or_none, text, text_or_none
from ioconnect_codegen.wealth_desk.desk import (
    EURO_RATES,
    OPENING,
    Arguments,
    Desk,
    Handler,
    Portfolio,
    Position,
    iso,
    record,
)
from ioconnect_codemode.values import JsonValue

MODELS = {
    "income": {"bond": 0.60, "equity": 0.25, "fund": 0.10, "cash": 0.05},
    "balanced": {"bond": 0.35, "equity": 0.45, "fund": 0.15, "cash": 0.05},
    "growth": {"bond": 0.10, "equity": 0.65, "fund": 0.20, "cash": 0.05},
}
"""Share of each asset class by strategy."""

MONTHS = {"1M": 1, "3M": 3, "YTD": 3, "1Y": 12}
"""Months that a performance period looks back from March."""


def get_for_client(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Portfolios.GetForClient`."""
    client = desk.client(text(arguments, "clientId"))
    with_closed = arguments.get("includeClosed") is True
    found = [each for each in desk.portfolios_of(client.id) if with_closed or each.closed is None]
    return {"clientId": client.id, "portfolios": [_portfolio(desk, each) for each in found]}


def get_positions(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Portfolios.GetPositions`: at last night's close, so that orders of today do not show."""
    portfolio = desk.portfolio(text(arguments, "portfolioId"))
    asset_class = text_or_none(arguments, "assetClass")
    rows = [_position(desk, each) for each in portfolio.positions]
    return {
        "positions": [row for row in rows if asset_class in (None, row["assetClass"])],
        "asOf": iso(OPENING - timedelta(hours=15, minutes=30)),
    }


def get_performance(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Portfolios.GetPerformance`: month-end values that end at today's worth."""
    portfolio = desk.portfolio(text(arguments, "portfolioId"))
    period = text_or_none(arguments, "period") or "YTD"
    random = Random(f"{desk.seed} {portfolio.id} {period}")
    values = [desk.worth(portfolio)]
    for _ in range(MONTHS[period]):
        values.insert(0, round(values[0] / (1 + random.gauss(0.004, 0.02)), 2))
    return {
        "portfolioId": portfolio.id,
        "period": period,
        "return": round((values[-1] / values[0] - 1) * 100, 2),
        "benchmark": {"name": f"House {portfolio.strategy} model", "return": round(random.gauss(0.4, 2), 2)},
        "values": [{"date": _month_end(len(values) - 1 - index), "value": value} for index, value in enumerate(values)],
    }


def get_drift(desk: Desk, arguments: Arguments) -> JsonValue:
    """`PORTFOLIOS.Drift`: shares by asset class that are off the model by more than the tolerance."""
    portfolio = desk.portfolio(text(arguments, "portfolioId"))
    tolerance = number_or_none(arguments, "tolerance") or 0.0
    actual = _shares(desk, portfolio)
    return [
        {"assetClass": asset_class, "target": target, "actual": actual[asset_class]}
        for asset_class, target in MODELS[portfolio.strategy].items()
        if abs(actual[asset_class] - target) >= tolerance
    ]


def propose_rebalance(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Portfolios.ProposeRebalance`: one order for each asset class held, in its largest position."""
    portfolio = desk.portfolio(text(arguments, "portfolioId"))
    proposed = [
        order
        for asset_class, target in MODELS[portfolio.strategy].items()
        if (order := _correction(desk, portfolio, asset_class, target)) is not None
    ]
    return {"portfolioId": portfolio.id, "orders": [*proposed[: count(arguments, "maxOrders", 20)]]}


def _correction(desk: Desk, portfolio: Portfolio, asset_class: str, target: float) -> JsonValue:
    held = [each for each in portfolio.positions if desk.instruments[each.symbol].asset_class == asset_class]
    if not held:
        return None
    largest = max(held, key=lambda each: _worth(desk, portfolio, each))
    missing = (target - _shares(desk, portfolio)[asset_class]) * desk.worth(portfolio)
    quantity = round(abs(missing) / (_worth(desk, portfolio, largest) / largest.quantity))
    if quantity == 0:
        return None
    return {"symbol": largest.symbol, "side": "buy" if missing > 0 else "sell", "quantity": quantity}


def _shares(desk: Desk, portfolio: Portfolio) -> dict[str, float]:
    amounts = dict.fromkeys(MODELS[portfolio.strategy], 0.0)
    amounts["cash"] = portfolio.cash
    for position in portfolio.positions:
        amounts[desk.instruments[position.symbol].asset_class] += _worth(desk, portfolio, position)
    total = sum(amounts.values())
    return {asset_class: round(amount / total, 4) for asset_class, amount in amounts.items()}


def _worth(desk: Desk, portfolio: Portfolio, position: Position) -> float:
    """Worth of a position in the portfolio's currency."""
    instrument = desk.instruments[position.symbol]
    return position.quantity * instrument.price * EURO_RATES[instrument.currency] / EURO_RATES[portfolio.currency]


def _month_end(months_ago: int) -> str:
    if months_ago == 0:
        return OPENING.date().isoformat()
    first = OPENING.date().replace(day=1)
    for _ in range(months_ago - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return (first - timedelta(days=1)).isoformat()


def _portfolio(desk: Desk, portfolio: Portfolio) -> JsonValue:
    return record(
        id=portfolio.id,
        name=portfolio.name,
        strategy=portfolio.strategy,
        value=desk.worth(portfolio),
        cash=portfolio.cash,
        currency=portfolio.currency,
        opened=portfolio.opened,
        closed=portfolio.closed,
    )


def _position(desk: Desk, position: Position) -> dict[str, JsonValue]:
    instrument = desk.instruments[position.symbol]
    return {
        "symbol": instrument.symbol,
        "name": instrument.name,
        "assetClass": instrument.asset_class,
        "quantity": position.quantity,
        "price": instrument.price,
        "marketValue": round(position.quantity * instrument.price, 2),
        "currency": instrument.currency,
    }


HANDLERS: dict[str, Handler] = {
    "Portfolios.GetForClient": get_for_client,
    "Portfolios.GetPositions": get_positions,
    "Portfolios.GetPerformance": get_performance,
    "PORTFOLIOS.Drift": get_drift,
    "Portfolios.ProposeRebalance": propose_rebalance,
}
