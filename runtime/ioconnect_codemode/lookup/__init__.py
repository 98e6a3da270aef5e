"""What is told of a catalog: lists and definitions for the model, stub modules for the worker, the checker's projection.

Everything comes from one manifest, the one that policy has left; what isn't in it can't be listed, named or loaded.
"""

from __future__ import annotations

from ioconnect_codemode.lookup.definitions import DETAILS, Detail, definitions_text
from ioconnect_codemode.lookup.listing import KINDS, Kind, list_text
from ioconnect_codemode.lookup.names import resolved
from ioconnect_codemode.lookup.needs import stubs_message
from ioconnect_codemode.lookup.projection import projection

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
]
