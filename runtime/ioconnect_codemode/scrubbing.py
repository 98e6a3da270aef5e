"""Scrubbing: the masked values of one run, and the texts and values without them.

1. Under a masked key a value is masked whatever it is: in a value, in a printed dict, JSON text or dataclass.
2. Elsewhere a text of nine letters and digits or more is found inside any text, ignoring case, separators and escapes;
   and the beginning of a longer one, from 32 on: what is shown of a long text is mostly its beginning.
3. One of four to eight is found as a whole word; a number of six digits or more as a whole number, however grouped or
   padded.
4. A text that is a number is found as a number too; one that is a date or a time in ISO 8601 as Python prints it, and a
   date as people write it: `2 March 1975`, `02.03.1975`, `03/02/1975`.
5. What is shorter, a small number, a truth value or a choice is masked under its key only: `5` and `true` are everywhere.

Everything is linear in what leaves and in the values of the run. What this can't find is in `docs/boundaries.md`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Final

from ioconnect_codemode.records import MASKED
from ioconnect_codemode.traces import DIGITS, SHORT, Traces, letters_of, significant_digits
from ioconnect_codemode.values import JsonValue

_MARGIN: Final = 512  # characters behind a cut that are looked at too, so that a value across it is found
_LITERAL: Final = (
    r"""(\\++(["'])(?:[^\\\n]++|\\++(?!\5))*+\\++\5|"(?:[^"\\]|\\.)*+"|'(?:[^'\\]|\\.)*+'|-?\d[\d.eE+-]*|\w+)"""
)
"""What stands behind a key. Nothing in it is gone through twice: a snippet may print what it likes."""


class MaskedValues:
    """The masked values that a run has seen.

    Args:
        anywhere: Keys under which everything is masked.
        names: Wire key to the names that a snippet may give it.

    Attributes:
        fields: The masked fields that came, `Client.taxId` or `*.iban`.
        count: How many values have been masked in what left.
    """

    def __init__(self, *, anywhere: frozenset[str], names: Mapping[str, Iterable[str]]) -> None:
        self.fields: set[str] = set()
        self.count = 0
        self._anywhere = anywhere
        self._names = names
        self._by_key: dict[str, set[str]] = {}
        self._texts: set[str] = set()
        self._numbers: set[int | float] = set()
        self._made: tuple[re.Pattern[str], Traces] | None = None

    def add(self, key: str, value: JsonValue, *, label: str, is_choice: bool) -> None:
        """Note a masked value; of a list or an object, everything in it."""
        if value is None or value == MASKED:
            return
        self.fields.add(label)
        self._made = None
        waiting: list[tuple[str, JsonValue]] = [(key, value)]
        while waiting:
            inner, item = waiting.pop()
            if isinstance(item, dict):
                waiting.extend(item.items())
            elif isinstance(item, list):
                waiting.extend((inner, one) for one in item)
            elif item is not None:
                self._note({key, inner}, item, is_choice=is_choice)

    def _note(self, keys: set[str], value: str | float, *, is_choice: bool) -> None:
        token = _token(value)
        for key in keys:
            for name in (key, *self._names.get(key, ())):
                self._by_key.setdefault(name, set()).add(token)
        if isinstance(value, str):
            if not is_choice:
                self._texts.add(value)
        elif not isinstance(value, bool):
            self._numbers.add(value)

    def is_masked(self, key: str | None, value: JsonValue) -> bool:
        """Whether a value is masked by the key that it stands under."""
        if key is None or value is None or value == MASKED:
            return False
        if key in self._anywhere:
            return True
        return not isinstance(value, (dict, list)) and _token(value) in self._by_key.get(key, ())

    # -- what leaves ---------------------------------------------------------------------------------------------

    def value(self, value: JsonValue, key: str | None = None) -> JsonValue:
        """Give a value without the masked ones.

        Args:
            value: What leaves.
            key: The key that it stands under.
        """
        if self.is_masked(key, value):
            self.count += 1
            return MASKED
        match value:
            case str():
                return self.text(value)
            case dict():
                return self._object(value)
            case list():
                return [self.value(item, key) for item in value]
            case bool() | None:
                return value
            case _:
                return self._number(value)

    def text(self, text: str, *, is_cut: bool = False) -> str:
        """Give a text without the masked values.

        Args:
            text: What leaves.
            is_cut: It is the beginning of a longer text: the beginning of a value at its end is masked too.
        """
        if not self._by_key and not self._anywhere:
            return text
        if text in self._texts and len(letters_of(text)) >= SHORT:
            self.count += 1
            return MASKED  # as a whole, with the signs around it
        keyed, traces = self._sought
        text = keyed.sub(self._under_key, text)
        spans = traces.spans(text, is_cut=is_cut)
        if not spans:
            return text
        self.count += len(spans)
        parts: list[str] = []
        end = 0
        for start, stop in spans:
            parts += (text[end:start], MASKED)
            end = stop
        return "".join([*parts, text[end:]])

    def beginning(self, text: str, characters: int, *, is_cut: bool = False) -> str:
        """Give at most so many characters of a text, without the masked values."""
        if len(text) <= characters:
            return self.text(text, is_cut=is_cut)
        return self.text(text[: characters + _MARGIN], is_cut=True)[:characters]

    def _object(self, value: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
        shown: dict[str, JsonValue] = {}
        for key, item in value.items():
            name = self.text(key)
            if name != key and name in shown:  # two masked keys: both entries stay
                name = f"{name} {sum(one.startswith(name) for one in shown) + 1}"
            shown[name] = self.value(item, key)
        return shown

    def _number(self, value: float) -> JsonValue:
        if significant_digits(value) < DIGITS or (
            value not in self._numbers and not self._sought[1].spans(repr(value))
        ):
            return value
        self.count += 1
        return MASKED

    def _under_key(self, found: re.Match[str]) -> str:
        quote, key, between, literal = found.group(1, 2, 3, 4)
        if literal in ("None", "null") or MASKED in literal:
            return found[0]
        if key not in self._anywhere and _token_of_literal(literal) not in self._by_key.get(key, ()):
            return found[0]
        self.count += 1
        around = _quote_of(literal) or quote
        return f"{quote}{key}{quote}{between}{around}{MASKED}{around}"

    @property
    def _sought(self) -> tuple[re.Pattern[str], Traces]:
        """What is looked for: a masked key with the literal behind it, and the values wherever they stand."""
        if self._made is None:
            keys = sorted(self._anywhere | self._by_key.keys(), key=len, reverse=True)
            either = "|".join(map(re.escape, keys)) or r"(?!)"
            keyed = re.compile(rf"""(?<![\w\\-])(\\*+["']?+)({either})\1(\s*+[:=]\s*+){_LITERAL}""")
            self._made = keyed, Traces.of(self._texts, self._numbers)
        return self._made


def _token(value: str | float) -> str:
    """Give a value as it is compared under a key: truth values are no numbers, 5.0 is 5, case and edges don't count."""
    if isinstance(value, str):
        return f"'{value.strip().casefold()}"
    if isinstance(value, bool):
        return str(value).lower()
    return repr(int(value)) if isinstance(value, float) and value.is_integer() else repr(value)


def _quote_of(literal: str) -> str:
    """Give what a literal in a text begins with: its quotation mark and the backslashes before it."""
    escapes = len(literal) - len(literal.lstrip("\\"))
    return literal[: escapes + 1] if literal[escapes] in "\"'" else ""


def _token_of_literal(literal: str) -> str:
    quote = _quote_of(literal)
    if quote:
        return _token(_unescaped(literal[len(quote) : -len(quote)]))
    if literal in ("True", "False", "true", "false"):
        return literal.lower()
    try:
        return _token(float(literal) if any(one in literal for one in ".eE") else int(literal))
    except ValueError:
        return _token(literal)


def _unescaped(text: str) -> str:
    try:
        return str(json.loads(f'"{text}"'))
    except ValueError:
        return text.replace("\\", "")
