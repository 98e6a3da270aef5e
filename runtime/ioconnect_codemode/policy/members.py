"""What a snippet asks of a facade that the facade lacks: found by review, since the tables of facades are fixed.

Only what is certain is refused. A name stands for a facade where every binding of it in the whole snippet is an import
at the top level; one that is assigned, deleted, or a parameter anywhere is left to the run. So is what stands in a `try`
that would catch the error, in a `with` (its manager may swallow it) or under `TYPE_CHECKING`, and every attribute in a
snippet that asks `hasattr`. Annotations are never evaluated.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from ioconnect_codemode.policy import modules, names
from ioconnect_codemode.policy.facades import FACADES
from ioconnect_codemode.policy.namespaces import Namespace, members_of
from ioconnect_codemode.policy.trees import TreeVisitor, walk
from ioconnect_codemode.policy.violations import Violation, violation_at

_RAISED: Final = (ImportError, AttributeError)


def missing_members(tree: ast.Module, facades: Collection[str], known: Collection[str] | None) -> list[Violation]:
    """Give a violation for each import from a facade, and each read of an imported one, that can't succeed."""
    review = _Review(facades, known or ())
    review.know(tree)
    review.visit(tree)
    return review.violations


class _Review(TreeVisitor):
    def __init__(self, facades: Collection[str], known: Collection[str]) -> None:
        super().__init__()
        self.violations: list[Violation] = []
        self._facades = facades
        self._known = known
        self._made: dict[str, Namespace] = {}
        self._bound: dict[str, Namespace] = {}
        self._asks_first = False

    def facade(self, module: str) -> Namespace | None:
        """Give what an import of the module gives, if that is a facade for certain."""
        if module in self._known or module not in FACADES or module.partition(".")[0] not in self._facades:
            return None
        if module not in self._made:
            self._made[module] = FACADES[module]()
        return self._made[module]

    def know(self, tree: ast.Module) -> None:
        """Find the names that stand for facades."""
        unsure: set[str] = set()
        for node in tree.body:
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                for name, namespace in self._given(node):
                    if namespace is None or self._bound.setdefault(name, namespace) is not namespace:
                        unsure.add(name)
        top = {id(node) for node in tree.body}
        for part in walk(tree):
            bound = _names_bound_by(part)
            if bound and not (isinstance(part, (ast.Import, ast.ImportFrom)) and id(part) in top):
                unsure.update(bound)
            self._asks_first |= isinstance(part, ast.Name) and part.id == "hasattr"
        self._bound = {name: found for name, found in self._bound.items() if name not in unsure}

    def visit_arg(self, node: ast.arg) -> None:
        pass

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        self._visit_all([node.target, node.value])

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all([*node.decorator_list, node.args, *node.body])

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        namespace = None if node.level else self.facade(node.module or "")
        for alias in node.names:
            if namespace is not None and alias.name != "*":
                self._check(alias, namespace, node.module or "", alias.name)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        namespace = self._namespace(node.value)
        if namespace is not None and isinstance(node.ctx, ast.Load) and not self._asks_first:
            self._check(node, namespace, ast.unparse(node.value), node.attr)
        self.visit(node.value)

    def visit_Try(self, node: ast.Try) -> None:
        if not any(catches(handler.type) for handler in node.handlers):
            self._visit_all(node.body)
        self._visit_all([*node.handlers, *node.orelse, *node.finalbody])

    def visit_With(self, node: ast.With | ast.AsyncWith) -> None:
        self._visit_all(node.items)

    visit_AsyncWith = visit_With

    def visit_If(self, node: ast.If) -> None:
        if not any(is_type_checking(part) for part in walk(node.test)):
            self.generic_visit(node)

    def _visit_all(self, nodes: Iterable[object]) -> None:
        for node in nodes:
            if isinstance(node, ast.AST):
                self.visit(node)

    def _given(self, node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, Namespace | None]]:
        for alias in node.names:
            if isinstance(node, ast.Import):
                root = alias.name.partition(".")[0]
                yield alias.asname or root, self.facade(alias.name if alias.asname else root)
            else:
                owner = None if node.level else self.facade(node.module or "")
                yield alias.asname or alias.name, None if owner is None else _inner(owner, alias.name)

    def _namespace(self, node: ast.expr) -> Namespace | None:
        if isinstance(node, ast.Name):
            return self._bound.get(node.id)
        owner = self._namespace(node.value) if isinstance(node, ast.Attribute) else None
        return None if owner is None or not isinstance(node, ast.Attribute) else _inner(owner, node.attr)

    def _check(self, place: ast.AST, namespace: Namespace, shown: str, name: str) -> None:
        if not names.is_special(name) and name not in members_of(namespace):
            hint = modules.member_advice(namespace, name)
            self.violations.append(violation_at(place, f"`{shown}.{name}` is not available", hint))


def _inner(owner: Namespace, name: str) -> Namespace | None:
    found = members_of(owner).get(name)
    return found if isinstance(found, Namespace) else None


_NAME_FIELDS: Final[dict[type[ast.AST], str]] = {
    ast.arg: "arg",
    ast.MatchMapping: "rest",
    **dict.fromkeys((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef), "name"),
    **dict.fromkeys((ast.ExceptHandler, ast.MatchAs, ast.MatchStar), "name"),
}
"""The field of a node, other than a name itself and an import, that holds what it binds."""


def _names_bound_by(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Name):
        return [] if node.ctx.__class__ is ast.Load else [node.id]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [alias.asname or alias.name.partition(".")[0] for alias in node.names]
    field = _NAME_FIELDS.get(node.__class__)
    name = None if field is None else getattr(node, field)
    return [] if name is None else [name]


def is_type_checking(node: ast.AST) -> bool:
    """Whether a condition is `TYPE_CHECKING`, which is false whenever a snippet runs."""
    name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
    return name == "TYPE_CHECKING"


def catches(kind: ast.expr | None, errors: tuple[type[Exception], ...] = _RAISED) -> bool:
    """Whether a handler may catch what a missing name raises; one whose class isn't plain to see may."""
    if isinstance(kind, ast.Tuple):
        return any(catches(one, errors) for one in kind.elts)
    found: object = getattr(builtins, kind.id, None) if isinstance(kind, ast.Name) else None
    return not isinstance(found, type) or any(issubclass(error, found) for error in errors)
