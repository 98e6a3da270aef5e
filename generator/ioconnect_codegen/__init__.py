"""Environment in, generated package out.

    from ioconnect_codegen import generate, read_environment

    files = generate(read_environment(Path("environment.json")))     # {path: text}

Names are looked up on first use: importing this package costs next to nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioconnect_codegen.catalog import Catalog, build_catalog
    from ioconnect_codegen.environment import Environment
    from ioconnect_codegen.errors import EnvironmentInvalid
    from ioconnect_codegen.live import News, open_live
    from ioconnect_codegen.package import Builder, Package, generate
    from ioconnect_codegen.reader import EnvironmentReader, read_environment

__all__ = [
    "Builder",
    "Catalog",
    "Environment",
    "EnvironmentInvalid",
    "EnvironmentReader",
    "News",
    "Package",
    "build_catalog",
    "generate",
    "open_live",
    "read_environment",
]

_ROOMS = {
    "Catalog": "catalog",
    "build_catalog": "catalog",
    "Builder": "package",
    "Environment": "environment",
    "EnvironmentReader": "reader",
    "Package": "package",
    "read_environment": "reader",
    "EnvironmentInvalid": "errors",
    "generate": "package",
    "News": "live",
    "open_live": "live",
}


def __getattr__(name: str) -> object:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{room}"), name)
