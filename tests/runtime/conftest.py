"""Fixtures of the runtime's tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from ioconnect_codemode.manifest import Manifest
from runtime.packages import write_package  # noqa: TID251 - the tests of the runtime, not its sources


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """Give the folder of a small generated package."""
    return write_package(tmp_path)


@pytest.fixture
def manifest(package: Path) -> Manifest:
    """Give the manifest of the small package."""
    return Manifest.read(package)
