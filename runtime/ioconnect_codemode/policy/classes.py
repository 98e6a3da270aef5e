"""How a snippet's classes come to be: what they may derive from, and the mark by which guards know them."""

from __future__ import annotations

import collections
import enum
import functools
import types
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar, Final, cast

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.encoders import JSONEncoder
from ioconnect_codemode.policy.guards import type_of
from ioconnect_codemode.policy.shown import (
    ENUM_INTERNALS,
    SNIPPET_CLASS,
    enum_internals,
    hidden_names,
    is_snippet_class,
    is_snippet_function,
)

BASES: Final = frozenset(
    {
        *(object, dict, list, str, int, float, tuple, set, frozenset),
        *(collections.Counter, collections.OrderedDict, collections.defaultdict, collections.deque, JSONEncoder),
    }
)
"""Host classes that a snippet may derive from, besides the exceptions."""

_WRITTEN_BY_COMPILER: Final = frozenset(
    [
        *("__module__", "__qualname__", "__doc__", "__classcell__"),
        *("__firstlineno__", "__static_attributes__"),  # from Python 3.13 on
        "__classdictcell__",  # from Python 3.14 on
    ]
)
_DROPPED: Final = frozenset({"__slots__", "__orig_bases__"})
"""What a class body may say and a class does not get: `class Rows(list[int])` notes its base as it was written."""
_ENUM_HOOKS: Final = frozenset({"_missing_", "_generate_next_value_"})

TOLD_THEIR_NAME: Final[set[type]] = {property, functools.cached_property}
"""Types whose objects may learn in which class they are and by what name, as `type` tells them. Fields of dataclasses come
with their facade. Such a hook of any other type is host code that takes the snippet's class for one of its own."""

Field = tuple[str, str]
"""An annotated name of a class body, and which special form its annotation names, if any."""


