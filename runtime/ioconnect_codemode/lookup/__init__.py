"""What is told of a catalog: lists and definitions for the model, stub modules for the worker, the checker's projection.

Everything comes from one manifest, the one that policy has left; what isn't in it can't be listed, named or loaded.
Names are imported when they are first used: a run needs none of what lists and searches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioconnect_codemode.lookup.definitions import DETAILS, Detail, definitions_text
    from ioconnect_codemode.lookup.listing import KINDS, Kind, list_text
    from ioconnect_codemode.lookup.names import resolved, type_named
    from ioconnect_codemode.lookup.needs import stubs_message
    from ioconnect_codemode.lookup.projected import projection

__all__ = [
    "DETAILS",
    "KINDS",
    "Detail",
    "Kind",
    "definitions_text",
    "list_text",
    "projection",
    "resolved",
    "stubs_message",
    "type_named",
]

_ROOMS = {
    "DETAILS": "definitions",
    "Detail": "definitions",
    "definitions_text": "definitions",
    "KINDS": "listing",
    "Kind": "listing",
    "list_text": "listing",
    "resolved": "names",
    "type_named": "names",
    "stubs_message": "needs",
    "projection": "projected",
}


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
