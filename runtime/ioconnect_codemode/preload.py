"""Everything that a run may need is read from disk before the lock: after it nothing can be opened."""

from __future__ import annotations

import codecs
import difflib
import importlib
import sys
import warnings
from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Final

from ioconnect_codemode import policy
from ioconnect_codemode.messages import table

# Loaded by C code or by the standard library at the moment of use: unicodedata by "\N{...}" and normalize, traceback and
# linecache by exceptions that are shown. What `datetime.strptime` loads comes with its facade.
_LAZY: Final = (
    "copyreg",
    "linecache",
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


class Preload:
    """What a process loads, in the order in which it is needed."""

    def __init__(self) -> None:
        """Load what any run may need, whatever its snippet names."""
        table()
        for name in _LAZY:
            importlib.import_module(name)
        for name, since in _LAZY_SINCE.items():
            if sys.version_info >= since:
                importlib.import_module(name)
        warnings.simplefilter("ignore")  # there is nobody to warn: a worker has no standard streams
        difflib.get_close_matches("preload", ["preloaded"])
        self._left: dict[str, Callable[[], object]] = {name: partial(_load_facade, name) for name in policy.FACADES}
        self._left["codecs"] = _load_codecs

    def load(self, modules: Collection[str]) -> None:
        """Load what these safe modules are made of."""
        for name in list(self._left):
            if name.partition(".")[0] in modules:
                self._left.pop(name)()

    def rest(self) -> Iterator[str]:
        """Load what is left, a little at a time."""
        while self._left:
            name = next(iter(self._left))
            self._left.pop(name)()
            yield name


def preload() -> None:
    """Load it all."""
    for _ in Preload().rest():
        pass


def _load_facade(name: str) -> None:
    policy.FACADES[name]()


def _load_codecs() -> None:
    for name in _CODECS:
        codecs.lookup(name)
    importlib.import_module("stringprep")  # by the codec for names of hosts
