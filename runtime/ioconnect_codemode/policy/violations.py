"""What review says about a snippet that is refused: where, what, and the nearest legal way."""

from __future__ import annotations

import ast
from typing import Literal, NamedTuple


class Violation(NamedTuple):
    """One reason why a snippet is not run.

    Attributes:
        kind: `syntax` for text that is no Python, `not_allowed` for Python that the snippet language leaves out.
        message: What is refused, by name.
        line: Line in the snippet, from 1.
        column: Column of the first character, from 1, in characters.
        end_column: Column behind the last character on the same line; `column + 1` where the end is unknown.
        hint: The nearest legal way, or None.
    """

    kind: Literal["syntax", "not_allowed"]
    message: str
    line: int
    column: int
    end_column: int
    hint: str | None = None


def violation_at(node: ast.AST, message: str, hint: str | None = None) -> Violation:
    """Refuse what stands at a node; of an attribute on another line than its object, the name itself."""
    line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1
    end = getattr(node, "end_col_offset", None)
    if isinstance(node, ast.Attribute) and end is not None and node.end_lineno not in (None, line):
        line, column = node.end_lineno, max(end - len(node.attr), 0) + 1
    if end is None or getattr(node, "end_lineno", line) != line:
        end = column
    return Violation(
        kind="not_allowed", message=message, line=line, column=column, end_column=max(end + 1, column + 1), hint=hint
    )


class Rejected(Exception):
    """The snippet is refused; nothing of it has run. `violations` holds every reason, in source order."""

    def __init__(self, violations: tuple[Violation, ...]) -> None:
        self.violations = violations
        super().__init__("; ".join(f"line {found.line}: {found.message}" for found in violations))
