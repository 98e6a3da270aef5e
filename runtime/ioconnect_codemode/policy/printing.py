"""What a snippet prints: kept up to a limit, or written into a text of its own."""

from __future__ import annotations

from typing import Final

from ioconnect_codemode.policy.buffers import StringIO

_ELSEWHERE: Final = "print(file=...) takes an io.StringIO; what is printed without it goes to whoever runs the snippet"


class Printer:
    """The snippet's `print`."""

    def __init__(self, limit: int = 0) -> None:
        self._parts: list[str] = []
        self._room = limit
        self.is_cut = False
        self.diverted: list[StringIO] = []
        """Where text goes instead, inside `redirect_stdout`; the last counts."""

    def write_line(
        self,
        *values: object,
        sep: str | None = " ",
        end: str | None = "\n",
        file: object = None,
        flush: bool = False,
    ) -> None:
        """Print."""
        if file is not None and not isinstance(file, StringIO):
            raise TypeError(_ELSEWHERE)
        into = self.diverted[-1] if file is None and self.diverted else file
        between = " " if sep is None else sep
        for index, value in enumerate(values):
            if index:
                self._add(between, into)
            self._add(str(value), into)
        self._add("\n" if end is None else end, into)

    def text(self) -> str:
        """Give what was kept; half of a character, which nobody could write out, is shown as an escape."""
        return "".join(self._parts).encode("utf-8", "backslashreplace").decode("utf-8")

    def _add(self, text: str, into: StringIO | None) -> None:
        # A snippet's class can derive from str and lie about its length.
        plain = str.__str__(text)
        if into is not None:
            into.write(plain)
            return
        kept = plain[: self._room]
        self.is_cut = self.is_cut or len(kept) < len(plain)
        self._room -= len(kept)
        if kept:
            self._parts.append(kept)
