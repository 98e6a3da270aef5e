"""The made-up data of a wealth desk: the same seed and size always give the same desk."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from ioconnect_codegen.wealth_desk.desk import (
    OPENING,
    Address,
    Adviser,
    Client,
    ContactNote,
    Desk,
    Instrument,
    NotebookEntry,
    Order,
    Portfolio,
    Position,
    ResearchNote,
    iso,
)

FIRST_NAMES = (
    "Alba Amelia Anton Beatrice Bruno Carla Cedric Clara Dario Diana Edgar Elena Emil Eva Felix Fiona Georg Greta Hugo "
    "Ines Ivan Jana Jonas Julia Karl Laura Leon Lidia Marc Maria Nadia Nils Olga Oscar Paula Peter Rosa Samuel Sofia Theo"
)
LAST_NAMES = (
    "Abbott Adler Baines Bauer Beck Berger Bianchi Bloom Brandt Carter Costa Dahl Dupont Ebner Egli Faber Ferrari "
    "Fischer Frost Gallo Garnier Graf Grant Hale Hansen Hartmann Hess Holm Hughes Iselin Jansen Keller Kern Kovacs Lang "
    "Lehmann Lindt Marin Meier Moreau Morgan Nilsson Novak Olsen Petrov Quinn Reed Reid Rossi Roth Sander Schmid Stern "
    "Tanner Unger Vogel Wagner Winter Wolf Zeller"
)
ADVISERS = (
    ("Jonas Weber", "zurich"), ("Marta Lindqvist", "zurich"), ("Paolo Ricci", "zurich"), ("Hannah Scott", "london"),
    ("David Okafor", "london"), ("Claire Fontaine", "geneva"), ("Stefan Huber", "geneva"), ("Ingrid Solberg", "frankfurt"),
)  # fmt: skip
CITIES = (
    ("Zurich", "CH", "8001"), ("Geneva", "CH", "1204"), ("London", "GB", "W1J 8AJ"), ("Frankfurt", "DE", "60311"),
    ("Vienna", "AT", "1010"), ("Milan", "IT", "20121"), ("Lyon", "FR", "69002"), ("Oslo", "NO", "0151"),
)  # fmt: skip
STREETS = ("Lake Road", "Station Street", "Garden Lane", "Castle Hill", "Mill Street", "Bridge Street", "Park Avenue")
INSTRUMENTS = (
    ("ALPR", "Alpine Rail", "equity", "CHF", 84.2), ("BLUM", "Blum Pharma", "equity", "CHF", 212.4),
    ("CRDX", "Cordex Semiconductors", "equity", "USD", 146.9), ("DOVR", "Dover Shipping", "equity", "GBP", 12.35),
    ("ELBA", "Elba Foods", "equity", "EUR", 38.7), ("FJRD", "Fjord Salmon", "equity", "EUR", 55.1),
    ("GLDN", "Golden Mile Insurance", "equity", "GBP", 7.82), ("HLVT", "Helvetic Cement", "equity", "CHF", 61.5),
    ("INFR", "Infra Towers", "equity", "EUR", 23.9), ("JUNO", "Juno Software", "equity", "USD", 318.0),
    ("KRAN", "Kran Logistics", "equity", "EUR", 97.3), ("LUMN", "Lumen Optics", "equity", "USD", 64.4),
    ("NORD", "Nordwind Energy", "equity", "EUR", 18.6), ("ORCA", "Orca Cruises", "equity", "USD", 29.7),
    ("SOLA", "Sola Utilities", "equity", "EUR", 44.8), ("TERA", "Tera Data Centres", "equity", "USD", 181.2),
    ("CHG31", "Swiss Confederation 2031", "bond", "CHF", 101.3), ("DEB33", "German Federal 2033", "bond", "EUR", 97.9),
    ("UKT30", "UK Treasury 2030", "bond", "GBP", 98.6), ("UST32", "US Treasury 2032", "bond", "USD", 96.4),
    ("ALP28", "Alpine Rail 2028", "bond", "CHF", 100.7), ("WRLD", "World Equity Fund", "fund", "USD", 132.5),
    ("EMKT", "Emerging Markets Fund", "fund", "USD", 41.9), ("IMMO", "Swiss Property Fund", "fund", "CHF", 118.8),
)  # fmt: skip
CONTACT_TEXTS = (
    "Annual review: no change of risk profile.",
    "Asked about the currency hedge of the bond part.",
    "Wants to be called before any larger trade.",
    "Plans to buy property in the autumn, needs liquidity.",
    "Sent the fact sheet of the property fund.",
    "Complained about the delay of the tax statement.",
)
RESEARCH_TITLES = (
    ("{name}: order book ahead of plan", "Orders grow faster than sales; we see room in the margin."),
    ("{name}: dividend looks safe", "Free cash flow covers the dividend twice, even in our stress case."),
    ("{name}: valuation full after the rally", "The shares price in three good years; the risk is on the downside."),
    ("{name}: new management, old questions", "The strategy day left capital allocation open."),
)
NOTEBOOK_TEXTS = (
    "Reminder: quarterly reports leave on the 20th, corrections until noon.",
    "Alpine Rail roadshow in Zurich on Thursday, two seats left.",
    "New template for suitability letters is in the shared folder.",
    "Cut-off for UK gilts is 15:30 until the end of the month.",
    "Property fund: redemptions are settled quarterly, tell clients before they subscribe.",
    "Sanctions list was updated this morning; please rerun open onboardings.",
)


def make_desk(*, seed: int, clients: int) -> Desk:
    """Make a desk.

    Args:
        seed: Of the random numbers; the prices, names and notes follow from it.
        clients: How many clients. Amelia Reid is the 24th, so there are at least 24.

    Raises:
        ValueError: Fewer than 24 clients, or more than there are names.
    """
    random = Random(seed)
    made = _clients(random, clients)
    portfolios = {each.id: _portfolios(random, each) for each in made}
    desk = Desk(
        seed=seed,
        clients={each.id: each for each in made},
        advisers={name: Adviser(name=name, email=_email(name, "bank"), desk=desk) for name, desk in ADVISERS},
        portfolios={each.id: each for held in portfolios.values() for each in held},
        portfolios_by_client=portfolios,
        instruments={each.symbol: each for each in _instruments(random)},
        orders={},
        contact_notes={each.id: each for each in _contact_notes(random, made)},
        research={each.id: each for each in _research(random)},
        notebook={each.id: each for each in _notebook(random)},
    )
    desk.orders.update((each.id, each) for each in _orders(random, desk))
    return desk


def _clients(random: Random, count: int) -> list[Client]:
    names = [f"{first} {last}" for first in FIRST_NAMES.split() for last in LAST_NAMES.split()]
    names.remove("Amelia Reid")
    if not 24 <= count <= len(names):
        raise ValueError(f"a desk has 24 to {len(names)} clients, not {count}")
    chosen = random.sample(names, count - 1)
    chosen.insert(23, "Amelia Reid")
    return [_client(random, f"CL-{10001 + index}", name) for index, name in enumerate(chosen)]


def _client(random: Random, id: str, name: str) -> Client:
    adviser = random.choice(ADVISERS)[0]
    city, country, postal_code = random.choice(CITIES)
    street = f"{random.randint(1, 120)} {random.choice(STREETS)}"
    return Client(
        id=id,
        name=name,
        email=_email(name, "mail"),
        adviser="Jonas Weber" if name == "Amelia Reid" else adviser,
        segment=random.choices(["private", "affluent", "institutional"], [6, 3, 1])[0],
        status=random.choices(["active", "dormant", "prospect"], [8, 1, 1])[0],
        currency={"CH": "CHF", "GB": "GBP"}.get(country, "EUR"),
        onboarded=_day_before(random, 20, 4000),
        phone=f"+41 44 555 {random.randint(1000, 9999)}" if random.random() < 0.8 else None,
        address=Address(street=street, city=city, postal_code=postal_code, country=country)
        if random.random() < 0.9
        else None,
    )


def _instruments(random: Random) -> list[Instrument]:
    return [
        Instrument(
            symbol=symbol,
            name=name,
            asset_class=asset_class,
            currency=currency,
            price=price,
            change=round(random.gauss(0, 0.3 if asset_class == "bond" else 1.4), 2),
        )
        for symbol, name, asset_class, currency, price in INSTRUMENTS
    ]


def _portfolios(random: Random, client: Client) -> list[Portfolio]:
    # A prospect has signed nothing yet, so there is nothing to manage.
    count = 0 if client.status == "prospect" else random.choices([1, 2, 3], [6, 3, 1])[0]
    return [_portfolio(random, client, number) for number in range(1, count + 1)]


def _portfolio(random: Random, client: Client, number: int) -> Portfolio:
    strategy = random.choice(["income", "balanced", "growth"])
    chosen = sorted(random.sample([row[0] for row in INSTRUMENTS], random.randint(4, 12)))
    return Portfolio(
        id=f"PF-{client.id[3:]}-{number}",
        client_id=client.id,
        name=f"{strategy.capitalize()} {client.currency}",
        strategy=strategy,
        currency=client.currency,
        cash=round(random.uniform(1_000, 80_000), 2),
        opened=client.onboarded,
        closed=_day_before(random, 1, 19) if number == 3 else None,
        positions=tuple(Position(symbol=symbol, quantity=random.randint(1, 150) * 10) for symbol in chosen),
    )


def _orders(random: Random, desk: Desk) -> list[Order]:
    open_portfolios = [each for each in desk.portfolios.values() if each.closed is None]
    return [_order(random, desk, random.choice(open_portfolios), 20001 + index) for index in range(80)]


def _order(random: Random, desk: Desk, portfolio: Portfolio, number: int) -> Order:
    instrument = random.choice(list(desk.instruments.values()))
    adviser = desk.advisers[desk.clients[portfolio.client_id].adviser]
    status = random.choices(["filled", "working", "cancelled", "rejected"], [6, 2, 1, 1])[0]
    limit = round(instrument.price * random.uniform(0.95, 1.05), 2) if random.random() < 0.5 else None
    return Order(
        id=f"OR-{number}",
        portfolio_id=portfolio.id,
        symbol=instrument.symbol,
        side=random.choice(["buy", "sell"]),
        quantity=random.randint(1, 50) * 10,
        type="market" if limit is None else "limit",
        limit_price=limit,
        placed=_working_time(random, 10),
        status=status,
        trader=adviser.name,
        desk=adviser.desk,
        fill_price=instrument.price if status == "filled" else None,
    )


def _contact_notes(random: Random, clients: list[Client]) -> list[ContactNote]:
    authors = [clients[23], *random.choices(clients, k=3 * len(clients) // 2)]
    return [
        ContactNote(
            id=f"CN-{30001 + index}",
            client_id=client.id,
            author=client.adviser,
            created=_working_time(random, 400),
            category=random.choice(["call", "meeting", "email", "other"]),
            text=random.choice(CONTACT_TEXTS),
        )
        for index, client in enumerate(authors)
    ]


def _research(random: Random) -> list[ResearchNote]:
    equities = [row for row in INSTRUMENTS if row[2] == "equity"]
    return [_research_note(random, index, *random.choice(equities)) for index in range(60)]


def _research_note(
    random: Random, index: int, symbol: str, name: str, asset_class: str, currency: str, price: float
) -> ResearchNote:
    title, abstract = random.choice(RESEARCH_TITLES)
    analyst = random.choice(["Nora Blake", "Tim Oster", "Yuki Tanabe"])
    house = random.choice(["House", "House", "Meridian Research"])
    rating = random.choice(["buy", "hold", "sell", None])
    return ResearchNote(
        id=f"RN-{40001 + index}",
        title=title.format(name=name),
        published=_working_time(random, 200),
        symbols=(symbol,),
        analyst=analyst,
        email=_email(analyst, "bank") if house == "House" else None,
        house=house,
        rating=rating,
        target_price=None if rating is None else round(price * random.uniform(0.8, 1.3), 1),
        abstract=f"{abstract} {name} is listed in {currency} ({asset_class}).",
        pages=random.randint(2, 40),
    )


def _notebook(random: Random) -> list[NotebookEntry]:
    return [
        NotebookEntry(
            id=f"NB-{50001 + index}",
            author=random.choice(ADVISERS)[0],
            created=_working_time(random, 60),
            text=text,
        )
        for index, text in enumerate(NOTEBOOK_TEXTS)
    ]


def _working_time(random: Random, most_days: int) -> str:
    """A time between 8:00 and 18:00 on a working day, today at the latest and then before the opening."""
    days = random.randint(0, most_days)
    minutes = random.randint(0, 59 if days == 0 else 599)
    when = OPENING.replace(hour=8) - timedelta(days=days) + timedelta(minutes=minutes)
    return iso(when if when.weekday() < 5 else when - timedelta(days=2))


def _day_before(random: Random, least: int, most: int) -> str:
    today: date = OPENING.date()
    return (today - timedelta(days=random.randint(least, most))).isoformat()


def _email(name: str, domain: str) -> str:
    return f"{name.lower().replace(' ', '.')}@{domain}.example"
