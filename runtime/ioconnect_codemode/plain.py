"""Values that are made of exactly JSON's types: whether one is, and a copy of one that is.

A large answer is mostly rows of one form, so rows are looked at by column: ten thousand records of twelve fields take
8 ms so, and 30 ms one by one. Every item is looked at either way.
"""
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false, reportUnknownMemberType=false
# What is looked at has no type yet, and a cast is a call: too dear for what is done for each part of each answer.

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Final, cast

from ioconnect_codemode.errors import AppError

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue

_KEYS: Final = frozenset((str,))
_SCALARS: Final = frozenset((str, int, bool, type(None)))
_BLOCK: Final = 256  # rows of a few hundred bytes that a processor keeps near while it goes through their columns
_ROWS: Final = 8  # fewer are done sooner one by one
_ENDLESS: Final = "the answer is no JSON value: it is nested too deep, or contains itself"


def is_plain(value: object, *, levels: int) -> bool:
    """Whether a value is made of dict with text as keys, list, str, int, float, bool and None, and of nothing derived.

    Each container must stand in one place only: what stands in two would be one object in the worker too. A key that
    only derives from str may pass where rows are looked at by column; encoding refuses it, and `copied` mends it.

    Args:
        value: The value.
        levels: Containers inside containers that it may have.
    """
    small = is_plain_small(value, levels=levels)
    return _Look().is_plain(value, type(value), levels) if small is None else small


def is_plain_small(value: object, *, levels: int) -> bool | None:
    """As `is_plain`, of a value with few containers and no long list, without recursion; None for another one."""
    kind = type(value)
    if kind is not dict and kind is not list:
        return kind in _SCALARS or (kind is float and math.isfinite(cast("float", value)))
    containers = [value]
    for container in containers:
        items: Collection[object]
        if type(container) is dict:
            for key in container:
                if type(key) is not str:
                    return False
            items = container.values()
        elif type(container) is list:
            if len(container) >= _ROWS:
                return None
            items = container
        else:
            return False
        for item in items:
            kind = type(item)
            if kind is str or kind is int or kind is bool or item is None:
                continue  # compared one by one, the commonest first: a set has to ask each for its hash
            if kind is not float:
                containers.append(item)
            elif not math.isfinite(cast("float", item)):
                return False
        if len(containers) > levels:
            return None
    return len(containers) == 1 or len(set(map(id, containers))) == len(containers)


class _Look:
    """One look at a value: the containers that were seen."""

    __slots__ = ("_seen",)

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def is_plain(self, value: object, kind: type, levels: int) -> bool:
        if kind is dict:
            fields = cast("dict[object, object]", value)
            if not _KEYS.issuperset(map(type, fields)):
                return False
            items: Collection[object] = fields.values()
        elif kind is list:
            items = cast("list[object]", value)
            if len(items) >= _ROWS and levels and id(value) not in self._seen:
                self._seen.add(id(value))
                return self._are_plain(items, levels - 1)
        else:
            return kind in _SCALARS or (kind is float and math.isfinite(cast("float", value)))
        if not levels or id(value) in self._seen:
            return False
        self._seen.add(id(value))
        for item in items:  # a loop: a generator takes longer to begin than most answers to look at
            kind = type(item)
            if kind not in _SCALARS and not self.is_plain(item, kind, levels - 1):
                return False
        return True

    def _are_plain(self, rows: list[object], levels: int) -> bool:
        """As `is_plain` of each."""
        if len(rows) > _BLOCK:
            blocks = (rows[start : start + _BLOCK] for start in range(0, len(rows), _BLOCK))
            return all(self._are_plain(block, levels) for block in blocks)
        kinds = set(map(type, rows))
        if kinds <= _SCALARS:
            return True
        if kinds == {float}:
            return all(map(math.isfinite, cast("list[float]", rows)))
        if kinds == {dict} and levels:
            same = self._columns(cast("list[dict[object, object]]", rows))
            if same is not None:
                return self._are_new(rows) and all(self._are_plain(column, levels - 1) for column in same)
        if kinds == {list} and levels:
            inner = list(chain.from_iterable(cast("list[list[object]]", rows)))
            return self._are_new(rows) and self._are_plain(inner, levels - 1)
        return all(self.is_plain(row, type(row), levels) for row in rows)

    def _are_new(self, rows: list[object]) -> bool:
        """Whether none of these containers was seen before."""
        before = len(self._seen)
        self._seen.update(map(id, rows))
        return len(self._seen) == before + len(rows)

    def _columns(self, rows: list[dict[object, object]]) -> list[list[object]] | None:
        """Give the columns of rows that have the same keys, None where they have not."""
        keys = list(rows[0])
        if len(set(map(len, rows))) > 1 or not _KEYS.issuperset(map(type, keys)):
            return None
        try:
            return [list(map(itemgetter(key), rows)) for key in keys]
        except KeyError:
            return None


