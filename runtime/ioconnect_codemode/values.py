"""JSON values: the only values that cross between worker and host, and their limits."""

from __future__ import annotations

import collections
import datetime
import decimal
import enum
import math
import sys
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias, TypeVar, cast

from ioconnect_codemode.records import shown

if TYPE_CHECKING:
    from uuid import UUID

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"
"""A value as `json.loads` gives it. NaN and the infinities are not JSON and never appear."""

_Class = TypeVar("_Class", bound=type)
_PATH_CHARACTERS: Final = 80  # of a path that is shown: the problem stands behind it


class JsonLimits(NamedTuple):
    """How large a value may be that leaves the sandbox.

    Attributes:
        depth: Containers inside containers; deep enough for any document, shallow enough for every JSON reader.
        nodes: Values and keys in all.
        integer_bits: Size of one whole number; text of more than 4,300 digits is refused by Python itself.
    """

    depth: int = 60
    nodes: int = 500_000
    integer_bits: int = 4_096


class NotSendable(ValueError):
    """A value that has no JSON form, or one beyond the limits.

    Attributes:
        path: Where it is: `$.rows[3].when`.
        type_name: Name of its class.
        problem: Why it can't be sent.
        hint: How to make it sendable, or None.
    """

    def __init__(self, path: str, type_name: str, problem: str, hint: str | None = None) -> None:
        self.path = path if len(path) <= _PATH_CHARACTERS else f"{path[:_PATH_CHARACTERS]}..."
        self.type_name = type_name
        self.problem = problem
        self.hint = hint
        super().__init__(f"{self.path}: {problem}{f'; {hint}' if hint else ''}")


class TooManyParts(NotSendable):
    """A value of more parts than `JsonLimits.nodes`."""


def is_record(cls: type[object]) -> bool:
    """Whether the class is a record's: a dict subclass of the host's whose fields are declared in `__record_keys__`."""
    return hasattr(cls, "__record_keys__") and issubclass(cls, dict)


def to_json(value: object, *, limits: JsonLimits | None = None, is_leaving: bool = False) -> JsonValue:
    """Give the JSON form of a value of a snippet. No method of a snippet's object is called.

    Tuples, sets and views become lists, sets sorted where their items can be; dates, decimals and UUIDs become text,
    enumeration members their values, dataclasses and records dicts.

    Args:
        value: The value.
        limits: How large it may be.
        is_leaving: It is for the model's eyes: the masked fields of records are masked.

    Raises:
        NotSendable: Some part has no JSON form, or the value is beyond the limits.
    """
    return _Converter(limits or JsonLimits(), is_leaving=is_leaving).convert(value, "$", 0)


