"""Several things waited for together: gather, task groups, time limits, and what tasks share."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence

from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.limits import CancelledError, is_limit
from ioconnect_codemode.policy.shown import register_readable
from ioconnect_codemode.policy.waiting import (
    FUTURE_ATTRIBUTES,
    Future,
    Scheduler,
    Task,
    forget_cancel,
    settle,
    start,
)


@register_readable(*FUTURE_ATTRIBUTES)
class _Gathered(Future):
    __slots__ = ("_children", "_is_cancelled")

    def __init__(self, scheduler: Scheduler, children: Sequence[Future]) -> None:
        super().__init__(scheduler)
        self._children = children
        self._is_cancelled = False

    def cancel(self, msg: object = None) -> bool:
        """Cancel every child that is not done."""
        cancelled = [] if self.done() else [child.cancel() for child in self._children]
        self._is_cancelled = any(cancelled)
        return self._is_cancelled


def was_cancelled(gathered: _Gathered) -> bool:
    """Whether the whole has been cancelled, whatever its children made of it."""
    return gathered._is_cancelled  # pyright: ignore[reportPrivateUsage]


def gather(*coros_or_futures: object, return_exceptions: bool = False) -> Future:
    """`asyncio.gather`: results in order; the first failure is raised at once and the others go on."""
    scheduler = current().scheduler
    children = [scheduler.ensure(one) for one in coros_or_futures]
    if not children:
        return scheduler.finished([])
    gathered = _Gathered(scheduler, children)
    left = len(set(children))

    def ended(child: Future) -> None:
        nonlocal left
        left -= 1
        error = _error_of(child)
        if error is not None and not return_exceptions:
            settle(gathered, error=error)
        elif not left and was_cancelled(gathered):
            settle(gathered, error=CancelledError())
        elif not left:
            errors = [_error_of(one) for one in children]
            settle(
                gathered,
                [one.result() if error is None else error for one, error in zip(children, errors, strict=True)],
            )

    for child in dict.fromkeys(children):
        child.add_done_callback(ended)
    return gathered


async def race(futures: Sequence[Future], owned: Future | None = None) -> None:
    """Wait until one of the futures is done. A cancellation of the wait is passed on to `owned`."""
    first = Future(current().scheduler)
    for future in futures:
        start(future)
        future.add_done_callback(lambda _: settle(first))
    try:
        await first
    except CancelledError:
        if owned is not None:
            owned.cancel()
        raise


def parallel(
    function: Callable[[object], object], items: Iterable[object], *, return_exceptions: bool = False
) -> list[object]:
    """Call a function with each item side by side; results in order.

    A failure cancels what is unfinished; with `return_exceptions` it stands in its place among the results.
    """
    if not callable(function):  # pyright: ignore[reportUnnecessaryComparison]
        raise TypeError("parallel takes the function first: parallel(function, items)")
    scheduler = current().scheduler
    futures: list[Future] = []
    try:
        for item in items:
            futures.append(_begun(scheduler, function, item, keep_failure=return_exceptions))
        return list(scheduler.wait(gather(*futures, return_exceptions=return_exceptions)))  # type: ignore[call-overload, no-any-return]
    finally:
        for future in futures:
            future.cancel()


def _begun(scheduler: Scheduler, function: Callable[[object], object], item: object, *, keep_failure: bool) -> Future:
    """Call a function with one item; with `keep_failure` what it raises at once is the failure of the future."""
    try:
        return scheduler.ensure(scheduler.twins.started(function, item))
    except Exception as error:
        if is_limit(error) or not keep_failure:
            raise
        failed = Future(scheduler)
        settle(failed, error=error)
        return failed


@register_readable("create_task")
class TaskGroup:
    """`asyncio.TaskGroup`: a failure cancels the other tasks; all are waited for."""

    def __init__(self) -> None:
        self._tasks: list[Task] = []
        self._errors: list[Exception] = []
        self._owner: Task | None = None
        self._is_aborting = False
        self._has_cancelled_owner = False

    def create_task(self, coro: object, *, name: object = None, context: object = None) -> Task:
        """Start a task of the group."""
        if self._owner is None:
            raise RuntimeError("this TaskGroup has not been entered; use `async with asyncio.TaskGroup() as group:`")
        task = current().scheduler.task(coro, name)
        self._tasks.append(task)
        task.add_done_callback(self._ended)
        return task

    async def __aenter__(self) -> TaskGroup:
        self._owner = current().scheduler.current
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if is_limit(error):
            return False
        if error is not None:
            self._abort()
        while any(not task.done() for task in self._tasks):
            try:
                await race([task for task in self._tasks if not task.done()])
            except CancelledError as cancelled:
                if not self._has_cancelled_owner:
                    error = cancelled
                self._abort()
        if isinstance(error, Exception):
            self._errors.append(error)
        elif error is not None and not (isinstance(error, CancelledError) and self._has_cancelled_owner):
            return False
        if self._has_cancelled_owner and self._owner is not None:
            forget_cancel(self._owner)
        if self._errors:
            raise ExceptionGroup("unhandled errors in a TaskGroup", self._errors) from None
        return self._has_cancelled_owner

    def _ended(self, task: Future) -> None:
        error = _error_of(task)
        if isinstance(error, Exception):
            self._errors.append(error)
            if not self._is_aborting and self._owner is not None and not self._owner.done():
                self._has_cancelled_owner = True
                self._owner.cancel()
            self._abort()

    def _abort(self) -> None:
        self._is_aborting = True
        for task in self._tasks:
            task.cancel()


@register_readable("expired", "reschedule", "when")
class Timeout:
    """`asyncio.timeout`: cancels the block when its time is over and raises `TimeoutError` behind it."""

    def __init__(self, delay: float | None) -> None:
        self._delay = delay
        self._timer: Future | None = None
        self._is_expired = False

    def expired(self) -> bool:
        """Whether the time was over before the block was."""
        return self._is_expired

    async def __aenter__(self) -> Timeout:
        scheduler = current().scheduler
        owner = scheduler.current
        if self._delay is not None and owner is not None:
            self._timer = scheduler.timer(self._delay)

            def expire(timer: Future) -> None:
                if not timer.cancelled():
                    self._is_expired = owner.cancel()

            self._timer.add_done_callback(expire)
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if self._timer is not None:
            self._timer.cancel()
        if self._is_expired and isinstance(error, CancelledError):
            raise TimeoutError from None
        return False


class _Waiters:
    """Tasks in line for something."""

    def __init__(self) -> None:
        self._line: deque[Future] = deque()

    async def stand(self) -> None:
        """Wait for one's turn."""
        turn = Future(current().scheduler)
        self._line.append(turn)
        await turn

    def wake_first(self) -> None:
        """Give the turn to the first that still waits."""
        while self._line:
            turn = self._line.popleft()
            if not turn.done():
                settle(turn)
                return

    def wake_all(self) -> None:
        """Give everyone a turn."""
        while self._line:
            settle(self._line.popleft())


