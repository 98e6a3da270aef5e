"""What the wealth desk holds: its records, and the state that notes and orders change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, TypeVar

from ioconnect_codemode.values import JsonValue

Arguments: TypeAlias = dict[str, JsonValue]
"""The argument object of a call, by wire key."""

T = TypeVar("T")

OPENING = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)
"""The desk's clock starts here; it stands still between events, so that runs can be compared."""

EURO_RATES = {"EUR": 1.0, "CHF": 1.05, "GBP": 1.18, "USD": 0.92}
"""Worth of one unit in euro."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where a client lives or resides."""

    street: str
    city: str
    postal_code: str
    country: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client's master record; assets under management are the worth of the portfolios."""

    id: str
    name: str
    email: str
    adviser: str
    segment: str
    status: str
    currency: str
    onboarded: str
    phone: str | None
    address: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adviser:
    """A relationship manager."""

    name: str
    email: str
    desk: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactNote:
    """A note in a client's file."""

    id: str
    client_id: str
    author: str
    created: str
    category: str
    text: str
    follow_up: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """What can be held and traded, with last price and change since yesterday's close in percent."""

    symbol: str
    name: str
    asset_class: str
    currency: str
    price: float
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A holding."""

    symbol: str
    quantity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """A portfolio of a client, with cash in its currency."""

    id: str
    client_id: str
    name: str
    strategy: str
    currency: str
    cash: float
    opened: str
    closed: str | None
    positions: tuple[Position, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """An order; a filled one was filled at once, at `fill_price`."""

    id: str
    portfolio_id: str
    symbol: str
    side: str
    quantity: float
    type: str
    limit_price: float | None
    placed: str
    status: str
    trader: str
    desk: str
    fill_price: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResearchNote:
    """A research note."""

    id: str
    title: str
    published: str
    symbols: tuple[str, ...]
    analyst: str
    email: str | None
    house: str
    rating: str | None
    target_price: float | None
    abstract: str
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NotebookEntry:
    """An entry of the desk's shared notebook."""

    id: str
    author: str
    created: str
    text: str


@dataclass(slots=True, kw_only=True)
class Desk:
    """One desk with its state: records are frozen; notes, orders and contact details change by replacement."""

    seed: int
    clients: dict[str, Client]
    advisers: dict[str, Adviser]
    portfolios: dict[str, Portfolio]
    portfolios_by_client: dict[str, list[Portfolio]]
    instruments: dict[str, Instrument]
    orders: dict[str, Order]
    contact_notes: dict[str, ContactNote]
    research: dict[str, ResearchNote]
    notebook: dict[str, NotebookEntry]
    pinned: list[str] = field(default_factory=list[str])
    subscriptions: list[str] = field(default_factory=list[str])
    events: int = 0

    def now(self) -> str:
        """Give the time of a new event, one second after the last."""
        self.events += 1
        return iso(OPENING + timedelta(seconds=self.events))

    def new_id(self, prefix: str) -> str:
        """Give an id for something that this session makes, unlike those in the data."""
        return f"{prefix}-{90000 + self.events}"

    def client(self, id: str) -> Client:
        """Give a client.

        Raises:
            LookupError: There is none of that id.
        """
        return _found(self.clients, id, "client")

    def portfolio(self, id: str) -> Portfolio:
        """Give a portfolio.

        Raises:
            LookupError: There is none of that id.
        """
        return _found(self.portfolios, id, "portfolio")

    def order(self, id: str) -> Order:
        """Give an order.

        Raises:
            LookupError: There is none of that id.
        """
        return _found(self.orders, id, "order")

    def instrument(self, symbol: str) -> Instrument:
        """Give an instrument.

        Raises:
            LookupError: There is none of that symbol.
        """
        return _found(self.instruments, symbol, "instrument")

    def portfolios_of(self, client_id: str) -> list[Portfolio]:
        """Give the portfolios of a client, closed ones too."""
        return self.portfolios_by_client[client_id]

    def worth(self, portfolio: Portfolio) -> float:
        """Give positions and cash in the portfolio's currency."""
        total = portfolio.cash
        for position in portfolio.positions:
            instrument = self.instruments[position.symbol]
            rate = EURO_RATES[instrument.currency] / EURO_RATES[portfolio.currency]
            total += position.quantity * instrument.price * rate
        return round(total, 2)


Handler: TypeAlias = Callable[[Desk, Arguments], JsonValue]


def iso(time: datetime) -> str:
    """Give a time as the apps send it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def record(**fields: JsonValue) -> dict[str, JsonValue]:
    """Give a JSON object of the fields that have a value: apps leave absent ones out."""
    return {key: value for key, value in fields.items() if value is not None}


def _found(table: dict[str, T], id: str, what: str) -> T:
    if id not in table:
        raise LookupError(f"no {what} {id}")
    return table[id]
