"""Data that both sides read: JSON Schemas, the message table, example environments.

The files sit beside this module; `read` gives the text of one, `path` its place.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from importlib.abc import FileLoader
    from importlib.machinery import ModuleSpec
    from pathlib import Path

__all__ = ["path", "read"]

_FOLDER = os.path.dirname(__file__)  # noqa: PTH120  # a worker reads a file here, and its start doesn't wait for pathlib


def path(name: str) -> Path:
    """Give the path of a data file, `examples/wealth_desk.environment.json` for instance."""
    from pathlib import Path

    return Path(_FOLDER, name)


def read(name: str) -> str:
    """Give the text of a data file.

    Raises:
        FileNotFoundError: There is no such file.
    """
    loader = cast("FileLoader", cast("ModuleSpec", __spec__).loader)  # of an archive too, as in the browser
    return loader.get_data(f"{_FOLDER}/{name}").decode("utf-8")
