"""The message table: every text of an outcome and of a look-up that a model reads, from `messages.json`.

The page's JavaScript fills the same templates in. A text is a fragment without a full stop.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TypedDict, cast

import ioconnect_schemas


class KindData(TypedDict):
    """One kind of error."""

    stage: str
    exception: str | None
    meaning: str
    texts: dict[str, str]


class MessageTable(TypedDict):
    """The whole table."""

    kinds: dict[str, KindData]
    state: dict[str, str]
    outcome: dict[str, str]
    lookup: dict[str, str]


@cache
def table() -> MessageTable:
    """Give the table; read once."""
    return cast("MessageTable", json.loads(ioconnect_schemas.read("messages.json")))


def say(kind: str, text: str, /, **values: object) -> str:
    """Fill in a text of an error kind.

    Raises:
        KeyError: There is no such text, or a placeholder got no value.
    """
    return table()["kinds"][kind]["texts"][text].format(**values)


def say_state(text: str, /, **values: object) -> str:
    """Fill in a text about what has happened."""
    return table()["state"][text].format(**values)


def say_outcome(text: str, /, **values: object) -> str:
    """Fill in a text of the outcome as a whole."""
    return table()["outcome"][text].format(**values)


def say_lookup(text: str, /, **values: object) -> str:
    """Fill in a text of a list or of definitions."""
    return table()["lookup"][text].format(**values)


def visible(text: str) -> str:
    """Give a text of somebody else's with escapes, as JSON has them, for what a reader would not see.

    Controls of terminals, marks that turn the direction of writing, and what ends a line but for the line feed. A text
    of JSON stays one.
    """
    return text if text.isprintable() else "".join(one if _is_seen(one) else json.dumps(one)[1:-1] for one in text)


def _is_seen(character: str) -> bool:
    is_space = character.isspace() and character > "\x9f" and character not in "\u2028\u2029"
    return character.isprintable() or character in "\n\t" or is_space
