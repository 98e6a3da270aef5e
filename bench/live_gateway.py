"""Calls over a real gateway beside io.Connect's own client, and how soon a change of the environment can be used.

    python bench/live_gateway.py [--calls 2000] [--methods 5000]

Needs Node and `npm ci --prefix tests/live`. Both clients call the same app over the same gateway, one after the other; the ratios
hold from machine to machine, the numbers don't.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / name) for name in ("generator", "runtime", "schemas", "tests")]

from ioconnect_codegen import News, open_live  # noqa: E402
from ioconnect_codemode.transports.base import Route  # noqa: E402
from ioconnect_codemode.transports.gateway import GatewayTransport  # noqa: E402
from ioconnect_codemode.values import JsonValue  # noqa: E402
from live.processes import HERE, NodeProcess, running  # noqa: E402

USER = "dev"
CHANGES = 9
_AT_ONCE = 50  # methods that one command to the app registers


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one kind of call took."""

    calls_per_s: float
    median_ms: float
    p99_ms: float


async def measure(
    transport: GatewayTransport, name: str, arguments: dict[str, JsonValue], calls: int, at_once: int
) -> Measured:
    """Call a method again and again, some calls at once."""
    route, latencies, numbers = Route(kind="method", name=name), list[float](), iter(range(calls))

    async def one() -> None:
        for _ in numbers:
            begun = time.perf_counter()
            await transport.call(route, arguments, timeout_s=30)
            latencies.append(time.perf_counter() - begun)

    started = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(at_once)))
    elapsed_s = time.perf_counter() - started
    latencies.sort()
    return Measured(
        calls_per_s=calls / elapsed_s,
        median_ms=statistics.median(latencies) * 1000,
        p99_ms=latencies[int(calls * 0.99)] * 1000,
    )


async def ours(url: str, calls: int) -> dict[str, Measured]:
    """Measure our transport."""
    transport = GatewayTransport(url, user=USER)
    try:
        await measure(transport, "CRM.Test.Echo", {"text": "hello"}, 200, 10)
        found = {
            f"echo, {at_once} at once": await measure(transport, "CRM.Test.Echo", {"text": "hello"}, calls, at_once)
            for at_once in (1, 10, 100)
        }
        found["500 clients, 1 at once"] = await measure(transport, "CRM.FindClients", {"name": ""}, calls // 10, 1)
        return found
    finally:
        await transport.close()


def theirs(url: str, calls: int) -> dict[str, Measured]:
    """Measure `@interopio/core`."""
    command = ["node", str(HERE / "bench_client.mjs"), "--url", url, "--user", USER, "--calls", str(calls)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: Measured(**one) for name, one in json.loads(done.stdout).items()}


async def keeping_up(url: str, methods: int) -> tuple[float, float, list[float]]:
    """Give the seconds of discovery, of opening, and from the word of an app that a method is new until it can be called."""
    news: asyncio.Queue[News] = asyncio.Queue()
    with running("told_app.mjs", "--url", url, "--user", "many") as app:
        for first in range(0, methods, _AT_ONCE):
            _register(app, *(f"Desk{n // 100}.Method{n}" for n in range(first, min(first + _AT_ONCE, methods))))
        transport = GatewayTransport(url, user="many")
        started = time.perf_counter()
        await transport.describe()
        discovery_s = time.perf_counter() - started
        await transport.close()
        started = time.perf_counter()
        async with open_live(url, user="many", spares=1, on_news=news.put_nowait) as code_mode:
            opening_s = time.perf_counter() - started
            waits: list[float] = []
            for number in range(CHANGES):
                await asyncio.sleep(1)  # an earlier rebuild rests
                started = time.perf_counter()
                told = asyncio.create_task(asyncio.to_thread(_register, app, f"Desk0.Fresh{number}"))
                while f"desk0.fresh{number}" not in code_mode.manifest.capabilities:
                    await news.get()
                waits.append(time.perf_counter() - started)
                await told
    return discovery_s, opening_s, waits


def _register(app: NodeProcess, *names: str) -> None:
    methods: list[JsonValue] = [
        {
            "definition": {"name": name, "accepts": "String id", "returns": f"Int {name.partition('.')[0]}, String id"},
            "does": {"answer": {name.partition(".")[0]: 1, "id": "x"}},
        }
        for name in names
    ]
    app.tell(register=methods)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=2_000)
    parser.add_argument("--methods", type=int, default=5_000)
    options = parser.parse_args()
    with running("gateway.mjs") as gateway:
        url = gateway.facts["url"]
        with running("crm_app.mjs", "--url", url, "--user", USER):
            our, their = asyncio.run(ours(url, options.calls)), theirs(url, options.calls)
        print(f"{'':26}{'ours':>10}{'':>20}{'@interopio/core':>22}")
        for name, one in our.items():
            other = their[name]
            print(
                f"{name:26}{one.calls_per_s:8,.0f}/s {one.median_ms:7.2f} ms p99 {one.p99_ms:7.2f}"
                f" {other.calls_per_s:8,.0f}/s {other.median_ms:7.2f} ms p99 {other.p99_ms:7.2f}"
                f"   x{one.calls_per_s / other.calls_per_s:.2f}"
            )
        discovery_s, opening_s, waits = asyncio.run(keeping_up(url, options.methods))
    print(f"{options.methods:,} methods: discovered in {discovery_s * 1000:,.0f} ms, open in {opening_s:.1f} s")
    print(
        f"a new method can be called after {statistics.median(waits) * 1000:.0f} ms ({max(waits) * 1000:.0f} at most)"
    )


if __name__ == "__main__":
    main()
