"""Everything that a run may need is read from disk before the lock: after it nothing can be opened."""

from __future__ import annotations

import codecs
import difflib
import importlib
import sys
import warnings
from typing import Final

from ioconnect_codemode import policy
from ioconnect_codemode.messages import table

# Loaded by C code or by the standard library at the moment of use: unicodedata by "\N{...}" and normalize, _strptime by
# datetime.strptime, locale and calendar by it, traceback and linecache by exceptions that are shown.
_LAZY: Final = (
    "_strptime",
    "calendar",
    "copyreg",
    "linecache",
    "locale",
    "stringprep",
    "traceback",
    "unicodedata",
    "warnings",
)
# The same in newer Pythons: division of huge numbers, `ast.unparse`, annotations of a class that is looked at.
_LAZY_SINCE: Final = {"_pylong": (3, 12), "_ast_unparse": (3, 14), "annotationlib": (3, 14)}
_CODECS: Final = (
    "ascii",
    "cp1250",
    "cp1251",
    "cp1252",
    "cp437",
    "hex",
    "base64",
    "iso8859-15",
    "latin-1",
    "raw_unicode_escape",
    "rot13",
    "unicode_escape",
    "utf-16",
    "utf-16-be",
    "utf-16-le",
    "utf-32",
    "utf-32-be",
    "utf-32-le",
    "utf-8",
    "utf-8-sig",
)


def preload() -> None:
    """Load it all."""
    table()
    for name in _LAZY:
        importlib.import_module(name)
    for name, since in _LAZY_SINCE.items():
        if sys.version_info >= since:
            importlib.import_module(name)
    for name in _CODECS:
        codecs.lookup(name)
    warnings.simplefilter("ignore")  # there is nobody to warn: a worker has no standard streams
    difflib.get_close_matches("preload", ["preloaded"])
    for make_facade in policy.FACADES.values():
        make_facade()
