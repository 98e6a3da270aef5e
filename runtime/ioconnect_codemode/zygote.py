"""The zygote: it loads everything that a worker needs, and forks one for each request of the host.

Started as `python -P -s -S -X utf8 -c BOOT ...` with a socket to the host as its standard input. It parses nothing that
a snippet or an app wrote, and has one thread. Its rules; the words are those of `zygote_words`:

1. The first word is `BOUNDS`; it waits for that with what every worker needs already loaded.
2. A request for a worker comes with the two descriptors of its pipes; the answer is the number of the child, with a
   descriptor of the process where the kernel has them (pidfd), so that the host never kills another one by mistake.
3. A run that waits is served as soon as the modules that it names are loaded. Everything else, spares among it, waits
   until all is loaded and rehearsed; where a run was served, that goes on when the run has had the machine for a moment.
4. A child closes, locks and serves as `worker.serve` says; its modules are those of the zygote, its state its own. What
   a lock hands on to forked processes the zygote has taken itself, with no page of memory written in the child; a child
   that was forked before the zygote could do without files takes the whole lock.
5. `LEARN` comes with the descriptor of a file: a part of the catalog, trusted as the package is, that workers forked
   from now on have without asking for it.
6. The zygote reaps its children when they end. It ends with its host: by the kernel's parent-death signal on Linux, and
   when the socket is closed; it takes its children with it.

Children of one zygote share its hash seed and the layout of its address space: neither can change in a running process.
"""

from __future__ import annotations

import _socket
import contextlib
import marshal
import os
import select
import struct
import sys
from collections import deque
from collections.abc import Callable, Collection, Iterator
from typing import Final

from ioconnect_codemode import confine, meanings, rehearsal, worker
from ioconnect_codemode.confine import Bounds
from ioconnect_codemode.policy.builtins import make_ahead
from ioconnect_codemode.preload import Preload
from ioconnect_codemode.zygote_words import ALL, ANSWER, FORK, LEARN, REQUEST, SPARE, modules_of

_TWO_DESCRIPTORS: Final = struct.Struct("@ii")
_ONLY_FOR_THE_ZYGOTE: Final = (
    "_socket",
    "select",
    "ioconnect_codemode.zygote",
    "ioconnect_codemode.zygote_words",
)
_DONE: Final = object()
_SIGKILL: Final = 9  # the module `signal` takes a hundredth of a start
_HEAD_START_MS: Final = 30  # of a run that was served early, before the zygote competes with it for a processor

