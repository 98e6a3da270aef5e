"""What a snippet says of itself, gathered in one walk: what it binds, what it tests, which keys it adds.

What holds for one place is taken to hold everywhere: a field that is tested for None once is never called unguarded,
a key that is added to one dict is unknown on no record. That costs some misses and no false alarm.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from typing import cast

from ioconnect_codemode.preflight.scope import Scope

_ANNOTATIONS = frozenset({"annotation", "returns", "type_params"})
_TELLING_TYPES = frozenset({"isinstance", "issubclass", "callable", "type"})
_TRUTH = frozenset({"bool", "any", "all", "filter"})
_OF_CALLS = frozenset({"AppError", "ArgumentError", "DeniedError", "UnavailableError", "ResultError"})
_GROWING = frozenset({"append", "extend", "insert", "update", "setdefault"})
_DICTS = frozenset({"dict", "defaultdict", "Counter", "OrderedDict"})


class Facts:
    """What one walk over a snippet gathers.

    Attributes:
        nodes: The nodes that a run may evaluate: all but annotations.
        bound: Names that the snippet binds.
        imported: Names that it only binds by importing from the catalog: namespace, and function or None.
        stores: How often a name is bound, parameters included.
        loads: How often it is read.
        functions: Functions of the snippet by name.
        tested: Names and fields that are tested for being there.
        dynamic: Names whose type the snippet asks for or that are bound from elsewhere: nothing is followed through them.
        added: Keys that the snippet adds to dicts, or asks for by name.
        asked: Names that a `try` asks for, being prepared for their not being there.
        grown: Variables whose lists or dicts get further items: what they hold is not followed.
        adds_unknown_keys: Whether it may add keys that can't be read off its text.
        guards_functions: Whether a `try` that may catch the failures looked for here calls functions of the snippet.
    """

    def __init__(self, nodes: list[ast.AST]) -> None:
        self.nodes = nodes
        self.bound: set[str] = set()
        self.imported: dict[str, tuple[str, str | None]] = {}
        self.stores: Counter[str] = Counter()
        self.loads: Counter[str] = Counter()
        self.functions: dict[str, ast.FunctionDef | ast.AsyncFunctionDef] = {}
        self.tested: set[str] = set()
        self.dynamic: set[str] = set()
        self.added: set[str] = set()
        self.asked: set[str] = set()
        self.grown: set[str] = set()
        self.adds_unknown_keys = False
        self.guards_functions = False


def gather(tree: ast.Module, scope: Scope) -> Facts:
    """Walk over a snippet once.

    Args:
        tree: The snippet.
        scope: What its names may mean.
    """
    facts = Facts(list(_evaluated(tree)))
    walk = _Walk(facts, scope)
    for node in facts.nodes:
        visit = walk.visits.get(type(node))
        if visit is not None:
            visit(node)
    facts.bound |= facts.stores.keys()
    for name in facts.bound & facts.imported.keys():
        del facts.imported[name]
    walk.settle()
    return facts


class _Walk:
    """The visits of one walk; each takes a node of the types that `visits` names for it."""

    def __init__(self, facts: Facts, scope: Scope) -> None:
        self._facts = facts
        self._scope = scope
        self._filled: set[str | None] = set()
        self._dicts: Counter[str] = Counter()
        self._guarded: set[str] = set()
        self.visits: dict[type[ast.AST], Callable[..., None]] = {
            ast.Name: self.name,
            ast.arg: self.argument,
            ast.FunctionDef: self.definition,
            ast.AsyncFunctionDef: self.definition,
            ast.ClassDef: self.definition,
            ast.ExceptHandler: self.captured,
            ast.MatchAs: self.captured,
            ast.MatchStar: self.captured,
            ast.MatchMapping: self.rest,
            ast.Global: self.shared,
            ast.Nonlocal: self.shared,
            ast.Import: self.imports,
            ast.ImportFrom: self.imports_from,
            ast.If: self.test,
            ast.While: self.test,
            ast.IfExp: self.test,
            ast.Assert: self.test,
            ast.comprehension: self.conditions,
            ast.BoolOp: self.boolean,
            ast.UnaryOp: self.negated,
            ast.Compare: self.comparison,
            ast.Match: self.subject,
            ast.Call: self.call,
            ast.Subscript: self.stored,
            ast.AugAssign: self.augmented,
            ast.Assign: self.assigned,
            ast.AnnAssign: self.assigned,
            ast.Try: self.attempt,
            ast.With: self.suppression,
        }

    def settle(self) -> None:
        """Draw what only the whole snippet shows."""
        for name in self._filled:
            if name is None or self._dicts[name] != self._facts.stores[name]:
                self._facts.adds_unknown_keys = True
        if self._guarded & self._facts.functions.keys():
            self._facts.guards_functions = True

    # -- what is bound ------------------------------------------------------------------------------------------

    def name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self._facts.loads[node.id] += 1
        else:
            self._facts.stores[node.id] += 1

    def argument(self, node: ast.arg) -> None:
        self._facts.stores[node.arg] += 1

    def definition(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> None:
        self._facts.stores[node.name] += 1
        if not isinstance(node, ast.ClassDef):
            self._facts.functions[node.name] = node
            self.returned(node)

    def captured(self, node: ast.ExceptHandler | ast.MatchAs | ast.MatchStar) -> None:
        if node.name is not None:
            self._facts.stores[node.name] += 1

    def rest(self, node: ast.MatchMapping) -> None:
        if node.rest is not None:
            self._facts.stores[node.rest] += 1

    def shared(self, node: ast.Global | ast.Nonlocal) -> None:
        self._facts.bound.update(node.names)
        self._facts.dynamic.update(node.names)

    def imports(self, node: ast.Import) -> None:
        for alias in node.names:
            if alias.name in self._scope.namespaces:
                self._facts.imported[alias.asname or alias.name] = (alias.name, None)
            else:
                self._facts.stores[alias.asname or alias.name.partition(".")[0]] += 1

    def imports_from(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            if alias.name == "*":
                self._facts.stores.update(self._scope.namespaces.get(node.module or "", ()))
            elif node.module in self._scope.namespaces:
                self._facts.imported[alias.asname or alias.name] = (node.module or "", alias.name)
            else:
                self._facts.stores[alias.asname or alias.name] += 1

    # -- what is tested -----------------------------------------------------------------------------------------

    def test(self, node: ast.If | ast.While | ast.IfExp | ast.Assert) -> None:
        self._tested(node.test)

    def conditions(self, node: ast.comprehension) -> None:
        for condition in node.ifs:
            self._tested(condition)

    def boolean(self, node: ast.BoolOp) -> None:
        for value in node.values:
            self._tested(value)

    def negated(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            self._tested(node.operand)

    def comparison(self, node: ast.Compare) -> None:
        if any(isinstance(operator, (ast.Lt, ast.LtE, ast.Gt, ast.GtE)) for operator in node.ops):
            return
        for one in (node.left, *node.comparators):
            self._tested(one)
            for member in one.elts if isinstance(one, (ast.Tuple, ast.List, ast.Set)) else []:
                self._tested(member)
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                self._facts.added.add(one.value)  # "phone" in client
                self._facts.tested.add(one.value)
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "type":
                self._facts.dynamic.update(_names(one.args))

    def subject(self, node: ast.Match) -> None:
        self._tested(node.subject)
        self._facts.dynamic.update(_names([node.subject]))

    def returned(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        """A function that gives a field may be what another place tests."""
        for one in node.body:
            if isinstance(one, ast.Return) and one.value is not None:
                self._tested(one.value)

    def _tested(self, node: ast.expr) -> None:
        if isinstance(node, ast.NamedExpr):
            self._facts.tested.add(node.target.id)
            node = node.value
        name = field_name(node)
        if name is not None:
            self._facts.tested.add(name)

    # -- what is called and stored ------------------------------------------------------------------------------

    def call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Name):
            self._builtin(node.func.id, node.args)
        elif isinstance(node.func, ast.Attribute):
            self._method(node.func, node)

    def _builtin(self, name: str, arguments: list[ast.expr]) -> None:
        if name in _TELLING_TYPES and (name != "type" or len(arguments) != 1):
            self._facts.dynamic.update(_names(arguments[:1]))
        elif name in _TRUTH:
            for one in arguments:
                self._tested(one.elt if isinstance(one, (ast.GeneratorExp, ast.ListComp)) else one)
                if isinstance(one, ast.Lambda):
                    self._tested(one.body)
        elif name in ("hasattr", "getattr", "setattr", "delattr"):
            constants = [one.value for one in arguments[1:2] if isinstance(one, ast.Constant)]
            self._facts.added.update(one for one in constants if isinstance(one, str))
            self._facts.tested.update(one for one in constants if isinstance(one, str))
            self._facts.adds_unknown_keys |= name == "setattr" and not constants

    def _method(self, function: ast.Attribute, node: ast.Call) -> None:
        if function.attr in _GROWING and isinstance(function.value, ast.Name):
            self._facts.grown.add(function.value.id)
        if function.attr == "setdefault" and node.args:
            self._stored_key(function.value, node.args[0])
        elif function.attr == "update":
            self._facts.added.update(one.arg for one in node.keywords if one.arg is not None)
            if any(keyword.arg is None for keyword in node.keywords):
                self._filled.add(_root(function.value))
            for one in node.args:
                if isinstance(one, ast.Dict):
                    self._added_keys(function.value, one.keys)
                else:
                    self._filled.add(_root(function.value))

    def stored(self, node: ast.Subscript) -> None:
        if isinstance(node.ctx, ast.Store):
            self._stored_key(node.value, node.slice)
            if isinstance(node.value, ast.Name):
                self._facts.grown.add(node.value.id)

    def augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._facts.grown.add(node.target.id)
        if isinstance(node.op, ast.BitOr):
            self._filled.add(_root(node.target))

    def assigned(self, node: ast.Assign | ast.AnnAssign) -> None:
        if node.value is not None and is_new_dict(node.value):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            self._dicts.update(target.id for target in targets if isinstance(target, ast.Name))

    def _added_keys(self, base: ast.expr, keys: Iterable[ast.expr | None]) -> None:
        for key in keys:
            self._stored_key(base, key)

    def _stored_key(self, base: ast.expr, key: ast.expr | None) -> None:
        if isinstance(key, ast.Constant):
            if isinstance(key.value, str):
                self._facts.added.add(key.value)
        else:
            self._filled.add(_root(base))

    # -- what is caught -----------------------------------------------------------------------------------------

    def attempt(self, node: ast.Try) -> None:
        if catches_slips(node):
            self._guard(node.body)
        if any(_catches_unknown_names(handler.type) for handler in node.handlers):
            self._facts.asked.update(
                one.id for part in node.body for one in ast.walk(part) if isinstance(one, ast.Name)
            )

    def suppression(self, node: ast.With) -> None:
        if any(is_suppression(item.context_expr) for item in node.items):
            self._guard(node.body)

    def _guard(self, body: list[ast.stmt]) -> None:
        self._guarded.update(one.id for part in body for one in ast.walk(part) if isinstance(one, ast.Name))


def field_name(node: ast.expr) -> str | None:
    """Give the name that a path ends with: `phone` of `phone`, `c.phone`, `c["phone"]` and `c.get("phone")`."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(name)), *_]):
            return name
        case ast.Call(func=ast.Name(id="bool" | "len"), args=[inner]):
            return field_name(inner)
        case _:
            return None


