"""32 MCP tools of a wealth manager's desktop: a fixed corpus for counting tokens.

Names and shapes are typical of such desks: flat arguments with a few enums and ranges, results that share a client, an
instrument and an order, FDC3 contexts, a batch, a map. A shape is written in short form:

    "string"  "integer"  "number"  "boolean"  "date"  "date-time"  "email"  "uri"        a type or a format
    "a|b|c"                                                                            one of these texts
    [shape]                                                                            a list
    {"key": shape, "other?": shape}                                                    an object; `?` is optional
    {"*": shape}                                                                       a map
    Field(shape, description, **keywords)                                              any of them, with more to say
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from ioconnect_codemode.values import JsonValue

_FORMATS = frozenset({"date", "date-time", "email", "uri"})


@dataclass(frozen=True, slots=True)
class Field:
    """A shape with a description and further keywords of JSON Schema."""

    shape: object
    description: str = ""
    more: Mapping[str, JsonValue] | None = None


def schema(shape: object) -> dict[str, JsonValue]:
    """Give the JSON Schema of a shape in short form."""
    match shape:
        case Field(inner, description, more):
            said: dict[str, JsonValue] = {"description": description} if description else {}
            return {**schema(inner), **said, **(more or {})}
        case str() if "|" in shape:
            return {"type": "string", "enum": list[JsonValue](shape.split("|"))}
        case str() if shape in _FORMATS:
            return {"type": "string", "format": shape}
        case str():
            return {"type": shape}
        case list():
            return {"type": "array", "items": schema(cast("list[object]", shape)[0])}
        case dict() if "*" in shape:
            return {"type": "object", "additionalProperties": schema(cast("dict[str, object]", shape)["*"])}
        case dict():
            keys = cast("dict[str, object]", shape)
            return {
                "type": "object",
                "properties": {key.rstrip("?"): schema(inner) for key, inner in keys.items()},
                "required": [key for key in keys if not key.endswith("?")],
            }
        case _:
            raise TypeError(f"not a shape: {shape!r}")


def titled(title: str, shape: object, description: str = "") -> Field:
    """Give an object the name that its app has for it."""
    return Field(shape, description, {"title": title})


def context(kind: str, **more: object) -> Field:
    """Give an FDC3 context."""
    const = Field("string", "", {"const": kind})
    return titled(kind.removeprefix("fdc3.").capitalize(), {"type": const, "name?": "string", **more})


def ranged(kind: str, low: float | None = None, high: float | None = None, default: float | None = None) -> Field:
    """Give a number with bounds and a default."""
    more: dict[str, JsonValue] = {"minimum": low, "maximum": high, "default": default}
    return Field(kind, "", {key: value for key, value in more.items() if value is not None})


STATUS = "active|prospect|closed"
SEGMENT = Field("retail|affluent|hnw|uhnw", "Tier of service")
SIDE = "buy|sell"
STATE = "new|partial|filled|cancelled|rejected"
CURRENCY = Field("string", "Currency, ISO 4217", {"pattern": "^[A-Z]{3}$"})
ADDRESS = titled(
    "Address",
    {"line1": "string", "line2?": "string", "city": "string", "postcode?": "string", "country": "string"},
    "Where post goes",
)
CLIENT = titled(
    "Client",
    {
        "id": Field("string", "Number of the client"),
        "name": Field("string", "First and last name"),
        "email?": "email",
        "phone?": "string",
        "adviser": Field("string", "Who looks after the client"),
        "segment": SEGMENT,
        "status": STATUS,
        "aum": Field("number", "Assets under management, in the client's currency"),
        "currency": CURRENCY,
        "onboarded?": "date",
        "address?": ADDRESS,
        "tags?": ["string"],
    },
)
CLIENTS = {"clients": [CLIENT], "total": "integer"}
INSTRUMENT_REF = titled(
    "InstrumentRef",
    {
        "ticker?": "string",
        "isin": Field("string", "ISIN, 12 characters"),
        "name?": "string",
        "assetClass?": "equity|bond|fund|cash|fx|other",
    },
)
ORDER = titled(
    "Order",
    {
        "id": "string",
        "instrument": INSTRUMENT_REF,
        "side": SIDE,
        "quantity": "number",
        "limitPrice?": Field("number", "", {"type": ["number", "null"]}),
        "status": STATE,
        "createdAt?": "date-time",
    },
)
POSITION = titled(
    "Position",
    {
        "instrument": INSTRUMENT_REF,
        "quantity": "number",
        "price?": "number",
        "marketValue": Field("number", "In the portfolio's currency"),
        "weight?": Field("number", "0 to 1, of the whole portfolio"),
        "unrealisedPnl?": "number",
    },
)
INSTRUMENT_KEYS = {f"{key}?": "string" for key in ("ticker", "ISIN", "CUSIP", "BBG", "FIGI")}
INSTRUMENT = context("fdc3.instrument", id=titled("InstrumentId", INSTRUMENT_KEYS))
CONTACT = context("fdc3.contact", id=titled("ContactId", {"email?": "string", "FDS_ID?": "string"}))
CONTACTS = context("fdc3.contactList", contacts=[CONTACT])
HOLDING = context("fdc3.position", instrument=INSTRUMENT, holding="number")
PORTFOLIO = context("fdc3.portfolio", positions=[HOLDING])
COMPANY = context("fdc3.organization", id=titled("OrganizationId", {"LEI?": "string", "PERMID?": "string"}))
HANDLED = titled(
    "IntentResult", {"handled": "boolean", "app?": Field("string", "The app that did it"), "instance?": "string"}
)


def tool(name: str, description: str, arguments: object, result: object) -> dict[str, JsonValue]:
    """Give an MCP tool."""
    return {
        "name": name,
        "description": description,
        "inputSchema": schema(arguments),
        "outputSchema": schema(result),
    }


def either(*shapes: Field) -> Field:
    """Give one of several contexts."""
    options: list[JsonValue] = [schema(shape) for shape in shapes]
    return Field({}, "", {"type": "object", "oneOf": options})


def intent(name: str, description: str, context: object, *, has_target: bool = True) -> dict[str, JsonValue]:
    """Give the tool of an FDC3 intent."""
    target: dict[str, object] = {"target?": Field("string", "The app that shall do it")} if has_target else {}
    return tool(name, description, {"context": context, **target}, HANDLED)


TOOLS: list[dict[str, JsonValue]] = [
    tool(
        "crm_find_clients",
        "Search clients by name, e-mail or number. The closest matches come first, at most `limit` of them.",
        {
            "query": Field("string", "What to look for"),
            "limit?": ranged("integer", 1, 500, 50),
            "status?": STATUS,
        },
        CLIENTS,
    ),
    tool(
        "crm_list_clients",
        "All clients of the signed-in user, or those of one segment.",
        {"segment?": SEGMENT, "offset?": ranged("integer", 0), "limit?": ranged("integer", 1, 1000)},
        CLIENTS,
    ),
    tool("crm_get_client", "One client, by number.", {"clientId": Field("string", "Number of the client")}, CLIENT),
    tool(
        "crm_update_client",
        "Change how a client can be reached. What is left out stays as it is.",
        {"clientId": "string", "email?": "email", "phone?": "string", "address?": ADDRESS, "tags?": ["string"]},
        CLIENT,
    ),
    tool(
        "crm_add_note",
        "Put a note into the file of a client.",
        {
            "clientId": "string",
            "text": Field("string", "The note, Markdown allowed", {"maxLength": 10000}),
            "category?": "call|meeting|email|other",
            "followUp?": Field("date", "When to come back to it"),
        },
        {"noteId": "string", "createdAt": "date-time"},
    ),
    tool(
        "crm_list_notes",
        "The notes about a client, latest first.",
        {"clientId": "string", "since?": "date-time", "limit?": ranged("integer", default=20)},
        [
            titled(
                "Note",
                dict.fromkeys(("noteId", "text", "category", "author"), "string") | {"createdAt": "date-time"},
            )
        ],
    ),
    tool(
        "crm_list_advisers",
        "Who advises at a branch, and how many clients each of them has.",
        {"branch?": "string"},
        [
            titled(
                "Adviser",
                {"id": "string", "name": "string", "branch": "string", "email?": "string", "clients": "integer"},
            )
        ],
    ),
    tool(
        "crm_assign_adviser",
        "Give clients to an adviser.",
        {"adviserId": "string", "clientIds": Field(["string"], "", {"minItems": 1})},
        {"assigned": "integer", "failed": [titled("Failure", {"clientId": "string", "reason": "string"})]},
    ),
    tool(
        "portfolio_get_positions",
        "What a client holds in all portfolios on a day (today unless told).",
        {"clientId": "string", "portfolioId?": "string", "asOf?": "date"},
        {"asOf": "date-time", "currency": CURRENCY, "positions": [POSITION], "cash?": "number"},
    ),
    tool(
        "portfolio_get_performance",
        "How a portfolio has performed between two days, time-weighted.",
        {
            "portfolioId": "string",
            "from": "date",
            "to?": "date",
            "frequency?": Field("daily|weekly|monthly", "", {"default": "monthly"}),
            "benchmark?": "string",
        },
        {
            "return": Field("number", "Over the whole time; 0.05 means 5 %"),
            "volatility?": "number",
            "sharpe?": Field("number", "", {"type": ["number", "null"]}),
            "series": [titled("Point", {"date": "date", "value": "number", "benchmark?": "number"})],
        },
    ),
    tool(
        "portfolio_get_allocation",
        "How a portfolio is spread over asset classes, regions, sectors or currencies.",
        {"portfolioId": "string", "by": "assetClass|region|sector|currency"},
        Field({"*": "number"}, "Share of each"),
    ),
    tool(
        "portfolio_rebalance",
        "Work out the trades that lead to target weights. Nothing is traded.",
        {
            "portfolioId": "string",
            "targets": {"*": ranged("number", 0, 1)},
            "tolerance?": ranged("number", 0, None, 0.02),
            "maxTurnover?": "number",
        },
        {
            "trades": [
                titled(
                    "ProposedTrade",
                    {"instrument": INSTRUMENT_REF, "side": SIDE, "quantity": "number", "estimatedValue": "number"},
                )
            ],
            "turnover": "number",
            "residualCash?": "number",
        },
    ),
    tool(
        "orders_place",
        "Send an order. The user is asked first.",
        {
            "accountId": "string",
            "instrument": INSTRUMENT_REF,
            "side": SIDE,
            "quantity": Field("number", "", {"exclusiveMinimum": 0}),
            "type?": Field("market|limit|stop", "", {"default": "market"}),
            "limitPrice?": "number",
            "timeInForce?": "day|gtc|ioc",
        },
        ORDER,
    ),
    tool("orders_cancel", "Take back an order that is still open.", {"orderId": "string", "reason?": "string"}, ORDER),
    tool(
        "orders_list",
        "The orders of an account, in some states or in all.",
        {"accountId?": "string", "status?": [STATE], "from?": "date-time", "to?": "date-time"},
        [ORDER],
    ),
    tool(
        "orders_place_batch",
        "Send many orders at once.",
        {
            "accountId": "string",
            "orders": Field(
                [titled("OrderLine", {"isin": "string", "side": SIDE, "quantity": "number", "limitPrice?": "number"})],
                "",
                {"minItems": 1, "maxItems": 100},
            ),
        },
        {"accepted": [ORDER], "rejected": [titled("Rejection", {"index": "integer", "reason": "string"})]},
    ),
    tool(
        "marketdata_get_quote",
        "The last known prices of an instrument.",
        {"isin": "string"},
        {"isin": "string", "bid?": "number", "ask?": "number", "last?": "number", "time": "date-time"},
    ),
    tool(
        "marketdata_get_quotes",
        "The last known prices of many instruments, by ISIN.",
        {"isins": Field(["string"], "", {"maxItems": 500})},
        {"*": titled("Quote", {"bid?": "number", "ask?": "number", "last?": "number", "time": "date-time"})},
    ),
    tool(
        "marketdata_history",
        "Prices of an instrument over time.",
        {
            "isin": "string",
            "from": "date",
            "to?": "date",
            "interval?": Field("1m|5m|1h|1d", "", {"default": "1d"}),
        },
        [
            titled(
                "Bar",
                {
                    "time": "date-time",
                    "open?": "number",
                    "high?": "number",
                    "low?": "number",
                    "close": "number",
                    "volume?": "integer",
                },
            )
        ],
    ),
    tool(
        "calendar_find_slots",
        "Times at which all attendees are free.",
        {
            "attendees": [Field("string", "E-mail of one of them")],
            "durationMinutes": ranged("integer", 5, 480),
            "from": "date-time",
            "to": "date-time",
        },
        [titled("Slot", {"start": "date-time", "end": "date-time"})],
    ),
    tool(
        "calendar_create_event",
        "Enter a meeting and invite to it.",
        {
            "title": "string",
            "start": "date-time",
            "end": "date-time",
            "attendees?": ["string"],
            "location?": "string",
            "online?": Field("boolean", "", {"default": True}),
            "notes?": "string",
        },
        {"eventId": "string", "joinUrl?": "uri"},
    ),
    tool(
        "mail_send",
        "Send a mail in the user's name. The user is asked first.",
        {
            "to": ["string"],
            "cc?": ["string"],
            "subject": "string",
            "body": "string",
            "attachments?": [titled("Attachment", {"name": "string", "url": "uri"})],
        },
        {"messageId": "string"},
    ),
    tool(
        "documents_search",
        "Search the text of the clients' documents.",
        {
            "query": "string",
            "clientId?": "string",
            "kinds?": ["contract|statement|kyc|report"],
            "limit?": ranged("integer", default=10),
        },
        [
            titled(
                "DocumentHit",
                {
                    "id": "string",
                    "title": "string",
                    "kind?": "string",
                    "snippet?": "string",
                    "score": "number",
                    "modified?": "date-time",
                },
            )
        ],
    ),
    tool(
        "risk_profile",
        "Score a client's appetite for risk from a questionnaire.",
        {
            "clientId": "string",
            "answers?": {"*": Field("string", "", {"type": ["string", "integer"]})},
        },
        {
            "score": ranged("integer", 1, 10),
            "category": "conservative|balanced|growth|aggressive",
            "reasons": ["string"],
        },
    ),
    tool(
        "compliance_check_trade",
        "Hold a trade against the rules before it is made. Rules that are `blocking` have to pass.",
        {"clientId": "string", "isin": "string", "side": SIDE, "quantity": "number"},
        {
            "passed": "boolean",
            "rules": [
                titled(
                    "RuleResult",
                    {"rule": "string", "passed": "boolean", "blocking": "boolean", "message?": "string"},
                )
            ],
        },
    ),
    intent("ViewChart", "FDC3: chart an instrument.", INSTRUMENT),
    intent("ViewInstrument", "FDC3: show what is known of an instrument.", INSTRUMENT),
    intent("StartChat", "FDC3: chat with somebody.", either(CONTACT, CONTACTS)),
    intent(
        "ViewHoldings", "FDC3: show who holds an instrument, or what a portfolio holds.", either(INSTRUMENT, PORTFOLIO)
    ),
    intent(
        "CreateOrUpdateProfile",
        "FDC3: enter a person or a company, or change the entry.",
        either(CONTACT, COMPANY),
        has_target=False,
    ),
    tool(
        "workspace_open",
        "Open a workspace by name and give its windows a context.",
        {
            "name": "string",
            "context?": Field({}, "", {"type": "object", "additionalProperties": True}),
            "bounds?": titled("Bounds", {f"{side}?": "integer" for side in ("left", "top", "width", "height")}),
        },
        {"workspaceId": "string", "frameId": "string"},
    ),
    tool(
        "notifications_raise",
        "Show a notification on the desktop.",
        {
            "title": "string",
            "body?": "string",
            "severity?": Field("low|medium|high|critical", "", {"default": "low"}),
            "actions?": [
                titled(
                    "Action",
                    {
                        "label": "string",
                        "method?": Field("string", "The interop method that the button calls"),
                        "arguments?": Field({}, "", {"type": "object"}),
                    },
                )
            ],
        },
        {"id": "string"},
    ),
]
