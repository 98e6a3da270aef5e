"""The lock's parts as data: which layers a host insists on, and what the filter of system calls lets through."""

from __future__ import annotations

import os
import struct
import sys

import pytest

from ioconnect_codemode.confine import LINUX, Bounds, Step, lacking, take, take_inherited
from ioconnect_codemode.confine.layers import NotOffered
from ioconnect_codemode.confine.seccomp import INSTRUCTION_BYTES, MACHINES, Instruction, Machine, packed, program

BOUNDS = Bounds(read_fd=5, write_fd=7, memory_bytes=1, cpu_s=1, parent=0)
ALLOWED, REFUSED, KILLED = 0x7FFF0000, 0x00050001, 0x80000000
ALL_ON: dict[str, str] = {str(name): "on" for name in LINUX}


def verdict(filter_: list[Instruction], *, architecture: int, number: int, arguments: tuple[int, ...] = ()) -> int:
    """Run a filter as the kernel does."""
    padded = (*arguments, *(0,) * (6 - len(arguments)))
    data = struct.pack("<IIQ6Q", number, architecture, 0, *padded)
    accumulator, at = 0, 0
    while True:
        code, if_true, if_false, operand = filter_[at]
        at += 1
        match code:
            case 0x20:
                accumulator = struct.unpack_from("<I", data, operand)[0]
            case 0x54:
                accumulator &= operand
            case 0x15:
                at += if_true if accumulator == operand else if_false
            case 0x35:
                at += if_true if accumulator >= operand else if_false
            case 0x45:
                at += if_true if accumulator & operand else if_false
            case 0x06:
                return operand
            case _:
                raise AssertionError(code)


def verdict_on(machine: Machine, call: str, *arguments: int) -> int:
    filter_ = program(machine, read_fd=5, write_fd=7)
    return verdict(filter_, architecture=machine.audit, number=machine.calls[call], arguments=arguments)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_only_the_two_pipes_may_be_read_and_written(machine: Machine) -> None:
    assert verdict_on(machine, "read", 5) == ALLOWED
    assert verdict_on(machine, "preadv2", 5) == ALLOWED
    assert verdict_on(machine, "write", 7) == ALLOWED
    for call, fd in (("read", 7), ("read", 0), ("preadv2", 7), ("preadv2", 0), ("write", 5), ("write", 1)):
        assert verdict_on(machine, call, fd) == REFUSED, (call, fd)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_memory_may_be_mapped_but_not_executed(machine: Machine) -> None:
    for call in ("mmap", "mprotect"):
        assert verdict_on(machine, call, 0, 4096, 3) == ALLOWED
        for protection in (4, 5, 7, 1 << 32 | 4):
            assert verdict_on(machine, call, 0, 4096, protection) == REFUSED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_memory_may_be_given_back_but_not_taken_from_the_machine(machine: Machine) -> None:
    for advice in (4, 8, 14, 25):  # DONTNEED, FREE, HUGEPAGE, COLLAPSE
        assert verdict_on(machine, "madvise", 0, 4096, advice) == ALLOWED
    for advice in (100, 101, 102, 1 << 31, 1 << 32 | 100):  # HWPOISON, SOFT_OFFLINE, GUARD_INSTALL
        assert verdict_on(machine, "madvise", 0, 4096, advice) == REFUSED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_clocks_of_the_machine_and_its_own_may_be_read_but_no_other_processs(machine: Machine) -> None:
    for call in ("clock_gettime", "clock_nanosleep"):
        for clock in (0, 1, 2, 3, 7, 11):  # REALTIME, MONOTONIC, PROCESS_CPUTIME_ID, THREAD_CPUTIME_ID, BOOTTIME, TAI
            assert verdict_on(machine, call, clock) == ALLOWED
        for process in (1, 0, os.getppid()):
            assert verdict_on(machine, call, (~process << 3 | 2) & 0xFFFFFFFF) == REFUSED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_locks_wait_and_wake_but_name_no_process(machine: Machine) -> None:
    private, realtime = 128, 256
    for command in (0, 1, 3, 4, 5, 9, 10):
        assert verdict_on(machine, "futex", 0, command | private) == ALLOWED
        assert verdict_on(machine, "futex", 0, command | private | realtime) == ALLOWED
    for command in (2, 6, 7, 8, 11, 12, 13, 14, 127):  # FD, the locks with priorities, and what later kernels have
        assert verdict_on(machine, "futex", 0, command) == REFUSED
        assert verdict_on(machine, "futex", 0, command | private | realtime) == REFUSED


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_every_number_that_is_not_listed_is_refused(machine: Machine) -> None:
    filter_ = program(machine, read_fd=5, write_fd=7)
    listed = set(machine.calls.values())
    others = [number for number in range(600) if number not in listed]
    assert {verdict(filter_, architecture=machine.audit, number=number) for number in others} == {REFUSED}
    plain = listed - {machine.calls[name] for name in ("read", "preadv2", "write", "mmap", "mprotect", "madvise")}
    assert {verdict(filter_, architecture=machine.audit, number=number) for number in plain} == {ALLOWED}


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_a_call_of_another_architecture_kills(machine: Machine) -> None:
    filter_ = program(machine, read_fd=5, write_fd=7)
    for other in (0x40000003, 0xC000003E, 0xC00000B7, 0x40000028):  # i386, x86_64, aarch64, arm
        if other != machine.audit:
            assert verdict(filter_, architecture=other, number=0, arguments=(5,)) == KILLED


