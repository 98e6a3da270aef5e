"""What to say about an import that a snippet can't have."""

from __future__ import annotations

import sys
from collections.abc import Collection
from difflib import get_close_matches

from ioconnect_codemode.policy.names import MODULE_ADVICE

SUBMODULES = frozenset({"collections.abc"})
"""Dotted modules that a facade stands for."""


def advice(module: str, facades: Collection[str], known: Collection[str] | None) -> str | None:
    """Give the hint with which an import of the module is refused, or None if it may go on.

    A module is a facade, or a namespace: one of `known`. Where the namespaces are not known, only what is certainly
    a module of Python or one that snippets often ask for is refused; the rest is settled when the import runs.
    """
    root, dot, _ = module.partition(".")
    if known is not None and module in known:
        return None
    if root in facades:
        return None if not dot or module in SUBMODULES else f"use `import {root}`"
    if root in MODULE_ADVICE:
        return MODULE_ADVICE[root]
    if root not in sys.stdlib_module_names and known is None and not dot:
        return None
    near = get_close_matches(module, [*facades, *(known or ())], 1)
    return f"did you mean `{near[0]}`?" if near else "call a capability instead"
