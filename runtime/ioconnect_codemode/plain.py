"""Whether a value is made of exactly JSON's types, found out without copying it.

A large answer is mostly rows of one form, so rows are looked at by column: ten thousand records of twelve fields take
7 ms so, and 30 ms one by one. Every item is looked at either way.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import chain
from operator import itemgetter
from typing import Final, cast

_KEYS: Final = frozenset((str,))
_SCALARS: Final = frozenset((str, int, bool, type(None)))
_ROWS: Final = 8  # fewer are done sooner one by one


def is_plain(value: object, *, levels: int) -> bool:
    """Whether a value is made of dict with text as keys, list, str, int, float, bool and None, and of nothing derived.

    A key that only derives from str may pass where rows are looked at by column; encoding refuses it.

    Args:
        value: The value.
        levels: Containers inside containers that it may have.
    """
    kind = type(value)
    if kind is dict:
        fields = cast("dict[object, object]", value)
        return levels > 0 and _KEYS.issuperset(map(type, fields)) and _all_plain(fields.values(), levels - 1)
    if kind is list:
        return levels > 0 and _all_plain(cast("list[object]", value), levels - 1)
    return kind in _SCALARS or (kind is float and math.isfinite(cast("float", value)))


def _all_plain(items: Collection[object], levels: int) -> bool:
    if _SCALARS.issuperset(map(type, items)):
        return True
    if len(items) >= _ROWS and isinstance(items, list):
        return _rows_are_plain(cast("list[object]", items), levels)
    return _each_is_plain(items, levels)


def _each_is_plain(items: Collection[object], levels: int) -> bool:
    for item in items:  # a loop, for most answers are small and a generator takes longer to begin than they to look at
        if type(item) not in _SCALARS and not is_plain(item, levels=levels):
            return False
    return True


def _rows_are_plain(rows: list[object], levels: int) -> bool:
    kinds = set(map(type, rows))
    if kinds <= _SCALARS:
        return True
    if kinds == {float}:
        return all(map(math.isfinite, cast("Sequence[float]", rows)))
    if kinds == {dict} and (verdict := _columns_are_plain(cast("Sequence[dict[object, object]]", rows), levels)):
        return verdict
    if kinds == {list} and levels:
        return _rows_are_plain(list(chain.from_iterable(cast("Sequence[list[object]]", rows))), levels - 1)
    return _each_is_plain(rows, levels)


def _columns_are_plain(rows: Sequence[dict[object, object]], levels: int) -> bool:
    """Whether rows that all have the same keys are plain; false too where they have not, for another to look."""
    keys = list(rows[0])
    if not levels or len(set(map(len, rows))) > 1 or not _KEYS.issuperset(map(type, keys)):
        return False
    try:
        return all(_rows_are_plain(list(map(itemgetter(key), rows)), levels - 1) for key in keys)
    except KeyError:
        return False
