"""Slots: never more calls at once than there are, in turn, and none is lost."""

from __future__ import annotations

import asyncio

from ioconnect_codemode.slots import Slots


def test_a_slot_is_taken_at_once_where_one_is_free() -> None:
    slots = Slots(2)
    assert [slots.take_now() for _ in range(3)] == [True, True, False]
    slots.give_back()
    assert slots.take_now()


def test_whoever_has_waited_longest_is_next() -> None:
    async def act() -> list[int]:
        slots, order = Slots(1), list[int]()
        assert slots.take_now()

        async def wait(number: int) -> None:
            await slots.take()
            order.append(number)
            slots.give_back()

        waiting = [asyncio.create_task(wait(number)) for number in range(3)]
        await asyncio.sleep(0)
        slots.give_back()
        assert not slots.take_now()  # it was given to who waits
        await asyncio.gather(*waiting)
        assert slots.take_now()
        return order

    assert asyncio.run(act()) == [0, 1, 2]


def test_a_slot_that_was_given_to_who_is_cancelled_goes_on() -> None:
    async def act() -> None:
        slots = Slots(1)
        assert slots.take_now()
        given, waits, gone = (asyncio.create_task(slots.take()) for _ in range(3))
        await asyncio.sleep(0)
        gone.cancel()
        slots.give_back()
        given.cancel()  # after it was given its slot, before it has gone on
        await asyncio.wait({given, waits, gone})
        assert (given.cancelled(), gone.cancelled(), waits.done() and not waits.cancelled()) == (True, True, True)
        slots.give_back()
        assert slots.take_now()

    asyncio.run(act())
