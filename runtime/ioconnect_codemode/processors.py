"""Processors of the machine: how a worker gets away from the one that its host is on.

Linux wakes who reads from a pipe on the processor of who has written, for a writer mostly falls asleep next. Ours looks
again for the answer (`spinning.py`) and keeps the worker from running by it: a small call then takes twice its time, for
as long as the run lasts. A worker that shares its host's processor is moved once, and isn't bound to anything: the system
may put it wherever it likes afterwards.
"""

from __future__ import annotations

import os
import sys
from typing import Final

_READ_BYTES: Final = 1024  # the line of a process has some 300
_PROCESSOR_PLACE: Final = 36  # of /proc/PID/stat behind the name, which may hold blanks


def move_away(process_id: int) -> bool:
    """Move a process from the processor of this thread to another one; says whether it was moved.

    Args:
        process_id: Number of the process, which has one thread and is ours.
    """
    if sys.platform != "linux":
        return False
    try:
        return _move(process_id)
    except (OSError, ValueError, IndexError):  # it has ended, or this system shows no processes
        return False


if sys.platform == "linux":

    def _move(process_id: int) -> bool:
        may_use = os.sched_getaffinity(process_id)
        here = _processor("thread-self")
        others = may_use - {here}
        if not others or _processor(str(process_id)) != here:
            return False
        os.sched_setaffinity(process_id, others)
        os.sched_setaffinity(process_id, may_use)
        return True

    def _processor(process: str) -> int:
        """Give the processor that a process is on, or was on last."""
        return int(_read(f"/proc/{process}/stat").rpartition(b")")[2].split()[_PROCESSOR_PLACE])

    def _read(path: str) -> bytes:
        fd = os.open(path, os.O_RDONLY)
        try:
            return os.read(fd, _READ_BYTES)
        finally:
            os.close(fd)
