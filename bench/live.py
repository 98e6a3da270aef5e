"""Calls over a real gateway beside io.Connect's own client, and how soon a change of the environment can be used.

    python bench/live.py [--calls 2000] [--methods 5000] [--captured 2000] [--rounds 5]

Needs Node and `npm ci --prefix tests/live`. Both clients call the same app over the same gateway, one after the other, in rounds;
the best round of each counts. The ratios hold from machine to machine, the numbers don't; on a busy machine the processor time
of a call says more than its latency.
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
from typing import cast

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / name) for name in ("generator", "runtime", "schemas", "tests")]

from ioconnect_codegen import News, open_live  # noqa: E402
from ioconnect_codegen.capture import capture  # noqa: E402
from ioconnect_codemode import Limits  # noqa: E402
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
    cpu_us: float


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

    started, used = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one() for _ in range(at_once)))
    elapsed_s, used_s = time.perf_counter() - started, time.process_time() - used
    latencies.sort()
    return Measured(
        calls_per_s=calls / elapsed_s,
        median_ms=statistics.median(latencies) * 1000,
        p99_ms=latencies[int(calls * 0.99)] * 1000,
        cpu_us=used_s / calls * 1e6,
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


async def through_a_snippet(url: str, calls: int) -> dict[str, float]:
    """Give the calls a second of a snippet that calls one after the other, and of one that calls side by side."""
    snippets = {
        "a snippet, one after the other": f"for n in range({calls}):\n    crm.test_echo({{'text': 'hello'}})",
        "a snippet, 32 side by side": f"len(parallel(crm.test_echo, [{{'text': 'hello'}}] * {calls}))",
    }
    limits = Limits(calls=calls, timeout_s=60, total_s=120)
    async with open_live(url, user=USER, spares=2, limits=limits) as code_mode:
        found: dict[str, float] = {}
        for name, code in snippets.items():
            await code_mode.execute_python_code("crm.test_echo({'text': 'hello'})")
            started = time.perf_counter()
            outcome = await code_mode.execute_python_code(code)
            assert outcome.ok, outcome.text()
            found[name] = calls / (time.perf_counter() - started)
        return found


def theirs(url: str, calls: int) -> dict[str, Measured]:
    """Measure `@interopio/core`."""
    command = ["node", str(HERE / "bench_client.mjs"), "--url", url, "--user", USER, "--calls", str(calls)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {name: Measured(**one) for name, one in json.loads(done.stdout).items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptUp:
    """What it took to keep up with an environment, in seconds.

    Attributes:
        discovery_s: Until everything that runs is described.
        opening_s: Until the catalog is open.
        ours_s: For each new method, from the word of the gateway until it can be called.
        all_s: For each new method, from the word to the app to register it until a snippet has called it.
    """

    discovery_s: float
    opening_s: float
    ours_s: list[float]
    all_s: list[float]


async def keeping_up(url: str, methods: int) -> KeptUp:
    """Measure discovery and changes."""
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
            ours, waits = list[float](), list[float]()
            for number in range(CHANGES):
                await asyncio.sleep(1)  # an earlier rebuild rests
                started = time.perf_counter()
                told = asyncio.create_task(asyncio.to_thread(_register, app, f"Desk0.Fresh{number}"))
                while f"desk0.fresh{number}" not in code_mode.manifest.capabilities:
                    came = await news.get()
                    ours.append(came.elapsed_s)
                outcome = await code_mode.execute_python_code(f"desk0.fresh{number}('a').id")
                waits.append(time.perf_counter() - started)
                assert outcome.value == "x", outcome.text()
                await told
    return KeptUp(discovery_s=discovery_s, opening_s=opening_s, ours_s=ours, all_s=waits)


async def capturing(url: str, methods: int, rounds: int) -> tuple[float, float]:
    """Give the seconds of a whole capture, and those in which their client knows the same methods; the best of each."""
    ours_s, theirs_s = list[float](), list[float]()
    with running("told_app.mjs", "--url", url, "--user", "captured") as app:
        for first in range(0, methods, _AT_ONCE):
            _register(app, *(f"Desk{n // 100}.Method{n}" for n in range(first, min(first + _AT_ONCE, methods))))
        for _ in range(rounds):
            started = time.perf_counter()
            document = await capture([url], user="captured", progress=lambda _: None)
            ours_s.append(time.perf_counter() - started)
            assert len(cast("list[JsonValue]", document["methods"])) == methods
            theirs_s.append(await asyncio.to_thread(_their_discovery, url, methods))
    return min(ours_s), min(theirs_s)


def _their_discovery(url: str, methods: int) -> float:
    command = ["node", str(HERE / "bench_client.mjs"), "--url", url, "--user", "captured", "--discover", str(methods)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(json.loads(done.stdout)["discovery_s"])


def best(rounds: list[dict[str, Measured]]) -> dict[str, Measured]:
    """Give the best of each number."""
    return {
        name: Measured(
            calls_per_s=max(one[name].calls_per_s for one in rounds),
            median_ms=min(one[name].median_ms for one in rounds),
            p99_ms=min(one[name].p99_ms for one in rounds),
            cpu_us=min(one[name].cpu_us for one in rounds),
        )
        for name in rounds[0]
    }


def shown(one: Measured) -> str:
    """Give one kind of call as it is printed."""
    return f"{one.calls_per_s:7,.0f}/s {one.median_ms:6.2f} ms, p99 {one.p99_ms:6.2f}, processor {one.cpu_us / 1000:5.2f} ms"


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
    parser.add_argument("--captured", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with running("gateway.mjs") as gateway:
        url = gateway.facts["url"]
        with running("crm_app.mjs", "--url", url, "--user", USER):
            rounds = [
                (asyncio.run(ours(url, options.calls)), theirs(url, options.calls)) for _ in range(options.rounds)
            ]
        our, their = best([one for one, _ in rounds]), best([other for _, other in rounds])
        print(f"{'best of ' + str(options.rounds):26}{'ours':>18}{'':>22}{'@interopio/core':>18}")
        for name, one in our.items():
            other = their[name]
            print(f"{name:26}{shown(one)}   {shown(other)}   x{one.calls_per_s / other.calls_per_s:.2f}")
        captured_s, known_s = asyncio.run(capturing(url, options.captured, options.rounds))
        with running("crm_app.mjs", "--url", url, "--user", USER):
            runs = [asyncio.run(through_a_snippet(url, options.calls)) for _ in range(options.rounds)]
        for name in runs[0]:
            print(f"{name:32}{max(run[name] for run in runs):,.0f}/s")
        kept = asyncio.run(keeping_up(url, options.methods))
    print(
        f"{options.captured:,} methods: captured, merged and checked in {captured_s * 1000:,.0f} ms; @interopio/core"
        f" knows them after {known_s * 1000:,.0f} ms"
    )
    print(
        f"{options.methods:,} methods: discovered in {kept.discovery_s * 1000:,.0f} ms, open in {kept.opening_s:.1f} s"
    )
    print(f"a new method, from the word of the gateway until it can be called: {_spread(kept.ours_s)}")
    print(f"from the word to the app to register it until a snippet has called it: {_spread(kept.all_s)}")


def _spread(seconds: list[float]) -> str:
    middle, least, most = statistics.median(seconds), min(seconds), max(seconds)
    return f"{middle * 1000:.0f} ms ({least * 1000:.0f} to {most * 1000:.0f})"


if __name__ == "__main__":
    main()
