"""Type expressions with holes: what datamodel-code-generator wrote, read back as syntax.

A hole stands where the real name of a type will. What is read must have exactly our class form; anything else is
refused as a whole, never repaired.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeAlias

from ioconnect_codegen.errors import UnsafeModelError
from ioconnect_codegen.expressions import WORDS

Holed: TypeAlias = "Sequence[str | int]"
"""A type expression in pieces: source, and the number of the reference that stands between."""


def is_holed(pieces: Sequence[object]) -> bool:
    """Tell whether these pieces are a type expression in pieces, and nothing else: what a cache gives may be anything."""
    stands = [f"R{piece}" if type(piece) is int else piece for piece in pieces]
    try:
        node = ast.parse("".join(map(str, stands)), mode="eval").body
        return _joined(_pieces(node, {})) == tuple(pieces)
    except (SyntaxError, ValueError, RecursionError, MemoryError, UnsafeModelError):
        return False


def read_source(source: str) -> dict[str, Holed]:
    """Read what datamodel-code-generator wrote: field to type expression.

    Args:
        source: Its whole output: one record class that holds every shape as a field, and the stand-ins `R0`, `R1`, ...

    Raises:
        UnsafeModelError: Something in it is not of our class form.
    """
    found: dict[str, Holed] = {}
    aliases: dict[str, Holed] = {}
    for node in ast.parse(source).body:
        match node:
            case ast.ImportFrom(module="__future__" | "typing" | "dataclasses", level=0):
                continue
            case ast.AnnAssign(target=ast.Name(id="Document"), annotation=ast.Name(id="TypeAlias")):
                continue  # the document around the definitions
            case ast.AnnAssign(
                target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias"), value=ast.expr() as value
            ):
                aliases[name] = tuple(_pieces(value, aliases))  # of a tuple in a tuple, before what names it
            case ast.ClassDef(name=name, bases=[ast.Name(id="Record")], keywords=[], decorator_list=[]):
                fields = _fields(node, aliases)
                if not _is_stand_in(name):
                    found.update(fields)
            case _:
                raise UnsafeModelError(
                    f"datamodel-code-generator wrote a statement of another form in line {node.lineno}"
                )
    return found


def _fields(node: ast.ClassDef, aliases: Mapping[str, Holed]) -> dict[str, Holed]:
    found: dict[str, Holed] = {}
    for member in node.body:
        match member:
            case ast.Pass():
                continue
            case ast.AnnAssign(target=ast.Name(id=field), annotation=annotation, value=None):
                found[field] = _joined(_pieces(annotation, aliases))
            case _:
                raise UnsafeModelError(
                    f"datamodel-code-generator wrote a member of another form in line {member.lineno}"
                )
    return found


def _pieces(node: ast.expr, aliases: Mapping[str, Holed]) -> Iterator[str | int]:
    """Give the type expression in pieces; refuse everything that is no type expression."""
    match node:
        case ast.Name(id=name) if _is_stand_in(name):
            yield int(name[1:])
        case ast.Name(id=name) if name in WORDS:
            yield name
        case ast.Name(id=name) if name in aliases:
            yield from aliases[name]
        case ast.Constant(value=None):
            yield "None"
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            yield from _pieces(left, aliases)
            yield " | "
            yield from _pieces(right, aliases)
        case ast.Subscript(value=ast.Name(id="Literal"), slice=inner):
            yield f"Literal[{', '.join(repr(_value(member)) for member in _members(inner))}]"
        case ast.Subscript(value=ast.Name(id="list" | "dict" | "tuple" as generic), slice=inner):
            yield f"{generic}["
            for number, member in enumerate(_members(inner)):
                yield ", " if number else ""
                yield from _pieces(member, aliases)
            yield "]"
        case _:
            raise UnsafeModelError(f"datamodel-code-generator wrote a type of another form: {ast.unparse(node)[:80]}")


def _joined(pieces: Iterable[str | int]) -> Holed:
    joined: list[str | int] = []
    for piece in pieces:
        if joined and isinstance(piece, str) and isinstance(joined[-1], str):
            joined[-1] += piece
        else:
            joined.append(piece)
    return tuple(joined)


def _value(node: ast.expr) -> object:
    try:
        return ast.literal_eval(node)
    except ValueError as error:
        raise UnsafeModelError(
            f"datamodel-code-generator wrote a literal of another form: {ast.unparse(node)[:80]}"
        ) from error


def _members(inner: ast.expr) -> list[ast.expr]:
    return inner.elts if isinstance(inner, ast.Tuple) else [inner]


def _is_stand_in(name: str) -> bool:
    return name[:1] == "R" and name[1:].isdecimal()
