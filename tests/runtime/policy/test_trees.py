"""The walks of review: as complete as those of `ast`, but for `ctx`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from ioconnect_codemode.policy.trees import children, fill_places, inner_fields, walk

SNIPPETS = sorted((Path(__file__).parents[2] / "snippets" / "accepted").glob("**/*.py"))


def nodes(tree: ast.AST) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if not isinstance(node, ast.expr_context)]


@pytest.mark.parametrize("path", SNIPPETS, ids=lambda path: path.stem)
def test_a_walk_finds_every_node_in_the_order_of_ast(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [id(node) for node in walk(tree)] == [id(node) for node in nodes(tree)]


def test_a_field_that_is_not_known_may_hold_nodes() -> None:
    class Later(ast.expr):
        _fields = ("id", "body", "unheard_of")

    assert inner_fields(Later) == ("body", "unheard_of")
    inner = ast.Constant(1)
    node = Later()
    node.unheard_of = [inner, None, "text"]  # type: ignore[attr-defined]
    assert children(node) == [inner]


def test_a_made_node_gets_the_place_of_the_node_around_it() -> None:
    tree = ast.parse("a = [\n  b]")
    statement = tree.body[0]
    assert isinstance(statement, ast.Assign)
    assert isinstance(statement.value, ast.List)
    made = ast.Call(ast.Name("f", ast.Load()), [statement.value.elts[0]], [])
    statement.value.elts[0] = made
    fill_places(tree)
    assert (made.lineno, made.col_offset, made.func.lineno, made.args[0].lineno) == (1, 4, 1, 2)
