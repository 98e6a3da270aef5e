"""Limits of a run, with their defaults and why they are what they are."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import cast

from ioconnect_codemode.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one run may use. All limits are enforced by the host; a snippet can't catch or raise them.

    Attributes:
        timeout_s: Seconds the snippet itself may run; waiting for apps doesn't count.
        total_s: Seconds from the first byte to the outcome, waiting for apps included.
        call_timeout_s: Seconds one call may wait for its app.
        memory_bytes: Address space of the worker, where the platform can limit it.
        calls: Bridge calls in one run.
        calls_at_once: Bridge calls that may wait for apps at the same time; further ones queue.
        call_bytes: Size of one frame from the worker: the arguments of its calls, or its outcome.
        value_characters: Size of the value in an outcome, as compact JSON; more is shown as a preview.
        printed_characters: Size of the printed text in an outcome.
        code_bytes: Size of a snippet, in UTF-8.
    """

    timeout_s: float = 10.0
    total_s: float = 60.0
    call_timeout_s: float = 30.0  # what io.Connect's own client library waits for a method's response
    memory_bytes: int = 512 * 1024 * 1024
    calls: int = 1000
    calls_at_once: int = 32
    call_bytes: int = 8 * 1024 * 1024  # 10,000 records of 12 fields are 3.9 MB of JSON
    value_characters: int = 20_000
    printed_characters: int = 4_000
    code_bytes: int = 64 * 1024

    def __post_init__(self) -> None:
        for item in fields(self):
            value: object = getattr(self, item.name)
            is_seconds = item.name.endswith("_s")
            is_number = isinstance(value, (int, float) if is_seconds else int) and not isinstance(value, bool)
            if not is_number or not 0 < cast("float", value) < math.inf:
                kind = "number" if is_seconds else "whole number"
                raise UsageError(f"{item.name} must be a {kind} above 0, not {repr(value)[:40]}")
