"""The pre-flight check: the snippet's syntax tree against the catalog, before anything runs."""

from __future__ import annotations

from ioconnect_codemode.preflight.check import MOST, check
from ioconnect_codemode.preflight.scope import FunctionScope, Scope

__all__ = ["MOST", "FunctionScope", "Scope", "check"]
