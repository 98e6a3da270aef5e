"""The journeys are made in a page as well: the same stories, the same asserts, Chromium in the place of worker processes.

Every story of the modules below is made here, a new one too; those that speak of what only a desktop has are named.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from chromium.driver import Profile
from chromium.page_code_mode import PagePlace
from chromium.site import PAGE, Site
from chromium.stories import OF_THE_DESKTOP, stories_of
from ioconnect_codegen.web.build import Order, made_files
from journeys import test_amelia_reid, test_approval, test_dry_run, test_failures, test_hints, test_slips
from journeys.desk import PLACE, run

pytestmark = pytest.mark.browser

MODULES: Final = (test_amelia_reid, test_approval, test_dry_run, test_failures, test_hints, test_slips)
for made in MODULES:
    globals().update(stories_of(made))


@pytest.fixture(scope="module")
def page(profile: Profile, assets_folder: Path) -> Iterator[PagePlace]:
    """Give a page with a built folder."""
    made = made_files(Order(assets=assets_folder, with_playground=False), progress=lambda _: None)
    site = Site({f"/{path}": data for path, data in made.items()} | {"/page": PAGE})
    place = PagePlace(profile.open(f"{site.url}page"))
    yield place
    place.close()
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
