"""The facade of asyncio, on the scheduler of the run."""

from __future__ import annotations

import inspect
import sys
import types
from collections.abc import Iterable, Iterator
from typing import Final

from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.groups import (
    Event,
    Lock,
    Queue,
    QueueEmpty,
    QueueFull,
    Semaphore,
    TaskGroup,
    Timeout,
    gather,
    race,
)
from ioconnect_codemode.policy.limits import CancelledError
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.waiting import Awaitable, Future, Scheduler, Task, is_awaitable, settle

FIRST_COMPLETED: Final = "FIRST_COMPLETED"
FIRST_EXCEPTION: Final = "FIRST_EXCEPTION"
ALL_COMPLETED: Final = "ALL_COMPLETED"


def asyncio_facade() -> Namespace:
    """`asyncio`: what starts work and waits for it."""
    return Namespace(
        "asyncio",
        {
            "run": _run,
            "gather": gather,
            "sleep": _sleep,
            "create_task": _create_task,
            "ensure_future": _create_task,
            "wait_for": _wait_for,
            "timeout": Timeout,
            "wait": _wait,
            "as_completed": _as_completed,
            "shield": _shield,
            "iscoroutine": _is_coroutine,
            "TaskGroup": TaskGroup,
            "Semaphore": Semaphore,
            "BoundedSemaphore": Semaphore,
            "Lock": Lock,
            "Event": Event,
            "Queue": Queue,
            "QueueEmpty": QueueEmpty,
            "QueueFull": QueueFull,
            "iscoroutinefunction": _is_coroutine_function,
            "CancelledError": CancelledError,
            "TimeoutError": TimeoutError,
            "FIRST_COMPLETED": FIRST_COMPLETED,
            "FIRST_EXCEPTION": FIRST_EXCEPTION,
            "ALL_COMPLETED": ALL_COMPLETED,
        },
    )


def _run(main: object, *, debug: bool | None = None) -> object:
    if isinstance(main, types.FunctionType):
        raise TypeError(f"a coroutine was expected, got the function itself; write {main.__name__}()")
    scheduler = current().scheduler
    others = set(scheduler.tasks)
    try:
        return scheduler.wait(main)
    finally:
        if not current().reached.note(sys.exception()):
            _cancel_others(scheduler, others)


def _cancel_others(scheduler: Scheduler, others: set[Task]) -> None:
    """Cancel what a run has left behind and wait for its end."""
    left = [task for task in scheduler.tasks if task not in others and task is not scheduler.current]
    for task in left:
        task.cancel()
    scheduler.wait(gather(*left, return_exceptions=True))


def _is_coroutine(value: object) -> bool:
    return isinstance(value, types.CoroutineType)


def _is_coroutine_function(value: object) -> bool:
    function = value.__func__ if isinstance(value, types.MethodType) else value
    return isinstance(function, types.FunctionType) and bool(function.__code__.co_flags & inspect.CO_COROUTINE)


def _create_task(coro: object, *, name: object = None, context: object = None) -> Task:
    return current().scheduler.task(coro, name)


async def _sleep(delay: float, result: object = None) -> object:
    await current().scheduler.timer(delay)
    return result


async def _wait_for(aw: object, timeout: float | None) -> object:
    scheduler = current().scheduler
    if timeout is None:
        return await scheduler.awaitable(aw)  # type: ignore[misc]
    work, timer = scheduler.ensure(aw), scheduler.timer(timeout)
    await race([work, timer], work)
    if work.done():
        timer.cancel()
        return work.result()
    work.cancel()
    await race([work])
    raise TimeoutError


async def _wait(
    aws: Iterable[object], *, timeout: float | None = None, return_when: str = ALL_COMPLETED
) -> tuple[set[Future], set[Future]]:
    scheduler = current().scheduler
    left = [scheduler.ensure(one) for one in aws]
    if not left:
        raise ValueError("Set of Tasks/Futures is empty.")
    futures = list(left)
    timer = None if timeout is None else scheduler.timer(timeout)
    while left and not (timer is not None and timer.done()):
        await race(left if timer is None else [*left, timer])
        ended = [one for one in left if one.done()]
        left = [one for one in left if not one.done()]
        is_failed = any(not one.cancelled() and one.exception() is not None for one in ended)
        if ended and (return_when == FIRST_COMPLETED or (return_when == FIRST_EXCEPTION and is_failed)):
            break
    return {one for one in futures if one.done()}, {one for one in futures if not one.done()}


def _as_completed(aws: Iterable[object], *, timeout: float | None = None) -> Iterator[Awaitable]:
    scheduler = current().scheduler
    left = [scheduler.ensure(one) for one in aws]

    async def following() -> object:
        await race(left)
        first = next(one for one in left if one.done())
        left.remove(first)
        return first.result()

    return (following() for _ in range(len(left)))


def _shield(arg: object) -> Future:
    scheduler = current().scheduler
    inner, outer = scheduler.ensure(arg), Future(scheduler)

    def follow(_: Future) -> None:
        try:
            settle(outer, inner.result())
        except (Exception, CancelledError) as error:
            settle(outer, error=error)

    inner.add_done_callback(follow)
    return outer if is_awaitable(arg) else inner
