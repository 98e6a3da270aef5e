"""The base of a snippet's JSON encoders: `class Encoder(json.JSONEncoder)` with a `default` method."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from ioconnect_codemode.policy.shown import register_readable


@register_readable("default", "encode", "iterencode")
class JSONEncoder:
    """`json.JSONEncoder`: what it can't encode it asks `default` for. Nothing else of the original is there."""

    _options: Mapping[str, object] = MappingProxyType({})

    def __init__(
        self,
        *,
        skipkeys: bool = False,
        ensure_ascii: bool = True,
        check_circular: bool = True,
        allow_nan: bool = True,
        sort_keys: bool = False,
        indent: int | str | None = None,
        separators: tuple[str, str] | None = None,
        default: Callable[[object], object] | None = None,
    ) -> None:
        _check(self)  # `Encoder.__init__` is a function that can be called on anything
        self._options = {
            "skipkeys": skipkeys,
            "ensure_ascii": ensure_ascii,
            "check_circular": check_circular,
            "allow_nan": allow_nan,
            "sort_keys": sort_keys,
            "indent": indent,
            "separators": separators,
            **({} if default is None else {"default": default}),
        }

    def default(self, o: object) -> object:
        """Give what stands for a value that JSON has no form for.

        Raises:
            TypeError: Nothing does.
        """
        raise TypeError(f"Object of type {type(o).__name__} is not JSON serializable")

    def encode(self, o: object) -> str:
        """Give the text."""
        _check(self)
        return json.dumps(o, **{"default": self.default, **self._options})  # type: ignore[arg-type]  # from `__init__`

    def iterencode(self, o: object) -> Iterator[str]:
        """Give the text as its one part."""
        _check(self)
        return iter([self.encode(o)])


def _check(encoder: object) -> None:
    if not isinstance(encoder, JSONEncoder):
        raise TypeError("this is a method of encoders")
