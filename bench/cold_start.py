"""Where the time of a cold start goes: a host that has loaded nothing, to the answer of a first checked call.

    python bench/cold_start.py [--runs 15] [--modules 12] [--from-shell]

First the timeline, p50 of each moment in milliseconds: the host's own, and what it sees of its zygote (`forked` is when the
zygote has loaded what the snippet needs, `spare is ready` when it has loaded and rehearsed everything). Then the modules that
each of the two processes takes longest to load, the least of several runs. With `--from-shell` also what a person waits for
at a terminal. Bytecode is written first, as an installation has it.
"""

from __future__ import annotations

import argparse
import asyncio
import compileall
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from ioconnect_codemode.launch import import_folders

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generated" / "wealth_desk"
HANDLERS = str(ROOT / "generator" / "ioconnect_codegen" / "wealth_desk" / "handlers.py")
HOST = f"""
import sys, time
started, moments = time.perf_counter(), {{}}
def note(name):
    moments.setdefault(name, (time.perf_counter() - started) * 1000)
import asyncio
note("host: asyncio is imported")
from ioconnect_codemode import CodeMode
from ioconnect_codemode.transports import EmbeddedTransport
note("host: CodeMode and EmbeddedTransport are imported")

def watch(cls, method, name):
    whole = getattr(cls, method)
    def watched(self, *args):
        note(name(*args) if callable(name) else name)
        return whole(self, *args)
    setattr(cls, method, watched)

def said(data):
    kinds = ("ready", "need", "call", "done")
    return "worker: " + next((kind for kind in kinds if b'"type":"' + kind.encode() in data[:40]), "more")

async def first():
    client = {{"id": "CL-1", "name": "A", "email": "a@b.c", "adviser": "J", "segment": "private", "status": "active",
              "address": {{"street": "s", "city": "c", "country": "CH"}}}}
    code_mode = CodeMode.open({str(PACKAGE)!r}, transport=EmbeddedTransport({{"CRM.GetClient": lambda arguments: client}}))
    note("host: the package is read")
    from ioconnect_codemode.forked import ForkedWorker
    watch(ForkedWorker, "born", "zygote: forked")
    watch(ForkedWorker, "receive", said)
    async with code_mode:
        note("host: the context is entered")
        outcome = await code_mode.execute_python_code("crm.get_client('CL-1')")
        note("host: the outcome")
        assert outcome.ok, outcome.text()
        while not code_mode.has_ready_worker:
            await asyncio.sleep(0.001)
        note("zygote: a spare is ready")

asyncio.run(first())
import json
print(json.dumps(moments))
"""
ZYGOTE = "import gc, sys; gc.disable(); sys.path += sys.argv[1:]; import ioconnect_codemode.zygote as z; z.Preload()"
SNIPPET = "sum(range(10))"


def timeline(runs: int) -> list[str]:
    """Give the lines of the timeline."""
    seen: dict[str, list[float]] = {}
    for _ in range(runs):
        done = subprocess.run([sys.executable, "-c", HOST], check=True, capture_output=True, text=True)
        for name, moment in json.loads(done.stdout).items():
            seen.setdefault(name, []).append(moment)
    middle = {name: sorted(moments)[len(moments) // 2] for name, moments in seen.items()}
    least = {name: min(moments) for name, moments in seen.items()}
    return [f"{middle[name]:9.1f}{least[name]:9.1f}   {name}" for name in sorted(middle, key=lambda name: middle[name])]


def slowest_modules(command: Sequence[str], environment: dict[str, str] | None, count: int) -> list[str]:
    """Give the modules that a process takes longest to load, each without what it imports itself."""
    least: dict[str, int] = {}
    for _ in range(5):
        done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
        for line in done.stderr.splitlines():
            taken, _, name = line.removeprefix("import time:").rpartition("|")
            own = taken.partition("|")[0].strip()
            if own.isdigit():
                least[name.strip()] = min(least.get(name.strip(), 10**9), int(own))
    slowest = sorted(least, key=lambda name: -least[name])[:count]
    return [
        f"{sum(least.values()) / 1000:9.1f}   {len(least)} modules in all",
        *(f"{least[name] / 1000:9.2f}   {name}" for name in slowest),
    ]


def from_shell(runs: int) -> list[str]:
    """Time what a person waits for at a terminal."""
    return [
        _row("codemode --help", runs, lambda: _command("--help")),
        _row("codemode run, a snippet without a call", runs, _run),
        _row("codemode serve, to the answer of a first tools/call", runs, lambda: asyncio.run(_first_answer())),
    ]


def _row(name: str, runs: int, act: Callable[[], object]) -> str:
    times: list[float] = []
    for _ in range(runs):
        started = time.perf_counter()
        act()
        times.append((time.perf_counter() - started) * 1000)
    return f"{sorted(times)[len(times) // 2]:9.1f}{min(times):9.1f}   {name}"


def _command(*arguments: str, text: str = "") -> None:
    program = [str(Path(sys.executable).with_name("codemode")), *arguments]
    subprocess.run(program, check=True, capture_output=True, text=True, input=text)


def _run() -> None:
    _command("run", str(PACKAGE), "-", "--embedded", HANDLERS, text=SNIPPET)


async def _first_answer() -> None:
    from mcp import ClientSession, StdioServerParameters
    from mcp.client.stdio import stdio_client

    program = str(Path(sys.executable).with_name("codemode"))
    server = StdioServerParameters(command=program, args=["serve", str(PACKAGE), "--embedded", HANDLERS])
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        async with stdio_client(server, errlog=nowhere) as (read, write), ClientSession(read, write) as session:
            await session.initialize()
            await session.call_tool("execute_python_code", {"code": SNIPPET})


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--modules", type=int, default=12)
    parser.add_argument("--from-shell", action="store_true")
    options = parser.parse_args()
    for folder in ("runtime", "schemas", "generator"):
        compileall.compile_dir(ROOT / folder, quiet=2)
    print("      p50    least   moment, ms", *timeline(options.runs), sep="\n")
    host = [sys.executable, "-X", "importtime", "-c", HOST]
    zygote = [sys.executable, "-P", "-s", "-S", "-X", "utf8", "-X", "importtime", "-c", ZYGOTE, *import_folders()]
    print("\nthe host's modules, ms", *slowest_modules(host, None, options.modules), sep="\n")
    print("\nthe zygote's, before it can fork", *slowest_modules(zygote, {}, options.modules), sep="\n")
    if options.from_shell:
        print("\n      p50    least   from the shell, ms", *from_shell(options.runs), sep="\n")


if __name__ == "__main__":
    main()
