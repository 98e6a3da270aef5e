"""Who is told what, and in spite of whom."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ioconnect_codemode.errors import ObserverError
from ioconnect_codemode.manifest_data import EFFECTS, Effect
from ioconnect_codemode.observers import CallStarting, Event, Observers


class Everything:
    """Is told of all; raises what it is given."""

    def __init__(self, error: Exception | None = None) -> None:
        self.told: list[Event] = []
        self._error = error

    def observe(self, event: Event) -> None:
        self.told.append(event)
        if self._error is not None:
            raise self._error


class Some(Everything):
    """Is told of calls with these effects before they are sent."""

    def __init__(self, *effects: Effect) -> None:
        super().__init__()
        self.hears_starts: Sequence[Effect] = effects


def starting(effect: Effect) -> CallStarting:
    return CallStarting("r", 1, "crm.f", effect, {})


def test_of_calls_that_start_an_observer_is_told_what_it_hears() -> None:
    everything, writes, nothing = Everything(), Some("write", "unknown"), Some()
    observers = Observers([everything, writes, nothing])
    for effect in EFFECTS:
        observers.tell(starting(effect))
    assert [one.effect for one in everything.told if isinstance(one, CallStarting)] == list(EFFECTS)
    assert sorted(one.effect for one in writes.told if isinstance(one, CallStarting)) == ["unknown", "write"]
    assert nothing.told == []


def test_nobody_is_told_of_starts_that_nobody_hears() -> None:
    observers = Observers([Some("write"), Some()])
    assert {effect: observers.hear_starts(effect) for effect in EFFECTS} == {
        effect: effect == "write" for effect in EFFECTS
    }


def test_an_observer_behind_one_that_stops_the_run_is_told_too() -> None:
    last = Everything()
    with pytest.raises(ObserverError, match="first"):
        Observers([Everything(ObserverError("first")), Everything(ObserverError("second")), last]).tell(
            starting("read")
        )
    assert len(last.told) == 1


def test_what_an_observer_raises_besides_is_logged_and_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    last = Everything()
    Observers([Everything(ValueError("its own")), last]).tell(starting("read"))
    assert len(last.told) == 1
    assert "an observer failed" in caplog.text
