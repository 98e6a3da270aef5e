"""The system calls that a locked worker may make, as a program of the kernel's packet filter (BPF).

1. A worker computes and talks on two pipes: what opens, connects, starts, signals, traces or maps code is not listed.
2. What is not listed fails with EPERM, which Python turns into an ordinary error. A call of another architecture or of
   the x32 table has other numbers, so it ends the process.
3. Arguments that decide: `read`, `preadv2` (to look without waiting) and `write` only on the two pipes; `mmap` and
   `mprotect` never with PROT_EXEC; `madvise` never with what takes memory from the machine or guards it (100 and
   beyond), which root may; clocks never by the number of a process, whose processor time they would tell; `futex` never
   with priorities, where a lock names a process that may or may not be there.

Numbers: `arch/x86/entry/syscalls/syscall_64.tbl`, `include/uapi/asm-generic/unistd.h` (aarch64).
Form: `Documentation/userspace-api/seccomp_filter.rst`.
"""

from __future__ import annotations

import struct
from typing import Final, NamedTuple

Instruction = tuple[int, int, int, int]
"""Code, jump if true, jump if false, operand."""


class Machine(NamedTuple):
    """An architecture: its audit number, the first number of a foreign table in its own, and its system calls."""

    audit: int
    foreign_from: int | None
    calls: dict[str, int]


# Memory, locks, clocks, randomness for hashes and uuids, the way back from a signal, the end. glibc and CPython use no
# others once everything is loaded.
_PLAIN: Final = (
    ("munmap", 11, 215),
    ("brk", 12, 214),
    ("mremap", 25, 216),
    ("close", 3, 57),
    ("nanosleep", 35, 101),
    ("gettimeofday", 96, 169),
    ("getrandom", 318, 278),
    ("getrusage", 98, 165),
    ("sched_yield", 24, 124),
    ("rt_sigprocmask", 14, 135),
    ("rt_sigreturn", 15, 139),
    ("restart_syscall", 219, 128),
    ("exit", 60, 93),
    ("exit_group", 231, 94),
)
_JUDGED: Final = (
    ("read", 0, 63),
    ("preadv2", 327, 286),
    ("write", 1, 64),
    ("mmap", 9, 222),
    ("mprotect", 10, 226),
    ("madvise", 28, 233),
    ("clock_gettime", 228, 113),
    ("clock_nanosleep", 230, 115),
    ("futex", 202, 98),
)

MACHINES: Final = {
    "x86_64": Machine(
        audit=0xC000003E,
        foreign_from=0x40000000,  # x32
        calls={name: number for name, number, _ in _PLAIN + _JUDGED},
    ),
    "aarch64": Machine(
        audit=0xC00000B7, foreign_from=None, calls={name: number for name, _, number in _PLAIN + _JUDGED}
    ),
}

# linux/bpf_common.h: BPF_LD|BPF_W|BPF_ABS, BPF_ALU|BPF_AND|BPF_K, BPF_JMP|..., BPF_RET|BPF_K
_LOAD, _AND, _IF_EQUAL, _IF_AT_LEAST, _IF_ANY_BIT, _RETURN = 0x20, 0x54, 0x15, 0x35, 0x45, 0x06
# struct seccomp_data, linux/seccomp.h: nr, arch, instruction pointer, then six arguments of eight bytes; both machines
# are little-endian, so the low half of an argument comes first. Descriptors and protections are ints.
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT, _SECOND_ARGUMENT, _THIRD_ARGUMENT = 0, 4, 16, 24, 32
_KILL: Final = (_RETURN, 0, 0, 0x80000000)
_REFUSE: Final = (_RETURN, 0, 0, 0x00050001)  # SECCOMP_RET_ERRNO with EPERM
_ALLOW: Final = (_RETURN, 0, 0, 0x7FFF0000)
_PROT_EXEC = 4
_MADV_HWPOISON = 100  # and MADV_SOFT_OFFLINE; what an allocator asks for is below 32
_OF_A_PROCESS = 0x80000000  # a clock's number is negative where it holds that of a process or of a descriptor
# linux/futex.h: wait, wake, requeue, cmp_requeue, wake_op, wait_bitset, wake_bitset; without "private" and "realtime"
_FUTEX_PLAIN: Final = (0, 1, 3, 4, 5, 9, 10)
_FUTEX_COMMAND = 0xFFFFFE7F
_SOCK_FILTER: Final = struct.Struct("<HBBI")

INSTRUCTION_BYTES: Final = _SOCK_FILTER.size
"""Size of a packed instruction."""


def program(machine: Machine, *, read_fd: int, write_fd: int) -> list[Instruction]:
    """Give the filter of a worker that reads and writes these descriptors."""
    calls = machine.calls
    filter_: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE),
        (_IF_EQUAL, 1, 0, machine.audit),
        _KILL,
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine.foreign_from is not None:
        filter_ += [(_IF_AT_LEAST, 0, 1, machine.foreign_from), _KILL]
    for name, fd in (("read", read_fd), ("preadv2", read_fd), ("write", write_fd)):
        filter_ += _judged(calls[name], _FIRST_ARGUMENT, (_IF_EQUAL, 0, 1, fd), then=_ALLOW, otherwise=_REFUSE)
    for name in ("mmap", "mprotect"):
        filter_ += _judged(
            calls[name], _THIRD_ARGUMENT, (_IF_ANY_BIT, 0, 1, _PROT_EXEC), then=_REFUSE, otherwise=_ALLOW
        )
    filter_ += _judged(
        calls["madvise"], _THIRD_ARGUMENT, (_IF_AT_LEAST, 0, 1, _MADV_HWPOISON), then=_REFUSE, otherwise=_ALLOW
    )
    for name in ("clock_gettime", "clock_nanosleep"):
        filter_ += _judged(
            calls[name], _FIRST_ARGUMENT, (_IF_AT_LEAST, 0, 1, _OF_A_PROCESS), then=_REFUSE, otherwise=_ALLOW
        )
    commands = [(_IF_EQUAL, left, 0, command) for left, command in enumerate(reversed(_FUTEX_PLAIN), start=1)][::-1]
    filter_ += _of_call(
        calls["futex"],
        [(_LOAD, 0, 0, _SECOND_ARGUMENT), (_AND, 0, 0, _FUTEX_COMMAND), *commands, _REFUSE, _ALLOW],
    )
    for name, _, _ in _PLAIN:
        filter_ += [(_IF_EQUAL, 0, 1, calls[name]), _ALLOW]
    return [*filter_, _REFUSE]


def packed(instructions: list[Instruction]) -> bytes:
    """Give the program as an array of `struct sock_filter`."""
    return b"".join(_SOCK_FILTER.pack(*instruction) for instruction in instructions)


def _judged(
    number: int, argument: int, test: Instruction, *, then: Instruction, otherwise: Instruction
) -> list[Instruction]:
    return _of_call(number, [(_LOAD, 0, 0, argument), test, then, otherwise])


def _of_call(number: int, body: list[Instruction]) -> list[Instruction]:
    return [(_IF_EQUAL, 0, len(body), number), *body]
