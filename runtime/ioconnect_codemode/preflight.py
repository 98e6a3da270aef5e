"""The pre-flight check: the snippet's syntax tree against the catalog, before anything runs.

Pure Python over the tree, the same in the worker and in the browser. It speaks only of what it is sure of: a false
alarm costs a model's turn, a miss only costs the check at the call.

1. A name that the snippet binds itself anywhere is the snippet's own, and nothing is said about it.
2. Arguments are looked at where the callee is written as `namespace.function` or as a global function, and only as far
   as they are literals.
3. Annotations are not looked at: the language of snippets never evaluates them.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.manifest_data import ParameterData, TypeData
from ioconnect_codemode.messages import say
from ioconnect_codemode.records import nearest

MOST = 5  # errors told at once; a sixth would not fit the 800 characters of an error's text


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionScope:
    """What the check knows about one function."""

    parameters: Sequence[ParameterData]
    signature: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the names of a snippet may mean.

    Attributes:
        namespaces: Namespace to its functions.
        functions: Global function name to namespace and function.
        types: Records and aliases that the functions use.
        known: Other names that exist: builtins, safe modules, inputs.
        near: For names that mean nothing, the nearest ones in the catalog.
    """

    namespaces: Mapping[str, Mapping[str, FunctionScope]] = field(
        default_factory=dict[str, Mapping[str, FunctionScope]]
    )
    functions: Mapping[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    types: Mapping[str, TypeData] = field(default_factory=dict[str, TypeData])
    known: Collection[str] = frozenset()
    near: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])


def check(tree: ast.Module, scope: Scope) -> list[Problem]:
    """Give what is surely wrong, in the order of the source, at most `MOST` problems.

    Args:
        tree: The snippet as `policy.parse` gave it, its columns in characters, before the policy changes it.
        scope: What its names may mean.
    """
    try:
        found = list(_Checker(tree, scope).problems())
    except RecursionError:  # literals nested beyond reason: the check at the call says what is wrong
        return []
    found.sort(key=lambda problem: (problem.get("line") or 0, problem.get("column") or 0))
    return found[:MOST]


