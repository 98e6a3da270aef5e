"""Context managers as `with` statements of a snippet enter and leave them."""

from __future__ import annotations

from collections.abc import Callable

from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.limits import CancelledError
from ioconnect_codemode.policy.shown import is_snippet_class
from ioconnect_codemode.policy.waiting import Awaitable


def _awaitable(value: object) -> Awaitable:
    return current().scheduler.awaitable(value)


def _is_hidden(error: BaseException | None) -> bool:
    """Whether a block ended in something that a snippet's manager is not told of; a limit is noted."""
    return current().reached.note(error) or not isinstance(error, (Exception, CancelledError))


class Noted:
    """Enters and leaves a context manager of the host's, and notes a limit: leaving it may raise something else."""

    __slots__ = ("_manager",)

    def __init__(self, manager: object) -> None:
        self._manager = manager

    def _method(self, name: str) -> Callable[..., object]:
        method: Callable[..., object] | None = getattr(type(self._manager), name, None)
        if method is None:
            raise TypeError(f"{type(self._manager).__name__!r} object can't be used in this with statement: no {name}")
        return method

    def __enter__(self) -> object:
        self._method("__exit__")
        return self._method("__enter__")(self._manager)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        current().reached.note(error)
        return bool(self._method("__exit__")(self._manager, kind, error, trace))

    async def __aenter__(self) -> object:
        self._method("__aexit__")
        return await _awaitable(self._method("__aenter__")(self._manager))  # type: ignore[misc]

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        current().reached.note(error)
        return bool(await _awaitable(self._method("__aexit__")(self._manager, kind, error, trace)))  # type: ignore[misc]


class Managed(Noted):
    """Enters and leaves a context manager of the snippet's own.

    It is told of exceptions that a snippet may know of, without their traceback. Of a limit it only learns that the
    block is over, and it can't swallow one.
    """

    __slots__ = ()

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not _is_hidden(error):
            return bool(self._method("__exit__")(self._manager, kind, error, None))
        self._method("__exit__")(self._manager, None, None, None)
        return False

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        if not _is_hidden(error):
            return bool(await _awaitable(self._method("__aexit__")(self._manager, kind, error, None)))  # type: ignore[misc]
        await _awaitable(self._method("__aexit__")(self._manager, None, None, None))  # type: ignore[misc]
        return False


def manage(manager: object) -> Noted:
    """Wrap a context manager for a `with` statement."""
    return Managed(manager) if is_snippet_class(type(manager)) else Noted(manager)
