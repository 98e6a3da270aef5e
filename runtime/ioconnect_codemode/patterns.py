"""Regular expressions of schemas, matched by Python's `re` in bounded time.

Schemas mean ECMA-262's language: `$` is the very end of the text, `\\d` and `\\w` are ASCII. A match may take as many steps
as the text is long, once more for each repeat without a small bound, and endlessly where one repeat stands in another. What
could take too long is not tried; like a pattern that Python can't read, it counts as not matched, and the finding says so.
"""

from __future__ import annotations

import functools
import re
from typing import Final

_STEPS: Final = 30_000_000  # some 0.3 s
_FEW: Final = 8  # a repeat of at most so many times is not counted
_ONLY_ELSEWHERE: Final = re.compile(r"\\[pPkuc]|\(\?<[^=!]")
_TOKEN: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{(\d*)(,?)(\d*)\}|.", re.DOTALL)
_ENDLESS: Final = 99


def can_be_read(pattern: str) -> bool:
    """Say whether this is a regular expression, of Python's language or of a larger one."""
    return _compiled(pattern) is not None or bool(_ONLY_ELSEWHERE.search(pattern))


def matches(pattern: str, text: str) -> bool | None:
    """Say whether the pattern occurs in the text; None where that can't be found out in time."""
    expression = _compiled(pattern)
    if expression is None or max(len(text), 2) ** _repeats(pattern) > _STEPS:
        return None
    return expression.search(text) is not None


@functools.lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(_python(pattern), re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return None


def _python(pattern: str) -> str:
    r"""Give the pattern in Python's spelling: a `$` that is no text is `\Z`."""
    return "".join(r"\Z" if token[0] == "$" else token[0] for token in _TOKEN.finditer(pattern))


@functools.lru_cache(maxsize=1_000)
def _repeats(pattern: str) -> int:
    """Give the power of the text's length that bounds the steps of a search."""
    power = 0 if pattern.startswith("^") else 1
    groups: list[bool] = []  # for each open group, whether it holds a repeat or a choice
    closed = False  # whether the part before a repeat is a group that does
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        if _is_repeat(token):
            power += _ENDLESS if closed else 1
            groups = [True] * len(groups)
        if text == "|":
            groups = [True] * len(groups)
        if re.fullmatch(r"\\[1-9]", text):
            power += _ENDLESS  # a back reference may be tried at every length
        if text == "(":
            groups.append(False)
        closed = bool(groups and groups.pop()) if text == ")" else False
    return min(power, _ENDLESS)


def _is_repeat(token: re.Match[str]) -> bool:
    if token[0] in ("*", "+"):
        return True
    if token[1] is None:
        return False
    least, comma, most = token[1], token[2], token[3]
    return (bool(comma) and not most) or int(most or least or 0) > _FEW
