"""Worker processes: how one is started, spoken to and ended, and a few spares kept ready.

A worker gets an empty environment, two pipes and nothing else; it runs isolated (`-I -S`), so the host hands it the
folders of the three packages that it imports. It serves one run and is never used again.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import math
import os
import signal
import sys
from collections import deque
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import cast

from ioconnect_codemode.bridge import Conversation, Event, Ready
from ioconnect_codemode.errors import CodeModeError, FrameError
from ioconnect_codemode.frames import FrameReader, decode_json, encode_trusted
from ioconnect_codemode.limits import Limits

_BOOT = (
    "import sys, json; paths, memory, cpu = sys.argv[1:]; sys.argv[:] = ['']; sys.path[:0] = json.loads(paths); "
    "from ioconnect_codemode.worker import main; main(int(memory), int(cpu))"
)
_FLAGS = ("-I", "-S", "-B", "-X", "utf8")
_CPU_SPARE_S = 5  # for the worker's own start, and so that the host's clock is always first
_START_S = 30  # a worker starts in 0.1 s; on a machine with all cores busy it has taken 3 s


class WorkerLost(CodeModeError):
    """A worker ended or broke the protocol before its run was over."""

    kind = "worker_lost"


class WorkerProcess(asyncio.SubprocessProtocol):
    """One worker, from its start to its end.

    Attributes:
        on_event: Called with each event of the run, in order.
        on_lost: Called once with the reason when the worker ends or breaks the protocol; not after `kill`.
        layers: Confinement layers as the worker reports them; empty before it is ready.
    """

    def __init__(self, limits: Limits, born: Callable[[WorkerProcess], None]) -> None:
        self.on_event: Callable[[Event], None] | None = None
        self.on_lost: Callable[[WorkerLost], None] | None = None
        self.layers: dict[str, str] = {}
        self.conversation = Conversation()
        self._reader = FrameReader(limits.call_bytes)
        self._transport: asyncio.SubprocessTransport | None = None
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._exited: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._is_over = False
        self._pidfd: int | None = None
        self._born = born

    @classmethod
    async def start(cls, limits: Limits, *, born: Callable[[WorkerProcess], None]) -> WorkerProcess:
        """Start a worker and wait until it is ready.

        Args:
            limits: Memory and frame sizes of the worker.
            born: Called with the worker as soon as its process exists: whoever starts one must see to its end.

        Raises:
            WorkerLost: It did not start.
        """
        loop = asyncio.get_running_loop()
        environment = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if sys.platform == "win32" else {}
        _, worker = await loop.subprocess_exec(
            lambda: cls(limits, born),
            *command(limits),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment,
            cwd=Path(sys.executable).anchor,
            close_fds=True,
            start_new_session=sys.platform != "win32",
        )
        try:
            async with asyncio.timeout(_START_S):
                await worker._ready
        except TimeoutError:
            worker.kill()
            raise WorkerLost(f"the worker was not ready within {_START_S} s") from None
        except asyncio.CancelledError:
            worker.kill()
            raise
        return worker

    def send(self, message: dict[str, object]) -> int:
        """Send a message and give the size of its frame; a worker that has gone takes it without an error."""
        frame = encode_trusted(message)
        if self._transport is not None and not self._is_over:
            pipe = cast("asyncio.WriteTransport | None", self._transport.get_pipe_transport(0))
            if pipe is not None and not pipe.is_closing():
                pipe.write(frame)
        return len(frame)

    def kill(self) -> None:
        """End the process at once; nothing is reported any more. May be called twice."""
        self._is_over = True
        self.on_event = self.on_lost = None
        if self._transport is not None and not self._exited.done():
            _kill(self._transport, self._pidfd)

    @property
    def process_id(self) -> int | None:
        """Number of the process, None before it exists."""
        return None if self._transport is None else self._transport.get_pid()

    @property
    def is_over(self) -> bool:
        """Whether it was killed, or has ended by itself."""
        return self._is_over

    @property
    def has_exited(self) -> bool:
        """Whether the process is gone."""
        return self._exited.done()

    async def wait(self) -> None:
        """Wait until the process is gone."""
        await asyncio.shield(self._exited)

    # -- what asyncio calls ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the process."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        self._pidfd = _pidfd(self._transport.get_pid())
        self._born(self)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take what the worker says."""
        try:
            for body in self._reader.feed(data):
                if self._is_over:
                    return
                event = self.conversation.receive(decode_json(body))
                if isinstance(event, Ready):
                    self.layers = event.layers
                    if not self._ready.done():
                        self._ready.set_result(None)
                elif self.on_event is not None:
                    self.on_event(event)
        except FrameError as error:
            self._lose(WorkerLost(str(error)))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Note that the worker has closed a pipe: it can say nothing any more."""
        if fd == 1:
            self._lose(WorkerLost("the worker ended"))

    def process_exited(self) -> None:
        """Note that the process is gone, and let go of its pipes."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        if self._transport is not None:
            self._transport.close()
        if not self._exited.done():
            self._exited.set_result(None)

    def _lose(self, reason: WorkerLost) -> None:
        if self._is_over:
            return
        report = self.on_lost
        self.kill()
        if not self._ready.done():
            self._ready.set_exception(reason)
        elif report is not None:
            report(reason)


