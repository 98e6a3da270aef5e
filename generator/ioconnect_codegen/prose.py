"""Untrusted prose made fit for one line of a comment, a docstring or a guide.

Descriptions come from apps. They are shown to people and to a model, and never stand where code stands; what
survives here is printable, without line breaks and without characters that nobody sees or that change the direction of
text.
"""

from __future__ import annotations

import re
import unicodedata

_SUMMARY_LIMIT = 160  # a sentence of this length is what one line of a definition can carry
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^a-z])")
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
"""Letters and marks that have no shape of their own (Unicode, "Default_Ignorable_Code_Point"): they can carry hidden text.

What is a control or a format character besides is found by its category.
"""


def without_unseen(text: str) -> str:
    """Give the text without letters and marks that nobody sees."""
    return text if text.isascii() else _UNSEEN.sub("", text)


def one_line(text: str, *, limit: int = 400) -> str:
    """Give the text on one line: control, format and surrogate characters become blanks, blanks collapse, what nobody sees goes."""
    shown = text[: limit * 8]
    if not (shown.isascii() and shown.isprintable()):
        shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in without_unseen(shown))
    line = " ".join(shown.split())
    return line if len(line) <= limit else line[: limit - 3].rstrip() + "..."


def first_sentence(text: str) -> str:
    """Give the first sentence of the first paragraph, at most 160 characters."""
    paragraph = re.split(r"\n\s*\n", text.strip(), maxsplit=1)[0]
    return one_line(_SENTENCE_END.split(one_line(paragraph, limit=2000), maxsplit=1)[0], limit=_SUMMARY_LIMIT)


def sentence(text: str) -> str:
    """Give the text with a full stop at its end, unless it is empty or ends like a sentence."""
    return text if not text or text[-1] in ".!?:" else text + "."


def in_docstring(text: str) -> str:
    """Escape one line of prose for a place between triple double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"""', "'''")
    if escaped.startswith('"'):
        escaped = "'" + escaped[1:]
    return escaped[:-1] + "'" if escaped.endswith('"') else escaped
