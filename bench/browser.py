"""The browser in numbers: starts, runs, calls, kills and size, in the machine's Chromium.

    python bench/browser.py [--rounds 7] [--only TEXT] [--assets .cache/web-assets]

Everything runs from a folder as `codemode web build` makes it, served from this machine, in a browser that no debugger is
attached to (`unwatched.py`). The least of several rounds counts, the median stands beside it: on a machine that is busy the
rest is the other work's time.

- A start is told from the page's wish to the first worker that has said `ready`, modules of the page loaded and its engine
  not: cold with an empty profile, from a snapshot in a new tab of a profile that has been there before.
- The next worker is one that begins when the one before it is ended; a run that finds a spare does not wait for it.
- A warm run is one message to a worker that has rehearsed, and its last message back; one through `createCodeMode` has
  the source gate, policy, limits and outcome around it.
- A checked call is one of many in a run: the run's time without that of a run without calls, through their number. What a
  message takes to a plain worker, and to one in a frame of an opaque origin, stands beside it: Chromium has such a frame in a
  process of its own, and no call is faster than that.
- Processor time is told as a ratio to the desktop's worker, measured in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # whose driver and pages are used here

from unwatched import PAGE, Unwatched

from chromium.site import Site
from ioconnect_codegen.web.assets import DEFAULT_FOLDER
from ioconnect_codegen.web.build import Order, made_files
from ioconnect_codemode import CodeMode, Limits
from ioconnect_codemode.transports import EmbeddedTransport

HERE = Path(__file__).parent
PACKAGE = HERE.parent / "generated" / "wealth_desk"
LOOP = "s = 0\nfor i in range(1_000_000):\n    s = s + i * 2 % 7\ns"
CALLS = 500
RECORDS = 2_000
DESK = {
    "call": f"for _ in range({CALLS}):\n    crm.get_client('CL-10024')\n'done'",
    "nothing": "'done'",
    "one": "crm.get_client('CL-10024').adviser",
    "records": "page = crm.list_clients(limit=500)\nnext(c.adviser for c in page.items if c.name == 'Amelia Reid')",
}
CLIENT: dict[str, object] = {
    "id": "CL-10024",
    "name": "Amelia Reid",
    "email": "amelia.reid@example.com",
    "adviser": "Jonas Weber",
    "segment": "private",
    "status": "active",
    "aum": 1_250_000.5,
    "currency": "CHF",
    "onboarded": "2019-03-01",
    "phone": "+41 44 000 00 00",
}


Measure = tuple[str, float, str, Callable[[], Sequence[float]]]
"""Its name, its target, its unit, and what gives its values."""


def measure(rounds: int, assets: Path, only: str) -> Iterator[tuple[str, Sequence[float], float, str]]:
    """Give each measure with `only` in its name: its name, its values, its target, its unit."""
    order = Order(assets=assets, packages=[PACKAGE], with_playground=False, with_compression=False)
    files = made_files(order, progress=lambda _: None)
    with served(files) as site:
        chromium = Unwatched()
        try:
            pages = Pages(chromium, site, rounds)
            size: Measure = ("shipped with brotli", 6.0, "MB", lambda: [shipped_bytes(files) / 1e6])
            for name, target, unit, values in [size, *pages.measures()]:
                if only in name:
                    yield name, values(), target, unit
        finally:
            chromium.close()


class Pages:
    """What is measured in pages."""

    def __init__(self, chromium: Unwatched, site: Site, rounds: int) -> None:
        self._chromium = chromium
        self._site = site
        self._rounds = rounds

    def measures(self) -> list[Measure]:
        """Give them in the order in which they are shown."""
        rounds = self._rounds
        return [
            ("cold start", 3.5, "s", self._cold_starts),
            ("start from a snapshot", 0.35, "s", lambda: [one / 1000 for one in self._starts()]),
            ("next worker without a spare", 0.35, "s", lambda: [one / 1000 for one in self._call("further", rounds)]),
            ("warm run", 1.0, "ms", lambda: self._call("warmRuns", rounds)),
            ("control after the deadline", 10.0, "ms", lambda: [one["back"] for one in self._kills]),
            ("next run after a kill", 20.0, "ms", lambda: [one["next"] for one in self._kills]),
            ("processor time, times the desktop's", 1.9, "x", self._processor_time),
            ("a message to a plain worker and back", math.inf, "ms", lambda: self._call("roundTrips", rounds)),
            ("a message to a framed worker and back", math.inf, "ms", lambda: self._call("framedTrips", rounds)),
            ("a checked call", 0.25, "ms", self._checked_calls),
            (f"{RECORDS:,} records, checked in full", 30.0, "ms", lambda: self._desk["records"]),
            ("a run through createCodeMode", 1.0, "ms", lambda: self._desk["nothing"]),
            ("a run with one call", math.inf, "ms", lambda: self._desk["one"]),
        ]

    @cached_property
    def _visited(self) -> Unwatched:
        """The browser, which has been there before."""
        self._chromium.call(self._site, "visit")
        return self._chromium

    @cached_property
    def _kills(self) -> list[dict[str, float]]:
        return cast("list[dict[str, float]]", self._call("kills", self._rounds))

    @cached_property
    def _desk(self) -> dict[str, list[float]]:
        found = cast("dict[str, list[dict[str, float]]]", self._call("desk", DESK, RECORDS, self._rounds))
        return {name: [one["took"] for one in runs] for name, runs in found.items()}

    def _cold_starts(self) -> list[float]:
        """Give seconds of starts with nothing there."""
        found: list[float] = []
        for _ in range(max(3, self._rounds // 2)):
            chromium = Unwatched()
            try:
                found.append(_took(chromium.call(self._site, "start")) / 1000)
            finally:
                chromium.close()
        return found

    def _starts(self) -> list[float]:
        return [_took(self._call("start")) for _ in range(self._rounds)]

    def _processor_time(self) -> list[float]:
        here = asyncio.run(on_desktop(LOOP, self._rounds))
        return [min(self._call("cpu", LOOP, self._rounds)) / min(here)]

    def _checked_calls(self) -> list[float]:
        idle = min(self._desk["nothing"])
        return [(one - idle) / CALLS for one in self._desk["call"]]

    def _call(self, function: str, *arguments: object) -> list[float]:
        return cast("list[float]", self._visited.call(self._site, function, *arguments))


def _took(start: object) -> float:
    return cast("dict[str, float]", start)["took"]


@contextmanager
def served(files: Mapping[str, bytes]) -> Generator[Site]:
    """Serve a built folder with the page of this bench."""
    modules = next(path for path in files if path.endswith("/engine.js")).removesuffix("engine.js")
    bench = json.dumps({"modules": f"/{modules}", "client": CLIENT}).encode()
    site = Site(
        {
            **{f"/{path}": data for path, data in files.items()},
            "/run.html": PAGE,
            "/bench.json": bench,
            "/echo.js": b"onmessage = ({ data }) => postMessage(data);",
            "/bench.js": (HERE / "browser.js").read_bytes(),
        }
    )
    for path in site.files:
        if path.startswith("/assets/"):
            site.headers[path] = {"Cache-Control": "public, max-age=31536000, immutable"}
    try:
        yield site
    finally:
        site.close()


async def on_desktop(code: str, rounds: int) -> list[float]:
    """Give milliseconds that a snippet runs in the desktop's worker, as it measured them."""
    limits = Limits(timeout_s=60, total_s=120)
    async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), limits=limits) as code_mode:
        outcomes = [await code_mode.execute_python_code(code) for _ in range(rounds)]
    return [outcome.timings["run_us"] / 1000 for outcome in outcomes]


