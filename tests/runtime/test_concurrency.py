"""Calls inside asyncio's forms leave together; everything else is in turn. The host records what came with what."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pytest

from ioconnect_codemode import policy, sandbox
from ioconnect_codemode.errors import AppError
from ioconnect_codemode.frames import FrameReader, decode_json, encode_trusted
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.lookup import stubs_message
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.policy.groups import parallel
from ioconnect_codemode.process import worker_command
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.run import run_message
from ioconnect_codemode.run_log import Opening
from ioconnect_codemode.sandbox import Namespace, Scheduler
from ioconnect_codemode.stubs import load
from journeys.desk import PACKAGE

STUB = """
def get(id: object) -> object:
    return call("crm.get", {"id": id}, object)
"""


class Host:
    """Records batches and answers the newest call first, so that nothing hangs on the order of replies."""

    def __init__(self) -> None:
        self.batches: list[list[object]] = []
        self._unanswered: list[tuple[int, object]] = []
        self._last_id = 0

    def prepare(self, name: str, arguments: Mapping[str, object], returns: object) -> object:
        return arguments["id"]

    def send(self, calls: Sequence[object]) -> list[int]:
        self.batches.append(list(calls))
        ids = list(range(self._last_id + 1, self._last_id + len(calls) + 1))
        self._last_id += len(calls)
        self._unanswered += zip(ids, calls, strict=True)
        return ids

    def receive(self, timeout_s: float | None) -> list[tuple[int, Callable[[], object]]]:
        call_id, given = self._unanswered[-1]
        if given == "never":
            if timeout_s is None:
                raise AssertionError("nobody answers")
            return []
        self._unanswered.pop()

        def answer() -> object:
            if isinstance(given, str):
                raise AppError(given)
            return cast(int, given) * 10

        return [(call_id, answer)]

    def ask(self, prepared: object) -> object:
        self.send([prepared])
        return self.receive(None)[0][1]()


def run(source: str) -> tuple[object, list[list[object]]]:
    host = Host()
    clock = sandbox.SetClock(0)
    scheduler = Scheduler(host, clock=clock)
    stub = load({"crm": STUB}, scheduler.caller)["crm"]
    stub.__dict__["call"] = scheduler.caller
    names: dict[str, object] = {"crm": Namespace("crm", {"get": stub.get}), "get": stub.get, "parallel": parallel}
    program = policy.translate(policy.parse(source), facades=policy.FACADES, known=set(names))
    result = sandbox.run(
        program, names=names, inputs={}, facades=policy.FACADES, print_limit=1_000, scheduler=scheduler
    )
    if isinstance(result, sandbox.Raised):
        return f"{result.type_name}: {result.message}", host.batches
    return result.value, host.batches


TOGETHER = {
    "gather": "await asyncio.gather(crm.get(1), crm.get(2), crm.get(3))",
    "gather of a name from asyncio": "from asyncio import gather as g\nawait g(get(1), get(2), get(3))",
    "gather through another name of asyncio": "import asyncio as aio\nawait aio.gather(get(1), get(2), get(3))",
    "gather of a comprehension": "await asyncio.gather(*[crm.get(n) for n in (1, 2, 3)])",
    "gather of a generator": "await asyncio.gather(*(crm.get(n) for n in (1, 2, 3)))",
    "gather of a list that has a name": "calls = [crm.get(n) for n in (1, 2, 3)]\nawait asyncio.gather(*calls)",
    "gather of a list that grows": (
        "calls = []\nfor n in (1, 2, 3):\n    calls.append(crm.get(n))\nawait asyncio.gather(*calls)"
    ),
    "gather of conditional calls": "await asyncio.gather(*[crm.get(n) if n else crm.get(9) for n in (1, 2, 3)])",
    "gather in main": (
        "async def main():\n    return await asyncio.gather(crm.get(1), crm.get(2), crm.get(3))\nasyncio.run(main())"
    ),
    "gather under an alias of the function": "f = crm.get\nawait asyncio.gather(f(1), f(2), f(3))",
    "async functions": (
        "async def fetch(n):\n    return await crm.get(n)\nawait asyncio.gather(*[fetch(n) for n in (1, 2, 3)])"
    ),
    "async functions around async functions": (
        "async def inner(n):\n    return await crm.get(n)\nasync def fetch(n):\n    return await inner(n)\n"
        "await asyncio.gather(fetch(1), fetch(2), crm.get(3))"
    ),
    "tasks": (
        "async def main():\n    tasks = [asyncio.create_task(crm.get(n)) for n in (1, 2, 3)]\n"
        "    return [await task for task in tasks]\nawait main()"
    ),
    "task group": (
        "async def main():\n    async with asyncio.TaskGroup() as group:\n"
        "        tasks = [group.create_task(crm.get(n)) for n in (1, 2, 3)]\n"
        "    return [task.result() for task in tasks]\nawait main()"
    ),
    "wait": (
        "async def main():\n    done, left = await asyncio.wait([asyncio.create_task(crm.get(n)) for n in (1, 2, 3)])\n"
        "    return sorted(task.result() for task in done)\nawait main()"
    ),
    "as_completed": "sorted([await one for one in asyncio.as_completed([crm.get(1), crm.get(2), crm.get(3)])])",
    "parallel with a stub": "parallel(crm.get, [1, 2, 3])",
    "parallel with a lambda": "parallel(lambda n: crm.get(n), [1, 2, 3])",
    "parallel with a lambda around the call": "parallel(lambda n: crm.get(n) + 0, [1, 2, 3])",
    "parallel with a lambda around two parts": "[found for _, found in parallel(lambda n: (n, crm.get(n)), [1, 2, 3])]",
    "parallel with a lambda that chooses": "parallel(lambda n: crm.get(int(n)) if n else crm.get(9), [1, 2, 3])",
    "parallel with a call around the call": "parallel(lambda n: int(crm.get(n)), [1, 2, 3])",
    "parallel with a lambda that gives a task": ("parallel(lambda n: asyncio.create_task(crm.get(int(n))), [1, 2, 3])"),
    "parallel with a function": "def fetch(n):\n    found = crm.get(n)\n    return found\nparallel(fetch, [1, 2, 3])",
    "parallel with a function around a function": (
        "def inner(n):\n    return crm.get(n)\ndef fetch(n, more=0):\n    found = inner(n) + more\n    return found\n"
        "parallel(fetch, [1, 2, 3])"
    ),
    "parallel with an async function": "async def fetch(n):\n    return await crm.get(n)\nparallel(fetch, [1, 2, 3])",
    "semaphore with room": (
        "sem = asyncio.Semaphore(5)\nasync def fetch(n):\n    async with sem:\n        return await crm.get(n)\n"
        "await asyncio.gather(*[fetch(n) for n in (1, 2, 3)])"
    ),
}


@pytest.mark.parametrize("source", TOGETHER.values(), ids=TOGETHER)
def test_calls_leave_together_and_results_are_in_order(source: str) -> None:
    assert run(source) == ([10, 20, 30], [[1, 2, 3]])


IN_TURN = {
    "plain calls": "[crm.get(1), crm.get(2)]",
    "awaited one by one": "[await crm.get(1), await crm.get(2)]",
    "gather of values": "a = crm.get(1)\nb = crm.get(2)\nawait asyncio.gather(a, b)",
    "list that is also read": ("calls = [crm.get(n) for n in (1, 2)]\nfirst = calls[0]\nawait asyncio.gather(*calls)"),
    "list that is handed on": (
        "calls = [crm.get(n) for n in (1, 2)]\nasync def g(calls): return calls\nawait asyncio.gather(*calls)"
    ),
    "gather of the snippet's own": "def gather(*a): return list(a)\ngather(crm.get(1), crm.get(2))",
    "argument of an argument": "await asyncio.gather(int(crm.get(1)), int(crm.get(2)))",
    "create_task of the snippet's own": (
        "class Board:\n    def create_task(self, n): return n\nboard = Board()\n"
        "[board.create_task(crm.get(1)), board.create_task(crm.get(2))]"
    ),
    "generator function in parallel": (
        "def fetch(n):\n    yield crm.get(n)\n[n for g in parallel(fetch, [1, 2]) for n in g]"
    ),
    "semaphore of one": (
        "sem = asyncio.Semaphore(1)\nasync def fetch(n):\n    async with sem:\n        return await crm.get(n)\n"
        "await asyncio.gather(fetch(1), fetch(2))"
    ),
}


@pytest.mark.parametrize("source", IN_TURN.values(), ids=IN_TURN)
def test_everything_else_is_in_turn(source: str) -> None:
    assert run(source) == ([10, 20], [[1], [2]])


def test_calls_that_become_ready_together_make_the_next_batch() -> None:
    source = (
        "async def fetch(n):\n    first = await crm.get(n)\n    return await crm.get(first)\n"
        "await asyncio.gather(fetch(1), fetch(2))"
    )

    value, batches = run(source)

    assert value == [100, 200]
    assert batches == [[1, 2], [20], [10]]


def test_plain_call_is_answered_on_the_spot_before_a_task_has_begun() -> None:
    source = "async def f():\n    t = asyncio.create_task(crm.get(1))\n    now = crm.get(2)\n    return [await t, now]\nawait f()"

    assert run(source) == ([10, 20], [[2], [1]])


FAILURES = {
    "first failure is raised": ("await asyncio.gather(get(1), get('no'), get(3))", "AppError: no"),
    "return_exceptions": (
        "[type(r).__name__ for r in await asyncio.gather(get(1), get('no'), return_exceptions=True)]",
        ["int", "AppError"],
    ),
    "gather lets the others go on": (
        "done = []\nasync def fetch(n):\n    done.append(await get(n))\nasync def main():\n"
        "    tasks = [asyncio.create_task(fetch(n)) for n in (1, 2, 'no')]\n    try:\n        await asyncio.gather(*tasks)\n"
        "    except AppError:\n        pass\n    await asyncio.sleep(1)\n    return sorted(done)\nawait main()",
        [10, 20],
    ),
    "task group cancels the others": (
        "seen = []\nasync def other():\n    try:\n        await asyncio.sleep(100)\n    except asyncio.CancelledError:\n"
        "        seen.append('cancelled')\n        raise\nasync def main():\n    try:\n"
        "        async with asyncio.TaskGroup() as group:\n            group.create_task(other())\n"
        "            group.create_task(get('no'))\n    except Exception as e:\n"
        "        seen.append([type(e).__name__, [str(one) for one in e.exceptions]])\n    return seen\nawait main()",
        ["cancelled", ["ExceptionGroup", ["no"]]],
    ),
    "group that nobody catches tells its first failure": (
        "async def main():\n    async with asyncio.TaskGroup() as group:\n        group.create_task(get('no'))\nawait main()",
        "ExceptionGroup: unhandled errors in a TaskGroup (1 sub-exception): AppError: no",
    ),
    "group in a group that nobody catches": (
        "raise ExceptionGroup('a', [ExceptionGroup('b', [KeyError('k')]), ValueError()])",
        "ExceptionGroup: a (2 sub-exceptions): KeyError: 'k'",
    ),
    "failure of the group's body cancels its tasks": (
        "async def main():\n    try:\n        async with asyncio.TaskGroup() as group:\n"
        "            t = group.create_task(asyncio.sleep(100))\n            raise ValueError('body')\n"
        "    except Exception as e:\n        return [t.cancelled(), str(e.exceptions[0])]\nawait main()",
        [True, "body"],
    ),
    "body that waits is interrupted by a failing task": (
        "async def main():\n    try:\n        async with asyncio.TaskGroup() as group:\n            group.create_task(get('no'))\n"
        "            await asyncio.sleep(100)\n            return 'went on'\n    except Exception as e:\n"
        "        await asyncio.sleep(0)\n        return str(e.exceptions[0])\nawait main()",
        "no",
    ),
    "cancelled task": (
        "async def main():\n    t = asyncio.create_task(asyncio.sleep(100))\n    await asyncio.sleep(0)\n    t.cancel()\n    try:\n"
        "        await t\n    except asyncio.CancelledError:\n        return [t.done(), t.cancelled()]\nawait main()",
        [True, True],
    ),
    "cancellation is no Exception": (
        "async def f():\n    try:\n        await asyncio.sleep(100)\n    except Exception:\n        return 'caught'\n"
        "async def main():\n    t = asyncio.create_task(f())\n    await asyncio.sleep(0)\n    t.cancel()\n"
        "    return (await asyncio.gather(t, return_exceptions=True))[0]\ntype(await main()).__name__",
        "CancelledError",
    ),
    "wait_for in time": ("await asyncio.wait_for(get(1), 5)", 10),
    "wait_for too late": ("await asyncio.wait_for(asyncio.sleep(100), 5)", "TimeoutError: "),
    "wait_for without a timeout": ("await asyncio.wait_for(get(1), None)", 10),
    "wait_for cancels what it waited for": (
        "async def main():\n    t = asyncio.create_task(asyncio.sleep(100))\n    try:\n        await asyncio.wait_for(t, 1)\n"
        "    except TimeoutError:\n        return t.cancelled()\nawait main()",
        True,
    ),
    "timeout of a block": (
        "async def main():\n    try:\n        async with asyncio.timeout(1):\n            await asyncio.sleep(100)\n"
        "    except TimeoutError:\n        return 'late'\nawait main()",
        "late",
    ),
    "shield": (
        "async def main():\n    t = asyncio.create_task(asyncio.sleep(3, 'kept'))\n    try:\n"
        "        await asyncio.wait_for(asyncio.shield(t), 1)\n    except TimeoutError:\n        return await t\nawait main()",
        "kept",
    ),
    "task that is made with a name": (
        "async def main():\n    t = asyncio.create_task(get(1), name='one')\n    async with asyncio.TaskGroup() as group:\n"
        "        u = group.create_task(get(2), name=2)\n    v = asyncio.create_task(get(3))\n    v.set_name('three')\n"
        "    await t\n    return [t.get_name(), u.get_name(), v.get_name()]\nawait main()",
        ["one", "2", "three"],
    ),
    "parallel gives failures in their places": (
        "[type(r).__name__ for r in parallel(get, [1, 'no', 3], return_exceptions=True)]",
        ["int", "AppError", "int"],
    ),
    "parallel wants the function first": (
        "parallel([1, 2], get)",
        "TypeError: parallel takes the function first: parallel(function, items)",
    ),
    "parallel raises the first failure": ("parallel(get, [1, 'no', 3])", "AppError: no"),
    "queue and workers": (
        "async def main():\n    queue, out = asyncio.Queue(), []\n    async def work():\n        while True:\n"
        "            n = await queue.get()\n            out.append(await get(n))\n            queue.task_done()\n"
        "    workers = [asyncio.create_task(work()) for _ in range(2)]\n    for n in (1, 2, 3):\n        await queue.put(n)\n"
        "    await queue.join()\n    for w in workers:\n        w.cancel()\n    return sorted(out)\nawait main()",
        [10, 20, 30],
    ),
    "event": (
        "async def main():\n    event, out = asyncio.Event(), []\n    async def waiter():\n        await event.wait()\n"
        "        out.append(1)\n    t = asyncio.create_task(waiter())\n    await asyncio.sleep(0)\n    out.append(0)\n"
        "    event.set()\n    await t\n    return out\nawait main()",
        [0, 1],
    ),
    "task that waits for itself by a ring": (
        "async def main():\n    event = asyncio.Event()\n    await event.wait()\nawait main()",
        "RuntimeError: this await would never end; await capabilities, asyncio.sleep or asyncio.gather",
    ),
    "sleeps are side by side": (
        "start = time.monotonic()\nawait asyncio.gather(asyncio.sleep(5), asyncio.sleep(5))\ntime.monotonic() - start",
        5.0,
    ),
}


@pytest.mark.parametrize(("source", "value"), FAILURES.values(), ids=FAILURES)
def test_failure_cancellation_and_time_are_as_in_asyncio(source: str, value: object) -> None:
    assert run(source)[0] == value


def test_call_of_a_task_that_nobody_waits_for_is_made_before_the_run_ends() -> None:
    assert run("task = asyncio.create_task(crm.get(1))\n'done'") == ("done", [[1]])


def test_what_only_waits_for_time_ends_with_the_run() -> None:
    assert run("task = asyncio.create_task(asyncio.sleep(1_000_000))\n'done'") == ("done", [])


def test_call_that_is_cancelled_before_it_leaves_is_not_made() -> None:
    source = (
        "async def main():\n    t = asyncio.create_task(crm.get(1))\n    t.cancel()\n    return t.done()\nawait main()"
    )

    assert run(source)[1] == []


def test_twin_has_the_defaults_of_its_function_evaluated_once() -> None:
    source = (
        "made = []\ndef default():\n    made.append(1)\n    return 5\ndef fetch(n, more=default(), *, last=default()):\n"
        "    return crm.get(n) + more + last\n[parallel(fetch, [1, 2]), len(made)]"
    )

    assert run(source) == ([[20, 30], 2], [[1, 2]])


def test_limit_passes_through_tasks_at_once() -> None:
    class Limit(BaseException):
        pass

    def limit() -> None:
        raise Limit

    source = (
        "async def main():\n    try:\n        async with asyncio.TaskGroup() as group:\n"
        "            group.create_task(work())\n    except:\n        pass\nasync def work(): limit()\nawait main()"
    )
    program = policy.translate(policy.parse(source), facades=policy.FACADES)

    result = sandbox.run(program, names={"limit": limit}, inputs={}, facades=policy.FACADES, print_limit=10)

    assert isinstance(result, sandbox.Raised)
    assert isinstance(result.error, Limit)


MANIFEST = Manifest.read(PACKAGE)


def frames_of(code: str, *, together: int) -> tuple[list[int], dict[str, object]]:
    """Let a worker run a snippet; the host answers only when so many calls have come. Gives the frames' sizes."""
    worker = subprocess.Popen(worker_command(Limits()), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={})
    assert worker.stdin is not None
    assert worker.stdout is not None
    reader = FrameReader(1_000_000)
    sizes: list[int] = []
    waiting: list[int] = []
    last: dict[str, object] = {}

    def say(message: Mapping[str, object]) -> None:
        assert worker.stdin is not None
        worker.stdin.write(encode_trusted(message))
        worker.stdin.flush()

    with worker:
        while data := os.read(worker.stdout.fileno(), 65_536):
            for body in reader.feed(data):
                message = decode_json(body)
                last = dict(message)
                if message["type"] == "ready":
                    say(run_message(Opening(source=code, inputs={}, started_ns=0, seed=1), Policy()))
                elif message["type"] == "need":
                    say(stubs_message(MANIFEST, message["names"]))
                elif message["type"] == "call":
                    sizes.append(len(message["calls"]))
                    waiting += [call["id"] for call in message["calls"]]
                    if len(waiting) == together:
                        for call_id in reversed(waiting):
                            client = {"id": f"CL-{call_id}", "name": "A", "adviser": "B"}
                            reply = {"id": call_id, "ok": True, "value": client}
                            say({"type": "reply", "elapsed_us": 1, "replies": [reply]})
                elif message["type"] == "wait":
                    say({"type": "reply", "elapsed_us": 1, "replies": [], "woken": message["id"]})
                else:
                    worker.stdin.close()  # the run is over: the host says when the process may end
    return sizes, last


@pytest.mark.parametrize(
    "code",
    [
        "[c.id for c in await asyncio.gather(*[crm.get_client(str(n)) for n in range(8)])]",
        "def fetch(n):\n    return crm.get_client(str(n)).id\nparallel(fetch, range(8))",
        "async def fetch(n):\n    return (await crm.get_client(str(n))).id\nawait asyncio.gather(*map(fetch, range(8)))",
    ],
    ids=["gather", "parallel", "async function"],
)
def test_worker_sends_calls_in_one_frame_and_takes_replies_in_any_order(code: str) -> None:
    sizes, last = frames_of(code, together=8)

    assert sizes == [8]
    assert last["value"] == [f"CL-{n}" for n in range(1, 9)]


def test_worker_waits_for_time_and_replies_at_once() -> None:
    code = (
        "async def main():\n    try:\n        await asyncio.wait_for(crm.get_client('x'), 0.01)\n"
        "    except TimeoutError:\n        return 'late'\nawait main()"
    )

    assert frames_of(code, together=2)[1]["value"] == "late"
