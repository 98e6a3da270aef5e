"""Debian's Chromium, as the tests start it."""

from __future__ import annotations

import shutil

FLAGS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-popup-blocking"]
"""In a container Chromium has neither the rights for its own sandbox nor room in /dev/shm; apps open as pop-ups."""

_NAMES = ("chromium", "chromium-browser", "google-chrome")


def executable() -> str | None:
    """Give the path of the browser, None where there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)
