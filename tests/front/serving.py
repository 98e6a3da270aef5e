"""`codemode serve` as a process: its command line and its environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from mcp_types import RequestParamsMeta

from ioconnect_codemode.mcp_server import STRUCTURED

AS_DATA = cast("RequestParamsMeta", {STRUCTURED: True})
"""What a call says that wants its outcome as data."""

ROOT = Path(__file__).parents[2]


def serve_arguments(module: str) -> list[str]:
    """Give the arguments of Python that serve the wealth desk with a module of handlers."""
    package = str(ROOT / "generated" / "wealth_desk")
    return ["-m", "ioconnect_codegen", "serve", package, "--embedded", module]


def environment() -> dict[str, str]:
    """Give an environment in which the three packages are found."""
    roots = os.pathsep.join(str(ROOT / name) for name in ("generator", "runtime", "schemas"))
    return {**os.environ, "PYTHONPATH": roots}
