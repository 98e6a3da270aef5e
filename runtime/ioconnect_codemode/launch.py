"""Python processes of ours: their command line and environment, and the zygote's process, which starts before all else.

This room imports what an event loop has loaded anyway: a host that opens a package starts its zygote first, and loads its
own rooms while the zygote loads the worker's.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from functools import cache

from ioconnect_codemode.errors import WorkerLost

_BOOT = (
    "import gc; gc.disable(); import os, sys; os.environ.clear(); room, *rest = sys.argv[1:]; sys.argv[:] = ['']; "
    "end = rest.index(''); sys.path += rest[:end]; import importlib; "
    "importlib.import_module('ioconnect_codemode.' + room).main(*map(int, rest[end + 1:]))"
)
_FLAGS = ("-P", "-s", "-S", "-X", "utf8")  # as -I, but for -E: one variable is to be read


def command(room: str, *numbers: int) -> list[str]:
    """Give the command line of a process of ours: the room `worker` or `zygote`, and what its `main` takes."""
    return [sys.executable, *_FLAGS, "-c", _BOOT, room, *import_folders(), "", *map(str, numbers)]


def environment(hash_seed: int) -> dict[str, str]:
    """Give the environment variables of a process of ours: the seed of its hashes, so that sets have one order."""
    needed = {"SYSTEMROOT": os.environ["SYSTEMROOT"]} if sys.platform == "win32" else {}
    return {"PYTHONHASHSEED": str(hash_seed), **needed}


def fresh_hash_seed() -> int:
    """Give a seed for the hashes of processes of ours."""
    return int.from_bytes(os.urandom(4), "little") % (2**32 - 1) + 1  # 0 would switch the seeding off


@cache
def import_folders() -> list[str]:
    """Give the folders that hold the packages a worker imports; an isolated Python doesn't know them."""
    folders: list[str] = []
    for package in ("ioconnect_codemode", "ioconnect_schemas", "RestrictedPython"):
        spec = importlib.util.find_spec(package)
        if spec is None or spec.origin is None:
            raise WorkerLost(f"{package} is not installed")
        folders.append(os.path.abspath(spec.origin).rsplit(os.sep, 2)[0])  # noqa: PTH100  # pathlib is not loaded yet
    return list(dict.fromkeys(folders))


class ZygoteProcess:
    """The process of a zygote, and this end of its socket; it loads from here on, whoever asks it for workers later.

    Attributes:
        control: The socket; see the room `zygote` for what is said on it.
        hash_seed: Of the process and all its children.

    Raises:
        OSError: The system refuses to start it.
    """

    def __init__(self, hash_seed: int) -> None:
        self.hash_seed = hash_seed
        self._starter = os.getpid(), threading.get_ident()
        self.control, theirs = socket.socketpair()
        try:
            self._process = subprocess.Popen(
                command("zygote", os.getpid()),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment(hash_seed),
                cwd="/",
                start_new_session=True,
            )
        except BaseException:
            self.control.close()
            raise
        finally:
            theirs.close()

    @property
    def process_id(self) -> int:
        """Number of the process."""
        return self._process.pid

    @property
    def is_this_threads(self) -> bool:
        """Whether this thread has started it: the kernel ends it with the thread that has."""
        return self._starter == (os.getpid(), threading.get_ident())

    def end(self) -> None:
        """End it and its children. May be called twice; does nothing in a process that was forked from its host."""
        self.control.close()
        if self._starter[0] == os.getpid():
            self._process.kill()
            self._process.wait()  # it was killed: nothing to wait for


_ahead: list[ZygoteProcess] = []
"""Started for the package that is opened next."""


@contextlib.contextmanager
def started_ahead() -> Generator[None]:
    """Have a zygote load while this block loads and reads what it opens a package with; the first that it opens takes it."""
    started = start_zygote()
    if started is not None:
        _ahead.append(started)
    try:
        yield
    finally:
        if started is not None and started in _ahead:
            _ahead.remove(started)
            started.end()


def start_zygote() -> ZygoteProcess | None:
    """Start a zygote where workers are forked and the system lets one start; whoever needs it says why it is missing."""
    if _ahead and _ahead[-1].is_this_threads:
        return _ahead.pop()
    if sys.platform != "win32":
        with contextlib.suppress(OSError, WorkerLost):
            return ZygoteProcess(fresh_hash_seed())
    return None
