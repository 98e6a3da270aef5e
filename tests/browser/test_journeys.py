"""The journeys are made in a page as well: the same stories, the same asserts, Chromium in the place of worker processes.

Every story of the modules below is made here, a new one too; those that speak of what only a desktop has are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from chromium.driver import Profile
from chromium.page_code_mode import PagePlace
from chromium.site import PAGE, Site
from ioconnect_codegen.web.build import Order, made_files
from journeys import test_amelia_reid, test_approval, test_dry_run, test_failures, test_hints, test_slips
from journeys.desk import PLACE, run

pytestmark = pytest.mark.browser

MODULES: Final = (test_amelia_reid, test_approval, test_dry_run, test_failures, test_hints, test_slips)
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


for made in MODULES:
    globals().update(stories_of(made))


@pytest.fixture(scope="module")
def page(profile: Profile, assets_folder: Path) -> Iterator[PagePlace]:
    """Give a page with a built folder."""
    made = made_files(Order(assets=assets_folder, with_playground=False), progress=lambda _: None)
    site = Site({f"/{path}": data for path, data in made.items()} | {"/page": PAGE})
    tab = profile.open(f"{site.url}page")
    yield PagePlace(tab)
    tab.close()
    site.close()


@pytest.fixture(autouse=True)
def in_the_page(page: PagePlace) -> Iterator[None]:
    """Have the desk opened in the page."""
    token = PLACE.set(page)
    yield
    PLACE.reset(token)


def test_a_sequence_longer_than_the_machine_counts_is_an_error_of_the_snippet_and_one_that_it_counts_is_memory() -> (
    None
):
    error, ended = run("'x' * 10**10").error, run("'x' * 10**9").error
    assert error is not None
    assert error.message == "OverflowError: cannot fit 'int' into an index-sized integer"
    assert ended is not None
    assert ended.kind == "memory"


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    known = {name for module in MODULES for name in vars(module)}
    assert known >= OF_THE_DESKTOP
