"""Limits: what no snippet catches, and what is remembered of it.

`except` can't be kept from catching by the class of an exception alone: `finally: raise ValueError` puts another in its
place, a generator that yields in `finally` holds it back, and `MemoryError` is an ordinary `Exception`. So every `try` of a
snippet first asks `Reached.passing`, which remembers a limit; whatever the snippet does then, its run ends in that limit.
"""

from __future__ import annotations

import sys


class CancelledError(BaseException):
    """What `asyncio.CancelledError` is in a snippet: no limit, though no `except Exception` catches it."""


def is_limit(error: BaseException | None) -> bool:
    """Whether an exception is a limit: out of memory, or raised by the host and no `Exception` at all."""
    if isinstance(error, (Exception, CancelledError, GeneratorExit)):
        return isinstance(error, MemoryError)
    return error is not None


class Reached:
    """The first limit that a run has reached."""

    __slots__ = ("error",)

    def __init__(self) -> None:
        self.error: BaseException | None = None

    def note(self, error: BaseException | None) -> bool:
        """Remember a limit; says whether it is one."""
        found = is_limit(error)
        if found and self.error is None:
            self.error = error
        return found

    def passing(self) -> type[BaseException] | tuple[()]:
        """Give the class for the first `except` of a `try`: it matches a limit, which is raised again, and nothing else."""
        return BaseException if self.note(sys.exception()) else ()
