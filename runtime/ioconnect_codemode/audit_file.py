"""A file of JSON lines that several processes append to: whole lines only, rotated by size.

1. A record is one write to a file opened for appending, under a lock on it, so that lines never interleave, whatever
   their length. What a full disk cuts is taken back before the lock is given up; a line that a process was ended in is
   closed by whoever writes next.
2. `audit.jsonl` becomes `audit.jsonl.1`, that one `.2`, and so on; beyond `keep` the oldest is deleted. Whoever waited
   for the lock meanwhile sees that the file has moved and opens the new one.
3. Whoever reads opens all of them under that lock: none moves on meanwhile, to be read twice or not at all.
4. The file is made for its owner only; one that is there keeps its mode.
"""

from __future__ import annotations

import contextlib
import glob
import os
import sys
from pathlib import Path
from typing import BinaryIO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

# What a system has of these; without blocking, a pipe that nobody reads is an error and no wait.
_SOME = ("O_CLOEXEC", "O_BINARY", "O_NONBLOCK")
_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | sum(getattr(os, name, 0) for name in _SOME)
_MODE = 0o600
_LOCK_PLACE = 2**62  # Windows locks ranges of bytes: one that no record reaches


class AuditFile:
    """Appends records to a file.

    Args:
        path: The file; its folder must be there.
        rotate_bytes: Size that the file doesn't grow beyond, except by a record that is larger itself.
        keep: How many rotated files are kept.
    """

    def __init__(self, path: Path, *, rotate_bytes: int, keep: int) -> None:
        self.path = path
        self._rotate_bytes = rotate_bytes
        self._keep = keep
        self._fd: int | None = None
        self._identity: tuple[int, int] | None = None
        self._end: int | None = None
        self._is_cut = False

    def open(self) -> None:
        """Open the file if it isn't open.

        Raises:
            OSError: It can't be opened for writing.
        """
        if self._fd is None:
            self._fd = os.open(self.path, _FLAGS, _MODE)

    def append(self, record: bytes) -> None:
        """Write one record, which ends in a newline.

        Raises:
            OSError: It could not be written as a whole; then nothing of it is in the file.
        """
        while True:
            self.open()
            fd = self._fd
            assert fd is not None
            _lock(fd)
            try:
                size = self._size(fd)
                if size is not None and (self._has_room(size, record) or not self._rotate()):
                    self._write(fd, record, size)
                    return
            finally:
                _unlock(fd)
            self.close()

    def close(self) -> None:
        """Close the file; the next record opens it again."""
        fd, self._fd = self._fd, None
        self._identity = self._end = None
        if fd is not None:
            os.close(fd)

    def _size(self, fd: int) -> int | None:
        """Give the size of the file, None where the path leads to another one by now."""
        try:
            found = os.stat(self.path)  # noqa: PTH116 - 2 us, and Path.stat takes 4
        except FileNotFoundError:
            return None
        if self._identity is None:
            ours = os.fstat(fd)
            self._identity = ours.st_dev, ours.st_ino
        if (found.st_dev, found.st_ino) != self._identity:
            return None
        if found.st_size != self._end:  # somebody else wrote last, and may have been ended while it did
            self._is_cut = self._ends_within_a_line(found.st_size)
        return found.st_size

    def _ends_within_a_line(self, size: int) -> bool:
        """Whether whoever wrote last was ended while it wrote; a line of ours must not go on with that one."""
        if not size:
            return False
        with contextlib.suppress(OSError), self.path.open("rb") as written:
            written.seek(-1, os.SEEK_END)
            return written.read(1) != b"\n"
        return False

    def _has_room(self, size: int, record: bytes) -> bool:
        return size == 0 or size + len(record) <= self._rotate_bytes

    def _rotate(self) -> bool:
        """Move the file and those before it on by one; false where the system keeps an open file from being moved."""
        with contextlib.suppress(PermissionError):
            for number in range(self._keep, 0, -1):
                older = self.path if number == 1 else rotated(self.path, number - 1)
                if older.exists():
                    older.replace(rotated(self.path, number))
            return True
        return False

    def _write(self, fd: int, record: bytes, size: int) -> None:
        if self._is_cut:
            record = b"\n" + record
        written = 0
        try:
            written = os.write(fd, record)
            while written < len(record):  # the next one says why, where the disk is full
                written += os.write(fd, record[written:])
            self._is_cut, self._end = False, size + len(record)
        except OSError:
            self._end = None
            if written:
                os.ftruncate(fd, size)
            raise


def rotated(path: Path, number: int) -> Path:
    """Give the path of a rotated file; 1 is the youngest."""
    return path.with_name(f"{path.name}.{number}")


def opened(path: Path, stack: contextlib.ExitStack) -> list[tuple[Path, BinaryIO]]:
    """Open a file and those that it was rotated to for reading, oldest first, until the stack is closed.

    Raises:
        OSError: One can't be read.
    """
    while True:
        with contextlib.ExitStack() as attempt, contextlib.suppress(FileNotFoundError):  # deleted meanwhile: once more
            last = _identity(rotated(path, 1))
            newest = attempt.enter_context(path.open("rb")) if path.exists() else None
            with contextlib.ExitStack() as locked:
                if newest is not None:
                    with contextlib.suppress(OSError):  # a pipe has no lock, and does not move on
                        _lock(newest.fileno())
                        locked.callback(_unlock, newest.fileno())
                    if not os.path.samestat(path.stat(), os.fstat(newest.fileno())):
                        continue  # it moved on before it was locked
                files = [(one, attempt.enter_context(one.open("rb"))) for one in _older(path)]
            if newest is None and (path.exists() or _identity(rotated(path, 1)) != last):
                continue  # nothing was there to lock, and another one has come
            stack.push(attempt.pop_all())
            return [*files, *([(path, newest)] if newest is not None else [])]


def _identity(path: Path) -> tuple[int, int] | None:
    """Give what tells a file from another one of its name."""
    with contextlib.suppress(FileNotFoundError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return None


def _older(path: Path) -> list[Path]:
    """Give the rotated files, oldest first."""
    numbers: list[int] = []
    for one in path.parent.glob(f"{glob.escape(path.name)}.*"):
        suffix = one.name.removeprefix(f"{path.name}.")
        if suffix.isascii() and suffix.isdecimal() and not suffix.startswith("0") and one.exists():
            numbers.append(int(suffix))
    return [rotated(path, number) for number in sorted(numbers, reverse=True)]


def _lock(fd: int) -> None:
    if sys.platform == "win32":
        os.lseek(fd, _LOCK_PLACE, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_LOCK, 1)
    else:
        fcntl.flock(fd, fcntl.LOCK_EX)


def _unlock(fd: int) -> None:
    if sys.platform == "win32":
        os.lseek(fd, _LOCK_PLACE, os.SEEK_SET)
        msvcrt.locking(fd, msvcrt.LK_UNLCK, 1)
    else:
        fcntl.flock(fd, fcntl.LOCK_UN)
