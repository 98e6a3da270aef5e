"""The version of the generator: what a manifest and the header of every generated module name."""

from __future__ import annotations

VERSION = "0.1.0"
"""The distribution's version; a test holds it to `pyproject.toml`."""
