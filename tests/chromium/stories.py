"""The journeys that a page makes: all of a module, but for those that speak of what only a desktop has."""

from __future__ import annotations

from types import ModuleType
from typing import Final

OF_THE_DESKTOP: Final = {
    "test_a_defect_of_a_transport_is_told_as_a_fault_of_the_host",  # a transport of its own; of the page: tests/page
    "test_closing_ends_the_runs_under_way_with_an_outcome",  # counts processes; of the page: test_code_mode.py
    "test_more_runs_than_may_have_a_worker_wait_for_their_turn",  # counts processes; of the page: test_code_mode.py
    "test_a_handler_that_is_cancelled_by_itself_is_an_app_error",  # an asyncio task of the host
    "test_a_run_that_is_cancelled_while_a_person_is_asked_sends_nothing",  # the same; of the page: its `signal`
    "test_nothing_waits_for_approval_when_the_context_is_left",  # the page is told `dispose`; of the page: test_code_mode.py
    "test_memory_beyond_the_limit_ends_the_run",  # a machine of 32 bits: docs/language.md; of the page: below
    "test_the_deeper_check_finds_what_the_pre_flight_check_does_not_follow",  # docs/browser.md: `ty` is not there
}


def stories_of(module: ModuleType) -> dict[str, object]:
    """Give the tests of a module that can be made in a page."""
    named = {name: story for name, story in vars(module).items() if name.startswith("test_") and callable(story)}
    return {name: story for name, story in named.items() if name not in OF_THE_DESKTOP}
