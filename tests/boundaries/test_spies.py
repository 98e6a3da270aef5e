"""What library code hands to a snippet's objects and gives back for them, whatever it is called with.

Every callable that a snippet can get hold of is called with spies: objects, texts, numbers, iterators and a class of a
snippet's kind, which answer everything and note what they are given.
"""

from __future__ import annotations

import gc
import itertools
import re
import sys
import types
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from typing import Final, cast

import pytest

from boundaries.reachable import reachable
from ioconnect_codemode.policy.context import CURRENT, make_context
from ioconnect_codemode.policy.limits import CancelledError
from ioconnect_codemode.policy.names import METHODS
from ioconnect_codemode.policy.shown import SNIPPET_CLASS

_INTERPRETER: Final = (
    types.ModuleType,
    types.FrameType,
    types.CodeType,
    types.TracebackType,
    types.CellType,
    memoryview,
)
_BOOLEAN: Final = {"__bool__", "__eq__", "__ne__", "__lt__", "__gt__", "__le__", "__ge__", "__contains__"}
_ANSWERS: Final[dict[str, object]] = {
    **dict.fromkeys(("__len__", "__index__", "__int__", "__hash__"), 1),
    **dict.fromkeys(("__str__", "__repr__", "__format__"), "x"),
    "__float__": 1.0,
    "__complex__": 1j,
    "__bytes__": b"x",
    "__exit__": False,
}
_LEFT_OUT: Final = ("sleep", "_sleep", "clear")
"""What waits, or goes on until a spy raises something."""


class Notes:
    """What spies have been given."""

    def __init__(self) -> None:
        self.found: set[str] = set()
        self.way = ""

    def take(self, value: object, how: str, depth: int = 0) -> None:
        if _is_forbidden(value):
            self.found.add(f"{self.way}: {how} {value!r}")
        if depth < 2 and type(value) in (list, tuple, set):
            for part in itertools.islice(cast("list[object]", value), 20):
                self.take(part, how, depth + 1)


_FOUND: Final = reachable()
_KNOWN: Final = {value for value, _ in _FOUND if isinstance(value, type)}


def _kept() -> dict[int, object]:
    """Give what modules and their classes keep that can be changed, by id: a table of `re`, a cache."""
    kept: dict[int, object] = {}
    for module in list(sys.modules.values()):
        for value in list(vars(module).values()):
            own = isinstance(value, type) and value.__module__ == module.__name__
            for held in (value, *(vars(value).values() if own else ())):
                if isinstance(held, (dict, list, set, bytearray, deque)):
                    kept[id(cast(object, held))] = cast(object, held)
    return kept


_KEPT: Final = _kept()


def _is_forbidden(value: object) -> bool:
    if isinstance(value, _INTERPRETER) or id(value) in _KEPT:
        return True
    kind = cast("type[object]", value if isinstance(value, type) else type(value))
    if kind is value and (issubclass(kind, type) or not (kind in _KNOWN or hasattr(kind, SNIPPET_CLASS))):
        return True  # a metaclass, or a class that it has made
    if issubclass(kind, BaseException) and not issubclass(kind, (Exception, CancelledError)):
        return True
    is_builtin = isinstance(value, (types.BuiltinMethodType, types.MethodDescriptorType))
    return is_builtin and getattr(value, "__name__", "") in ("format", "format_map")


def _spies(notes: Notes) -> list[Callable[[], object]]:
    """Give what makes the spies: an object, a class, a text, a number, a function, an iterator."""

    def noting(name: str, answer: Callable[[], object]) -> Callable[..., object]:
        def called(*arguments: object, **named: object) -> object:
            for one in (*arguments, *named.values()):
                notes.take(one, f"gives {name}")
            return answer()

        return called

    def item(self: object, key: object) -> object:
        notes.take(key, "gives __getitem__")
        if isinstance(key, int) and key > 1:
            raise IndexError
        return 1

    def special(name: str) -> Callable[..., object]:
        turns = itertools.cycle((True, False))
        if name in _BOOLEAN:
            return noting(name, lambda: next(turns))
        if name in ("__iter__", "__reversed__", "__await__"):
            return noting(name, lambda: iter([1, "a"] if name != "__await__" else []))
        if name == "__getitem__":
            return item
        return noting(name, lambda: _ANSWERS.get(name, 1))

    specials = {name: special(name) for name in METHODS - {"__init__", "__post_init__", "__next__", "__call__"}}

    def read(self: object, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return noting(name, lambda: 1)

    spy = type(
        "Spy",
        (),
        {**specials, SNIPPET_CLASS: frozenset(), "__getattr__": read, "__call__": noting("__call__", lambda: "a")},
    )

    def heard(name: str) -> Callable[..., object]:
        def called(self: str, *arguments: object, **named: object) -> object:
            for one in (*arguments, *named.values()):
                notes.take(one, f"gives {name}")
            return cast("Callable[..., object]", getattr(str, name))(self, *arguments, **named)

        return called

    methods = {name: heard(name) for name in dir(str) if not name.startswith("_")}
    text = type("SpyText", (str,), {SNIPPET_CLASS: frozenset(), "__getattr__": read, **methods})
    sums = {name: specials[name] for name in ("__add__", "__radd__", "__mul__", "__rmul__")}
    number = type("SpyNumber", (int,), {SNIPPET_CLASS: frozenset(), **sums})
    names = {name for value, _ in _FOUND if isinstance(value, types.FunctionType) for name in value.__code__.co_names}
    bases: dict[str, object] = {name: [(object,), {}] for name in names if not name.startswith("__")}
    plain = type("SpyClass", (), {SNIPPET_CLASS: frozenset(), **bases})

    def generator() -> Iterator[int]:
        yield from (1, 2)

    return [
        spy,
        lambda: plain,
        lambda: text("a"),
        lambda: number(2),
        lambda: noting("a function", lambda: 1),
        generator,
    ]


@pytest.mark.timeout(120)
def test_no_callable_hands_a_snippets_object_anything_of_the_interpreter() -> None:
    notes = Notes()
    spies = _spies(notes)
    functions = {_name(value, way): (value, way) for value, way in _FOUND if callable(value)}
    context = make_context()
    held = CURRENT.set(context)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, (value, way) in functions.items():
            notes.way = way
            if name.partition(" of ")[0].rpartition(".")[2] not in _LEFT_OUT:
                for size in (1, 2, 3):
                    for made in itertools.islice(itertools.product(spies, repeat=size), 60):
                        _call(value, [make() for make in made], notes)
        context.scheduler.drop(lambda error: None)
        CURRENT.reset(held)
        re.purge()
        gc.collect()  # coroutines that nobody awaits warn here

    assert len(functions) > 1_000
    assert notes.found == set()


def _name(value: object, way: str) -> str:
    """Name what is called; what is made by a function of ours for a function of the library, by its way as well."""
    name = f"{type(value).__name__} {getattr(value, '__module__', '')}.{getattr(value, '__qualname__', repr(value))}"
    return f"{name} of {way}" if "<locals>" in name else name


def _call(function: object, arguments: list[object], notes: Notes) -> None:
    try:
        given = cast("Callable[..., object]", function)(*arguments)
        notes.take(given, "returns")
        if isinstance(given, Iterator):
            for part in itertools.islice(cast("Iterator[object]", given), 3):
                notes.take(part, "yields")
        if isinstance(given, types.CoroutineType):
            given.close()
    except Exception as error:
        for part in error.args:
            notes.take(part, "raises")
