"""Realistic environments of any size, for benches and tests: the same seed gives the same environment.

What real desktops declare, in fixed shares of the methods: 70 % clean (JSON Schemas, as apps for io.Intelligence
declare them), 20 % sloppy (signatures as people type them), 10 % bare (a name). Beside that: methods with several
servers, pairs of one name with two signatures, streams, and intents with several handlers.

Every argument object is distinct. Of the objects inside arguments and results, `REPEATED` are of a common stock that
many methods share (a client, an order, an address); the others are the method's own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence

from ioconnect_codemode.values import JsonValue

SEED = 20_26
REPEATED = 0.3
"""Share of nested objects that come from the common stock: the measured lists of real tools repeat about a third."""

CLEAN, SLOPPY = 0.7, 0.2
_SEVERAL_SERVERS, _STREAMS, _PAIRS = 0.1, 0.02, 0.03
_METHODS_AN_APP = 25
_METHODS_AN_INTENT = 50

_DESKS = (
    "CRM",
    "Orders",
    "Portfolios",
    "MarketData",
    "Research",
    "Risk",
    "Calendar",
    "Documents",
    "Mail",
    "Compliance",
)
_VERBS = ("Get", "Find", "List", "Add", "Update", "Cancel", "Show", "Compute", "Export", "Check")
_NOUNS = (
    *("Client", "Order", "Position", "Quote", "Note", "Adviser", "Trade", "Report", "Limit", "Event", "Alert"),
    *("Profile", "Mandate", "Basket", "Price", "Fee", "Benchmark", "Account", "Document", "Meeting"),
)
_KEYS = (
    *(
        "name",
        "status",
        "created",
        "amount",
        "currency",
        "owner",
        "region",
        "score",
        "tags",
        "count",
        "isActive",
        "note",
    ),
    *("symbol", "quantity", "price", "date", "branch", "category", "weight", "reference", "priority", "source", "text"),
)
_STOCK: dict[str, tuple[str, ...]] = {
    "Client": ("id", "name", "email", "adviser", "segment", "aum"),
    "Address": ("street", "city", "postalCode", "country"),
    "Instrument": ("ticker", "isin", "name", "assetClass"),
    "Order": ("id", "symbol", "side", "quantity", "status"),
    "Money": ("amount", "currency"),
    "Person": ("id", "name", "email", "desk"),
}
_SLOPPY = (
    "String name{n}, Int? limit, Bool? all (default: false)",
    "string id{n},Composite:{{String street, String? city}} address{n}",
    "name{n}: String, tags: String[]?",
    "CustomType request{n}, DATETIME from",
    "see the wiki / page {n}",
)

Json = dict[str, JsonValue]


def make_environment(methods: int, *, seed: int = SEED) -> Json:
    """Give an environment document of so many distinct methods; intents come on top."""
    rng = random.Random(seed)
    listed = [method for number in range(methods) for method in _methods(rng, number)]
    intents: list[JsonValue] = [_intent(rng, number) for number in range(methods // _METHODS_AN_INTENT)]
    apps: list[JsonValue] = [
        {"name": f"app-{number}", "title": f"{_DESKS[number % len(_DESKS)]} desk {number}"}
        for number in range(max(1, methods // _METHODS_AN_APP))
    ]
    name = f"bench-{methods}"
    return {"schemaVersion": 1, "name": name, "methods": listed, "applications": apps, "intents": intents}


def with_one_change(document: Json, *, number: int) -> Json:
    """Give the environment with a parameter more in one clean method, as after an app's update."""
    methods = document["methods"]
    assert isinstance(methods, list)
    changed: list[JsonValue] = list(methods)
    for index in range(number, len(changed)):
        method = changed[index]
        assert isinstance(method, dict)
        flags = method.get("flags")
        if isinstance(flags, dict):
            tool = flags["ioIntelMCPTool"]
            assert isinstance(tool, dict)
            schema = json.loads(str(tool["inputSchema"]))
            schema["properties"]["addedByTheUpdate"] = {"type": "string"}
            changed[index] = {**method, "flags": {"ioIntelMCPTool": {**tool, "inputSchema": json.dumps(schema)}}}
            break
    return {**document, "methods": changed}


