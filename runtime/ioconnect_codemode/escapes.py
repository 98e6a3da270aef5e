"""Escapes for what stands in somebody else's text and a reader would not see."""

from __future__ import annotations

import json


def visible(text: str) -> str:
    """Give a text of somebody else's with escapes, as JSON has them, for what a reader would not see.

    Controls of terminals, marks that turn the direction of writing, and what ends a line but for the line feed. A text
    of JSON stays one.
    """
    return text if text.isprintable() else "".join(one if _is_seen(one) else json.dumps(one)[1:-1] for one in text)


def _is_seen(character: str) -> bool:
    is_space = character.isspace() and character > "\x9f" and character not in "\u2028\u2029"
    return character.isprintable() or character in "\n\t" or is_space