@register_readable("acquire", "release", "locked")
class Semaphore:
    """`asyncio.Semaphore`."""

    def __init__(self, value: int = 1) -> None:
        if value < 0:
            raise ValueError("Semaphore initial value must be >= 0")
        self._free = value
        self._waiters = _Waiters()

    async def acquire(self) -> bool:
        """Wait until there is room, and take it."""
        while self._free <= 0:
            await self._waiters.stand()
        self._free -= 1
        return True

    def release(self) -> None:
        """Give the room back."""
        self._free += 1
        self._waiters.wake_first()

    def locked(self) -> bool:
        """Whether there is no room."""
        return self._free <= 0

    async def __aenter__(self) -> None:
        await self.acquire()

    async def __aexit__(self, kind: object, error: object, trace: object) -> None:
        self.release()


@register_readable("acquire", "release", "locked")
class Lock(Semaphore):
    """`asyncio.Lock`."""

    def __init__(self) -> None:
        super().__init__(1)

    def release(self) -> None:
        """Unlock."""
        if not self.locked():
            raise RuntimeError("Lock is not acquired.")
        super().release()


@register_readable("set", "clear", "is_set", "wait")
class Event:
    """`asyncio.Event`."""

    def __init__(self) -> None:
        self._is_set = False
        self._waiters = _Waiters()

    def is_set(self) -> bool:
        """Whether it has been set."""
        return self._is_set

    def set(self) -> None:
        """Let everyone through."""
        self._is_set = True
        self._waiters.wake_all()

    def clear(self) -> None:
        """Let nobody through any more."""
        self._is_set = False

    async def wait(self) -> bool:
        """Wait until it is set."""
        while not self._is_set:
            await self._waiters.stand()
        return True


class QueueEmpty(Exception):
    """`asyncio.QueueEmpty`: nothing waits in it."""


class QueueFull(Exception):
    """`asyncio.QueueFull`: no more fits in."""


@register_readable("put", "put_nowait", "get", "get_nowait", "qsize", "empty", "full", "task_done", "join", "maxsize")
class Queue:
    """`asyncio.Queue`."""

    def __class_getitem__(cls, item: object) -> type[Queue]:
        return cls  # an alias of `typing` would be an object with methods of its own

    def __init__(self, maxsize: int = 0) -> None:
        self.maxsize = maxsize
        self._items: deque[object] = deque()
        self._unfinished = 0
        self._getters, self._putters, self._joiners = _Waiters(), _Waiters(), _Waiters()

    def qsize(self) -> int:
        """How many items wait."""
        return len(self._items)

    def empty(self) -> bool:
        """Whether none waits."""
        return not self._items

    def full(self) -> bool:
        """Whether no more fit."""
        return 0 < self.maxsize <= len(self._items)

    async def put(self, item: object) -> None:
        """Add an item, when there is room."""
        while self.full():
            await self._putters.stand()
        self.put_nowait(item)

    def put_nowait(self, item: object) -> None:
        """Add an item."""
        if self.full():
            raise QueueFull
        self._items.append(item)
        self._unfinished += 1
        self._getters.wake_first()

    async def get(self) -> object:
        """Take the oldest item, when there is one."""
        while not self._items:
            await self._getters.stand()
        return self.get_nowait()

    def get_nowait(self) -> object:
        """Take the oldest item."""
        if not self._items:
            raise QueueEmpty
        self._putters.wake_first()
        return self._items.popleft()

    def task_done(self) -> None:
        """Say that an item has been dealt with."""
        self._unfinished -= 1
        if self._unfinished <= 0:
            self._joiners.wake_all()

    async def join(self) -> None:
        """Wait until every item has been dealt with."""
        while self._unfinished > 0:
            await self._joiners.stand()


def _error_of(future: Future) -> BaseException | None:
    try:
        future.result()
    except (Exception, CancelledError) as error:
        return error
    return None
