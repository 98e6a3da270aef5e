"""Attributes, items and calls."""

from __future__ import annotations

import ast

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.concurrency import is_deferred, is_parallel
from ioconnect_codemode.policy.syntax.visitor import Visitor, guard_of_read, through
from ioconnect_codemode.policy.trees import call, is_super_call, load, placed
from ioconnect_codemode.policy.twins import twin_of_lambda


class Reads(Visitor):
    """Reads are native where the name is safe on every object (`native.py`), else guarded; writes are always guarded."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """A read goes through the read guard, a write through the write guard."""
        return self._attribute(node, is_called=False)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """A called attribute is always the method, on records as well; `super()` is taken in this form only."""
        if isinstance(node.func, ast.Name) and node.func.id == "super":
            if node.args or node.keywords or not self._classes:
                self._refuse(node, "`super` is only available as super() in a method", "write super().method(...)")
            return node
        if is_parallel(node) and "parallel" in self._bindings.free and isinstance(node.args[0], ast.Lambda):
            node.args[0] = self._with_twin(node.args[0])
        guard = names.LATER if is_deferred(node) else None
        node = self._visited_call(node)
        return node if guard is None else through(guard, node)

    def _visited_call(self, node: ast.Call) -> ast.Call:
        if not isinstance(node.func, ast.Attribute):
            return self.node_contents_visit(node)
        func = self._attribute(node.func, is_called=True)
        node.func = placed(ast.Constant(None), node.func)
        node = self.node_contents_visit(node)
        node.func = func
        return node

    def _attribute(self, node: ast.Attribute, *, is_called: bool) -> ast.expr:
        name = names.mangled(node.attr, self._classes[-1].name if self._classes else None)
        self._check_attribute(node, name)
        node = self.node_contents_visit(node)
        if isinstance(node.ctx, ast.Load):
            guard = guard_of_read(name, is_called=is_called or is_super_call(node.value))
            if guard is None:
                node.attr = name
                return node
            return placed(ast.Call(load(guard), [node.value, ast.Constant(name)], []), node)
        node.attr = name
        node.value = placed(call(names.WRITE, node.value, ast.Constant(name)), node.value)
        return node

    def _with_twin(self, node: ast.Lambda) -> ast.expr:
        twin = None if isinstance(node.body, ast.Call) and is_deferred(node.body) else twin_of_lambda(node)
        return node if twin is None else Pair(node, twin)

    def visit_Pair(self, node: Pair) -> ast.AST:
        """A lambda and its twin: the scheduler is told of both, the snippet gets the lambda."""
        return placed(call(names.TWIN, self.visit(node.function), self.visit(node.twin)), node.function)

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Native: items belong to the data."""
        return self.node_contents_visit(node)


class Pair(ast.expr):
    """A lambda that has a twin; never left in a translated tree."""

    _fields = ()

    def __init__(self, function: ast.Lambda, twin: ast.Lambda) -> None:
        super().__init__()
        self.function = function
        self.twin = twin
