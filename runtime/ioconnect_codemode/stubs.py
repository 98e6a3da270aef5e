"""Load the stub modules of a generated package, and give a snippet's calls their typed results.

A stub module is generated code: `audit` holds it to the one form that the generator writes, before it is written and
before it is loaded. `load` runs the modules and puts one `call` function into each of them; that function is the only
way out of the sandbox.
"""

from __future__ import annotations

import ast
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar, cast

from ioconnect_codemode.errors import PackageError, UsageError
from ioconnect_codemode.records import UNSET, FieldError, Record, Unset, field
from ioconnect_codemode.values import JsonValue

if TYPE_CHECKING:
    from typing_extensions import TypeForm

__all__ = ["UNSET", "FieldError", "Record", "Unset", "audit", "call", "field", "load", "typed"]

T = TypeVar("T")
Caller = Callable[[str, "Mapping[str, object]", object], object]
Convert = Callable[[JsonValue], object]


def call(name: str, arguments: Mapping[str, object], returns: TypeForm[T]) -> T:
    """Call a capability: what every stub's body does.

    Inside the sandbox `load` puts the bridge in the place of this function.

    Raises:
        UsageError: Always. The stub was called outside a snippet.
    """
    del arguments, returns
    raise UsageError(f"{name} is a stub: it can be called in a snippet (codemode run), not from here")


def load(modules: Mapping[str, types.CodeType | str], caller: Caller) -> dict[str, types.ModuleType]:
    """Run stub modules and bind them to `caller`.

    Args:
        modules: Module name, `records` or a namespace, to its source or its code. `records` is run first.
        caller: Called with the capability's name, its arguments by parameter name and the declared result type.
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
            code = modules[name]
            exec(compile(code, f"<stub {name}>", "exec") if isinstance(code, str) else code, module.__dict__)  # noqa: S102
            if "call" in module.__dict__:
                module.__dict__["call"] = caller
    finally:
        del sys.modules[package.__name__]
        for module in loaded.values():
            sys.modules.pop(module.__name__, None)
    typed_namespaces = {module.__name__: module.__dict__ for module in loaded.values()}
    for module in loaded.values():
        for member in list(module.__dict__.values()):
            if isinstance(member, type) and issubclass(member, Record) and member.__module__ in typed_namespaces:
                _NAMESPACES[member] = typed_namespaces[member.__module__]
    return loaded


def typed(value: JsonValue, returns: object) -> object:
    """Give a JSON answer the form of its declared type: dicts of records become records, at any depth.

    What doesn't fit its type is left as it is; whether that is an error was decided in the session.
    """
    convert = _converter(returns)
    return value if convert is None else convert(value)


_NAMESPACES: dict[type, dict[str, object]] = {}
_CONVERTERS: dict[type, Convert] = {}
_AS_IT_IS = (str, int, float, bool, type(None))


def _converter(annotation: object) -> Convert | None:
    """Give the function that wraps a value of this type, or None where nothing needs to be wrapped."""
    if annotation is typing.Any:
        return _loose
    if isinstance(annotation, type) and issubclass(annotation, Record):
        return _record_converter(annotation)
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is list:
        return _list_converter(_converter(parts[0]))
    if origin is dict:
        return _dict_converter(_converter(parts[1]))
    if origin is tuple:
        return _tuple_converter([_converter(part) for part in parts])
    if origin is typing.Union or origin is types.UnionType:
        return _union_converter(parts)
    return None


def _loose(value: JsonValue) -> object:
    if isinstance(value, list):
        return [_loose(item) for item in value]
    if isinstance(value, dict):
        return cast("type[dict[str, object]]", Record)({key: _loose(item) for key, item in value.items()})
    return value


def _record_converter(record: type[Record]) -> Convert:
    known = _CONVERTERS.get(record)
    if known is not None:
        return known
    make = cast("type[dict[str, object]]", record)
    nested: list[tuple[str, Convert]] = []

    def convert(value: JsonValue) -> object:
        if not isinstance(value, dict):
            return value
        made = make(value)
        for key, inner in nested:
            if key in made:
                made[key] = inner(cast("JsonValue", made[key]))
        return made

    _CONVERTERS[record] = convert  # before the fields are looked at: a record may hold itself
    hints = typing.get_type_hints(record, globalns=_NAMESPACES.get(record))
    for name, key in record.__record_keys__.items():
        inner = _converter(hints[name])
        if inner is not None:
            nested.append((key, inner))
    return convert


def _list_converter(inner: Convert | None) -> Convert | None:
    if inner is None:
        return None
    return lambda value: [inner(item) for item in value] if isinstance(value, list) else value


def _dict_converter(inner: Convert | None) -> Convert | None:
    if inner is None:
        return None
    return lambda value: {key: inner(item) for key, item in value.items()} if isinstance(value, dict) else value


def _tuple_converter(inner: list[Convert | None]) -> Convert | None:
    if not any(inner):
        return None

    def convert(value: JsonValue) -> object:
        if not isinstance(value, list) or len(value) != len(inner):
            return value
        return [item if one is None else one(item) for one, item in zip(inner, value, strict=True)]

    return convert


def _union_converter(parts: tuple[object, ...]) -> Convert | None:
    records = [part for part in parts if isinstance(part, type) and issubclass(part, Record)]
    rest = [inner for part in parts if part not in records and (inner := _converter(part)) is not None]

    def convert(value: JsonValue) -> object:
        if isinstance(value, dict) and records:
            return _record_converter(_best_record(value, records))(value)
        for inner in rest:
            made = inner(value)
            if made is not value:
                return made
        return value

    return convert if records or rest else None


def _best_record(value: dict[str, JsonValue], records: list[type[Record]]) -> type[Record]:
    """Choose the record of a union: one whose literal fields agree, then the one with most keys in common."""

    def score(record: type[Record]) -> tuple[bool, int]:
        hints = typing.get_type_hints(record, globalns=_NAMESPACES.get(record))
        literals = [
            (key, typing.get_args(hints[name]))
            for name, key in record.__record_keys__.items()
            if typing.get_origin(hints[name]) is typing.Literal
        ]
        agrees = all(value.get(key) in values for key, values in literals if key in value)
        return agrees, len(set(record.__record_keys__.values()) & value.keys())

    return max(records, key=score)


# -- the audit: the one form of a stub module -------------------------------------------------------------------

_IMPORTS = {
    "__future__": {"annotations"},
    "typing": {"Any", "Literal"},
    "ioconnect_codemode.stubs": {"Record", "UNSET", "Unset", "call", "field"},
}
_GENERIC = {"list", "dict", "tuple"}


def audit(text: str, *, name: str = "stub") -> None:
    """Hold a stub module to the form that the generator writes: imports, type aliases, records, calls.

    Raises:
        PackageError: Something else is in it; the message names the line. Nothing has been run.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise PackageError(f"{name} is not Python: {error}") from error
    for statement in tree.body:
        if not _is_stub_statement(statement):
            raise PackageError(
                f"{name}, line {statement.lineno}: {type(statement).__name__} is not part of a stub module; "
                "generate the package again with `codemode generate`"
            )


