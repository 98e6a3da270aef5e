"""Whether a value may fit a parameter although the type checker says no.

A checker holds a list of whole numbers to be no list of numbers, a text that was computed no choice, a set no list and a
date no text; at the call all of them are taken. What is no type that this room knows may fit.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

_SCALARS = {"str": {"str"}, "int": {"int"}, "float": {"int", "float"}, "bool": {"bool"}, "bytes": {"bytes"}}
_SEVERAL = ("list", "set", "frozenset", "tuple")


def may_fit(expected: str, got: str, records: Collection[str]) -> bool:
    """Say whether a value of the type that was found may be taken where another is declared.

    Args:
        expected: The type of the parameter, as the checker writes it.
        got: The type of the value.
        records: The records of the catalog.
    """
    try:
        return _Fitting(records).fits(_parsed(expected), _parsed(got))
    except (SyntaxError, ValueError, RecursionError):
        return True


def _parsed(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _Fitting:
    def __init__(self, records: Collection[str]) -> None:
        self._records = records

    def fits(self, expected: ast.expr, got: ast.expr) -> bool:
        if isinstance(expected, ast.BinOp):
            return self.fits(expected.left, got) or self.fits(expected.right, got)
        head, found = _head(expected), _head(got)
        if head == "Any" or not self._is_known(found):
            return True
        if found == "Literal":
            return all(self._takes(expected, one) for one in _parts(got))
        if found == "str" and head == "Literal":
            return any(_kind(one) == "str" for one in _parts(expected))
        if found == "int" and head == "Literal":
            return any(_kind(one) == "int" for one in _parts(expected))
        if head in _SCALARS or head == "Literal":
            return found in _SCALARS.get(head, ())
        if head in _SEVERAL:
            return found in _SEVERAL and self._items_fit(expected, got)
        if head == "dict":
            return found == "dict" and self._all_fit(_parts(expected)[1:], _parts(got)[1:])
        return found in ("dict", head)  # a record is wanted, or None

    def _is_known(self, head: str) -> bool:
        return head in _SCALARS or head in _SEVERAL or head in ("Literal", "dict", "None") or head in self._records

    def _takes(self, expected: ast.expr, value: ast.expr) -> bool:
        if _head(expected) == "Literal":
            return ast.dump(value) in map(ast.dump, _parts(expected))
        return _kind(value) in _SCALARS.get(_head(expected), ())

    def _items_fit(self, expected: ast.expr, got: ast.expr) -> bool:
        wanted, found = _parts(expected), _parts(got)
        if _head(expected) == "tuple" and _head(got) == "tuple" and not any(map(_is_dots, (*wanted, *found))):
            return len(wanted) == len(found) and self._all_fit(wanted, found)
        if _head(expected) == "tuple":  # of a list nobody knows how many it has
            return True
        return all(self.fits(wanted[0], one) for one in found if not _is_dots(one)) if wanted else True

    def _all_fit(self, wanted: Sequence[ast.expr], found: Sequence[ast.expr]) -> bool:
        return all(self.fits(one, other) for one, other in zip(wanted, found, strict=False))


def _head(node: ast.expr) -> str:
    match node:
        case ast.Name(id="LiteralString"):
            return "str"
        case ast.Name(id=name) | ast.Subscript(value=ast.Name(id=name)):
            return name
        case ast.Constant(value=None):
            return "None"
        case _:
            return ""


def _parts(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Subscript(slice=ast.Tuple(elts=parts)):
            return parts
        case ast.Subscript(slice=part):
            return [part]
        case _:
            return []


def _kind(value: ast.expr) -> str:
    value = value.operand if isinstance(value, ast.UnaryOp) else value
    return type(value.value).__name__ if isinstance(value, ast.Constant) else ""


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...
