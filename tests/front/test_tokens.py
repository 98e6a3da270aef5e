"""The token counts that the demo prints are those of the texts."""

from __future__ import annotations

import json

from story_tokens import count

import ioconnect_schemas
from ioconnect_codegen import demo


def test_the_stored_counts_are_those_of_the_texts() -> None:
    stored = json.loads(ioconnect_schemas.read(demo.COUNTS))
    assert stored == count()


def test_code_mode_spends_ten_times_fewer_tokens_than_listing_the_clients() -> None:
    stored: dict[str, dict[str, int]] = json.loads(ioconnect_schemas.read(demo.COUNTS))
    totals = {way: sum(steps.values()) for way, steps in stored.items()}
    assert totals["tools, list"] > 10 * totals["code mode"]
