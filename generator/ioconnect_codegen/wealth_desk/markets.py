"""The desk's market data and research."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from ioconnect_codegen.wealth_desk.arguments import count, day, text, text_or_none, texts
from ioconnect_codegen.wealth_desk.desk import OPENING, Arguments, Desk, Handler, Instrument, ResearchNote, iso, record
from ioconnect_codemode.values import JsonValue

_TICKS = 60  # a minute of them
LONGEST_HISTORY_DAYS = 3 * 366
"""Market data keeps three years of closes."""


def get_quote(desk: Desk, arguments: Arguments) -> JsonValue:
    """`MarketData.GetQuote`."""
    instrument = desk.instrument(text(arguments, "symbol"))
    quote = _quote(instrument)
    del quote["change"]
    return {"symbol": instrument.symbol, **quote}


def get_quotes(desk: Desk, arguments: Arguments) -> JsonValue:
    """`MarketData.GetQuotes`: by symbol; unknown symbols are left out."""
    symbols = texts(arguments, "symbols")
    return {symbol: _quote(desk.instruments[symbol]) for symbol in symbols if symbol in desk.instruments}


def ticks(desk: Desk, arguments: Arguments) -> JsonValue:
    """`MarketData.Ticks`: the events of the stream, a second apart, around the quote."""
    instrument = desk.instrument(text(arguments, "symbol"))
    random = Random(f"{desk.seed} {instrument.symbol} ticks")
    return [_tick(instrument, seconds, random.uniform(0.999, 1.001)) for seconds in range(_TICKS)]


def get_history(desk: Desk, arguments: Arguments) -> JsonValue:
    """`MarketData.GetHistory`: the last close of each day, week or month, oldest first."""
    instrument = desk.instrument(text(arguments, "symbol"))
    today = OPENING.date()
    first = max(day(arguments, "from") or "", (today - timedelta(days=LONGEST_HISTORY_DAYS)).isoformat())
    last = day(arguments, "to") or today.isoformat()
    interval = text_or_none(arguments, "interval") or "day"
    closes = {_bucket(when, interval): (when, close) for when, close in _closes(desk, instrument)}
    return [[when.isoformat(), close] for when, close in closes.values() if first <= when.isoformat() <= last]


def search_research(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Research.Search`: notes in which all words occur, newest first."""
    words = text(arguments, "query").lower().split()
    symbols, since = set(texts(arguments, "symbols")), day(arguments, "since") or ""
    found = [
        each
        for each in desk.research.values()
        if all(word in f"{each.title} {each.abstract} {each.house}".lower() for word in words)
        and (not symbols or symbols & set(each.symbols))
        and each.published >= since
    ]
    found.sort(key=lambda each: (each.published, each.id), reverse=True)
    return [_research_note(each) for each in found[: count(arguments, "limit", 20)]]


def get_research_note(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Research.GetNote`: declared as a composite without fields; the search's record with a body."""
    id = text(arguments, "id")
    if id not in desk.research:
        raise LookupError(f"no research note {id}")
    note = desk.research[id]
    return {"note": {**_research_note(note), "body": "\n\n".join([note.title, note.abstract] * note.pages)}}


def get_topics(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Research.Topics`: names of the instruments that notes exist on."""
    symbols = {symbol for each in desk.research.values() for symbol in each.symbols}
    return {"topics": [desk.instruments[symbol].name for symbol in sorted(symbols)]}


def subscribe(desk: Desk, arguments: Arguments) -> JsonValue:
    """`Research.Subscribe`: its signatures are no signatures; the wiki says `topic`."""
    desk.subscriptions.append(text(arguments, "topic"))
    return {"subscribed": [*desk.subscriptions]}


def _quote(instrument: Instrument) -> dict[str, JsonValue]:
    return {
        "bid": round(instrument.price * 0.9995, 4),
        "ask": round(instrument.price * 1.0005, 4),
        "last": instrument.price,
        "change": instrument.change,
        "currency": instrument.currency,
        "time": iso(OPENING),
    }


def _tick(instrument: Instrument, seconds: int, move: float) -> dict[str, JsonValue]:
    return {
        "symbol": instrument.symbol,
        "bid": round(instrument.price * move * 0.9995, 4),
        "ask": round(instrument.price * move * 1.0005, 4),
        "time": iso(OPENING + timedelta(seconds=seconds)),
    }


def _closes(desk: Desk, instrument: Instrument) -> list[tuple[date, float]]:
    """A random walk back from yesterday's close, on working days."""
    random = Random(f"{desk.seed} {instrument.symbol}")
    price = instrument.price / (1 + instrument.change / 100)
    closes: list[tuple[date, float]] = []
    for days_ago in range(1, LONGEST_HISTORY_DAYS + 1):
        when = OPENING.date() - timedelta(days=days_ago)
        if when.weekday() < 5:
            closes.append((when, round(price, 2)))
            price /= 1 + random.gauss(0.0002, 0.011)
    return closes[::-1]


def _bucket(when: date, interval: str) -> tuple[int, ...]:
    if interval == "week":
        return tuple(when.isocalendar())[:2]
    return (when.year, when.month) if interval == "month" else (when.toordinal(),)


def _research_note(note: ResearchNote) -> dict[str, JsonValue]:
    return {
        "id": note.id,
        "title": note.title,
        "published": note.published,
        "symbols": [*note.symbols],
        "analyst": record(name=note.analyst, email=note.email, house=note.house),
        "rating": note.rating,
        "targetPrice": note.target_price,
        "abstract": note.abstract,
        "pages": note.pages,
    }


HANDLERS: dict[str, Handler] = {
    "MarketData.GetQuote": get_quote,
    "MarketData.GetQuotes": get_quotes,
    "MarketData.Ticks": ticks,
    "MarketData.GetHistory": get_history,
    "Research.Search": search_research,
    "Research.GetNote": get_research_note,
    "Research.Topics": get_topics,
    "Research.Subscribe": subscribe,
}
