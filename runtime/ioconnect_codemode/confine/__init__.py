"""Operating-system locks of the worker; what is in force is reported, never assumed."""

from __future__ import annotations

import sys

from ioconnect_codemode.confine.layers import INHERITED, LINUX, Bounds, Step, lacking, take

__all__ = [
    "LINUX",
    "Bounds",
    "Step",
    "forget",
    "guard_zygote",
    "lacking",
    "load_steps",
    "most_memory",
    "take",
    "take_inherited",
]

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


def take_inherited(steps: dict[str, Step], bounds: Bounds) -> dict[str, str]:
    """Take, in a zygote, the steps that its children inherit, and give the layers as they then are.

    The other steps are left in `steps`; a child that doesn't take one of them reports the layer as missing.
    """
    layers = dict.fromkeys(steps, "off: not taken")
    if sys.platform == "linux":
        from ioconnect_codemode.confine import linux

        linux.prepare(bounds)
        layers |= take({name: steps.pop(name) for name in list(steps) if name in INHERITED}, bounds)
        if isinstance(landlock := steps.get("landlock"), linux.Landlock):
            layers |= take({"landlock": landlock.rights}, bounds)  # after no_new_privs: a plain user needs it
            if layers["landlock"] == "on":
                steps["landlock"] = landlock.scopes
    return layers


def most_memory() -> int:
    """Give the most bytes of memory that this process has ever had; 0 where nobody counts them."""
    if sys.platform == "linux" or sys.platform == "darwin":
        from ioconnect_codemode.confine import posix

        return posix.most_memory()
    return 0


def forget(*others: str) -> None:
    """Take modules that only the lock needed, and these, out of `sys.modules`.

    A snippet that escapes its language finds no ctypes there. The lock doesn't rest on it: the code stays mapped.
    """
    for name in (*_ONLY_FOR_THE_LOCK, *others):
        sys.modules.pop(name, None)
