"""Literals against type expressions: which literal can't be of the type that is expected."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ioconnect_codemode.messages import say
from ioconnect_codemode.preflight.value_types import union_members

if TYPE_CHECKING:
    from ioconnect_codemode.manifest_data import TypeData

_PLAIN = frozenset({"str", "int", "float", "bool", "list", "dict"})
Mismatch = tuple[ast.expr, str]


class Literals:
    """Compares literals with types.

    Args:
        types: The records and aliases that type expressions may name.
    """

    def __init__(self, types: Mapping[str, TypeData]) -> None:
        self._types = types
        self._read: dict[str, ast.expr] = {}

    def mismatch(self, value: ast.expr, expression: str) -> Mismatch | None:
        """Give the innermost literal that can't be of the type, with the message; None where nothing is sure."""
        return None if literal_kind(value) is None else self._mismatch(value, self._expression(expression))

    def _expression(self, text: str) -> ast.expr:
        if text not in self._read:
            self._read[text] = ast.parse(text, mode="eval").body
        return self._read[text]

    def _mismatch(self, value: ast.expr, expected: ast.expr) -> Mismatch | None:
        """Give the innermost literal that can't be of the type, with the message; None where nothing is sure."""
        kind = literal_kind(value)
        if kind is None:
            return None
        expected = self._unaliased(expected)
        match expected:
            case ast.Name(id="Any"):
                return None
            case ast.BinOp():
                return self._union_mismatch(value, expected, kind)
            case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
                return self._choice_mismatch(value, inner, kind)
            case ast.Subscript(value=ast.Name(id="list" | "tuple" as name), slice=inner) if kind in {"list", "tuple"}:
                members = value.elts if isinstance(value, (ast.List, ast.Tuple)) else []
                if name == "tuple":
                    return None
                return self._first(self._mismatch(member, inner) for member in members)
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])) if kind == "dict":
                return self._first(self._mismatch(member, inner) for member in _own_values(value))
            case ast.Name(id=name) if name in self._types:
                if kind == "dict":
                    return self._record_mismatch(value, name)
            case ast.Name(id="float") if kind == "int":
                return None
            case ast.Name(id=name) if name == kind:
                return None
            case ast.Constant(value=None) if kind == "None":
                return None
            case ast.Name(id=name) if name not in _PLAIN:
                return None
            case _:
                pass
        return value, say("type_error", "wrong_type", expected=ast.unparse(expected), got=kind)

    def _union_mismatch(self, value: ast.expr, expected: ast.BinOp, kind: str) -> Mismatch | None:
        members = union_members(expected)
        found = [self._mismatch(value, member) for member in members]
        if any(one is None for one in found):
            return None
        tagged = self._tag_mismatch(value, members)
        if tagged is not None:
            return tagged
        deeper = [one for one in found if one is not None and one[0] is not value]
        return (
            deeper[0] if deeper else (value, say("type_error", "wrong_type", expected=ast.unparse(expected), got=kind))
        )

    def _tag_mismatch(self, value: ast.expr, members: Sequence[ast.expr]) -> Mismatch | None:
        """Give the mismatch with the record that a dict says to be, as contexts do by their `type`."""
        records = [one.id for one in members if isinstance(one, ast.Name) and one.id in self._types]
        tags = [self._tags(one) for one in records]
        for key, item in _written(value).items():
            if not isinstance(item, ast.Constant) or not tags or not all(key in one for one in tags):
                continue
            meant = [name for name, one in zip(records, tags, strict=True) if item.value in one[key]]
            if meant:
                return self._record_mismatch(value, meant[0])
            choices = ", ".join(dict.fromkeys(repr(choice) for one in tags for choice in one[key]))
            return item, say("type_error", "not_a_choice", got=repr(item.value)[:60], expected=choices[:200])
        return None

    def _tags(self, name: str) -> dict[str, list[object]]:
        """Give the keys of a record that must have one of some values, with these."""
        found: dict[str, list[object]] = {}
        for one in self._types[name].get("fields", []):
            expression = self._unaliased(self._expression(one["type"]))
            if isinstance(expression, ast.Subscript) and isinstance(expression.value, ast.Name):
                inner = expression.slice.elts if isinstance(expression.slice, ast.Tuple) else [expression.slice]
                if expression.value.id == "Literal":
                    found[one["key"]] = [choice.value for choice in inner if isinstance(choice, ast.Constant)]
        return found

    def _choice_mismatch(self, value: ast.expr, inner: ast.expr, kind: str) -> Mismatch | None:
        choices = [ast.unparse(one) for one in (inner.elts if isinstance(inner, ast.Tuple) else [inner])]
        if isinstance(value, ast.JoinedStr):
            return None  # its text is known at run time only
        if not isinstance(value, (ast.Constant, ast.UnaryOp)):
            return value, say("type_error", "wrong_type", expected=" | ".join(choices)[:160], got=kind)
        if ast.unparse(value) in choices:
            return None
        got = ast.unparse(value)[:60]
        return value, say("type_error", "not_a_choice", got=got, expected=", ".join(choices)[:200])

    def _record_mismatch(self, value: ast.expr, name: str) -> Mismatch | None:
        if not isinstance(value, ast.Dict) or not all(
            isinstance(key, ast.Constant) and isinstance(key.value, str) for key in value.keys
        ):
            return None
        given = _written(value)
        for one in self._types[name].get("fields", []):
            if one["key"] not in given:
                if one["required"]:
                    return value, say("type_error", "missing_field", name=one["key"], type=name)
                continue
            if is_none(given[one["key"]]) and not one["required"]:
                continue  # None for an optional field means: not given
            found = self._mismatch(given[one["key"]], self._expression(one["type"]))
            if found is not None:
                return found
        return None

    def _unaliased(self, expected: ast.expr) -> ast.expr:
        if isinstance(expected, ast.Name):
            data = self._types.get(expected.id)
            if data is not None and data["kind"] == "alias":
                return self._expression(data.get("type", "Any"))
        return expected

    def _first(self, found: Iterator[Mismatch | None]) -> Mismatch | None:
        return next((one for one in found if one is not None), None)


def _own_values(value: ast.expr) -> list[ast.expr]:
    """Give the values of a dict display, those behind `**` left out."""
    if not isinstance(value, ast.Dict):
        return []
    return [item for key, item in zip(value.keys, value.values, strict=True) if key is not None]


def _written(value: ast.expr) -> dict[str, ast.expr]:
    """Give what a dict display has under keys that are written as texts."""
    if not isinstance(value, ast.Dict):
        return {}
    pairs = zip(value.keys, value.values, strict=True)
    return {key.value: item for key, item in pairs if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def literal_kind(node: ast.expr) -> str | None:
    """Give the type that a literal shows."""
    match node:
        case ast.Constant(value=None):
            return "None"
        case ast.Constant(value=value) if value is not Ellipsis:
            return type(value).__name__
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int() | float() as value)):
            return type(value).__name__
        case ast.JoinedStr():
            return "str"
        case ast.List():
            return "list"
        case ast.Tuple():
            return "tuple"
        case ast.Dict():
            return "dict"
        case _:
            return None


def is_none(node: ast.expr) -> bool:
    """Whether an expression is the literal None."""
    return isinstance(node, ast.Constant) and node.value is None
