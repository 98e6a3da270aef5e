"""A real gateway and a real io.Connect app, one of each for the whole run.

Without Node, or without its packages, the tests that need them are skipped with what to run.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from live.processes import running, what_is_missing


@pytest.fixture(scope="session")
def node() -> None:
    """Skips where the scripts of this folder can't run."""
    if missing := what_is_missing():
        pytest.skip(missing)


@pytest.fixture(scope="session")
def gateway_url(node: None) -> Iterator[str]:
    """The url of a running gateway."""
    with running("gateway.mjs") as gateway:
        yield gateway.facts["url"]


@pytest.fixture(scope="session")
def crm_app(gateway_url: str) -> Iterator[str]:
    """The application name of a CRM that is connected to the gateway as the user `dev`."""
    with running("crm_app.mjs", "--url", gateway_url) as app:
        yield app.facts["application"]