class _Converter:
    def __init__(self, limits: JsonLimits, *, is_leaving: bool) -> None:
        self._limits = limits
        self._is_leaving = is_leaving
        self._count = 0

    def convert(self, value: object, path: str, depth: int) -> JsonValue:
        self._count += 1
        if self._count > self._limits.nodes:
            raise TooManyParts(path, _name(value), f"the value has more than {self._limits.nodes} parts", "send less")
        cls = type(value)
        if value is None or cls is bool:
            return cast("bool | None", value)
        if cls is str:
            return _text(cast(str, value), path)
        if cls is int:
            return self._integer(cast(int, value), path)
        if cls is float:
            return _number(cast(float, value), path)
        if cls in _TEXTS:
            return _TEXTS[cls](value)
        if depth >= self._limits.depth:
            raise NotSendable(path, _name(value), f"nested deeper than {self._limits.depth}, or it contains itself")
        return self._container(value, cls, path, depth)

    def _container(self, value: object, cls: type, path: str, depth: int) -> JsonValue:
        if cls in _DICTS or is_record(cls):
            if self._is_leaving and hasattr(cls, "__masked_keys__"):
                value = shown(cast("Mapping[str, object]", value))
            return self._object(_dict_items(value), path, depth)
        if cls in _SEQUENCES:
            return self._list(cast(Iterable[object], value), path, depth)
        if cls in (set, frozenset):
            return _sorted_if_possible(self._list(cast(Iterable[object], value), path, depth))
        if isinstance(cls, enum.EnumType):
            return self.convert(_member_value(value, path), path, depth + 1)
        if _is_named_tuple(cls):
            return self._list(_tuple_items(value), path, depth)
        if _is_uuid(cls):
            return _uuid_text(cast("UUID", value), path)
        if hasattr(cls, "__dataclass_fields__") and not any(base in _BUILTINS for base in cls.__mro__):
            return self._object(_fields(value, cls), path, depth)
        problem, hint = _refusal(value, cls)
        raise NotSendable(path, cls.__name__, problem, hint)

    def _list(self, items: Iterable[object], path: str, depth: int) -> list[JsonValue]:
        return [self.convert(item, f"{path}[{index}]", depth + 1) for index, item in enumerate(items)]

    def _object(self, items: Iterable[tuple[object, object]], path: str, depth: int) -> dict[str, JsonValue]:
        found: dict[str, JsonValue] = {}
        for key, item in items:
            text = self._key(key, path)
            found[text] = self.convert(item, _joined(path, text), depth + 1)
        return found

    def _key(self, key: object, path: str) -> str:
        self._count += 1
        if type(key) is str:
            return _text(key, path)
        if isinstance(type(key), enum.EnumType):
            return self._key(_member_value(key, path), path)
        if key is None or type(key) is bool:
            return {None: "null", True: "true", False: "false"}[key]
        if type(key) is int:
            return str(self._integer(key, path))
        if type(key) is float:
            return repr(_number(key, path))
        if type(key) in _TEXTS:
            return _TEXTS[type(key)](key)
        if _is_uuid(type(key)):
            return _uuid_text(cast("UUID", key), path)
        raise NotSendable(path, _name(key), f"a key is {with_article(_name(key))}", "use str keys")

    def _integer(self, value: int, path: str) -> int:
        if value.bit_length() > self._limits.integer_bits:
            raise NotSendable(path, "int", f"a whole number of {value.bit_length()} bits can't be sent", "use str(...)")
        return value


def _is_uuid(cls: type) -> bool:
    """Whether a class is `uuid.UUID`: where nobody has loaded that module, there are no objects of it, and it loads slowly."""
    module = sys.modules.get("uuid")
    return module is not None and cls is module.UUID


def _uuid_text(value: UUID, path: str) -> str:
    """Give the text of a UUID; one that was made of something like a number would ask that for its digits."""
    if type(value.int) is not int:
        raise NotSendable(path, "UUID", "a UUID of something that is no int can't be sent", "use str(...)")
    return str(value)


def _member_value(member: object, path: str) -> object:
    """Give the value of a member of an enumeration from its own dict: its class may have a property in that place."""
    kept: Mapping[str, object] = object.__getattribute__(member, "__dict__")
    if "_value_" not in kept:
        raise NotSendable(path, _name(member), "a member that has no value can't be sent", "use its name")
    return kept["_value_"]


def register_dict(cls: type[dict[object, object]]) -> None:
    """Have a dict class of the host's cross as a dict does."""
    _DICTS.add(cls)


def _dict_items(value: object) -> Iterable[tuple[object, object]]:
    """Give the items by dict's own method, whatever a subclass puts in its place."""
    return dict[object, object].items(cast("dict[object, object]", value))


def _tuple_items(value: object) -> Iterator[object]:
    """Give the items by tuple's own method."""
    return tuple[object, ...].__iter__(cast("tuple[object, ...]", value))


_DICTS: Final[set[type[object]]] = {dict, collections.OrderedDict, collections.defaultdict, collections.Counter}
_EMPTY: Final[dict[str, object]] = {}
_DICT_VIEWS: Final[tuple[type[object], ...]] = (type(_EMPTY.keys()), type(_EMPTY.values()), type(_EMPTY.items()))
_SEQUENCES: Final[frozenset[type[object]]] = frozenset({list, tuple, collections.deque, range, *_DICT_VIEWS})
_BUILTINS: Final[frozenset[type[object]]] = frozenset({dict, list, str, int, float, tuple, set})
_TEXTS: Final[Mapping[type, Callable[..., str]]] = {
    datetime.date: datetime.date.isoformat,
    datetime.datetime: datetime.datetime.isoformat,
    datetime.time: datetime.time.isoformat,
    decimal.Decimal: decimal.Decimal.__str__,
}
_WORDS: Final[Mapping[str, str]] = {"_Gathered": "gather", "PlainType": "type"}
"""What a class of ours is to a snippet."""

