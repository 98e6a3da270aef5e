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
            exec(_code(name, modules[name]), module.__dict__)
            if "call" in module.__dict__:
                module.__dict__["call"] = caller
    finally:
        del sys.modules[package.__name__]
        for module in loaded.values():
            sys.modules.pop(module.__name__, None)
    for module in loaded.values():
        for member in list(module.__dict__.values()):
            if isinstance(member, type) and issubclass(member, Record) and member.__module__ == module.__name__:
                member.__record_names__ = module.__dict__
    return loaded


def _code(name: str, code: types.CodeType | str) -> types.CodeType:
    return compile(code, f"<stub {name}>", "exec", dont_inherit=True) if isinstance(code, str) else code


def typed(value: JsonValue, returns: object) -> object:
    """Give a JSON answer the form of its declared type: dicts of records become records, at any depth.

    What doesn't fit its type is left as it is; whether that is an error was decided in the session.
    """
    convert = _converter(returns)
    return value if convert is None else convert(value)


_CONVERTER = "__record_converter__"  # attribute of a record class: made on first use, gone with the class


def _converter(annotation: object) -> Convert | None:
    """Give the function that wraps a value of this type, or None where nothing needs to be wrapped."""
    if annotation is typing.Any:
        return _loose
    if _is_record(annotation):
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


def _is_record(annotation: object) -> typing.TypeGuard[type[Record]]:
    return isinstance(annotation, type) and issubclass(annotation, Record)


def _loose(value: JsonValue) -> object:
    if isinstance(value, list):
        return [_loose(item) for item in value]
    if isinstance(value, dict):
        return cast("type[dict[str, object]]", Record)({key: _loose(item) for key, item in value.items()})
    return value


def _record_converter(record: type[Record]) -> Convert:
    known: Convert | None = record.__dict__.get(_CONVERTER)
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

    setattr(record, _CONVERTER, staticmethod(convert))  # before the fields are looked at: a record may hold itself
    hints = _hints(record)
    for name, key in record.__record_keys__.items():
        inner = _converter(hints[name])
        if inner is not None:
            nested.append((key, inner))
    return convert


def _hints(record: type[Record]) -> dict[str, object]:
    """Give the types of a record's fields. Its own attributes are no names here: a field may be called `list`."""
    return typing.get_type_hints(record, globalns=record.__record_names__, localns={})


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
    records: list[type[Record]] = []
    rest: list[Convert] = []
    for part in parts:
        if _is_record(part):
            records.append(part)
        elif (inner := _converter(part)) is not None:
            rest.append(inner)

    def convert(value: JsonValue) -> object:
        if isinstance(value, dict) and records:
            record = _best_record(value, records)
            if not rest or value.keys() & set(record.__record_keys__.values()):
                return _record_converter(record)(value)
        for inner in rest:
            made = inner(value)
            if made is not value:
                return made
        return value

    return convert if records or rest else None


def _best_record(value: dict[str, JsonValue], records: list[type[Record]]) -> type[Record]:
    """Choose the record of a union: literal fields that agree, then most keys in common, then fewest that are absent."""

    def score(record: type[Record]) -> tuple[bool, int, int]:
        hints, keys = _hints(record), record.__record_keys__
        agrees = all(
            value[key] in typing.get_args(hints[name])
            for name, key in keys.items()
            if key in value and typing.get_origin(hints[name]) is typing.Literal
        )
        return agrees, len(value.keys() & set(keys.values())), -len(set(keys.values()) - value.keys())

    return max(records, key=score)


# -- the audit: the one form of a stub module -------------------------------------------------------------------

_IMPORTS = {
    "__future__": {"annotations"},
    "typing": {"Any", "Literal"},
    "ioconnect_codemode.stubs": {"Record", "UNSET", "Unset", "call", "field"},
}
_BUILTIN_TYPES = frozenset({"str", "int", "float", "bool"})
_GENERIC_TYPES = frozenset({"list", "dict", "tuple"})
_IMPORTED_TYPES = frozenset({"Any", "Unset"})
_KEPT = _BUILTIN_TYPES | _GENERIC_TYPES | _IMPORTED_TYPES | {"Literal", "Record", "UNSET", "call", "field"}


