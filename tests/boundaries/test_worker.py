"""What a worker has, and what it hasn't: its process looked at from inside and outside the language."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ioconnect_codemode import CodeMode, Limits, Outcome
from ioconnect_codemode.limits import Limits as RunLimits
from ioconnect_codemode.pool import Pool, WorkerLost, WorkerProcess
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, with_desk

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks into /proc")


def seen_of_a_worker() -> dict[str, str]:
    """Start a worker and give what /proc says of it."""

    async def act() -> dict[str, str]:
        pool = Pool(RunLimits(), spares=0)
        worker = await pool.take()
        process_id = worker.process_id
        folder = Path(f"/proc/{process_id}")
        seen = {
            "environ": (folder / "environ").read_text(encoding="utf-8"),
            "fds": json.dumps(sorted(str(entry.readlink()) for entry in (folder / "fd").iterdir())),
            "cwd": str((folder / "cwd").readlink()),
            "limits": (folder / "limits").read_text(encoding="utf-8"),
            "maps": (folder / "maps").read_text(encoding="utf-8"),
        }
        await pool.close()
        return seen

    return asyncio.run(act())


@linux_only
def test_a_worker_inherits_no_environment_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "do not pass on")
    assert seen_of_a_worker()["environ"] == ""


@linux_only
def test_a_worker_has_no_descriptor_beyond_its_pipes(tmp_path: Path) -> None:
    with (tmp_path / "open in the host").open("w", encoding="utf-8") as held:
        os.set_inheritable(held.fileno(), True)
        seen: list[str] = json.loads(seen_of_a_worker()["fds"])
    assert [one for one in seen if not one.startswith("pipe:")] == ["/dev/null"] * 3
    assert len([one for one in seen if one.startswith("pipe:")]) == 2


@linux_only
def test_a_worker_runs_in_the_root_folder_with_its_memory_limited() -> None:
    seen = seen_of_a_worker()
    assert seen["cwd"] == "/"
    line = next(line for line in seen["limits"].splitlines() if line.startswith("Max address space"))
    assert line.split()[3:5] == [str(RunLimits().memory_bytes)] * 2


@linux_only
def test_a_worker_has_not_loaded_what_opens_sockets_or_processes() -> None:
    assert "_socket" not in seen_of_a_worker()["maps"]
    assert "_ssl" not in seen_of_a_worker()["maps"]


def test_a_worker_reports_the_layers_in_force() -> None:
    async def act() -> dict[str, str]:
        pool = Pool(RunLimits(), spares=0)
        worker = await pool.take()
        await pool.close()
        return worker.layers

    layers = asyncio.run(act())
    assert layers.keys() == {"memory", "cpu", "core", "files"}
    if sys.platform.startswith("linux"):
        assert set(layers.values()) == {"on"}


def test_the_workers_rooms_import_only_the_standard_library_and_restrictedpython() -> None:
    code = """
import sys
allowed = {"ioconnect_codemode", "ioconnect_schemas", "RestrictedPython"}

class Refuse:
    def find_spec(self, name, path=None, target=None):
        root = name.partition(".")[0]
        if root not in allowed and root not in sys.stdlib_module_names:
            raise ImportError(f"the worker imports {name}")

sys.meta_path.insert(0, Refuse())
import ioconnect_codemode.worker
print(sorted({"socket", "subprocess", "ssl", "asyncio", "ctypes"} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": _roots()}
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"


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
        transport = EmbeddedTransport({"CRM.GetClient": lambda arguments: _kill_children()})
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
    host = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": _roots()}
    )
    assert host.stdout is not None
    worker = Path(f"/proc/{int(host.stdout.readline())}")
    assert worker.exists()
    host.kill()
    host.wait()
    host.stdout.close()
    deadline = time.monotonic() + 10
    while _is_alive(worker) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _is_alive(worker)


@linux_only
def test_a_computing_worker_of_a_killed_host_ends_by_its_processor_time() -> None:
    code = f"""
import asyncio, sys
from ioconnect_codemode import CodeMode, Limits
from ioconnect_codemode.transports import EmbeddedTransport

async def main():
    transport = EmbeddedTransport({{}})
    async with CodeMode.open({str(PACKAGE)!r}, transport=transport, limits=Limits(timeout_s=1)) as code_mode:
        while not code_mode.has_ready_worker:
            await asyncio.sleep(0.01)
        (worker,) = code_mode.worker_processes
        asyncio.ensure_future(code_mode.execute_python_code("while True: pass"))
        await asyncio.sleep(0.05)
        print(worker, flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""
    host = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": _roots()}
    )
    assert host.stdout is not None
    worker = Path(f"/proc/{int(host.stdout.readline())}")
    assert _is_alive(worker)
    host.kill()
    host.wait()
    host.stdout.close()
    limit = next(line for line in (worker / "limits").read_text(encoding="utf-8").splitlines() if "cpu time" in line)
    assert limit.split()[3:5] == ["6", "6"]
    deadline = time.monotonic() + 60
    while _is_alive(worker) and time.monotonic() < deadline:
        os.sched_yield()
    assert not _is_alive(worker)


def test_a_message_out_of_turn_ends_the_worker() -> None:
    async def act() -> str:
        pool = Pool(RunLimits(), spares=0)
        worker = await pool.take()
        lost: asyncio.Future[WorkerLost] = asyncio.get_running_loop().create_future()
        worker.on_lost = lost.set_result
        worker.pipe_data_received(1, b"\x04\x00\x00\x00null")
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
        worker.pipe_data_received(1, (4_097).to_bytes(4, "little"))
        reason = await lost
        await pool.close()
        return str(reason)

    assert asyncio.run(act()) == "a message of 4,097 bytes; the limit is 4,096"


def _roots() -> str:
    root = Path(__file__).parents[2]
    return os.pathsep.join(str(root / name) for name in ("generator", "runtime", "schemas"))


def _is_alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _kill_children() -> None:
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text(encoding="utf-8").split()
    for child in children:
        os.kill(int(child), 9)
