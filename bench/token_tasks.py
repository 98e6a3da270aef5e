"""Ten tasks of a wealth desk, each written for four ways of using its capabilities.

`calls` does a task the traditional way: each `call` is a tool call, and its whole answer passes through the model. The
model of that way is a good one: it asks for the least, never twice, and does its sums without a token.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

Call = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A task, and how each way does it.

    Attributes:
        query: What is looked for first, where a way has a search.
        names: What is read next.
        snippet: Ours.
        monty: FastMCP's, in Python with `call_tool`.
        script: Cloudflare's, in JavaScript.
        calls: The tool calls of the traditional way.
    """

    name: str
    query: str
    names: tuple[str, ...]
    snippet: str
    monty: str
    script: str
    calls: Callable[[Call], Awaitable[None]]


async def _adviser_by_list(call: Call) -> None:
    await call("crm.list_clients", limit=500)


async def _adviser_by_name(call: Call) -> None:
    await call("crm.find_clients", name="Amelia Reid")


async def _phone(call: Call) -> None:
    await call("crm.get_client", id="CL-10024")


async def _quote(call: Call) -> None:
    await call("market_data.get_quote", symbol="BLUM")


async def _largest_position(call: Call) -> None:
    client = (await call("crm.find_clients", name="Amelia Reid"))[0]
    for portfolio in (await call("portfolios.get_for_client", clientId=client["id"]))["portfolios"]:
        await call("portfolios.get_positions", portfolioId=portfolio["id"])


async def _by_segment(call: Call) -> None:
    await call("crm.list_clients", limit=500)


async def _remind_dormant(call: Call) -> None:
    page = await call("crm.list_clients", limit=500, adviser="Paolo Ricci")
    for client in page["items"]:
        if client["status"] == "dormant":
            await call("crm.add_note", clientId=client["id"], text="Dormant: call before the end of the quarter.")


async def _chart(call: Call) -> None:
    positions = (await call("portfolios.get_positions", portfolioId="PF-10024-1"))["positions"]
    largest = max(positions, key=lambda one: one["marketValue"])
    await call("intents.view_chart", context={"type": "fdc3.instrument", "id": {"ticker": largest["symbol"]}})


async def _drifted(call: Call) -> None:
    page = await call("crm.list_clients", limit=500, adviser="Jonas Weber")
    for client in sorted(page["items"], key=lambda one: -one["aum"])[:10]:
        for portfolio in (await call("portfolios.get_for_client", clientId=client["id"]))["portfolios"]:
            await call("portfolios.drift", portfolioId=portfolio["id"], tolerance=0.05)


async def _working_orders(call: Call) -> None:
    await call("orders.list_", status="working", max=500)


