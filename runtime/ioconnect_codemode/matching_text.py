"""Text that a pattern matches: the shortest that Python's own reading of the pattern leads to, for stand-ins."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, cast

_MOST_CHARACTERS: Final = 1_000
_CANDIDATES: Final = "a0A1b-_. /:@"
_Part = tuple[object, object]


def text_like(pattern: str) -> str | None:
    """Give a text in which the pattern is found; None where none is easily made."""
    try:
        compiled = re.compile(pattern)
        text = _Text().of(_parts(pattern))
    except (re.error, RecursionError, OverflowError, _TooHard):
        return None
    return text if compiled.search(text) else None


class _TooHard(Exception):
    """The pattern has a part that this room doesn't know, or asks for very much text."""


class _Text:
    """Makes text part by part; what groups have matched is kept for references to them."""

    def __init__(self) -> None:
        self._groups: dict[int, str] = {}

    def of(self, parts: Iterable[_Part]) -> str:
        text = "".join(self._part(str(kind), given) for kind, given in parts)
        if len(text) > _MOST_CHARACTERS:
            raise _TooHard
        return text

    def _part(self, kind: str, given: object) -> str:
        match kind:
            case "LITERAL":
                return chr(cast("int", given))
            case "ANY":
                return "a"
            case "AT" | "ASSERT_NOT":
                return ""
            case "IN" | "NOT_LITERAL" | "CATEGORY":
                return _one_of(kind, given)
            case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
                least, _, inner = cast("tuple[int, int, Iterable[_Part]]", given)
                if least > _MOST_CHARACTERS:
                    raise _TooHard
                return "".join(self.of(inner) for _ in range(least))
            case "SUBPATTERN":
                number, _, _, inner = cast("tuple[int | None, int, int, Iterable[_Part]]", given)
                text = self.of(inner)
                if number is not None:
                    self._groups[number] = text
                return text
            case "BRANCH":
                return self.of(cast("tuple[object, list[Iterable[_Part]]]", given)[1][0])
            case "ATOMIC_GROUP":
                return self.of(cast("Iterable[_Part]", given))
            case "GROUPREF":
                return self._groups.get(cast("int", given), "")
            case _:
                raise _TooHard


def _one_of(kind: str, given: object) -> str:
    """Give a character of a class: the first of a few plain ones that fits, else the first that the class names."""
    items = cast("list[_Part]", given) if kind == "IN" else [(kind, given)]
    plain = next((one for one in _CANDIDATES if _fits(one, items)), None)
    if plain is not None:
        return plain
    for name, value in items:
        if str(name) in ("LITERAL", "RANGE"):
            code = value if str(name) == "LITERAL" else cast("tuple[int, int]", value)[0]
            return chr(cast("int", code))
    raise _TooHard


def _fits(character: str, items: Iterable[_Part]) -> bool:
    is_negated, found = False, False
    for kind, value in items:
        match str(kind):
            case "NEGATE":
                is_negated = True
            case "LITERAL":
                found = found or value == ord(character)
            case "NOT_LITERAL":
                found = found or value != ord(character)
            case "RANGE":
                low, high = cast("tuple[int, int]", value)
                found = found or low <= ord(character) <= high
            case "CATEGORY":
                found = found or re.fullmatch(_CATEGORIES[str(value)], character) is not None
            case _:
                raise _TooHard
    return found is not is_negated


_CATEGORIES: Final = {
    "CATEGORY_DIGIT": r"\d",
    "CATEGORY_NOT_DIGIT": r"\D",
    "CATEGORY_SPACE": r"\s",
    "CATEGORY_NOT_SPACE": r"\S",
    "CATEGORY_WORD": r"\w",
    "CATEGORY_NOT_WORD": r"\W",
}


def _parts(pattern: str) -> Iterable[_Part]:
    parser = getattr(re, "_parser")  # noqa: B009 - `re.sre_parse` of old; not in the type stubs
    return cast("Iterable[_Part]", parser.parse(pattern))
