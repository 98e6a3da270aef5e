"""The match statement: the interpreter compares and captures, guards read what it must not read."""

from __future__ import annotations

import ast
from collections.abc import Callable

from ioconnect_codemode.policy import names
from ioconnect_codemode.policy.syntax.visitor import Visitor, guard_of_read
from ioconnect_codemode.policy.trees import call, load, placed, walk


class Patterns(Visitor):
    """Literals, captures, sequences, mappings and classes; attributes of class patterns as in `native.py`."""

    def visit_Match(self, node: ast.Match) -> ast.AST | list[ast.AST]:
        """Dotted names whose reading needs the guard are read first and held; the patterns then compare with that."""
        holder = self._fresh_name()
        values: list[ast.expr] = []

        def held(dotted: ast.expr) -> ast.expr:
            if not isinstance(dotted, ast.Attribute) or _is_native_path(dotted):
                return dotted
            values.append(self.visit(dotted))
            return placed(ast.Attribute(load(holder), f"value_{len(values) - 1}", ast.Load()), dotted)

        for case in node.cases:
            for part in walk(case.pattern):
                if isinstance(part, ast.MatchValue):
                    part.value = held(part.value)
                elif isinstance(part, ast.MatchClass):
                    part.cls = held(part.cls)
                elif isinstance(part, ast.MatchMapping):
                    part.keys = [held(key) for key in part.keys]
        node = self.node_contents_visit(node)
        if not values:
            return node
        held_values = ast.Call(ast.Attribute(load(names.HOLD), "values", ast.Load()), values, [])
        return [placed(ast.Assign([ast.Name(holder, ast.Store())], held_values), node), node]

    def visit_match_case(self, node: ast.match_case) -> ast.AST:
        """Attributes whose reading needs the guard are read in the `if` of the case."""
        self._name_objects(node)
        tests = [test for part in walk(node.pattern) for test in self._attribute_tests(part)]
        node = self.node_contents_visit(node)
        if tests:
            node.guard = ast.BoolOp(ast.And(), [*tests, node.guard] if node.guard else [*tests, ast.Constant(True)])
            placed(node.guard, node.pattern)
        return node

    def _name_objects(self, case: ast.match_case) -> None:
        """Give a name to what a class pattern matches whose attributes the guard must read; not among alternatives."""
        name_objects = _ObjectNames(self._fresh_name)
        case.pattern = name_objects.visit(case.pattern)

    def _attribute_tests(self, node: ast.AST) -> list[ast.expr]:
        """Take the attribute patterns out of a class pattern that the interpreter must not read, and give their tests.

        The whole object is held by a name of its own: `case Page(items=x)` becomes
        `case Page() as <held> if <field>(<held>, "items", ...)`.
        """
        if not isinstance(node, ast.MatchAs) or not isinstance(node.pattern, ast.MatchClass) or node.name is None:
            return []
        tests: list[ast.expr] = []
        inner = node.pattern
        for name, pattern in list(zip(inner.kwd_attrs, inner.kwd_patterns, strict=True)):
            if _is_native_pattern(name) or not _is_simple(pattern):
                continue
            self._check_attribute(ast.copy_location(ast.Attribute(load(node.name), name, ast.Load()), pattern), name)
            inner.kwd_attrs.remove(name)
            inner.kwd_patterns.remove(pattern)
            found = self._fresh_name()
            read = call(names.MATCH_FIELD, load(node.name), ast.Constant(name))
            tests.append(
                ast.Compare(ast.NamedExpr(ast.Name(found, ast.Store()), read), [ast.IsNot()], [load(names.NOTHING)])
            )
            tests += self._simple_test(pattern, found)
        return [placed(test, node) for test in tests]

    def _simple_test(self, pattern: ast.pattern, found: str) -> list[ast.expr]:
        if isinstance(pattern, ast.MatchSingleton):
            return [ast.Compare(load(found), [ast.Is()], [ast.Constant(pattern.value)])]
        if isinstance(pattern, ast.MatchValue):
            return [ast.Compare(load(found), [ast.Eq()], [pattern.value])]
        name = pattern.name if isinstance(pattern, ast.MatchAs) else None
        if name is None:
            return []
        self._check_plain(pattern, name)
        bound = ast.NamedExpr(ast.Name(name, ast.Store()), load(found))
        return [ast.BoolOp(ast.Or(), [ast.Compare(bound, [ast.Is()], [load(found)]), ast.Constant(True)])]

    def visit_MatchOr(self, node: ast.MatchOr) -> ast.AST:
        """Every alternative is visited."""
        return self.node_contents_visit(node)

    def visit_MatchSequence(self, node: ast.MatchSequence) -> ast.AST:
        """Every item is visited."""
        return self.node_contents_visit(node)

    def visit_MatchSingleton(self, node: ast.MatchSingleton) -> ast.AST:
        """None, True or False."""
        return node

    def visit_MatchValue(self, node: ast.MatchValue) -> ast.AST:
        """A literal, or a held value: visiting either would only rewrite what the compiler takes as it is."""
        return node

    def visit_MatchAs(self, node: ast.MatchAs | ast.MatchStar) -> ast.AST:
        """A capture binds a name."""
        self._check_plain(node, node.name)
        return self.node_contents_visit(node)

    visit_MatchStar = visit_MatchAs

    def visit_MatchMapping(self, node: ast.MatchMapping) -> ast.AST:
        """Keys are literals, or dotted names that are native or held."""
        self._check_plain(node, node.rest)
        node.patterns = [self.visit(pattern) for pattern in node.patterns]
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        """Attribute patterns are read by the interpreter, so only names that are native anywhere can stay. Positions read
        the fields that host code declared for the class, and nothing where it declared none."""
        for name, pattern in zip(node.kwd_attrs, node.kwd_patterns, strict=True):
            self._check_attribute(ast.copy_location(ast.Attribute(node.cls, name, ast.Load()), pattern), name)
            if not _is_native_pattern(name):
                self._refuse(
                    pattern,
                    f"the attribute `{name}` is not available in this pattern",
                    f"use if: case ... if x.{name} == ...",
                )
        if isinstance(node.cls, ast.Name):
            node.cls = self.visit(node.cls)
        node.patterns = [self.visit(pattern) for pattern in node.patterns]
        node.kwd_patterns = [self.visit(pattern) for pattern in node.kwd_patterns]
        return node


