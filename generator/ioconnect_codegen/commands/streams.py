"""The command's standard streams: UTF-8 in every locale, and safe to use where the caller has closed one.

What is piped is a document, and documents are UTF-8; a terminal keeps its own encoding, and shows what it can't as escapes.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TextIO

_NAMES = ("stdin", "stdout", "stderr")


def settle() -> None:
    """Make the streams fit to be used; call it before a file or a process is opened."""
    for number in range(len(_NAMES)):
        try:
            os.fstat(number)
        except OSError:  # closed: a socket of ours would get its number, and whatever is written to it
            os.open(os.devnull, os.O_RDWR)
    for number, name in enumerate(_NAMES):
        stream: TextIO | None = getattr(sys, name)
        if stream is None and name != "stdin":  # what was closed is wanted by nobody
            setattr(sys, name, open(number, "w", encoding="utf-8", closefd=False))  # noqa: SIM115
        elif isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="strict" if name == "stdin" else "backslashreplace")


def give_up_output() -> None:
    """Drop what standard output has not taken: the interpreter would try once more at its end, and complain."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