def _is_stub_statement(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.ImportFrom(module=str(module), names=names, level=0):
            return all(item.asname is None and item.name in _IMPORTS.get(module, ()) for item in names)
        case ast.ImportFrom(module="records", names=names, level=1):
            return all(item.asname is None and item.name != "*" for item in names)
        case ast.Assign(targets=[ast.Name()], value=value):
            return _is_type(value)
        case ast.ClassDef(bases=[ast.Name(id="Record")], keywords=[], decorator_list=[], body=body):
            return not getattr(node, "type_params", None) and all(map(_is_field, body))
        case ast.FunctionDef(decorator_list=[], returns=returns, args=arguments, body=body):
            return (
                not getattr(node, "type_params", None)
                and returns is not None
                and _is_type(returns)
                and _are_parameters(arguments)
                and _is_call_body(body)
            )
        case _:
            return False


def _is_field(node: ast.stmt) -> bool:
    match node:
        case ast.Pass() | ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value):
            return not name.startswith("__") and _is_type(annotation) and (value is None or _is_field_default(value))
        case _:
            return False


def _is_field_default(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Call(func=ast.Name(id="field"), args=[], keywords=keywords):
            return all(
                (keyword.arg == "key" and isinstance(keyword.value, ast.Constant))
                or (keyword.arg == "default" and _is_none(keyword.value))
                for keyword in keywords
            )
        case _:
            return False


def _are_parameters(arguments: ast.arguments) -> bool:
    if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
        return False
    annotated = all(
        one.annotation is not None and _is_type(one.annotation) for one in [*arguments.args, *arguments.kwonlyargs]
    )
    defaults = [*arguments.defaults, *(default for default in arguments.kw_defaults if default is not None)]
    return annotated and all(_is_scalar(default) or _is_name(default, "UNSET") for default in defaults)


def _is_call_body(body: list[ast.stmt]) -> bool:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), ast.Return(value=ast.Call() as made)]:
            pass
        case [ast.Return(value=ast.Call() as made)]:
            pass
        case _:
            return False
    match made:
        case ast.Call(
            func=ast.Name(id="call"),
            args=[ast.Constant(value=str()), ast.Dict(keys=keys, values=values), returns],
            keywords=[],
        ):
            return (
                all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in keys)
                and all(isinstance(value, ast.Name) for value in values)
                and _is_type(returns)
            )
        case _:
            return False


def _is_type(node: ast.expr) -> bool:
    match node:
        case ast.Name() | ast.Constant(value=None):
            return True
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_type(left) and _is_type(right)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return all(map(_is_scalar, members))
        case ast.Subscript(value=ast.Name(id=generic), slice=inner) if generic in _GENERIC:
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return all(map(_is_type, members))
        case _:
            return False


def _is_scalar(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return isinstance(node.operand, ast.Constant) and isinstance(node.operand.value, (int, float))
    return isinstance(node, ast.Constant) and isinstance(node.value, (str, int, float, bool, type(None)))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
