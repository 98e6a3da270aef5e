"""The wealth desk, opened: the generated package and handlers over a fresh set of data."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import TypeVar

from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue

PACKAGE = Path(__file__).parents[2] / "generated" / "wealth_desk"

T = TypeVar("T")


def with_desk(
    act: Callable[[CodeMode], Awaitable[T]],
    *,
    handlers: Mapping[str, Handler] | None = None,
    policy: Policy | None = None,
    limits: Limits | None = None,
    package: Path = PACKAGE,
) -> T:
    """Open the desk, let `act` use it, close it."""

    async def opened() -> T:
        transport = EmbeddedTransport({**make_handlers(), **(handlers or {})})
        async with CodeMode.open(package, transport=transport, policy=policy, limits=limits, spares=0) as code_mode:
            return await act(code_mode)

    return asyncio.run(opened())


def run(
    code: str,
    *,
    inputs: Mapping[str, JsonValue] | None = None,
    handlers: Mapping[str, Handler] | None = None,
    policy: Policy | None = None,
    limits: Limits | None = None,
) -> Outcome:
    """Run one snippet on a fresh desk."""
    return with_desk(
        lambda code_mode: code_mode.execute_python_code(code, inputs=inputs),
        handlers=handlers,
        policy=policy,
        limits=limits,
    )
