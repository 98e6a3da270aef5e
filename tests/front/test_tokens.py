"""The token counts that the demo prints are those of the texts."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import bpe_openai
from story_tokens import count

import ioconnect_schemas
from ioconnect_codegen import demo
from ioconnect_codemode.lookup import definitions_text
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.tools import specs

PACKAGE = Path(__file__).parents[2] / "generated" / "wealth_desk"


def test_the_stored_counts_are_those_of_the_texts() -> None:
    stored = json.loads(ioconnect_schemas.read(demo.COUNTS))
    assert stored == count()


def test_the_counted_texts_are_the_same_whenever_the_story_is_played(tmp_path: Path) -> None:
    first, second = (asyncio.run(demo.play(tmp_path / name)) for name in ("first", "second"))
    assert first.spent == second.spent


def test_the_counted_texts_have_no_digest_of_a_catalog(tmp_path: Path) -> None:
    story = asyncio.run(demo.play(tmp_path / "desk"))
    assert story.outcome.catalog in story.outcome.text()
    assert not any(story.outcome.catalog in text for way in story.spent.values() for text in way.values())


def test_code_mode_spends_ten_times_fewer_tokens_than_listing_the_clients() -> None:
    stored: dict[str, dict[str, int]] = json.loads(ioconnect_schemas.read(demo.COUNTS))
    totals = {way: sum(steps.values()) for way, steps in stored.items()}
    assert totals["tools, list"] > 10 * totals["code mode"]


def test_definitions_have_about_as_many_characters_a_token_as_small_desktops_are_told_by() -> None:
    text = definitions_text(Manifest.read(PACKAGE), ["*"])
    tokens = len(bpe_openai.get_encoding("o200k_base").encode(text))
    assert 3.0 < len(text) / tokens < 4.2


def test_what_every_conversation_costs_is_under_500_tokens() -> None:
    tokenizer = bpe_openai.get_encoding("o200k_base")
    costs = [len(tokenizer.encode(json.dumps(specs("openai", profile)))) for profile in ("three", "two")]
    assert max(costs) < 500
    assert costs[1] < costs[0]
