"""Peers of the bridge: a snippet that calls one function of the host many times; none of them is a dependency."""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import threading
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from ioconnect_codemode.values import JsonValue

_SUM = "total = 0.0\nfor client in list_clients()['rows']:\n    total = total + client['aum']\ntotal"
_CODE = "for number in range({calls}):\n    client = get_client('CL-10024')\nclient"


class _App:
    def __init__(self, client: JsonValue) -> None:
        self._client = client
        self._times: list[float] = []

    def get_client(self, id: str) -> JsonValue:
        self._times.append(time.perf_counter())
        return self._client

    def taken_us(self) -> list[float]:
        return [(after - before) * 1e6 for before, after in pairwise(self._times)]


def monty_pool(client: JsonValue, calls: int) -> list[float]:
    """Time monty's blocking pool: its fastest, the host does nothing else meanwhile."""
    monty, app = _module("pydantic_monty"), _App(client)
    with monty.Monty() as pool, pool.checkout() as session:
        session.feed_run(_CODE.format(calls=calls), external_lookup={"get_client": app.get_client})
    return app.taken_us()


def monty_async_pool(client: JsonValue, calls: int) -> list[float]:
    """Time monty's pool for asyncio hosts, which is what ours is."""
    monty, app = _module("pydantic_monty"), _App(client)

    async def run() -> None:
        async with monty.AsyncMonty() as pool, pool.checkout() as session:
            await session.feed_run(_CODE.format(calls=calls), external_lookup={"get_client": app.get_client})

    _apart(run)
    return app.taken_us()


def smolagents(client: JsonValue, calls: int) -> list[float]:
    """Time smolagents' executor, which runs in the host's process."""
    app = _App(client)
    executor = _module("smolagents.local_python_executor").LocalPythonExecutor([])
    executor.send_tools({"get_client": app.get_client})
    executor(_CODE.format(calls=calls))
    return app.taken_us()


def fastmcp(client: JsonValue, calls: int) -> list[float]:
    """Time FastMCP's code mode, whose calls are lifted over its default of 50."""
    mode, app = _module("fastmcp.experimental.transforms.code_mode"), _App(client)
    server = _module("fastmcp").FastMCP("bench", transforms=[mode.CodeMode(max_tool_calls=None)])

    def get_client(id: str) -> dict[str, Any]:
        """Give a client."""
        return app.get_client(id)  # type: ignore[return-value]

    server.tool(get_client)
    code = f"for n in range({calls}):\n    c = await call_tool('get_client', {{'id': 'CL-10024'}})\nreturn 1"

    async def run() -> None:
        async with _module("fastmcp").Client(server) as peer:
            await peer.call_tool("execute", {"code": code})

    _apart(run)
    return app.taken_us()


def pydantic_ai(client: JsonValue, calls: int) -> list[float]:
    """Time pydantic-ai's code mode, in an agent whose model says one snippet and nothing else."""
    agents, said = _module("pydantic_ai"), _module("pydantic_ai.messages")
    app = _App(client)
    code = f"for n in range({calls}):\n    c = await get_client(id='CL-10024')\n1"
    steps = iter([said.ToolCallPart("run_code", {"code": code}), said.TextPart("done")])

    def say_next(messages: list[Any], info: Any) -> Any:
        return said.ModelResponse(parts=[next(steps)])

    model = _module("pydantic_ai.models.function").FunctionModel(say_next)
    agent = agents.Agent(
        model, capabilities=[_module("pydantic_ai_harness.code_mode").CodeMode(max_tool_calls=calls + 1)]
    )

    def get_client(id: str) -> dict[str, Any]:
        """Give a client."""
        return app.get_client(id)  # type: ignore[return-value]

    agent.tool_plain(get_client)
    _apart(lambda: agent.run("go"))
    return app.taken_us()


def monty_large_ms(rows: JsonValue) -> list[float]:
    """Time monty's pool with one large answer that is summed; parsing the snippet is in it, a tenth of a millisecond."""
    monty, times = _module("pydantic_monty"), list[float]()
    with monty.Monty() as pool, pool.checkout() as session:
        for _ in range(7):
            started = time.perf_counter()
            session.feed_run(_SUM, external_lookup={"list_clients": lambda: {"rows": rows}})
            times.append((time.perf_counter() - started) * 1000)
    return times


PEERS: Final[dict[str, Callable[[JsonValue, int], list[float]]]] = {
    "pydantic-monty, pool": monty_pool,
    "pydantic-monty, async pool": monty_async_pool,
    "smolagents, in process": smolagents,
    "fastmcp, code mode": fastmcp,
    "pydantic-ai, code mode": pydantic_ai,
}
_NEEDED: Final = {
    "pydantic-monty, pool": ("pydantic_monty",),
    "pydantic-monty, async pool": ("pydantic_monty",),
    "smolagents, in process": ("smolagents",),
    "fastmcp, code mode": ("fastmcp", "pydantic_monty"),
    "pydantic-ai, code mode": ("pydantic_ai_harness", "pydantic_monty"),
}


def what_is_missing() -> list[str]:
    """Name the peers that are not installed, or not with all that they need."""
    return [
        name for name, modules in _NEEDED.items() if any(importlib.util.find_spec(module) is None for module in modules)
    ]


def _apart(work: Callable[[], Any]) -> None:
    """Run a coroutine in a loop of its own, in a thread: ours is running in this one."""
    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    thread.join()


def _module(name: str) -> Any:
    return importlib.import_module(name)
