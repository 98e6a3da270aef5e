"""The facade of zoneinfo: time zones whose data the worker has read before its lock."""

from __future__ import annotations

import functools
import io
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import READABLE

if TYPE_CHECKING:
    import zoneinfo

# Where the world trades and its larger cities; 600 zones would cost every worker 50 ms, these cost 2.
ZONES: Final = [
    "UTC",
    "GMT",
    "Etc/UTC",
    "Europe/London",
    "Europe/Dublin",
    "Europe/Lisbon",
    "Europe/Paris",
    "Europe/Berlin",
    "Europe/Zurich",
    "Europe/Vienna",
    "Europe/Amsterdam",
    "Europe/Brussels",
    "Europe/Luxembourg",
    "Europe/Madrid",
    "Europe/Rome",
    "Europe/Copenhagen",
    "Europe/Stockholm",
    "Europe/Oslo",
    "Europe/Helsinki",
    "Europe/Warsaw",
    "Europe/Prague",
    "Europe/Budapest",
    "Europe/Sofia",
    "Europe/Bucharest",
    "Europe/Athens",
    "Europe/Istanbul",
    "Europe/Kyiv",
    "Europe/Moscow",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Phoenix",
    "America/Anchorage",
    "America/Toronto",
    "America/Vancouver",
    "America/Halifax",
    "America/Mexico_City",
    "America/Bogota",
    "America/Lima",
    "America/Santiago",
    "America/Sao_Paulo",
    "America/Argentina/Buenos_Aires",
    "US/Eastern",
    "US/Central",
    "US/Mountain",
    "US/Pacific",
    "Asia/Tokyo",
    "Asia/Seoul",
    "Asia/Shanghai",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Kuala_Lumpur",
    "Asia/Bangkok",
    "Asia/Jakarta",
    "Asia/Manila",
    "Asia/Ho_Chi_Minh",
    "Asia/Kolkata",
    "Asia/Calcutta",
    "Asia/Karachi",
    "Asia/Dhaka",
    "Asia/Dubai",
    "Asia/Riyadh",
    "Asia/Qatar",
    "Asia/Jerusalem",
    "Asia/Tehran",
    "Asia/Tashkent",
    "Asia/Almaty",
    "Australia/Sydney",
    "Australia/Melbourne",
    "Australia/Brisbane",
    "Australia/Perth",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Pacific/Honolulu",
    "Africa/Johannesburg",
    "Africa/Cairo",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Africa/Casablanca",
]


def zoneinfo_facade() -> Namespace:
    """`zoneinfo`: `ZoneInfo` by name, where the machine, or a `tzdata` beside our own packages, has the data."""
    import zoneinfo  # noqa: PLC0415 - it takes 8 ms, most of them for the build's settings; a run without it needs none

    zones = _read_zones()
    READABLE[zoneinfo.ZoneInfo] = frozenset({"key", "utcoffset", "dst", "tzname"})

    def find(key: str) -> zoneinfo.ZoneInfo:
        if type(key) is not str:
            raise TypeError("a time zone's name must be a plain str")
        if key in zones:
            return zones[key]
        near = get_close_matches(key[:60], zones, 1)
        advice = f"did you mean {near[0]!r}?" if near else "zoneinfo.available_timezones() lists those that are here"
        raise zoneinfo.ZoneInfoNotFoundError(f"no time zone {key[:60]!r} here; {advice}")

    return Namespace(
        "zoneinfo",
        {
            "ZoneInfo": find,
            "ZoneInfoNotFoundError": zoneinfo.ZoneInfoNotFoundError,
            "available_timezones": lambda: set(zones),
        },
    )


@functools.cache
def _read_zones() -> Mapping[str, zoneinfo.ZoneInfo]:
    import zoneinfo  # noqa: PLC0415 - as above

    found: dict[str, zoneinfo.ZoneInfo] = {}
    for key in ZONES:
        data = _zone_of_the_machine(zoneinfo.TZPATH, key) or _zone_of_tzdata(key)
        if data is not None:
            found[key] = zoneinfo.ZoneInfo.from_file(io.BytesIO(data), key)
    return found


def _zone_of_the_machine(folders: Iterable[str], key: str) -> bytes | None:
    path = next((path for folder in folders if (path := Path(folder, key)).is_file()), None)
    return None if path is None else path.read_bytes()


def _zone_of_tzdata(key: str) -> bytes | None:
    import pkgutil  # noqa: PLC0415 - where the machine has the data, nothing here asks for it

    try:
        return pkgutil.get_data("tzdata", f"zoneinfo/{key}")  # out of an archive as well
    except (ImportError, OSError):
        return None
