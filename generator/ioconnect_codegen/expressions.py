"""Shape -> type expression: the one notation for types in stubs, definitions and manifest.

str int float bool None Any, list[T], dict[str, T], tuple[A, B], Literal['a', 1, True], A | B, names of types
"""

from __future__ import annotations

import ast
from functools import lru_cache

from ioconnect_codegen.shapes import (
    Anything,
    Choice,
    Flag,
    List,
    Map,
    Null,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Union,
    Whole,
)

WORDS = frozenset({"str", "int", "float", "bool", "None", "Any", "list", "dict", "tuple", "Literal"})
"""Names in a type expression that are not names of types of the package."""


def expression(shape: Shape) -> str:
    """Give the type expression of a shape in which every record has a name already.

    Raises:
        ValueError: A record stands in the shape itself instead of a reference to its name.
    """
    match shape:
        case Anything():
            return "Any"
        case Text():
            return "str"
        case Whole():
            return "int"
        case Number():
            return "float"
        case Flag():
            return "bool"
        case Null():
            return "None"
        case Choice(values):
            return f"Literal[{', '.join(map(repr, values))}]"
        case List(item):
            return f"list[{expression(item)}]"
        case Map(value):
            return f"dict[str, {expression(value)}]"
        case Tuple(items):
            return f"tuple[{', '.join(map(expression, items)) or '()'}]"
        case Union(options):
            return " | ".join(map(expression, options))
        case Reference(target):
            return target
        case Record():
            raise ValueError(f"the record {shape.title!r} has no name yet")


def optional(text: str) -> str:
    """Give the type expression of a value that may also be None."""
    return text if text in {"Any", "None"} or text.endswith(" | None") else f"{text} | None"


@lru_cache(maxsize=32_768)  # parsing costs, and the types of a package repeat
def names_in(text: str) -> tuple[str, ...]:
    """Give the names in a type expression, in order; what stands inside a literal is no name."""
    if text.isidentifier() and text != "None":
        return (text,)
    return tuple(node.id for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Name))
