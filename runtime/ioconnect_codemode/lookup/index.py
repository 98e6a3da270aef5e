"""The words of a catalog, by capability: made when a package is generated, turned round at the first search.

`search.json` has one line a capability, its tokens and how much each says of it. That is BM25F's saturated weight over
the fields of a capability, and needs nothing of the other capabilities: what a policy takes away, or an update of one
app changes, leaves the other lines as they are. How rare a token is is counted when the lines are read.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ioconnect_codemode.lookup.words import curated, tokens

FILE = "search.json"
_SATURATION = 1.2  # BM25's k1: how soon a further occurrence says nothing new
_SCALE = 56  # steps of a weight, the characters from "#" to "[": none that JSON escapes
_ZERO = ord("#")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    """How a field counts: its weight, how many tokens it usually has, how much its length matters (BM25's b)."""

    weight: float
    usual: float
    length: float


_FIELDS = {
    "function": _Field(weight=4.0, usual=2.5, length=0.4),
    "namespace": _Field(weight=1.5, usual=1.5, length=0.3),
    "description": _Field(weight=1.8, usual=8.0, length=0.6),
    "titles": _Field(weight=1.0, usual=5.0, length=0.6),
    "parameters": _Field(weight=0.7, usual=5.0, length=0.5),
    "results": _Field(weight=0.7, usual=10.0, length=0.6),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Texts:
    """What is said of one capability, by field.

    Attributes:
        function: Its function's name.
        namespace: Its namespace's name.
        description: What it does, in its app's words.
        titles: Its wire name, its apps, their titles, display names, context types.
        parameters: Names of its parameters.
        results: Names of the fields of its result.
    """

    function: str
    namespace: str
    description: str = ""
    titles: str = ""
    parameters: str = ""
    results: str = ""


def line_of(texts: Texts) -> str:
    """Give a capability's line: its tokens by `;`, then a character of weight for each."""
    found: dict[str, float] = {}
    named = tokens(texts.function)
    names_nothing = bool(named) and all(word in curated().verbs for word in named)
    for name, kind in _FIELDS.items():
        if name == "namespace" and names_nothing:  # `orders.list`: what is listed is the namespace
            kind = _FIELDS["function"]
        listed = tokens(getattr(texts, name))
        share = kind.weight / (1 - kind.length + kind.length * len(listed) / kind.usual) if listed else 0.0
        for token in listed:
            found[token] = found.get(token, 0.0) + share
    weights = (chr(_ZERO + round(_SCALE * value / (value + _SATURATION))) for value in found.values())
    return f"{';'.join(found)}|{''.join(weights)}" if found else ""


def index_lines(lines: Mapping[str, str]) -> str:
    """Give a part of `search.json`: lines by capability, at least one."""
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(line)}" for name, line in lines.items())


def index_text(parts: Sequence[str]) -> str:
    """Give `search.json`, from its parts in the order of the catalog."""
    inner = ",\n".join(parts)
    return f"{{\n{inner}\n}}\n" if inner else "{}\n"


class Index:
    """Tokens to the capabilities that have them.

    Attributes:
        names: The capabilities, in the catalog's order; postings name them by their place.
        postings: Token to places and their weights, 0 to 1.
    """

    def __init__(self, names: Sequence[str], postings: Mapping[str, Mapping[int, float]]) -> None:
        self.names = names
        self.postings = postings

    @classmethod
    def of(cls, lines: Iterable[tuple[str, str]]) -> Index:
        """Turn lines, by capability, round."""
        names: list[str] = []
        postings: dict[str, dict[int, float]] = {}
        for place, (name, line) in enumerate(lines):
            names.append(name)
            found, _, weights = line.partition("|")
            for token, weight in zip(found.split(";"), weights, strict=False):
                if token in postings:
                    postings[token][place] = _WEIGHTS[weight]
                else:
                    postings[token] = {place: _WEIGHTS[weight]}
        return cls(names, postings)

    @cached_property
    def known(self) -> Collection[str]:
        """Every token that leads to something: the catalog's and the curated ones."""
        return self.postings.keys() | curated().alternatives.keys()

    def rarity(self, having: int) -> float:
        """Give how much a token tells capabilities apart that so many have: next to nothing if all do (BM25's idf)."""
        having = min(having, len(self.names))
        return math.log(1 + (len(self.names) - having + 0.5) / (having + 0.5))


_WEIGHTS = {chr(_ZERO + step): step / _SCALE for step in range(_SCALE + 1)}
