"""Small pieces of syntax tree: made, placed, looked into."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TypeVar, cast

from RestrictedPython.transformer import copy_locations

_Node = TypeVar("_Node", bound=ast.AST)


def load(name: str) -> ast.Name:
    """Make the reading of a name."""
    return ast.Name(name, ast.Load())


def call(guard: str, *arguments: ast.expr) -> ast.Call:
    """Make the call of a guard."""
    return ast.Call(load(guard), list(arguments), [])


def placed(node: _Node, at: ast.AST) -> _Node:
    """Give a made node, and what is in it, the place of the node that it stands for."""
    copy_locations(cast(ast.expr, node), cast(ast.expr, at))
    return node


def is_super_call(node: ast.expr) -> bool:
    """Whether this is `super(...)`."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "super"


def special_form(annotation: ast.expr) -> str:
    """Name the form in an annotation that changes what a dataclass does with the name; empty for all others."""
    words = {part.id for part in ast.walk(annotation) if isinstance(part, ast.Name)}
    words |= {part.attr for part in ast.walk(annotation) if isinstance(part, ast.Attribute)}
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
