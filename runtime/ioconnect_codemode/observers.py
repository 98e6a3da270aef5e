"""Who watches runs: an audit, spans, a host's own log. What they are told, and when.

An observer is told of each run's start, of each call before it is sent and when it has ended, and of the run's end, on
the event loop; it must be quick. It changes nothing, with one exception: `ObserverError` stops the run. Raised at the
start, nothing runs; raised before a call, it is not sent; raised at its end, the worker is killed and no further call is
made; raised at the run's end, the outcome is replaced by a failure, so that nothing leaves the machine that could not be
written down. Any other exception is logged and the run goes on.

A run that is resumed after an approval is a run of its own, with a `RunStarted` that names the one before it; calls that
are answered from its log are not told again. A call that was held is told twice: as `held` when its run is paused, and
with what became of it by the run that resumes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ioconnect_codemode.egress import Egress
from ioconnect_codemode.errors import ObserverError
from ioconnect_codemode.manifest_data import EFFECTS, Effect
from ioconnect_codemode.outcome import CallState, Outcome
from ioconnect_codemode.values import JsonValue

__all__ = ["CallEnded", "CallStarting", "Event", "Observer", "ObserverError", "Observers", "RunEnded", "RunStarted"]

_LOG = logging.getLogger("ioconnect_codemode")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunStarted:
    """A snippet is about to be sent to its worker.

    Attributes:
        run_id: Sixteen hexadecimal digits, another one for each run.
        started_ns: Nanoseconds since 1970.
        source: The snippet as the worker gets it, code fences taken off; of one that is too large, the beginning.
        inputs: Names of its inputs.
        catalog: Digest of the catalog that it sees.
        egress: Its way out: shows a call's arguments without masked values, and says what was masked.
        is_dry_run: Whether writes are replaced by stand-ins.
        is_review: Whether it is only reviewed and checked.
        resumes: The run that this one goes on with after an approval, else None.
    """

    run_id: str
    started_ns: int
    source: str
    inputs: Sequence[str]
    catalog: str
    egress: Egress
    is_dry_run: bool = False
    is_review: bool = False
    resumes: str | None = None


class CallStarting(NamedTuple):
    """A bridge call is admitted, approved where that is asked for, and about to be sent to its app.

    A tuple, as `CallEnded` is: one is made a call, and a frozen dataclass takes twice the time.

    Attributes:
        run_id: The run it belongs to.
        ordinal: As in `CallEnded`, which follows.
        capability: Full Python name.
        effect: What the capability does.
        arguments: By parameter name, as they are sent; nothing is masked.
    """

    run_id: str
    ordinal: int
    capability: str
    effect: Effect
    arguments: Mapping[str, JsonValue]


class CallEnded(NamedTuple):
    """A bridge call is over: it was answered, refused, stood in for, or its run has ended.

    Attributes:
        run_id: The run it belongs to.
        ordinal: Its number in the run, from 1, in the order in which the calls were made.
        capability: Full Python name, as the worker said it; bounded.
        effect: What the capability does.
        state: As in the outcome's list of calls.
        arguments: By parameter name, without what would not be sent; nothing is masked.
        started_ns: When it was admitted, in nanoseconds since 1970.
        elapsed_ms: Milliseconds between sending and answer, without what it waited for its turn or a person.
        answer_bytes: Size of the answer on its way into the worker; 0 where there is none.
        error_kind: Kind of the error that the snippet got, else None.
    """

    run_id: str
    ordinal: int
    capability: str
    effect: Effect
    state: CallState
    arguments: Mapping[str, JsonValue]
    started_ns: int
    elapsed_ms: float
    answer_bytes: int
    error_kind: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEnded:
    """A run is over; after this the outcome goes to whoever asked for it.

    Attributes:
        run_id: The run.
        outcome: What leaves the machine, as it leaves.
    """

    run_id: str
    outcome: Outcome


Event = RunStarted | CallStarting | CallEnded | RunEnded


class Observer(Protocol):
    """Watches runs.

    It is told of calls before they are sent; of those with some effects only where it has an attribute `hears_starts`
    that names them.
    """

    def observe(self, event: Event) -> None:
        """Take note of an event.

        Raises:
            ObserverError: The run must not go on.
        """
        ...


class Observers:
    """The observers of one session, told in their order."""

    def __init__(self, observers: Sequence[Observer]) -> None:
        self._observers = tuple(observers)
        self._hear_starts = {effect: tuple(one for one in observers if _hears(one, effect)) for effect in EFFECTS}

    def __bool__(self) -> bool:
        return bool(self._observers)

    def hear_starts(self, effect: Effect) -> bool:
        """Whether any of them is to be told of calls of an effect before they are sent."""
        return bool(self._hear_starts[effect])

    def tell(self, event: Event) -> None:
        """Tell every observer, also behind one that failed.

        Raises:
            ObserverError: One of them stops the run; the first one's error.
        """
        stopped: ObserverError | None = None
        for observer in self._hear_starts[event.effect] if type(event) is CallStarting else self._observers:
            try:
                observer.observe(event)
            except ObserverError as error:
                stopped = stopped or error
            except Exception:
                _LOG.exception("an observer failed")
        if stopped is not None:
            raise stopped


def _hears(observer: Observer, effect: Effect) -> bool:
    return effect in getattr(observer, "hears_starts", EFFECTS)
