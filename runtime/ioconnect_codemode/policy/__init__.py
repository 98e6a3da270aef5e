"""The snippet language: review, translation, and the guards that translated code calls."""

from __future__ import annotations

from ioconnect_codemode.policy.builtins import BUILTIN_NAMES
from ioconnect_codemode.policy.facades import FACADES
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.program import Program, translate
from ioconnect_codemode.policy.scopes import Bindings, find_bindings, free_names
from ioconnect_codemode.policy.source import parse
from ioconnect_codemode.policy.violations import Rejected, Violation

__all__ = [
    "BUILTIN_NAMES",
    "FACADES",
    "Bindings",
    "Namespace",
    "Program",
    "Rejected",
    "Violation",
    "find_bindings",
    "free_names",
    "parse",
    "translate",
]
