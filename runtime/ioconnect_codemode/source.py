"""The source gate: what the host does with a snippet's text before any process parses it.

Text only. Hostile source is parsed in the worker, which may die of it; the host counts characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_FENCE = re.compile(r"\A\s*```[ \t]*[A-Za-z0-9_+-]*[ \t]*\r?\n(?P<code>.*?)\r?\n?[ \t]*```\s*\Z", re.DOTALL)
_OPENING, _CLOSING = "([{", ")]}"
_NESTING = 100  # CPython's own tokenizer gives up at 200 brackets; ordinary snippets stay below 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a snippet's text is not even parsed."""

    message: str
    hint: str


def gate(text: str, *, limit_bytes: int) -> str | Refusal:
    """Give the code of a snippet: code fences, a byte order mark and Windows line ends taken off.

    Returns:
        The code, or why it is refused: too long, a NUL character, brackets nested too deeply, unpaired surrogates.
    """
    code = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    fenced = _FENCE.match(code)
    if fenced is not None:
        code = fenced["code"]
    try:
        size = len(code.encode("utf-8"))
    except UnicodeEncodeError:
        return Refusal(message="the snippet holds an unpaired surrogate character", hint="send valid Unicode text")
    if size > limit_bytes:
        return Refusal(
            message=f"the snippet has {size:,} bytes; the limit is {limit_bytes:,}",
            hint="pass data as inputs, or call a capability for it",
        )
    if "\x00" in code:
        return Refusal(message="the snippet holds a NUL character", hint="remove it")
    if _nesting(code) > _NESTING:
        return Refusal(
            message=f"brackets are nested deeper than {_NESTING}",
            hint="build the value in steps",
        )
    return code


def _nesting(code: str) -> int:
    """Count how deep brackets nest, those in strings and comments included: a cheap upper bound."""
    depth = deepest = 0
    for character in code:
        if character in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSING and depth:
            depth -= 1
    return deepest