class _Checker:
    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self._tree = tree
        self._scope = scope
        self._bound, self._imported = _bindings(tree, scope)

    def problems(self) -> Iterator[Problem]:
        """Walk the tree once."""
        told: set[str] = set()
        for node in _evaluated(self._tree):
            for problem in self._of(node):
                if problem["kind"] != "unknown_name" or problem["message"] not in told:
                    told.add(problem["message"])
                    yield problem

    def _of(self, node: ast.AST) -> Iterator[Problem]:
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                if not self._is_known(name):
                    yield self._unknown_name(node)
            case ast.Attribute(ctx=ast.Load()):
                yield from self._attribute(node)
            case ast.Call():
                yield from self._call(node)
            case ast.ImportFrom():
                yield from self._import_from(node)
            case _:
                pass

    def _is_known(self, name: str) -> bool:
        return (
            name in self._bound
            or name in self._imported
            or name in self._scope.known
            or name in self._scope.namespaces
            or name in self._scope.functions
            or name.startswith("__")  # the policy has its own word on these
        )

    def _unknown_name(self, node: ast.Name) -> Problem:
        near = self._scope.near.get(node.id, ())
        if len(near) > 1 and all(one.partition(".")[2] == node.id for one in near):
            hint = say("unknown_name", "ambiguous_hint", names=", ".join(near))
            return _problem("unknown_name", say("unknown_name", "ambiguous", name=node.id), node, hint=hint)
        near = near or nearest(node.id, [*self._bound, *self._scope.known])
        hint = say("unknown_name", "did_you_mean_hint", names=", ".join(near)) if near else _list_hint(node.id)
        return _problem("unknown_name", say("unknown_name", "name", name=node.id), node, hint=hint)

    def _attribute(self, node: ast.Attribute) -> Iterator[Problem]:
        namespace = self._namespace(node.value)
        if namespace is None or node.attr in self._scope.namespaces[namespace] or node.attr in self._scope.types:
            return
        if node.attr.startswith("_"):  # the policy has its own word on these
            return
        functions = self._scope.namespaces[namespace]
        near = nearest(node.attr, functions, most=3)
        hint = (
            say("unknown_name", "did_you_mean_hint", names=", ".join(f"{namespace}.{one}" for one in near))
            if near
            else _list_hint(node.attr)
        )
        message = say("unknown_name", "function", namespace=namespace, name=node.attr)
        yield _problem("unknown_name", message, node, hint=hint, tail=node.attr)

    def _import_from(self, node: ast.ImportFrom) -> Iterator[Problem]:
        functions = self._scope.namespaces.get(node.module or "")
        if functions is None:
            return
        for alias in node.names:
            if alias.name != "*" and alias.name not in functions and alias.name not in self._scope.types:
                near = nearest(alias.name, functions, most=3)
                hint = say("unknown_name", "did_you_mean_hint", names=", ".join(near)) if near else None
                message = say("unknown_name", "function", namespace=node.module, name=alias.name)
                yield _problem("unknown_name", message, alias, hint=hint)

    def _namespace(self, node: ast.expr) -> str | None:
        if not isinstance(node, ast.Name) or node.id in self._bound:
            return None
        name = self._imported.get(node.id, (node.id, None))
        return name[0] if name[1] is None and name[0] in self._scope.namespaces else None

    def _function(self, node: ast.expr) -> tuple[str, FunctionScope] | None:
        """Give the capability that a callee surely is."""
        namespace: str | None = None
        function: str | None = None
        if isinstance(node, ast.Attribute):
            namespace, function = self._namespace(node.value), node.attr
        elif isinstance(node, ast.Name) and node.id not in self._bound:
            namespace, function = self._imported.get(node.id) or self._scope.functions.get(node.id) or (None, None)
        found = self._scope.namespaces.get(namespace or "", {}).get(function or "")
        return None if found is None else (f"{namespace}.{function}", found)

    def _call(self, node: ast.Call) -> Iterator[Problem]:
        if self._namespace(node.func) is not None and isinstance(node.func, ast.Name):
            yield _problem("type_error", say("type_error", "not_a_function", name=node.func.id), node.func)
            return
        found = self._function(node.func)
        if found is None:
            return
        function = found[1]
        is_open = any(isinstance(one, ast.Starred) for one in node.args) or any(
            keyword.arg is None for keyword in node.keywords
        )
        given: dict[str, ast.expr] = {}
        yield from self._positional(node, function, given, is_open=is_open)
        yield from self._keywords(node, function, given)
        if not is_open:
            yield from self._missing(node, function, given)
        for parameter in function.parameters:
            if parameter["name"] in given:
                yield from self._argument(given[parameter["name"]], parameter, function)

    def _positional(
        self, node: ast.Call, function: FunctionScope, given: dict[str, ast.expr], *, is_open: bool
    ) -> Iterator[Problem]:
        if is_open and any(isinstance(one, ast.Starred) for one in node.args):
            return
        for parameter, value in zip(function.parameters, node.args, strict=False):
            given[parameter["name"]] = value
        if len(node.args) > len(function.parameters):
            message = say("type_error", "too_many_arguments", expected=len(function.parameters), got=len(node.args))
            yield _problem("type_error", message, node.args[len(function.parameters)], signature=function.signature)

    def _keywords(self, node: ast.Call, function: FunctionScope, given: dict[str, ast.expr]) -> Iterator[Problem]:
        names = [parameter["name"] for parameter in function.parameters]
        for keyword in node.keywords:
            if keyword.arg is None:
                continue
            if keyword.arg not in names:
                near = nearest(keyword.arg, names)
                hint = say("type_error", "did_you_mean_hint", names=", ".join(near)) if near else None
                message = say("type_error", "unknown_argument", name=keyword.arg)
                yield _problem("type_error", message, keyword, hint=hint, signature=function.signature)
            elif keyword.arg in given:
                message = say("type_error", "repeated_argument", name=keyword.arg)
                yield _problem("type_error", message, keyword, signature=function.signature)
            else:
                given[keyword.arg] = keyword.value

    def _missing(self, node: ast.Call, function: FunctionScope, given: Mapping[str, ast.expr]) -> Iterator[Problem]:
        missing = [one["name"] for one in function.parameters if one["required"] and one["name"] not in given]
        if missing:
            text = "missing_argument" if len(missing) == 1 else "missing_arguments"
            message = say("type_error", text, name=missing[0], names=", ".join(missing))
            yield _problem("type_error", message, node, signature=function.signature)

    def _argument(self, value: ast.expr, parameter: ParameterData, function: FunctionScope) -> Iterator[Problem]:
        if _is_none(value) and not parameter["required"]:
            return  # None on an optional parameter means: not given
        mismatch = self._mismatch(value, ast.parse(parameter["type"], mode="eval").body)
        if mismatch is not None:
            node, message = mismatch
            yield _problem("type_error", message, node, signature=function.signature)

    # -- literals against type expressions ---------------------------------------------------------------------

    def _mismatch(self, value: ast.expr, expected: ast.expr) -> tuple[ast.expr, str] | None:
        """Give the innermost literal that can't be of the type, with the message; None where nothing is sure."""
        kind = _literal_kind(value)
        if kind is None:
            return None
        expected = self._unaliased(expected)
        match expected:
            case ast.Name(id="Any"):
                return None
            case ast.BinOp():
                return self._union_mismatch(value, expected, kind)
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                return self._choice_mismatch(value, inner, kind)
            case ast.Subscript(value=ast.Name(id="list" | "tuple" as name), slice=inner) if kind in {"list", "tuple"}:
                members = value.elts if isinstance(value, (ast.List, ast.Tuple)) else []
                if name == "tuple":
                    return None
                return self._first(self._mismatch(member, inner) for member in members)
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])) if kind == "dict":
                return self._first(self._mismatch(member, inner) for member in _own_values(value))
            case ast.Name(id=name) if name in self._scope.types:
                if kind == "dict":
                    return self._record_mismatch(value, name)
            case ast.Name(id="float") if kind == "int":
                return None
            case ast.Name(id=name) if name == kind:
                return None
            case ast.Constant(value=None) if kind == "None":
                return None
            case ast.Name(id=name) if name not in _PLAIN:
                return None
            case _:
                pass
        return value, say("type_error", "wrong_type", expected=ast.unparse(expected), got=kind)

    def _union_mismatch(self, value: ast.expr, expected: ast.BinOp, kind: str) -> tuple[ast.expr, str] | None:
        members = _members(expected)
        found = [self._mismatch(value, member) for member in members]
        if any(one is None for one in found):
            return None
        deeper = [one for one in found if one is not None and one[0] is not value]
        return (
            deeper[0] if deeper else (value, say("type_error", "wrong_type", expected=ast.unparse(expected), got=kind))
        )

    def _choice_mismatch(self, value: ast.expr, inner: ast.expr, kind: str) -> tuple[ast.expr, str] | None:
        choices = [ast.unparse(one) for one in (inner.elts if isinstance(inner, ast.Tuple) else [inner])]
        if isinstance(value, ast.JoinedStr):
            return None  # its text is known at run time only
        if not isinstance(value, (ast.Constant, ast.UnaryOp)):
            return value, say("type_error", "wrong_type", expected=" | ".join(choices)[:160], got=kind)
        if ast.unparse(value) in choices:
            return None
        got = ast.unparse(value)[:60]
        return value, say("type_error", "not_a_choice", got=got, expected=", ".join(choices)[:200])

    def _record_mismatch(self, value: ast.expr, name: str) -> tuple[ast.expr, str] | None:
        if not isinstance(value, ast.Dict) or not all(
            isinstance(key, ast.Constant) and isinstance(key.value, str) for key in value.keys
        ):
            return None
        given = {
            key.value: item for key, item in zip(value.keys, value.values, strict=True) if isinstance(key, ast.Constant)
        }
        for one in self._scope.types[name].get("fields", []):
            if one["key"] not in given:
                if one["required"]:
                    return value, say("type_error", "missing_field", name=one["key"], type=name)
                continue
            if _is_none(given[one["key"]]) and not one["required"]:
                continue  # None for an optional field means: not given
            found = self._mismatch(given[one["key"]], ast.parse(one["type"], mode="eval").body)
            if found is not None:
                return found
        return None

    def _unaliased(self, expected: ast.expr) -> ast.expr:
        if isinstance(expected, ast.Name):
            data = self._scope.types.get(expected.id)
            if data is not None and data["kind"] == "alias":
                return ast.parse(data.get("type", "Any"), mode="eval").body
        return expected

    def _first(self, found: Iterator[tuple[ast.expr, str] | None]) -> tuple[ast.expr, str] | None:
        return next((one for one in found if one is not None), None)


