"""Source text to syntax tree, within limits; columns become characters."""

from __future__ import annotations

import ast
import re

# The parser imports this for the first name beyond ASCII; under a lock no file opens any more.
import unicodedata  # pyright: ignore[reportUnusedImport]  # noqa: F401
import warnings
from collections.abc import Callable
from typing import Final, TypeVar

from ioconnect_codemode.policy.names import SNIPPET_FILE
from ioconnect_codemode.policy.trees import children, walk
from ioconnect_codemode.policy.violations import Rejected, Violation

_Made = TypeVar("_Made")

SOURCE_LIMIT_CHARACTERS: Final = 100_000
"""Above the 64 KiB that a session accepts: the worker's own line, for callers without a session."""

BRACKET_LIMIT: Final = 150
"""Below the 200 at which CPython's tokenizer gives up, so that the refusal is ours and names the cause."""

NODE_LIMIT: Final = 50_000
DEPTH_LIMIT: Final = 200
"""A chain of 200 `elif` or `+` still passes; review takes a few Python frames a level."""

WARNINGS_OFF: Final = ("ignore", None, Warning, None, 0)
"""The filter that `warnings.simplefilter("ignore")` puts first."""

_TYPE_PARAMETERS: Final = re.compile(r"\s*(?:(?:async )?def|class) \w+\[")
_TYPE_STATEMENT: Final = re.compile(r"\s*type \w+\b.*=")
_FOREIGN_WORDS: Final = {
    r"const\s+[\w{\[]": "leave `const` out",
    r"let\s+[\w{\[]": "leave `let` out",
    r"var\s+[\w{\[]": "leave `var` out",
    r"function\s+\w+\s*\(": "write `def name(...):`",
    r"switch\s*\(.*\{": "write `match value:` and `case ...:`",
    r"(\}\s*)?else\s+if\b": "write `elif`",
}
"""How lines of other languages begin, to what Python has."""

_FOREIGN_SIGNS: Final = {
    "&^&": "write `and`",
    "|^|": "write `or`",
    "++^": "write `x += 1`",
    "--^": "write `x -= 1`",
    "^//": "a comment begins with `#`",
    "=^>": "write `lambda x: ...`, or `>=`",
    "^=>": "write `>=`",
    "==^=": "write `==`",
    "!=^=": "write `!=`",
    "^?": "write `a if condition else b`",
    "^!": "write `not x`",
}
"""Signs of other languages, to what Python has; the parser gives up at the `^`."""

_FENCE: Final = re.compile(r"^[ \t]*(?:```|~~~)", re.MULTILINE)
_CURLY_QUOTES: Final = "\u2018\u2019\u201c\u201d\u00ab\u00bb"

_NEWLINE: Final = re.compile(r"\r\n|\r|\n")
"""Where Python ends a line; `str.splitlines` knows more places."""


def parse(source: str) -> ast.Module:
    """Parse a snippet. Columns of the nodes count characters, not bytes as `ast.parse` would give.

    Raises:
        Rejected: The text is no Python, too long, too large or nested too deeply.
    """
    _check_text(source)
    try:
        tree = unwarned(lambda: ast.parse(source, SNIPPET_FILE))
    except SyntaxError as error:
        raise Rejected((syntax_violation(error, source),)) from None
    except (RecursionError, MemoryError):
        raise Rejected((too_deep(),)) from None
    except ValueError as error:
        raise Rejected((_syntax(str(error)),)) from None
    _check_size(tree)
    if not source.isascii():
        _count_characters(tree, source)
    return tree


def unwarned(act: Callable[[], _Made]) -> _Made:
    """Parse or compile, and keep Python's own warnings to itself; in a worker they are off anyway, see `preload`."""
    if warnings.filters[:1] == [WARNINGS_OFF]:
        return act()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return act()


def syntax_violation(error: SyntaxError, source: str = "") -> Violation:
    """Describe what the parser or the compiler found in a source, at the place it names."""
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    end = error.end_offset if error.end_lineno == error.lineno and error.end_offset else column + 1
    return Violation(
        kind="syntax",
        message=error.msg,
        line=line,
        column=column,
        end_column=max(end, column + 1),
        hint=_syntax_hint(error.msg, error.text or "", column) or _fence_hint(source, line),
    )


