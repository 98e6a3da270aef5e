"""The browser in numbers: starts, runs, calls, kills and size, in the machine's Chromium.

    python bench/browser.py [--rounds 7] [--assets .cache/web-assets]

Everything runs from a folder as `codemode web build` makes it, served from this machine. A start is told from the page's
wish to the first worker that has said `ready`, modules of the page loaded: cold with an empty profile, from a snapshot
with one that has been there before. The least of several rounds counts, the median stands beside it: on a machine that is
busy the rest is the other work's time. What a message takes to a plain worker, and to one in a frame of an opaque origin,
stands beside the calls: Chromium has such a frame in a process of its own, and no call is faster than that. Processor time
is told as a ratio to the desktop's worker, measured in the same run.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import cast

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))  # whose driver and pages are used here

from chromium.driver import Chromium, Profile
from chromium.site import PAGE, Site
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


def measure(rounds: int, assets: Path) -> Iterator[tuple[str, list[float], float, str]]:
    """Give each measure: its name, its values, its target, its unit."""
    order = Order(assets=assets, packages=[PACKAGE], with_playground=False, with_compression=False)
    files = made_files(order, progress=lambda _: None)
    yield "shipped with brotli", [shipped_bytes(files) / 1e6], 6.0, "MB"
    with served(files) as site:
        chromium = Chromium()
        try:
            yield "cold start", cold_starts(chromium, site, max(3, rounds // 2)), 3.5, "s"
            profile = chromium.profile()
            yield "start from a snapshot", starts(profile, site, rounds), 0.35, "s"
            yield "next worker without a spare", in_ms(call(profile, site, "further", rounds)), 0.35, "s"
            yield "warm run", call(profile, site, "warmRuns", rounds), 1.0, "ms"
            kills = cast("list[dict[str, float]]", call(profile, site, "kills", rounds))
            yield "control after the deadline", [one["back"] for one in kills], 10.0, "ms"
            yield "next run after a kill", [one["next"] for one in kills], 20.0, "ms"
            here = asyncio.run(on_desktop(LOOP, rounds))
            there = call(profile, site, "cpu", LOOP, rounds)
            yield "processor time, times the desktop's", [min(there) / min(here)], 1.9, "x"
            yield "a message to a plain worker and back", call(profile, site, "roundTrips", rounds), math.inf, "ms"
            yield "the same to one in such a frame", call(profile, site, "framedTrips", rounds), math.inf, "ms"
            desk = cast("dict[str, list[dict[str, float]]]", call(profile, site, "desk", DESK, RECORDS, rounds))
            took = {name: [one["took"] for one in found] for name, found in desk.items()}
            idle = min(took["nothing"])
            yield "a checked call", [(one - idle) / CALLS for one in took["call"]], 0.25, "ms"
            yield f"{RECORDS:,} records, checked in full", took["records"], 30.0, "ms"
            yield "a run through createCodeMode", took["nothing"], 1.0, "ms"
        finally:
            chromium.close()


@contextmanager
def served(files: Mapping[str, bytes]) -> Generator[Site]:
    """Serve a built folder with the page of this bench."""
    modules = next(path for path in files if path.endswith("/engine.js")).removesuffix("engine.js")
    bench = json.dumps({"modules": f"/{modules}", "client": CLIENT}).encode()
    site = Site(
        {
            **{f"/{path}": data for path, data in files.items()},
            "/": PAGE,
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


def call(profile: Profile, site: Site, function: str, *arguments: object) -> list[float]:
    """Call a function of the page's bench in a tab of its own."""
    tab = profile.open(site.url)
    body = f"async (given) => (await import('/bench.js')).{function}(...given)"
    try:
        return cast("list[float]", tab.evaluate(body, list(arguments)))
    finally:
        tab.close()


def cold_starts(chromium: Chromium, site: Site, rounds: int) -> list[float]:
    """Give seconds of starts with nothing there."""
    found: list[float] = []
    for _ in range(rounds):
        profile = chromium.profile()
        found.append(cast("dict[str, float]", call(profile, site, "start"))["took"] / 1000)
        profile.close()
    return found


def starts(profile: Profile, site: Site, rounds: int) -> list[float]:
    """Give seconds of starts of a page that has been there before."""
    call(profile, site, "visit")
    return [cast("dict[str, float]", call(profile, site, "start"))["took"] / 1000 for _ in range(rounds)]


def in_ms(times: Sequence[float]) -> list[float]:
    """Give milliseconds as seconds."""
    return [one / 1000 for one in times]


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
    options = parser.parse_args()
    print(f"{'':38}{'least':>9}{'median':>9}{'target':>9}")
    for name, values, target, unit in measure(options.rounds, options.assets):
        least, middle = min(values), statistics.median(values)
        held = "" if least <= target else "   not reached"
        wanted = "" if target == math.inf else f"{target:.3g}"
        print(f"{name:38}{least:9.3f}{middle:9.3f}{wanted:>9} {unit}{held}", flush=True)


if __name__ == "__main__":
    main()
