"""Functions, classes, and what waits in them."""

from __future__ import annotations

import ast
from typing import cast

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.concurrency import is_deferred
from ioconnect_codemode.policy.syntax.reads import Reads
from ioconnect_codemode.policy.syntax.visitor import Scope, through
from ioconnect_codemode.policy.trees import call, fill_places, is_super_call, load, placed
from ioconnect_codemode.policy.twins import is_twins, twin_of_function

_Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef

_INSTEAD_OF_METACLASS = "derive from abc.ABC, or use a class decorator"
ASYNC_HINT = "put it into `async def main():` and end with `await main()`"


class Definitions(Reads):
    """Annotations are dropped, special methods are those of a list, a class is made by a guard."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST | list[ast.AST]:
        """Annotations are dropped, special methods are those of the list."""
        twin = None
        if "parallel" in self._bindings.free and self._scopes[-1] != "class" and not self._is_in_twin:
            twin = twin_of_function(node)
        function = self._function(node, "function")
        if twin is None:
            return function
        self._is_in_twin = True
        made = self._function(twin, "async")
        self._is_in_twin = False
        note = placed(ast.Expr(call(names.TWIN, load(node.name), load(twin.name))), node)
        return [function, made, note]

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """As `visit_FunctionDef`; awaits inside stay awaits."""
        return self._function(node, "async")

    def visit_Lambda(self, node: ast.Lambda) -> ast.AST:
        """A function of one expression."""
        node.args = self.visit(node.args)
        with self._inside("function"):
            node.body = self.visit(node.body)
        return node

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """The class is made by a guard, which also learns the annotated names."""
        self._check_plain(_heading(node), node.name)
        self._refuse_type_parameters(node)
        for keyword in node.keywords:
            if _is_abstract_metaclass(keyword):
                node.bases.append(keyword.value)  # says what the base `ABC` says, and is that base
            elif keyword.arg != "total" or not isinstance(keyword.value, ast.Constant):
                what = f"{keyword.arg}=" if keyword.arg else "**"
                advice = _INSTEAD_OF_METACLASS if keyword.arg == "metaclass" else "use a plain class"
                self._refuse(keyword, f"`{what}` in a class statement is not available", advice)
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id == "type" and "type" in self._bindings.free:
                self._refuse(base, "a class can't derive from `type` here", _INSTEAD_OF_METACLASS)
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        node.bases = [self.visit(base) for base in node.bases]
        self._classes.append(node)
        self._fields.append([])
        with self._inside("class"):
            node.body = self._statements(node.body)
        self._classes.pop()
        fields = ast.Tuple(self._fields.pop(), ast.Load())
        node.keywords = [ast.keyword("metaclass", load(names.CREATE_CLASS)), ast.keyword("fields", fields)]
        fill_places(node)
        return node

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, kind: Scope) -> ast.AST:
        if not (self._scopes[-1] == "class" and node.name in names.METHODS):
            self._check_plain(_heading(node), node.name)
        self._refuse_type_parameters(node)
        node.returns = None
        node.decorator_list = [self.visit(decorator) for decorator in node.decorator_list]
        node.args = self.visit(node.args)
        with self._inside(kind):
            node.body = self._statements(node.body)
        return node

    def _statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        return self.node_contents_visit(ast.Module(body, [])).body

    def _refuse_type_parameters(self, node: _Definition) -> None:
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        if parameters:
            self._refuse(
                parameters[0], "type parameters are not available", "leave them out: annotations are not evaluated"
            )

    def visit_Await(self, node: ast.Await) -> ast.AST:
        """In an async function any value can be awaited; elsewhere the value is driven to completion on the spot."""
        self.uses_await = True
        if is_twins(node) and isinstance(node.value, ast.Call):
            node.value = through(names.CALLED, self._visited_call(node.value))
            return node
        is_call = isinstance(node.value, ast.Call) and not is_super_call(node.value) and not is_deferred(node.value)
        node = self.node_contents_visit(node)
        if self._scopes[-1] == "async":
            value = through(names.LATER, cast(ast.Call, node.value)) if is_call else node.value
            node.value = placed(call(names.AWAITABLE, value), node.value)
            return node
        return placed(call(names.WAIT, node.value), node)

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        """Native inside an async function."""
        if self._scopes[-1] != "async":
            self._refuse(node.target, "`async for` outside an async function is not available", ASYNC_HINT)
        return self.node_contents_visit(node)

    def visit_With(self, node: ast.With | ast.AsyncWith) -> ast.AST:
        """Managers of the snippet's own are entered and left by host code, which hands them no traceback or limit."""
        node = self.node_contents_visit(node)
        for item in node.items:
            item.context_expr = placed(call(names.MANAGE, item.context_expr), item.context_expr)
        return node

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        """As `visit_With`, inside an async function."""
        if self._scopes[-1] != "async":
            place = node.items[0].context_expr
            self._refuse(place, "`async with` outside an async function is not available", ASYNC_HINT)
        return self.visit_With(node)


def _heading(node: _Definition) -> ast.expr:
    """Give the place of a definition's first words, up to its name."""
    words = {ast.FunctionDef: "def ", ast.AsyncFunctionDef: "async def ", ast.ClassDef: "class "}[type(node)]
    end = node.col_offset + len(words) + len(node.name)
    return ast.Constant(
        None, lineno=node.lineno, col_offset=node.col_offset, end_lineno=node.lineno, end_col_offset=end
    )


def _is_abstract_metaclass(keyword: ast.keyword) -> bool:
    named = keyword.value
    name = named.id if isinstance(named, ast.Name) else named.attr if isinstance(named, ast.Attribute) else ""
    return keyword.arg == "metaclass" and name == "ABCMeta"
