"""Workers that are started as a program of their own: where there is no fork, and where it is not wanted."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import signal
import sys
from pathlib import Path
from typing import cast

from ioconnect_codemode.errors import WorkerLost
from ioconnect_codemode.launch import environment
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.process import WorkerProcess, worker_command


class SpawnedWorker(WorkerProcess, asyncio.SubprocessProtocol):
    """A worker with its own interpreter, on the pipes of asyncio's subprocess."""

    def __init__(self, limits: Limits, *, hash_seed: int) -> None:
        super().__init__(limits)
        self._hash_seed = hash_seed
        self._limits = limits
        self._transport: asyncio.SubprocessTransport | None = None
        self._exited: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._pidfd: int | None = None

    async def start(self) -> None:
        """Start the process.

        Raises:
            OSError: The system refuses.
        """
        await asyncio.get_running_loop().subprocess_exec(
            lambda: self,
            *worker_command(self._limits),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=environment(self._hash_seed),
            cwd=Path(sys.executable).anchor,
            close_fds=True,
            start_new_session=sys.platform != "win32",
        )

    @property
    def process_id(self) -> int | None:
        """Number of the process, None before it exists."""
        return None if self._transport is None else self._transport.get_pid()

    def has_died(self) -> bool:
        """Look whether asyncio knows of its end."""
        return self._exited.done()

    async def wait(self) -> None:
        """Wait until the process is gone."""
        if self._transport is not None:
            await asyncio.shield(self._exited)

    # -- what asyncio calls ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the process, and put it into its job object on Windows."""
        self._transport = cast("asyncio.SubprocessTransport", transport)
        process_id = self._transport.get_pid()
        if sys.platform == "linux":
            with contextlib.suppress(OSError):  # a kernel before 5.3, or a process that is gone already
                self._pidfd = os.pidfd_open(process_id)
        if sys.platform == "win32":
            self._job = _job(self.layers, process_id, self._limits)
        if self._is_over:
            self._end()

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        """Take what the worker says."""
        self.receive(data)

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        """Note that the worker has closed a pipe: it can say nothing any more."""
        if fd == 1:
            self.lose(WorkerLost("the worker ended"))

    def process_exited(self) -> None:
        """Note that the process is gone, and let go of its pipes."""
        if self._pidfd is not None:
            os.close(self._pidfd)
            self._pidfd = None
        if self._transport is not None:
            self._transport.close()
        if not self._exited.done():
            self._exited.set_result(None)

    def _write(self, frame: bytes) -> None:
        if self._transport is not None:
            pipe = cast("asyncio.WriteTransport | None", self._transport.get_pipe_transport(0))
            if pipe is not None and not pipe.is_closing():
                pipe.write(frame)

    def _end(self) -> None:
        """Kill the process, which may be gone already.

        Not by `transport.kill()` on POSIX: that reaps a process that has ended, behind the back of asyncio's own
        watcher, which then complains. The descriptor makes sure that no other process with the same number is hit.
        """
        if self._transport is None or self._exited.done():
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                self._transport.kill()
            elif sys.platform == "linux" and self._pidfd is not None:
                signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
            else:
                os.kill(self._transport.get_pid(), signal.SIGKILL)


if sys.platform == "win32":
    from ioconnect_codemode.confine.windows import Job

    def _job(layers: dict[str, str], process_id: int, limits: Limits) -> Job | None:
        """Put a process into a job object and note the layer; the worker has been sent nothing yet."""
        try:
            job = Job(process_id, memory_bytes=limits.memory_bytes, cpu_s=math.ceil(limits.timeout_s))
        except OSError as error:
            layers["job"] = f"off: {error}"
            return None
        layers["job"] = "on"
        return job
