"""Small pieces of syntax tree: made, placed, looked into, walked.

Review sees every node several times, and does so in a process that has just been forked: the walks here do what those
of `ast` do in a third of the time, because they know which fields of a node never hold another one.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Final, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)
Place = tuple[int, int, int | None, int | None]
FIRST_PLACE: Final[Place] = (1, 0, 1, 0)

_TEXT: Final = frozenset({"asname", "attr", "id", "kind", "level", "module", "rest", "type_comment"})
"""Fields that hold text or numbers in every node that has them."""

_TEXT_OF: Final[dict[type[ast.AST], frozenset[str]]] = {
    ast.Constant: frozenset({"value"}),
    ast.AnnAssign: frozenset({"simple"}),
    ast.FormattedValue: frozenset({"conversion"}),
    ast.ImportFrom: frozenset({"is_lazy"}),
    ast.Import: frozenset({"is_lazy"}),
    ast.MatchClass: frozenset({"kwd_attrs"}),
    ast.arg: frozenset({"arg"}),
    ast.comprehension: frozenset({"is_async"}),
    ast.keyword: frozenset({"arg"}),
    **dict.fromkeys((ast.Global, ast.Nonlocal), frozenset({"names"})),
    **dict.fromkeys(
        (ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.FunctionDef, ast.MatchAs, ast.MatchStar, ast.alias),
        frozenset({"name"}),
    ),
}
"""Such fields of single nodes."""


_inner_fields: dict[type[ast.AST], tuple[str, ...]] = {}
Visits = dict[type[ast.AST], Callable[[ast.NodeVisitor, ast.AST], object]]
"""The methods of a class of visitors by class of nodes, as they are found."""

_visits: dict[type[ast.NodeVisitor], Visits] = {}


def inner_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """Name the fields of a node that may hold other nodes. `ctx` is left out: the fields around it say as much.

    A field that is not known here counts as one that may.
    """
    found = _inner_fields.get(kind)
    if found is None:
        left_out = _TEXT | _TEXT_OF.get(kind, frozenset()) | {"ctx"}
        found = _inner_fields[kind] = tuple(name for name in kind._fields if name not in left_out)
    return found


def children(node: ast.AST) -> list[ast.AST]:
    """Give the nodes that are directly in a node, without `ctx`."""
    found: list[ast.AST] = []
    for name in _inner_fields.get(node.__class__) or inner_fields(node.__class__):
        value = getattr(node, name, None)
        if value.__class__ is list:
            if value:
                # Lists of a tree are of one kind, but for a None in the keys of `{**a}` and in defaults.
                found += value if isinstance(value[0], ast.AST) and None not in value else _nodes(value)
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def _nodes(values: list[object]) -> list[ast.AST]:
    return [one for one in values if isinstance(one, ast.AST)]


def walk(tree: ast.AST) -> list[ast.AST]:
    """Give the nodes of a tree, those nearer to the root first, without `ctx`."""
    nodes = [tree]
    for node in nodes:
        nodes += children(node)
    return nodes


def fill_places(tree: ast.AST) -> None:
    """Give every node that was made without a place that of the node around it."""
    waiting: list[tuple[ast.AST, Place]] = [(tree, FIRST_PLACE)]
    for node, around in waiting:
        place = _place_of(node)
        if place is None:
            place = around
            put_place(node, place)
        waiting += [(one, place) for one in children(node)]


class TreeVisitor(ast.NodeVisitor):
    """A visitor that finds its methods once for each class of nodes."""

    def __init__(self) -> None:
        self._visits = visits_of(type(self))

    def visit(self, node: ast.AST) -> object:
        """Call the method for a node."""
        return (self._visits.get(node.__class__) or visit_of(self, node))(self, node)

    def generic_visit(self, node: ast.AST) -> None:
        """Visit what is in a node."""
        for one in children(node):
            self.visit(one)


def visits_of(owner: type[ast.NodeVisitor]) -> Visits:
    """Give what `visit_of` has found for a class of visitors, and will find."""
    return _visits.setdefault(owner, {})


def visit_of(visitor: ast.NodeVisitor, node: ast.AST) -> Callable[[ast.NodeVisitor, ast.AST], object]:
    """Find the method with which a visitor treats a node: by the name of its class, else `generic_visit`."""
    owner, kind = type(visitor), node.__class__
    found = visits_of(owner)[kind] = getattr(owner, f"visit_{kind.__name__}", owner.generic_visit)
    return found


def load(name: str) -> ast.Name:
    """Make the reading of a name."""
    return ast.Name(name, ast.Load())


def call(guard: str, *arguments: ast.expr) -> ast.Call:
    """Make the call of a guard."""
    return ast.Call(load(guard), list(arguments), [])


def function_without_parameters(name: str, body: list[ast.stmt]) -> ast.FunctionDef:
    """Make the definition of a function."""
    nothing = ast.arguments(
        posonlyargs=[], args=[], vararg=None, kwonlyargs=[], kw_defaults=[], kwarg=None, defaults=[]
    )
    made = ast.FunctionDef(name=name, args=nothing, body=body, decorator_list=[], returns=None)
    if "type_params" in ast.FunctionDef._fields:  # since 3.12
        made.type_params = []  # type: ignore[attr-defined, unused-ignore]
    return made


def placed(node: _Node, at: ast.AST) -> _Node:
    """Give a made node, and what is in it, the place of the node that it stands for."""
    place = _place_of(at) or FIRST_PLACE
    put_place(node, place)
    waiting = children(node)
    for one in waiting:
        if _place_of(one) is None:
            put_place(one, place)
            waiting += children(one)
    return node


def _place_of(node: ast.AST) -> Place | None:
    """Give line, column, last line and column behind the last character; None where a node has not got them."""
    try:
        return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset  # type: ignore[attr-defined]
    except AttributeError:
        return None


def put_place(node: ast.AST, place: Place) -> None:
    """Give one node a place, if nodes of its kind have one."""
    if "lineno" in node._attributes:
        node.lineno, node.col_offset, node.end_lineno, node.end_col_offset = place  # type: ignore[attr-defined]


def is_super_call(node: ast.expr) -> bool:
    """Whether this is `super(...)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def special_form(annotation: ast.expr) -> str:
    """Name the form in an annotation that changes what a dataclass does with the name; empty for all others."""
    parts = walk(annotation)
    words = {part.id for part in parts if isinstance(part, ast.Name)}
    words |= {part.attr for part in parts if isinstance(part, ast.Attribute)}
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        words |= set(annotation.value.replace("[", ".").split("."))
    return next((word for word in ("ClassVar", "InitVar", "KW_ONLY") if word in words), "")


def leaving(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Find the statements of a finally block that leave it and so would swallow what is being raised."""
    for statement in body:
        yield from _leaving_from(statement, in_loop=False)


def _leaving_from(node: ast.AST, *, in_loop: bool) -> Iterator[ast.stmt]:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
        return
    if isinstance(node, ast.Return) or (isinstance(node, (ast.Break, ast.Continue)) and not in_loop):
        yield node
    in_body = {id(child) for child in node.body} if isinstance(node, (ast.For, ast.AsyncFor, ast.While)) else set[int]()
    for child in ast.iter_child_nodes(node):
        yield from _leaving_from(child, in_loop=in_loop or id(child) in in_body)
