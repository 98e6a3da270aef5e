"""Looking again: what is there soon is found, and what is looked for in vain is looked for less and less."""

from __future__ import annotations

from itertools import pairwise

from ioconnect_codemode.spinning import IS_WORTH_IT, Spin


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