def audit(text: str, *, name: str = "stub") -> types.CodeType:
    """Hold a stub module to the form that the generator writes: imports, type aliases, records, calls.

    What passes defines names and runs nothing but `call`, with its own parameters. No name that the form stands on
    (`call`, `Record`, `list`, ...) is bound anew, every type is one that the module defines or imports, and a
    function calls the capability of its own name.

    Returns:
        The compiled module.

    Raises:
        PackageError: Something else is in it; the message names the line. Nothing has been run.
    """
    try:
        tree = ast.parse(text)
        form = _Form(tree)
        for statement in tree.body:
            if not form.has(statement):
                raise PackageError(
                    f"{name}, line {statement.lineno}: this {type(statement).__name__} is not part of a stub module; "
                    "generate the package again with `codemode generate`"
                )
        return compile(tree, f"<stub {name.removesuffix('.py')}>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise PackageError(f"{name} is not Python: {error}") from error


class _Form:
    """The form of one stub module: which statements may be in it, given the names that it binds."""

    def __init__(self, tree: ast.Module) -> None:
        self._types = set(_BUILTIN_TYPES | _IMPORTED_TYPES)
        self._bound: set[str] = set()
        for statement in tree.body:
            match statement:
                case ast.ImportFrom(level=1, names=names):
                    self._types.update(item.name for item in names)
                case ast.ClassDef(name=name) | ast.Assign(targets=[ast.Name(id=name)]):
                    self._types.add(name)
                case _:
                    pass

    def has(self, node: ast.stmt) -> bool:
        """Say whether the next statement of the module is part of the form."""
        match node:
            case ast.Expr(value=ast.Constant(value=str())):
                return True
            case ast.ImportFrom(module=str(module), names=names, level=0):
                return all(item.asname is None and item.name in _IMPORTS.get(module, ()) for item in names)
            case ast.ImportFrom(module="records", names=names, level=1):
                return all(item.asname is None and self._may_bind(item.name) for item in names)
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                return self._may_bind(name) and self._is_type(value)
            case ast.ClassDef(name=name, bases=[ast.Name(id="Record")], keywords=[], decorator_list=[], body=body):
                return (
                    not getattr(node, "type_params", None)
                    and self._may_bind(name)
                    and all(map(self._is_field, body))
                    and _are_different(_field_names(body))
                )
            case ast.FunctionDef():
                return self._may_bind(node.name) and self._is_function(node)
            case _:
                return False

    def _may_bind(self, name: str) -> bool:
        """Note a name of the module; each is bound once, and none hides what the module stands on."""
        is_new = name not in self._bound
        self._bound.add(name)
        return is_new and _is_free(name)

    def _is_field(self, node: ast.stmt) -> bool:
        match node:
            case ast.Pass() | ast.Expr(value=ast.Constant(value=str())):
                return True
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation, value=value, simple=1):
                is_default = value is None or (name != "field" and _is_field_default(value))
                return not name.startswith("__") and self._is_type(annotation) and is_default
            case _:
                return False

    def _is_function(self, node: ast.FunctionDef) -> bool:
        parameters = [*node.args.args, *node.args.kwonlyargs]
        names = [one.arg for one in parameters]
        return (
            not node.decorator_list
            and not getattr(node, "type_params", None)
            and not (node.args.posonlyargs or node.args.vararg or node.args.kwarg)
            and node.returns is not None
            and self._is_type(node.returns)
            and all(one.annotation is not None and self._is_type(one.annotation) for one in parameters)
            and all(_is_default(default) for default in [*node.args.defaults, *node.args.kw_defaults])
            and all(_is_free(name) and name not in self._types for name in names)
            and _are_different(names)
            and _is_call_body(node.body, function=node.name, parameters=names, returns=node.returns)
        )

    def _is_type(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id=name):
                return name in self._types
            case ast.Constant(value=None):
                return True
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                return self._is_type(left) and self._is_type(right)
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return bool(members) and all(map(_is_scalar, members))
            case ast.Subscript(value=ast.Name(id="list"), slice=inner):
                return self._is_type(inner)
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[ast.Name(id="str"), inner])):
                return self._is_type(inner)
            case ast.Subscript(value=ast.Name(id="tuple"), slice=inner):
                members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return bool(members) and all(map(self._is_type, members))
            case _:
                return False


def _is_free(name: str) -> bool:
    return name not in _KEPT and not name.startswith("__") and name != "*"


def _are_different(names: list[str]) -> bool:
    return len(set(names)) == len(names)


def _field_names(body: list[ast.stmt]) -> list[str]:
    return [one.target.id for one in body if isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name)]


def _is_field_default(node: ast.expr) -> bool:
    match node:
        case ast.Constant(value=None):
            return True
        case ast.Call(func=ast.Name(id="field"), args=[], keywords=[key]):
            return _is_text(key, "key")
        case ast.Call(func=ast.Name(id="field"), args=[], keywords=[key, ast.keyword(arg="default", value=default)]):
            return _is_text(key, "key") and isinstance(default, ast.Constant) and default.value is None
        case _:
            return False


def _is_text(node: ast.keyword, name: str) -> bool:
    return node.arg == name and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _is_default(node: ast.expr | None) -> bool:
    return node is None or _is_scalar(node) or (isinstance(node, ast.Name) and node.id == "UNSET")


def _is_call_body(body: list[ast.stmt], *, function: str, parameters: list[str], returns: ast.expr) -> bool:
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
            args=[ast.Constant(value=str(name)), ast.Dict(keys=keys, values=values), declared],
            keywords=[],
        ):
            sent = [value.id if isinstance(value, ast.Name) else "" for value in values]
            named = [key.value if isinstance(key, ast.Constant) else "" for key in keys]
            is_own = name.rpartition(".")[2] == function
            return is_own and sent == named == parameters and ast.dump(declared) == ast.dump(returns)
        case _:
            return False


def _is_scalar(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return isinstance(node.operand, ast.Constant) and type(node.operand.value) in (int, float)
    return isinstance(node, ast.Constant) and type(node.value) in (str, int, float, bool, type(None))
