"""Load the stub modules of a generated package, and give a snippet's calls their typed results.

A stub module is generated code: `audit` (`stub_form.py`) holds it to the one form that the generator writes, before it
is written and before it is loaded. `load` runs the modules and puts one `call` function into each of them; that
function is the only way out of the sandbox.
"""

from __future__ import annotations

import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar, cast

from ioconnect_codemode.errors import ArgumentError, UsageError
from ioconnect_codemode.records import UNSET, FieldError, Record, Unset, field, mask
from ioconnect_codemode.stub_form import audit, hold_to_form

if TYPE_CHECKING:
    from typing_extensions import TypeForm

    from ioconnect_codemode.values import JsonValue

__all__ = [
    "UNSET",
    "FieldError",
    "Record",
    "Unset",
    "audit",
    "bind",
    "call",
    "field",
    "hold_to_form",
    "load",
    "prepare",
    "typed",
]

T = TypeVar("T")
Caller = Callable[[str, "Mapping[str, object]", object], object]
Convert = Callable[["JsonValue"], object]


def call(name: str, arguments: Mapping[str, object], returns: TypeForm[T]) -> T:
    """Call a capability: what every stub's body does.

    Inside the sandbox `load` puts the bridge in the place of this function.

    Raises:
        UsageError: Always. The stub was called outside a snippet.
    """
    del arguments, returns
    raise UsageError(f"{name} is a stub: it can be called in a snippet (codemode run), not from here")


def load(
    modules: Mapping[str, types.CodeType | str], caller: Caller, *, masks: Mapping[str, Sequence[str]] | None = None
) -> dict[str, types.ModuleType]:
    """Run stub modules and bind them to `caller`.

    Args:
        modules: Module name, `records` or a namespace, to its source or its code. `records` is run first.
        caller: Called with the capability's name, its arguments by parameter name and the declared result type.
        masks: Record types to the keys that policy masks.
    """
    package = types.ModuleType(f"codemode_stubs_{id(modules)}")
    package.__path__ = []
    loaded: dict[str, types.ModuleType] = {}
    sys.modules[package.__name__] = package
    try:
        for name in sorted(modules, key=lambda name: (name != "records", name)):
            module = types.ModuleType(f"{package.__name__}.{name}")
            module.__package__ = package.__name__
            sys.modules[module.__name__] = loaded[name] = module
            exec(_code(name, modules[name]), module.__dict__)
        bind(loaded, caller)
    finally:
        del sys.modules[package.__name__]
        for module in loaded.values():
            sys.modules.pop(module.__name__, None)
    for name, module in loaded.items():
        for member in list(module.__dict__.values()):
            if isinstance(member, types.FunctionType) and member.__module__ == module.__name__:
                module.__dict__[member.__name__] = _refusing(member, name)
            elif isinstance(member, type) and issubclass(member, Record) and member.__module__ == module.__name__:
                member.__record_names__ = module.__dict__
                if masks and member.__name__ in masks:
                    mask(member, masks[member.__name__])
    return loaded


def _refusing(stub: types.FunctionType, namespace: str) -> types.FunctionType:
    """Give a stub that raises `ArgumentError` where Python can't bind its arguments: to a snippet all of them are one."""
    stub.__qualname__ = f"{namespace}.{stub.__name__}"  # so Python names it there

    def bound(*given: object, **named: object) -> object:
        try:
            return stub(*given, **named)
        except TypeError as error:
            trace = error.__traceback__
            if trace is None or trace.tb_next is not None:  # the stub was entered
                raise
            raise refuse(str(error)) from None

    refuse = ArgumentError  # a cell: the globals are the stub's, by which the scheduler knows a capability
    made = types.FunctionType(bound.__code__, stub.__globals__, stub.__name__, None, bound.__closure__)
    made.__qualname__, made.__doc__ = stub.__qualname__, stub.__doc__
    return made


def bind(modules: Mapping[str, types.ModuleType], caller: Caller) -> None:
    """Bind stub modules that are loaded to `caller`."""
    for module in modules.values():
        if "call" in module.__dict__:
            module.__dict__["call"] = caller


def prepare(module: types.ModuleType) -> None:
    """Make ahead what the records of a loaded module need with their first answer."""
    for member in list(module.__dict__.values()):
        if _is_record(member):
            _record_converter(member)


def _code(name: str, code: types.CodeType | str) -> types.CodeType:
    return compile(code, f"<stub {name}>", "exec", dont_inherit=True) if isinstance(code, str) else code


def typed(value: JsonValue, returns: object) -> object:
    """Give a JSON answer the form of its declared type: dicts of records become records, at any depth.

    What doesn't fit its type is left as it is; whether that is an error was decided in the session.

    Args:
        value: The answer. It is used up: lists and objects in it are changed where they stand, so that the memory of
            each is there for its record.
        returns: The declared type.
    """
    convert = converter(returns)
    return value if convert is None else convert(value)


_CONVERTER = "__record_converter__"  # attribute of a record class: made on first use, gone with the class


