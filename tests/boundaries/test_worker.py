"""What a worker has, and what it hasn't: its process looked at from inside and outside the language."""

from __future__ import annotations

import ast
import asyncio
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar, cast

import pytest

from checkout import environment
from ioconnect_codemode import CodeMode, Limits, Outcome
from ioconnect_codemode.confine import LINUX
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.launch import import_folders
from ioconnect_codemode.limits import Limits as RunLimits
from ioconnect_codemode.pool import Pool, Start, WorkerLost, WorkerProcess
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, with_desk

T = TypeVar("T")

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


STARTS: tuple[Start, ...] = ("spawn",) if sys.platform == "win32" else ("fork", "spawn")


@pytest.fixture(params=STARTS)
def start(request: pytest.FixtureRequest) -> Start:
    """Each way to start a worker that this platform has."""
    return cast("Start", request.param)


def with_pool(act: Callable[[Pool], Awaitable[T]], start: Start, **options: object) -> T:
    """Make a pool, let `act` use it, close it."""

    async def opened() -> T:
        pool = Pool(RunLimits(), spares=0, start=start, **options)  # type: ignore[arg-type]
        try:
            return await act(pool)
        finally:
            await pool.close()

    return asyncio.run(opened())


def seen_of_a_worker(start: Start) -> dict[str, str]:
    """Start a worker and give what /proc says of it; only root may look into what is hidden."""

    async def act(pool: Pool) -> dict[str, str]:
        folder = Path(f"/proc/{(await pool.take()).process_id}")
        return {
            "environ": (folder / "environ").read_text(encoding="utf-8"),
            "fds": json.dumps(sorted(str(entry.readlink()) for entry in (folder / "fd").iterdir())),
            "cwd": str((folder / "cwd").readlink()),
            "limits": (folder / "limits").read_text(encoding="utf-8"),
            "maps": (folder / "maps").read_text(encoding="utf-8"),
            "status": (folder / "status").read_text(encoding="utf-8"),
        }

    return with_pool(act, start)


needs_root = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0, reason="a locked worker's /proc is open to root only"
)


@needs_root
def test_a_worker_inherits_no_environment_variable(monkeypatch: pytest.MonkeyPatch, start: Start) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "do not pass on")
    assert re.fullmatch(r"PYTHONHASHSEED=[1-9][0-9]*\0", seen_of_a_worker(start)["environ"])


@needs_root
def test_a_worker_has_no_descriptor_beyond_its_pipes(tmp_path: Path, start: Start) -> None:
    with (tmp_path / "open in the host").open("w", encoding="utf-8") as held:
        os.set_inheritable(held.fileno(), True)
        seen: list[str] = json.loads(seen_of_a_worker(start)["fds"])
    assert len(seen) == 2
    assert all(one.startswith("pipe:") for one in seen)


@needs_root
def test_a_worker_runs_in_the_root_folder_with_all_limits_set(start: Start) -> None:
    seen = seen_of_a_worker(start)
    assert seen["cwd"] == "/"
    limits = {line[:25].strip(): line[25:].split()[:2] for line in seen["limits"].splitlines()[1:]}
    assert limits["Max address space"] == [str(RunLimits().memory_bytes)] * 2
    assert limits["Max cpu time"] == ["15", "15"]
    for name in ("file size", "core file size", "processes", "open files", "locked memory"):
        assert limits[f"Max {name}"] == ["0", "0"], name


@needs_root
def test_a_worker_has_one_thread_a_filter_and_no_new_privileges(start: Start) -> None:
    status = dict(line.split(":", 1) for line in seen_of_a_worker(start)["status"].splitlines())
    facts = {name: status[name].strip() for name in ("Threads", "NoNewPrivs", "Seccomp")}
    assert facts == {"Threads": "1", "NoNewPrivs": "1", "Seccomp": "2"}


