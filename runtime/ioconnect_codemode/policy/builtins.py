"""The builtins of a snippet: Python's harmless ones, and guarded stand-ins for the others."""

from __future__ import annotations

import builtins
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Final, cast

from ioconnect_codemode.errors import CALL_ERRORS
from ioconnect_codemode.policy import guards
from ioconnect_codemode.policy.formatting import format_value
from ioconnect_codemode.policy.shown import is_snippet_function

_PLAIN: Final = [
    "abs",
    "aiter",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "complex",
    "dict",
    "divmod",
    "enumerate",
    "filter",
    "float",
    "frozenset",
    "hash",
    "hex",
    "id",
    "int",
    "isinstance",
    "issubclass",
    "iter",
    "len",
    "list",
    "map",
    "max",
    "min",
    "next",
    "object",
    "oct",
    "ord",
    "pow",
    "property",
    "range",
    "repr",
    "reversed",
    "round",
    "set",
    "slice",
    "sorted",
    "staticmethod",
    "str",
    "sum",
    "super",
    "tuple",
    "zip",
    "Ellipsis",
    "NotImplemented",
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "BrokenPipeError",
    "BufferError",
    "ConnectionAbortedError",
    "ConnectionError",
    "ConnectionRefusedError",
    "ConnectionResetError",
    "DeprecationWarning",
    "EOFError",
    "Exception",
    "ExceptionGroup",
    "FileExistsError",
    "FileNotFoundError",
    "FloatingPointError",
    "IOError",
    "ImportError",
    "IndexError",
    "InterruptedError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "ReferenceError",
    "RuntimeError",
    "RuntimeWarning",
    "StopAsyncIteration",
    "StopIteration",
    "SyntaxError",
    "TimeoutError",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "UnicodeError",
    "UserWarning",
    "ValueError",
    "Warning",
    "ZeroDivisionError",
]


# The C code of dates loads the first two when it formats and parses, that of patterns the third for the templates of `sub`;
# from 3.12 on very large integers are divided by the last. All are loaded before: by the facade of dates, or by `preload`.
_LOADED_BY_INTERPRETER: Final = frozenset({"time", "_strptime", "re", "_pylong"})


def _import_for_interpreter(name: str, *_: object) -> object:
    """Stand in for `__import__`, which C code looks up in the builtins of the running frame; import statements don't."""
    if name not in _LOADED_BY_INTERPRETER:
        raise ImportError(f"{name} is not available")
    return importlib.import_module(name)


def _format(value: object, spec: str = "") -> str:
    return format_value(value, -1, spec)


def _anext(iterator: AsyncIterator[object], *default: object) -> Coroutine[object, object, object]:
    """`anext` for snippets: what Python's gives in between could be stepped by hand."""

    async def wait() -> object:
        return await step

    step = cast("Callable[..., Awaitable[object]]", anext)(iterator, *default)
    return wait()


def _class_method(function: object, /) -> object:
    """`classmethod` for snippets: until Python 3.12 it asks a property for what it has of a class, and a property of the
    library's would call the class of that."""
    if isinstance(function, property) and not is_snippet_function(function.fget):
        raise TypeError("classmethod takes a function")
    return classmethod(cast("Callable[..., object]", function))


_TABLE: Final[dict[str, object]] = {
    **{name: getattr(builtins, name) for name in _PLAIN},
    **{error.__name__: error for error in CALL_ERRORS},
    "type": guards.type_of,
    "vars": guards.state_of,
    "anext": _anext,
    "classmethod": _class_method,
    "getattr": guards.get_attribute,
    "hasattr": guards.has_attribute,
    "setattr": guards.set_attribute,
    "delattr": guards.delete_attribute,
    "format": _format,
}

BUILTIN_NAMES: Final = frozenset(_TABLE) | {"print"}
"""Every name that a snippet has without defining or importing it."""


_MADE_AHEAD: Final[list[dict[str, object]]] = []


def make_ahead(count: int) -> None:
    """Make builtins for the next runs; each is given to one run only.

    A zygote does so, since a table of 150 objects is cheap to share and dear to make: it writes to the memory page of
    each of them.
    """
    _MADE_AHEAD.extend(_fresh() for _ in range(count))


def make_builtins(write_line: Callable[..., None]) -> dict[str, object]:
    """Give builtins that no run has had, and whose `print` is the given function."""
    made = _MADE_AHEAD.pop() if _MADE_AHEAD else _fresh()
    made["print"] = write_line
    return made


def _fresh() -> dict[str, object]:
    # Class statements call the one, C code the other; the names are special, so a snippet can't call them itself.
    hooks = {"__build_class__": builtins.__build_class__, "__import__": _import_for_interpreter}
    return {**_TABLE, "print": None, **hooks}
