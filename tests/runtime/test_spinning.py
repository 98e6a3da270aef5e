"""Looking again: what is there soon is found, and what is looked for in vain is looked for less and less."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import pairwise
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode import CodeMode, Policy
from ioconnect_codemode.spinning import IS_WORTH_IT, LOOK_S, TURN_S, Spin, Turn
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE


class Mailbox:
    """Something to look at, which counts how often."""

    def __init__(self, *, there_at: int | None) -> None:
        self._there_at = there_at
        self.looks = 0

    def look(self) -> bytes | None:
        self.looks += 1
        return b"here" if self._there_at is not None and self.looks >= self._there_at else None


def test_what_is_there_is_found_at_the_first_look() -> None:
    mailbox = Mailbox(there_at=1)
    assert Spin().take(mailbox.look) == b"here"
    assert mailbox.looks == 1


def test_what_comes_while_it_looks_is_found_where_there_is_a_second_processor() -> None:
    assert Spin().take(Mailbox(there_at=2).look) == (b"here" if IS_WORTH_IT else None)


def test_an_end_that_says_nothing_is_found_too() -> None:
    assert Spin().take(lambda: b"") == b""


def test_looking_in_vain_is_left_off_for_longer_each_time_and_never_for_good() -> None:
    spin = Spin()
    waits: list[bool] = []
    for _ in range(1_000):
        mailbox = Mailbox(there_at=None)
        assert spin.take(mailbox.look) is None
        waits.append(mailbox.looks > 0)
    looked = [place for place, has_looked in enumerate(waits) if has_looked]
    gaps = [after - before for before, after in pairwise(looked)]
    assert gaps == sorted(gaps)
    assert max(gaps) == 127


def test_one_that_is_found_makes_it_look_every_time_again() -> None:
    spin = Spin()
    for _ in range(3):
        spin.take(Mailbox(there_at=None).look)
    found = [spin.take(Mailbox(there_at=1).look) for _ in range(10)]
    assert found[-5:] == [b"here"] * 5


# -- what keeps the other side from answering is mended ---------------------------------------------------------------


class Clock:
    """Seconds that pass by what is done, and by a microsecond each time that somebody reads them."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1e-6
        return self.now


def test_looking_in_vain_has_its_cause_removed_and_is_tried_once_more() -> None:
    mailbox = Mailbox(there_at=None)
    mended: list[int] = []

    def mend() -> bool:
        mended.append(mailbox.looks)
        return True

    def look() -> bytes | None:
        return mailbox.look() or (b"here" if mended else None)

    assert Spin(mend, clock=Clock()).take(look) == (b"here" if IS_WORTH_IT else None)
    assert len(mended) == IS_WORTH_IT


def test_what_was_no_hindrance_is_not_looked_for_again() -> None:
    clock = Clock()
    assert Spin(lambda: False, clock=clock).take(Mailbox(there_at=None).look) is None
    assert clock.now < 1.2 * LOOK_S


@pytest.mark.parametrize("left_s", [0.0, LOOK_S / 2, LOOK_S, 3 * LOOK_S])
def test_looking_and_mending_end_when_somebody_else_needs_the_processor(left_s: float) -> None:
    clock = Clock()

    def mend() -> bool:
        clock.now += LOOK_S
        return True

    Spin(mend, clock=clock).take(Mailbox(there_at=None).look, until=left_s)
    assert clock.now <= left_s + 5e-6


# -- the other tasks of the event loop --------------------------------------------------------------------------------


@given(st.lists(st.floats(1e-6, 4e-4), min_size=1, max_size=200), st.integers(0, 80))
def test_a_turn_is_over_in_time_whatever_the_other_side_says(answers_s: list[float], looks: int) -> None:
    clock, left = Clock(), list(answers_s)
    vain = 0

    def read() -> bytes | None:
        nonlocal vain
        vain += 1
        if vain % (looks + 1):
            return None
        return b"call"

    def answer(data: bytes) -> bool:
        clock.now += left.pop()
        return bool(left)

    vain = looks  # the first one is there: that is why the loop calls
    Turn(Spin(lambda: True, clock=clock), clock=clock).take(read, answer)
    assert clock.now <= TURN_S + max(answers_s) + 5e-6


def test_a_turn_ends_where_the_other_side_has_ended_or_is_not_about_to_go_on() -> None:
    said = [b"call", b"call", b"", b"never read"]
    turn = Turn(Spin())
    assert turn.take(lambda: said.pop(0), lambda data: True) == b""
    assert turn.take(lambda: said.pop(0), lambda data: False) == b"never read"
    assert said == []


def turns_of(handler: Callable[[], None], *, calls: int) -> list[int]:
    """Have a snippet call at once, again and again; gives the turn of the event loop that each call was in."""
    turns, turn = list[int](), 0
    is_over = False

    def noted(arguments: dict[str, JsonValue]) -> JsonValue:
        turns.append(turn)
        handler()
        return None

    async def tick() -> None:
        nonlocal turn
        while not is_over:
            turn += 1
            await asyncio.sleep(0)

    async def act() -> None:
        nonlocal is_over
        transport = EmbeddedTransport({"CRM.GetClient": noted})
        async with CodeMode.open(PACKAGE, transport=transport, policy=Policy(results="off"), spares=0) as code_mode:
            ticking = asyncio.ensure_future(tick())
            outcome = await code_mode.execute_python_code(f"for n in range({calls}):\n    crm.get_client('x')\nn")
            is_over = True
            await ticking
            assert outcome.ok, outcome.text()

    asyncio.run(act())
    assert len(turns) == calls
    return turns


def test_a_snippet_that_calls_all_the_time_leaves_the_event_loop_its_turns() -> None:
    turns = turns_of(lambda: None, calls=1_000)
    most = max(turns.count(turn) for turn in set(turns))
    assert most <= TURN_S / 2e-6  # no call takes less than two microseconds


def test_calls_of_a_slow_app_are_each_in_a_turn_of_their_own() -> None:
    def slow() -> None:
        until = perf_counter() + TURN_S
        while perf_counter() < until:
            pass

    turns = turns_of(slow, calls=20)
    assert len(set(turns)) == 20
