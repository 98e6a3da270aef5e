"""What the pre-flight check catches of the corpus of slips, held to the counts that the changelog tells."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
import slips

from ioconnect_codemode import policy, preflight
from ioconnect_codemode.manifest import Manifest
from runtime.packages import scope_of  # noqa: TID251 - the tests of the runtime, not its sources
from snippets.conformance import ACCEPTED


def test_the_corpus_has_twelve_snippets_in_each_family_and_no_two_alike() -> None:
    faulty = [snippet for family in slips.FAMILIES for snippet in slips.snippets(family)]
    assert [len(slips.snippets(family)) for family in slips.FAMILIES] == [12] * 6
    assert len(set(faulty)) == 72
    assert len(set(slips.snippets("good"))) >= 200


@pytest.mark.parametrize("family", slips.FAMILIES)
def test_every_faulty_snippet_is_caught_before_it_runs_with_a_short_text(family: str) -> None:
    results = asyncio.run(slips.examine(slips.snippets(family)))
    assert [one.snippet for one in results if one.found is None] == []
    assert [one.writes for one in results] == [0] * 12
    assert all(len(one.found or "") <= 800 for one in results)


def test_every_good_snippet_runs() -> None:
    results = asyncio.run(slips.examine(slips.snippets("good")))
    assert [one.snippet for one in results if one.has_failed] == []


def test_every_good_snippet_of_another_hand_runs() -> None:
    later = slips.snippets("later/good")
    assert len(set(later)) >= 80
    assert [one.snippet for one in asyncio.run(slips.examine(later)) if one.has_failed] == []


def test_of_the_faulty_ones_of_another_hand_one_may_be_left_to_the_run() -> None:
    """A function of the snippet's own that is called wrongly: ty says so where its server is there, else Python does."""
    results = asyncio.run(slips.examine(slips.snippets("later/faulty")))
    assert len(results) >= 80
    assert [one.snippet for one in results if one.found is None and "def top(n)" not in one.snippet] == []
    assert sum(one.writes for one in results) == 0


def test_a_desk_of_carelessly_declared_apps_gets_no_false_alarm(tmp_path: Path) -> None:
    slips.write_trading_desk(tmp_path)
    good, faulty = (asyncio.run(slips.review(slips.snippets(name), tmp_path)) for name in slips.TRADING)
    assert [one.snippet for one in good if one.has_failed] == []
    assert [one.snippet.partition("\n")[0] for one in faulty if one.found is None] == [
        'meetings = calendar.list_("2026-06-01", "2026-06-07")'  # a safe module's name, and `calendar_` is the desk's
    ]


def test_nothing_is_said_of_the_accepted_snippets() -> None:
    manifest = Manifest.read(slips.PACKAGE)
    for path in sorted(ACCEPTED.glob("*.py")):
        tree = policy.parse(path.read_text(encoding="utf-8"))
        found = preflight.check(tree, scope_of(manifest, tree))
        assert [(path.stem, one["message"]) for one in found] == []
