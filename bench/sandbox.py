"""The sandbox in numbers: starts, short runs, kills, waiting runs, memory; beside the peers that are installed.

    python bench/sandbox.py [--runs 100]

A "ready pool" has a spare that has served nobody and is locked. Peers: `pydantic-monty`'s pool of worker processes,
which it uses again, and smolagents' executor, which runs in the host's process (the dependency group `peers`).
The machine is noisy: look at p50 and p10 of one run, and at ratios.

Monty is shown twice. Back to back its worker's memory is still in the processor's caches; "rested" it has been idle for
as long as our spares have, which is how an agent's host meets it. A cold start is compared in three hosts: in one that
has loaded nothing, both from their import on; in one that has loaded `asyncio`, which both import, as every host has
whose event loop runs; and in one that has loaded the libraries too. Monty starts a small binary; we start a second
Python, which then loads what reviews and confines a snippet, so 1.0 is out of reach. `cold_start.py` shows where that
time goes.

Why ten lines take longer than monty's: a process that nobody has used has none of its memory in the caches, and what is
shared with the zygote is copied page by page when it is first written, if only by a reference count. The last block shows
the same review and run in one process that has done them before.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from sandbox_peers import monty_cold, monty_times, smolagents_times, what_is_missing

from ioconnect_codemode import CodeMode, Limits, policy, sandbox
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

PACKAGE = Path(__file__).parents[1] / "generated" / "wealth_desk"
TRIVIAL = "1 + 1"
TEN_LINES = """
def weight(row):
    return row["amount"] * 2

rows = [{"name": "n" + str(i), "amount": i} for i in range(20)]
total = 0
for row in rows:
    if row["amount"] > 3:
        total = total + weight(row)
names = [row["name"] for row in rows if row["amount"] > 15]
[total, names]
"""
RUNAWAYS = {
    "while True": "while True: pass",
    "bare except": "while True:\n    try:\n        while True: pass\n    except:\n        pass",
    "finally": "def f():\n    try:\n        while True: pass\n    finally:\n        f()\nf()",
    "sum of a range": "sum(range(10**12))",
    "large power": "10**10**8",
    "regular expression": "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
    "print flood": "while True:\n    print('x' * 1000)",
    "memory": "held = []\nwhile True:\n    held.append('x' * 1_000_000)",
}
CALL = "crm.get_client('CL-10024')"
DEADLINE_S = 0.5
CLIENT: JsonValue = {
    "id": "CL-10024",
    "name": "Amelia Reid",
    "email": "a@b.c",
    "adviser": "Jonas Weber",
    "segment": "private",
    "status": "active",
    "address": {"street": "s", "city": "c", "country": "CH"},
}


async def waits_20_ms(arguments: dict[str, JsonValue]) -> JsonValue:
    """An app that takes its time."""
    await asyncio.sleep(0.02)
    return CLIENT


def opened(*, spares: int | None = None, limits: Limits | None = None, wait: bool = False) -> CodeMode:
    """Open the desk; `wait` for an app that takes 20 ms."""
    transport = EmbeddedTransport({"CRM.GetClient": waits_20_ms if wait else lambda arguments: CLIENT})
    return CodeMode.open(PACKAGE, transport=transport, spares=spares, limits=limits)


def row(name: str, milliseconds: list[float], *, target: float | None = None) -> str:
    """Give a line of the table."""
    ordered = sorted(milliseconds)
    p10, p50, p95 = (ordered[int(len(ordered) * part)] for part in (0.1, 0.5, 0.95))
    judged = "" if target is None else f"{target:>9.2f}  {'met' if p50 <= target else 'missed'}"
    return f"{name:<58}{p10:>9.2f}{p50:>9.2f}{p95:>9.2f}{judged}"


def middle(milliseconds: list[float]) -> float:
    """Give the p50."""
    return sorted(milliseconds)[len(milliseconds) // 2]


async def timed(act: Callable[[], Awaitable[object]]) -> float:
    """Await it and give its milliseconds."""
    started = time.perf_counter()
    await act()
    return (time.perf_counter() - started) * 1000


async def is_ready(code_mode: CodeMode, workers: int = 1) -> None:
    """Wait for spares, and until they have rested."""
    while not code_mode.has_ready_worker or len(code_mode.worker_processes) < workers:
        await asyncio.sleep(0.002)
    await asyncio.sleep(0.01 + 0.005 * workers)


async def short_runs(code: str, runs: int) -> list[float]:
    """Time a snippet on ready workers that have served nobody."""
    times: list[float] = []
    async with opened() as code_mode:
        for _ in range(runs + 5):
            await is_ready(code_mode)
            times.append(await timed(lambda: code_mode.execute_python_code(code)))
    return times[5:]  # the first pay for imports and compiled schemas of the host


async def cold(runs: int) -> list[float]:
    """Time `CodeMode.open` and a first snippet with one checked call."""

    async def once() -> None:
        async with opened() as code_mode:
            outcome = await code_mode.execute_python_code(f"{CALL}.adviser")
            ended.append(time.perf_counter())
        if outcome.value != "Jonas Weber":
            raise SystemExit(outcome.text())

    ended: list[float] = []
    times: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        await once()
        times.append((ended[-1] - started) * 1000)
    return times[1:]


async def where_the_time_goes(code: str, runs: int) -> list[str]:
    """Say what a run is made of, and what its review and run take in a process that is used again."""
    host: list[float] = []
    review: list[float] = []
    run: list[float] = []
    async with opened() as code_mode:
        for _ in range(runs):
            await is_ready(code_mode)
            started = time.perf_counter()
            outcome = await code_mode.execute_python_code(code)
            whole = (time.perf_counter() - started) * 1000
            review.append(outcome.timings["review_us"] / 1000)
            run.append(outcome.timings["run_us"] / 1000)
            host.append(whole - review[-1] - run[-1])
    again_review, again_run = used_again(code, runs)
    return [
        row("  host, pipes, two wake-ups, the value's way back", host),
        row("  parse, review, compile in the worker", review),
        row("  run in the worker", run),
        row("  parse, review, compile in a process used again", again_review),
        row("  run in a process used again", again_run),
    ]


def used_again(code: str, runs: int) -> tuple[list[float], list[float]]:
    """Time review and run in this process, over and over."""
    review: list[float] = []
    run: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        program = policy.translate(policy.parse(code), facades=policy.FACADES)
        reviewed = time.perf_counter()
        sandbox.run(program, names={}, inputs={}, facades=policy.FACADES, print_limit=1_000)
        review.append((reviewed - started) * 1000)
        run.append((time.perf_counter() - reviewed) * 1000)
    return review, run


def from_import(scripts: Sequence[str], runs: int) -> list[list[float]]:
    """Time scripts, in turns, in fresh Python processes; each prints its milliseconds."""
    times: list[list[float]] = [[] for _ in scripts]
    for _ in range(runs):
        for script, its_times in zip(scripts, times, strict=True):
            command = [sys.executable, "-c", script, str(Path(__file__).parent)]
            its_times.append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    return times


# Only what a host imports: this file's own imports are not the product's.
OURS_FROM_IMPORT = f"""
import time; started = time.perf_counter()
import asyncio
from ioconnect_codemode import CodeMode
from ioconnect_codemode.transports import EmbeddedTransport
async def first():
    transport = EmbeddedTransport({{"CRM.GetClient": lambda arguments: {CLIENT!r}}})
    async with CodeMode.open({str(PACKAGE)!r}, transport=transport) as code_mode:
        outcome = await code_mode.execute_python_code({CALL!r})
        print((time.perf_counter() - started) * 1000)
        assert outcome.ok, outcome.text()
