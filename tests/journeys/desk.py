"""The wealth desk, opened: the generated package and handlers over a fresh set of data."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol, TypeVar

from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.approval import OnApproval
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue

PACKAGE = Path(__file__).parents[2] / "generated" / "wealth_desk"

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Opening:
    """What the desk is opened with.

    Attributes:
        handlers: Of every wire method.
    """

    handlers: Mapping[str, Handler]
    policy: Policy | None
    limits: Limits | None
    package: Path
    on_approval: OnApproval | None


class Place(Protocol):
    """Where snippets run."""

    def open(self, opening: Opening) -> AbstractAsyncContextManager[CodeMode]:
        """Open the desk there."""
        ...


class Desktop:
    """Worker processes of this machine."""

    def open(self, opening: Opening) -> AbstractAsyncContextManager[CodeMode]:
        """Open the desk here."""
        return CodeMode.open(
            opening.package,
            transport=EmbeddedTransport(opening.handlers),
            policy=opening.policy,
            limits=opening.limits,
            on_approval=opening.on_approval,
            spares=0,
        )


_DESKTOP: Final = Desktop()
PLACE: ContextVar[Place] = ContextVar("PLACE", default=_DESKTOP)
"""Where the journeys are made: `tests/browser/test_journeys.py` makes them in a page."""


def with_desk(
    act: Callable[[CodeMode], Awaitable[T]],
    *,
    handlers: Mapping[str, Handler] | None = None,
    policy: Policy | None = None,
    limits: Limits | None = None,
    package: Path = PACKAGE,
    on_approval: OnApproval | None = None,
) -> T:
    """Open the desk, let `act` use it, close it."""
    opening = Opening(
        handlers={**make_handlers(), **(handlers or {})},
        policy=policy,
        limits=limits,
        package=package,
        on_approval=on_approval,
    )

    async def opened() -> T:
        async with PLACE.get().open(opening) as code_mode:
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