def copied(value: object) -> JsonValue:
    """Give a copy that is plain: members of an enumeration and texts of a class of their own become plain ones.

    Raises:
        AppError: A part is no JSON value; the message names its type and path, in the words of an app's answer.
    """
    try:
        return _plain_copy(value)
    except _NotPlain:
        pass
    except RecursionError:
        raise AppError(_ENDLESS) from None
    try:
        return _copy_at("$", value)
    except RecursionError:
        raise AppError(_ENDLESS) from None


def with_whole_characters(value: JsonValue) -> JsonValue:
    """Give a value with a question mark in the place of every half character.

    An app that cuts a text within a pair of UTF-16 leaves one, and no JSON library of Rust or text of UTF-8 takes it.
    """
    match value:
        case str():
            return _whole(value)
        case list():
            return [with_whole_characters(item) for item in value]
        case dict():
            return {_whole(key): with_whole_characters(item) for key, item in value.items()}
        case _:
            return value


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


class _NotPlain(Exception):
    """A value that is not made of JSON's own types."""


def _plain_copy(value: object) -> JsonValue:
    """Copy what is made of exactly JSON's types, which most answers are, in a fraction of the time of `_copy_at`."""
    kind = type(value)
    if kind is dict:
        fields = cast("dict[str, JsonValue]", value)
        if not _KEYS.issuperset(map(type, fields)):
            raise _NotPlain
        made = fields.copy()
        if not _SCALARS.issuperset(map(type, made.values())):
            for key, item in fields.items():
                if type(item) not in _SCALARS:
                    made[key] = _plain_copy(item)
        return made
    if kind is list:
        items = cast("list[JsonValue]", value)
        return items.copy() if _SCALARS.issuperset(map(type, items)) else [_plain_copy(item) for item in items]
    if kind in _SCALARS or (kind is float and math.isfinite(cast("float", value))):
        return cast("JsonValue", value)
    raise _NotPlain


def _copy_at(path: str, value: object) -> JsonValue:
    match value:
        case None | bool():
            return value
        case int():
            return value if type(value) is int else int(value)  # an IntEnum can't cross to a worker
        case str():
            return value if type(value) is str else str.__str__(value)
        case float() if math.isfinite(value):
            return value
        case list():
            items = cast("list[object]", value)
            return [_copy_at(f"{path}[{index}]", item) for index, item in enumerate(items)]
        case dict():
            fields = cast("Mapping[object, object]", value)
            return {_key(path, key): _copy_at(f"{path}.{key}", item) for key, item in fields.items()}
        case float():
            raise AppError(f"the answer is no JSON value: {path} is {value}")
        case _:
            raise AppError(f"the answer is no JSON value: {path} is {type(value).__name__}")


def _key(path: str, key: object) -> str:
    if not isinstance(key, str):
        raise AppError(f"the answer is no JSON value: a key of {path} is {type(key).__name__}")
    return key if type(key) is str else str.__str__(key)
