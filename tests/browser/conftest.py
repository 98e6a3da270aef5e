"""Fixtures of the browser's tests: one Chromium, and a site with the engine's files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chromium.driver import Chromium, Profile, why_missing
from chromium.engine_site import engine_files
from chromium.site import Site
from ioconnect_codegen.errors import AssetsError
from ioconnect_codegen.web.assets import DEFAULT_FOLDER, read_assets

ASSETS = Path(__file__).parents[2] / DEFAULT_FOLDER


@pytest.fixture(scope="session")
def assets() -> dict[str, bytes]:
    """Give the third-party files that run in the browser."""
    try:
        return read_assets(ASSETS)
    except AssetsError as error:
        pytest.skip(f"the browser's files are not there (make web): {str(error)[:300]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """Give a running Chromium."""
    missing = why_missing()
    if missing is not None:
        pytest.skip(missing)
    browser = Chromium()
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def profile(chromium: Chromium) -> Iterator[Profile]:
    """Give a profile that tests share: the snapshot that the first of them makes is there for the others."""
    made = chromium.profile()
    yield made
    made.close()


@pytest.fixture(scope="session")
def site(assets: dict[str, bytes]) -> Iterator[Site]:
    """Give a site with the engine, its assets and an empty page."""
    made = Site(engine_files(assets, ASSETS))
    yield made
    made.close()


@pytest.fixture(scope="session")
def assets_folder(assets: dict[str, bytes]) -> Path:
    """Give the folder that holds them."""
    return ASSETS