def _syntax_hint(message: str, text: str, column: int) -> str | None:
    """Say what to write instead of what later Pythons take and this one doesn't."""
    if _TYPE_PARAMETERS.match(text):
        return "leave the type parameters out: annotations are not evaluated"
    if _TYPE_STATEMENT.match(text):
        return "leave the type statement out: annotations are not evaluated"
    if (
        message.startswith("f-string: unmatched")
        or message == "f-string: expecting '}'"
        or "continuation" in message
        or "backslash" in message
    ):
        return (
            "inside the braces of an f-string use other quotes than around it and no backslash, or name the part first"
        )
    if message.startswith("invalid character") and text[column - 1 : column] in _CURLY_QUOTES:
        return "write plain quotes, ' or \""
    return _foreign_hint(text, column) if message in ("invalid syntax", "expected ':'") else None


def _fence_hint(source: str, line: int) -> str | None:
    """Say what to send where the parser gave up at a fence, or at what stands before the first one."""
    fences = [source.count("\n", 0, found.start()) + 1 for found in _FENCE.finditer(source)]
    if line not in fences and not (fences and line < fences[0]):
        return None
    return "send the code alone, as one snippet: no code fences and no text around it"


def _foreign_hint(text: str, column: int) -> str | None:
    begin = text.lstrip()
    if begin.startswith((">>>", "...")):
        return "leave the prompts out"
    if begin.startswith(("!", "%")) and column == len(text) - len(begin) + 1:
        return "leave the line out: there is no shell, and nothing can be installed"
    for word, hint in _FOREIGN_WORDS.items():
        if re.match(word, begin):
            return hint
    for sign, hint in _FOREIGN_SIGNS.items():
        left, _, right = sign.partition("^")
        if text[: column - 1].endswith(left) and text[column - 1 :].startswith(right):
            return hint
    return None


def too_deep(line: int = 1) -> Violation:
    """Say that the snippet is nested too deeply for review."""
    return _syntax("the snippet is nested too deeply", line, hint="name the inner parts, or pass large data as inputs")


def _check_text(source: str) -> None:
    if len(source) > SOURCE_LIMIT_CHARACTERS:
        raise Rejected((_syntax(f"the snippet is longer than {SOURCE_LIMIT_CHARACTERS} characters"),))
    if "\0" in source:
        line = source.count("\n", 0, source.index("\0")) + 1
        raise Rejected((_syntax("the snippet holds a null character", line),))
    if source.count("(") + source.count("[") + source.count("{") <= BRACKET_LIMIT:
        return
    depth = 0
    line = 1
    for character in source:
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth = max(depth - 1, 0)
        elif character == "\n":
            line += 1
        if depth > BRACKET_LIMIT:
            raise Rejected((too_deep(line),))


def _check_size(tree: ast.Module) -> None:
    count = depth = 0
    level: list[ast.AST] = [tree]
    while level:
        count += len(level)
        if depth > DEPTH_LIMIT:
            raise Rejected(
                (too_deep(next((node.lineno for node in level if isinstance(node, (ast.expr, ast.stmt))), 1)),)
            )
        if count > NODE_LIMIT:
            raise Rejected(
                (_syntax(f"the snippet has more than {NODE_LIMIT} parts", hint="pass large data as inputs"),)
            )
        level = [child for node in level for child in children(node)]
        depth += 1


def _count_characters(tree: ast.Module, source: str) -> None:
    lines = [line.encode() for line in _NEWLINE.split(source)]

    def characters(line: int, offset: int) -> int:
        return len(lines[line - 1][:offset].decode(errors="ignore")) if line <= len(lines) else offset

    for node in walk(tree):
        if isinstance(node, (ast.expr, ast.stmt, ast.excepthandler, ast.pattern, ast.arg, ast.keyword, ast.alias)):
            node.col_offset = characters(node.lineno, node.col_offset)
            if node.end_lineno is not None and node.end_col_offset is not None:
                node.end_col_offset = characters(node.end_lineno, node.end_col_offset)


def _syntax(message: str, line: int = 1, hint: str | None = None) -> Violation:
    return Violation(kind="syntax", message=message, line=line, column=1, end_column=2, hint=hint)
