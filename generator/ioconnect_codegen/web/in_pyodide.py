"""Runs in Pyodide when that has loaded what a worker loads, and gives its modules, compiled.

Nothing may be imported here that a worker has not loaded: it would be shipped.
"""

from __future__ import annotations

import marshal
import sys
from importlib.util import MAGIC_NUMBER
from zipimport import zipimporter

ARCHIVE = "/lib/python314.zip/"
UNCHECKED = (1).to_bytes(4, "little") + bytes(8)  # no source is shipped that a module could be held to


def loaded() -> dict[str, bytes]:
    """Give the modules that came out of the archive, by their path in it."""
    found: dict[str, bytes] = {}
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        if spec is not None and isinstance(spec.loader, zipimporter):
            path = str(spec.origin)
            code = compile(spec.loader.get_data(path), path, "exec", dont_inherit=True)
            found[f"{path.removeprefix(ARCHIVE)}c"] = MAGIC_NUMBER + UNCHECKED + marshal.dumps(code)
    return found