@needs_root
def test_no_page_of_a_worker_can_be_written_and_executed(start: Start) -> None:
    assert [line for line in seen_of_a_worker(start)["maps"].splitlines() if "wx" in line.split()[1]] == []


@needs_root
def test_a_spawned_worker_has_not_loaded_what_opens_sockets() -> None:
    maps = seen_of_a_worker("spawn")["maps"]
    assert "_socket" not in maps
    assert "_ssl" not in maps


def test_a_worker_reports_the_layers_in_force(start: Start) -> None:
    async def act(pool: Pool) -> dict[str, str]:
        return (await pool.take()).layers

    layers = with_pool(act, start)
    if sys.platform == "linux":
        assert list(layers) == list(LINUX)
        assert {layer for name, layer in layers.items() if name != "landlock"} == {"on"}


def test_a_layer_that_is_required_and_missing_means_refusal() -> None:
    async def act() -> Outcome:
        transport = EmbeddedTransport({})
        async with CodeMode.open(PACKAGE, transport=transport, require_layers=["seccomp", "moat"]) as code_mode:
            return await code_mode.execute_python_code("1 + 1")

    error = asyncio.run(act()).error
    assert error is not None
    assert (error.kind, error.state) == ("worker_lost", "nothing was run")
    assert error.message.endswith("required: moat (off: there is no such layer here)")


def test_one_string_is_no_collection_of_layers() -> None:
    with pytest.raises(UsageError, match="not one string"):
        CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), require_layers="seccomp")


def loaded_by(room: str) -> tuple[list[str], list[str]]:
    """Import a room where only the standard library and RestrictedPython are; give what it loaded to open things with.

    Before and after it forgets what only the lock needed.
    """
    code = """
import sys
allowed = {{"ioconnect_codemode", "ioconnect_schemas", "RestrictedPython"}}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        built = root.startswith("_sysconfigdata")  # the standard library's own record of its build, named by platform
        if root not in allowed and root not in sys.stdlib_module_names and not built:
            raise ImportError("the worker imports " + name)

sys.meta_path.insert(0, Refuse())
import ioconnect_codemode.{room}
from ioconnect_codemode import confine, preload, worker
preload.preload()
steps = confine.load_steps()
opens = {{"socket", "_socket", "select", "subprocess", "ssl", "asyncio", "ctypes", "_ctypes", "resource"}}
print(sorted(opens & sys.modules.keys()))
worker.forget_disk()
print(sorted(opens & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code.format(room=room)],
        capture_output=True,
        text=True,
        env=environment(),
    )
    assert done.stderr == ""
    before, after = map(ast.literal_eval, done.stdout.splitlines())
    return before, after


@linux_only
def test_a_workers_rooms_load_only_what_the_lock_needs_and_forget_it() -> None:
    assert loaded_by("worker") == (["_ctypes", "resource"], [])


@linux_only
def test_a_zygote_adds_its_socket_and_its_poll() -> None:
    before, _ = loaded_by("zygote")
    assert before == ["_ctypes", "_socket", "resource", "select"]


def test_a_zygote_loads_no_dataclasses_before_its_first_fork() -> None:
    code = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        asks = sys._getframe(1)
        while asks.f_code.co_filename.startswith("<frozen"):
            asks = asks.f_back
        if name in ("dataclasses", "inspect") and asks.f_globals["__name__"].startswith("ioconnect_codemode"):
            raise ImportError(asks.f_globals["__name__"] + " imports " + name)

sys.meta_path.insert(0, Refuse())
from ioconnect_codemode import confine, zygote
zygote.Preload()
confine.load_steps()
print("reached")
"""
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(import_folders())},
    )
    assert (done.stdout, done.stderr) == ("reached\n", "")


