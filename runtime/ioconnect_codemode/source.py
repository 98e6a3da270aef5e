"""The source gate: what the host does with a snippet's text before any process parses it.

Text only. Hostile source is parsed in the worker, which may die of it; the host counts characters.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from ioconnect_codemode.language import SAFE_MODULES
from ioconnect_codemode.messages import say

_FENCES = ("```", "~~~")
_BLANK = " \t"
_BEFORE_CODE = f"{_BLANK}\n"
_LINES_BEFORE = 1_000  # empty lines that stand for prose are no way around the limit
_CODE = re.compile(r"\"\"\"|\'\'\'|[A-Za-z0-9_]\(|=")
_OPENING, _CLOSING = "([{", ")]}"
_WORD = re.compile(r"[^\W\d]\w*")
_BYTES = re.compile(r"\b(?:[bB][rR]?|[rR][bB])['\"]")
_OF_CODECS = frozenset({"bytearray", "bytes", "decode", "encode", "getattr", "to_bytes"})
_NESTING = 100  # CPython's own tokenizer gives up at 200 brackets; ordinary snippets stay below 20


class Refusal(NamedTuple):
    """Why a snippet's text is not even parsed."""

    message: str
    hint: str | None = None


def gate(text: str, *, limit_bytes: int) -> str | Refusal:
    """Give the code of a snippet: code fences, a byte order mark, Windows line ends and a common indent taken off.

    Lines keep their numbers: where lines before the code are taken off, empty ones stand in their place.

    Returns:
        The code, or why it is refused: too long, a NUL character, brackets nested too deeply, unpaired surrogates.
    """
    before, code = _unfenced(text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    code = _undented(code)
    try:
        size = len(code.encode("utf-8"))
    except UnicodeEncodeError:
        return Refusal(message=say("syntax", "bad_character", character="an unpaired surrogate"))
    if size > limit_bytes:
        return Refusal(
            message=say("syntax", "too_long", bytes=f"{size:,}", limit_bytes=f"{limit_bytes:,}"),
            hint=say("syntax", "too_long_hint"),
        )
    if "\x00" in code:
        return Refusal(message=say("syntax", "bad_character", character="NUL"))
    if sum(map(code.count, _OPENING)) > _NESTING and _nesting(code) > _NESTING:
        return Refusal(message=say("syntax", "too_nested", limit=_NESTING))
    return "\n" * (before if before <= _LINES_BEFORE else 0) + code


def named_modules(code: str) -> frozenset[str] | None:
    """Give the safe modules whose names stand in the code, whatever they mean there: it can have no others.

    None where it may need a codec, which has many names.
    """
    plain = code if code.isascii() else unicodedata.normalize("NFKC", code)  # as the parser reads names
    words = frozenset(_WORD.findall(plain))
    return None if words & _OF_CODECS or _BYTES.search(plain) else words.intersection(SAFE_MODULES)


def _unfenced(code: str) -> tuple[int, str]:
    """Take the fences off where the whole text is one fenced block, with or without a word for the language.

    What a model says around its block is taken off with them. Gives how many lines went before the code, and the code.
    """
    if not any(fence in code for fence in _FENCES):
        return 0, code
    block = code.strip()
    first, _, rest = block.partition("\n")
    fence = _fence(first)
    if fence and _opens(first, fence) and _closes(rest, fence):
        before = code[: code.index(block)].count("\n") + 1
        return before, rest.removesuffix(fence).rstrip(" \t").removesuffix("\n")
    return _only_block(code) or (0, code)


def _fence(line: str) -> str:
    """Give the fence that a line begins with: three or more of a kind, none where there are fewer."""
    fence = line[: len(line) - len(line.lstrip(line[:1]))]
    return fence if fence.startswith(_FENCES) else ""


def _closes(rest: str, fence: str) -> bool:
    """Whether a text ends in a fence; one of tildes on a line of its own, as Python has comments but no backticks."""
    return rest.endswith(fence) and (fence[0] == "`" or rest.rpartition("\n")[2].strip() == fence)


def _undented(code: str) -> str:
    """Take off the indent of the first line of code where every line has it."""
    if code and code[0] not in _BEFORE_CODE:
        return code
    lines = code.split("\n")
    first = next((line for line in lines if line.strip(_BLANK)), "")
    indent = first[: len(first) - len(first.lstrip(_BLANK))]
    if not indent or any(line.strip(_BLANK) and not line.startswith(indent) for line in lines):
        return code
    return "\n".join(line.removeprefix(indent) for line in lines)


def _opens(line: str, fence: str) -> bool:
    language = line.removeprefix(fence).strip()
    return line == fence or all(part.isalnum() for part in language.split("-"))


def _only_block(text: str) -> tuple[int, str] | None:
    """Give the only fenced block of a text that has prose before or behind it, and how many lines stand before it.

    None where it may be anything else.

    A line that begins with backticks is no Python, but for one within a text over several lines, and one of nothing but
    tildes hardly. Around the block may stand nothing that could be a text's begin, a call or an assignment: code isn't
    left out without a word.
    """
    lines = text.split("\n")
    fence = next((found for line in lines if (found := _fence(line))), "")
    fences = [number for number, line in enumerate(lines) if fence and line.startswith(fence)]
    if len(fences) != 2 or not _opens(lines[fences[0]].rstrip(), fence) or lines[fences[1]].rstrip() != fence:
        return None
    start, end = fences
    if any(_CODE.search(line) or line.endswith("\\") for line in (*lines[:start], *lines[end + 1 :])):
        return None
    return start + 1, "\n".join(lines[start + 1 : end])


def _nesting(code: str) -> int:
    """Count how deep brackets nest.

    Those in strings and comments count too: this is a courtesy, with better words than the parser's, and no boundary.
    """
    depth = deepest = 0
    for character in code:
        if character in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSING and depth:
            depth -= 1
    return deepest
