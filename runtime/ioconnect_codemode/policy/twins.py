"""Twins: what a function of the snippet becomes so that `parallel` can run it side by side.

A plain function can't be suspended at a call. Its twin is the same function with `async` in front and `await` before each
of its own calls; a lambda's twin is a generator that yields where it calls. Twins are only made in a snippet that uses
`parallel`, never for generators, methods or decorated functions, which run in turn.
"""

from __future__ import annotations

import ast
import copy
from typing import Final, TypeVar

from ioconnect_codemode.policy.concurrency import is_deferred
from ioconnect_codemode.policy.trees import is_super_call, placed

_IS_TWINS: Final = "codemode_is_twins"
_Closed = TypeVar("_Closed", ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.GeneratorExp)


def twin_of_function(node: ast.FunctionDef) -> ast.AsyncFunctionDef | None:
    """Give the twin of a function, not yet translated; None where it has none."""
    if node.decorator_list or _yields(node) or getattr(node, "type_params", None):
        return None
    awaiting = _Awaiting(ast.Await)
    body = [awaiting.visit(copy.deepcopy(statement)) for statement in node.body]
    if not awaiting.count:
        return None
    twin = ast.AsyncFunctionDef(
        name=f"<twin {node.name}>", args=_without_defaults(node.args), body=body, decorator_list=[]
    )
    return placed(twin, node)


def twin_of_lambda(node: ast.Lambda) -> ast.Lambda | None:
    """Give the twin of a lambda, not yet translated; None where it calls nothing that can be waited for."""
    awaiting = _Awaiting(ast.YieldFrom, goes_into_comprehensions=False)
    body = awaiting.visit(copy.deepcopy(node.body))
    return placed(ast.Lambda(_without_defaults(node.args), body), node) if awaiting.count else None


def is_twins(node: ast.AST) -> bool:
    """Whether a twin's own `await` or `yield from` this is, in front of a call."""
    return hasattr(node, _IS_TWINS)


class _Awaiting(ast.NodeTransformer):
    """Puts a node that waits around every call of the function's own; what is nested in it runs later, or in turn."""

    def __init__(self, kind: type[ast.Await] | type[ast.YieldFrom], *, goes_into_comprehensions: bool = True) -> None:
        self._kind = kind
        self._goes_into_comprehensions = goes_into_comprehensions
        self.count = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Wait for a call, after its arguments."""
        if is_super_call(node):
            return node
        self.generic_visit(node)
        if is_deferred(node):
            return node
        self.count += 1
        waiting = placed(self._kind(node), node)
        setattr(waiting, _IS_TWINS, True)
        return waiting

    def visit_Await(self, node: ast.Await) -> ast.AST:
        """A call that is awaited already is waited for there."""
        if isinstance(node.value, ast.Call):
            self.count += 1
            self.generic_visit(node.value)
            return node
        self.generic_visit(node)
        return node

    def visit_ListComp(self, node: ast.ListComp) -> ast.AST:
        """Calls in a comprehension are waited for where the language lets them be."""
        return self.generic_visit(node) if self._goes_into_comprehensions else node

    def visit_SetComp(self, node: ast.SetComp) -> ast.AST:
        """As in lists."""
        return self.generic_visit(node) if self._goes_into_comprehensions else node

    def visit_DictComp(self, node: ast.DictComp) -> ast.AST:
        """As in lists."""
        return self.generic_visit(node) if self._goes_into_comprehensions else node

    def _closed(self, node: _Closed) -> _Closed:
        return node

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = visit_Lambda = visit_GeneratorExp = _closed


def _yields(node: ast.FunctionDef) -> bool:
    waiting: list[ast.AST] = list(node.body)
    while waiting:
        one = waiting.pop()
        if isinstance(one, (ast.Yield, ast.YieldFrom)):
            return True
        if not isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            waiting += ast.iter_child_nodes(one)
    return False


def _without_defaults(arguments: ast.arguments) -> ast.arguments:
    """Defaults are evaluated once, with the function; the scheduler hands them to the twin."""
    made = copy.deepcopy(arguments)
    made.defaults = [placed(ast.Constant(None), default) for default in made.defaults]
    made.kw_defaults = [None if one is None else placed(ast.Constant(None), one) for one in made.kw_defaults]
    return made
