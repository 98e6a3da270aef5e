"""Text -> the tokens that a search compares: words without their endings, and phrases.

    findClients, find_clients, Find clients     find client
    P&L, profit and loss                        p, l, `p l`; profit, loss, `profit and loss`

The generator and the runtime take the same road, so that a question meets what was indexed.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import ioconnect_schemas

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+")
SAME, RELATED = 0.9, 0.4  # the worth of a word that means the same, and of one that is near
_SHORTEST_STEM = 3  # what is left of a word must still tell it from others
_ENDINGS = (
    *(("ibility", "ible"), ("ability", "able"), ("ations", "ate"), ("ation", "ate"), ("ments", ""), ("ment", "")),
    *(("ings", ""), ("ing", ""), ("ions", ""), ("ion", ""), ("ied", "y"), ("ed", ""), ("als", ""), ("ally", "")),
    *(("al", ""), ("ly", ""), ("isation", "ise"), ("ization", "ise"), ("ise", "is"), ("ize", "is")),
)
_LONGER = {"al": 5, "als": 5, "ion": 4, "ions": 4, "ly": 4, "ment": 5, "ments": 5}
"""Endings that many short words have by chance: how much must be left before them."""
_WHOLE = frozenset({"news", "always", "series", "species"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The curated words, by token.

    Attributes:
        ignored: Words that say nothing of what is looked for.
        verbs: Words that say what is done, and not with what, without their endings.
        phrases: First stem of a phrase to the phrases that begin with it, longest first.
        alternatives: Token to the tokens that may stand in its place, with their worth.
    """

    ignored: frozenset[str]
    verbs: frozenset[str]
    phrases: Mapping[str, Sequence[tuple[str, ...]]]
    alternatives: Mapping[str, Mapping[str, float]]


def words(text: str) -> list[str]:
    """Split text at separators, at camel case and around digits; lower case, without accents."""
    if not text.isascii():
        text = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one))
    return [word.lower() for word in _WORD.findall(text)]


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Give a word without its ending: `clients` and `client`, `allocation` and `allocated` are one."""
    if not word.isascii() or len(word) <= _SHORTEST_STEM or word in _WHOLE:
        return word
    found = _singular(word)
    for ending, instead in _ENDINGS:
        if found.endswith(ending) and len(found) - len(ending) >= _LONGER.get(ending, _SHORTEST_STEM):
            found = found.removesuffix(ending) + instead
            break
    if len(found) > _SHORTEST_STEM and found[-1] == found[-2] and found[-1] not in "aeiousl":
        found = found[:-1]  # `planning` has left `plann`
    return found[:-1] if found.endswith("e") and len(found) > _SHORTEST_STEM else found


def tokens(text: str) -> list[str]:
    """Give the tokens of text in their order, ignored words left out; a phrase comes after its words."""
    ignored = curated().ignored
    found = words(text)
    stems = list(map(stem, found))
    kept = [one for word, one in zip(found, stems, strict=True) if len(word) > 1 and word not in ignored]
    return [*kept, *(" ".join(stems[start:end]) for start, end in phrases_in(stems))]


def phrases_in(stems: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Give where curated phrases begin and end, the longest at each place."""
    known = curated().phrases
    for start, one in enumerate(stems):
        for phrase in known.get(one, ()):
            if tuple(stems[start : start + len(phrase)]) == phrase:
                yield start, start + len(phrase)
                break


@cache
def curated() -> Vocabulary:
    """Give the curated words of `search_words.json`, read once."""
    data = json.loads(ioconnect_schemas.read("search_words.json"))
    groups = [*((group, SAME) for group in data["same"]), *((group, RELATED) for group in data["related"])]
    alternatives: dict[str, dict[str, float]] = {}
    phrases: dict[str, set[tuple[str, ...]]] = {}
    for group, worth in groups:
        stemmed = [tuple(stem(word) for word in words(text)) for text in group]
        for one in stemmed:
            if len(one) > 1:
                phrases.setdefault(one[0], set()).add(one)
            known = alternatives.setdefault(" ".join(one), {})
            for other in stemmed:
                if other != one:
                    known.setdefault(" ".join(other), worth)
    return Vocabulary(
        ignored=frozenset(word for line in data["ignored"] for word in line.split()),
        verbs=frozenset(stem(word) for line in data["verbs"] for word in line.split()),
        phrases={first: sorted(found, key=lambda one: (-len(one), one)) for first, found in phrases.items()},
        alternatives=alternatives,
    )


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word
