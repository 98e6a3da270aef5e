"""Names the library functions that a snippet gets hold of, or that those call, and that ask for the class of what they get,
or for what a method is bound to and its like.

    python library_types.py ROOT...       the roots go in front of sys.path

Prints one line of JSON: how many functions were walked through, and which ask.
"""

from __future__ import annotations

import json
import sys
import types
import warnings
from collections.abc import Iterator
from typing import Final

_ASKING: Final = {
    *("type", "__class__", "__bases__", "__mro__", "__subclasses__"),
    *("__self__", "__func__", "__globals__", "__code__", "__closure__", "__builtins__", "_getframe"),
}
_OURS: Final = ("ioconnect_codemode", "boundaries", "snippet")


def main() -> None:
    """Walk from every function that a snippet gets hold of through all functions that it names."""
    sys.path[:0] = sys.argv[1:]
    warnings.simplefilter("ignore")
    from boundaries.reachable import reachable  # noqa: PLC0415

    seen: set[types.FunctionType] = set()
    waiting = [function for value, _ in reachable() for function in _functions_of(value)]
    while waiting:
        function = waiting.pop()
        if function not in seen:
            seen.add(function)
            waiting += _named_by(function)
    asking = {
        f"{function.__module__}.{function.__qualname__}"
        for function in seen
        if not function.__module__.startswith(_OURS) and _ASKING & _names_in(function.__code__)
    }
    print(json.dumps({"walked": len(seen), "asking": sorted(asking)}))


def _functions_of(value: object) -> Iterator[types.FunctionType]:
    if isinstance(value, (types.MethodType, property)):
        value = value.fget if isinstance(value, property) else value.__func__
    if isinstance(value, types.FunctionType):
        yield value


def _named_by(function: types.FunctionType) -> Iterator[types.FunctionType]:
    names = _names_in(function.__code__)
    for cell in function.__closure__ or ():
        yield from _functions_of(cell.cell_contents)
    for name in names:
        value: object = function.__globals__.get(name)
        yield from _functions_of(value)
        if isinstance(value, types.ModuleType):
            for member in names:
                yield from _functions_of(vars(value).get(member))


def _names_in(code: types.CodeType) -> set[str]:
    inner = (constant for constant in code.co_consts if isinstance(constant, types.CodeType))
    return {*code.co_names}.union(*map(_names_in, inner))


if __name__ == "__main__":
    main()
