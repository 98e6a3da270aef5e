"""The guards: what translated code calls to read, set and delete attributes.

A read is decided by the exact type of the object. Types of the table in `shown.py` show the names in the table. Classes of the
snippet and their instances show everything except what host base classes keep to themselves. Namespaces and records
show their members. Everything else (functions, frames, generators, modules, types of the interpreter) shows nothing.
"""

from __future__ import annotations

import datetime
import enum
import types
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Final, cast

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.formatting import GuardedFormatter
from ioconnect_codemode.policy.limits import CancelledError
from ioconnect_codemode.policy.namespaces import Namespace, members_of, missing_member, name_of_namespace
from ioconnect_codemode.policy.native import GUARDED
from ioconnect_codemode.policy.plain import called
from ioconnect_codemode.policy.shown import (
    EXCEPTION_ATTRIBUTES,
    FORMATS,
    PLAIN_CLASSES,
    READABLE,
    RECORD_KEYS,
    SETTABLE,
    SNIPPET_CLASS,
    has_state,
    is_snippet_class,
    is_snippet_function,
)
from ioconnect_codemode.policy.state import State
from ioconnect_codemode.values import with_article

_CLOCKED: Final = frozenset({"now", "today", "utcnow"})
"""Constructors of dates that ask for the time: answered by the clock of the run."""

_HELD: Final = FORMATS | {"mro"}
"""What an augmented assignment would read past the guard: methods of str, and that of every class's metaclass."""

_PROXIES: Final = frozenset({"metadata", "groupindex"})
"""Of a dataclass's field, and of a pattern, which library code may have as well."""

_HOST_CALLED: Final = (datetime.date, datetime.datetime, datetime.time)
"""Their C code imports `time` and `_strptime` through the builtins of the calling frame, so a host frame must call."""


def read(value: object, name: str) -> object:
    """Read an attribute for a snippet.

    Raises:
        AttributeError: There is none, or it is not for snippets; nothing tells the two apart.
    """
    cls = type(value)
    readable = READABLE.get(cls)
    if readable is not None:
        if name in readable:
            if name in FORMATS:
                return _formatted(getattr(value, name), name)
            if name in _CLOCKED and cls in _HOST_CALLED:
                return clocked(cls, name)
            if cls in _HOST_CALLED:
                return _host_called(getattr(value, name))
            if name in _PROXIES:  # as the members of an enumeration: comparing a proxy hands out what is behind it
                return types.MappingProxyType(dict(getattr(value, name)))
            return getattr(value, name)
        return _read_special(value, name, readable)
    hidden: frozenset[str] | None = getattr(cls, SNIPPET_CLASS, None)
    if hidden is not None and name not in hidden and name[:2] != "__":
        return getattr(value, name) if type(cls) is type else _read_from_member(value, name)
    return _read_other(value, name)


def read_field(value: object, name: str) -> object:
    """Read an attribute whose name is a dict's method and that is not called.

    A record's field of that name comes first: one that is declared, or one that came.
    """
    keys: Mapping[str, str] | None = getattr(type(value), RECORD_KEYS, None)
    if keys is not None and (name in keys or name in value):  # type: ignore[operator]
        return value[keys.get(name, name)]  # type: ignore[index]
    return read(value, name)


def write(value: object, name: str) -> object:
    """Give the object back if a snippet may set, delete or augment this attribute of it.

    Raises:
        AttributeError: The object is not the snippet's own, or the attribute belongs to a host base class.
    """
    owner = value if isinstance(value, type) else type(value)
    hidden: frozenset[str] | None = getattr(owner, SNIPPET_CLASS, None)
    if hidden is not None and name not in hidden and name not in _HELD and _is_plain(name):
        if not (value is owner and name in GUARDED and _lender(owner.__mro__, name) is not None):
            return value
    elif name in SETTABLE.get(type(value), ()):
        return value
    if is_snippet_function(value) and (name in names.WRITABLE_SPECIAL or _is_plain(name)):
        return value
    kind = with_article(type(value).__name__)
    if issubclass(type(value), dict):
        raise AttributeError(f"attributes of {kind} can't be set; use x[{name!r}] = ...")
    raise AttributeError(f"the attribute {name!r} of {kind} can't be set")


def get_attribute(value: object, name: str, *default: object) -> object:
    """`getattr` for snippets."""
    if type(name) is not str:
        raise TypeError("getattr(): attribute name must be a plain str")
    if len(default) > 1:
        raise TypeError("getattr takes 2 or 3 arguments")
    try:
        return read_field(value, name)
    except AttributeError:
        if default:
            return default[0]
        raise


def has_attribute(value: object, name: str) -> bool:
    """`hasattr` for snippets."""
    if type(name) is not str:
        raise TypeError("hasattr(): attribute name must be a plain str")
    try:
        read_field(value, name)
    except AttributeError:
        return False
    return True


def set_attribute(value: object, name: str, new: object) -> None:
    """`setattr` for snippets."""
    if type(name) is not str:
        raise TypeError("setattr(): attribute name must be a plain str")
    setattr(write(value, name), name, new)


