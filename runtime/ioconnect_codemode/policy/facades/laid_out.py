"""Facades about laying text out and comparing it: pprint, difflib, unicodedata, and the class of `string.Template`."""

from __future__ import annotations

import difflib
import pprint
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from ioconnect_codemode.policy.buffers import StringIO
from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.plain import called
from ioconnect_codemode.policy.shown import register_readable

_UNICODE: Final = (
    "normalize",
    "is_normalized",
    "name",
    "lookup",
    "category",
    "combining",
    "decimal",
    "digit",
    "numeric",
)


def pprint_facade() -> Namespace:
    """`pprint`: its functions."""
    return Namespace("pprint", {"pprint": _pprint, "pp": _pp, "pformat": _pformat, "saferepr": _saferepr})


def difflib_facade() -> Namespace:
    """`difflib`: near matches, ratios and differences of lines."""
    return Namespace(
        "difflib",
        {
            "get_close_matches": _get_close_matches,
            "SequenceMatcher": SequenceMatcher,
            "unified_diff": _unified_diff,
            "ndiff": _ndiff,
        },
    )


def unicodedata_facade() -> Namespace:
    """`unicodedata`: its functions of characters."""
    return Namespace("unicodedata", {name: called(getattr(unicodedata, name)) for name in _UNICODE})


@register_readable("template", "substitute", "safe_substitute", "get_identifiers", "is_valid")
class Template:
    """`string.Template`. Its pattern can't be changed."""

    __slots__ = ("_held",)

    def __init__(self, template: object) -> None:
        if not isinstance(template, str):
            raise TypeError("a template is a str")
        self._held = string.Template(str.__str__(template))

    @property
    def template(self) -> str:
        """The text with its places."""
        return self._held.template

    def substitute(self, mapping: Mapping[str, object] | None = None, /, **names: object) -> str:
        """Put values in."""
        return self._held.substitute(*_given(mapping), **names)

    def safe_substitute(self, mapping: Mapping[str, object] | None = None, /, **names: object) -> str:
        """Put values in, and leave places as they are that have none."""
        return self._held.safe_substitute(*_given(mapping), **names)

    def get_identifiers(self) -> list[str]:
        """Name the places."""
        return self._held.get_identifiers()

    def is_valid(self) -> bool:
        """Whether every `$` is a place or doubled."""
        return self._held.is_valid()


def _given(mapping: Mapping[str, object] | None) -> tuple[Mapping[str, object], ...]:
    return () if mapping is None else (mapping,)


@register_readable("ratio", "quick_ratio", "real_quick_ratio", "get_opcodes", "set_seqs")
class SequenceMatcher:
    """`difflib.SequenceMatcher`, without the indexes that it keeps."""

    __slots__ = ("_held",)

    def __init__(
        self,
        isjunk: Callable[[object], bool] | None = None,
        a: Sequence[object] = "",
        b: Sequence[object] = "",
        autojunk: bool = True,
    ) -> None:
        make = cast("Callable[..., difflib.SequenceMatcher[str]]", difflib.SequenceMatcher)
        self._held = make(isjunk, a, b, autojunk)

    def set_seqs(self, a: Sequence[object], b: Sequence[object]) -> None:
        """Compare these."""
        self._held.set_seqs(cast(str, a), cast(str, b))

    def ratio(self) -> float:
        """Give the similarity, from 0 to 1."""
        return self._held.ratio()

    def quick_ratio(self) -> float:
        """Give an upper bound of it."""
        return self._held.quick_ratio()

    def real_quick_ratio(self) -> float:
        """Give an upper bound of it at once."""
        return self._held.real_quick_ratio()

    def get_opcodes(self) -> list[tuple[str, int, int, int, int]]:
        """Give the steps from one to the other."""
        return list(self._held.get_opcodes())


def _get_close_matches(word: str, possibilities: Iterable[str], n: int = 3, cutoff: float = 0.6) -> list[str]:
    return difflib.get_close_matches(word, possibilities, n, cutoff)


def _unified_diff(
    a: Sequence[str],
    b: Sequence[str],
    fromfile: str = "",
    tofile: str = "",
    fromfiledate: str = "",
    tofiledate: str = "",
    n: int = 3,
    lineterm: str = "\n",
) -> Iterator[str]:
    return iter(list(difflib.unified_diff(a, b, fromfile, tofile, fromfiledate, tofiledate, n, lineterm)))


def _ndiff(a: Sequence[str], b: Sequence[str]) -> Iterator[str]:
    return iter(list(difflib.ndiff(a, b)))


def _pformat(
    object: object,
    indent: int = 1,
    width: int = 80,
    depth: int | None = None,
    *,
    compact: bool = False,
    sort_dicts: bool = True,
    underscore_numbers: bool = False,
) -> str:
    return pprint.pformat(
        object,
        indent,
        width,
        depth,
        compact=compact,
        sort_dicts=sort_dicts,
        underscore_numbers=underscore_numbers,
    )


def _pprint(object: object, stream: StringIO | None = None, *args: int, **options: object) -> None:
    current().printer.write_line(cast("Callable[..., str]", _pformat)(object, *args, **options), file=stream)


def _pp(object: object, *args: object, sort_dicts: bool = False, **options: object) -> None:
    cast("Callable[..., None]", _pprint)(object, *args, sort_dicts=sort_dicts, **options)


def _saferepr(object: object) -> str:
    return pprint.saferepr(object)
