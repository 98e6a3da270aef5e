"""Names that the snippet language keeps for itself: one table for naming, policy and pre-flight.

A namespace that would hide one of these gets an underscore at the end (`json` becomes `json_`), a function with such a
name is not a global (it stays reachable as `namespace.function`), an input with such a name is wrong use.
"""

from __future__ import annotations

import builtins

SAFE_MODULES: tuple[str, ...] = (
    "asyncio",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "itertools",
    "json",
    "math",
    "operator",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "time",
    "typing",
    "uuid",
    "zoneinfo",
)
"""Modules that a snippet may import, as frozen facades with hand-picked functions (`docs/language.md`)."""

HELPERS: tuple[str, ...] = ("inputs", "parallel")
"""Names of our own that a snippet finds without an import."""

CALL_ERROR_NAMES: tuple[str, ...] = ("AppError", "ArgumentError", "DeniedError", "ResultError", "UnavailableError")
"""Exceptions of bridge calls, found without an import."""

RESERVED: frozenset[str] = frozenset(dir(builtins)) | frozenset((*SAFE_MODULES, *HELPERS, *CALL_ERROR_NAMES))
"""What no namespace, global function or input may be called."""