def test_a_call_of_the_x32_table_kills() -> None:
    filter_ = program(MACHINES["x86_64"], read_fd=5, write_fd=7)
    assert verdict(filter_, architecture=0xC000003E, number=0x40000000, arguments=(5,)) == KILLED


def test_the_packed_filter_is_as_long_as_its_instructions() -> None:
    filter_ = program(MACHINES["x86_64"], read_fd=5, write_fd=7)
    assert len(packed(filter_)) == INSTRUCTION_BYTES * len(filter_)
    assert len(filter_) < 4096  # BPF_MAXINSNS


def test_steps_are_taken_in_order_and_each_says_what_became_of_it() -> None:
    def refused(_: Bounds) -> None:
        raise OSError(1, "Operation not permitted")

    def absent(_: Bounds) -> None:
        raise NotOffered("kernel 5.4")

    layers = take({"one": lambda _: None, "two": refused, "three": absent}, BOUNDS)
    assert layers == {
        "one": "on",
        "two": "off: [Errno 1] Operation not permitted",
        "three": "off: not offered here, kernel 5.4",
    }


def test_a_layer_that_a_child_does_not_take_is_missing() -> None:
    steps: dict[str, Step] = {"descriptors": lambda _: None}
    layers = take_inherited(steps, BOUNDS)
    assert layers == {"descriptors": "off: not taken"}
    assert list(steps) == ["descriptors"]
    assert lacking(layers, ["descriptors"]) == "descriptors (off: not taken)"
    assert lacking({**layers, **take(steps, BOUNDS)}, ["descriptors"]) is None


def test_a_layer_that_a_zygote_could_not_take_is_missing_in_its_children() -> None:
    def refused(_: Bounds) -> None:
        raise OSError(1, "Operation not permitted")

    steps: dict[str, Step] = {"no_new_privs": refused}
    layers = {**take_inherited(steps, BOUNDS), **take(steps, BOUNDS)}
    assert lacking(layers, ["no_new_privs"]) == "no_new_privs (off: [Errno 1] Operation not permitted)"


@pytest.mark.skipif(sys.platform != "linux", reason="the default of Linux")
@pytest.mark.parametrize("name", LINUX)
def test_every_layer_of_linux_is_required_by_default(name: str) -> None:
    assert lacking(ALL_ON, None) is None
    assert lacking({**ALL_ON, name: "off: [Errno 1] Operation not permitted"}, None) is not None
    assert lacking({layer: "on" for layer in ALL_ON if layer != name}, None) is not None


@pytest.mark.skipif(sys.platform != "linux", reason="the default of Linux")
def test_only_landlock_may_be_absent_on_an_old_kernel_unless_it_is_named() -> None:
    old = {**ALL_ON, "landlock": "off: not offered here, Function not implemented"}
    assert lacking(old, None) is None
    assert lacking(old, LINUX) == "landlock (off: not offered here, Function not implemented)"
    assert lacking({**ALL_ON, "seccomp": "off: not offered here, no list"}, None) is not None


def test_nothing_is_required_where_an_empty_list_is_given() -> None:
    assert lacking({}, ()) is None
