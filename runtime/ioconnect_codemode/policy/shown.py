"""What objects show to a snippet, by type; and the mark on classes that a snippet has defined."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import fractions
import functools
import random
import re
import types
from collections.abc import Callable, Mapping
from typing import Final, TypeVar

from ioconnect_codemode.policy.names import SNIPPET_FILE

_Readable = TypeVar("_Readable", bound=type)

SNIPPET_CLASS: Final = "__snippet_hidden__"
"""Class attribute of every class that a snippet defines: the names that its host bases keep to themselves. A snippet
can't write a special name, neither in a class body nor through `setattr`, so it can't forge the mark."""

RECORD_KEYS: Final = "__record_keys__"
"""Class attribute of every record class: attribute name to key."""

FORMATS: Final = frozenset({"format", "format_map"})
"""Methods of str that are replaced by host code wherever a lookup finds them."""


def _public(*classes: type[object], without: str = "") -> dict[type, frozenset[str]]:
    hidden = frozenset(without.split())
    return {cls: frozenset(name for name in dir(cls) if not name.startswith("_")) - hidden for cls in classes}


_EMPTY: Final[dict[str, object]] = {}
_DICT_VIEWS: Final[tuple[type[object], ...]] = (type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()))

READABLE: Final[dict[type, frozenset[str]]] = {
    **_public(object, type(None), bool, int, float, complex, str, bytes, bytearray, list, tuple, dict, set, frozenset),
    **_public(range, slice, collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque),
    **_public(*_DICT_VIEWS, without="mapping"),
    **_public(collections.ChainMap, decimal.Decimal, decimal.Context, fractions.Fraction),
    **_public(datetime.date, datetime.datetime, datetime.time, datetime.timedelta, datetime.timezone),
    **_public(re.Pattern, re.Match, functools.partial),
    **_public(random.Random, without="getstate setstate VERSION"),
    property: frozenset({"getter", "setter", "deleter"}),
    types.GeneratorType: frozenset({"send", "throw", "close"}),
    types.CoroutineType: frozenset({"close"}),
    type(functools.lru_cache(abs)): frozenset({"cache_info", "cache_clear", "cache_parameters"}),
    type(functools.lru_cache(abs).cache_info()): frozenset({"hits", "misses", "maxsize", "currsize"}),
}
"""What can be read from objects of exactly these types, and from the types themselves."""

EXCEPTION_ATTRIBUTES: Final = frozenset(
    [
        "args",
        "msg",
        "value",
        "code",
        "reason",
        "name",
        "doc",
        "pos",
        "lineno",
        "colno",
        "errno",
        "strerror",
        "start",
        "end",
        "encoding",
        "add_note",
        "kind",
        "exceptions",
        "subgroup",
        "message",
    ]
)
"""What an exception shows: not `obj`, `object`, `with_traceback` or anything that leads to a frame."""

SETTABLE: Final[Mapping[type, frozenset[str]]] = {decimal.Context: frozenset({"prec", "rounding"})}
"""What can be set on objects that are not the snippet's own."""

PLAIN_CLASSES: Final = set(READABLE) - {
    types.GeneratorType,
    types.CoroutineType,
    property,
    type(functools.lru_cache(abs)),
}
"""Types that `type(x)` gives as they are."""


def show_plainly(cls: type[object]) -> None:
    """Have objects of a host class, and what `type` gives of them, show all their public names; done before the lock."""
    READABLE.update(_public(cls))
    PLAIN_CLASSES.add(cls)


def register_readable(*attributes: str) -> Callable[[_Readable], _Readable]:
    """Mark a host class as one whose instances show these attributes."""

    def mark(cls: _Readable) -> _Readable:
        READABLE[cls] = frozenset(attributes)
        return cls

    return mark


def is_snippet_class(value: object) -> bool:
    """Whether the value is a class that a snippet has defined."""
    return isinstance(value, type) and hasattr(value, SNIPPET_CLASS)


def is_snippet_function(value: object) -> bool:
    """Whether the value is a function that a snippet has defined."""
    return isinstance(value, types.FunctionType) and value.__code__.co_filename == SNIPPET_FILE


def has_state(value: object) -> bool:
    """Whether the object is of a class that derives from none of the host's, so that what it holds is the snippet's."""
    cls = type(value)
    return (
        is_snippet_class(cls)
        and all(base is object or is_snippet_class(base) for base in cls.__mro__)
        and not hasattr(cls, "_member_map_")
    )


def hidden_names(bases: tuple[type, ...]) -> frozenset[str]:
    """Give the names that host classes among the bases keep to themselves."""
    hidden: set[str] = set()
    ancestors: list[type[object]] = [ancestor for cls in bases for ancestor in cls.__mro__]
    for base in ancestors:
        if hasattr(base, SNIPPET_CLASS):
            continue
        is_exception = BaseException in base.__mro__
        shown = EXCEPTION_ATTRIBUTES if is_exception else READABLE.get(base, frozenset())
        hidden.update(name for name in vars(base) if name not in shown)
        if base is str:
            hidden.update(FORMATS)
    return frozenset(hidden)


def enum_internals(cls: enum.EnumType) -> frozenset[str]:
    """Give the names of the form `_name_` that `enum` keeps on an enumeration and its members."""
    kept = {"_name_", "_value_", "_sort_order_", *dir(enum.Enum), *vars(enum.Enum), *vars(enum.EnumType), *vars(cls)}
    return frozenset(name for name in kept if name.startswith("_") and name.endswith("_"))


ENUM_INTERNALS: Final = enum_internals(re.RegexFlag)
"""Such names of any enumeration, for one that is still being made."""
