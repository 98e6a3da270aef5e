"""Regular expressions of schemas, matched by Python's `re` in bounded time.

Schemas mean ECMA-262's language: `$` is the very end of the text, `\\d` and `\\w` are ASCII, `\\s` is not. How many steps a
match may take is estimated before: each part may match in so many ways, those of parts in a row are multiplied, and what
can match in several ways must not be repeated without a bound. What looks ahead or behind is gone through wherever one comes
to it, and matches in one way. What could take too long is not tried; like a pattern that Python can't read, it counts as not
matched, and the finding says so.
"""

from __future__ import annotations

import functools
import math
import re
from typing import Final, NamedTuple

_STEPS: Final = 30_000_000  # some 0.3 s
_ONLY_ELSEWHERE: Final = re.compile(r"\\[pPkuc]|\(\?<[^=!]")
_TOKEN: Final = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\{(\d*)(,?)(\d*)\}|.", re.DOTALL)
_SPACES: Final = r"\s\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_LOOKS: Final = re.compile(r"\(\?(?:[=!>]|<[=!])|\\[1-9k]|[*+?}]\+")
_LOOK: Final = ("?=", "?!", "?<=", "?<!")


def can_be_read(pattern: str) -> bool:
    """Say whether this is a regular expression, of Python's language or of a larger one."""
    return _compiled(pattern) is not None or bool(_ONLY_ELSEWHERE.search(pattern))


def looks_around(pattern: str) -> bool:
    """Say whether it looks ahead or back: only such a pattern has to be matched by trying one way after another."""
    return bool(_LOOKS.search(pattern))


def is_matched_in_time(pattern: str, text: str) -> bool:
    """Say whether trying one way after another comes to an end in time, as far as can be told."""
    return _steps(pattern, len(text).bit_length()) <= _STEPS


def matches(pattern: str, text: str) -> bool | None:
    """Say whether the pattern occurs in the text; None where that can't be found out in time."""
    expression = _compiled(pattern)
    if expression is None or not is_matched_in_time(pattern, text):
        return None
    return expression.search(text) is not None


@functools.lru_cache(maxsize=1_000)
def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(_python(pattern), re.ASCII)
    except (re.error, RecursionError, OverflowError):
        return None


def _python(pattern: str) -> str:
    r"""Give the pattern in Python's spelling: a `$` that is no text is `\Z`, and `\s` knows the blanks of ECMA-262."""
    return "".join(_spelt(token[0]) for token in _TOKEN.finditer(pattern))


def _spelt(token: str) -> str:
    if token == "$":
        return r"\Z"
    if token in (r"\s", r"\S"):
        return f"[{'^' if token[1] == 'S' else ''}{_SPACES}]"
    if token.startswith("["):
        return _ESCAPE.sub(lambda found: _SPACES if found[1] == "s" else found[0], token)
    return token


@functools.lru_cache(maxsize=1_000)
def _steps(pattern: str, bits: int) -> float:
    """Give a bound of the steps of a search in a text of less than two to the power of `bits` characters."""
    length = 2.0**bits
    groups = [_Group()]
    before = ""
    for token in _TOKEN.finditer(pattern):
        text = token[0]
        repeat = None if before == "(" else _repeat_of(token)
        if repeat is not None:
            if before != "repeat":  # a second one says how greedy the first is
                groups[-1].last = _repeated(groups[-1].last, *repeat, length)
            before = "repeat"
            continue
        if text == "|":
            groups[-1].or_else()
        elif text == "(":
            groups.append(_Group(looks=pattern.startswith(_LOOK, token.end())))
        elif text == ")" and len(groups) > 1:
            inner = groups.pop().whole()
            groups[-1].then(inner)
        else:
            groups[-1].then(_Part(1.0, length if re.fullmatch(r"\\[1-9]", text) else 0.0))
        before = text
    ways, looked = functools.reduce(_in_a_row, (group.whole() for group in groups))
    steps = ways + looked
    return steps if pattern.startswith("^") and not groups[0].has_choice else steps * length


class _Part(NamedTuple):
    """A part of a pattern: in how many ways it may match, and the steps of all that looks around or back in it."""

    ways: float
    looked: float = 0.0


def _in_a_row(first: _Part, second: _Part) -> _Part:
    return _Part(first.ways * second.ways, first.looked + first.ways * second.looked)


class _Group:
    """What stands between parentheses.

    Attributes:
        last: Its last part alone: that is what a repeat stands behind.
    """

    def __init__(self, *, looks: bool = False) -> None:
        self.last = _Part(1.0)
        self._looks = looks
        self._before = _Part(1.0)
        self._others = _Part(0.0)

    def then(self, part: _Part) -> None:
        self._before = _in_a_row(self._before, self.last)
        self.last = part

    def or_else(self) -> None:
        self._others = self._all()
        self._before = self.last = _Part(1.0)

    @property
    def has_choice(self) -> bool:
        return self._others.ways > 0

    def whole(self) -> _Part:
        ways, looked = self._all()
        return _Part(1.0, ways + looked) if self._looks else _Part(ways, looked)

    def _all(self) -> _Part:
        ways, looked = _in_a_row(self._before, self.last)
        return _Part(self._others.ways + ways, self._others.looked + looked)


def _repeat_of(token: re.Match[str]) -> tuple[int, int | None] | None:
    """Give how often the part before may stand, None for no repeat; without a largest number where there is none."""
    if token[0] in ("*", "+", "?"):
        return (int(token[0] == "+"), 1 if token[0] == "?" else None)
    if token[1] is None or token[0] == "{}":
        return None
    least = int(token[1] or 0)
    return least, int(token[3]) if token[3] else None if token[2] else least


def _repeated(part: _Part, least: int, most: int | None, length: float) -> _Part:
    ways, looked = part
    counts = length if most is None else min(most - least + 1.0, length)
    if ways <= 1 or most == 0:
        return _Part(counts, looked * (length if most is None else most))
    if most is None or most * math.log2(ways) > 64:
        return _Part(math.inf, math.inf)
    return _Part(counts * ways**most, looked * counts * ways**most)
