"""Facades about time: datetime, time, calendar."""

from __future__ import annotations

# `strptime` imports this when first called; under a lock no file opens any more.
import _strptime  # type: ignore[import-not-found]  # pyright: ignore  # noqa: F401
import calendar
import datetime
import time
from typing import Final, cast

from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.plain import called
from ioconnect_codemode.policy.shown import READABLE

_DATETIME: Final = ("date", "datetime", "time", "timedelta", "timezone", "MINYEAR", "MAXYEAR")
_CALENDAR: Final = ("monthrange", "isleap", "leapdays", "weekday", "monthcalendar", "timegm")
_CALENDAR_NAMES: Final = ("month_name", "month_abbr", "day_name", "day_abbr")
_WEEKDAYS: Final = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")


def datetime_facade() -> Namespace:
    """`datetime`: its classes."""
    return Namespace("datetime", {**{name: getattr(datetime, name) for name in _DATETIME}, "UTC": datetime.UTC})


def time_facade() -> Namespace:
    """`time`: its clocks and `sleep`."""
    clock = current().clock
    return Namespace(
        "time",
        {
            "time": lambda: clock.time_ns() / 1e9,
            "time_ns": lambda: clock.time_ns(),
            **dict.fromkeys(("monotonic", "perf_counter", "process_time"), lambda: clock.monotonic_ns() / 1e9),
            **dict.fromkeys(("monotonic_ns", "perf_counter_ns"), lambda: clock.monotonic_ns()),
            "strftime": _strftime,
            "strptime": called(time.strptime),
            "mktime": called(time.mktime),
            "gmtime": _gmtime,
            "localtime": _localtime,
            "sleep": _sleep,
        },
    )


def calendar_facade() -> Namespace:
    """`calendar`: its functions, and its names as tuples."""
    functions: dict[str, object] = {name: called(getattr(calendar, name)) for name in _CALENDAR}
    words: dict[str, object] = {name: tuple(getattr(calendar, name)) for name in _CALENDAR_NAMES}
    return Namespace("calendar", {**functions, **words, **{name: int(getattr(calendar, name)) for name in _WEEKDAYS}})


def _now_s() -> float:
    return current().clock.time_ns() / 1e9


def _strftime(format: str, moment: tuple[int, ...] | time.struct_time | None = None) -> str:
    return time.strftime(format, time.localtime(_now_s()) if moment is None else cast("time.struct_time", moment))


def _gmtime(seconds: float | None = None) -> time.struct_time:
    return time.gmtime(_now_s() if seconds is None else seconds)


def _localtime(seconds: float | None = None) -> time.struct_time:
    return time.localtime(_now_s() if seconds is None else seconds)


def _sleep(seconds: float) -> None:
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    current().clock.sleep(seconds)


READABLE[time.struct_time] = frozenset(
    ["tm_year", "tm_mon", "tm_mday", "tm_hour", "tm_min", "tm_sec", "tm_wday", "tm_yday", "tm_isdst", "count", "index"]
)
