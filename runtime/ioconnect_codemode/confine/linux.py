"""The lock of a Linux worker: no namespaces, no helper program, the same for root and for a plain user.

1. All of it is irreversible, and is in force for every thread before the first byte of a snippet arrives.
2. The order is that of `layers.LINUX`: each step still needs what a later one takes away.
3. Calls that Python has no function for go through ctypes, which is loaded before the lock and gone after it.

Sources: prctl(2), landlock(7), seccomp(2), getrlimit(2).
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import sys
from functools import cache
from typing import Final

from ioconnect_codemode.confine import seccomp
from ioconnect_codemode.confine.layers import Bounds, NotOffered, Step
from ioconnect_codemode.confine.posix import close_descriptors, resource_limits

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38
_SIGKILL = 9
_LANDLOCK_CREATE_RULESET, _LANDLOCK_RESTRICT_SELF = 444, 446  # the same on every architecture
_LANDLOCK_VERSION = 1
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC = 1, 1


def load_steps() -> dict[str, Step]:
    """Load what ctypes is made of and give the steps of the lock, by layer, in order."""
    kernel = Kernel()
    return {
        "descriptors": close_descriptors,
        "no_new_privs": lambda _: kernel.prctl(_PR_SET_NO_NEW_PRIVS, 1),
        "not_dumpable": lambda _: kernel.prctl(_PR_SET_DUMPABLE, 0),
        "parent_death": lambda bounds: _end_with_parent(kernel, bounds.parent),
        "landlock": Landlock(kernel),
        **resource_limits(),
        "seccomp": lambda bounds: _seccomp(kernel, bounds),
    }


class Kernel:
    """The system calls of the lock.

    Made of the C part of ctypes alone: the Python part holds ten times as many objects, and each worker that drops them
    would pay for the memory pages they lie on.
    """

    def __init__(self) -> None:
        import _ctypes

        class Long(_ctypes._SimpleCData):  # type: ignore[type-arg]  # generic for checkers only
            _type_ = "l"

        class Short(_ctypes._SimpleCData):  # type: ignore[type-arg]
            _type_ = "H"

        class Bytes(_ctypes._SimpleCData):  # type: ignore[type-arg]
            _type_ = "z"

        class Program(_ctypes.Structure):  # struct sock_fprog
            _fields_ = (("count", Short), ("instructions", Bytes))

        class Function(_ctypes.CFuncPtr):
            _flags_ = _ctypes.FUNCFLAG_CDECL | _ctypes.FUNCFLAG_USE_ERRNO
            _restype_ = Long

        library = _ctypes.dlopen(None, 0)  # type: ignore[arg-type]  # None: this program and what it is linked to
        self._syscall = Function(_ctypes.dlsym(library, "syscall"))
        self._prctl = Function(_ctypes.dlsym(library, "prctl"))
        self._long = Long
        self._program = Program
        self._address = _ctypes.addressof
        self._errno = _ctypes.get_errno

    def prctl(self, option: int, value: int) -> None:
        """Call prctl(2).

        Raises:
            OSError: The kernel refuses.
        """
        if self._prctl(*map(self._long, (option, value, 0, 0, 0))):
            raise self._error()

    def call(self, number: int, *arguments: int | bytes | None) -> int:
        """Make a system call; bytes are passed by their address.

        Raises:
            OSError: The kernel refuses.
        """
        values = [self._long(part) if isinstance(part, int) else part for part in arguments]
        result = int(self._syscall(self._long(number), *values))
        if result < 0:
            raise self._error()
        return result

    def install_filter(self, instructions: bytes) -> None:
        """Put a seccomp filter in force for all threads.

        Raises:
            OSError: The kernel refuses, or there is a thread that it can't bring under the filter.
        """
        program = self._program(len(instructions) // seccomp.INSTRUCTION_BYTES, instructions)
        number = _SECCOMP[os.uname().machine]
        stray = self.call(number, _SECCOMP_SET_MODE_FILTER, _SECCOMP_FILTER_FLAG_TSYNC, self._address(program))
        if stray:
            raise OSError(errno.ESRCH, f"thread {stray} can't be brought under the filter")

    def _error(self) -> OSError:
        number = self._errno()
        return OSError(number, os.strerror(number))


def guard_zygote(parent: int) -> None:
    """Tie a process that forks workers to its host, and hide it from other processes of the same user."""
    kernel = Kernel()
    _end_with_parent(kernel, parent)
    kernel.prctl(_PR_SET_DUMPABLE, 0)


def prepare(bounds: Bounds) -> None:
    """Make ahead of the fork what the lock of every child is made of."""
    with contextlib.suppress(NotOffered):  # the step itself says so
        filter_of(bounds.read_fd, bounds.write_fd)


def _end_with_parent(kernel: Kernel, parent: int) -> None:
    """Ask the kernel to kill this process when its parent ends; exit where that has happened already."""
    kernel.prctl(_PR_SET_PDEATHSIG, _SIGKILL)
    if parent and os.getppid() != parent:
        os._exit(0)


class Landlock:
    """The step that refuses every right and every scope that this kernel's Landlock knows; whole, or shared.

    Shared, a zygote takes the rights and each of its children the scopes. The kernel holds a zygote to its own scopes
    also where it ends the children of one that dies, and those that were forked before are not in them: they would
    outlive their host.
    """

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def __call__(self, bounds: Bounds) -> None:
        """Take the whole."""
        _landlock(self._kernel)

    def rights(self, bounds: Bounds) -> None:
        """Take what a zygote hands on."""
        _landlock(self._kernel, has_scopes=False)

    def scopes(self, bounds: Bounds) -> None:
        """Take what is left to a child."""
        _landlock(self._kernel, has_rights=False)


def _landlock(kernel: Kernel, *, has_rights: bool = True, has_scopes: bool = True) -> None:
    """Restrict this process by a rule set without a rule."""
    try:
        version = kernel.call(_LANDLOCK_CREATE_RULESET, None, 0, _LANDLOCK_VERSION)
    except OSError as error:
        if error.errno in (errno.ENOSYS, errno.EOPNOTSUPP):
            raise NotOffered(os.strerror(error.errno)) from None
        raise
    attributes = landlock_attributes(version, has_rights=has_rights, has_scopes=has_scopes)
    if not any(attributes):
        return
    rules = kernel.call(_LANDLOCK_CREATE_RULESET, attributes, len(attributes), 0)
    try:
        kernel.call(_LANDLOCK_RESTRICT_SELF, rules, 0)
    finally:
        os.close(rules)


def landlock_attributes(version: int, *, has_rights: bool = True, has_scopes: bool = True) -> bytes:
    """Give `struct landlock_ruleset_attr` with every right and every scope of a version of the interface."""
    files = 13 + sum(version >= since for since in (2, 3, 5))  # refer, truncate, ioctl on devices
    attributes = [(1 << files) - 1 if has_rights else 0]
    if version >= 4:
        attributes.append(0b11 if has_rights else 0)  # TCP: bind, connect
    if version >= 6:
        attributes.append(0b11 if has_scopes else 0)  # abstract sockets, signals
    return struct.pack(f"<{len(attributes)}Q", *attributes)


def _seccomp(kernel: Kernel, bounds: Bounds) -> None:
    kernel.install_filter(filter_of(bounds.read_fd, bounds.write_fd))


@cache
def filter_of(read_fd: int, write_fd: int) -> bytes:
    """Give the filter of a worker with these pipes. A zygote asks once, and each of its children has the answer.

    Raises:
        NotOffered: There is none for this machine.
    """
    machine = seccomp.MACHINES.get(os.uname().machine)
    if machine is None or sys.maxsize <= 2**32:
        raise NotOffered(f"there is no list of system calls for a {8 * struct.calcsize('P')}-bit {os.uname().machine}")
    return seccomp.packed(seccomp.program(machine, read_fd=read_fd, write_fd=write_fd))
