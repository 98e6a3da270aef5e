"""The formats of JSON Schema that are asserted where jsonschema-rs is missing; others pass."""

from __future__ import annotations

import ipaddress
import re
import uuid
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from ioconnect_codemode.patterns import can_be_read

_TIME = r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
_DATE_TIME = re.compile(rf"\d{{4}}-\d\d-\d\dT{_TIME}", re.ASCII | re.IGNORECASE)
_ONLY_TIME = re.compile(_TIME, re.ASCII | re.IGNORECASE)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_DURATION_TIME = r"T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)"  # RFC 3339, appendix A: no part may be skipped
_DURATION_DATE = r"(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)"
_DURATION = re.compile(rf"P(?:\d+W|{_DURATION_DATE}(?:{_DURATION_TIME})?|{_DURATION_TIME})", re.ASCII)
_HOST = re.compile(
    r"(?=.{1,253}\Z)[a-z\d]([a-z\d-]{0,61}[a-z\d])?(\.[a-z\d]([a-z\d-]{0,61}[a-z\d])?)*", re.ASCII | re.I
)
_EMAIL = re.compile(
    r"""(?=.{1,64}@)(?:"[^"\s]*(?: [^"\s]*)*"|[^@\s."(),:;<>\[\]\\]+(?:\.[^@\s."(),:;<>\[\]\\]+)*)@(?:\[([^\]]+)\]|(.+))"""
)
_URI_TEXT = re.compile(r"[^\s<>\"{}|\\^`]*")
_LONGEST_REGEX = 10_000  # Python takes seconds to read a megabyte of one
_POINTER = re.compile(r"(/([^~/]|~[01])*)*")


def _date(text: str) -> bool:
    known = "2000" if text[:4] == "0000" else text[:4]  # a leap year too, and Python's years begin at 1
    return bool(_DATE.fullmatch(text)) and _is_made(date.fromisoformat, known + text[4:])


def _date_time(text: str) -> bool:
    return bool(_DATE_TIME.fullmatch(text)) and _date(text[:10]) and _time(text[11:])


def _time(text: str) -> bool:
    if not _ONLY_TIME.fullmatch(text):
        return False
    if text[6:8] != "60":
        return True
    zone = re.split("[+-]", text)[1:]  # a leap second is the last one of a day in UTC
    behind = (int(zone[0][:2]) * 60 + int(zone[0][3:])) * (-1 if "+" in text else 1) if zone else 0
    return (int(text[:2]) * 60 + int(text[3:5]) + behind) % 1440 == 1439


def _email(text: str) -> bool:
    found = _EMAIL.fullmatch(text)
    if found is None:
        return False
    address, host = found.groups()
    if address is None:
        return bool(_HOST.fullmatch(host))
    version = ipaddress.IPv6Address if address[:5].lower() == "ipv6:" else ipaddress.IPv4Address
    return _is_made(version, address[5:] if version is ipaddress.IPv6Address else address)


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
    "time": _time,
    "duration": lambda text: bool(_DURATION.fullmatch(text)),
    "email": _email,
    "hostname": lambda text: bool(_HOST.fullmatch(text)),
    "ipv4": lambda text: _is_made(ipaddress.IPv4Address, text),
    "ipv6": lambda text: "%" not in text and _is_made(ipaddress.IPv6Address, text),
    "json-pointer": lambda text: bool(_POINTER.fullmatch(text)),
    "regex": lambda text: len(text) > _LONGEST_REGEX or can_be_read(text),
    "uri": _uri,
    "uri-reference": _uri_reference,
    "uuid": _uuid,
}


def _of_text(fits: Callable[[str], bool]) -> Callable[[object], bool]:
    return lambda value: not isinstance(value, str) or fits(value)


FORMATS: dict[str, Callable[[object], bool]] = {name: _of_text(fits) for name, fits in _BY_NAME.items()}
"""A format's name to what says whether a value has it; only text is asked."""
