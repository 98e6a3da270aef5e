"""Python source laid out as `ruff format` lays it out, without running it.

Width 88, ruff's default: a generated package has no settings of its own. What doesn't fit on one line is exploded, one
element a line with a trailing comma, which is the form that ruff leaves alone.
"""

from __future__ import annotations

import ast
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

WIDTH = 88

_STEP = "    "


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterSource:
    """A parameter of a stub function; the default is source too, empty if there is none. Keyword-only ones come last."""

    name: str
    type: str
    default: str = ""
    is_keyword_only: bool = False


def literal(value: str | int | float | bool | None) -> str:
    """Give a literal; texts in double quotes, unless single ones save escapes."""
    if not isinstance(value, str):
        return repr(value)
    if '"' not in value and "\\" not in value and value.isprintable():
        return f'"{value}"'
    quote = "'" if value.count('"') > value.count("'") else '"'
    return quote + "".join(_escaped(character, quote) for character in value) + quote


@lru_cache(maxsize=32_768)  # the types of a package repeat
def type_source(expression: str) -> str:
    """Give a type expression on one line, as ruff writes it."""
    return _flat(_parsed(expression))


def import_source(module: str, names: Sequence[str]) -> str:
    """Give `from module import a, b`, sorted as isort sorts: constants, classes, functions."""
    ordered = sorted(names, key=lambda name: (not name.isupper(), not name[:1].isupper(), name))
    line = f"from {module} import {', '.join(ordered)}"
    if _width(line) <= WIDTH:
        return line
    return f"from {module} import (\n{''.join(f'{_STEP}{name},' + chr(10) for name in ordered)})"


def alias_source(name: str, expression: str) -> str:
    """Give the assignment of an alias."""
    line = f"{name} = {type_source(expression)}"
    if _width(line) <= WIDTH:
        return line
    node = _parsed(expression)
    return f"{name} = {_in_parentheses(node, '') if isinstance(node, ast.BinOp) else _broken(node, '')}"


def field_source(name: str, expression: str, *, key: str | None, is_required: bool) -> str:
    """Give a field of a record class, indented; `key` where it is not the name."""
    arguments = [] if key is None else [f"key={literal(key)}"]
    if key is not None and not is_required:
        arguments.append("default=None")
    value = f"field({', '.join(arguments)})" if arguments else "" if is_required else "None"
    assigned = f" = {value}" if value else ""
    head, flat = f"{_STEP}{name}: ", type_source(expression)
    if _width(head + flat + assigned) <= WIDTH:
        return head + flat + assigned
    if arguments and _width(f"{head}{flat} = field(") <= WIDTH:
        return f"{head}{flat} = {_field_call(arguments, _STEP)}"
    if value and _width(f"{head}{flat} = (") <= WIDTH:
        inner = _STEP * 2
        shown = value if _width(inner + value) <= WIDTH else _field_call(arguments, inner)
        return f"{head}{flat} = (\n{inner}{shown}\n{_STEP})"
    node = _parsed(expression)
    annotation = _in_parentheses(node, _STEP) if isinstance(node, ast.BinOp) else _broken(node, _STEP)
    last = annotation.rsplit("\n", 1)[-1]
    fits = _width(last + assigned) <= WIDTH
    return head + annotation + (assigned if fits else f" = {_field_call(arguments, _STEP)}")


def header_source(function: str, parameters: Sequence[ParameterSource], returns: str, *, body: str = "") -> str:
    """Give the first line or lines of a function, and its body where that stands on the same line."""
    result = type_source(returns)
    flat = [f"{one.name}: {type_source(one.type)}{_default(one)}" for one in parameters]
    first = next((place for place, one in enumerate(parameters) if one.is_keyword_only), len(parameters))
    star = ["*"] if first < len(parameters) else []
    listed = ", ".join([*flat[:first], *star, *flat[first:]])
    line = f"def {function}({listed}) -> {result}:{body}"
    if _width(line) <= WIDTH:
        return line
    node = _parsed(returns)
    if not parameters:
        broken = _broken(node, "") if isinstance(node, ast.Subscript) else _in_parentheses(node, "")
        return f"def {function}() -> {broken}:{body}"
    lines = [_parameter(one) for one in parameters]
    exploded = "".join(f"{one},\n" for one in [*lines[:first], *(f"{_STEP}{one}" for one in star), *lines[first:]])
    head = f"def {function}(\n{exploded}) -> "
    if _width(f") -> {result}:{body}") <= WIDTH:
        return f"{head}{result}:{body}"
    return f"{head}{_broken(node, '') if isinstance(node, ast.Subscript) else _in_parentheses(node, '')}:{body}"


