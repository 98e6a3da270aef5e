"""Waits between attempts to connect again."""

from __future__ import annotations

from ioconnect_codemode.transports.waits import FIRST_WAIT_S, LONGEST_WAIT_S, Waits


class Clock:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def waits(clock: Clock) -> Waits:
    return Waits(clock=clock, spread=lambda: 1.0)


def test_each_wait_is_twice_the_one_before_up_to_the_longest() -> None:
    made = waits(Clock())
    assert [made.next_s() for _ in range(8)] == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, LONGEST_WAIT_S, LONGEST_WAIT_S]


def test_connection_that_is_dropped_at_once_does_not_shorten_them() -> None:
    made = waits(Clock())
    found: list[float] = []
    for _ in range(3):
        made.opened()
        found.append(made.next_s())
    assert found == [0.2, 0.4, 0.8]


def test_connection_that_has_held_begins_them_anew() -> None:
    clock = Clock()
    made = waits(clock)
    for _ in range(6):
        made.next_s()
    made.opened()
    clock.now += LONGEST_WAIT_S
    assert (made.next_s(), made.next_s()) == (FIRST_WAIT_S, 2 * FIRST_WAIT_S)


def test_attempt_that_fails_later_is_not_counted_as_a_connection_that_held() -> None:
    clock = Clock()
    made = waits(clock)
    made.opened()
    made.next_s()
    clock.now += 10 * LONGEST_WAIT_S
    assert made.next_s() == 2 * FIRST_WAIT_S


def test_several_clients_do_not_come_back_together() -> None:
    first = {Waits().next_s() for _ in range(20)}
    assert len(first) > 1
    assert all(0.8 * FIRST_WAIT_S <= one <= 1.2 * FIRST_WAIT_S for one in first)
