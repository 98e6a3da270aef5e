"""The one form of a stub module: imports, type aliases, records, functions that do nothing but `call`.

Generated code is held to it before it is written and before it is loaded.
"""

from __future__ import annotations

import ast
import types

from ioconnect_codemode.errors import PackageError

_IMPORTS = {
    "__future__": {"annotations"},
    "typing": {"Any", "Literal", "overload"},
    "ioconnect_codemode.stubs": {"Record", "UNSET", "Unset", "call", "field"},
}
_BUILTIN_TYPES = frozenset({"str", "int", "float", "bool"})
_GENERIC_TYPES = frozenset({"list", "dict", "tuple"})
_IMPORTED_TYPES = frozenset({"Any", "Unset"})
_KEPT = _BUILTIN_TYPES | _GENERIC_TYPES | _IMPORTED_TYPES | {"Literal", "Record", "UNSET", "call", "field", "overload"}


def audit(text: str, *, name: str = "stub") -> types.CodeType:
    """Hold a stub module to its form, and compile it.

    Returns:
        The compiled module.

    Raises:
        PackageError: It is not of the form; the message names the line. Nothing has been run.
    """
    tree = hold_to_form(text, name=name)
    try:
        return compile(tree, f"<stub {name.removesuffix('.py')}>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise PackageError(f"{name} is not Python: {error}") from error


def hold_to_form(text: str, *, name: str = "stub") -> ast.Module:
    """Hold a stub module to the form that the generator writes: imports, type aliases, records, calls.

    What passes defines names and runs nothing but `call`, with its own parameters. No name that the form stands on
    (`call`, `Record`, `list`, ...) is bound anew, every type is one that the module defines or imports, and a
    function calls the capability of its own name.

    Returns:
        Its syntax tree.

    Raises:
        PackageError: Something else is in it; the message names the line.
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
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise PackageError(f"{name} is not Python: {error}") from error
    return tree


class _Form:
    """The form of one stub module: which statements may be in it, given the names that it binds."""

    def __init__(self, tree: ast.Module) -> None:
        self._types = set(_BUILTIN_TYPES | _IMPORTED_TYPES)
        self._bound: set[str] = set()
        self._forms: set[str] = set()  # functions that have other forms, which say how their results differ
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
            case ast.FunctionDef(decorator_list=[ast.Name(id="overload")]):
                self._forms.add(node.name)
                return node.name not in self._bound and _is_free(node.name) and self._is_overload(node)
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

    def _is_overload(self, node: ast.FunctionDef) -> bool:
        match node.body:
            case [ast.Expr(value=ast.Constant(value=value))]:
                return value is ... and self._is_signature(node)
            case _:
                return False

    def _is_function(self, node: ast.FunctionDef) -> bool:
        names = [one.arg for one in (*node.args.args, *node.args.kwonlyargs)]
        result = _one_result(node.returns) if node.name in self._forms else node.returns
        return (
            not node.decorator_list
            and self._is_signature(node)
            and result is not None
            and _is_call_body(node.body, function=node.name, parameters=names, returns=result)
        )

    def _is_signature(self, node: ast.FunctionDef) -> bool:
        parameters = [*node.args.args, *node.args.kwonlyargs]
        names = [one.arg for one in parameters]
        return (
            not getattr(node, "type_params", None)
            and not (node.args.posonlyargs or node.args.vararg or node.args.kwarg)
            and node.returns is not None
            and self._is_type(node.returns)
            and all(one.annotation is not None and self._is_type(one.annotation) for one in parameters)
            and all(_is_default(default) for default in [*node.args.defaults, *node.args.kw_defaults])
            and all(_is_free(name) and name not in self._types for name in names)
            and _are_different(names)
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


def _one_result(returns: ast.expr | None) -> ast.expr | None:
    """Give the type of one result where a function gives one or a dict of them by target."""
    match returns:
        case ast.BinOp(
            left=left, op=ast.BitOr(), right=ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, item]))
        ):
            return left if _are_equal(left, item) else returns
        case _:
            return returns


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
            return is_own and sent == named == parameters and _are_equal(declared, returns)
        case _:
            return False


def _are_equal(one: ast.expr, other: ast.expr) -> bool:
    """Tell whether two expressions are the same type; what no type is made of is equal to nothing."""
    match one, other:
        case ast.Name(id=name), ast.Name(id=other_name):
            return name == other_name
        case ast.Constant(value=value), ast.Constant(value=other_value):
            return type(value) is type(other_value) and repr(value) == repr(other_value)
        case ast.UnaryOp(op=ast.USub(), operand=operand), ast.UnaryOp(op=ast.USub(), operand=other_operand):
            return _are_equal(operand, other_operand)
        case ast.BinOp(op=ast.BitOr()), ast.BinOp(op=ast.BitOr()):
            return _are_equal(one.left, other.left) and _are_equal(one.right, other.right)
        case ast.Subscript(), ast.Subscript():
            return _are_equal(one.value, other.value) and _are_equal(one.slice, other.slice)
        case ast.Tuple(elts=members), ast.Tuple(elts=other_members):
            return len(members) == len(other_members) and all(map(_are_equal, members, other_members))
        case _:
            return False


def _is_scalar(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return isinstance(node.operand, ast.Constant) and type(node.operand.value) in (int, float)
    return isinstance(node, ast.Constant) and type(node.value) in (str, int, float, bool, type(None))
