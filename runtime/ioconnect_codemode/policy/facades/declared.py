"""Facades about classes and annotations: dataclasses, enum, typing."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from typing import Final, cast

from ioconnect_codemode.policy.classes import MARKERS
from ioconnect_codemode.policy.facades.tools import deep_copy
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import READABLE, is_snippet_class

_ANNOTATIONS: Final = [
    "Annotated",
    "Any",
    "AnyStr",
    "AsyncIterator",
    "AsyncGenerator",
    "Awaitable",
    "Callable",
    "ClassVar",
    "Collection",
    "Coroutine",
    "DefaultDict",
    "Deque",
    "Dict",
    "Final",
    "FrozenSet",
    "Generator",
    "Hashable",
    "Iterable",
    "Iterator",
    "List",
    "Literal",
    "LiteralString",
    "Mapping",
    "MutableMapping",
    "MutableSequence",
    "Never",
    "NoReturn",
    "NotRequired",
    "Optional",
    "Required",
    "Self",
    "Sequence",
    "Set",
    "Sized",
    "SupportsFloat",
    "SupportsInt",
    "Text",
    "Tuple",
    "Type",
    "TypeAlias",
    "TypeGuard",
    "Union",
    "Unpack",
]

READABLE[dataclasses.Field] = frozenset(
    {"name", "default", "default_factory", "init", "repr", "compare", "kw_only", "metadata"}
)


def dataclasses_facade() -> Namespace:
    """`dataclasses` for classes of the snippet's own."""
    plain = {
        name: getattr(dataclasses, name)
        for name in ("field", "replace", "is_dataclass", "FrozenInstanceError", "MISSING", "KW_ONLY", "InitVar")
    }
    own = {"dataclass": _dataclass, "asdict": _asdict, "astuple": _astuple, "fields": dataclasses.fields}
    return Namespace("dataclasses", {**plain, **own})


def enum_facade() -> Namespace:
    """`enum`: bases for class statements, `auto` and `unique`."""
    bases = {name: MARKERS[name] for name in ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")}
    return Namespace("enum", {**bases, "auto": enum.auto, "unique": _unique})


def typing_facade() -> Namespace:
    """`typing`: words for annotations, which are never evaluated, and the bases `NamedTuple` and `TypedDict`."""
    words: dict[str, object] = {name: AnnotationWord(name) for name in _ANNOTATIONS}
    bases = {name: MARKERS[name] for name in ("NamedTuple", "TypedDict", "Protocol", "Generic")}
    functions = {
        "cast": _cast,
        "TypeVar": _type_var,
        "NewType": _new_type,
        "runtime_checkable": _same,
        "overload": _same,
        "final": _same,
    }
    return Namespace("typing", {**words, **bases, **functions, "TYPE_CHECKING": False})


class AnnotationWord:
    """A word of `typing`: can be subscripted and joined with `|`, and means nothing at run time."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getitem__(self, key: object) -> AnnotationWord:
        return self

    def __or__(self, other: object) -> AnnotationWord:
        return self

    __ror__ = __or__

    def __repr__(self) -> str:
        return f"typing.{self._name}"


def _dataclass(
    cls: type | None = None,
    /,
    *,
    init: bool = True,
    repr: bool = True,
    eq: bool = True,
    order: bool = False,
    unsafe_hash: bool = False,
    frozen: bool = False,
    match_args: bool = True,
    kw_only: bool = False,
    slots: bool = False,
    weakref_slot: bool = False,
) -> object:
    """`slots` and `weakref_slot` are accepted and change nothing: they would make a second class."""

    def declare(declared: object) -> type:
        if not is_snippet_class(declared):
            raise TypeError("dataclass takes a class of the snippet's own")
        # Python would write the signature, which `inspect` looks for behind whatever `__init__` may be.
        cast(type, declared).__doc__ = cast(type, declared).__doc__ or cast(type, declared).__name__
        mark = dataclasses.dataclass(
            init=init,
            repr=repr,
            eq=eq,
            order=order,
            unsafe_hash=unsafe_hash,
            frozen=frozen,
            match_args=match_args,
            kw_only=kw_only,
        )
        return cast("Callable[[object], type]", mark)(declared)

    return declare if cls is None else declare(cls)


def _asdict(instance: object, *, dict_factory: Callable[[list[tuple[str, object]]], object] = dict) -> object:
    _check_instance(instance, "asdict")
    return _unfold(instance, lambda names, parts: dict_factory(list(zip(names, parts, strict=True))))


def _astuple(instance: object) -> object:
    _check_instance(instance, "astuple")
    return _unfold(instance, lambda names, parts: tuple(parts))


def _check_instance(instance: object, function: str) -> None:
    if isinstance(instance, type) or not dataclasses.is_dataclass(instance):
        raise TypeError(f"{function}() should be called on dataclass instances")


def _unfold(value: object, join: Callable[[list[str], list[object]], object]) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return join(names, [_unfold(getattr(value, name), join) for name in names])
    if type(value) in (list, tuple):
        return cast(type, type(value))(_unfold(part, join) for part in cast(list[object], value))
    if type(value) is dict:
        return {_unfold(key, join): _unfold(part, join) for key, part in cast(dict[object, object], value).items()}
    return deep_copy(value)


def _unique(cls: type[enum.Enum]) -> type[enum.Enum]:
    return enum.unique(cls)


def _cast(kind: object, value: object) -> object:
    return value


def _type_var(name: str, *constraints: object, **options: object) -> AnnotationWord:
    return AnnotationWord(name)


def _new_type(name: str, base: object) -> Callable[[object], object]:
    return _same


def _same(value: object) -> object:
    return value
