"""Facades: what `import json` and its like give to a snippet.

A facade's room is imported when the facade is first made: most are made of modules that few snippets name, and a first run
doesn't wait for them. A worker has made all that its snippet can name before it is locked.

A facade is a frozen table of functions and classes picked by hand, never a module: a module leads to `sys` and `os`
in a few steps. A function that would import, print, or take a hook goes in as a wrapper with explicit parameters.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from importlib import import_module
from types import MappingProxyType
from typing import Final, cast

from ioconnect_codemode.policy.namespaces import Namespace

_ROOMS: Final = {
    "asynchronous": ("asyncio",),
    "copies": ("copy",),
    "dates": ("calendar", "datetime", "time"),
    "declared": ("abc", "dataclasses", "enum", "types", "typing"),
    "laid_out": ("difflib", "pprint", "unicodedata"),
    "managers": ("contextlib",),
    "numbers": ("decimal", "fractions", "math", "numbers", "random", "statistics"),
    "tables": ("csv", "io"),
    "text": ("base64", "hashlib", "json", "re", "string", "textwrap", "uuid"),
    "tools": (
        "bisect",
        "collections",
        "collections.abc",
        "functools",
        "heapq",
        "itertools",
        "operator",
    ),
    "zones": ("zoneinfo",),
}
"""Room to the modules that it has facades of."""


def _made(room: str, module: str) -> Namespace:
    make = getattr(import_module(f"{__name__}.{room}"), f"{module.replace('.', '_')}_facade")
    return cast("Callable[[], Namespace]", make)()


FACADES: Final[Mapping[str, Callable[[], Namespace]]] = MappingProxyType(
    {module: partial(_made, room, module) for room, modules in _ROOMS.items() for module in modules}
)
"""Module name to what makes its facade; a run makes its own."""

__all__ = ["FACADES"]
