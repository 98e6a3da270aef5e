"""Reading arguments as apps do: each reader gives the value in the asked type, or says plainly what is wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from ioconnect_codegen.wealth_desk.desk import Arguments


def text(arguments: Arguments, key: str) -> str:
    """Give a text that has to be there.

    Raises:
        ValueError: It is absent, empty or no text.
    """
    value = arguments.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{key} is missing")
    return value


def text_or_none(arguments: Arguments, key: str) -> str | None:
    """Give a text, or None where it is absent or null."""
    return None if arguments.get(key) is None else text(arguments, key)


def texts(arguments: Arguments, key: str) -> list[str]:
    """Give the texts of a list, none where it is absent."""
    value = arguments.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def number(arguments: Arguments, key: str) -> float:
    """Give a number that has to be there.

    Raises:
        ValueError: It is absent or no number.
    """
    value = arguments.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{key} is no number")
    return value


def number_or_none(arguments: Arguments, key: str) -> float | None:
    """Give a number, or None where it is absent or null."""
    return None if arguments.get(key) is None else number(arguments, key)


def count(arguments: Arguments, key: str, default: int) -> int:
    """Give a whole number."""
    return default if arguments.get(key) is None else int(number(arguments, key))


def day(arguments: Arguments, key: str) -> str | None:
    """Give a day as `2026-03-16`, from ISO text or from milliseconds since 1970; None where it is absent."""
    value = arguments.get(key)
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value / 1000, UTC).date().isoformat()
    return None if value is None else text(arguments, key)[:10]
