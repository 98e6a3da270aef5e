"""A question -> the capabilities that answer it, best first.

Every word of the question, or phrase, is a concept: the word itself and what may stand in its place. A capability has of a
concept what its best token gives, so that synonyms never add up; what it has of all concepts adds up, and having
something of more of them counts on top. A word that neither the catalog nor the curated list has is taken for a slip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ioconnect_codemode.lookup.index import Index
from ioconnect_codemode.lookup.slips import meant
from ioconnect_codemode.lookup.words import SAME, curated, phrases_in, stem, words

Concept = Mapping[str, float]
"""Token of the catalog to its worth, 0 to 1."""

_QUESTION_LIMIT = 32  # words: a question, not a text
_QUESTION_CHARACTERS = 1_000
_COMMON = 250  # capabilities; a token of more of them only adds to what rarer tokens have found
_COMMON_RELATED = 100  # the same of a token that is only near to what was asked
_OF_A_PHRASE = 0.35  # the worth of a word whose phrase is a concept already
_OF_A_SLIP = 0.5
_LEAST = 0.2  # of the best score; what has less shares a common word only
_FIRST, _LEAST_BEHIND = 3, 0.5  # of 314 questions that are answered in the first five, 2 lose their answer by it
_COVERAGE = 0.5  # the share of a score that goes to having something of every concept


def search(index: Index, question: str) -> list[str]:
    """Give the capabilities that have something of a question, best first; equal ones in the catalog's order.

    Args:
        index: The words of the catalog.
        question: What to look for, in any words.
    """
    return [name for name, _ in ranked(index, question)]


def outstanding(found: Sequence[tuple[str, float]]) -> int:
    """Say how many of the ranked ones are worth a line that a model reads: the first three, and what is at least half as good."""
    return max(min(len(found), _FIRST), strong(found))


def strong(found: Sequence[tuple[str, float]]) -> int:
    """Say how many of the ranked ones are nearly as good as the best."""
    best = found[0][1] if found else 0.0
    return sum(score >= _LEAST_BEHIND * best for _, score in found)


def ranked(index: Index, question: str) -> list[tuple[str, float]]:
    """Give what `search` gives, with scores."""
    scores: dict[int, float] = {}
    covered: dict[int, float] = {}
    total = 0.0
    for concept in sorted(concepts(index, question), key=lambda one: sum(len(index.postings[token]) for token in one)):
        rarity = _rarity(index, concept)
        worth = rarity * max(concept.values())
        total += worth
        for place, score in _scores(index, concept, rarity, scores).items():
            scores[place] = scores.get(place, 0.0) + score
            covered[place] = covered.get(place, 0.0) + worth
    for place, score in scores.items():
        scores[place] = score * (1 - _COVERAGE + _COVERAGE * covered[place] / total)
    least = _LEAST * max(scores.values(), default=0.0)
    found = sorted((-score, place) for place, score in scores.items() if score >= least)
    return [(index.names[place], -score) for score, place in found]


def concepts(index: Index, question: str) -> list[Concept]:
    """Give what a question is made of; a word that leads to nothing in the catalog is left out."""
    asked = words(question[:_QUESTION_CHARACTERS])[:_QUESTION_LIMIT]
    stems = [stem(word) for word in asked]
    phrases = list(_longest(phrases_in(stems)))
    inside = {place for start, end in phrases for place in range(start, end)}
    ignored = curated().ignored
    told = [place for place, one in enumerate(asked) if one not in ignored and len(one) > 1]
    found = [_meanings(index, " ".join(stems[start:end])) for start, end in phrases]
    found += [_joined(index, *stems[place : place + 2]) for place in range(len(stems) - 1)]
    for place in told:
        known = _meanings(index, stems[place], _OF_A_PHRASE if place in inside else 1.0)
        found.append(known if known or place in inside else _slips(index, stems[place]))
    return [one for one in found if one]


def _longest(phrases: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Leave out phrases that begin inside another."""
    last = 0
    for start, end in phrases:
        if start >= last:
            yield start, end
            last = end


def _meanings(index: Index, token: str, worth: float = 1.0) -> Concept:
    others = curated().alternatives.get(token, {})
    found = {other: weight * worth for other, weight in others.items() if other in index.postings}
    return {**found, token: worth} if token in index.postings else found


def _joined(index: Index, first: str, second: str) -> Concept:
    """Give the word that a catalog writes as one: `watch list` is its `watchlist`."""
    token = stem(first + second)
    return {token: 1.0} if token in index.postings else {}


def _slips(index: Index, word: str) -> Concept:
    found: dict[str, float] = {}
    if not word.isdigit():
        for one in meant(word, index.known):
            for token, worth in _meanings(index, one, _OF_A_SLIP).items():
                found[token] = max(worth, found.get(token, 0.0))
    return found


def _rarity(index: Index, concept: Concept) -> float:
    """Give how much a concept tells capabilities apart, counted over the tokens that mean the same.

    A rare synonym of a common word is no rarer than the word.
    """
    most = max(concept.values())
    return index.rarity(sum(len(index.postings[token]) for token, worth in concept.items() if worth >= most * SAME))


def _scores(index: Index, concept: Concept, rarity: float, so_far: Mapping[int, float]) -> dict[int, float]:
    """Give what each capability has of a concept: its best token's."""
    best: dict[int, float] = {}
    for token, worth in concept.items():
        postings = index.postings[token]
        factor = worth * min(rarity, index.rarity(len(postings)))
        common = _COMMON if worth >= SAME else _COMMON_RELATED
        few = postings if len(postings) <= common or not so_far else postings.keys() & so_far.keys()
        for place in few:
            score = factor * postings[place]
            if score > best.get(place, 0.0):
                best[place] = score
    return best
