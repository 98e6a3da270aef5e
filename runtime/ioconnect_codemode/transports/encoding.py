"""How values travel in io.Connect: JSON that mostly JavaScript apps write and read.

- A list, a text, a number or `true` that a JavaScript app answers arrives as `{"_value": x}`. `false`, `0`, `""` and
  `null` have become `{}` before they leave the app: nobody can tell them apart afterwards.
- A date is the text `#T42_DATE#` and milliseconds since 1970, at any depth. A JavaScript receiver makes a date of every
  such text, so arguments may use it too.
- Whole numbers beyond 2**53-1 change silently on the way, NaN and the infinities are not JSON.
- `@interopio/fdc3` wraps FDC3 contexts, in both directions.

Walks are loops, not recursion: how deep an answer is nested is the app's choice.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from ioconnect_codemode.errors import AppError, ArgumentError
from ioconnect_codemode.values import JsonValue

LARGEST_WHOLE_NUMBER = 2**53 - 1
"""JavaScript's `Number.MAX_SAFE_INTEGER`."""

APP_ERROR_CHARACTERS = 2_000
"""An app's error text is for a person or a model to read; beyond this it is a dump."""

_MARK = "#T42_DATE#"
_DATE = re.compile(r"#T42_DATE#(-?[0-9]{1,16})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def refuse_lossy_numbers(arguments: Mapping[str, JsonValue]) -> None:
    """Refuse numbers that would not arrive as they are.

    Raises:
        ArgumentError: With the path of the first such number.
    """
    pending: list[tuple[str, JsonValue]] = list(_children("", arguments))
    while pending:
        path, value = pending.pop()
        if isinstance(value, int) and abs(value) > LARGEST_WHOLE_NUMBER:
            raise ArgumentError(
                f"{path} is a whole number beyond 2**53-1, which JavaScript apps do not keep exact. Nothing was sent; "
                "use a str where the app takes one."
            )
        if isinstance(value, float) and not math.isfinite(value):
            raise ArgumentError(f"{path} is {value}, which JSON does not have. Nothing was sent; use a finite number.")
        if isinstance(value, dict | list):
            pending.extend(_children(path, value))


def may_have_dates(frame: str) -> bool:
    """Tell whether there may be a date in a frame: most have none, and need not be looked at value by value."""
    return _MARK in frame or "\\u00" in frame  # an escape may hide any character of the mark


def decode_result(result: JsonValue, *, has_dates: bool = True) -> JsonValue:
    """Give an app's result as plain JSON: dates as ISO 8601 text in UTC, a lone `_value` unwrapped.

    The containers of `result` are changed in place. Without dates in it, nothing is looked for.
    """
    holder: list[JsonValue] = [result]
    if has_dates:
        _decode_dates(holder)
    match holder[0]:
        case {"_value": value, **rest} if not rest:
            return value
        case decoded:
            return decoded


def _decode_dates(holder: list[JsonValue]) -> None:
    pending: list[list[JsonValue] | dict[str, JsonValue]] = [holder]
    while pending:
        container = pending.pop()
        if isinstance(container, dict):
            for key, value in container.items():
                if isinstance(value, str):
                    container[key] = _decode_text(value)
                elif isinstance(value, dict | list):
                    pending.append(value)
        else:
            for index, value in enumerate(container):
                if isinstance(value, str):
                    container[index] = _decode_text(value)
                elif isinstance(value, dict | list):
                    pending.append(value)


def wrap_fdc3_context(context: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give an FDC3 context the form in which io.Connect's FDC3 library sends it.

    Raises:
        ArgumentError: The context has no `type`.
    """
    context_type = context.get("type")
    if not isinstance(context_type, str):
        raise ArgumentError('An FDC3 context needs its type, such as "fdc3.contact". Nothing was sent.')
    return {"type": context_type, "data": dict(context)}


def unwrap_fdc3_result(result: JsonValue) -> JsonValue:
    """Give the context or the channel inside an FDC3 handler's result; any other result is given as it is.

    A channel is given as what FDC3 says of one: `id`, `type`, and `displayMetadata` where it has any.

    Raises:
        AppError: The handler failed.
    """
    match result:
        case {"fdc3intentContext": {"payload": payload}}:
            return payload
        case {"fdc3intentChannel": channel}:
            return channel
        case {"fdc3error": error}:
            raise app_error(_fdc3_error_text(error))
        case _:
            return result


def app_error(text: object) -> AppError:
    """Give an app's error with its own text, bounded."""
    if not isinstance(text, str) or not text.strip():
        return AppError("The app failed and gave no reason.")
    if len(text) > APP_ERROR_CHARACTERS:
        text = f"{text[: APP_ERROR_CHARACTERS - 1]}…"
    return AppError(text)


def _children(path: str, value: Mapping[str, JsonValue] | list[JsonValue]) -> Iterable[tuple[str, JsonValue]]:
    if isinstance(value, list):
        return ((f"{path}[{index}]", item) for index, item in enumerate(value))
    return ((f"{path}.{key}" if path else key, item) for key, item in value.items())


def _decode_text(text: str) -> str:
    if not (found := _DATE.fullmatch(text)):
        return text
    try:
        moment = _EPOCH + timedelta(milliseconds=int(found[1]))
    except OverflowError:  # JavaScript's years reach further than Python's
        return text
    timespec = "milliseconds" if moment.microsecond else "seconds"
    return moment.replace(tzinfo=None).isoformat(timespec=timespec) + "Z"


def _fdc3_error_text(error: JsonValue) -> str:
    parts = [error.get("message"), error.get("reason")] if isinstance(error, dict) else [error]
    return ": ".join(part for part in parts if isinstance(part, str))
