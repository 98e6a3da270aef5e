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


def counted(count: int, noun: str) -> str:
    """Say how many there are: `1 file`, `2 files`, `3 capabilities`."""
    many = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{count:,} {noun if count == 1 else many}"