def delete_attribute(value: object, name: str) -> None:
    """`delattr` for snippets."""
    if type(name) is not str:
        raise TypeError("delattr(): attribute name must be a plain str")
    delattr(write(value, name), name)


def state_of(value: object, /) -> object:
    """`vars` for snippets: of an object, never of what is around it."""
    return read(value, "__dict__")


def _set_frozen(value: object, name: str, new: object, /) -> None:
    """`object.__setattr__` for snippets: past the `__setattr__` of a frozen dataclass, not past the write guard."""
    if type(name) is not str:
        raise TypeError("attribute name must be a plain str")
    object.__setattr__(write(value, name), name, new)


class PlainType:
    """Stands for a type that a snippet can't have: it has a name and can be compared."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return f"<class {self.text!r}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlainType) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)


def type_of(value: object, /, *rest: object) -> object:
    """`type` for snippets: always of one argument."""
    if rest:
        raise TypeError("type() takes one argument here; write a class statement")
    cls = type(value)
    if cls is State:
        return dict
    if cls in PLAIN_CLASSES or hasattr(cls, SNIPPET_CLASS) or issubclass(cls, (Exception, CancelledError)):
        return cls
    return PlainType(cls.__name__)


def _read_other(value: object, name: str) -> object:
    cls = type(value)
    if isinstance(value, Namespace):
        return _read_from_namespace(value, name)
    if issubclass(cls, type):
        return _read_from_class(cast(type, value), name)
    if cls is super:
        return _read_from_super(cast(super, value), name)
    if hasattr(cls, SNIPPET_CLASS) and name in FORMATS and issubclass(cls, str):
        return _formatted(getattr(value, name), name)
    keys: Mapping[str, str] | None = getattr(cls, RECORD_KEYS, None)
    if keys is not None and (name in keys or (name.isidentifier() and not name.startswith("_"))):
        return getattr(value, name)
    shown = EXCEPTION_ATTRIBUTES if issubclass(cls, (Exception, CancelledError)) else frozenset[str]()
    return getattr(value, name) if name in shown else _read_special(value, name, shown)


def _read_from_namespace(namespace: Namespace, name: str) -> object:
    members = members_of(namespace)
    if name in members:
        return members[name]
    if name == "__name__":
        return name_of_namespace(namespace)
    raise missing_member(namespace, name)


def _read_from_class(cls: type, name: str) -> object:
    if name in FORMATS and issubclass(cls, str):
        return _formatted(getattr(cls, name), name)
    if _is_shown_by_class(cls, name):
        if name in _CLOCKED and cls in _HOST_CALLED:
            return clocked(cls, name)
        return (
            _host_called(getattr(cls, name))
            if cls in _HOST_CALLED
            else _of_objects(getattr(cls, name), cls.__mro__, name)
        )
    if cls is object and name == "__setattr__":
        return _set_frozen
    if name == "__members__" and isinstance(cls, enum.EnumType):
        return types.MappingProxyType(dict(cls.__members__))
    return _read_special(cls, name, READABLE.get(cls, frozenset()))


def _is_shown_by_class(cls: type, name: str) -> bool:
    """Whether the class itself has the name and shows it: what only its metaclass has (`mro`) is never for snippets."""
    if not any(name in vars(base) for base in cls.__mro__):
        return False
    hidden: frozenset[str] | None = getattr(cls, SNIPPET_CLASS, None)
    if hidden is not None:
        return name == "__init__" or (name not in hidden and _is_plain(name))
    if name == "__init__":
        return any(base in (Exception, dict, list) for base in cls.__mro__)
    return name in READABLE.get(cls, ())


def _read_from_member(member: object, name: str) -> object:
    """Read from a member of an enumeration that has members besides.

    Where a base has something of a member's name too, Python 3.12 asks the *value* of the first for it, past any guard.
    """
    members: Mapping[str, object] = type(cast("enum.Enum", member))._member_map_
    return members[name] if name in members else getattr(member, name)


def _read_from_super(value: super, name: str) -> object:
    owner = cast("type", getattr(value, "__self_class__"))  # noqa: B009 - the type checkers do not know it
    hidden: frozenset[str] = getattr(owner, SNIPPET_CLASS, frozenset())
    if name in FORMATS:
        return _formatted(getattr(value, name), name)
    if name in names.METHODS or (_is_plain(name) and name not in hidden):
        asked_of = cast("type", getattr(value, "__thisclass__"))  # noqa: B009 - as above
        return _of_objects(getattr(value, name), owner.__mro__[owner.__mro__.index(asked_of) + 1 :], name)
    raise _missing(value, name, frozenset())


def _of_objects(found: object, bases: Sequence[type], name: str) -> object:
    """Keep a function that a library class has for objects to objects of the class.

    Given a class, `Counter.copy` would call what makes classes.
    """
    if type(found) is not types.FunctionType:
        return found
    function, lender = found, _lender(bases, name)
    if lender is None:
        return found

    def call(value: object, /, *args: object, **kwargs: object) -> object:
        if not issubclass(type(value), lender):
            raise TypeError(f"{function.__name__}() takes an object of {lender.__name__}")
        return function(value, *args, **kwargs)

    call.__qualname__ = function.__qualname__
    return call


def _lender(bases: Sequence[type], name: str) -> type | None:
    """Give the class that a function is from, if library code wrote it: in a library class, or as a dataclass's `__init__`,
    which sets fields past the write guard. What a snippet puts into a class of its own is lent by nobody."""
    owner = next((base for base in bases if name in vars(base)), None)
    if owner is None or is_snippet_function(vars(owner)[name]) or type(vars(owner)[name]) is not types.FunctionType:
        return None
    return owner if names.is_special(name) or not is_snippet_class(owner) else None


def _read_special(value: object, name: str, shown: frozenset[str]) -> object:
    if name == "__class__":
        return type_of(value)
    if name in ("__name__", "__qualname__"):
        if isinstance(value, PlainType):
            return value.text
        if isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
            return str(getattr(value, name))
    if name == "__doc__":
        text = getattr(value, name, None)
        return text if type(text) is str and _is_snippets_own(value) else None
    if name == "__dict__" and has_state(value):
        return State(object.__getattribute__(value, name))
    if is_snippet_function(value) and name in cast(types.FunctionType, value).__dict__ and _is_plain(name):
        return getattr(value, name)
    raise _missing(value, name, shown)


def _is_snippets_own(value: object) -> bool:
    cls = value if isinstance(value, type) else type(value)
    return hasattr(cls, SNIPPET_CLASS) or is_snippet_function(value)


def _missing(value: object, name: str, shown: frozenset[str]) -> AttributeError:
    kind = f"type object {value.__name__!r}" if isinstance(value, type) else f"{type(value).__name__!r} object"
    return AttributeError(f"{kind} has no attribute {name!r}{_itself(value, name) or _advice(name, shown)}")


def advice_on(value: object, name: str) -> str:
    """Give what to say behind the message of an AttributeError, for whoever reads the outcome."""
    itself = _itself(value, name)
    if itself:
        return itself
    cls = value if isinstance(value, type) else type(value)
    shown = READABLE.get(cls, frozenset())
    instead = names.instead_of(name, cls) if cls in READABLE else None
    if instead is not None:
        return f"; use {instead} instead"
    if hasattr(cls, SNIPPET_CLASS):
        shown |= {one for base in cls.__mro__ for one in vars(base) if _is_plain(one) and not one.startswith("_")}
    return _advice(name, shown)


def _itself(value: object, name: str) -> str:
    """Say what was imported, where its module was meant: `from datetime import datetime`, `datetime.timedelta(...)`."""
    if not isinstance(value, (type, types.FunctionType, types.BuiltinFunctionType)) or is_snippet_function(value):
        return ""
    own = value.__name__
    if own == name:
        return f"; it is {own} itself: leave `.{own}` out"
    if isinstance(value, type) and value.__module__ == "datetime" and name in ("timedelta", "timezone", "UTC"):
        return f"; write `from datetime import {name}`, or `import datetime` and nothing else of that name"
    return ""


def _advice(name: str, shown: frozenset[str]) -> str:
    advice = names.ATTRIBUTE_ADVICE.get(name)
    near = get_close_matches(name[:60], shown, 1)
    if advice is None and near:
        advice = f"did you mean {near[0]!r}?"
    return f"; {advice}" if advice else ""


def _is_plain(name: str) -> bool:
    return not names.is_special(name) and name.isidentifier()


_formatter: Final = GuardedFormatter(read_field)
READABLE[State] = READABLE[dict]
READABLE[types.MappingProxyType] = frozenset({"copy", "get", "items", "keys", "values"})


def _formatted(found: object, name: str) -> object:
    """Decide on what the lookup gave: `str`'s own method is replaced, a snippet's method of that name is not."""
    if isinstance(found, types.BuiltinMethodType) and isinstance(found.__self__, str):
        return _formatter.bound(found.__self__, name)
    if isinstance(found, types.MethodDescriptorType):
        return _formatter.unbound(name)
    return found


def clocked(cls: type, name: str) -> Callable[..., object]:
    """Give the constructor of a date class that reads the clock of the run."""
    clock = current().clock

    def now(tz: datetime.tzinfo | None = None) -> datetime.datetime:
        seconds, rest_ns = divmod(clock.time_ns(), 1_000_000_000)
        return datetime.datetime.fromtimestamp(seconds, tz).replace(microsecond=rest_ns // 1000)

    if cls is datetime.date:
        return lambda: now().date()
    if name == "utcnow":
        return lambda: now(datetime.UTC).replace(tzinfo=None)
    return now if name == "now" else lambda: now()


def _host_called(found: object) -> object:
    return found if not callable(found) or isinstance(found, type) else called(found)