def call_source(name: str, arguments: Mapping[str, str], returns: str) -> str:
    """Give the statement that calls the bridge, indented; arguments as name to source."""
    pairs = [f"{literal(key)}: {value}" for key, value in arguments.items()]
    line = f"{_STEP}return call({literal(name)}, {{{', '.join(pairs)}}}, {type_source(returns)})"
    if _width(line) <= WIDTH:
        return line
    indent = _STEP * 2
    flat = f"{indent}{{{', '.join(pairs)}}},"
    exploded = f"{indent}{{\n" + "".join(f"{indent}{_STEP}{pair},\n" for pair in pairs) + f"{indent}}},"
    return "\n".join(
        (
            f"{_STEP}return call(",
            f"{indent}{literal(name)},",
            flat if _width(flat) <= WIDTH else exploded,
            f"{indent}{_fitted(_parsed(returns), indent, used=len(indent) + 1)},",
            f"{_STEP})",
        )
    )


def _field_call(arguments: Sequence[str], indent: str) -> str:
    lines = "".join(f"{indent}{_STEP}{one},\n" for one in arguments)
    return f"field(\n{lines}{indent})"


@lru_cache(maxsize=32_768)  # the types of a package repeat; a node is never changed
def _parsed(expression: str) -> ast.expr:
    return ast.parse(expression, mode="eval").body


def _width(text: str) -> int:
    """Give the columns that a text takes: two for a wide character, none for a mark on another one."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in {"W", "F"} else 1 for c in text
    )


def _parameter(one: ParameterSource) -> str:
    node = _parsed(one.type)
    head = f"{_STEP}{one.name}: "
    return f"{head}{_fitted(node, _STEP, used=_width(head) + _width(_default(one)) + 1)}{_default(one)}"


def _default(one: ParameterSource) -> str:
    return f" = {one.default}" if one.default else ""


def _fitted(node: ast.expr, indent: str, *, used: int) -> str:
    """Give the node on one line if it fits beside what is used of it, else broken without parentheses."""
    return _flat(node) if _width(_flat(node)) + used <= WIDTH else _broken(node, indent)


def _in_parentheses(node: ast.expr, indent: str) -> str:
    inner = indent + _STEP
    flat = _flat(node)
    content = flat if _width(inner + flat) <= WIDTH else _broken(node, inner)
    return f"(\n{inner}{content}\n{indent})"


def _broken(node: ast.expr, indent: str) -> str:
    match node:
        case ast.BinOp():
            first, *rest = _operands(node)
            others = (_fitted(one, indent, used=len(indent) + len("| ")) for one in rest)
            return _fitted(first, indent, used=len(indent)) + "".join(f"\n{indent}| {one}" for one in others)
        case ast.Subscript(value=base, slice=inner):
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            deeper = indent + _STEP
            comma = "," if len(members) > 1 else ""
            lines = [f"{deeper}{_fitted(one, deeper, used=len(deeper) + 1)}{comma}\n" for one in members]
            return f"{_flat(base)}[\n{''.join(lines)}{indent}]"
        case _:
            return _flat(node)


def _operands(node: ast.expr) -> list[ast.expr]:
    return [*_operands(node.left), node.right] if isinstance(node, ast.BinOp) else [node]


def _flat(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name):
            return name
        case ast.Constant(value=str() | int() | float() | None as value):
            return literal(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_flat(operand)}"
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return f"{_flat(left)} | {_flat(right)}"
        case ast.Subscript(value=base, slice=inner):
            members = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return f"{_flat(base)}[{', '.join(map(_flat, members))}]"
        case _:
            raise ValueError(f"not a type expression: {ast.unparse(node)[:80]}")


def _escaped(character: str, quote: str) -> str:
    if character in (quote, "\\"):
        return "\\" + character
    if character.isprintable():
        return character
    named = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character)
    code = ord(character)
    return named or (f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}" if code < 65536 else f"\\U{code:08x}")
