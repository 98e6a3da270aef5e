"""RestrictedPython's transformer, which ours derives from, without the rest of that package.

Its `__init__` imports guards, utilities and what those import: 4 ms of a worker's start, for what no program here uses.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Final

_PACKAGE: Final = "RestrictedPython"


def _bare_package() -> ModuleType:
    """Give the package as it is before its `__init__` has run.

    Raises:
        ModuleNotFoundError: It is not installed.
    """
    found = PathFinder.find_spec(_PACKAGE)
    if found is None or found.submodule_search_locations is None:
        raise ModuleNotFoundError(f"No module named {_PACKAGE!r}", name=_PACKAGE)
    package = ModuleType(_PACKAGE)
    package.__path__ = list(found.submodule_search_locations)
    return package


if _PACKAGE in sys.modules:
    from RestrictedPython.transformer import INSPECT_ATTRIBUTES, RestrictingNodeTransformer
else:
    sys.modules[_PACKAGE] = _bare_package()
    try:
        from RestrictedPython.transformer import INSPECT_ATTRIBUTES, RestrictingNodeTransformer
    finally:
        del sys.modules[_PACKAGE]  # whoever imports the package gets all of it

__all__ = ["INSPECT_ATTRIBUTES", "RestrictingNodeTransformer"]
