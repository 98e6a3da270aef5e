"""Facades: what `import json` and its like give to a snippet.

A facade is a frozen table of functions and classes picked by hand, never a module: a module leads to `sys` and `os`
in a few steps. A function that would import, print, or take a hook goes in as a wrapper with explicit parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from ioconnect_codemode.policy.facades import (
    asynchronous,
    copies,
    dates,
    declared,
    laid_out,
    managers,
    numbers,
    tables,
    text,
    tools,
    zones,
)
from ioconnect_codemode.policy.namespaces import Namespace

FACADES: Final[Mapping[str, Callable[[], Namespace]]] = MappingProxyType(
    {
        "abc": declared.abc_facade,
        "asyncio": asynchronous.asyncio_facade,
        "base64": text.base64_facade,
        "bisect": tools.bisect_facade,
        "calendar": dates.calendar_facade,
        "collections": tools.collections_facade,
        "collections.abc": tools.collections_abc_facade,
        "contextlib": managers.contextlib_facade,
        "copy": copies.copy_facade,
        "csv": tables.csv_facade,
        "dataclasses": declared.dataclasses_facade,
        "datetime": dates.datetime_facade,
        "decimal": numbers.decimal_facade,
        "difflib": laid_out.difflib_facade,
        "enum": declared.enum_facade,
        "fractions": numbers.fractions_facade,
        "functools": tools.functools_facade,
        "hashlib": text.hashlib_facade,
        "heapq": tools.heapq_facade,
        "io": tables.io_facade,
        "itertools": tools.itertools_facade,
        "json": text.json_facade,
        "math": numbers.math_facade,
        "numbers": numbers.numbers_facade,
        "operator": tools.operator_facade,
        "pprint": laid_out.pprint_facade,
        "random": numbers.random_facade,
        "re": text.re_facade,
        "statistics": numbers.statistics_facade,
        "string": text.string_facade,
        "textwrap": text.textwrap_facade,
        "time": dates.time_facade,
        "types": declared.types_facade,
        "typing": declared.typing_facade,
        "unicodedata": laid_out.unicodedata_facade,
        "uuid": text.uuid_facade,
        "zoneinfo": zones.zoneinfo_facade,
    }
)
"""Module name to what makes its facade; a run makes its own."""

__all__ = ["FACADES"]
