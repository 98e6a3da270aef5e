"""Facades about time: datetime, time, calendar."""

from __future__ import annotations

# `strptime` imports this when first called; under a lock no file opens any more.
import _strptime  # type: ignore[import-not-found]  # pyright: ignore  # noqa: F401
import calendar
import datetime
import time
from collections.abc import Callable
from typing import Final

from ioconnect_codemode.policy.namespaces import Namespace

_DATETIME: Final = ("date", "datetime", "time", "timedelta", "timezone", "MINYEAR", "MAXYEAR")
_CALENDAR: Final = ("monthrange", "isleap", "leapdays", "weekday", "monthcalendar", "timegm")
_CALENDAR_NAMES: Final = ("month_name", "month_abbr", "day_name", "day_abbr")
_WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_CLOCKS: Final = ("time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns")


def datetime_facade() -> Namespace:
    """`datetime`: its classes."""
    return Namespace("datetime", {**{name: getattr(datetime, name) for name in _DATETIME}, "UTC": datetime.UTC})


def time_facade() -> Namespace:
    """`time`: its clocks and `sleep`."""
    functions = {name: _called(getattr(time, name)) for name in (*_CLOCKS, "strftime")}
    return Namespace("time", {**functions, "sleep": _sleep})


def calendar_facade() -> Namespace:
    """`calendar`: its functions, and its names as tuples."""
    functions: dict[str, object] = {name: _called(getattr(calendar, name)) for name in _CALENDAR}
    words: dict[str, object] = {name: tuple(getattr(calendar, name)) for name in _CALENDAR_NAMES}
    return Namespace("calendar", {**functions, **words, **{name: int(getattr(calendar, name)) for name in _WEEKDAYS}})


def _sleep(seconds: float) -> None:
    time.sleep(seconds)


def _called(function: Callable[..., object]) -> Callable[..., object]:
    def call(*args: object, **kwargs: object) -> object:
        return function(*args, **kwargs)

    return call
