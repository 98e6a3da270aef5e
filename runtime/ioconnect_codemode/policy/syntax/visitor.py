"""What every visitor needs: where it is in the snippet, what it has refused, which names and attributes it may let pass."""

from __future__ import annotations

import ast
from collections.abc import Collection, Generator
from contextlib import contextmanager
from typing import Any, Final, Literal, TypeVar, cast

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.native import GUARDED, is_native
from ioconnect_codemode.policy.restricted import INSPECT_ATTRIBUTES, RestrictingNodeTransformer
from ioconnect_codemode.policy.scopes import Bindings
from ioconnect_codemode.policy.trees import inner_fields, is_super_call, load, placed, visit_of, visits_of
from ioconnect_codemode.policy.violations import Violation, violation_at

_Visited = TypeVar("_Visited", bound=ast.AST)
Scope = Literal["module", "function", "async", "class"]

NODE_ADVICE: Final = {
    "TryStar": ("except*", "use `except ExceptionGroup as group:` and loop over group.exceptions"),
    "TypeAlias": ("the type statement", "leave it out: annotations are not evaluated"),
    "TemplateStr": ("a t-string", "use an f-string"),
    "Interpolation": ("a t-string", "use an f-string"),
}
"""Refused nodes: what a snippet's author calls them, and what to write instead."""


class Visitor(RestrictingNodeTransformer):
    """Refuses every node that it has no visitor for, and notes every violation on the way."""

    def __init__(self, bindings: Bindings, facades: Collection[str], known: Collection[str] | None) -> None:
        super().__init__()
        self._visits = visits_of(type(self))
        self.violations: list[Violation] = []
        self.uses_await = False
        self._bindings = bindings
        self._facades = facades
        self._known = known
        self._scopes: list[Scope] = ["module"]
        self._classes: list[ast.ClassDef] = []
        self._fields: list[list[ast.expr]] = []
        self._is_in_twin = False
        self._import_may_fail = False

    def visit(self, node: ast.AST) -> Any:  # as the base class says: a node, or several
        """Visit a node and give what stands for it."""
        return (self._visits.get(node.__class__) or visit_of(self, node))(self, node)

    def node_contents_visit(self, node: _Visited) -> _Visited:
        """Visit what is in a node, and put what comes of it in its place; only `ctx` is not visited."""
        for name in inner_fields(node.__class__):
            value: object = getattr(node, name, None)
            if isinstance(value, list):
                if value:
                    self._visit_items(cast("list[object]", value))
            elif isinstance(value, ast.AST):
                visited = self.visit(value)
                if visited is not value:
                    setattr(node, name, visited)
        return node

    def _visit_items(self, items: list[object]) -> None:
        made: list[object] = []
        for item in items:
            visited = self.visit(item) if isinstance(item, ast.AST) else item
            if isinstance(visited, list):  # an import of several modules becomes several assignments
                made += cast("list[object]", visited)
            else:
                made.append(visited)
        items[:] = made

    def error(self, node: ast.AST, info: str) -> None:
        """Note what the base class refuses by itself."""
        self._refuse(node, info)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Refuse a node that no visitor knows; it stays in the tree so that the review can go on."""
        self.not_allowed(node)
        return node

    def not_allowed(self, node: ast.AST) -> None:
        """Refuse a node by the name that a snippet's author knows it under."""
        kind = type(node).__name__
        what, hint = NODE_ADVICE.get(kind, (f"{kind} syntax", None))
        place = node.handlers[0] if isinstance(node, ast.TryStar) else node
        self._refuse(place, f"{what} is not available", hint)

    def _refuse(self, node: ast.AST, message: str, hint: str | None = None) -> None:
        self.violations.append(violation_at(node, message, hint))

    def _check_plain(self, node: ast.AST, name: str | None) -> None:
        if name is None:
            return
        if names.is_special(name):
            self._refuse_special(node, name)
        elif name == "super":
            self._refuse(node, "the name `super` can't be given to something else", "choose another name")

    def _refuse_special(self, node: ast.AST, name: str) -> None:
        advice = names.ATTRIBUTE_ADVICE.get(name, "choose a name without two underscores at both ends")
        self._refuse(node, f"the name `{name}` is not available", advice)

    def _check_attribute(self, node: ast.Attribute, name: str) -> None:
        if name in INSPECT_ATTRIBUTES:
            self._refuse(node, f"the attribute `{name}` is not available")
        if not names.is_special(name):
            return
        if isinstance(node.ctx, ast.Load):
            if name in names.READABLE_SPECIAL or name == "__init__":
                return
            if name in names.METHODS and is_super_call(node.value):
                return
            if name == "__setattr__" and isinstance(node.value, ast.Name) and node.value.id == "object":
                return  # how a frozen dataclass sets its own fields; the guard gives a function that asks the write guard
        elif name in names.WRITABLE_SPECIAL:
            return
        advice = "use the operator or the builtin that stands for it" if name in names.METHODS else None
        self._refuse(node, f"the attribute `{name}` is not available", names.ATTRIBUTE_ADVICE.get(name, advice))

    @contextmanager
    def _inside(self, kind: Scope) -> Generator[None, None, None]:
        self._scopes.append(kind)
        yield
        self._scopes.pop()

    def _fresh_name(self) -> str:
        self._tmp_idx += 1
        return f"<held {self._tmp_idx}>"


def through(guard: str, node: ast.Call) -> ast.Call:
    """Have a translated call made by a guard: `f(a)` becomes `guard(f, a)`."""
    return placed(ast.Call(load(guard), [node.func, *node.args], node.keywords), node)


def guard_of_read(name: str, *, is_called: bool) -> str | None:
    """Name the guard that reads the attribute, or None where the read is native; see `native.py`."""
    if name in names.DICT_METHODS and not is_called:
        return names.READ_FIELD
    if is_native(name):
        return None
    return names.READ if names.is_special(name) or name in GUARDED else names.READ_OWN
