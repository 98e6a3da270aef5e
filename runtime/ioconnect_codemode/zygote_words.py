"""What a host and its zygote say to each other on the zygote's socket; see the room `zygote`."""

from __future__ import annotations

import struct
from collections.abc import Collection
from typing import Final

from ioconnect_codemode.language import SAFE_MODULES

REQUEST: Final = struct.Struct("<cIQ")
"""What is asked for, and two numbers that belong to it."""

BOUNDS: Final = b"b"
"""The first word: seconds of processor time and bytes of memory that a worker may take. There is no answer."""

FORK: Final = b"f"
"""A worker for a run that waits: the number of the request, and the safe modules that the worker needs."""

SPARE: Final = b"s"
"""A worker for a later run, with everything loaded: the number of the request."""

LEARN: Final = b"l"
"""A part of the catalog, to be loaded for workers that are asked for from now on. There is no answer."""

ANSWER: Final = struct.Struct("<Ii")
"""The number of a request and that of the process, which is 0 where none could be started."""

ALL: Final = (1 << len(SAFE_MODULES)) - 1
"""All safe modules, and all codecs."""


def bits_of(modules: Collection[str] | None) -> int:
    """Give safe modules as a number; None stands for everything."""
    return ALL if modules is None else sum(1 << SAFE_MODULES.index(one) for one in modules)


def modules_of(bits: int) -> list[str]:
    """Give the safe modules of such a number."""
    return [name for place, name in enumerate(SAFE_MODULES) if bits >> place & 1]
