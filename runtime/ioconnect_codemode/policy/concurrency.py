"""Where a snippet's calls may leave together: found in its text, before anything is translated.

A call is deferred only where its result is certain to be awaited and nothing else:

- as an argument of `asyncio.gather`, `create_task`, `wait_for` and their like, also inside a list, a comprehension or a
  conditional expression there; and of a task group's `create_task`;
- in a list or comprehension whose name is used for nothing but such an argument;
- behind `await` in an async function of the snippet;
- as the whole body of a lambda that is handed to `parallel`.

Deferring gives a function's stub a `PendingCall` in place of a result and changes nothing for other functions.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from ioconnect_codemode.policy.scopes import Bindings
from ioconnect_codemode.policy.trees import walk

_COLLECTORS: Final = frozenset(
    {"gather", "create_task", "ensure_future", "wait_for", "wait", "as_completed", "shield", "run"}
)
_Lists = ast.List | ast.Tuple | ast.Set


_IS_DEFERRED: Final = "codemode_is_deferred"


def mark_deferred(tree: ast.Module, free: frozenset[str]) -> None:
    """Mark the calls whose results are only awaited.

    Args:
        tree: The snippet.
        free: Names that it reads and binds nowhere.
    """
    nodes = walk(tree)
    collectors = _Collectors(nodes, free)
    arguments = [argument for call in collectors.calls(nodes) for argument in _arguments(call)]
    deferred = {call for argument in arguments for call in _calls_in(argument)}
    names = {argument.id for argument in arguments if isinstance(argument, ast.Name)}
    for name in names:
        deferred.update(_collected(nodes, name, arguments))
    if "parallel" in free:
        deferred.update(_mapped(nodes))
    for call in deferred:
        setattr(call, _IS_DEFERRED, True)


def may_defer(bindings: Bindings) -> bool:
    """Whether a snippet has anything that awaits the results of calls: asyncio, or `parallel`."""
    return not bindings.free.isdisjoint(("asyncio", "parallel")) or "asyncio" in bindings.imported


def is_deferred(node: ast.AST) -> bool:
    """Whether the node is a call that has been marked."""
    return hasattr(node, _IS_DEFERRED)


class _Collectors:
    """What the snippet calls asyncio and its functions, and its task groups."""

    def __init__(self, nodes: Iterable[ast.AST], free: frozenset[str]) -> None:
        self._modules = {"asyncio"} & free
        self._functions: set[str] = set()
        self._groups: set[str] = set()
        for node in nodes:
            if isinstance(node, ast.Import):
                self._modules.update(alias.asname or alias.name for alias in node.names if alias.name == "asyncio")
            elif isinstance(node, ast.ImportFrom) and node.module == "asyncio":
                self._functions.update(alias.asname or alias.name for alias in node.names if alias.name in _COLLECTORS)
            elif isinstance(node, ast.withitem) and _is_task_group(node.context_expr):
                self._groups.update(name.id for name in [node.optional_vars] if isinstance(name, ast.Name))

    def calls(self, nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
        """Find the calls that await their arguments."""
        if not (self._modules or self._functions or self._groups):
            return
        for node in nodes:
            if isinstance(node, ast.Call) and self._awaits(node.func):
                yield node

    def _awaits(self, function: ast.expr) -> bool:
        if isinstance(function, ast.Name):
            return function.id in self._functions
        if not isinstance(function, ast.Attribute) or not isinstance(function.value, ast.Name):
            return False
        owner = function.value.id
        return (owner in self._modules and function.attr in _COLLECTORS) or (
            owner in self._groups and function.attr == "create_task"
        )


def _is_task_group(node: ast.expr) -> bool:
    function = node.func if isinstance(node, ast.Call) else None
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
    return name == "TaskGroup"


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    for argument in call.args:
        yield argument.value if isinstance(argument, ast.Starred) else argument
    yield from (keyword.value for keyword in call.keywords if keyword.arg in ("coro", "aw", "arg", "fs"))


def _calls_in(node: ast.expr) -> Iterator[ast.Call]:
    """Find the calls whose results are the items, or the value, of an expression."""
    if isinstance(node, ast.Call):
        yield node
    elif isinstance(node, (ast.ListComp, ast.SetComp, ast.GeneratorExp)):
        yield from _calls_in(node.elt)
    elif isinstance(node, _Lists):
        for item in node.elts:
            yield from _calls_in(item.value if isinstance(item, ast.Starred) else item)
    elif isinstance(node, ast.IfExp):
        yield from _calls_in(node.body)
        yield from _calls_in(node.orelse)


def _collected(nodes: Iterable[ast.AST], name: str, arguments: Iterable[ast.expr]) -> set[ast.Call]:
    """Find the calls in lists of that name, if every use of the name is such a list, or an argument, or an append."""
    uses: Counter[str] = Counter()
    accounted = sum(isinstance(argument, ast.Name) and argument.id == name for argument in arguments)
    calls: set[ast.Call] = set()
    for node in nodes:
        if isinstance(node, ast.Name) and node.id == name:
            uses["names"] += 1
        elif name in _names_besides(node):
            return set()
        if isinstance(node, ast.Assign) and _is_name(node.targets[0], name) and len(node.targets) == 1:
            if not isinstance(node.value, (ast.List, ast.ListComp, ast.Tuple, ast.GeneratorExp)):
                return set()
            accounted += 1
            calls.update(_calls_in(node.value))
        elif _is_append(node, name):
            accounted += 1
            calls.update(_calls_in(node.value.args[0]))  # type: ignore[attr-defined]
    return calls if uses["names"] == accounted else set()


def _is_append(node: ast.AST, name: str) -> bool:
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "append"
        and _is_name(call.func.value, name)
        and len(call.args) == 1
        and not isinstance(call.args[0], ast.Starred)
    )


def _names_besides(node: ast.AST) -> Iterable[str | None]:
    """Give the names that a node binds or declares as text."""
    if isinstance(node, ast.arg):
        return (node.arg,)
    if isinstance(node, (ast.Global, ast.Nonlocal)):
        return node.names
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs)):
        return (node.name,)
    if isinstance(node, ast.alias):
        return (node.asname, node.name)
    return ()


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _mapped(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    for node in nodes:
        if is_parallel(node) and isinstance(node, ast.Call) and isinstance(node.args[0], ast.Lambda):
            body = node.args[0].body
            if isinstance(body, ast.Call) and not any(isinstance(part, ast.Call) for part in walk(body)[1:]):
                yield body  # in any other body the lambda's twin waits for its calls (`twins.py`)


def is_parallel(node: ast.AST) -> bool:
    """Whether this is `parallel(function, ...)`."""
    return isinstance(node, ast.Call) and _is_name(node.func, "parallel") and bool(node.args)