def test_while_one_snippet_loops_another_is_served() -> None:
    async def act(code_mode: CodeMode) -> tuple[Outcome, bool, Outcome]:
        looping = asyncio.create_task(code_mode.execute_python_code("while True: pass"))
        served = await code_mode.execute_python_code('crm.find_clients("Amelia Reid")[0].adviser')
        was_looping = not looping.done()
        return served, was_looping, await looping

    served, was_looping, looped = with_desk(act, limits=Limits(timeout_s=3))
    assert served.value == "Jonas Weber"
    assert was_looping
    assert looped.error is not None
    assert looped.error.kind == "timeout"


def test_cancelling_a_run_kills_its_worker_and_cancels_its_calls() -> None:
    cancelled: list[str] = []

    async def act() -> None:
        started = asyncio.Event()

        async def waits(arguments: dict[str, JsonValue]) -> JsonValue:
            started.set()
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                cancelled.append("call")
                raise
            return None

        transport = EmbeddedTransport({"CRM.GetClient": waits})
        async with CodeMode.open(PACKAGE, transport=transport, spares=0) as code_mode:
            run = asyncio.create_task(code_mode.execute_python_code("crm.get_client('x')"))
            await started.wait()
            run.cancel()
            with pytest.raises(asyncio.CancelledError):
                await run
            cancelled.append("run")

    asyncio.run(act())
    assert sorted(cancelled) == ["call", "run"]


def test_a_worker_that_is_killed_costs_its_own_run_only() -> None:
    async def act() -> tuple[Outcome, Outcome]:
        def kill(arguments: dict[str, JsonValue]) -> None:
            for worker in code_mode.worker_processes:
                os.kill(worker, 9)

        transport = EmbeddedTransport({"CRM.GetClient": kill})
        async with CodeMode.open(PACKAGE, transport=transport, spares=0) as code_mode:
            lost = await code_mode.execute_python_code("crm.get_client('x')")
            return lost, await code_mode.execute_python_code("1 + 1")

    lost, served = asyncio.run(act())
    assert lost.error is not None
    assert lost.error.kind == "worker_lost"
    assert served.value == 2


def test_a_worker_that_can_t_start_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(code_mode: CodeMode) -> Outcome:
        return await code_mode.execute_python_code("1")

    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    outcome = with_desk(act)
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state) == ("worker_lost", "nothing was run")


@linux_only
def test_closing_leaves_no_process_behind() -> None:
    async def act() -> list[int]:
        pool = Pool(RunLimits(), spares=2)
        pool.fill()
        workers = [await pool.take() for _ in range(2)]
        await pool.close()
        return [worker.process_id for worker in workers if worker.process_id is not None]

    assert not [one for one in asyncio.run(act()) if Path(f"/proc/{one}").exists()]


