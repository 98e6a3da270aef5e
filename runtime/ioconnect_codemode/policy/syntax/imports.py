"""Import statements: each becomes an assignment from a guard, so that no import machinery runs for a snippet."""

from __future__ import annotations

import ast

from ioconnect_codemode.policy import modules, names
from ioconnect_codemode.policy.syntax.visitor import Visitor
from ioconnect_codemode.policy.trees import call, placed


class ImportStatements(Visitor):
    """Facades and namespaces by name; everything else is refused with what to use instead.

    In a `try` that catches an `ImportError` the guard raises it when the import runs, as Python would.
    """

    def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.AST]:
        """`import a.b` binds a, `import a.b as c` the inner module."""
        assignments: list[ast.AST] = []
        for alias in node.names:
            self._check_module(node, alias, alias.name)
            target = alias.asname or alias.name.partition(".")[0]
            module = alias.name if alias.asname else target
            assignments.append(self._assigned(alias, target, names.IMPORT, [module]))
        return assignments

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.AST]:
        """One assignment for each name; imports from `__future__` say nothing here."""
        if node.level:
            self._refuse(node, "relative imports are not available", "import a namespace by its name")
            return node
        module = node.module or ""
        if module == "__future__":
            return placed(ast.Pass(), node)
        self._check_module(node, node, module)
        assignments: list[ast.AST] = []
        for alias in node.names:
            if alias.name == "*":
                self._refuse(node, "`import *` is not available", f"write `import {module}` or name what you need")
            assignments.append(
                self._assigned(alias, alias.asname or alias.name, names.IMPORT_FROM, [module, alias.name])
            )
        return assignments

    def _check_module(self, node: ast.Import | ast.ImportFrom, place: ast.AST, module: str) -> None:
        if getattr(node, "is_lazy", 0):
            self._refuse(node, "lazy imports are not available", "write a plain import")
        advice = modules.advice(module, self._facades, self._known)
        if advice is not None and not self._import_may_fail:
            self._refuse(place, f"`{module}` is not available", advice)

    def _assigned(self, alias: ast.alias, target: str, guard: str, arguments: list[str]) -> ast.AST:
        for name in (target, *arguments):
            self._check_plain(alias, name)
        value = call(guard, *(ast.Constant(argument) for argument in arguments))
        return placed(ast.Assign([ast.Name(target, ast.Store())], value), alias)
