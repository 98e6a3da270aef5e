"""The wealth desk's data for handlers in another language: its records, and what only its random numbers can tell.

Performance, closes and ticks follow from Python's generator; they are worked out here, so that a page answers as the
Python desk does.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import cast

from ioconnect_codegen.wealth_desk.data import make_desk
from ioconnect_codegen.wealth_desk.desk import EURO_RATES, OPENING, Desk, iso
from ioconnect_codegen.wealth_desk.handlers import DEFAULT_SEED
from ioconnect_codegen.wealth_desk.markets import get_history, ticks
from ioconnect_codegen.wealth_desk.platform import APPLICATIONS
from ioconnect_codegen.wealth_desk.portfolios import MODELS, MONTHS, get_performance
from ioconnect_codemode.values import JsonValue


def desk_document(*, seed: int = DEFAULT_SEED, clients: int = 500) -> dict[str, JsonValue]:
    """Give a desk as JSON.

    Raises:
        ValueError: Fewer than 24 clients, or more than there are names.
    """
    desk = make_desk(seed=seed, clients=clients)
    tables = ("clients", "advisers", "portfolios", "instruments", "orders", "contact_notes", "research", "notebook")
    return {
        **{name: [_plain(one) for one in getattr(desk, name).values()] for name in tables},
        "opening": iso(OPENING),
        "euro_rates": {**EURO_RATES},
        "models": cast("JsonValue", MODELS),
        "applications": {**APPLICATIONS},
        "months": {**MONTHS},
        "performance": {id: _performance(desk, id) for id in desk.portfolios},
        "close_days": [day for day, _ in _closes(desk, next(iter(desk.instruments)))],
        "closes": {symbol: [price for _, price in _closes(desk, symbol)] for symbol in desk.instruments},
        "ticks": {symbol: ticks(desk, {"symbol": symbol}) for symbol in desk.instruments},
    }


def _performance(desk: Desk, portfolio: str) -> JsonValue:
    """Give the month-end values by period, and the benchmark's return last."""
    found: dict[str, JsonValue] = {}
    for period in MONTHS:
        answer = cast("dict[str, JsonValue]", get_performance(desk, {"portfolioId": portfolio, "period": period}))
        values = cast("list[dict[str, JsonValue]]", answer["values"])
        benchmark = cast("dict[str, JsonValue]", answer["benchmark"])
        found[period] = [*(one["value"] for one in values), benchmark["return"]]
    return found


def _closes(desk: Desk, symbol: str) -> list[list[JsonValue]]:
    return cast("list[list[JsonValue]]", get_history(desk, {"symbol": symbol}))


def _plain(value: object) -> JsonValue:
    """Give a record as JSON, its absent fields left out."""
    if is_dataclass(value):
        found = {item.name: getattr(value, item.name) for item in fields(value)}
        return {name: _plain(one) for name, one in found.items() if one is not None}
    if isinstance(value, tuple):
        return [_plain(one) for one in cast("tuple[object, ...]", value)]
    return cast("JsonValue", value)