def _methods(rng: random.Random, number: int) -> list[JsonValue]:
    desk, verb, noun = rng.choice(_DESKS), rng.choice(_VERBS), rng.choice(_NOUNS)
    # Two words and a number of the desk's own: the names of real desks repeat, their methods don't.
    name = f"{desk}{number // 250 or ''}.{verb}{noun}{number}"
    app = f"app-{number // _METHODS_AN_APP}"
    first: Json = {"application": app, "instance": f"i{number}"}
    servers: list[JsonValue] = [first]
    if rng.random() < _SEVERAL_SERVERS:
        servers.append({"application": f"{app}-backup", "instance": f"b{number}"})
    method: Json = {"name": name, "servers": servers}
    kind = rng.random()
    if kind < CLEAN:
        method["description"] = f"{verb}s the {noun.lower()}s that match. Results are ordered by date, newest first."
        method["flags"] = {"ioIntelMCPTool": _tool(rng, name, noun, number)}
    elif kind < CLEAN + SLOPPY:
        method["accepts"] = rng.choice(_SLOPPY).format(n=number)
        method["returns"] = f"Composite: {{String id, Double? value{number}}} {noun.lower()}"
    if rng.random() < _STREAMS:
        method["supportsStreaming"] = True
    if rng.random() < _PAIRS:
        return [method, {**method, "accepts": "String archive", "servers": [{"application": f"{app}-archive"}]}]
    return [method]


def _tool(rng: random.Random, name: str, noun: str, number: int) -> Json:
    properties: Json = {f"{noun.lower()}Id{number}": {"type": "string", "description": f"Identifier of the {noun}"}}
    properties |= {key: _value(rng, key, number, depth=1) for key in rng.sample(_KEYS, rng.randint(2, 5))}
    required = list[JsonValue](properties)[: rng.randint(1, 2)]
    arguments: Json = {"type": "object", "properties": properties, "required": required}
    return {
        "name": name.lower().replace(".", "_"),
        "inputSchema": json.dumps(arguments),
        "outputSchema": json.dumps(_result(rng, noun, number)),
    }


def _result(rng: random.Random, noun: str, number: int) -> Json:
    item = _object(rng, number, depth=0)
    listed: Json = {"type": "array", "items": item}
    if rng.random() < REPEATED:
        return listed
    total: Json = {"type": "integer", "minimum": 0}
    return {"type": "object", "properties": {f"{noun.lower()}s": listed, "total": total}, "required": ["total"]}


def _object(rng: random.Random, number: int, *, depth: int) -> Json:
    if rng.random() < REPEATED:
        title = rng.choice(list(_STOCK))
        return _record(rng, title, _STOCK[title], required=2)
    keys = [*rng.sample(_KEYS, rng.randint(3, 6)), f"field{number}"]
    fields: Json = {key: _value(rng, key, number, depth=depth + 1) for key in keys}
    return {"type": "object", "properties": fields, "required": list[JsonValue](keys[:2])}


def _record(rng: random.Random, title: str, keys: Sequence[str], *, required: int) -> Json:
    del rng
    fields: Json = {key: {"type": "number" if key in {"aum", "amount", "quantity"} else "string"} for key in keys}
    return {"type": "object", "title": title, "properties": fields, "required": list[JsonValue](keys[:required])}


def _value(rng: random.Random, key: str, number: int, *, depth: int) -> Json:
    kind = rng.random()
    if kind < 0.3:
        return {"type": "string", "description": f"The {key}, as the desk shows it"}
    if kind < 0.45:
        return {"type": "integer", "minimum": 1, "maximum": rng.choice((100, 500, 1000)), "default": 50}
    if kind < 0.6:
        return {"type": "number"}
    if kind < 0.7:
        return {"type": "boolean"}
    if kind < 0.8:
        return {"type": "string", "enum": [f"{key}-{n}" for n in range(rng.randint(2, 4))]}
    if kind < 0.9 or depth > 2:
        return {"type": "array", "items": {"type": "string"}, "maxItems": 100}
    return _object(rng, number, depth=depth)


def _intent(rng: random.Random, number: int) -> Json:
    contexts = rng.sample(("fdc3.contact", "fdc3.instrument", "fdc3.order", "Client"), 2)
    handlers: list[JsonValue] = [
        {"applicationName": f"app-{number}-{handler}", "type": "app", "contextTypes": list[JsonValue](contexts)}
        for handler in range(rng.randint(1, 4))
    ]
    return {"name": f"Show{rng.choice(_NOUNS)}{number}", "handlers": handlers}