@linux_only
def test_a_host_that_is_killed_leaves_no_worker_behind() -> None:
    code = """
import asyncio, sys
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.pool import Pool

async def main():
    worker = await Pool(Limits(), spares=0).take()
    print(worker.process_id, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""
    host = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment())
    assert host.stdout is not None
    worker = Path(f"/proc/{int(host.stdout.readline())}")
    assert _is_alive(worker)
    host.kill()
    host.wait()
    host.stdout.close()
    _wait_for_the_end_of(worker)


def test_a_message_out_of_turn_ends_the_worker() -> None:
    async def act() -> str:
        pool = Pool(RunLimits(), spares=0)
        worker = await pool.take()
        lost: asyncio.Future[WorkerLost] = asyncio.get_running_loop().create_future()
        worker.on_lost = lost.set_result
        worker.receive(b"\x04\x00\x00\x00null")
        reason = await lost
        await pool.close()
        return str(reason)

    assert asyncio.run(act()) == "a message that is not an object"


def test_a_frame_beyond_the_limit_is_refused_by_its_header() -> None:
    async def act() -> str:
        pool = Pool(RunLimits(call_bytes=4_096), spares=0)
        worker: WorkerProcess = await pool.take()
        lost: asyncio.Future[WorkerLost] = asyncio.get_running_loop().create_future()
        worker.on_lost = lost.set_result
        worker.receive((4_097).to_bytes(4, "little"))
        reason = await lost
        await pool.close()
        return str(reason)

    assert asyncio.run(act()) == "a message of 4,097 bytes; the limit is 4,096"


@linux_only
def test_workers_of_one_zygote_draw_different_random_numbers() -> None:
    async def act() -> list[JsonValue]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=0) as code_mode:
            code = "import random, uuid\n[random.random(), random.Random().random(), str(uuid.uuid4())]"
            outcomes = [await code_mode.execute_python_code(code) for _ in range(3)]
            return [outcome.value for outcome in outcomes]

    drawn = [part for value in asyncio.run(act()) for part in cast("list[JsonValue]", value)]
    assert len(set(map(str, drawn))) == 9


@linux_only
def test_a_zygote_that_is_killed_is_replaced_and_its_spares_too() -> None:
    async def act() -> tuple[JsonValue, JsonValue, bool]:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=2) as code_mode:
            first = await code_mode.execute_python_code("1 + 1")
            pool = pool_of(code_mode)
            zygote = pool.zygote_id
            assert zygote is not None
            os.kill(zygote, signal.SIGKILL)
            while pool.zygote_id == zygote:
                await asyncio.sleep(0)
            second = await code_mode.execute_python_code("2 + 2")
            return first.value, second.value, pool.zygote_id not in (None, zygote)

    assert asyncio.run(act()) == (2, 4, True)


@linux_only
def test_a_spare_that_is_killed_is_not_given_to_a_run() -> None:
    async def act() -> Outcome:
        async with CodeMode.open(PACKAGE, transport=EmbeddedTransport({}), spares=1) as code_mode:
            await code_mode.execute_python_code("1")
            while not code_mode.has_ready_worker:
                await asyncio.sleep(0)
            for worker in code_mode.worker_processes:
                os.kill(worker, signal.SIGKILL)
                while _is_alive(Path(f"/proc/{worker}")):
                    os.sched_yield()
            return await code_mode.execute_python_code("1 + 1")

    assert asyncio.run(act()).value == 2


@linux_only
def test_a_zygote_that_can_t_load_its_rooms_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    async def act(code_mode: CodeMode) -> Outcome:
        return await code_mode.execute_python_code("1")

    monkeypatch.setattr(sys, "executable", "/bin/false")
    outcome = with_desk(act)
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.message) == ("worker_lost", "the zygote ended")


@linux_only
def test_a_killed_host_leaves_neither_zygote_nor_computing_worker() -> None:
    code = f"""
import asyncio
from ioconnect_codemode import CodeMode
from ioconnect_codemode.transports import EmbeddedTransport

async def main():
    async with CodeMode.open({str(PACKAGE)!r}, transport=EmbeddedTransport({{}}), spares=2) as code_mode:
        await code_mode.execute_python_code("1")
        looping = asyncio.ensure_future(code_mode.execute_python_code("while True: pass"))
        while len(code_mode.worker_processes) < 3:
            await asyncio.sleep(0.001)
        print(code_mode._session.pool.zygote_id, *code_mode.worker_processes, flush=True)
        await looping

asyncio.run(main())
"""
    host = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env=environment())
    assert host.stdout is not None
    processes = [Path(f"/proc/{number}") for number in host.stdout.readline().split()]
    assert len(processes) >= 4
    assert all(map(_is_alive, processes))
    host.kill()
    host.wait()
    host.stdout.close()
    _wait_for_the_end_of(*processes)


def pool_of(code_mode: CodeMode) -> Pool:
    """Give the pool that a test looks into."""
    session = code_mode._session  # pyright: ignore[reportPrivateUsage]  # no public name: nobody else needs it
    assert session is not None
    return session.pool


def _wait_for_the_end_of(*processes: Path) -> None:
    """Wait for the kernel, which ends them one after the other; the test's own limit of time ends a wait in vain."""
    while any(map(_is_alive, processes)):
        time.sleep(0.01)  # not a busy loop: on a machine whose cores are taken it would keep them from ending


def _is_alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
