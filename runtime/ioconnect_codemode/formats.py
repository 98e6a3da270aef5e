"""The formats of JSON Schema that are asserted where jsonschema-rs is missing; others pass."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable
from datetime import date, datetime
from urllib.parse import urlsplit

from ioconnect_codemode.patterns import can_be_read

_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_DATE_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}", re.ASCII | re.IGNORECASE)
_ONLY_TIME = re.compile(_TIME, re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION = re.compile(r"P(?=.)(\d+W|(\d+Y)?(\d+M)?(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+S)?)?)", re.ASCII)
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*", re.ASCII | re.I
)
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_URI_TEXT = re.compile(r"[^\s<>\"{}|\\^`]*")
_POINTER = re.compile(r"(/([^~/]|~[01])*)*")


def _date(text: str) -> bool:
    return bool(_DATE.fullmatch(text)) and _is_made(date.fromisoformat, text)


def _date_time(text: str) -> bool:
    leap = text[:17] + "59" + text[19:] if text[17:19] == "60" else text
    return bool(_DATE_TIME.fullmatch(text)) and _is_made(datetime.fromisoformat, leap[:19])


def _uri(text: str) -> bool:
    return _uri_reference(text) and bool(re.match(r"[a-zA-Z][a-zA-Z\d+.-]*:", text))


def _uri_reference(text: str) -> bool:
    return text.isascii() and bool(_URI_TEXT.fullmatch(text)) and _is_made(urlsplit, text)


def _uuid(text: str) -> bool:
    return len(text) == 36 and all(text[place] == "-" for place in (8, 13, 18, 23)) and _is_made(uuid.UUID, text)


def _is_made(make: Callable[[str], object], text: str) -> bool:
    try:
        make(text)
    except ValueError:
        return False
    return True


_BY_NAME: dict[str, Callable[[str], bool]] = {
    "date": _date,
    "date-time": _date_time,
    "time": lambda text: bool(_ONLY_TIME.fullmatch(text)),
    "duration": lambda text: bool(_DURATION.fullmatch(text)),
    "email": lambda text: bool(_EMAIL.fullmatch(text)),
    "hostname": lambda text: bool(_HOST.fullmatch(text)),
    "ipv4": lambda text: _is_made(ipaddress.IPv4Address, text),
    "ipv6": lambda text: "%" not in text and _is_made(ipaddress.IPv6Address, text),
    "json-pointer": lambda text: bool(_POINTER.fullmatch(text)),
    "regex": can_be_read,
    "uri": _uri,
    "uri-reference": _uri_reference,
    "uuid": _uuid,
}


def _of_text(fits: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or fits(value)


FORMATS: dict[str, Callable[[object], bool]] = {name: _of_text(fits) for name, fits in _BY_NAME.items()}
"""A format's name to what says whether a value has it; only text is asked."""
