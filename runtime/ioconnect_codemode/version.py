"""The version of this distribution; the manifest of a generated package names it."""

from __future__ import annotations

VERSION = "0.1.0"
