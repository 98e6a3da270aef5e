"""The facade of copy: plain data and the snippet's own objects, its containers among them. Hooks are not called."""

# Methods are taken from the bare classes of containers, whose items pyright then doesn't know.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

from __future__ import annotations

import collections
import enum
from collections.abc import Callable, Iterator
from typing import Final, Protocol, cast

from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import has_state, is_snippet_class

_DEPTH_LIMIT: Final = 200
_Part = Callable[[object], object]
_Chain = collections.ChainMap[object, object]
_Items = list[object]


def copy_facade() -> Namespace:
    """`copy`: its two functions."""
    return Namespace("copy", {"copy": _copy, "deepcopy": _deepcopy})


def _copy(x: object) -> object:
    if type(x) is collections.ChainMap:  # of its mappings the first is copied: the one that is written to
        return cast(_Copyable, x).copy()
    return _copied(x, lambda part: part, {})


def _deepcopy(x: object, memo: object = None) -> object:
    return deep_copy(x)


def deep_copy(value: object, *, depth: int = 0, done: dict[int, object] | None = None) -> object:
    """`copy.deepcopy`: what can be changed is copied, the rest is shared; keys of dicts are kept."""
    if depth > _DEPTH_LIMIT:
        raise RecursionError(f"deepcopy: nested deeper than {_DEPTH_LIMIT}")
    seen = {} if done is None else done
    if id(value) not in seen:
        seen[id(value)] = _copied(value, lambda part: deep_copy(part, depth=depth + 1, done=seen), seen)
    return seen[id(value)]


def _copied(value: object, part: _Part, done: dict[int, object]) -> object:
    """Give a copy that is made of what `part` gives of the parts; `done` has it before they are asked for."""
    cls = type(value)
    is_own = is_snippet_class(cls)
    if isinstance(value, enum.Enum):
        return value
    if isinstance(value, tuple):
        items = tuple.__iter__(cast("tuple[object, ...]", value))
        is_plain = cls is tuple or is_own
        return (
            tuple.__new__(cast("type[tuple[object, ...]]", cls), map(part, items)) if is_plain else cast(object, value)
        )
    if cls is frozenset:
        return frozenset(map(part, cast("frozenset[object]", value)))
    if cls is bytearray:
        return bytearray(cast(bytearray, value))
    if cls is collections.ChainMap:
        return collections.ChainMap(*(cast("dict[object, object]", part(one)) for one in cast(_Chain, value).maps))
    if isinstance(value, (list, dict, set, collections.deque)):
        held = cast(object, value)
        made = _empty_like(held) if is_own else cast(_Copyable, held).copy()
        done[id(held)] = made
        _fill(made, held, part)
    elif has_state(value) or (is_own and isinstance(value, Exception) and not isinstance(value, ExceptionGroup)):
        made = done[id(value)] = cls.__new__(cls, *_arguments(value))
    else:
        return value
    if is_own:
        _state(made).update({name: part(one) for name, one in _state(value).items()})
    return made


def _empty_like(container: object) -> object:
    """Give an empty container of the same class of the snippet; its `__init__` is not called."""
    made = type(container).__new__(type(container))
    if isinstance(container, collections.deque):
        collections.deque.__init__(cast("collections.deque[object]", made), (), container.maxlen)
    if isinstance(container, collections.defaultdict):
        collections.defaultdict.__init__(
            cast("collections.defaultdict[object, object]", made), container.default_factory
        )
    return made


def _fill(made: object, container: object, part: _Part) -> None:
    """Put the parts in, by methods of the host's own classes."""
    if isinstance(made, dict):
        ordered = isinstance(made, collections.OrderedDict)
        kind = cast("type[dict[object, object]]", collections.OrderedDict if ordered else dict)
        for key, value in list(kind.items(cast("dict[object, object]", container))):
            kind.__setitem__(cast("dict[object, object]", made), key, part(value))
    elif isinstance(made, set):
        items = [part(one) for one in set.__iter__(cast("set[object]", container))]
        set.clear(cast("set[object]", made))
        set.update(cast("set[object]", made), items)
    else:
        sequence = cast(type[_Sequence], list if isinstance(made, list) else collections.deque)
        items = [part(one) for one in sequence.__iter__(cast(_Sequence, container))]
        sequence.clear(cast(_Sequence, made))
        sequence.extend(cast(_Sequence, made), items)


def _arguments(value: object) -> tuple[object, ...]:
    if not isinstance(value, Exception):
        return ()
    found: tuple[object, ...] = BaseException.args.__get__(value)  # type: ignore[attr-defined]  # past the snippet's
    return found


def _state(value: object) -> dict[str, object]:
    state: dict[str, object] = object.__getattribute__(value, "__dict__")
    return state


class _Copyable(Protocol):
    def copy(self) -> object:
        """Give a shallow copy."""
        ...


class _Sequence(Protocol):
    def __iter__(self) -> Iterator[object]: ...
    def clear(self) -> None:
        """Take everything out."""
        ...

    def extend(self, items: _Items, /) -> None:
        """Put items behind."""
        ...
