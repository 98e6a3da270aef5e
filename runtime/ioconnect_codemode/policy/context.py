"""What belongs to one run and is asked for deep inside guards and facades: its clock, its chance, its
scheduler, its printed text."""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, NamedTuple

from ioconnect_codemode.policy.chance import Chance, fresh_chance
from ioconnect_codemode.policy.clock import Clock
from ioconnect_codemode.policy.limits import Reached
from ioconnect_codemode.policy.printing import Printer
from ioconnect_codemode.policy.waiting import Scheduler

if TYPE_CHECKING:
    from uuid import UUID


class RunContext(NamedTuple):
    """One run.

    Attributes:
        scheduler: Drives its tasks and sends its calls.
        clock: Tells its time.
        chance: Makes its random numbers; seeded where the run is to be replayed.
        reached: The limit that it has reached.
        printer: Keeps what it prints.
    """

    scheduler: Scheduler
    clock: Clock
    chance: Chance
    reached: Reached
    printer: Printer

    def uuid4(self) -> UUID:
        """Give a random UUID of this run's chance."""
        from uuid import UUID

        return UUID(int=self.chance.getrandbits(128), version=4)


CURRENT: ContextVar[RunContext] = ContextVar("CURRENT")
"""The run that is being driven; `sandbox.run` sets it."""


def current() -> RunContext:
    """Give the run that is being driven; a fresh one where facades are only made ready."""
    return CURRENT.get(None) or make_context()


def make_context(
    *,
    scheduler: Scheduler | None = None,
    clock: Clock | None = None,
    seed: int | None = None,
    printer: Printer | None = None,
) -> RunContext:
    """Give the context of one run."""
    told = clock or (scheduler.clock if scheduler is not None else Clock())
    return RunContext(
        scheduler=scheduler or Scheduler(clock=told),
        clock=told,
        chance=fresh_chance() if seed is None else Chance(seed),
        reached=Reached(),
        printer=printer or Printer(),
    )
