"""Layers of confinement: what a platform's steps are, how they are taken, and which of them a host insists on."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple


class Bounds(NamedTuple):
    """What is left to a worker.

    Attributes:
        read_fd: Descriptor that it may read.
        write_fd: Descriptor that it may write.
        memory_bytes: Address space.
        cpu_s: Seconds of processor time. The host's clock ends a run long before; this one is for a worker whose host
            has gone where the platform doesn't end it with its parent.
        parent: Process that it must not outlive, 0 where nobody asks.
    """

    read_fd: int
    write_fd: int
    memory_bytes: int
    cpu_s: int
    parent: int


Step = Callable[[Bounds], None]
"""Puts one layer in force; raises OSError or ValueError where it can't, `NotOffered` where the platform has none."""


class NotOffered(Exception):
    """The platform has no such layer."""


LINUX: Final = (
    "descriptors",
    "no_new_privs",
    "not_dumpable",
    "parent_death",
    "landlock",
    "memory",
    "cpu",
    "files",
    "core",
    "processes",
    "locked_memory",
    "open_files",
    "seccomp",
)
"""Layers of a Linux worker, in the order in which they are taken: seccomp forbids the calls of all others."""

INHERITED: Final = frozenset({"no_new_privs", "not_dumpable", "files", "core", "locked_memory"})
"""Layers that a Linux process hands on to every process that it forks, and that take nothing away that a zygote needs.

Of Landlock it takes the rights; the scopes are each child's (`linux.Landlock`)."""

_NOT_OFFERED: Final = "off: not offered here"
_MAY_BE_OLD: Final = frozenset({"landlock"})  # since kernel 5.13; seccomp alone lets no file be opened either


def take(steps: Mapping[str, Step], bounds: Bounds) -> dict[str, str]:
    """Take the steps in order, and give each layer's name with `on`, or `off: why`."""
    layers: dict[str, str] = {}
    for name, step in steps.items():
        try:
            step(bounds)
        except NotOffered as absent:
            layers[name] = f"{_NOT_OFFERED}{f', {absent}' if str(absent) else ''}"
        except (OSError, ValueError) as error:
            layers[name] = f"off: {error}"
        else:
            layers[name] = "on"
    return layers


def lacking(layers: Mapping[str, str], required: Collection[str] | None) -> str | None:
    """Name a layer that is required and not in force, with what the worker says of it; None where all are.

    Args:
        layers: What the worker reported before it was sent anything.
        required: Names of layers; None stands for the platform's default. That is everything on Linux, except Landlock
            on a kernel that has none, and nothing elsewhere.
    """
    wanted = (LINUX if sys.platform == "linux" else ()) if required is None else required
    for name in wanted:
        report = layers.get(name, "off: there is no such layer here")
        is_excused = required is None and name in _MAY_BE_OLD and report.startswith(_NOT_OFFERED)
        if report != "on" and not is_excused:
            return f"{name} ({report})"
    return None
