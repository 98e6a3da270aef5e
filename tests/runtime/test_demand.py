"""How many ready workers a pool keeps: what it was given, and for a while as many as there were runs at once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from ioconnect_codemode.demand import KEPT_S, Demand


class SteppedLoop(asyncio.SelectorEventLoop):
    """An event loop whose clock stands still until a test sets it on."""

    def __init__(self) -> None:
        super().__init__()
        self.passed_s = 0.0

    def time(self) -> float:
        """Give the seconds that the test has let pass."""
        return self.passed_s


Pass = Callable[[float], Awaitable[None]]


def spares_seen(steps: Callable[[Demand, Pass], Awaitable[list[int]]], *, least: int, most: int) -> list[int]:
    """Give what the steps saw; they are given a demand and what lets seconds pass."""

    async def act() -> list[int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SteppedLoop)

        async def pass_s(seconds: float) -> None:
            loop.passed_s += seconds
            await asyncio.sleep(0)  # the timers that are due join what is ready
            await asyncio.sleep(0)

        return await steps(Demand(least, most, lambda: None), pass_s)

    with asyncio.Runner(loop_factory=SteppedLoop) as runner:
        return runner.run(act())


def begin(demand: Demand, runs: int) -> None:
    """Begin runs that are all under way at once."""
    for _ in range(runs):
        demand.began()


def end(demand: Demand, runs: int) -> None:
    """End so many."""
    for _ in range(runs):
        demand.ended()


def test_runs_one_after_another_want_no_more_than_the_least() -> None:
    async def steps(demand: Demand, pass_s: Pass) -> list[int]:
        for _ in range(10):
            begin(demand, 1)
            end(demand, 1)
        return [demand.spares]

    assert spares_seen(steps, least=2, most=32) == [2]


def test_many_runs_at_once_want_as_many_spares_up_to_the_most() -> None:
    async def steps(demand: Demand, pass_s: Pass) -> list[int]:
        begin(demand, 7)
        seen = [demand.spares]
        begin(demand, 40)
        return [*seen, demand.spares]

    assert spares_seen(steps, least=2, most=32) == [7, 32]


def test_what_was_learnt_is_kept_a_while_after_the_last_such_runs_and_then_given_up() -> None:
    async def steps(demand: Demand, pass_s: Pass) -> list[int]:
        begin(demand, 9)
        end(demand, 9)
        seen: list[int] = []
        for _ in range(3):
            await pass_s(KEPT_S)
            seen.append(demand.spares)
        return seen

    assert spares_seen(steps, least=2, most=32) == [9, 2, 2]


def test_fewer_runs_at_once_lower_what_is_kept_to_their_number() -> None:
    async def steps(demand: Demand, pass_s: Pass) -> list[int]:
        begin(demand, 9)
        end(demand, 9)
        await pass_s(KEPT_S)
        begin(demand, 4)
        end(demand, 4)
        await pass_s(KEPT_S)
        return [demand.spares]

    assert spares_seen(steps, least=2, most=32) == [4]


def test_a_number_that_was_given_stays_whatever_comes() -> None:
    async def steps(demand: Demand, pass_s: Pass) -> list[int]:
        begin(demand, 20)
        return [demand.spares]

    assert spares_seen(steps, least=0, most=0) == [0]
    assert spares_seen(steps, least=3, most=3) == [3]