class BaseMarker:
    """Stands where Python has a special base: `Enum`, `NamedTuple`, `TypedDict`, `Protocol`, `ABC`.

    It can be derived from and subscripted, nothing else.
    """

    __slots__ = ("_build", "_is_abstract", "_is_generic", "_name")

    def __init__(
        self,
        name: str,
        build: Callable[[_Body], object] | None = None,
        *,
        is_abstract: bool = False,
        is_generic: bool = False,
    ) -> None:
        self._name = name
        self._build = build
        """Makes the class, or None where the base is left out of it."""
        self._is_abstract = is_abstract
        """Whether its classes look for abstract methods."""
        self._is_generic = is_generic
        """Whether its classes can be subscripted: `Stack[int]()`."""

    def __getitem__(self, key: object) -> BaseMarker:
        return self

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Refuse: a class statement is the only way."""
        raise TypeError(f"{self._name}(...) is not available; write `class Name({self._name}):`")

    def __repr__(self) -> str:
        return f"<class {self._name!r}>"


class _Body:
    """A class statement after its body has run."""

    def __init__(self, name: str, bases: Sequence[object], members: dict[str, object], fields: Sequence[Field]) -> None:
        self.name = name
        self.markers = [base for base in bases if isinstance(base, BaseMarker)]
        self.bases = tuple(_checked_base(base) for base in bases if not isinstance(base, BaseMarker))
        self.members = members
        self.fields = fields
        self.builders = [marker._build for marker in self.markers if marker._build is not None]  # pyright: ignore[reportPrivateUsage]
        self.is_abstract = any(marker._is_abstract for marker in self.markers)  # pyright: ignore[reportPrivateUsage]
        self.is_generic = any(marker._is_generic for marker in self.markers)  # pyright: ignore[reportPrivateUsage]


def create_class(
    name: str, bases: tuple[object, ...], members: dict[str, object], fields: Sequence[Field] = ()
) -> object:
    """Make the class of a snippet's class statement.

    Raises:
        TypeError: A base is not for deriving from, or a special method is not one a snippet may define.
    """
    for member in members:
        if names.is_special(member) and member not in names.METHODS | _WRITTEN_BY_COMPILER | _DROPPED:
            raise TypeError(f"a class can't define {member} here")
    for member, value in members.items():
        _check_told(member, value)
    kept = members
    if type(members) is dict:
        kept = {key: value for key, value in members.items() if key not in _DROPPED and not key.startswith("<")}
    body = _Body(name, bases, kept, fields)
    return body.builders[0](body) if body.builders else _plain_class(body)


def _check_told(member: str, value: object) -> None:
    """Refuse what `type` would tell its name: while an enumeration is made, its members to come are such objects, and in
    any other class they would make what reads attributes past the guard. A field tells it to its default."""
    if hasattr(type(value), "__set_name__"):
        if type(value) not in TOLD_THEIR_NAME:
            raise TypeError(f"a class can't have {member!r} here: it is no value of its own")
        _check_told(member, getattr(value, "default", None))


def prepare_body(name: str, bases: tuple[object, ...]) -> dict[str, object]:
    """Give the mapping that a class body fills: that of an enumeration resolves `auto()` as it goes."""
    enums = [base for base in bases if isinstance(base, enum.EnumType)]
    for base in bases:
        enums += [_ENUMS[marker] for marker in _ENUMS if base is MARKERS[marker]]
    return cast("dict[str, object]", enum.EnumType.__prepare__(name, (enums[0],))) if enums else {}


def _plain_class(body: _Body) -> type:
    enum_base = next((base for base in body.bases if isinstance(base, enum.EnumType)), None)
    if enum_base is not None:
        return _enumeration(body, body.bases)
    hidden = hidden_names(body.bases or (object,))
    _check_fields(body, hidden)
    members = {**body.members, SNIPPET_CLASS: hidden, "__module__": "snippet"}
    members["__annotations__"] = {name: ANNOTATIONS.get(marker, object) for name, marker in body.fields}
    if body.is_generic:
        members["__class_getitem__"] = classmethod(_with_parameters)
    cls = type(body.name, body.bases, members)
    if body.is_abstract or any(_is_abstract(base) for base in body.bases):
        type.__setattr__(cls, _ABSTRACT, _abstract_names(cls))
    return cls


def _check_fields(body: _Body, hidden: frozenset[str]) -> None:
    """Refuse annotated names that a host base keeps to itself, the bases' included, for any class may become a dataclass:
    its methods, `asdict` and patterns would read such a field past the guard, and find what the host has there."""
    inherited = [
        vars(one).get("__annotations__", ()) for base in body.bases for one in base.__mro__ if is_snippet_class(one)
    ]
    for name in {name for name, _ in body.fields}.union(*inherited):
        if name in hidden:
            raise TypeError(f"a class can't have a field {name!r} here: a base has something else of that name")


def _with_parameters(cls: type, parameters: object) -> type:
    return cls


_ABSTRACT: Final = "__abstractmethods__"
"""Where the interpreter looks when it makes an object."""


def abstract_method(function: object) -> object:
    """`abc.abstractmethod` for snippets."""
    if not is_snippet_function(function):
        raise TypeError("abstractmethod takes a function: write it below @property, @classmethod and @staticmethod")
    cast("types.FunctionType", function).__isabstractmethod__ = True  # type: ignore[attr-defined]
    return function


def _is_abstract(cls: type) -> bool:
    return any(_ABSTRACT in vars(base) for base in cls.__mro__ if is_snippet_class(base))


def _abstract_names(cls: type) -> frozenset[str]:
    inherited = [name for base in cls.__bases__ if _is_abstract(base) for name in getattr(base, _ABSTRACT)]
    return frozenset(
        name
        for name in (*vars(cls), *inherited)
        if getattr(getattr(cls, name, None), "__isabstractmethod__", False) is True
    )


def _checked_base(base: object) -> type:
    if isinstance(getattr(base, SNIPPET_CLASS, None), _HalfMade):
        raise TypeError("a class can't derive from an enumeration while that is being made")
    if isinstance(base, type) and (base in BASES or is_snippet_class(base) or issubclass(base, Exception)):
        return base
    if base is type_of:
        raise TypeError("a class can't derive from type here; derive from abc.ABC, or use a class decorator")
    if isinstance(base, type):
        raise TypeError(f"a class can't derive from {base.__name__} here; keep one as an attribute")
    raise TypeError(f"a class can't derive from this {type(base).__name__} here; derive from a class")


class _HalfMade(frozenset[str]):
    """The mark of an enumeration that is being made. A class that derives from it then would get members that are not among
    its own, and Python 3.12 asks the *value* of a member for what such a one is called."""


class _SnippetEnumType(enum.EnumType):
    """Enumerations of snippets are made by class statements only: calling one looks a member up."""

    def __call__(cls, value: object, /) -> object:  # type: ignore[override]
        return super().__call__(value)


def _enumeration(body: _Body, bases: tuple[type, ...]) -> type:
    for member in body.members:
        if (
            member.startswith("_")
            and member.endswith("_")
            and not names.is_special(member)
            and member not in _ENUM_HOOKS
        ):
            raise TypeError(f"an Enum can't define {member} here")
    body.members["__module__"] = "snippet"
    hidden = hidden_names(bases) - {"name", "value"}
    _check_fields(body, hidden | ENUM_INTERNALS)
    _check_members(body.members, bases)
    # While members are made, `__init__` of the snippet runs, and may set what the class keeps of each.
    body.members[SNIPPET_CLASS] = _HalfMade(hidden | ENUM_INTERNALS)
    cls = _SnippetEnumType(body.name, bases, body.members)  # type: ignore[arg-type]  # from `prepare_body`
    type.__setattr__(cls, SNIPPET_CLASS, hidden | enum_internals(cls))
    return cls


def _check_members(members: dict[str, object], bases: tuple[type, ...]) -> None:
    """Refuse members that a base has a field for: host code reads fields without asking any guard, and Python 3.12 would give
    what the *value* of the member has of that name."""
    own = [one for base in bases for one in base.__mro__ if is_snippet_class(one)]
    fields = {name for one in own for kept in _FIELDS_KEPT for name in vars(one).get(kept, ())}
    for name in cast("Iterable[str]", getattr(members, "_member_names")):  # noqa: B009 - of what `prepare_body` gave
        if name in fields:
            raise TypeError(f"an Enum can't have a member {name!r} here: a base has a field of that name")


_FIELDS_KEPT: Final = ("__annotations__", "__match_args__")
"""Where a class has its annotated names, and those that a pattern reads by position."""


def _enum_builder(base: type[enum.Enum]) -> Callable[[_Body], type]:
    return lambda body: _enumeration(body, (*body.bases, base))


def _named_tuple(body: _Body) -> type:
    fields = [name for name, _ in body.fields]
    defaults = [body.members[name] for name in fields if name in body.members]
    methods = {name: member for name, member in body.members.items() if name not in fields}
    base = named_tuple(body.name, fields, defaults=defaults)
    hidden = hidden_names((tuple,))
    return type(body.name, (base,), {**methods, SNIPPET_CLASS: hidden, "__slots__": (), "__module__": "snippet"})


def named_tuple(
    typename: str, field_names: str | Sequence[str], *, rename: bool = False, defaults: Sequence[object] | None = None
) -> type:
    """`collections.namedtuple` for snippets: names are plain text, and the class carries the mark."""
    wanted = field_names.replace(",", " ").split() if isinstance(field_names, str) else list(field_names)
    if any(type(name) is not str for name in (typename, *wanted)):
        raise TypeError("names of a namedtuple must be plain str")
    make = cast("Callable[..., type]", collections.namedtuple)
    cls = make(typename, wanted, rename=rename, defaults=defaults, module="snippet")
    setattr(cls, SNIPPET_CLASS, hidden_names((tuple,)))
    return cls


class _DictFactory(BaseMarker):
    """A TypedDict of a snippet: calling it gives a dict, deriving from it another TypedDict."""

    __slots__ = ()

    def __init__(self, name: str) -> None:
        super().__init__(name, lambda body: _DictFactory(body.name))

    def __call__(self, *args: object, **kwargs: object) -> dict[str, object]:
        """Give a dict."""
        return cast("Callable[..., dict[str, object]]", dict)(*args, **kwargs)


ANNOTATIONS: Final[dict[str, object]] = {"ClassVar": ClassVar}
"""What a dataclass sees in place of annotations, which are never evaluated: `object` in the place of all others. Those of
`dataclasses` come with its facade."""

_ENUMS: Final[dict[str, enum.EnumType]] = {
    "Enum": enum.Enum,
    "IntEnum": enum.IntEnum,
    "StrEnum": enum.StrEnum,
    "Flag": enum.Flag,
    "IntFlag": enum.IntFlag,
}

MARKERS: Final = {
    **{name: BaseMarker(name, _enum_builder(cast("type[enum.Enum]", base))) for name, base in _ENUMS.items()},
    "NamedTuple": BaseMarker("NamedTuple", _named_tuple),
    "TypedDict": BaseMarker("TypedDict", lambda body: _DictFactory(body.name)),
    "Protocol": BaseMarker("Protocol", is_abstract=True, is_generic=True),
    "Generic": BaseMarker("Generic", is_generic=True),
    "ABC": BaseMarker("ABC", is_abstract=True),
}
"""Special bases by name."""
