"""Await without an event loop: every awaitable of a snippet is driven to completion where it is awaited."""

from __future__ import annotations

import time
import types
from collections.abc import Callable, Generator, Iterator
from typing import Protocol, cast

from ioconnect_codemode.policy.shown import register_readable


class Awaitable(Protocol):
    """What `await` takes."""

    def __await__(self) -> Iterator[object]:
        """Give the steps."""
        ...


def is_awaitable(value: object) -> bool:
    """Whether Python's own `await` would take the value."""
    return isinstance(value, types.CoroutineType) or hasattr(type(value), "__await__")


def awaitable(value: object) -> Awaitable:
    """Make anything awaitable: a plain value is its own result."""
    return cast(Awaitable, value) if is_awaitable(value) else Now(lambda: value)


def wait(value: object) -> object:
    """Drive a value to completion and give its result; a plain value is its own result.

    Raises:
        RuntimeError: The awaitable suspends, and there is nobody to wake it.
    """
    if not is_awaitable(value):
        return value
    steps = cast(Awaitable, value).__await__()
    try:
        next(steps)
    except StopIteration as stop:
        return cast(object, stop.value)
    raise RuntimeError("this await would never end; await capabilities, asyncio.sleep or asyncio.gather")


class Now:
    """An awaitable that does its work when it is first awaited and suspends never."""

    __slots__ = ("_result", "_work")

    def __init__(self, work: Callable[[], object]) -> None:
        self._work: Callable[[], object] | None = work
        self._result: object = None

    def __await__(self) -> Generator[None, None, object]:
        if self._work is not None:
            self._result = self._work()
            self._work = None
        return self._result
        yield


@register_readable("result", "exception", "done", "cancelled", "cancel")
class Task:
    """What `asyncio.create_task` gives: the work is done when the task is made, its failure is kept for the reader."""

    __slots__ = ("_error", "_value")

    def __init__(self, work: object) -> None:
        self._error: Exception | None = None
        self._value: object = None
        try:
            self._value = wait(work)
        except Exception as error:
            self._error = error

    def __await__(self) -> Generator[None, None, object]:
        return self.result()
        yield

    def result(self) -> object:
        """Give the result, or raise what the work raised."""
        if self._error is not None:
            raise self._error
        return self._value

    def exception(self) -> Exception | None:
        """Give what the work raised."""
        return self._error

    def done(self) -> bool:
        """Always: the work is done when the task is made."""
        return True

    def cancelled(self) -> bool:
        """Never: see `done`."""
        return False

    def cancel(self) -> bool:
        """Refused: see `done`."""
        return False


def gather(*awaitables: object, return_exceptions: bool = False) -> Awaitable:
    """`asyncio.gather` in turn; plain values count as finished."""

    def work() -> list[object]:
        results: list[object] = []
        for one in awaitables:
            try:
                results.append(wait(one))
            except Exception as error:
                if not return_exceptions:
                    raise
                results.append(error)
        return results

    return Now(work)


def sleep(delay: float, result: object = None) -> Awaitable:
    """`asyncio.sleep`."""

    def work() -> object:
        time.sleep(max(delay, 0))
        return result

    return Now(work)
