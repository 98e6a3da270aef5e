"""Operating-system locks of the worker; what is in force is reported, never assumed."""

from __future__ import annotations

import sys

from ioconnect_codemode.confine.layers import LINUX, Bounds, Step, lacking, take

__all__ = ["LINUX", "Bounds", "Step", "forget", "guard_zygote", "lacking", "load_steps", "take"]

_ONLY_FOR_THE_LOCK = ("ctypes", "ctypes._endian", "ctypes.wintypes", "_ctypes", "resource")


def load_steps() -> dict[str, Step]:
    """Load what this platform's lock needs, and give its steps in the order in which they must be taken.

    It locks nothing: a zygote calls it once, each of its children takes the steps.
    """
    if sys.platform == "linux":
        from ioconnect_codemode.confine import linux

        return linux.load_steps()
    if sys.platform == "darwin":
        from ioconnect_codemode.confine import macos

        return macos.load_steps()
    if sys.platform == "win32":
        from ioconnect_codemode.confine import windows

        return windows.load_steps()
    return {}


def guard_zygote(parent: int) -> None:
    """Tie a process that forks workers to its host where the platform can; it locks nothing else."""
    if sys.platform == "linux":
        from ioconnect_codemode.confine import linux

        linux.guard_zygote(parent)


def forget(*others: str) -> None:
    """Take modules that only the lock needed, and these, out of `sys.modules`.

    A snippet that escapes its language finds no ctypes there. The lock doesn't rest on it: the code stays mapped.
    """
    for name in (*_ONLY_FOR_THE_LOCK, *others):
        sys.modules.pop(name, None)