def _is_native_path(node: ast.expr) -> bool:
    """Whether a dotted name can be left to the interpreter: `Color.RED`."""
    if isinstance(node, ast.Attribute):
        return guard_of_read(node.attr, is_called=False) is None and _is_native_path(node.value)
    return isinstance(node, ast.Name) and not names.is_special(node.id) and node.id != "super"


def _is_native_pattern(name: str) -> bool:
    return guard_of_read(name, is_called=False) is None


def _is_simple(pattern: ast.pattern) -> bool:
    if isinstance(pattern, ast.MatchAs):
        return pattern.pattern is None
    return isinstance(pattern, ast.MatchSingleton) or (
        isinstance(pattern, ast.MatchValue) and not isinstance(pattern.value, ast.Attribute)
    )


class _ObjectNames(ast.NodeTransformer):
    def __init__(self, fresh_name: Callable[[], str]) -> None:
        self._fresh_name = fresh_name

    def visit_MatchOr(self, node: ast.MatchOr) -> ast.AST:
        return node

    def visit_MatchClass(self, node: ast.MatchClass) -> ast.AST:
        self.generic_visit(node)
        pairs = zip(node.kwd_attrs, node.kwd_patterns, strict=True)
        if any(not _is_native_pattern(name) and _is_simple(pattern) for name, pattern in pairs):
            return placed(ast.MatchAs(node, self._fresh_name()), node)
        return node
