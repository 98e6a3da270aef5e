"""Ordinary snippets, and runaway ones, in locked workers; how workers are started, killed and replaced."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.pool import Pool
from ioconnect_codemode.run import run_message
from ioconnect_codemode.run_log import Opening
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

SNIPPETS = sorted((Path(__file__).parents[1] / "snippets" / "accepted").glob("*.py"))
AT_ONCE = 4
RUNAWAYS = {
    "loop": "while True: pass",
    "swallows everything": "while True:\n    try:\n        while True: pass\n    except:\n        pass",
    "finally": "def f():\n    try:\n        while True: pass\n    finally:\n        f()\nf()",
    "sum": "sum(range(10**12))",
    "power": "10**10**8",
    "pattern": "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
    "recursion in a loop": "def f(): f()\nwhile True:\n    try:\n        f()\n    except RecursionError:\n        pass",
    "output": "while True:\n    print('x' * 1_000)",
    "awaits": "async def f():\n    while True:\n        await asyncio.sleep(0)\nawait f()",
    "tasks": "async def f():\n    while True:\n        asyncio.create_task(asyncio.sleep(0))\n        await asyncio.sleep(0)\nawait f()",
    "cancelled in vain": "async def f():\n    while True:\n        try:\n            await asyncio.sleep(1)\n        except asyncio.CancelledError:\n"
    "            pass\nawait asyncio.wait_for(f(), 0.01)",
    "text of an error": "class E(Exception):\n    def __str__(self):\n        while True: pass\nraise E",
    "key of a sort": "sorted([1, 2], key=lambda n: [0 for _ in iter(int, 1)])",
    "manager": "class M:\n    def __enter__(self): pass\n    def __exit__(self, *a):\n        while True: pass\nwith M(): 1 / 0",
    "width": "'%*d' % (10**9, 1) * 10",
    "iterators in C": "import itertools\nlist(itertools.repeat(1, 10**12)) if any(itertools.repeat(0, 10**12)) else 1",
    "sleep": "import time\ntime.sleep(1000)",
    "generator": "def g():\n    while True:\n        yield 1\nsum(g())",
}


def header(source: str, name: str) -> str | None:
    return next(
        (line.removeprefix(f"# {name}: ") for line in source.splitlines() if line.startswith(f"# {name}: ")), None
    )


def test_every_accepted_snippet_gives_its_value_in_a_locked_worker() -> None:
    async def act() -> list[Outcome]:
        slots = asyncio.Semaphore(AT_ONCE)

        async def run(code_mode: CodeMode, path: Path) -> Outcome:
            async with slots:
                return await code_mode.execute_python_code(path.read_text(encoding="utf-8"))

        limits = Limits(timeout_s=60, total_s=100)
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), limits=limits) as code_mode:
            return await asyncio.gather(*(run(code_mode, path) for path in SNIPPETS))

    for path, outcome in zip(SNIPPETS, asyncio.run(act()), strict=True):
        source = path.read_text(encoding="utf-8")
        assert outcome.error is None, (path.stem, outcome.error)
        value: JsonValue = json.loads(header(source, "value") or "null")
        printed: str = json.loads(header(source, "printed") or '""')
        # A snippet without a value gives what it printed.
        assert (outcome.value, outcome.printed) in ((value, printed), (printed, "")), path.stem


def test_codecs_and_lazy_modules_are_there_after_the_lock() -> None:
    code = """
