"""The facade of asyncio: everything is awaited in turn."""

from __future__ import annotations

import types

from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.waiting import Task, gather, sleep, wait


def asyncio_facade() -> Namespace:
    """`asyncio`: `run`, `gather`, `sleep`, `create_task`, `wait_for`."""
    members = {"run": _run, "gather": gather, "sleep": sleep, "create_task": Task, "wait_for": _wait_for}
    return Namespace("asyncio", {**members, "TimeoutError": TimeoutError})


def _run(main: object, *, debug: bool | None = None) -> object:
    if isinstance(main, types.FunctionType):
        raise TypeError(f"a coroutine was expected, got the function itself; write {main.__name__}()")
    return wait(main)


async def _wait_for(aw: object, timeout: float | None) -> object:
    return wait(aw)
