"""Formatting in host code: format specs with a bounded width, and `str.format` whose fields go through the guard."""

from __future__ import annotations

import re
import string
from _string import formatter_field_name_split  # type: ignore[import-not-found]  # pyright: ignore
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final, Protocol, cast

WIDTH_DIGITS: Final = 4
"""A width or precision below 10,000 lays out any table; beyond it a spec is only a way to fill memory."""

SPEC_LIMIT_CHARACTERS: Final = 200

_TOO_WIDE: Final = re.compile(rf"[0-9]{{{WIDTH_DIGITS + 1},}}")
_TOO_WIDE_PERCENT: Final = re.compile(
    rf"%(?:\([^)]*\))?[-+ #0]*(?:[0-9]{{{WIDTH_DIGITS + 1},}}|[0-9*]*\.[0-9]{{{WIDTH_DIGITS + 1},}})"
)
_CONVERSIONS: Final[Mapping[int, Callable[[object], str]]] = {ord("s"): str, ord("r"): repr, ord("a"): ascii}


class _Indexed(Protocol):
    def __getitem__(self, key: str | int) -> object: ...


def _split(field_name: str) -> tuple[int | str, list[tuple[bool, str | int]]]:
    """Split `a.b[c]` with the function that `str.format` itself uses: into `a` and the steps behind it."""
    split = cast("Callable[[str], tuple[int | str, Iterable[tuple[bool, str | int]]]]", formatter_field_name_split)
    first, rest = split(field_name)
    return first, list(rest)


def is_bounded(spec: str) -> bool:
    """Whether a format spec asks for no more room than a table needs."""
    return len(spec) <= SPEC_LIMIT_CHARACTERS and not _TOO_WIDE.search(spec)


def is_bounded_percent(text: str | bytes) -> bool:
    """Whether the fields of a `%` template ask for no more room than a table needs."""
    plain = text.decode("latin-1") if isinstance(text, bytes) else text
    return not _TOO_WIDE_PERCENT.search(plain)


def format_value(value: object, conversion: int, spec: str) -> str:
    """Do what an f-string's replacement field with a spec does. `conversion` is as in `ast.FormattedValue`."""
    if type(spec) is not str:
        raise TypeError("a format spec must be a str")
    if not is_bounded(spec):
        raise ValueError(f"a format spec takes widths of up to {WIDTH_DIGITS} digits")
    if conversion in _CONVERSIONS:
        value = _CONVERSIONS[conversion](value)
    return format(value, spec)


class GuardedFormatter(string.Formatter):
    """`str.format` whose attribute fields are read by a guard."""

    def __init__(self, read: Callable[[object, str], object]) -> None:
        self._read = read

    def get_field(
        self, field_name: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> tuple[object, str | int]:
        """Follow `a.b[c]` from the arguments; `.b` through the guard."""
        first, rest = _split(field_name)
        value: object = self.get_value(first, args, kwargs)
        for is_attribute, key in rest:
            value = self._read(value, str(key)) if is_attribute else cast(_Indexed, value)[key]
        return value, first

    def get_value(self, key: int | str, args: Sequence[object], kwargs: Mapping[str, object]) -> object:
        """Give the argument of a field, and say as `str.format` does that there is none of that number."""
        if isinstance(key, int) and key >= len(args):
            raise IndexError(f"Replacement index {key} out of range for positional args tuple")
        return cast("object", super().get_value(key, args, kwargs))

    def format_field(self, value: object, format_spec: str) -> str:
        """Format one field within the width limit."""
        return format_value(value, -1, format_spec)

    def bound(self, text: str, method: str) -> Callable[..., str]:
        """Give what replaces the method `format` or `format_map` of a text."""
        template = str.__str__(text)
        if method == "format":
            return lambda *args, **kwargs: self.vformat(template, args, kwargs)

        def call(mapping: Mapping[str, object]) -> str:
            return self.vformat(template, (), mapping)

        return call

    def unbound(self, method: str) -> Callable[..., str]:
        """Give what replaces `str.format` or `str.format_map` read from the class."""

        def call(text: object, *args: object, **kwargs: object) -> str:
            if not isinstance(text, str):
                raise TypeError(f"str.{method} needs a str, not {type(text).__name__}")
            return self.bound(text, method)(*args, **kwargs)

        return call
