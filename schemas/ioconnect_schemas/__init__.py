"""Data that both sides read: JSON Schemas, the message table, example environments.

The files sit beside this module; `read` gives the text of one, `path` its place.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["path", "read"]

_FOLDER = Path(__file__).parent


def path(name: str) -> Path:
    """Give the path of a data file, `examples/wealth_desk.environment.json` for instance."""
    return _FOLDER / name


def read(name: str) -> str:
    """Give the text of a data file.

    Raises:
        FileNotFoundError: There is no such file.
    """
    return path(name).read_text(encoding="utf-8")