def converter(annotation: object) -> Convert | None:
    """Give the function that wraps a value of this type, as `typed` says, or None where nothing needs to be wrapped."""
    if annotation is typing.Any:
        return _loose
    if _is_record(annotation):
        return _record_converter(annotation)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list:
        return _list_converter(converter(parts[0]))
    if origin is dict:
        return _loose if parts[1] is typing.Any else _dict_converter(converter(parts[1]))
    if origin is tuple:
        return _tuple_converter([converter(part) for part in parts])
    if origin is typing.Union or origin is types.UnionType:
        return _union_converter(parts)
    return None


def _is_record(annotation: object) -> typing.TypeGuard[type[Record]]:
    return isinstance(annotation, type) and issubclass(annotation, Record)


def _loose(value: JsonValue) -> object:
    if isinstance(value, list):
        items = cast("list[object]", value)
        for place, item in enumerate(value):
            if isinstance(item, (list, dict)):
                items[place] = _loose(item)
        return items
    if isinstance(value, dict):
        fields = cast("dict[str, object]", value)
        for key, field_value in value.items():
            if isinstance(field_value, (list, dict)):
                fields[key] = _loose(field_value)
        return cast("type[dict[str, object]]", Record)(fields)
    return value


def _record_converter(record: type[Record]) -> Convert:
    known: Convert | None = record.__dict__.get(_CONVERTER)
    if known is not None:
        return known
    make = cast("type[dict[str, object]]", record)
    has_own_init = "__init__" in vars(record)  # it is for snippets and takes fields by name
    update = dict[str, object].update
    nested: list[tuple[str, Convert]] = []

    def convert(value: JsonValue) -> object:
        if not isinstance(value, dict):
            return value
        fields = cast("dict[str, object]", value)
        for key, inner in nested:
            if key in value:
                fields[key] = inner(value[key])
        if not has_own_init:
            return make(fields)
        made = make()
        update(made, fields)
        return made

    setattr(record, _CONVERTER, staticmethod(convert))  # before the fields are looked at: a record may hold itself
    hints = _hints(record)
    for name, key in record.__record_keys__.items():
        inner = converter(hints[name])
        if inner is not None:
            nested.append((key, inner))
    return convert


def _hints(record: type[Record]) -> dict[str, object]:
    """Give the types of a record's fields. Its own attributes are no names here: a field may be called `list`."""
    return typing.get_type_hints(record, globalns=record.__record_names__, localns={})


def _list_converter(inner: Convert | None) -> Convert | None:
    if inner is None:
        return None

    def convert(value: JsonValue) -> object:
        if isinstance(value, list):
            items = cast("list[object]", value)
            for place, item in enumerate(value):
                items[place] = inner(item)
        return value

    return convert


def _dict_converter(inner: Convert | None) -> Convert | None:
    if inner is None:
        return None

    def convert(value: JsonValue) -> object:
        if isinstance(value, dict):
            fields = cast("dict[str, object]", value)
            for key, item in value.items():
                fields[key] = inner(item)
        return value

    return convert


def _tuple_converter(inner: list[Convert | None]) -> Convert | None:
    if not any(inner):
        return None

    def convert(value: JsonValue) -> object:
        if not isinstance(value, list) or len(value) != len(inner):
            return value
        return [item if one is None else one(item) for one, item in zip(inner, value, strict=True)]

    return convert


def _union_converter(parts: tuple[object, ...]) -> Convert | None:
    records: list[type[Record]] = []
    rest: list[tuple[type, Convert]] = []
    for part in parts:
        if _is_record(part):
            records.append(part)
        elif (inner := converter(part)) is not None:
            rest.append((typing.get_origin(part) or object, inner))

    def convert(value: JsonValue) -> object:
        if isinstance(value, dict) and records:
            record = records[0] if len(records) == 1 else _best_record(value, records)
            if not rest or not value.keys().isdisjoint(record.__record_keys__.values()):
                return _record_converter(record)(value)
        for form, inner in rest:  # the first whose form the value has
            if form is tuple:
                made = inner(value)
                if made is not value:
                    return made
            elif isinstance(value, form):
                return inner(value)
        return value

    return convert if records or rest else None


def _best_record(value: dict[str, JsonValue], records: list[type[Record]]) -> type[Record]:
    """Choose the record of a union: literal fields that agree, then most keys in common, then fewest that are absent."""

    def score(record: type[Record]) -> tuple[bool, int, int]:
        keys = set(record.__record_keys__.values())
        agrees = all(value[key] in allowed for key, allowed in _literals(record).items() if key in value)
        return agrees, len(value.keys() & keys), -len(keys - value.keys())

    return max(records, key=score)


_LITERALS = "__record_literals__"  # attribute of a record class: made on first use, gone with the class


def _literals(record: type[Record]) -> dict[str, tuple[object, ...]]:
    """Give what the literal fields of a record may be, by key; a list of records asks once an item."""
    known: dict[str, tuple[object, ...]] | None = record.__dict__.get(_LITERALS)
    if known is None:
        hints = _hints(record)
        known = {
            key: typing.get_args(hints[name])
            for name, key in record.__record_keys__.items()
            if typing.get_origin(hints[name]) is typing.Literal
        }
        setattr(record, _LITERALS, known)
    return known
