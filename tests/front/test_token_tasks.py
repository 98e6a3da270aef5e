"""The tasks of `bench/tokens.py`, done in a desktop of 100 capabilities: fewer tokens than tool calling, losses told."""

from __future__ import annotations

import asyncio
import statistics

import pytest
from tokens import MEDIAN_TIMES, STORY_TIMES, Cost, measure

from ioconnect_codemode.tools import specs


@pytest.fixture(scope="module")
def found() -> list[dict[str, Cost]]:
    return list(asyncio.run(measure(100)).values())


def times(costs: dict[str, Cost]) -> float:
    return costs["tool calling"].together / costs["ours"].together


def test_the_story_takes_a_tenth_of_the_tokens_of_tool_calling(found: list[dict[str, Cost]]) -> None:
    assert times(found[0]) >= STORY_TIMES


def test_the_median_task_takes_a_third_of_the_tokens_of_tool_calling(found: list[dict[str, Cost]]) -> None:
    assert statistics.median(map(times, found)) >= MEDIAN_TIMES


def test_a_look_up_of_one_record_is_a_loss_without_the_fixed_cost(found: list[dict[str, Cost]]) -> None:
    assert found[2]["ours"].task > found[2]["tool calling"].task


def test_what_a_conversation_starts_with_does_not_know_the_desktop(found: list[dict[str, Cost]]) -> None:
    assert len({costs["ours"].fixed for costs in found}) == 1
    assert len(specs("openai")) == 3
