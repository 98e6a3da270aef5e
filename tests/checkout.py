"""The checkout that tests run commands of, in a process of their own."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).parents[1]


def environment(**further: str) -> dict[str, str]:
    """Give this process's environment, with the three packages on Python's path and further variables."""
    roots = os.pathsep.join(str(ROOT / name) for name in ("generator", "runtime", "schemas"))
    return {**os.environ, "PYTHONPATH": roots, **further}
