"""Work that comes in bursts: in order, and one long piece in a turn of the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine

import pytest

from ioconnect_codemode.spreading import Spread


class Clock:
    """A clock that only work moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def done_by(
    scenario: Callable[[Spread, Callable[[str, float], Callable[[], None]]], Coroutine[None, None, None]],
) -> list[str]:
    """Give what was done, with a stroke wherever a turn of the loop has ended."""
    clock, done = Clock(), list[str]()

    def piece(name: str, takes_s: float) -> Callable[[], None]:
        def act() -> None:
            clock.now += takes_s
            done.append(name)

        return act

    async def run() -> None:
        spread = Spread(clock=clock)
        begun = asyncio.ensure_future(scenario(spread, piece))
        for _ in range(8):
            await asyncio.sleep(0)
            done.append("|")
        await asyncio.wait_for(begun, 5)

    asyncio.run(run())
    return done


def turns(done: list[str]) -> list[str]:
    return [turn for turn in "".join(done).split("|") if turn]


def test_small_pieces_are_done_at_once() -> None:
    async def scenario(spread: Spread, piece: Callable[[str, float], Callable[[], None]]) -> None:
        for name in "abc":
            spread.take(piece(name, 0.0001))

    assert turns(done_by(scenario)) == ["abc"]


def test_behind_a_long_piece_the_others_wait_in_order_for_the_next_turn() -> None:
    async def scenario(spread: Spread, piece: Callable[[str, float], Callable[[], None]]) -> None:
        for name, takes_s in (("a", 0.0001), ("B", 0.1), ("C", 0.1), ("d", 0.0001), ("E", 0.1)):
            spread.take(piece(name, takes_s))

    assert turns(done_by(scenario)) == ["aB", "C", "dE"]


def test_who_waits_for_a_piece_goes_on_when_it_is_done() -> None:
    async def scenario(spread: Spread, piece: Callable[[str, float], Callable[[], None]]) -> None:
        spread.take(piece("A", 0.1))
        await spread.done(piece("B", 0.1))
        spread.take(piece("c", 0.0001))

    assert "".join(turns(done_by(scenario))) == "ABc"


def test_a_piece_whose_waiter_has_been_cancelled_is_left_out() -> None:
    async def scenario(spread: Spread, piece: Callable[[str, float], Callable[[], None]]) -> None:
        spread.take(piece("A", 0.1))
        waiter = asyncio.ensure_future(spread.done(piece("B", 0.1)))
        spread.take(piece("C", 0.1))
        await asyncio.sleep(0)
        waiter.cancel()

    assert turns(done_by(scenario))[:1] == ["A"]
    assert "B" not in "".join(done_by(scenario))


def _say_nothing(loop: asyncio.AbstractEventLoop, context: dict[str, object]) -> None:
    del loop, context


def test_a_piece_that_raises_keeps_nothing_from_being_done() -> None:
    def fail() -> None:
        raise ValueError("no")

    async def scenario(spread: Spread, piece: Callable[[str, float], Callable[[], None]]) -> None:
        asyncio.get_running_loop().set_exception_handler(_say_nothing)
        spread.take(piece("A", 0.1))
        waiter = asyncio.ensure_future(spread.done(fail))
        spread.take(fail)
        spread.take(piece("B", 0.1))
        with pytest.raises(ValueError, match="no"):
            await waiter

    assert "".join(turns(done_by(scenario))) == "AB"
