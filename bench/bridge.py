"""The bridge in numbers: what a call, a large answer and the policy cost; beside the peers that are installed.

    python bench/bridge.py [--calls 900] [--capabilities 5000]

The time of a call is that from one arrival at the handler to the next, in a snippet that does nothing else: everything
between is in it. Ours checks arguments and answer; of the peers none checks answers. "floor" is the least that two
processes need: a loop of asyncio that reads JSON from a pipe and writes marshal to another, and does nothing else.
The floor of a large answer is encode, transfer and decode of the same value between the same two.

Peers: `pydantic-monty` (900 calls a session is near its limit of 1,000), smolagents, which runs in the host's process,
FastMCP's code mode and pydantic-ai's (`make bench` installs them, the dependency group `peers`, into an environment of
their own). Every pair that is compared is measured in turn in one run; look at ratios.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import marshal
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from bridge_peers import PEERS, monty_large_ms, what_is_missing
from environments import make_environment

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode import CodeMode, Limits, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.rules import AuditRules
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

Json = dict[str, JsonValue]
ROUNDS = 5
LIMITS = Limits(calls=100_000)
CLIENT: Json = {
    "id": "CL-10024",
    "name": "Amelia Reid",
    "email": "amelia.reid@example.com",
    "phone": "+41 44 000 00 00",
    "adviser": "Jonas Weber",
    "segment": "private",
    "isActive": True,
    "aum": 1_250_000.5,
    "currency": "CHF",
    "since": "2019-03-01",
    "tags": ["sustainable", "family"],
    "address": {"street": "Seeweg 4", "city": "Zug", "country": "CH"},
}
RECORDS = 10_000


def schema_of(value: JsonValue) -> Json:
    """Give the schema that an example fits, every field of it required."""
    match value:
        case bool():
            return {"type": "boolean"}
        case float():
            return {"type": "number"}
        case list():
            return {"type": "array", "items": schema_of(value[0])}
        case dict():
            fields: Json = {key: schema_of(item) for key, item in value.items()}
            return {"type": "object", "properties": fields, "required": list[JsonValue](fields)}
        case _:
            return {"type": "string"}


def make_package(folder: Path, capabilities: int = 0) -> Path:
    """Generate a package with the two methods that are called, among so many others."""
    client = {**schema_of(CLIENT), "title": "Client"}
    clients: Json = {"type": "object", "properties": {"rows": {"type": "array", "items": client}}, "required": ["rows"]}
    one: Json = {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
    none: Json = {"type": "object", "properties": {}}
    document = make_environment(capabilities)
    own: list[JsonValue] = [
        _method("Bench.GetClient", "get_client", one, client),
        _method("Bench.ListClients", "list_clients", none, clients),
    ]
    others = document["methods"]
    document["methods"] = [*own, *others] if isinstance(others, list) else own
    write(generate(read_environment(document)), folder)
    return folder


def _method(name: str, tool_name: str, arguments: Json, result: Json) -> Json:
    tool: Json = {
        "name": f"bench_{tool_name}",
        "inputSchema": json.dumps(arguments),
        "outputSchema": json.dumps(result),
    }
    return {"name": name, "servers": [{"application": "bench", "instance": "1"}], "flags": {"ioIntelMCPTool": tool}}


class Desk:
    """The app: it answers at once, and notes when it was called."""

    def __init__(self) -> None:
        self.times: list[float] = []
        # Read from text, as they come from an app: what records share would be sent once only.
        self.rows: list[JsonValue] = json.loads(
            json.dumps([{**CLIENT, "id": f"CL-{number}"} for number in range(RECORDS)])
        )

    def handlers(self) -> Mapping[str, Callable[[Json], JsonValue]]:
        """Give the handlers by wire name."""
        return {"Bench.GetClient": self.get_client, "Bench.ListClients": lambda _: {"rows": self.rows}}

    def get_client(self, arguments: Json) -> JsonValue:
        """Give the client."""
        del arguments
        self.times.append(time.perf_counter())
        return CLIENT

    def taken_us(self) -> list[float]:
        """Give the microseconds between calls, and forget them."""
        times, self.times = self.times, []
        return [(after - before) * 1e6 for before, after in pairwise(times)]


async def opened(
    stack: AsyncExitStack, desk: Desk, package: Path, policy: Policy, handlers: Mapping[str, object] | None = None
) -> CodeMode:
    """Open a package for the time of the bench."""
    made = EmbeddedTransport({**desk.handlers(), **(handlers or {})})  # type: ignore[dict-item]
    return await stack.enter_async_context(CodeMode.open(package, transport=made, policy=policy))


async def run(code_mode: CodeMode, code: str) -> JsonValue:
    """Run a snippet; a failure ends the bench."""
    outcome = await code_mode.execute_python_code(code)
    if not outcome.ok or outcome.notes:
        raise SystemExit(outcome.text())
    return outcome.value


def p10(times: list[float]) -> float:
    """Give the tenth percentile."""
    return sorted(times)[len(times) // 10]


def row(name: str, value: str, beside: str = "", target: str = "") -> None:
    """Print a row of the table."""
    print(f"{name:<58}{value:>12}  {beside:<24}{target}", flush=True)


async def small_calls(desk: Desk, subjects: Mapping[str, CodeMode], calls: int) -> dict[str, float]:
    """Time a small call on each subject in turn, several rounds; the p10 of each."""
    taken: dict[str, list[float]] = {name: [] for name in subjects}
    code = f"for number in range({calls}):\n    client = bench.get_client('CL-10024')\nclient.name"
    for _ in range(ROUNDS):
        for name, code_mode in subjects.items():
            await run(code_mode, code)
            taken[name] += desk.taken_us()
    return {name: p10(times) for name, times in taken.items()}


class Other:
    """A second process at the end of two pipes, which decodes what it is sent and answers with little."""

    def __init__(self) -> None:
        their_read, self._write = os.pipe()
        self._read, their_write = os.pipe()
        self._process_id = os.fork()
        if not self._process_id:
            os.close(self._write)
            self._answer(their_read, their_write)
        os.close(their_read)
        os.close(their_write)

    def close(self) -> None:
        """Let it end."""
        os.close(self._write)
        os.close(self._read)
        os.waitpid(self._process_id, 0)

    async def calls_us(self, calls: int) -> list[float]:
        """Time calls that carry what ours carry."""
        loop, times = asyncio.get_running_loop(), list[float]()
        done = loop.create_future()
        reply = {"type": "reply", "replies": [{"id": 1, "ok": True, "value": CLIENT}]}

        def readable() -> None:
            json.loads(os.read(self._read, 1 << 16))
            times.append(time.perf_counter())
            if len(times) == calls:
                done.set_result(None)
            else:
                self._send(marshal.dumps(reply))

        loop.add_reader(self._read, readable)
        self._send(marshal.dumps(reply))
        await done
        loop.remove_reader(self._read)
        return [(after - before) * 1e6 for before, after in pairwise(times)]

    def large_ms(self, value: JsonValue) -> float:
        """Time one large value: encode, transfer, decode."""
        started = time.perf_counter()
        self._send(marshal.dumps(value))
        os.read(self._read, 1 << 16)
        return (time.perf_counter() - started) * 1000

    def _send(self, body: bytes) -> None:
        left = memoryview(len(body).to_bytes(4, "little") + body)
        while left:
            left = left[os.write(self._write, left) :]

    @staticmethod
    def _answer(read: int, write: int) -> None:
        call = {"type": "call", "calls": [{"id": 1, "name": "bench.get_client", "arguments": {"id": "CL-10024"}}]}
        buffer = bytearray()
        while True:
            while len(buffer) < 4 or len(buffer) < 4 + int.from_bytes(buffer[:4], "little"):
                data = os.read(read, 1 << 18)
                if not data:
                    os._exit(0)
                buffer += data
            marshal.loads(bytes(buffer[4:]))
            buffer.clear()
            os.write(write, json.dumps(call).encode())


async def large_answers(desk: Desk, code_mode: CodeMode, other: Other) -> None:
    """Compare 10,000 checked records, delivered and summed, with the floor."""
    code = "sum(client.aum for client in bench.list_clients().rows)"
    ours: list[float] = []
    floor: list[float] = []
    await run(code_mode, code)
    for _ in range(7):
        floor.append(other.large_ms({"rows": desk.rows}))
        outcome = await code_mode.execute_python_code(code)
        ours.append(outcome.timings["run_us"] / 1000)
    row("10,000 records of 12 fields: floor", f"{p10(floor):.1f} ms")
    row(
        "10,000 records, checked, as records, summed",
        f"{p10(ours):.1f} ms",
        f"{p10(ours) / p10(floor):.2f} x",
        "<= 1.8 x",
    )
    if "pydantic-monty, pool" not in what_is_missing():
        peer = p10(monty_large_ms(desk.rows))
        beside = f"{peer / p10(ours):.1f} x ours"
        row("10,000 records, unchecked, summed: pydantic-monty, pool", f"{peer:.1f} ms", beside, "slower")
    good = desk.rows
    bad: list[JsonValue] = [*good[:-1], {**CLIENT, "aum": "much"}]
    desk.rows = bad
    outcome = await code_mode.execute_python_code(code)
    desk.rows = good
    row("bad record at position 9,999", "found" if not outcome.ok else "MISSED")
    print(f"    {outcome.error.message if outcome.error else ''}")


async def waits_20_ms(arguments: Json) -> JsonValue:
    """Give the client, later."""
    del arguments
    await asyncio.sleep(0.02)
    return CLIENT


async def side_by_side(code_mode: CodeMode) -> None:
    """Time ten calls of 20 ms that leave together, each time with a ready pool: a rest lets it make a spare anew."""
    code = "import asyncio\nlen(await asyncio.gather(*[bench.get_client(str(n)) for n in range(10)]))"
    times: list[float] = []
    floor: list[float] = []
    for _ in range(30):
        started = time.perf_counter()
        await asyncio.gather(*(asyncio.sleep(0.02) for _ in range(10)))
        floor.append((time.perf_counter() - started) * 1000)
        outcome = await code_mode.execute_python_code(code)
        times.append(outcome.timings["run_us"] / 1000)
        await asyncio.sleep(0.1)
    row("ten waits of 20 ms: floor, asyncio's own", f"{p10(floor):.1f} ms")
    row("ten calls of 20 ms through gather", f"{p10(times):.1f} ms", f"{p10(times) / p10(floor):.2f} x", "<= 22 ms")


async def main(calls: int, capabilities: int) -> None:
    """Measure and print the table."""
    desk = Desk()
    strict = Policy(results="strict", limits=LIMITS)
    other = Other()
    with tempfile.TemporaryDirectory() as folder:
        package = make_package(Path(folder) / "small")
        async with AsyncExitStack() as stack:  # alone: idle workers of others and their catalogs are no part of it
            await side_by_side(await opened(stack, desk, package, strict, {"Bench.GetClient": waits_20_ms}))
        large = make_package(Path(folder) / "large", capabilities)
        asks = ApprovalRules(ask=("destructive",))  # the log keeps answers for a run that may have to be resumed
        audit = AuditRules(file=Path(folder) / "audit.jsonl", on_failure="go_on")
        stops = AuditRules(file=Path(folder) / "stops.jsonl", on_failure="stop")  # a read has one line still
        governed = replace(
            strict, effects={"bench.get_client": "read"}, deny=("*.delete_*",), approval=asks, audit=audit
        )
        async with AsyncExitStack() as stack:
            subjects = {
                "plain": await opened(stack, desk, package, strict),
                "large": await opened(stack, desk, large, strict),
                "governed": await opened(stack, desk, package, governed),
                "stops": await opened(stack, desk, package, replace(governed, audit=stops)),
            }
            took = await small_calls(desk, subjects, calls)
            floor = p10([one for _ in range(ROUNDS) for one in await other.calls_us(calls)])
            row("small call: floor", f"{floor:.1f} us")
            row(
                "small call, checked both ways",
                f"{took['plain']:.1f} us",
                f"{took['plain'] / floor:.1f} x floor",
                "<= 25 us",
            )
            beside = f"{took['large'] / took['plain'] - 1:+.0%}"
            row(f"the same with {capabilities:,} capabilities", f"{took['large']:.1f} us", beside, "within 10 %")
            beside = f"{took['governed'] / took['plain'] - 1:+.0%}"
            row("the same with log, audit and policy", f"{took['governed']:.1f} us", beside, "<= 15 %")
            beside = f"{took['stops'] / took['plain'] - 1:+.0%}"
            row("the same with an audit that stops runs", f"{took['stops']:.1f} us", beside, "<= 15 %")
            for name, measure in PEERS.items():
                if name not in what_is_missing():
                    peer = p10(measure(CLIENT, min(calls, 900)))
                    row(f"small call: {name}", f"{peer:.1f} us", f"{peer / took['plain']:.1f} x ours")
            await large_answers(desk, subjects["plain"], other)
    other.close()
    for name in what_is_missing():
        print(f"{name} is not installed and was not measured")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=900)
    parser.add_argument("--capabilities", type=int, default=5_000)
    return parser.parse_args()


if __name__ == "__main__":
    given = _arguments()
    asyncio.run(main(given.calls, given.capabilities))
