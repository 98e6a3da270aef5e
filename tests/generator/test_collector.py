"""The collector of cycles, where a large catalog lives long."""

from __future__ import annotations

import gc
import weakref

import pytest

from ioconnect_codegen.collector import looks_at_new_objects_only


class Ring:
    """An object that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_is_there_is_left_alone_until_the_end() -> None:
    old = Ring()
    seen = weakref.ref(old)

    with looks_at_new_objects_only():
        del old
        gc.collect()
        assert seen() is not None
    gc.collect()

    assert seen() is None


def test_what_comes_later_is_collected_as_ever() -> None:
    with looks_at_new_objects_only():
        seen = weakref.ref(Ring())
        gc.collect()
        assert seen() is None


def test_an_error_ends_it_too() -> None:
    with pytest.raises(KeyError), looks_at_new_objects_only():
        raise KeyError

    assert gc.get_freeze_count() == 0