if sys.platform != "win32":

    def main(parent: int) -> None:
        """Load everything, then fork a worker for each request until the host is gone."""
        control = _socket.socket(fileno=os.dup(0))
        confine.guard_zygote(parent)
        worker.drop_standard_streams()
        preload = Preload()
        steps = confine.load_steps()
        nursery = Nursery(control)
        bounds = nursery.bounds()
        inherited: dict[str, str] = {}
        pipes = nursery.serve_between(preload.rest(), load=preload.load)
        if pipes is None:
            inherited = confine.take_inherited(steps, bounds)
            pipes = nursery.serve_waiting() or nursery.serve_between(_rehearsals())
        worker.forget_disk()
        confine.forget(*_ONLY_FOR_THE_ZYGOTE)
        make_ahead(2)  # for the rehearsal after the fork, and for the run
        worker.keep_what_is_loaded()
        if pipes is None:
            pipes = nursery.serve()
        control.close()
        for fd, kept in zip(pipes, (bounds.read_fd, bounds.write_fd), strict=True):
            os.dup2(fd, kept, inheritable=False)
        worker.serve(steps, bounds, inherited)

    class Nursery:
        """The loop of the zygote."""

        def __init__(self, control: _socket.socket) -> None:
            self._control = control
            self._later: deque[tuple[bytes, int, list[int]]] = deque()  # requests for which too little is loaded
            self._children: dict[int, int] = {}  # descriptor of the process to its number
            self._poll = select.poll()
            self._poll.register(control.fileno(), select.POLLIN)
            if not hasattr(os, "pidfd_open"):
                import signal

                signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps

        def bounds(self) -> Bounds:
            """Wait for the host's first word."""
            _, cpu_s, memory_bytes, _ = self._receive()
            # The two descriptors are kept for the pipes of each child, so that all have one filter.
            return Bounds(
                read_fd=os.open(os.devnull, os.O_RDONLY),
                write_fd=os.open(os.devnull, os.O_WRONLY),
                memory_bytes=memory_bytes,
                cpu_s=cpu_s,
                parent=os.getpid(),
            )

        def serve_between(
            self, steps: Iterator[object], *, load: Callable[[Collection[str]], None] | None = None
        ) -> tuple[int, int] | None:
            """Take these steps, and between them serve runs that wait; returns in a child with the descriptors of its pipes.

            Args:
                steps: What is to be done.
                load: Loads the modules that a run names; None where all are loaded.
            """
            wait_ms = 0
            while True:
                while ready := self._poll.poll(wait_ms):
                    if (fd := ready[0][0]) in self._children:
                        self._reap(fd)
                        continue
                    kind, number, bits, fds = self._receive()
                    if kind == LEARN and load is None:
                        _learn(fds[0])
                        continue
                    if kind != FORK or (load is not None and bits == ALL):
                        self._later.append((kind, number, fds))
                        continue
                    if load is not None:
                        load(modules_of(bits))
                    if self._fork(number, (fds[0], fds[1])):
                        return fds[0], fds[1]
                    wait_ms = _HEAD_START_MS
                wait_ms = 0
                if next(steps, _DONE) is _DONE:
                    return None

        def serve_waiting(self) -> tuple[int, int] | None:
            """Serve runs that wait for what has been loaded now; returns in a child with the descriptors of its pipes."""
            later, self._later = self._later, deque()
            for kind, number, fds in later:
                if kind == SPARE:
                    self._later.append((kind, number, fds))
                elif kind == LEARN:
                    _learn(fds[0])
                elif self._fork(number, (fds[0], fds[1])):
                    return fds[0], fds[1]
            return None

        def serve(self) -> tuple[int, int]:
            """Serve requests until the host is gone; returns in each child with the descriptors of its pipes."""
            while self._later:
                if (pipes := self._serve_request(*self._later.popleft())) is not None:
                    return pipes
            while True:
                for fd, _ in self._poll.poll():
                    if fd in self._children:
                        self._reap(fd)
                        continue
                    kind, number, _, fds = self._receive()
                    if (pipes := self._serve_request(kind, number, fds)) is not None:
                        return pipes

        def _receive(self) -> tuple[bytes, int, int, list[int]]:
            """Give the host's next word, its numbers, and the descriptors that came with it; exits where the host has gone."""
            data, sent, _, _ = self._control.recvmsg(REQUEST.size, _socket.CMSG_SPACE(_TWO_DESCRIPTORS.size))
            while data and len(data) < REQUEST.size:
                rest = self._control.recv(REQUEST.size - len(data))
                data = data + rest if rest else b""
            if not data:
                self._end_children()
                os._exit(0)
            kind, first, second = REQUEST.unpack(data)
            return kind, first, second, list(memoryview(sent[0][2]).cast("i")) if sent else []

        def _serve_request(self, kind: bytes, number: int, fds: list[int]) -> tuple[int, int] | None:
            if kind == LEARN:
                _learn(fds[0])
                return None
            return (fds[0], fds[1]) if self._fork(number, (fds[0], fds[1])) else None

        def _fork(self, number: int, pipes: tuple[int, int]) -> bool:
            """Fork; true in the child."""
            try:
                process_id = os.fork()
            except OSError:
                process_id = -1
            if process_id == 0:
                return True
            for fd in pipes:
                os.close(fd)
            self._answer(number, max(process_id, 0))
            return False

        def _answer(self, number: int, process_id: int) -> None:
            rights: list[tuple[int, int, bytes]] = []
            if process_id and sys.platform == "linux":
                with contextlib.suppress(OSError):  # a kernel before 5.3
                    pidfd = os.pidfd_open(process_id)
                    self._children[pidfd] = process_id
                    self._poll.register(pidfd, select.POLLIN)
                    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, struct.pack("@i", pidfd))]
            with contextlib.suppress(OSError):  # the host has gone; the next poll says so
                self._control.sendmsg([ANSWER.pack(number, process_id)], rights)

        def _reap(self, pidfd: int) -> None:
            self._poll.unregister(pidfd)
            os.close(pidfd)
            os.waitpid(self._children.pop(pidfd), 0)

        def _end_children(self) -> None:
            for process_id in self._children.values():
                os.kill(process_id, _SIGKILL)
            for pidfd in list(self._children):
                self._reap(pidfd)

    def _rehearsals() -> Iterator[None]:
        """Fill what Python makes on first use, for all children."""
        for snippet in (rehearsal.SHORT, rehearsal.LONG, rehearsal.RAISES, rehearsal.USUAL) * 2:
            yield
            worker.rehearse(snippet)

    def _learn(fd: int) -> None:
        with open(fd, "rb") as file:
            message = marshal.loads(file.read())
        # What can't be loaded is asked for by each worker that needs it, and the host hears of it then.
        with contextlib.suppress(Exception):
            meanings.learn(message)
        worker.keep_what_is_loaded()
