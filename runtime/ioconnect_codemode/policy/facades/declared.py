"""Facades about classes and annotations: abc, dataclasses, enum, types, typing."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Callable
from typing import Final, cast

from ioconnect_codemode.policy import guards
from ioconnect_codemode.policy.classes import ANNOTATIONS, MARKERS, TOLD_THEIR_NAME, abstract_method
from ioconnect_codemode.policy.facades.copies import deep_copy
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import READABLE, SNIPPET_CLASS, hidden_names, is_snippet_class

_ANNOTATIONS: Final = [
    "Annotated",
    "Any",
    "AbstractSet",
    "AnyStr",
    "AsyncContextManager",
    "AsyncGenerator",
    "AsyncIterable",
    "AsyncIterator",
    "Awaitable",
    "ByteString",
    "Callable",
    "ClassVar",
    "ChainMap",
    "Collection",
    "Concatenate",
    "Container",
    "ContextManager",
    "Coroutine",
    "Counter",
    "DefaultDict",
    "Deque",
    "Dict",
    "Final",
    "FrozenSet",
    "Generator",
    "Hashable",
    "ItemsView",
    "Iterable",
    "Iterator",
    "KeysView",
    "List",
    "Literal",
    "LiteralString",
    "Mapping",
    "Match",
    "MutableMapping",
    "MutableSequence",
    "MutableSet",
    "Never",
    "NoReturn",
    "NotRequired",
    "Optional",
    "OrderedDict",
    "Pattern",
    "ReadOnly",
    "Required",
    "Reversible",
    "Self",
    "Sequence",
    "Set",
    "Sized",
    "SupportsAbs",
    "SupportsFloat",
    "SupportsIndex",
    "SupportsInt",
    "SupportsRound",
    "Text",
    "Tuple",
    "Type",
    "TypeAlias",
    "TypeGuard",
    "Union",
    "Unpack",
    "ValuesView",
]

ANNOTATIONS.update(InitVar=dataclasses.InitVar, KW_ONLY=dataclasses.KW_ONLY)
TOLD_THEIR_NAME.add(dataclasses.Field)
READABLE[dataclasses.Field] = frozenset(
    {"name", "default", "default_factory", "init", "repr", "compare", "kw_only", "metadata"}
)


def abc_facade() -> Namespace:
    """`abc`: a base whose classes can't be made while a method of theirs is abstract."""
    return Namespace("abc", {"ABC": MARKERS["ABC"], "ABCMeta": MARKERS["ABC"], "abstractmethod": abstract_method})


def types_facade() -> Namespace:
    """`types`: a class whose objects hold what they are given."""
    return Namespace("types", {"SimpleNamespace": _simple_namespace()})


def _simple_namespace() -> type:
    """Give a class as a snippet could write it; each run has its own."""

    def set_all(self: object, /, **fields: object) -> None:
        # Whatever it is called on: `SimpleNamespace.__init__(print, x=1)`.
        for name, value in fields.items():
            guards.set_attribute(self, name, value)

    def show(self: object) -> str:
        return f"namespace({', '.join(f'{name}={value!r}' for name, value in vars(self).items())})"

    def equals(self: object, other: object) -> object:
        return vars(self) == vars(other) if isinstance(other, cls) else NotImplemented

    special = {"__init__": set_all, "__repr__": show, "__eq__": equals, "__hash__": None, "__module__": "snippet"}
    cls = type("SimpleNamespace", (), {**special, SNIPPET_CLASS: hidden_names((object,))})
    return cls


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
        "ParamSpec": _type_var,
        "TypeVarTuple": _type_var,
        "NewType": _new_type,
        "overload": _same,
        "override": _same,
        "final": _same,
        "no_type_check": _same,
        "assert_never": _assert_never,
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
        _check_fields(cast(type, declared))
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


def _check_fields(declared: type) -> None:
    """Refuse fields that Python would make something of the host's.

    What a library class among the bases has, or every class by its metaclass, would be taken for the default of a field of
    that name, and handed out. A `field(...)` that has a name already would change it in the class that has it.
    """
    library = [type, *(base for base in declared.__mro__ if not is_snippet_class(base))]
    for name in vars(declared).get("__annotations__", ()):
        owner = next((base for base in library if name in vars(base)), None)
        if owner is not None:
            raise TypeError(f"a field can't be called {name}, which {owner.__name__} has; choose another name")
    for name in {*vars(declared), *vars(declared).get("__annotations__", ())}:
        default = _default_of(declared, name)
        if isinstance(default, dataclasses.Field) and cast("str | None", default.name) is not None:
            raise TypeError(f"the field() of {name!r} is that of {default.name!r} already; write another field(...)")


def _default_of(declared: type, name: str) -> object:
    """Give what Python finds as the default of a field: what a base has too, and what a static method holds."""
    found: object = next((vars(base)[name] for base in declared.__mro__ if name in vars(base)), None)
    kind = type(found)
    if kind is classmethod and name in vars(declared).get("__annotations__", ()):
        raise TypeError(f"the default of a field can't be a classmethod, as that of {name!r} is; use default_factory")
    return cast("staticmethod[..., object]", found).__func__ if kind is staticmethod else found


def _asdict(instance: object, *, dict_factory: Callable[[list[tuple[str, object]]], object] = dict) -> object:
    _check_instance(instance, "asdict")
    return _unfold(instance, lambda names, parts: dict_factory(list(zip(names, parts, strict=True))))


def _astuple(instance: object) -> object:
    _check_instance(instance, "astuple")
    return _unfold(instance, lambda names, parts: tuple(parts))


def _check_instance(instance: object, function: str) -> None:
    if isinstance(instance, type) or not dataclasses.is_dataclass(instance):
        advice = "; a record is a dict already: dict(x) copies it" if isinstance(instance, dict) else ""
        raise TypeError(f"{function}() should be called on dataclass instances{advice}")


def _unfold(value: object, join: Callable[[list[str], list[object]], object]) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return join(names, [_unfold(guards.read(value, name), join) for name in names])
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


def _assert_never(value: object, /) -> object:
    raise AssertionError(f"Expected code to be unreachable, but got: {value!r}")


def _same(value: object) -> object:
    return value
