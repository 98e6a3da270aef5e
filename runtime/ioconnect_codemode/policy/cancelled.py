"""The exception that a cancelled wait ends in."""

from __future__ import annotations


class CancelledError(BaseException):
    """What `asyncio.CancelledError` is in a snippet."""
