"""Text in memory, for `io.StringIO` and for what is printed into one."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator

from ioconnect_codemode.policy.shown import register_readable


@register_readable(
    *(
        "write",
        "writelines",
        "read",
        "readline",
        "readlines",
        "getvalue",
        "seek",
        "tell",
        "truncate",
        "close",
        "closed",
    ),
    *("flush", "readable", "writable", "seekable"),
)
class StringIO:
    """`io.StringIO`, with what programs use of it. It is no file, and nothing of one is behind it."""

    __slots__ = ("_held",)

    def __init__(self, initial_value: str | None = "", newline: str | None = "\n") -> None:
        self._held = io.StringIO(initial_value, newline)

    @property
    def closed(self) -> bool:
        """Whether it has been closed."""
        return self._held.closed

    def write(self, text: str, /) -> int:
        """Write at the position."""
        return self._held.write(text)

    def writelines(self, lines: Iterable[str], /) -> None:
        """Write each text, without line ends of its own."""
        self._held.writelines(lines)

    def read(self, size: int | None = -1, /) -> str:
        """Read up to so many characters."""
        return self._held.read(size)

    def readline(self, size: int = -1, /) -> str:
        """Read up to the end of the line."""
        return self._held.readline(size)

    def readlines(self, hint: int = -1, /) -> list[str]:
        """Read all lines."""
        return self._held.readlines(hint)

    def getvalue(self) -> str:
        """Give everything that was written."""
        return self._held.getvalue()

    def seek(self, position: int, whence: int = 0, /) -> int:
        """Go to a position."""
        return self._held.seek(position, whence)

    def tell(self) -> int:
        """Give the position."""
        return self._held.tell()

    def truncate(self, size: int | None = None, /) -> int:
        """Cut off what is behind the size, or the position."""
        return self._held.truncate(size)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Let the text go."""
        self._held.close()

    def readable(self) -> bool:
        """Whether it can be read."""
        return self._held.readable()

    def writable(self) -> bool:
        """Whether it can be written."""
        return self._held.writable()

    def seekable(self) -> bool:
        """Whether its position can be changed."""
        return self._held.seekable()

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return next(self._held)

    def __enter__(self) -> StringIO:
        self._held.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()
