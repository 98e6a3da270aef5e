"""Which names a snippet binds and which it only reads, by Python's scoping rules.

Annotations are left out everywhere: they are never evaluated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from ioconnect_codemode.policy.trees import TreeVisitor

_Comprehension = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
_Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Bindings(NamedTuple):
    """The names of a snippet.

    Attributes:
        bound: Bound at module level: assigned, imported, defined.
        free: Read somewhere and bound nowhere in reach of the reader.
        imported: First parts of the modules that import statements name.
        modules: The modules that import statements name, in full.
    """

    bound: frozenset[str]
    free: frozenset[str]
    imported: frozenset[str]
    modules: frozenset[str]


def find_bindings(tree: ast.Module) -> Bindings:
    """Find the names that the snippet binds at module level and those that must come from outside."""
    walker = _Walker()
    walker.visit_all(tree.body)
    module = walker.scopes[0]
    module.declared_global.clear()
    for scope in walker.scopes[1:]:
        module.bound |= scope.declared_global & scope.bound
    free = {name for scope in walker.scopes for name in scope.read if not scope.resolves(name)}
    return Bindings(
        bound=frozenset(module.bound),
        free=frozenset(free),
        imported=frozenset(name.partition(".")[0] for name in walker.modules),
        modules=frozenset(walker.modules),
    )


def free_names(tree: ast.Module) -> frozenset[str]:
    """Give the names that the snippet reads but never binds, and the modules that it imports."""
    bindings = find_bindings(tree)
    return bindings.free | bindings.imported


class _Scope:
    def __init__(self, parent: _Scope | None = None, *, is_class: bool = False, is_comprehension: bool = False) -> None:
        self.parent = parent
        self.is_class = is_class
        self.is_comprehension = is_comprehension
        self.bound: set[str] = set()
        self.read: set[str] = set()
        self.declared_global: set[str] = set()

    def resolves(self, name: str) -> bool:
        if name in self.declared_global:
            return name in self._module().bound
        return name in self.bound or any(
            name in outer.bound and name not in outer.declared_global for outer in self._enclosing()
        )

    def _module(self) -> _Scope:
        return self if self.parent is None else self.parent._module()

    def _enclosing(self) -> Iterator[_Scope]:
        scope = self.parent
        while scope is not None:
            if not scope.is_class:
                yield scope
            scope = scope.parent


class _Walker(TreeVisitor):
    def __init__(self) -> None:
        super().__init__()
        self._scope = _Scope()
        self.scopes = [self._scope]
        self.modules: set[str] = set()

    def visit_all(self, nodes: Iterable[ast.AST | None]) -> None:
        for node in nodes:
            if node is not None:
                self.visit(node)

    def visit_Name(self, node: ast.Name) -> None:
        (self._scope.read if isinstance(node.ctx, ast.Load) else self._scope.bound).add(node.id)

    def visit_NamedExpr(self, node: ast.NamedExpr) -> None:
        scope = self._scope
        while scope.is_comprehension and scope.parent is not None:
            scope = scope.parent
        scope.bound.add(node.target.id)
        self.visit(node.value)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self.visit_all([node.target, node.value])

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):
            self._scope.read.add(node.target.id)
        self.visit_all([node.target, node.value])

    def visit_Global(self, node: ast.Global) -> None:
        self._scope.declared_global.update(node.names)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.modules.add(alias.name)
            self._scope.bound.add(alias.asname or alias.name.partition(".")[0])

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.module is not None:
            self.modules.add(node.module)
        self._scope.bound.update(alias.asname or alias.name for alias in node.names)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        self._bind_and_go_on(node.name, node)

    def visit_MatchAs(self, node: ast.MatchAs) -> None:
        self._bind_and_go_on(node.name, node)

    def visit_MatchStar(self, node: ast.MatchStar) -> None:
        self._bind_and_go_on(node.name, node)

    def visit_MatchMapping(self, node: ast.MatchMapping) -> None:
        self._bind_and_go_on(node.rest, node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._scope.bound.add(node.name)
        self.visit_all(node.decorator_list)
        self._function(node, node.body)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self._scope.bound.add(node.name)
        self.visit_all(node.decorator_list)
        self._function(node, node.body)

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node, [node.body])

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._scope.bound.add(node.name)
        self.visit_all([*node.decorator_list, *node.bases, *(keyword.value for keyword in node.keywords)])
        self._inside(_Scope(self._scope, is_class=True), node.body)

    def visit_ListComp(self, node: ast.ListComp) -> None:
        self._comprehension(node, [node.elt])

    def visit_SetComp(self, node: ast.SetComp) -> None:
        self._comprehension(node, [node.elt])

    def visit_GeneratorExp(self, node: ast.GeneratorExp) -> None:
        self._comprehension(node, [node.elt])

    def visit_DictComp(self, node: ast.DictComp) -> None:
        self._comprehension(node, [node.key, node.value])

    def _bind_and_go_on(self, name: str | None, node: ast.AST) -> None:
        if name is not None:
            self._scope.bound.add(name)
        self.generic_visit(node)

    def _function(self, node: _Function, body: Iterable[ast.AST]) -> None:
        arguments = node.args
        self.visit_all([*arguments.defaults, *arguments.kw_defaults])
        scope = _Scope(self._scope)
        named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        scope.bound.update(argument.arg for argument in named if argument is not None)
        self._inside(scope, body)

    def _comprehension(self, node: _Comprehension, results: Iterable[ast.AST]) -> None:
        first, *others = node.generators
        self.visit(first.iter)
        inner: list[ast.AST] = [first.target, *first.ifs]
        for generator in others:
            inner += [generator.iter, generator.target, *generator.ifs]
        self._inside(_Scope(self._scope, is_comprehension=True), [*inner, *results])

    def _inside(self, scope: _Scope, nodes: Iterable[ast.AST]) -> None:
        self.scopes.append(scope)
        outer, self._scope = self._scope, scope
        self.visit_all(nodes)
        self._scope = outer
