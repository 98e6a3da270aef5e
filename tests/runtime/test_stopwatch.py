from __future__ import annotations

import asyncio

from ioconnect_codemode.stopwatch import Stopwatch


def test_it_acts_once_at_its_limit() -> None:
    async def main() -> None:
        acted: list[str] = []
        done = asyncio.Event()
        Stopwatch(0.0, lambda: acted.append("first")).start()
        Stopwatch(0.001, done.set).start()
        await done.wait()
        assert acted == ["first"]

    asyncio.run(main())


def test_one_that_stands_still_when_its_timer_comes_does_not_act_until_it_goes_on() -> None:
    async def main() -> None:
        acted, later = asyncio.Event(), asyncio.Event()
        watch = Stopwatch(0.0, acted.set)
        watch.start()
        watch.stop()
        Stopwatch(0.001, later.set).start()
        await later.wait()
        assert not acted.is_set()
        watch.start()
        await acted.wait()

    asyncio.run(main())


def test_time_in_which_it_stands_still_is_not_counted() -> None:
    async def main() -> None:
        acted, later = asyncio.Event(), asyncio.Event()
        watch = Stopwatch(3600.0, acted.set)
        watch.start()
        watch.stop()
        passed_s = watch.passed_s
        Stopwatch(0.001, later.set).start()
        await later.wait()
        assert watch.passed_s == passed_s
        watch.close()

    asyncio.run(main())


def test_one_that_goes_on_from_beyond_its_limit_acts_without_waiting_for_the_timer_that_was_set() -> None:
    async def main() -> None:
        acted = asyncio.Event()
        watch = Stopwatch(3600.0, acted.set)
        watch.start()
        watch.go_on_from(3600.0)
        await acted.wait()

    asyncio.run(main())


def test_one_that_stands_still_goes_on_from_where_it_is_told() -> None:
    async def main() -> None:
        watch = Stopwatch(3600.0, lambda: None)
        watch.go_on_from(1800.0)
        assert (watch.is_running, watch.passed_s) == (False, 1800.0)
        watch.start()
        assert watch.passed_s >= 1800.0
        watch.close()

    asyncio.run(main())


def test_one_that_goes_on_before_its_timer_comes_acts_when_its_own_time_is_over() -> None:
    async def main() -> None:
        acted, later = asyncio.Event(), asyncio.Event()
        watch = Stopwatch(0.002, acted.set)
        watch.start()
        watch.stop()
        Stopwatch(0.001, later.set).start()
        await later.wait()
        watch.start()  # its timer is set for a moment that comes too early now
        await acted.wait()
        assert watch.passed_s >= 0.002

    asyncio.run(main())


def test_one_that_is_closed_never_acts() -> None:
    async def main() -> None:
        acted, later = asyncio.Event(), asyncio.Event()
        watch = Stopwatch(0.0, acted.set)
        watch.start()
        watch.close()
        Stopwatch(0.001, later.set).start()
        await later.wait()
        assert not acted.is_set()

    asyncio.run(main())


def test_time_that_is_taken_back_was_not_counted() -> None:
    async def main() -> None:
        watch = Stopwatch(3600.0, lambda: None)
        watch.start()
        watch.take_back(10.0)
        assert watch.passed_s < 0
        watch.close()

    asyncio.run(main())