from datetime import datetime
encoded = [len("h\\u00e9".encode(name)) for name in ("cp1252", "utf-16", "utf-32", "latin-1", "utf-8-sig")]
[datetime.strptime("2026-01-02", "%Y-%m-%d").year, f"{datetime(2026, 1, 2):%d %B}", "\\N{EM DASH}", encoded]
"""

    async def act() -> Outcome:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as code_mode:
            return await code_mode.execute_python_code(code)

    assert asyncio.run(act()).value == [2026, "02 January", "\u2014", [2, 6, 12, 2, 6]]


def test_an_unknown_codec_is_an_error_of_the_snippet() -> None:
    async def act() -> Outcome:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as code_mode:
            return await code_mode.execute_python_code("'x'.encode('cp037')")

    error = asyncio.run(act()).error
    assert error is not None
    assert error.kind == "snippet_error"
    assert "unknown encoding" in error.message


@pytest.mark.parametrize("code", RUNAWAYS.values(), ids=RUNAWAYS)
def test_a_runaway_ends_at_its_deadline_and_the_next_run_is_served(code: str) -> None:
    async def act() -> tuple[Outcome, Outcome]:
        limits = Limits(timeout_s=0.3)
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), limits=limits) as code_mode:
            return await code_mode.execute_python_code(code), await code_mode.execute_python_code("1 + 1")

    lost, served = asyncio.run(act())
    assert lost.error is not None
    assert lost.error.kind in ("timeout", "memory")  # ten to the hundred million needs memory first on some machines
    assert served.value == 2


MEMORY_BOMBS = {
    "pieces": "held = []\nwhile True:\n    held.append('x' * 1_000_000)",
    "one piece": "'x' * 10**12",
    "caught by name": "try:\n    x = [0] * 10**12\nexcept MemoryError:\n    x = 1\nx",
    "caught by all": "try:\n    x = [0] * 10**12\nexcept:\n    x = 1\nx",
    "replaced": "try:\n    try:\n        x = [0] * 10**12\n    finally:\n        raise ValueError\nexcept ValueError:\n    x = 1\nx",
    "suppressed": "import contextlib\nwith contextlib.suppress(Exception):\n    x = [0] * 10**12\n1",
    "gathered": "async def f(): return [0] * 10**12\nlen(await asyncio.gather(f(), return_exceptions=True))",
    "held back": "def g():\n    try:\n        x = [0] * 10**12\n    finally:\n        yield 1\nnext(g())",
    "in a loop": "while True:\n    try:\n        x = [0] * 10**12\n    except Exception:\n        break\n1",
}


@pytest.mark.parametrize("code", MEMORY_BOMBS.values(), ids=MEMORY_BOMBS)
def test_a_memory_bomb_ends_in_an_outcome_and_is_not_caught(code: str) -> None:
    async def act() -> tuple[Outcome, Outcome]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as code_mode:
            return await code_mode.execute_python_code(code), await code_mode.execute_python_code("1 + 1")

    lost, served = asyncio.run(act())
    assert lost.error is not None
    assert lost.error.kind == "memory"
    assert served.value == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("def f(): f()\nf()", "snippet_error"),
        ("x = ()\nfor _ in range(300_000):\n    x = (x,)\nhash(x)", "snippet_error worker_lost"),
        ("x = iter([])\nfor _ in range(300_000):\n    x = map(str, x)\nlist(x)", "snippet_error worker_lost"),
        ("print('x' * 10_000_000)\n1", "none"),
        ("'x' * 30_000_000", "output_limit"),
        ("[0] * 3_000_000", "output_limit"),
        ("[{'a': i} for i in range(300_000)]", "output_limit"),
        ("'x' * 200_000_000", "memory"),
    ],
)
def test_depth_and_floods_end_in_an_outcome(code: str, kind: str) -> None:
    async def act() -> tuple[Outcome, Outcome]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as code_mode:
            return await code_mode.execute_python_code(code), await code_mode.execute_python_code("1 + 1")

    ended, served = asyncio.run(act())
    assert (ended.error.kind if ended.error is not None else "none") in kind.split()
    assert served.value == 2


def test_the_pool_grows_with_the_runs_that_wait() -> None:
    waiting: list[asyncio.Future[None]] = []
    many = 12

    async def act() -> tuple[int, list[Outcome]]:
        everybody = asyncio.Event()

        async def waits(arguments: dict[str, JsonValue]) -> JsonValue:
            waiting.append(asyncio.get_running_loop().create_future())
            if len(waiting) == many:
                everybody.set()
            await everybody.wait()
            return None

        transport = EmbeddedTransport({"CRM.GetClient": waits})
        limits = Limits(timeout_s=60, total_s=100, call_timeout_s=60)
        async with CodeMode.open(PACKAGE, transport=transport, limits=limits, spares=1) as code_mode:
            runs = [
                code_mode.execute_python_code("try:\n    crm.get_client('x')\nexcept ResultError:\n    pass\n1")
                for _ in range(many)
            ]
            outcomes = await asyncio.gather(*runs)
            return len(waiting), outcomes

    count, outcomes = asyncio.run(act())
    assert count == many
    assert [outcome.ok for outcome in outcomes] == [True] * many


async def has_ended(process_id: int) -> None:
    while Path(f"/proc/{process_id}").exists():
        await asyncio.sleep(0)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_that_has_served_its_run_serves_no_other_and_ends() -> None:
    async def act() -> tuple[list[int], list[int]]:
        served: list[int] = []
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=1) as code_mode:
            for _ in range(4):
                while not code_mode.has_ready_worker:
                    await asyncio.sleep(0)
                before = code_mode.worker_processes
                assert (await code_mode.execute_python_code("1 + 1")).value == 2
                served += set(before) - set(code_mode.worker_processes)
            for process_id in served:
                await has_ended(process_id)
            return served, code_mode.worker_processes

    served, left = asyncio.run(act())
    assert len(served) == len(set(served)) > 0
    assert not set(served) & set(left)


@pytest.mark.skipif(sys.platform == "win32", reason="nobody counts the memory there")
@pytest.mark.parametrize(("size", "ends"), [(10, False), (100_000_000, True)])
def test_a_process_that_has_used_much_memory_ends_without_being_told(size: int, ends: bool) -> None:
    async def act() -> bool:
        pool = Pool(Limits(), spares=0)
        loop = asyncio.get_running_loop()
        over: asyncio.Future[None] = loop.create_future()
        lost: asyncio.Future[None] = loop.create_future()
        try:
            worker = await pool.take()
            worker.on_event = lambda _: over.set_result(None)
            worker.on_lost = lambda _: lost.set_result(None)
            worker.conversation.run_sent()
            source = f"len('x' * {size})"
            opening = Opening(source=source, inputs={}, started_ns=0, seed=1, only_review=False, is_dry_run=False)
            worker.send(run_message(opening, Policy()))
            await over
            if ends:
                await lost
            else:
                pool.give_back(await pool.take())  # as long as a process takes to start
            return lost.done()
        finally:
            await pool.close()

    assert asyncio.run(act()) is ends


def test_a_run_that_waits_for_a_worker_can_be_cancelled() -> None:
    async def act() -> int:
        pool = Pool(Limits(), spares=0)
        taking = asyncio.create_task(pool.take())
        await asyncio.sleep(0)
        taking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await taking
        await pool.close()
        return len(pool.process_ids)

    assert asyncio.run(act()) == 0


def test_closing_while_workers_start_leaves_none() -> None:
    async def act() -> tuple[list[int], int | None]:
        pool = Pool(Limits(), spares=3)
        pool.fill()
        await asyncio.sleep(0)
        await pool.close()
        return pool.process_ids, pool.zygote_id

    assert asyncio.run(act()) == ([], None)


def ready_after(runs: int, spares: int | None) -> int:
    """Give how many workers come to be ready after so many runs at once, in a pool that keeps so many spares."""

    async def act() -> int:
        pool = Pool(Limits(), spares=spares)
        try:
            for worker in await asyncio.gather(*(pool.take() for _ in range(runs))):
                pool.give_back(worker)
            async with asyncio.timeout(20):
                while pool.is_starting_workers:
                    await asyncio.sleep(0.01)
            return len([one for one in pool.process_ids if one])
        finally:
            await pool.close()

    return asyncio.run(act())


def test_after_many_runs_at_once_as_many_spares_are_kept() -> None:
    assert ready_after(6, None) == 6


def test_a_number_of_spares_that_was_given_is_kept_after_many_runs_at_once() -> None:
    assert ready_after(6, 1) == 1
