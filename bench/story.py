"""Warm times of the Amelia Reid story on the embedded desk and on a real gateway, and of a one-line snippet.

    python bench/story.py [--runs 200]

Every run takes a ready worker that has served nobody. "review" and "run" are the worker's own clocks, "calls" is what
the session measured between admission and answer, "checks" is timed apart on the same arguments and answers, "worker"
is the rest: frames, the event loop, the worker's answer. The machine is noisy: look at p50 and p10 of one run.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from ioconnect_codegen import demo, generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Outcome
from ioconnect_codemode.admit import Admission, Admitted
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.transports import EmbeddedTransport, GatewayTransport, Transport

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from live.processes import running, what_is_missing

PACKAGE = Path(__file__).parents[1] / "generated" / "wealth_desk"
LOOP = """
found = None
for client in crm.list_clients(limit=500).items:
    if client.name == "Amelia Reid":
        found = client.adviser
found
"""


@dataclass(slots=True)
class Timings:
    """Milliseconds of one subject, a list entry a run."""

    total: list[float] = field(default_factory=list[float])
    review: list[float] = field(default_factory=list[float])
    run: list[float] = field(default_factory=list[float])
    calls: list[float] = field(default_factory=list[float])
    checks: float = 0.0


async def measure(code_mode: CodeMode, code: str, runs: int) -> Timings:
    """Run a snippet `runs` times on ready workers."""
    timings = Timings()
    for index in range(runs + 5):
        await _spare_is_ready(code_mode)
        started = time.perf_counter()
        outcome = await code_mode.execute_python_code(code)
        elapsed = (time.perf_counter() - started) * 1000
        if not outcome.ok:
            raise SystemExit(outcome.text())
        if index >= 5:  # the first runs pay for imports and compiled schemas
            _note(timings, outcome, elapsed)
    return timings


def _note(timings: Timings, outcome: Outcome, elapsed: float) -> None:
    timings.total.append(elapsed)
    timings.review.append(outcome.timings.get("review_us", 0) / 1000)
    timings.run.append(outcome.timings.get("run_us", 0) / 1000)
    timings.calls.append(sum(call.elapsed_ms for call in outcome.calls))


async def _spare_is_ready(code_mode: CodeMode) -> None:
    while not code_mode.has_ready_worker:
        await asyncio.sleep(0.002)


async def checks_ms(transport: Transport, manifest: Manifest, name: str, arguments: dict[str, object]) -> float:
    """Time admission and judgement of one call apart from everything else."""
    admission = Admission(manifest, Policy())
    admitted = admission.admit(name, arguments)  # type: ignore[arg-type]
    if not isinstance(admitted, Admitted):
        raise SystemExit(str(admitted))
    answer = await transport.call(admitted.route, admitted.arguments, timeout_s=30)
    admission.judge(admitted, answer)
    spent: list[float] = []
    for _ in range(200):
        started = time.perf_counter()
        admission.admit(name, arguments)  # type: ignore[arg-type]
        admission.judge(admitted, answer)
        spent.append((time.perf_counter() - started) * 1000)
    return sorted(spent)[len(spent) // 2]


def _row(name: str, timings: Timings) -> str:
    def middle(values: list[float]) -> float:
        return sorted(values)[len(values) // 2]

    low = sorted(timings.total)[len(timings.total) // 10]
    rest = middle(timings.total) - middle(timings.review) - middle(timings.run)
    inside = middle(timings.run) - middle(timings.calls)
    return (
        f"{name:<34}{middle(timings.total):>8.2f}{low:>8.2f}{middle(timings.review):>9.2f}"
        f"{max(0.0, inside):>9.2f}{middle(timings.calls):>8.2f}{timings.checks:>9.3f}{rest:>9.2f}"
    )


async def main(runs: int) -> None:
    """Measure and print the table."""
    print(
        f"{'ms, warm, ' + str(runs) + ' runs':<34}{'p50':>8}{'p10':>8}{'review':>9}{'snippet':>9}{'calls':>8}{'checks':>9}{'worker':>9}"
    )
    embedded = EmbeddedTransport(make_handlers())
    find: dict[str, object] = {"name": "Amelia Reid"}
    everyone: dict[str, object] = {"limit": 500}
    async with CodeMode.open(PACKAGE, transport=embedded, spares=2) as code_mode:
        print(_row("one line: 1 + 1", await measure(code_mode, "1 + 1", runs)))
        story = await measure(code_mode, demo.SNIPPET, runs)
        story.checks = await checks_ms(embedded, code_mode.manifest, "crm.find_clients", find)
        print(_row("story, embedded", story))
        loop = await measure(code_mode, LOOP, runs)
        loop.checks = await checks_ms(embedded, code_mode.manifest, "crm.list_clients", everyone)
        print(_row("story by a loop over 500, embedded", loop))
    if missing := what_is_missing():
        print(f"story, gateway: not measured: {missing}")
        return
    await _gateway(runs, find)


async def _gateway(runs: int, find: dict[str, object]) -> None:
    with running("gateway.mjs") as gateway, running("crm_app.mjs", "--url", gateway.facts["url"]):
        transport = GatewayTransport(gateway.facts["url"], user="dev")
        document = {**await transport.describe(), "name": "bench"}
        with tempfile.TemporaryDirectory() as folder:
            package = Path(folder) / "bench"
            write(generate(read_environment(document)), package)
            async with CodeMode.open(package, transport=transport, spares=2) as code_mode:
                timings = await measure(code_mode, demo.SNIPPET, runs)
                timings.checks = await checks_ms(transport, code_mode.manifest, "crm.find_clients", find)
                print(_row("story, real gateway", timings))


def _arguments() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    return int(parser.parse_args().runs)


if __name__ == "__main__":
    asyncio.run(main(_arguments()))
