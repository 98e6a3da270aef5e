"""What reading a known value gives, and what is surely wrong with the reading: fields, items, attributes.

Each function gives the type of what is read, and a `Slip` where it can't be read.
"""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from typing import NamedTuple

from ioconnect_codemode.messages import say
from ioconnect_codemode.policy.names import instead_of
from ioconnect_codemode.policy.waiting import FUTURE_ATTRIBUTES
from ioconnect_codemode.preflight.value_types import (
    NUMBER,
    TEXT,
    TRUTH,
    WHOLE,
    Choice,
    DictOf,
    Items,
    ListOf,
    Plain,
    RecordOf,
    TupleOf,
    TypeReader,
    ValueType,
    type_text,
    widened,
)
from ioconnect_codemode.records import likely_fields, nearest

_FIELDS_SHOWN = 12


class Slip(NamedTuple):
    """What is wrong with an expression, without its place."""

    kind: str
    message: str
    hint: str | None = None


Read = tuple[ValueType | None, Slip | None]

_UNKNOWN: Read = (None, None)
_ATTRIBUTES = {
    "str": frozenset(dir(str)),
    "int": frozenset((*dir(int), *dir(float))),  # a whole number of JSON may be declared a float, and the other way
    "float": frozenset((*dir(int), *dir(float))),
    "bool": frozenset(dir(bool)),
    "list": frozenset(dir(list)),
    "tuple": frozenset(dir(tuple)),
    "dict": frozenset(dir(dict)),
}
_OF_DATES = frozenset(
    ("year", "month", "day", "hour", "minute", "date", "time", "days", "strftime", "isoformat", "weekday", "timestamp")
)
_DICT_HABITS = frozenset(("to_dict", "as_dict", "asdict", "dict", "model_dump", "to_json", "json", "model_dump_json"))
_ALIKE = 0.7  # of the letters of two method names
_RECORD_METHODS = frozenset(name for name in dir(dict) if not name.startswith("__"))
_TEXT_METHODS: dict[str, ValueType] = {
    **dict.fromkeys(
        [
            "capitalize",
            "casefold",
            "center",
            "expandtabs",
            "format",
            "join",
            "ljust",
            "lower",
            "lstrip",
            "removeprefix",
            "removesuffix",
            "replace",
            "rjust",
            "rstrip",
            "strip",
            "swapcase",
            "title",
            "translate",
            "upper",
            "zfill",
        ],
        TEXT,
    ),
    **dict.fromkeys(["split", "rsplit", "splitlines"], ListOf(TEXT)),
    **dict.fromkeys(["partition", "rpartition"], TupleOf((TEXT, TEXT, TEXT))),
    **dict.fromkeys(["count", "find", "index", "rfind", "rindex"], WHOLE),
    **dict.fromkeys(
        ["endswith", "startswith", "isdigit", "isalpha", "isnumeric", "isupper", "islower", "isspace"], TRUTH
    ),
}


def attribute(known: ValueType | None, name: str, types: TypeReader, *, added: frozenset[str]) -> Read:
    """Read `value.name`.

    Args:
        known: Type of the value, None apart.
        name: The attribute.
        types: The catalog's types.
        added: Keys that the snippet adds somewhere: nothing is known of fields with these names.
    """
    match known:
        case RecordOf(name=record):
            if name in added or name.startswith("_"):
                return _UNKNOWN
            for one in types.fields(record):
                if one["name"] == name:
                    return types.field_type(record, one), None
            if name in _RECORD_METHODS:
                return _UNKNOWN
            return None, _no_field(record, name, [one["name"] for one in types.fields(record)])
        case ListOf():
            return _plain_attribute("list", known, name, types)
        case TupleOf():
            return _plain_attribute("tuple", known, name, types)
        case DictOf(value=value) if value is not None:
            return _plain_attribute("dict", known, name, types)
        case Plain() | Choice():
            plain = widened(known)
            if isinstance(plain, Plain) and plain.name in _ATTRIBUTES:
                return _plain_attribute(plain.name, plain, name, types)
            return _UNKNOWN
        case _:
            return _UNKNOWN


