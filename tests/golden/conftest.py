"""The option that writes golden packages again, for a person to review in the diff."""

from __future__ import annotations

import os

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--update-golden`."""
    parser.addoption("--update-golden", action="store_true", help="write the expected packages again")


@pytest.fixture
def update_golden(pytestconfig: pytest.Config) -> bool:
    """Tell whether expected packages are to be written; never in CI, where nobody reviews the diff."""
    wanted = bool(pytestconfig.getoption("--update-golden", default=False))
    if wanted and os.environ.get("CI"):
        pytest.fail("--update-golden is for a person at a desk")
    return wanted
