"""The search of `list_python_definitions` on a desktop of 1,200 capabilities: how often it finds, how fast.

    python bench/search.py [--unseen]

Found is measured on questions that were written before any ranking was run; `--unseen` adds the third of them that
nothing was tuned on. Questions and curated words have one author, so the distance to the others says more than the number
alone; "later" are questions of another hand, put when all was tuned. The others, on the same texts and questions: plain BM25 (one bag of words, k1 1.2, b 0.75, the same splitting and
stemming, no synonyms), and FastMCP's search where `fastmcp` is installed. Times are of one process, over 9 copies of the
desktop, some 10,000 capabilities.
"""

from __future__ import annotations

import asyncio
import math
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from desktop import Question, environment, later_questions, questions

from ioconnect_codegen import build_catalog, read_environment
from ioconnect_codegen.capabilities import Capability
from ioconnect_codegen.catalog import Catalog
from ioconnect_codegen.models import build_models
from ioconnect_codegen.render.search import search_line
from ioconnect_codemode.lookup.index import Index
from ioconnect_codemode.lookup.ranking import search
from ioconnect_codemode.lookup.words import stem, words

HIT_1, HIT_5 = 0.50, 0.75
"""What the unseen third has to reach."""

COPIES = 9
FASTER = 20  # times, than FastMCP's search
_QUERY_LIMIT_MS = 1.0
_K1, _B = 1.2, 0.75

Rank = Callable[[str], Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """How often an answer was the first of the list, how often among the first five, and how many were asked."""

    first: float
    fifth: float
    asked: int

    def __str__(self) -> str:
        return f"hit@1 {self.first:.3f}, hit@5 {self.fifth:.3f} of {self.asked}"


def evaluate(rank: Rank, asked: Sequence[Question]) -> Found:
    """Ask all questions and count."""
    places = [_place(rank(one.text), one.answers) for one in asked]
    return Found(
        first=sum(place < 1 for place in places) / len(asked),
        fifth=sum(place < 5 for place in places) / len(asked),
        asked=len(asked),
    )


def _place(ranked: Sequence[str], answers: Sequence[str]) -> int:
    return next((place for place, name in enumerate(ranked) if name in answers), len(ranked) + 5)


def lines_of(catalog: Catalog) -> dict[str, str]:
    """Give the lines of `search.json`."""
    models = build_models(catalog.types)
    return {one.name: search_line(one, models) for one in catalog.capabilities}


def ours(lines: Mapping[str, str], *, copies: int = 1) -> Rank:
    """Give our search over the lines, or over several copies of them."""
    index = Index.of((f"{name}{copy or ''}", line) for copy in range(copies) for name, line in lines.items())
    return lambda question: search(index, question)


def plain_bm25(capabilities: Sequence[Capability]) -> Rank:
    """Give BM25 over one bag of words a capability."""
    bags = {one.name: Counter(map(stem, words(_text(one)))) for one in capabilities}
    having = Counter(word for bag in bags.values() for word in bag)
    usual = sum(bag.total() for bag in bags.values()) / len(bags)

    def rank(question: str) -> list[str]:
        asked = [
            (word, math.log(1 + (len(bags) - having[word] + 0.5) / (having[word] + 0.5)))
            for word in map(stem, words(question))
        ]
        scores = {name: _bm25(bag, asked, bag.total() / usual) for name, bag in bags.items()}
        return sorted((name for name in scores if scores[name] > 0), key=lambda name: (-scores[name], name))

    return rank


def _bm25(bag: Counter[str], asked: Sequence[tuple[str, float]], length: float) -> float:
    norm = _K1 * (1 - _B + _B * length)
    return sum(rarity * bag[word] * (_K1 + 1) / (bag[word] + norm) for word, rarity in asked if word in bag)


def fastmcp(capabilities: Sequence[Capability], *, copies: int = 1) -> Rank | None:
    """Give FastMCP's search over the same capabilities as tools; None where it isn't installed."""
    try:
        room, tools_room = map(import_module, ("fastmcp.server.transforms.search.bm25", "fastmcp.tools.base"))
    except ImportError:
        return None
    tools = [
        tools_room.Tool(name=f"{one.name}{copy or ''}", description=one.description, parameters=dict(one.input_schema))
        for copy in range(copies)
        for one in capabilities
    ]
    transform = room.BM25SearchTransform()

    def rank(question: str) -> list[str]:
        return [tool.name for tool in asyncio.run(transform._search(tools, question))]

    return rank


def _text(one: Capability) -> str:
    return " ".join((one.name, one.description, *(parameter.key for parameter in one.parameters)))


def times_ms(rank: Rank, asked: Sequence[Question], *, rounds: int) -> list[float]:
    """Give how long each question took, the fastest of some rounds."""
    best = dict.fromkeys((one.text for one in asked), math.inf)
    for _ in range(rounds):
        for text in best:
            started = time.perf_counter()
            rank(text)
            best[text] = min(best[text], (time.perf_counter() - started) * 1000)
    return sorted(best.values())


def _main(arguments: Sequence[str]) -> None:
    catalog = build_catalog(read_environment(environment()))
    lines = lines_of(catalog)
    found: dict[str, Rank | None] = {
        "ours": ours(lines),
        "plain BM25": plain_bm25(catalog.capabilities),
        "FastMCP": fastmcp(catalog.capabilities),
    }
    for part in ("seen", "unseen") if "--unseen" in arguments else ("seen",):
        for asked, hand in (
            (questions(unseen=part == "unseen"), part),
            (later_questions(unseen=part == "unseen"), f"later {part}"),
        ):
            for name, rank in found.items():
                print(f"{hand}, {name}: {evaluate(rank, asked) if rank else 'SKIPPED: pip install fastmcp'}")
    asked = questions(unseen=False)
    mine = times_ms(ours(lines, copies=COPIES), asked, rounds=3)
    print(
        f"query at {COPIES * len(lines)}: median {statistics.median(mine):.3f} ms, worst {mine[-1]:.3f} ms; at most {_QUERY_LIMIT_MS}"
    )
    theirs = fastmcp(catalog.capabilities, copies=COPIES)
    if theirs is not None:
        median = statistics.median(times_ms(theirs, asked[:10], rounds=1))
        ratio = median / statistics.median(mine)
        print(f"FastMCP: median {median:.1f} ms, {ratio:.0f} times ours; at least {FASTER}")


if __name__ == "__main__":
    _main(sys.argv[1:])
