"""Journeys in a browser that can't suspend Python: after each answer a run is gone through again from its start.

The stories whose calls, approvals and stand-ins must be made once, however often a run is gone through.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from chromium.driver import Chromium
from chromium.page_code_mode import PagePlace
from chromium.site import PAGE, Site
from chromium.stories import stories_of
from ioconnect_codegen.web.build import Order, made_files
from journeys import test_amelia_reid, test_approval, test_dry_run
from journeys.desk import PLACE

pytestmark = pytest.mark.browser

MODULES: Final = (test_amelia_reid, test_approval, test_dry_run)
WITHOUT_JSPI: Final = "delete WebAssembly.Suspending; delete WebAssembly.promising;"

for made in MODULES:
    globals().update(stories_of(made))


@pytest.fixture(scope="module")
def page(chromium: Chromium, assets_folder: Path) -> Iterator[PagePlace]:
    """Give a page with a built folder, in a browser without promise integration."""
    files = made_files(Order(assets=assets_folder, with_playground=False), progress=lambda _: None)
    site = Site({f"/{path}": data for path, data in files.items()} | {"/page": PAGE})
    profile = chromium.profile()
    profile.prepare(WITHOUT_JSPI)
    place = PagePlace(profile.open(f"{site.url}page"))
    yield place
    place.close()
    profile.close()
    site.close()


@pytest.fixture(autouse=True)
def in_the_page(page: PagePlace) -> Iterator[None]:
    """Have the desk opened in the page."""
    token = PLACE.set(page)
    yield
    PLACE.reset(token)


def test_no_call_of_the_page_has_suspended_python(page: PagePlace) -> None:
    assert page.opened_layers() == {"jspi": False, "mostCalls": 200}
