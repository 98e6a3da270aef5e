"""The wealth desk: handlers for every method and intent of the example environment, over made-up data.

`codemode demo` and the embedded transport run on it. The data comes from a seeded generator, so a desk of the same
seed and size always holds the same clients; notes are really added and orders really placed, within one desk.
"""

from __future__ import annotations

from ioconnect_codegen.wealth_desk.handlers import handlers, make_handlers

__all__ = ["handlers", "make_handlers"]
