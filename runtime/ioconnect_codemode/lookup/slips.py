"""A word that a catalog doesn't have -> the words that were meant.

Compared are words that begin with the same letter: slips in the first one are rare, and a thousand comparisons take a
millisecond.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

_SHORTEST = 4  # shorter words are too near to each other
_LONG = 7  # from here on two slips are forgiven
_MOST = 3


def meant(word: str, known: Collection[str]) -> list[str]:
    """Give the known words that an unknown one stands for: its two halves, its continuations or its neighbours."""
    return halves(word, known) or [*_continuations(word, known), *neighbours(word, known)][:_MOST]


def halves(word: str, known: Collection[str]) -> list[str]:
    """Give two known words of three letters or more that are written as one."""
    cuts = ((word[:cut], word[cut:]) for cut in range(3, len(word) - 2))
    return next(([first, second] for first, second in cuts if first in known and second in known), list[str]())


def neighbours(word: str, known: Iterable[str]) -> list[str]:
    """Give the known words that differ by a slip or two: a letter too much, missing, wrong, or two exchanged."""
    if len(word) < _SHORTEST:
        return []
    most = 1 if len(word) < _LONG else 2
    near = (
        (distance(word, one, most), one) for one in known if one[:1] == word[:1] and abs(len(one) - len(word)) <= most
    )
    return [one for _, one in sorted(pair for pair in near if pair[0] <= most)][:_MOST]


def distance(first: str, second: str, most: int) -> int:
    """Give how many slips make one word the other; more than `most` is not counted to the end."""
    before: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        earlier, before = before, row
        row = [at]
        for place, other in enumerate(second, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != other))
            if at > 1 and place > 1 and letter == second[place - 2] and first[at - 2] == other:
                cost = min(cost, earlier[place - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _continuations(word: str, known: Iterable[str]) -> list[str]:
    if len(word) < _SHORTEST - 1:
        return []
    return sorted((one for one in known if one.startswith(word) and " " not in one), key=lambda one: (len(one), one))