class Pool:
    """Workers that are ready before they are needed.

    Each run takes a worker that has served nobody; a new spare is started in its place. The pool grows with the runs
    that are waiting, not with the processor count: a waiting worker costs memory, not time.

    Args:
        limits: Memory and frame sizes of the workers.
        spares: How many ready workers are kept.
    """

    def __init__(self, limits: Limits, *, spares: int = 1) -> None:
        self._limits = limits
        self._spares = spares
        self._ready: deque[WorkerProcess] = deque()
        self._starting: set[asyncio.Task[None]] = set()
        self._born: set[WorkerProcess] = set()
        self._is_closed = False

    @property
    def has_ready_worker(self) -> bool:
        """Whether a worker is ready now."""
        return any(not worker.is_over for worker in self._ready)

    @property
    def process_ids(self) -> list[int]:
        """Numbers of the processes that are alive."""
        return [worker.process_id for worker in self._born if worker.process_id is not None and not worker.has_exited]

    def fill(self) -> None:
        """Start as many spares as are missing."""
        while not self._is_closed and len(self._ready) + len(self._starting) < self._spares:
            task = asyncio.get_running_loop().create_task(self._add_spare())
            self._starting.add(task)
            task.add_done_callback(self._starting.discard)

    async def take(self) -> WorkerProcess:
        """Give a ready worker that has served nobody.

        Raises:
            WorkerLost: None could be started.
        """
        while self._ready:
            worker = self._ready.popleft()
            if not worker.is_over:
                self.fill()
                return worker
        worker = await self._start()
        self.fill()
        return worker

    def give_back(self, worker: WorkerProcess) -> None:
        """End a worker that has served its run."""
        worker.kill()

    async def close(self) -> None:
        """End all workers, and wait until they are gone."""
        self._is_closed = True
        for task in list(self._starting):
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._born:
            worker.kill()
        await asyncio.gather(*(worker.wait() for worker in self._born))
        self._ready.clear()
        self._born.clear()

    async def _add_spare(self) -> None:
        with contextlib.suppress(WorkerLost, OSError):  # the run that needs one will meet the error itself
            self._ready.append(await self._start())

    async def _start(self) -> WorkerProcess:
        self._born = {worker for worker in self._born if not worker.has_exited}
        try:
            return await WorkerProcess.start(self._limits, born=lambda worker: self._born.add(worker))
        except OSError as error:
            raise WorkerLost(f"no worker can be started: {error.strerror or error}") from error


def _pidfd(process_id: int | None) -> int | None:
    if sys.platform != "linux" or process_id is None:
        return None
    try:
        return os.pidfd_open(process_id)
    except OSError:  # a kernel before 5.3, or a process that is gone already
        return None


def _kill(transport: asyncio.SubprocessTransport, pidfd: int | None) -> None:
    """Kill a process that may be gone already.

    Not by `transport.kill()` on POSIX: that reaps a process that has ended, behind the back of asyncio's own watcher,
    which then complains. The descriptor makes sure that no other process with the same number is hit.
    """
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            transport.kill()
        elif pidfd is not None:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
        else:
            os.kill(transport.get_pid(), signal.SIGKILL)


def command(limits: Limits) -> list[str]:
    """Give the command line of a worker; it speaks frames on its standard input and output."""
    cpu_s = math.ceil(limits.timeout_s) + _CPU_SPARE_S
    return [sys.executable, *_FLAGS, "-c", _BOOT, _import_folders(), str(limits.memory_bytes), str(cpu_s)]


@cache
def _import_folders() -> str:
    """Give the folders that hold the packages a worker imports, as JSON; an isolated Python doesn't know them."""
    folders: list[str] = []
    for package in ("ioconnect_codemode", "ioconnect_schemas", "RestrictedPython"):
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise WorkerLost(f"{package} is not installed")
        folders.append(str(Path(spec.origin).parent.parent))
    return json.dumps(list(dict.fromkeys(folders)))
