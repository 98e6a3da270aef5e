"""The deeper type check: `ty`, where it is installed (extra `typecheck`), in a process of its own."""

from __future__ import annotations

from ioconnect_codemode.typecheck.check import TypeCheck, merged
from ioconnect_codemode.typecheck.installed import ty_version

__all__ = ["TypeCheck", "merged", "ty_version"]
