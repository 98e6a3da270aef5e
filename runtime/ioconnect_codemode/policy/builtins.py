"""The builtins of a snippet: Python's harmless ones, and guarded stand-ins for the others."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from typing import Final

from ioconnect_codemode.errors import CALL_ERRORS
from ioconnect_codemode.policy import guards
from ioconnect_codemode.policy.formatting import format_value

_PLAIN: Final = [
    "abs",
    "all",
    "any",
    "ascii",
    "bin",
    "bool",
    "bytearray",
    "bytes",
    "callable",
    "chr",
    "classmethod",
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
    "BufferError",
    "ConnectionError",
    "DeprecationWarning",
    "EOFError",
    "Exception",
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


def _format(value: object, spec: str = "") -> str:
    return format_value(value, -1, spec)


_TABLE: Final[dict[str, object]] = {
    **{name: getattr(builtins, name) for name in _PLAIN},
    **{error.__name__: error for error in CALL_ERRORS},
    "type": guards.type_of,
    "getattr": guards.get_attribute,
    "hasattr": guards.has_attribute,
    "setattr": guards.set_attribute,
    "delattr": guards.delete_attribute,
    "format": _format,
}

BUILTIN_NAMES: Final = frozenset(_TABLE) | {"print"}
"""Every name that a snippet has without defining or importing it."""


def make_builtins(write_line: Callable[..., None]) -> dict[str, object]:
    """Give fresh builtins whose `print` is the given function."""
    # Class statements call `__build_class__`; the name is special, so a snippet can't call it itself.
    return {**_TABLE, "print": write_line, "__build_class__": builtins.__build_class__}
