"""JSON values: the only values that cross between worker and host, and their limits."""

from __future__ import annotations

from typing import TypeAlias

JsonValue: TypeAlias = "None | bool | int | float | str | list[JsonValue] | dict[str, JsonValue]"
"""A value as `json.loads` gives it. NaN and the infinities are not JSON and never appear."""