TASKS = (
    Task(
        name="the story: who advises Amelia Reid, in a list of 500 clients",
        query="list all clients",
        names=("crm.list_clients",),
        snippet='[c.adviser for c in crm.list_clients(limit=500).items if c.name == "Amelia Reid"]',
        monty='page = await call_tool("crm_list_clients", {"limit": 500})\n'
        'return [c["adviser"] for c in page["items"] if c["name"] == "Amelia Reid"]',
        script="async () => (await codemode.crm_list_clients({ limit: 500 })).items"
        '.filter((c) => c.name === "Amelia Reid").map((c) => c.adviser)',
        calls=_adviser_by_list,
    ),
    Task(
        name="the same, where an app finds by name",
        query="find clients by name",
        names=("crm.find_clients",),
        snippet='crm.find_clients("Amelia Reid")[0].adviser',
        monty='found = await call_tool("crm_find_clients", {"name": "Amelia Reid"})\nreturn found["result"][0]["adviser"]',
        script='async () => (await codemode.crm_find_clients({ name: "Amelia Reid" }))[0].adviser',
        calls=_adviser_by_name,
    ),
    Task(
        name="look-up: the phone number of one client",
        query="client by id",
        names=("crm.get_client",),
        snippet='crm.get_client("CL-10024").phone',
        monty='c = await call_tool("crm_get_client", {"id": "CL-10024"})\nreturn c["phone"]',
        script='async () => (await codemode.crm_get_client({ id: "CL-10024" })).phone',
        calls=_phone,
    ),
    Task(
        name="look-up: the last price of one instrument",
        query="last quote",
        names=("market_data.get_quote",),
        snippet='market_data.get_quote("BLUM").last',
        monty='q = await call_tool("market_data_get_quote", {"symbol": "BLUM"})\nreturn q["last"]',
        script='async () => (await codemode.market_data_get_quote({ symbol: "BLUM" })).last',
        calls=_quote,
    ),
    Task(
        name="join: the largest position over a client's portfolios",
        query="positions of a client's portfolios",
        names=("crm.find_clients", "portfolios.get_for_client", "portfolios.get_positions"),
        snippet='client = crm.find_clients("Amelia Reid")[0]\n'
        "held = [p for f in portfolios.get_for_client(client.id).portfolios\n"
        "        for p in portfolios.get_positions(f.id).positions]\n"
        "top = max(held, key=lambda p: p.marketValue)\n[top.symbol, top.marketValue]",
        monty='found = await call_tool("crm_find_clients", {"name": "Amelia Reid"})\n'
        'mine = await call_tool("portfolios_get_for_client", {"clientId": found["result"][0]["id"]})\nheld = []\n'
        'for f in mine["portfolios"]:\n'
        '    held += (await call_tool("portfolios_get_positions", {"portfolioId": f["id"]}))["positions"]\n'
        'top = max(held, key=lambda p: p["marketValue"])\nreturn [top["symbol"], top["marketValue"]]',
        script='async () => {\n  const [client] = await codemode.crm_find_clients({ name: "Amelia Reid" });\n'
        "  const { portfolios } = await codemode.portfolios_get_for_client({ clientId: client.id });\n"
        "  const held = (await Promise.all(portfolios.map((f) => codemode.portfolios_get_positions({ portfolioId: f.id }))))"
        ".flatMap((r) => r.positions);\n"
        "  const top = held.reduce((a, b) => (a.marketValue > b.marketValue ? a : b));\n"
        "  return [top.symbol, top.marketValue];\n}",
        calls=_largest_position,
    ),
    Task(
        name="aggregate: assets by segment over all clients",
        query="list all clients",
        names=("crm.list_clients",),
        snippet="totals = {}\nfor c in crm.list_clients(limit=500).items:\n"
        "    totals[c.segment] = totals.get(c.segment, 0) + c.aum\n"
        "{segment: round(total) for segment, total in totals.items()}",
        monty='totals = {}\nfor c in (await call_tool("crm_list_clients", {"limit": 500}))["items"]:\n'
        '    totals[c["segment"]] = totals.get(c["segment"], 0) + c["aum"]\n'
        "return {segment: round(total) for segment, total in totals.items()}",
        script="async () => {\n  const totals = {};\n"
        "  for (const c of (await codemode.crm_list_clients({ limit: 500 })).items)\n"
        "    totals[c.segment] = (totals[c.segment] ?? 0) + c.aum;\n  return totals;\n}",
        calls=_by_segment,
    ),
    Task(
        name="filter and write: a note for each dormant client of an adviser",
        query="add a note to a client",
        names=("crm.list_clients", "crm.add_note"),
        snippet='dormant = [c for c in crm.list_clients(limit=500, adviser="Paolo Ricci").items if c.status == "dormant"]\n'
        'for c in dormant:\n    crm.add_note(c.id, "Dormant: call before the end of the quarter.")\nlen(dormant)',
        monty='page = await call_tool("crm_list_clients", {"limit": 500, "adviser": "Paolo Ricci"})\n'
        'dormant = [c for c in page["items"] if c["status"] == "dormant"]\nfor c in dormant:\n'
        '    await call_tool("crm_add_note", {"clientId": c["id"], '
        '"text": "Dormant: call before the end of the quarter."})\nreturn len(dormant)',
        script='async () => {\n  const page = await codemode.crm_list_clients({ limit: 500, adviser: "Paolo Ricci" });\n'
        '  const dormant = page.items.filter((c) => c.status === "dormant");\n  for (const c of dormant)\n'
        "    await codemode.crm_add_note({ clientId: c.id, "
        'text: "Dormant: call before the end of the quarter." });\n  return dormant.length;\n}',
        calls=_remind_dormant,
    ),
    Task(
        name="FDC3 intent: chart the largest position of a portfolio",
        query="chart of an instrument",
        names=("portfolios.get_positions", "intents.view_chart"),
        snippet='held = portfolios.get_positions("PF-10024-1").positions\n'
        "top = max(held, key=lambda p: p.marketValue)\n"
        'intents.view_chart({"type": "fdc3.instrument", "id": {"ticker": top.symbol}})\ntop.symbol',
        monty='held = (await call_tool("portfolios_get_positions", {"portfolioId": "PF-10024-1"}))["positions"]\n'
        'top = max(held, key=lambda p: p["marketValue"])\n'
        'await call_tool("intents_view_chart", {"context": {"type": "fdc3.instrument", "id": {"ticker": top["symbol"]}}})\n'
        'return top["symbol"]',
        script="async () => {\n"
        '  const { positions } = await codemode.portfolios_get_positions({ portfolioId: "PF-10024-1" });\n'
        "  const top = positions.reduce((a, b) => (a.marketValue > b.marketValue ? a : b));\n"
        "  await codemode.intents_view_chart({ context: "
        '{ type: "fdc3.instrument", id: { ticker: top.symbol } } });\n  return top.symbol;\n}',
        calls=_chart,
    ),
    Task(
        name="join: which of an adviser's ten largest clients have drifted",
        query="drift of portfolios against the model",
        names=("crm.list_clients", "portfolios.get_for_client", "portfolios.drift"),
        snippet='clients = crm.list_clients(limit=500, adviser="Jonas Weber").items\ndrifted = []\n'
        "for c in sorted(clients, key=lambda c: -c.aum)[:10]:\n"
        "    folios = portfolios.get_for_client(c.id).portfolios\n"
        "    if any(portfolios.drift(f.id, 0.05) for f in folios):\n        drifted.append(c.name)\ndrifted",
        monty='page = await call_tool("crm_list_clients", {"limit": 500, "adviser": "Jonas Weber"})\ndrifted = []\n'
        'for c in sorted(page["items"], key=lambda c: -c["aum"])[:10]:\n'
        '    mine = await call_tool("portfolios_get_for_client", {"clientId": c["id"]})\n    found = False\n'
        '    for f in mine["portfolios"]:\n'
        '        drift = await call_tool("portfolios_drift", {"portfolioId": f["id"], "tolerance": 0.05})\n'
        '        found = found or len(drift["result"]) > 0\n'
        '    if found:\n        drifted.append(c["name"])\nreturn drifted',
        script='async () => {\n  const page = await codemode.crm_list_clients({ limit: 500, adviser: "Jonas Weber" });\n'
        "  const drifted = [];\n  for (const c of page.items.sort((a, b) => b.aum - a.aum).slice(0, 10)) {\n"
        "    const { portfolios } = await codemode.portfolios_get_for_client({ clientId: c.id });\n"
        "    for (const f of portfolios)\n"
        "      if ((await codemode.portfolios_drift({ portfolioId: f.id, tolerance: 0.05 })).length) {\n"
        "        drifted.push(c.name);\n        break;\n      }\n  }\n  return drifted;\n}",
        calls=_drifted,
    ),
    Task(
        name="aggregate: working orders by symbol",
        query="orders of the desk",
        names=("orders.list_",),
        snippet="from collections import Counter\n"
        'Counter(o["symbol"] for o in orders.list_(status="working", max=500).orders)',
        monty='found = await call_tool("orders_list_", {"status": "working", "max": 500})\ncount = {}\n'
        'for o in found["orders"]:\n    count[o["symbol"]] = count.get(o["symbol"], 0) + 1\nreturn count',
        script='async () => {\n  const { orders } = await codemode.orders_list_({ status: "working", max: 500 });\n'
        "  return orders.reduce((n, o) => ({ ...n, [o.symbol]: (n[o.symbol] ?? 0) + 1 }), {});\n}",
        calls=_working_orders,
    ),
)