def _evaluated(tree: ast.Module) -> Iterator[ast.AST]:
    """Give the nodes that a run may evaluate: all but annotations."""
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        yield node
        for name, value in ast.iter_fields(node):
            if name not in _ANNOTATIONS:
                inner = cast("list[object]", value) if isinstance(value, list) else [value]
                waiting += [one for one in inner if isinstance(one, ast.AST)]


def _own_values(value: ast.expr) -> list[ast.expr]:
    """Give the values of a dict display, those behind `**` left out."""
    if not isinstance(value, ast.Dict):
        return []
    return [item for key, item in zip(value.keys, value.values, strict=True) if key is not None]


_ANNOTATIONS = frozenset({"annotation", "returns", "type_params"})
_PLAIN = frozenset({"str", "int", "float", "bool", "list", "dict"})


def _bindings(tree: ast.Module, scope: Scope) -> tuple[set[str], dict[str, tuple[str, str | None]]]:
    """Give the names that the snippet binds, and those that it only binds by importing from the catalog."""
    bound: set[str] = set()
    imported: dict[str, tuple[str, str | None]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    if alias.name in scope.namespaces:
                        imported[alias.asname or alias.name] = (alias.name, None)
                    else:
                        bound.add(alias.asname or alias.name.partition(".")[0])
            case ast.ImportFrom(module=module, names=names):
                for alias in names:
                    if alias.name == "*":
                        bound.update(scope.namespaces.get(module or "", ()))
                    elif module in scope.namespaces:
                        imported[alias.asname or alias.name] = (module or "", alias.name)
                    else:
                        bound.add(alias.asname or alias.name)
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.arg(arg=name):
                bound.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                bound.add(name)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.Global(names=declared) | ast.Nonlocal(names=declared):
                bound.update(declared)
            case _:
                pass
    return bound, {name: target for name, target in imported.items() if name not in bound}


def _literal_kind(node: ast.expr) -> str | None:
    match node:
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=value) if value is not Ellipsis:
            return type(value).__name__
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return type(value).__name__
        case ast.JoinedStr():
            return "str"
        case ast.List():
            return "list"
        case ast.Tuple():
            return "tuple"
        case ast.Dict():
            return "dict"
        case _:
            return None


def _members(node: ast.expr) -> list[ast.expr]:
    return [*_members(node.left), *_members(node.right)] if isinstance(node, ast.BinOp) else [node]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _list_hint(name: str) -> str:
    return say("unknown_name", "list_hint", name=name[:40])


def _problem(
    kind: str,
    message: str,
    node: ast.expr | ast.keyword | ast.alias,
    *,
    hint: str | None = None,
    signature: str | None = None,
    tail: str | None = None,
) -> Problem:
    """Give a problem at a node; with `tail` the position is that of the node's last name."""
    column, end = node.col_offset, node.end_col_offset if node.end_col_offset is not None else node.col_offset + 1
    line = node.lineno
    if tail is not None and node.end_lineno is not None:
        line, column = node.end_lineno, end - len(tail)
    elif node.end_lineno != node.lineno:
        end = column + 1
    return Problem(
        kind=kind, message=message, line=line, column=column + 1, end_column=end + 1, hint=hint, signature=signature
    )