_HINTS: Final[Mapping[str, str]] = {
    "function": "call it",
    "builtin_function_or_method": "call it",
    "method": "call it",
    "type": "send an object, or its name",
    "generator": "use list(...)",
    "map": "use list(...)",
    "filter": "use list(...)",
    "zip": "use list(...)",
    "enumerate": "use list(...)",
    "reversed": "use list(...)",
    "coroutine": "await it",
    "Future": "await it",
    "gather": "await it",
    "PendingCall": "await it",
    "Task": "await it",
    "bytes": "use .decode(), or base64.b64encode(...).decode()",
    "bytearray": "use .decode(), or base64.b64encode(...).decode()",
    "timedelta": "use .total_seconds() or str(...)",
    "ChainMap": "use dict(...)",
    "mappingproxy": "use dict(...)",
    "SimpleNamespace": "use vars(...)",
    "Fraction": "use float(...) or str(...)",
    "complex": "use str(...)",
    "Match": "use .group() or .groupdict()",
    "Namespace": "call one of its functions",
    "ellipsis": "leave it out",
}


def _text(value: str, path: str) -> str:
    """Give a text back; what an app would get, or a model, in the place of half a character, nobody has written."""
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:
            half = f"\\u{ord(value[error.start]):04x}"
            problem = f"half of a character, {half}, can't be sent"
            raise NotSendable(path, "str", problem, "use text.encode('utf-8', 'replace').decode()") from None
    return value


def _number(value: float, path: str) -> float:
    if not math.isfinite(value):
        raise NotSendable(path, "float", f"{value!r} is not JSON", "use None")
    return value


def _sorted_if_possible(items: list[JsonValue]) -> list[JsonValue]:
    """Sort the JSON forms, which are the host's own, never the items, whose order a snippet may define."""
    if all(type(item) is str for item in items) or all(type(item) in (int, float) for item in items):
        return sorted(cast(list[str], items))  # type: ignore[return-value]
    return items


def _is_named_tuple(cls: type) -> bool:
    return issubclass(cls, tuple) and "_fields" in {name for base in cls.__mro__ for name in vars(base)}


def _fields(value: object, cls: type) -> Iterator[tuple[str, object]]:
    """Read a dataclass's fields from the object's own dict, so that no property or hook of the class runs."""
    import dataclasses  # loaded where there is a dataclass; it takes a tenth of a zygote's start

    state: Mapping[str, object] = object.__getattribute__(value, "__dict__")
    for field in dataclasses.fields(cls):
        if field.name in state:
            yield field.name, state[field.name]
        elif field.default is not dataclasses.MISSING:
            yield field.name, field.default


def _refusal(value: object, cls: type) -> tuple[str, str | None]:
    name = "type" if isinstance(value, type) else _WORDS.get(cls.__name__, cls.__name__)
    hint = _HINTS.get(name)
    if hint is None and isinstance(value, BaseException):
        hint = "use str(...)"
    plain = next((base for base in cls.__mro__ if base in _BUILTINS), None)
    if hint is None and plain is not None:
        hint = f"use {plain.__name__}(...)"
    if hint is None and isinstance(value, types.ModuleType):
        hint = "send a value of it"
    return f"{with_article(name)} can't be sent", hint or "use a dict, or a dataclass"


def with_article(name: str) -> str:
    """Give a name behind `a` or `an`."""
    return f"{'an' if name[:1].lower() in 'aeiou' else 'a'} {name}"


def _joined(path: str, key: str) -> str:
    return f"{path}.{key}" if key.isidentifier() else f"{path}[{key[:40]!r}]"


def _name(value: object) -> str:
    return type(value).__name__
