"""A real gateway and a real io.Connect app, and a desktop with a platform in Chromium: one of each for the whole run.

Without Node, its packages or Chromium, the tests that need them are skipped with what to run.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from live.processes import NodeProcess, running, what_a_desktop_misses, what_is_missing


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


@pytest.fixture(scope="session")
def desktop() -> Iterator[NodeProcess]:
    """A platform and its apps in Chromium, on a gateway of its own, with the user `dev`."""
    if missing := what_a_desktop_misses():
        pytest.skip(missing)
    with running("desktop.py") as made:
        yield made


@pytest.fixture(scope="session")
def desktop_url(desktop: NodeProcess) -> str:
    """The url of its gateway."""
    return desktop.facts["url"]


@pytest.fixture(scope="session")
def agent_url(node: None) -> Iterator[str]:
    """The address of an FDC3 desktop agent, with the identity that its directory knows this project by."""
    with running("fdc3_agent.mjs") as agent:
        yield f"fdc3+{agent.facts['url']}#https://apps.example/codemode"