def catches_slips(node: ast.Try) -> bool:
    """Whether a `try` may be there for what this check looks for: any handler but those of calls alone."""
    for handler in node.handlers:
        caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if not all(isinstance(one, ast.Name) and one.id in _OF_CALLS for one in caught):
            return True
    return False


def _catches_unknown_names(kind: ast.expr | None) -> bool:
    """Whether a handler names `NameError`; one of everything is there for other things."""
    return kind is not None and any(isinstance(one, ast.Name) and one.id == "NameError" for one in ast.walk(kind))


def is_suppression(node: ast.expr) -> bool:
    """Whether a context manager is `suppress(...)`."""
    return isinstance(node, ast.Call) and field_name(node.func) == "suppress"


def is_new_dict(node: ast.expr) -> bool:
    """Whether an expression makes a dict that is no record."""
    return isinstance(node, (ast.Dict, ast.DictComp)) or (
        isinstance(node, ast.Call) and field_name(node.func) in _DICTS
    )


def _root(node: ast.expr) -> str | None:
    """Give the variable that a store goes to; None where it isn't one variable's own dict."""
    return node.id if isinstance(node, ast.Name) else None


def _names(nodes: Iterable[ast.expr]) -> Iterator[str]:
    for node in nodes:
        name = field_name(node)
        if name is not None:
            yield name


def _evaluated(tree: ast.Module) -> list[ast.AST]:
    waiting: list[ast.AST] = [tree]
    for node in waiting:
        for name in node._fields:
            if name not in _ANNOTATIONS:
                value = getattr(node, name, None)
                if isinstance(value, ast.AST):
                    waiting.append(value)
                elif isinstance(value, list):
                    waiting += [one for one in cast("list[object]", value) if isinstance(one, ast.AST)]
    return waiting
