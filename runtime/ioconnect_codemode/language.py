"""Names that the snippet language keeps for itself: one table for naming, policy and pre-flight.

A namespace that would hide one of these gets an underscore at the end (`json` becomes `json_`), a function with such a
name is not a global (it stays reachable as `namespace.function`), an input with such a name is wrong use.
"""

from __future__ import annotations

import builtins

SAFE_MODULES: tuple[str, ...] = (
    "abc",
    "asyncio",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "difflib",
    "enum",
    "fractions",
    "functools",
    "hashlib",
    "heapq",
    "io",
    "itertools",
    "json",
    "math",
    "numbers",
    "operator",
    "pprint",
    "random",
    "re",
    "statistics",
    "string",
    "textwrap",
    "time",
    "types",
    "typing",
    "unicodedata",
    "uuid",
    "zoneinfo",
)
"""Modules that a snippet may import, as frozen facades with hand-picked functions (`docs/language.md`)."""

YIELDING_MODULES = frozenset({"abc", "csv", "difflib", "io", "numbers", "pprint", "types", "unicodedata"})
"""Safe modules whose names a namespace, a function or an input may have all the same: `csv` and `numbers` are words of
data as well. It is then what the name means, also in an import."""

HELPERS: tuple[str, ...] = ("inputs", "parallel")
"""Names of our own that a snippet finds without an import."""

CALL_ERROR_NAMES: tuple[str, ...] = ("AppError", "ArgumentError", "DeniedError", "ResultError", "UnavailableError")
"""Exceptions of bridge calls, found without an import."""

RESERVED: frozenset[str] = frozenset(dir(builtins)) | frozenset(
    (*(set(SAFE_MODULES) - YIELDING_MODULES), *HELPERS, *CALL_ERROR_NAMES)
)
"""What no namespace, global function or input may be called."""

ALL_TARGETS = ("all", "skipMine")
"""Targets that mean every app that offers a method. The host registers no methods, so that both are the same here."""
