"""Facades about data: collections, itertools, functools, operator, heapq, bisect."""

from __future__ import annotations

import bisect
import collections
import collections.abc
import functools
import heapq
import itertools
import operator
import types
from collections.abc import Callable
from typing import Final, cast

from ioconnect_codemode.policy.classes import named_tuple
from ioconnect_codemode.policy.guards import get_attribute, read
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import is_snippet_class, is_snippet_function

_COLLECTIONS: Final = ("Counter", "OrderedDict", "defaultdict", "deque", "ChainMap")
_ABSTRACT: Final = [
    "Callable",
    "Collection",
    "Container",
    "Generator",
    "Hashable",
    "Iterable",
    "Iterator",
    "Mapping",
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "Reversible",
    "Sequence",
    "Set",
    "Sized",
    "Awaitable",
    "Coroutine",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "ItemsView",
    "KeysView",
    "ValuesView",
    "MappingView",
]
_ITERTOOLS: Final = [
    "accumulate",
    "batched",
    "chain",
    "combinations",
    "combinations_with_replacement",
    "compress",
    "count",
    "cycle",
    "dropwhile",
    "filterfalse",
    "groupby",
    "islice",
    "pairwise",
    "permutations",
    "product",
    "repeat",
    "starmap",
    "takewhile",
    "tee",
    "zip_longest",
]
_OPERATOR: Final = [
    "itemgetter",
    "add",
    "sub",
    "mul",
    "truediv",
    "floordiv",
    "mod",
    "pow",
    "neg",
    "pos",
    "abs",
    "eq",
    "ne",
    "lt",
    "le",
    "gt",
    "ge",
    "and_",
    "or_",
    "xor",
    "not_",
    "truth",
    "is_",
    "is_not",
    "contains",
    "concat",
    "countOf",
    "indexOf",
    "getitem",
    "setitem",
    "delitem",
    "matmul",
    "invert",
    "lshift",
    "rshift",
    "index",
]
_HEAPQ: Final = ("heappush", "heappop", "heapify", "heappushpop", "heapreplace", "nlargest", "nsmallest")
_BISECT: Final = ("bisect", "bisect_left", "bisect_right", "insort", "insort_left", "insort_right")


def collections_facade() -> Namespace:
    """`collections`: the classes in use, and `abc`."""
    classes = {name: getattr(collections, name) for name in _COLLECTIONS}
    return Namespace("collections", {**classes, "namedtuple": named_tuple, "abc": collections_abc_facade()})


def collections_abc_facade() -> Namespace:
    """`collections.abc`: for `isinstance`, and for annotations."""
    return Namespace("collections.abc", {name: getattr(collections.abc, name) for name in _ABSTRACT})


def itertools_facade() -> Namespace:
    """`itertools`; `chain.from_iterable` included."""
    members: dict[str, object] = {name: getattr(itertools, name) for name in _ITERTOOLS if hasattr(itertools, name)}
    return Namespace("itertools", {**members, "batched": _batched, "chain": Chain()})


def functools_facade() -> Namespace:
    """`functools`: what takes functions and gives functions."""
    members: dict[str, object] = {
        name: getattr(functools, name) for name in ("reduce", "partial", "cmp_to_key", "cached_property")
    }
    own = {"cache": _cache, "lru_cache": _lru_cache, "wraps": _wraps, "total_ordering": _total_ordering}
    return Namespace("functools", {**members, **own})


def operator_facade() -> Namespace:
    """`operator`; its attribute getters read through the guard."""
    members: dict[str, object] = {name: getattr(operator, name) for name in _OPERATOR}
    return Namespace("operator", {**members, "attrgetter": _attrgetter, "methodcaller": _methodcaller})


def heapq_facade() -> Namespace:
    """`heapq`."""
    return Namespace("heapq", {**{name: getattr(heapq, name) for name in _HEAPQ}, "merge": _merge})


def bisect_facade() -> Namespace:
    """`bisect`."""
    return Namespace("bisect", {name: getattr(bisect, name) for name in _BISECT})


def _merge(
    *iterables: collections.abc.Iterable[object], key: Callable[[object], object] | None = None, reverse: bool = False
) -> collections.abc.Iterator[object]:
    """`heapq.merge` of generators: the last of what it merges it goes through as `__next__.__self__`.

    In a snippet's class that is whatever a method of the host's is bound to.
    """
    merge = cast("Callable[..., collections.abc.Iterator[object]]", heapq.merge)
    return merge(*map(_each, iterables), key=key, reverse=reverse)


def _each(iterable: collections.abc.Iterable[object]) -> collections.abc.Iterator[object]:
    yield from iterable


class Chain(Namespace):
    """`itertools.chain`: can be called, and has `from_iterable`."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__("chain", {"from_iterable": itertools.chain.from_iterable})

    def __call__(self, *iterables: collections.abc.Iterable[object]) -> itertools.chain[object]:
        """Chain the iterables."""
        return itertools.chain(*iterables)


def _batched(iterable: collections.abc.Iterable[object], n: int) -> collections.abc.Iterator[tuple[object, ...]]:
    if n < 1:
        raise ValueError("n must be at least one")
    iterator = iter(iterable)
    while batch := tuple(itertools.islice(iterator, n)):
        yield batch


def _lru_cache(maxsize: object = 128, typed: bool = False) -> object:
    """`functools.lru_cache`, whose keys hold no classes: an argument's `__eq__` would be asked about that of a class."""
    if typed:
        raise TypeError("lru_cache(typed=True) is not available; leave it out, or make the type an argument")
    if callable(maxsize):
        return _cached(maxsize, 128)

    def decorate(function: object, /) -> object:
        return _cached(function, maxsize)

    return decorate


def _cache(user_function: object, /) -> object:
    """`functools.cache`."""
    return _cached(user_function, None)


def _cached(function: object, maxsize: object) -> object:
    """Cache what a function gives. Of a class that is called, `functools` would lend all members to the wrapper."""
    made = cast("Callable[..., object]", function)

    def make(*args: object, **kwargs: object) -> object:
        return made(*args, **kwargs)

    cached = cast("Callable[..., Callable[..., object]]", functools.lru_cache)(maxsize)
    return cached(make if isinstance(function, type) else made)


def _wraps(wrapped: object, **_: object) -> Callable[[object], object]:
    def name_alike(wrapper: object) -> object:
        if (
            is_snippet_function(wrapper)
            and isinstance(wrapper, types.FunctionType)
            and isinstance(wrapped, types.FunctionType)
        ):
            wrapper.__name__, wrapper.__qualname__, wrapper.__doc__ = (
                wrapped.__name__,
                wrapped.__qualname__,
                wrapped.__doc__,
            )
        return wrapper

    return name_alike


def _total_ordering(cls: type) -> type:
    if not is_snippet_class(cls):
        raise TypeError("total_ordering takes a class of the snippet's own")
    return cast(type, functools.total_ordering(cls))


def _attrgetter(*names: str) -> Callable[[object], object]:
    paths = [_checked(name).split(".") for name in names]

    def get(value: object) -> object:
        found = [functools.reduce(get_attribute, path, value) for path in paths]
        return found[0] if len(found) == 1 else tuple(found)

    return get


def _methodcaller(name: str, /, *args: object, **kwargs: object) -> Callable[[object], object]:
    _checked(name)
    return lambda value: cast(Callable[..., object], read(value, name))(*args, **kwargs)


def _checked(name: str) -> str:
    if type(name) is not str:
        raise TypeError("attribute name must be a plain str")
    return name
