"""The zygote: it has loaded everything that a worker needs, and forks one for each request of the host.

Started as `python -P -s -S -X utf8 -c BOOT ...` with a socket to the host as its standard input. It parses nothing that
a snippet or an app wrote, and has one thread. Its rules:

1. A request for a worker is the byte `f` with the two descriptors of its pipes; the answer is the number of the child, with a
   descriptor of the process where the kernel has them (pidfd), so that the host never kills another one by mistake.
2. A child closes, locks and serves as `worker.serve` says; its modules are those of the zygote, its state its own. What
   a lock hands on to forked processes the zygote has taken itself, with no page of memory written in the child.
3. The byte `l` comes with the descriptor of a file: a part of the catalog, trusted as the package is, that workers forked
   from now on have without asking for it. There is no answer.
4. The zygote reaps its children when they end. It ends with its host: by the kernel's parent-death signal on Linux, and
   when the socket is closed; it takes its children with it.

Children of one zygote share its hash seed and the layout of its address space: neither can change in a running process.
"""

from __future__ import annotations

import _socket
import contextlib
import marshal
import os
import select
import signal
import struct
import sys
from typing import Final

from ioconnect_codemode import confine, meanings, rehearsal, worker
from ioconnect_codemode.confine import Bounds
from ioconnect_codemode.policy.builtins import make_ahead
from ioconnect_codemode.preload import preload

PID: Final = struct.Struct("<i")
"""The answer to a request; 0 where no process could be started."""

LEARN: Final = b"l"
"""The request to load a part of the catalog."""

_ONE_DESCRIPTOR: Final = struct.Struct("@i")
_TWO_DESCRIPTORS: Final = struct.Struct("@ii")
_ONLY_FOR_THE_ZYGOTE: Final = ("_socket", "select", "ioconnect_codemode.zygote")

if sys.platform != "win32":

    def main(memory_bytes: int, cpu_s: int, parent: int) -> None:
        """Load everything, then fork a worker for each request until the host is gone."""
        control = _socket.socket(fileno=os.dup(0))
        confine.guard_zygote(parent)
        worker.drop_standard_streams()
        preload()
        steps = confine.load_steps()
        bounds = Bounds(
            read_fd=os.open(os.devnull, os.O_RDONLY),  # kept for the pipes of each child, so that all have one filter
            write_fd=os.open(os.devnull, os.O_WRONLY),
            memory_bytes=memory_bytes,
            cpu_s=cpu_s,
            parent=os.getpid(),
        )
        inherited = confine.take_inherited(steps, bounds)
        nursery = Nursery(control)
        pipes = nursery.serve_waiting()  # the host's first run doesn't wait for a rehearsal
        if pipes is None:
            for snippet in (rehearsal.SHORT, rehearsal.LONG, rehearsal.RAISES, rehearsal.USUAL) * 2:
                worker.rehearse(snippet)
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
            self._children: dict[int, int] = {}  # descriptor of the process to its number
            self._poll = select.poll()
            self._poll.register(control.fileno(), select.POLLIN)
            if not hasattr(os, "pidfd_open"):
                signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps

        def serve_waiting(self) -> tuple[int, int] | None:
            """Serve a request that has come already; returns in its child with the descriptors of its pipes."""
            return self._serve_request() if self._poll.poll(0) else None

        def serve(self) -> tuple[int, int]:
            """Serve requests until the host is gone; returns in each child with the descriptors of its pipes."""
            while True:
                for fd, _ in self._poll.poll():
                    if fd in self._children:
                        self._reap(fd)
                    elif (pipes := self._serve_request()) is not None:
                        return pipes

        def _serve_request(self) -> tuple[int, int] | None:
            data, sent, _, _ = self._control.recvmsg(1, _socket.CMSG_SPACE(_TWO_DESCRIPTORS.size))
            if not data or not sent:
                self._end_children()
                os._exit(0)
            if data == LEARN:
                _learn(_ONE_DESCRIPTOR.unpack(sent[0][2])[0])
                return None
            read_fd, write_fd = _TWO_DESCRIPTORS.unpack(sent[0][2])
            return (read_fd, write_fd) if self._fork((read_fd, write_fd)) else None

        def _fork(self, pipes: tuple[int, int]) -> bool:
            """Fork; true in the child."""
            try:
                process_id = os.fork()
            except OSError:
                process_id = -1
            if process_id == 0:
                return True
            for fd in pipes:
                os.close(fd)
            self._answer(max(process_id, 0))
            return False

        def _answer(self, process_id: int) -> None:
            rights: list[tuple[int, int, bytes]] = []
            if process_id and sys.platform == "linux":
                with contextlib.suppress(OSError):  # a kernel before 5.3
                    pidfd = os.pidfd_open(process_id)
                    self._children[pidfd] = process_id
                    self._poll.register(pidfd, select.POLLIN)
                    rights = [(_socket.SOL_SOCKET, _socket.SCM_RIGHTS, struct.pack("@i", pidfd))]
            with contextlib.suppress(OSError):  # the host has gone; the next poll says so
                self._control.sendmsg([PID.pack(process_id)], rights)

        def _reap(self, pidfd: int) -> None:
            self._poll.unregister(pidfd)
            os.close(pidfd)
            os.waitpid(self._children.pop(pidfd), 0)

        def _end_children(self) -> None:
            for process_id in self._children.values():
                os.kill(process_id, signal.SIGKILL)
            for pidfd in list(self._children):
                self._reap(pidfd)

    def _learn(fd: int) -> None:
        with open(fd, "rb") as file:
            message = marshal.loads(file.read())
        # What can't be loaded is asked for by each worker that needs it, and the host hears of it then.
        with contextlib.suppress(Exception):
            meanings.learn(message)
        worker.keep_what_is_loaded()
