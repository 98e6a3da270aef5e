"""Workers that are forked from a zygote: the host's end of the zygote's socket, and of each worker's pipes.

Reads and writes are `os.read` and `os.write` on pipes that the event loop watches: a transport and a thread fewer. The
kernel's parent-death signal follows the thread that started the zygote, which is the event loop's.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable, Collection
from time import perf_counter
from typing import Final

from ioconnect_codemode.errors import WorkerLost
from ioconnect_codemode.frames import FAILS, HOLDS, UNCHECKED
from ioconnect_codemode.launch import ZygoteProcess
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.process import WorkerProcess, processor_seconds
from ioconnect_codemode.processors import move_away
from ioconnect_codemode.spinning import Spin, Turn
from ioconnect_codemode.zygote_words import ANSWER, BOUNDS, FORK, LEARN, REQUEST, SPARE, bits_of

_READ_BYTES: Final = 256 * 1024
_PIPE_BYTES: Final = 64 * 1024  # what a pipe holds unless told otherwise
_WIDE_BYTES: Final = 1024 * 1024  # the most that Linux gives to a process without privileges
_UNWRITTEN_BYTES: Final = 1024 * 1024  # behind what the pipe holds; a worker that waits reads at once
_TAKING_S: Final = 0.002
"""How long a worker is waited for that takes in a large answer: what the pipe doesn't hold leaves before it is checked. A
megabyte takes some 0.4 ms."""
_END_S = 5  # a zygote ends in milliseconds when its socket is closed

if sys.platform != "win32":
    import fcntl

    class Zygote:
        """A zygote process, with the event loop watching its socket."""

        def __init__(self, process: ZygoteProcess, limits: Limits) -> None:
            self._limits = limits
            self._loop = asyncio.get_running_loop()
            self._process = process
            self._control = process.control
            self._control.setblocking(False)
            self._bounds: bytes | None = REQUEST.pack(BOUNDS, processor_seconds(limits), limits.memory_bytes)
            self._lesson: int | None = None
            self._unsent: deque[tuple[bytes, ForkedWorker]] = deque()
            self._unanswered: dict[int, ForkedWorker] = {}
            self._last_request = 0
            self._spares_asked: set[int] = set()
            self._has_loaded = False
            self._ended: asyncio.Future[None] = self._loop.create_future()
            self._loop.add_reader(self._control, self._take_answer)

        @property
        def process_id(self) -> int:
            """Number of the process."""
            return self._process.process_id

        @property
        def is_over(self) -> bool:
            """Whether it has ended; another one is needed then."""
            return self._ended.done()

        @property
        def has_loaded(self) -> bool:
            """Whether it has everything loaded: a worker that is asked for comes at once."""
            return self._has_loaded

        def fork(self, *, modules: Collection[str] | None = None, is_spare: bool = False) -> ForkedWorker:
            """Give a worker whose process is asked for.

            Args:
                modules: The safe modules that the worker's run names, where it may start before the zygote has loaded the
                    others; None for all.
                is_spare: Whether nobody waits for it yet.

            Raises:
                OSError: There are no descriptors left.
            """
            worker = ForkedWorker(self._limits)
            self._last_request += 1
            if is_spare:
                self._spares_asked.add(self._last_request)
            kind = SPARE if is_spare else FORK
            self._unsent.append((REQUEST.pack(kind, self._last_request, bits_of(modules)), worker))
            self._send_requests()
            return worker

        def teach(self, lesson: bytes) -> None:
            """Have it load a part of the catalog, for the workers that are asked for from now on.

            Raises:
                OSError: There are no descriptors left, or no room for the file.
            """
            self._drop_lesson()
            self._lesson = _file_of(lesson)
            self._send_requests()

        async def close(self) -> None:
            """End the zygote and its children, and wait until they are gone."""
            if not self.is_over:
                self._control.shutdown(socket.SHUT_WR)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_END_S):
                        await asyncio.shield(self._ended)
            self._end()

        def _send_requests(self) -> None:
            try:
                if self._bounds is not None:
                    self._control.send(self._bounds)
                    self._bounds = None
                while self._unsent:
                    request, worker = self._unsent[0]
                    if not worker.is_over:
                        socket.send_fds(self._control, [request], worker.their_pipes)
                        worker.close_theirs()
                        self._unanswered[REQUEST.unpack(request)[1]] = worker
                    self._unsent.popleft()
                if self._lesson is not None:
                    socket.send_fds(self._control, [REQUEST.pack(LEARN, 0, 0)], [self._lesson])
                    self._drop_lesson()
            except BlockingIOError:
                self._loop.add_writer(self._control, self._send_requests)
            except OSError:
                self._end()
            else:
                self._loop.remove_writer(self._control)

        def _drop_lesson(self) -> None:
            if self._lesson is not None:
                os.close(self._lesson)
                self._lesson = None

        def _take_answer(self) -> None:
            try:
                data, fds, _, _ = socket.recv_fds(self._control, ANSWER.size, 1)
            except BlockingIOError:
                return
            except OSError:
                data, fds = b"", []
            if not data:
                self._end()
                return
            number, process_id = ANSWER.unpack(data)
            if number in self._spares_asked:  # it serves them when it has loaded everything
                self._spares_asked.clear()
                self._has_loaded = True
            self._unanswered.pop(number).born(process_id, fds[0] if fds else None)

        def _end(self) -> None:
            if self._ended.done():
                return
            self._ended.set_result(None)
            self._drop_lesson()
            self._loop.remove_reader(self._control)
            self._loop.remove_writer(self._control)
            self._process.end()  # it has closed its socket or is killed: nothing to wait for
            for worker in (*self._unanswered.values(), *(worker for _, worker in self._unsent)):
                worker.lose(WorkerLost("the zygote ended"))

    class ForkedWorker(WorkerProcess):
        """A worker that a zygote forks.

        Attributes:
            their_pipes: The worker's ends of its pipes, to read and to write, until the zygote has got them.

        Raises:
            OSError: There are no descriptors left.
        """

        def __init__(self, limits: Limits) -> None:
            super().__init__(limits)
            self._loop = asyncio.get_running_loop()
            self._process_id: int | None = None
            self._pidfd: int | None = None
            self._unwritten = bytearray()
            self._is_wide = False
            self._turn = Turn(Spin(self._move_away))
            their_read, self._write_fd = os.pipe()
            try:
                self._read_fd, their_write = os.pipe()
            except OSError:
                os.close(their_read)
                os.close(self._write_fd)
                raise
            self.their_pipes: list[int] = [their_read, their_write]
            os.set_blocking(self._read_fd, False)
            os.set_blocking(self._write_fd, False)

        @property
        def process_id(self) -> int | None:
            """Number of the process, None before the zygote has answered."""
            return self._process_id

        def born(self, process_id: int, pidfd: int | None) -> None:
            """Take the zygote's answer: the number of the process, 0 where none could be started, and its descriptor."""
            if not process_id:
                self.lose(WorkerLost("no process can be started"))
                return
            self._process_id, self._pidfd = process_id, pidfd
            if self.is_over:
                self._kill_process()
            else:  # not before: whoever has a worker has its number
                self._loop.add_reader(self._read_fd, self._readable)

        def close_theirs(self) -> None:
            """Close the worker's ends of the pipes: the zygote has them, or nobody will."""
            while self.their_pipes:
                os.close(self.their_pipes.pop())

        def has_died(self) -> bool:
            """Look at the process itself where the kernel has descriptors of processes."""
            if self._pidfd is None:
                return self.is_over
            watch = select.poll()
            watch.register(self._pidfd, select.POLLIN)
            return bool(watch.poll(0))

        def send_if(self, frame: bytes, holds: Callable[[], bool]) -> bool:
            """Send a message if a check says so; of a large one the worker makes objects while it is checked."""
            if len(frame) <= _PIPE_BYTES or self._unwritten or self.is_over:
                return super().send_if(frame, holds)
            self._write(UNCHECKED)
            self._write(frame)
            self._move_away()  # woken on this processor, it would wait there for the check to end
            self._write_on()
            does_hold = False
            try:
                does_hold = holds()
            finally:
                self.send_frame(HOLDS if does_hold else FAILS)
            return does_hold

        async def wait(self) -> None:
            """Return at once: the zygote reaps its children, and has when its `close` returns."""

        def _readable(self) -> None:
            """Take what has come; while this is the only run and its worker is about to call again, what comes next too."""
            if self._turn.take(self._read, self._answer) == b"":
                self.lose(WorkerLost("the worker ended"))

        def _answer(self, data: bytes) -> bool:
            self.receive(data)
            return self.may_call_at_once and not self._unwritten

        def _read(self) -> bytes | None:
            try:
                return os.read(self._read_fd, _READ_BYTES)
            except BlockingIOError:
                return None

        def _move_away(self) -> bool:
            """Move the worker off our processor: there it can't answer while we look."""
            return self._process_id is not None and move_away(self._process_id)

        def _write(self, frame: bytes) -> None:
            if not self._unwritten:
                if len(frame) > _PIPE_BYTES:
                    self._widen()
                try:
                    written = os.write(self._write_fd, frame)
                    if written == len(frame):
                        return
                except BlockingIOError:
                    written = 0
                except BrokenPipeError:  # it has ended; reading says so
                    return
                frame = frame[written:]
                self._loop.add_writer(self._write_fd, self._writable)
            self._unwritten += frame
            if len(self._unwritten) > _UNWRITTEN_BYTES:
                self.pause_writing()

        def _widen(self) -> None:
            """Have the pipe hold more from here on, so that a large message takes fewer turns of both processes."""
            if not self._is_wide and sys.platform == "linux":
                self._is_wide = True
                with contextlib.suppress(OSError):  # beyond what the kernel lets one user have in pipes
                    fcntl.fcntl(self._write_fd, fcntl.F_SETPIPE_SZ, _WIDE_BYTES)

        def _write_on(self) -> None:
            """Write more of what the pipe didn't hold, for as long as the worker reads at once."""
            until = perf_counter() + _TAKING_S
            watch = select.poll()
            watch.register(self._write_fd, select.POLLOUT)
            while self._unwritten and (left_s := until - perf_counter()) > 0 and watch.poll(left_s * 1_000):
                self._writable()

        def _writable(self) -> None:
            del self._unwritten[: self._write_some(self._unwritten)]
            if not self._unwritten:
                self._loop.remove_writer(self._write_fd)
                self.resume_writing()

        def _write_some(self, data: bytes | bytearray) -> int:
            try:
                return os.write(self._write_fd, data)
            except BlockingIOError:
                return 0
            except BrokenPipeError:  # it has ended; reading says so
                return len(data)

        def _end(self) -> None:
            self._loop.remove_reader(self._read_fd)
            self._loop.remove_writer(self._write_fd)
            os.close(self._read_fd)
            os.close(self._write_fd)
            self.close_theirs()
            self._kill_process()

        def _kill_process(self) -> None:
            """Kill the process if there is one yet; the descriptor makes sure that no other is hit."""
            with contextlib.suppress(ProcessLookupError):
                if self._pidfd is not None and sys.platform == "linux":
                    signal.pidfd_send_signal(self._pidfd, signal.SIGKILL)
                elif self._process_id is not None:
                    os.kill(self._process_id, signal.SIGKILL)
            if self._pidfd is not None:
                os.close(self._pidfd)
                self._pidfd = None

    def _file_of(data: bytes) -> int:
        """Give the descriptor of a file without a name that holds the data and is read from its beginning."""
        if sys.platform == "linux":
            fd = os.memfd_create("codemode")
        else:
            import tempfile

            with tempfile.TemporaryFile() as file:
                fd = os.dup(file.fileno())
        try:
            left = memoryview(data)
            while left:
                left = left[os.write(fd, left) :]
            os.lseek(fd, 0, os.SEEK_SET)
        except OSError:
            os.close(fd)
            raise
        return fd
