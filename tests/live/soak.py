"""A long run on a gateway: snippets, apps that come and go, connections that are cut; memory must stay flat.

    python tests/live/soak.py [--minutes 10]

Every round runs a snippet of fifty calls, has the app register a method and drop the one before, and every tenth round cuts the
connection. Ends with status 1 where an answer was wrong, or where the last quarter of the run needs more memory than the second.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / name) for name in ("generator", "runtime", "schemas", "tests")]

from ioconnect_codegen import News, open_live  # noqa: E402
from ioconnect_codemode import CodeMode  # noqa: E402
from ioconnect_codemode.values import JsonValue  # noqa: E402
from live.processes import NodeProcess, running  # noqa: E402
from live.proxy import Proxy, proxy_to  # noqa: E402

USER = "soak"
WAIT_S = 60
CUT_EVERY = 10
NAMES = 200
"""Names of methods, which come again: the caches of what is made of a name are bounded, and full after a while."""
GROWTH = 1.03
GROWTH_BYTES = 4 * 2**20
"""What may be between two quarters that are flat: allocators give memory back late, and in pages."""

ECHOES = "import asyncio\nsum(one['n'] for one in await asyncio.gather(*[desk.echo(n=n) for n in range(50)]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What was measured after a round: resident bytes of this process, and of the largest worker below it."""

    host: int
    worker: int


def resident(process_id: int | str) -> int:
    """Give the resident bytes of a process; 0 where it has gone."""
    try:
        status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(line.split()[1]) * 1024


def workers_of(parent: str) -> list[str]:
    """Give the ids of the Python processes below a process."""
    found: list[str] = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")
            name = (stat.parent / "comm").read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        if rest.split()[1] == parent and name.startswith("python"):
            found += [stat.parent.name, *workers_of(stat.parent.name)]
    return found


def measured() -> Sample:
    """Measure now."""
    gc.collect()
    workers = workers_of(Path("/proc/self").resolve().name)
    return Sample(host=resident("self"), worker=max(map(resident, workers), default=0))


def method(name: str) -> JsonValue:
    return {"definition": {"name": name, "accepts": "Int n", "returns": "Int n"}, "does": {"echo": True}}


async def round_of(number: int, code_mode: CodeMode, app: NodeProcess, proxy: Proxy, news: asyncio.Queue[News]) -> None:
    """Do one round; raises where something is not as it should be."""
    async with asyncio.timeout(WAIT_S):
        if number % CUT_EVERY == CUT_EVERY - 1:
            proxy.cut()
        while (outcome := await code_mode.execute_python_code(ECHOES)).value != sum(range(50)):
            if outcome.error is None or outcome.error.kind != "app_unavailable":
                raise AssertionError(outcome.text())
        this, before = number % NAMES, (number - 1) % NAMES
        fresh: list[JsonValue] = [method(f"Desk.Fresh{this}")]
        gone: list[JsonValue] = [f"Desk.Fresh{before}"] if number else []
        await asyncio.to_thread(lambda: app.tell(register=fresh, unregister=gone))
        while not is_there(code_mode, this) or (number and is_there(code_mode, before)):
            await news.get()
        while not news.empty():
            news.get_nowait()
        outcome = await code_mode.execute_python_code(f"desk.fresh{this}(n={number}).n")
        if outcome.value != number:
            raise AssertionError(outcome.text())


def is_there(code_mode: CodeMode, number: int) -> bool:
    """Tell whether the method of this number is in the catalog."""
    return f"desk.fresh{number}" in code_mode.manifest.capabilities


async def soak(minutes: float) -> list[Sample]:
    """Go round for so long, and give what was measured."""
    samples: list[Sample] = []
    news: asyncio.Queue[News] = asyncio.Queue()
    ends = time.monotonic() + minutes * 60
    with running("gateway.mjs") as gateway:
        url = gateway.facts["url"]
        with running("told_app.mjs", "--url", url, "--user", USER) as app:
            app.tell(register=[method("Desk.Echo")])
            async with proxy_to(url) as proxy, open_live(proxy.url, user=USER, on_news=news.put_nowait) as code_mode:
                while time.monotonic() < ends:
                    await round_of(len(samples), code_mode, app, proxy, news)
                    samples.append(measured())
    return samples


def is_flat(values: list[int], *, what: str) -> bool:
    """Compare the last quarter with the second, which has everything warm, and say what was found."""
    quarter = len(values) // 4
    before, after = statistics.median(values[quarter : 2 * quarter]), statistics.median(values[-quarter:])
    print(f"{what}: {before / 2**20:.1f} MiB in the second quarter, {after / 2**20:.1f} MiB in the last")
    return after <= before * GROWTH + GROWTH_BYTES


def main() -> int:
    """Run, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    samples = asyncio.run(soak(options.minutes))
    print(f"{len(samples)} rounds, {52 * len(samples):,} calls, {len(samples) // CUT_EVERY} connections cut")
    is_host_flat = is_flat([one.host for one in samples], what="host")
    is_worker_flat = is_flat([one.worker for one in samples], what="largest worker")
    return 0 if is_host_flat and is_worker_flat else 1


if __name__ == "__main__":
    sys.exit(main())