asyncio.run(first())
"""
MONTY_FROM_IMPORT = """
import time; started = time.perf_counter()
import sys; sys.path.insert(0, sys.argv[1])
import sandbox_peers
print((sandbox_peers.monty_once() - started) * 1000)
"""
LOOP_IS_LOADED = "import asyncio\n"
"""Before the clock of such a script starts."""


async def kills() -> list[str]:
    """Time control after the deadline, and the next run, for each runaway."""
    lines: list[str] = []
    async with opened(limits=Limits(timeout_s=DEADLINE_S)) as code_mode:
        await code_mode.execute_python_code(TRIVIAL)
        for name, code in RUNAWAYS.items():
            late: list[float] = []
            after: list[float] = []
            kinds: set[str] = set()
            for _ in range(3):
                await is_ready(code_mode)
                started = time.perf_counter()
                outcome = await code_mode.execute_python_code(code)
                late.append((time.perf_counter() - started - DEADLINE_S) * 1000)
                kinds.add(outcome.error.kind if outcome.error else "ok")
                after.append(await timed(lambda: code_mode.execute_python_code(TRIVIAL)))
            early = "before" if max(late) < 0 else f"{max(late):.1f}"
            lines.append(f"  {name:<24}{early:>10}{max(after):>16.1f}   {', '.join(sorted(kinds))}")
    return lines


async def at_once(runs: int, *, spares: int | None, ready: int, different: bool = False) -> list[float]:
    """Time 32 snippets that each wait 20 ms for an app; all but the first such burst of a pool.

    Args:
        runs: How often.
        spares: The spares that the pool is given.
        ready: Ready workers that each burst finds.
        different: Each snippet of a burst has a text of its own, which the type check has not seen.
    """
    times: list[float] = []
    async with opened(spares=spares, wait=True) as code_mode:
        for burst in range(runs):
            await is_ready(code_mode, ready if burst else (spares or 2))
            codes = [f"{CALL}  # {burst} {place}" if different else CALL for place in range(32)]
            many = [code_mode.execute_python_code(code) for code in codes]
            times.append(await timed(lambda many=many: asyncio.gather(*many)))  # type: ignore[misc]
    return times[1:]


async def memory() -> str:
    """Give what one more worker keeps to itself: as a spare before a first run and after it, and while it waits for an app."""
    if sys.platform != "linux":
        return "memory: measured on Linux only"
    waiting: list[int] = []

    async def looks(arguments: dict[str, JsonValue]) -> JsonValue:
        waiting.extend(_unshared(one) for one in code_mode.worker_processes)
        return CLIENT

    transport = EmbeddedTransport({"CRM.GetClient": looks})
    async with CodeMode.open(PACKAGE, transport=transport, spares=0) as code_mode:
        await code_mode.execute_python_code(CALL)
    async with opened() as code_mode:
        await is_ready(code_mode, 2)
        before = max(map(_unshared, code_mode.worker_processes))
        await code_mode.execute_python_code(CALL)
        await asyncio.sleep(1.5)  # until spares that know the catalog have taken the place of the first
        await is_ready(code_mode, 2)
        after = max(map(_unshared, code_mode.worker_processes))
    kinds = {"ready before the first run": before, "ready after it": after, "in a call": max(waiting)}
    told = ", ".join(f"{kind} {kilobytes / 1024:.1f}" for kind, kilobytes in kinds.items())
    return f"unshared memory of one more worker, MB, target 2: {told}"


def _unshared(process_id: int) -> int:
    lines = Path(f"/proc/{process_id}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_"))


async def main(runs: int) -> None:
    """Measure and print the table."""
    print(f"{'ms':<58}{'p10':>9}{'p50':>9}{'p95':>9}{'target':>9}")
    missing = what_is_missing()
    few = max(5, runs // 5)
    for folder in ("runtime", "schemas"):  # bytecode, as an installation has it
        compileall.compile_dir(Path(__file__).parents[1] / folder, quiet=2)
    print(row("trivial, never-used locked process, ready pool", await short_runs(TRIVIAL, runs), target=1.5))
    ten = await short_runs(TEN_LINES, runs)
    first = await cold(few)
    if "pydantic-monty" in missing:
        print(row("ten lines, the same", ten))
        print(row("cold open + first snippet with a checked call", first))
        from_nothing, from_loop = from_import([OURS_FROM_IMPORT, LOOP_IS_LOADED + OURS_FROM_IMPORT], few)
        print(row("the same from the import on", from_nothing))
        print(row("the same from the import on, asyncio loaded", from_loop))
    else:
        print(beside_monty(ten, first, runs))
    if "smolagents" not in missing:
        print(row("smolagents, in process: trivial", smolagents_times(TRIVIAL, runs)))
        print(row("smolagents, in process: ten lines", smolagents_times(TEN_LINES, runs)))
    print("32 snippets at once, each waits 20 ms for an app")
    print(row("  default spares, found: 2", await at_once(8, spares=2, ready=2), target=60.0))
    print(
        row("  default spares, found: 32, after an earlier burst", await at_once(8, spares=None, ready=32), target=60.0)
    )
    print(row("  32 spares", await at_once(8, spares=32, ready=32), target=30.0))
    print(row("  32 spares, 32 texts", await at_once(8, spares=32, ready=32, different=True), target=30.0))
    print(await memory())
    print("\nwhere the time of ten lines goes\n" + "\n".join(await where_the_time_goes(TEN_LINES, runs)))
    print(f"\nworst of 3, deadline {DEADLINE_S} s, ms: control back, next run\n" + "\n".join(await kills()))
    for name in missing:
        print(f"NOT MEASURED: {name} is not installed: pip install {name}")


def beside_monty(ten: list[float], first: list[float], runs: int) -> str:
    """Give the lines of short runs and cold starts with monty's below them, and the ratios."""
    few = max(5, runs // 5)
    reused, rested = monty_times(TEN_LINES, runs), monty_times(TEN_LINES, runs, rest_s=0.012)
    loaded = monty_cold(few)
    scripts = [OURS_FROM_IMPORT, MONTY_FROM_IMPORT]
    ours_import, monty_import, ours_loop, monty_loop = from_import(
        [*scripts, *(LOOP_IS_LOADED + script for script in scripts)], few
    )
    return "\n".join(
        [
            row("ten lines, the same", ten, target=1.5 * middle(reused)),
            row("  monty, its reused pool, back to back: trivial", monty_times(TRIVIAL, runs)),
            row(f"  monty, the same: ten lines (ratio {middle(ten) / middle(reused):.1f})", reused),
            row(f"  monty, rested: ten lines (ratio {middle(ten) / middle(rested):.1f})", rested),
            row("cold, from the import on, to a first checked call", ours_import, target=middle(monty_import)),
            row(f"  monty, the same, trivial (ratio {middle(ours_import) / middle(monty_import):.1f})", monty_import),
            row("cold, from the import on, asyncio loaded before", ours_loop, target=middle(monty_loop)),
            row(f"  monty, the same, trivial (ratio {middle(ours_loop) / middle(monty_loop):.1f})", monty_loop),
            row("cold, library loaded: open + first checked call", first, target=middle(loaded)),
            row(f"  monty, the same, trivial (ratio {middle(first) / middle(loaded):.0f})", loaded),
        ]
    )


def _arguments() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    return int(parser.parse_args().runs)


if __name__ == "__main__":
    asyncio.run(main(_arguments()))
