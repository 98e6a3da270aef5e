"""What a worker exchanges messages with its host through; on the desktop two pipes.

The pipes block: a worker has nothing to do but its one run. What the host says is trusted and decoded as it comes
(`frames.py`, rule 2); a large answer may still be checked while it is read (rule 3).
"""

from __future__ import annotations

import gc
import os
from collections.abc import Mapping
from typing import Final, NoReturn

from ioconnect_codemode.frames import HEADER_BYTES, HOLDS, decode_trusted, encode_json
from ioconnect_codemode.spinning import Spin

_LEAST_READ, _MOST_READ = 1 << 14, 1 << 17  # bytes of one read: Python makes room for all of them first
_NO_WAIT: Final[int] = getattr(os, "RWF_NOWAIT", 0)  # to read what is there; Linux only


class Exchange:
    """The host as a run sees it: one message at a time, either way."""

    def receive(self) -> dict[str, object]:
        """Give the host's next message; waits for it."""
        raise NotImplementedError

    def send(self, message: Mapping[str, object]) -> None:
        """Send a message as one frame."""
        self.send_frame(encode_json(message))

    def send_frame(self, frame: bytes) -> None:
        """Send a frame."""
        raise NotImplementedError

    def end(self) -> NoReturn:
        """End this worker where it stands: nothing in the snippet goes on."""
        os._exit(0)


class Pipe(Exchange):
    """The two pipes to the host, blocking."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._read = b""
        self._spin = Spin()
        self._can_look = _NO_WAIT != 0
        self._view = memoryview(bytearray(_LEAST_READ))
        self._buffers = [self._view]

    def receive(self) -> dict[str, object]:
        """Give the next message; exits where the host has gone."""
        if not self._read:
            found = self._spin.take(self._look) if self._can_look else None
            data: bytes | memoryview = found or os.read(self._read_fd, _LEAST_READ)
            size = int.from_bytes(data[:HEADER_BYTES], "little")
            if size and len(data) == HEADER_BYTES + size:
                return decode_trusted(data[HEADER_BYTES:])  # one message a read, as nearly always
            self._read = bytes(data)
        size = self._size()
        if size:
            return self._decoded(size)
        message = self._receive_unchecked()
        return self.receive() if message is None else message

    def _receive_unchecked(self) -> dict[str, object] | None:
        """Give a message that the host checks meanwhile; None where it doesn't hold, whatever became of it here."""
        size, message, error = self._size(), None, None
        try:
            message = self._decoded(size)
        except MemoryError as full:
            error = full
        if self._exactly(len(HOLDS)) != HOLDS:
            return None
        if error is not None:
            raise error
        return message

    def _size(self) -> int:
        return int.from_bytes(self._exactly(HEADER_BYTES), "little")

    def _decoded(self, size: int) -> dict[str, object]:
        """Give a message of so many bytes.

        A large one makes many objects, none of which is garbage: looking for some takes a fifth of the time.
        """
        if size <= _LEAST_READ:
            return decode_trusted(self._exactly(size))
        gc.disable()
        try:
            return decode_trusted(self._large(size))
        finally:
            gc.freeze()
            gc.enable()

    def _large(self, size: int) -> bytearray:
        """Give so many bytes, read into their place; they are read too where there is no place for them."""
        try:
            body = bytearray(size)
        except MemoryError:
            for start in range(0, size, _LEAST_READ):
                self._exactly(min(_LEAST_READ, size - start))
            raise
        place = len(self._read)  # of one small read, so less than the size
        body[:place], self._read = self._read, b""
        while place < size:
            data = os.read(self._read_fd, min(size - place, _MOST_READ))
            if not data:
                self.end()
            body[place : place + len(data)] = data
            place += len(data)
        return body

    def _look(self) -> memoryview | None:
        """Give what is there to be read, which the next look overwrites; None for nothing yet."""
        try:
            return self._view[: os.preadv(self._read_fd, self._buffers, -1, _NO_WAIT)]
        except BlockingIOError:
            return None
        except OSError:  # a kernel that knows no such reading of pipes
            self._can_look = False
            return None

    def send_frame(self, frame: bytes) -> None:
        """Send a frame."""
        left = memoryview(frame)
        while left:
            left = left[os.write(self._write_fd, left) :]

    def _exactly(self, size: int) -> bytes:
        """Give so many bytes. What comes with them is kept: a small message is one read, not two."""
        if len(self._read) < size:
            self._fill(size)
        data, self._read = self._read[:size], self._read[size:]
        return data

    def _fill(self, size: int) -> None:
        parts = bytearray(self._read)
        while len(parts) < size:
            data = os.read(self._read_fd, min(max(size - len(parts), _LEAST_READ), _MOST_READ))
            if not data:
                self.end()
            parts += data
        self._read = bytes(parts)