_BROTLI = """
const { brotliCompressSync, constants } = require("node:zlib");
const chunks = [];
process.stdin.on("data", (chunk) => chunks.push(chunk)).on("end", () => {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  console.log(brotliCompressSync(Buffer.concat(chunks), { params }).length);
});
"""


def shipped_bytes(files: Mapping[str, bytes]) -> int:
    """Give the bytes that a first visit brings: engine, assets and our modules, each as brotli or as it is."""
    wanted = [path for path in files if path.partition("/")[0].startswith(("js-", "assets"))]
    return sum(min(len(files[path]), brotli_bytes(files[path])) for path in wanted)


def brotli_bytes(data: bytes) -> int:
    """Give the length of a file as brotli, by Node."""
    done = subprocess.run(["node", "-e", _BROTLI], input=data, capture_output=True, check=True)
    return int(done.stdout)


def main() -> None:
    """Print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--assets", type=Path, default=HERE.parent / DEFAULT_FOLDER)
    parser.add_argument("--only", default="", help="measure what has this in its name")
    options = parser.parse_args()
    print(f"{'':38}{'least':>9}{'median':>9}{'target':>9}")
    for name, values, target, unit in measure(options.rounds, options.assets, options.only):
        least, middle = min(values), statistics.median(values)
        held = "" if least <= target else "   not reached"
        wanted = "" if target == math.inf else f"{target:.3g}"
        print(f"{name:38}{least:9.3f}{middle:9.3f}{wanted:>9} {unit}{held}", flush=True)


if __name__ == "__main__":
    main()