def item(known: ValueType | None, key: object, types: TypeReader, *, added: frozenset[str]) -> Read:
    """Read `value[key]` with a key that is written as a literal."""
    match known:
        case RecordOf(name=record) if isinstance(key, str):
            if key in added:
                return _UNKNOWN
            for one in types.fields(record):
                if one["key"] == key:
                    return types.field_type(record, one), None
            return None, _no_field(record, key, [one["key"] for one in types.fields(record)])
        case RecordOf(name=record) if isinstance(key, int):
            hint = _fields_hint(record, [one["name"] for one in types.fields(record)])
            return None, Slip(kind="type_error", message=say("type_error", "not_a_list", type=record), hint=hint)
        case ListOf(item=inner):
            if isinstance(key, str):
                message = say("type_error", "no_text_keys", got=type_text(known), name=key[:40])
                return None, Slip(kind="type_error", message=message, hint=say("type_error", "items_hint"))
            return inner, None
        case TupleOf(members=members) if isinstance(key, str):
            message = say("type_error", "no_text_keys", got=type_text(known), name=key[:40])
            return None, Slip(kind="type_error", message=message, hint=_attribute_hint(known, types))
        case TupleOf(members=members) if isinstance(key, int) and -len(members) <= key < len(members):
            return members[key], None
        case DictOf(value=value):
            return value, None
        case Plain(name="str") | Choice() if widened(known) == TEXT and isinstance(key, int):
            return TEXT, None
        case Plain(keys_of=record) if record and isinstance(key, str):
            message = say("type_error", "no_text_keys", got="str", name=key[:40])
            return None, Slip(kind="type_error", message=message, hint=_attribute_hint(known, types))
        case Plain() | Choice() if isinstance(key, str) and widened(known) in (TEXT, WHOLE, NUMBER, TRUTH):
            message = say("type_error", "no_text_keys", got=type_text(known), name=key[:40])
            return None, Slip(kind="type_error", message=message, hint=_attribute_hint(known, types))
        case _:
            return _UNKNOWN


def got(record: str, key: str, types: TypeReader, *, added: frozenset[str], has_default: bool) -> Read:
    """Read `record.get(key)`.

    With a default it is understood as a careful question: an undeclared key is only told where a declared one is near,
    as at run time.
    """
    if key in added:
        return _UNKNOWN
    keys = [one["key"] for one in types.fields(record)]
    for one in types.fields(record):
        if one["key"] == key:
            return (None if has_default else types.field_type(record, one)), None
    if has_default and not nearest(key, keys):
        return _UNKNOWN
    return None, _no_field(record, key, keys)


def method(known: ValueType | None, name: str) -> ValueType | None:
    """Give the type of a method's result, as far as it does not depend on the arguments."""
    match known:
        case RecordOf():
            results: dict[str, ValueType] = {"items": Items(TupleOf((TEXT, None))), "keys": Items(TEXT), "copy": known}
            return results.get(name)
        case DictOf(value=value):
            results = {
                "items": Items(TupleOf((TEXT, value))),
                "keys": Items(TEXT),
                "values": Items(value),
                "copy": known,
            }
            return value if name in ("get", "pop") else results.get(name)
        case ListOf(item=inner):
            return (
                inner if name == "pop" else known if name == "copy" else WHOLE if name in ("index", "count") else None
            )
        case Plain(name="str") | Choice() if widened(known) == TEXT:
            return _TEXT_METHODS.get(name)
        case Plain(name="float"):
            return {"is_integer": TRUTH, "real": NUMBER}.get(name)
        case _:
            return None


def _plain_attribute(kind: str, known: ValueType, name: str, types: TypeReader) -> Read:
    if name in _ATTRIBUTES[kind] or name.startswith("_"):
        return _UNKNOWN
    if kind in ("list", "tuple") and name in FUTURE_ATTRIBUTES:  # what is gathered and not awaited yet
        return _UNKNOWN
    message = say("type_error", "no_attribute", got=type_text(known), name=name[:60])
    hint = _instead_hint(kind, name) or _attribute_hint(known, types)
    return None, Slip(kind="type_error", message=message, hint=hint)


def _instead_hint(kind: str, name: str) -> str | None:
    """Say what Python has in the place of a name that other languages and libraries have."""
    if kind == "str" and name in _OF_DATES:
        return say("type_error", "date_hint")
    near = nearest(name, (one for one in _ATTRIBUTES[kind] if not one.startswith("_")), cutoff=_ALIKE)
    instead = instead_of(name, getattr(builtins, kind)) or (f".{near[0]}" if near else None)
    return None if instead is None else say("type_error", "instead_hint", replacement=instead)


def _attribute_hint(known: ValueType, types: TypeReader) -> str | None:
    match known:
        case ListOf():
            return say("type_error", "items_hint")
        case DictOf():
            return say("type_error", "dict_hint")
        case TupleOf(members=members):
            return say("type_error", "tuple_hint", count=len(members))
        case Plain(keys_of=record) if record:
            lists = [one["name"] for one in types.fields(record) if isinstance(types.read(one["type"]), ListOf)]
            return say("type_error", "keys_hint", type=record, names=", ".join(f".{one}" for one in lists) or "none")
        case _:
            return None


def _no_field(record: str, name: str, names: Sequence[str]) -> Slip:
    near = likely_fields(name, names)
    if not near and name in _DICT_HABITS:
        near_hint = say("unknown_name", "record_hint")
        return Slip("unknown_name", say("unknown_name", "field", type=record, name=name), near_hint)
    hint = say("unknown_name", "did_you_mean_hint", names=", ".join(near)) if near else _fields_hint(record, names)
    return Slip(kind="unknown_name", message=say("unknown_name", "field", type=record, name=name[:60]), hint=hint)


def _fields_hint(record: str, names: Sequence[str]) -> str:
    shown = ", ".join(names[:_FIELDS_SHOWN]) + (", ..." if len(names) > _FIELDS_SHOWN else "")
    return say("unknown_name", "fields_hint", type=record, names=shown or "none")
