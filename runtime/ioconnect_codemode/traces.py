"""Where masked values stand in a text: the forms that they may be written in, and what finds them.

The numbers in rules 2 to 4 of `scrubbing.py` are here.
"""

from __future__ import annotations

import bisect
import datetime
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

_LONG: Final = 9  # of 10,000 values of nine digits one in 20,000 characters of other digits agrees by accident: 0.2
_PART: Final = 32  # an unmasked text begins like a masked one by accident, "Dear Ms Reid, thank you", and less long so
SHORT: Final = 4
"""Letters and digits without which a text is masked under its key only."""
DIGITS: Final = 6
"""Digits without which a number is."""
_WORD: Final = re.compile(r"[^\W_]+")
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?", re.ASCII)
_EPOCH: Final = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_MONTHS: Final = (  # in the language of a snippet, whatever the host's is
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_GROUPING: Final = frozenset(",._'’\u00a0\u202f")


@dataclass(frozen=True, kw_only=True)
class Traces:
    """What is looked for in texts.

    Attributes:
        starts: First nine characters of the long values.
        long: The long values: letters and digits only, in lower case.
        short: The short ones in the same form; `lengths` has their lengths.
        numbers: Numbers as digits; `digits` has their lengths.
    """

    long: frozenset[str]
    starts: frozenset[str]
    short: frozenset[str]
    lengths: tuple[int, ...]
    numbers: frozenset[str]
    digits: tuple[int, ...]

    @classmethod
    def of(cls, texts: Iterable[str], numbers: Iterable[int | float]) -> Traces:
        """Give what is looked for of these values."""
        forms = set[str]()
        values = set[float](numbers)
        for text in texts:
            forms |= _forms(text)
            if _ISO.fullmatch(text):
                forms |= _forms_of_time(text, values)
            elif _DECIMAL.fullmatch(text):
                values.add(float(text) if "." in text else int(text))
        long = frozenset(form for form in forms if len(form) >= _LONG)
        short = frozenset(form for form in forms if SHORT <= len(form) < _LONG)
        digits = frozenset(form for number in values for form in _number_forms(number))
        return cls(
            long=long,
            starts=frozenset(form[:_LONG] for form in long),
            short=short,
            lengths=_lengths(short),
            numbers=digits,
            digits=_lengths(digits),
        )

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.long)

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self.long), default=0)

    def spans(self, text: str, *, is_cut: bool = False) -> list[tuple[int, int]]:
        """Give where masked values stand, in order, without overlaps."""
        if not self.long and not self.short and not self.numbers:
            return []
        plain = _Plain(text)
        found = [*self._long_spans(plain), *self._whole_spans(plain)]
        if is_cut and (start := self._unfinished(plain.letters)) is not None:
            found.append((plain.place(start), len(text)))
        return _joined(found)

    def _long_spans(self, plain: _Plain) -> Iterator[tuple[int, int]]:
        letters, starts = plain.letters, self.starts
        place, last = 0, len(letters) - _LONG
        while place <= last:
            if letters[place : place + _LONG] in starts and (length := self._length_at(letters, place)):
                yield plain.place(place), plain.place(place + length - 1) + 1
                place += length - 1
            place += 1

    def _length_at(self, letters: str, place: int) -> int:
        """Give the length of the long value that stands there, or of as much of its beginning as tells; 0 for none."""
        there = letters[place : place + self._longest]
        index = bisect.bisect_right(self._sorted, there)
        shared = max(_shared(there, one) for one in self._sorted[max(0, index - 1) : index + 1])
        if shared >= _PART:
            return shared
        return next((length for length in range(shared, _LONG - 1, -1) if there[:length] in self.long), 0)

    def _whole_spans(self, plain: _Plain) -> Iterator[tuple[int, int]]:
        if not self.lengths and not self.digits:
            return
        ends = {end: index for index, end in enumerate(plain.ends)}
        for first, start in enumerate(plain.starts):
            padded = plain.zeros(first)
            for lengths, values, gaps in ((self.digits, self.numbers, _GROUPING), (self.lengths, self.short, None)):
                for begin in (start, start + padded) if padded and gaps else (start,):
                    for length in lengths:
                        last = ends.get(begin + length)
                        if last is None or plain.letters[begin : begin + length] not in values:
                            continue
                        if all(plain.is_gap(index, gaps) for index in range(first, last)):
                            yield plain.place(start), plain.place(begin + length - 1) + 1

    def _unfinished(self, letters: str) -> int | None:
        """Give where the beginning of a long value starts that the text's end cuts, or None."""
        for length in range(min(self._longest - 1, len(letters)), SHORT - 1, -1):
            end = letters[len(letters) - length :]
            index = bisect.bisect_left(self._sorted, end)
            if index < len(self._sorted) and self._sorted[index].startswith(end):
                return len(letters) - length
        return None


class _Plain:
    """A text as its letters and digits in lower case, and where each of them stands in it."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words = [(found.start(), found.end()) for found in _WORD.finditer(text)]
        self.starts: list[int] = []
        self.ends: list[int] = []
        count = 0
        for start, end in self._words:
            self.starts.append(count)
            count += end - start
            self.ends.append(count)
        self.letters = _folded("".join([text[start:end] for start, end in self._words]))

    def place(self, letter: int) -> int:
        """Give the place in the text of a letter."""
        word = bisect.bisect_right(self.starts, letter) - 1
        return self._words[word][0] + letter - self.starts[word]

    def zeros(self, word: int) -> int:
        """Give how many zeros a word begins with: a number may be written with some before it."""
        letters = self.letters[self.starts[word] : self.ends[word]]
        return len(letters) - len(letters.lstrip("0"))

    def is_gap(self, word: int, signs: frozenset[str] | None) -> bool:
        """Whether one character, of those given, stands between a word and the next; a comma may have a blank behind it."""
        gap = self._text[self._words[word][1] : self._words[word + 1][0]]
        return gap == ", " if signs is None and len(gap) == 2 else len(gap) == 1 and (signs is None or gap in signs)


def _shared(one: str, other: str) -> int:
    """Give how many characters two texts have in common at their beginnings."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _folded(text: str) -> str:
    """Give a text in lower case, character by character: no place may move."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def letters_of(text: str) -> str:
    """Give the letters and digits of a text in lower case: what texts are compared by."""
    return _folded("".join(_WORD.findall(text)))


def _forms(text: str) -> set[str]:
    """Give the forms that a text may leave in: as it is, and as JSON, Python and changes of case write it."""
    if text.isascii() and text.isprintable() and "\\" not in text and '"' not in text and "'" not in text:
        return {letters_of(text)}
    written = (
        text,
        text.upper(),
        text.lower(),
        text.casefold(),
        json.dumps(text),
        json.dumps(text, ensure_ascii=False),
    )
    return {letters_of(one) for one in (*written, repr(text), ascii(text))}


def _forms_of_time(text: str, numbers: set[float]) -> set[str]:
    """Give the forms of a date or a time besides its own; its seconds and milliseconds since 1970 go to the numbers."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        moments = [moment, moment.astimezone(datetime.UTC)] if moment.tzinfo else [moment]  # they are equal: no set
    except (ValueError, OverflowError):  # no such day; in UTC before the year 1 or behind 9999
        return set()
    forms = set[str]()
    for one in moments:
        day, hour, minute, second = f"{one.year:04}{one.month:02}{one.day:02}", one.hour, one.minute, one.second
        times = (f"{hour:02}{minute:02}", f"{hour:02}{minute:02}{second:02}")
        forms.update(f"{day}{sign}{time}" for sign in ("", "t") for time in times)
        forms.add(f"datetimedatetime{one.year}{one.month}{one.day}{hour}{minute}{second or ''}")
        forms.add(f"{_MONTHS[one.month - 1][:3]}{one.day}{times[1]}{one.year}")  # as `ctime` has it
        if not (hour or minute or second or one.microsecond):
            forms |= _forms_of_date(one)
    if len(text) > len("1975-03-02"):
        since = moment.replace(tzinfo=moment.tzinfo or datetime.UTC) - _EPOCH
        numbers |= {since // datetime.timedelta(seconds=1), since // datetime.timedelta(milliseconds=1)}
    return forms


def _forms_of_date(day: datetime.date) -> set[str]:
    year, month, padded = f"{day.year:04}", _MONTHS[day.month - 1], f"{day.day:02}"
    forms = {f"{year}{day.month:02}{padded}", f"{padded}{day.month:02}{year}", f"{day.month:02}{padded}{year}"}
    for name in (month, month[:3]):
        for one in (padded, str(day.day)):
            forms |= {f"{one}{name}{year}", f"{name}{one}{year}"}
    forms.add(f"datetimedate{day.year}{day.month}{day.day}")
    return forms


def _number_forms(value: float) -> set[str]:
    if significant_digits(value) < DIGITS:
        return set()
    written = {repr(value)}
    if isinstance(value, float):
        written |= {f"{value:.0f}", f"{value:.1f}", f"{value:.2f}", f"{value:f}", str(int(value))}
    forms = {letters_of(one) for one in written}
    return {form for form in forms if len(form) >= DIGITS}


def significant_digits(value: float) -> int:
    """Give how many digits a number has; 5.0 has one."""
    if isinstance(value, float) and value.is_integer():
        return len(f"{value:.0f}".lstrip("-"))
    return len(repr(value).lstrip("-0.").partition("e")[0].replace(".", ""))


def _lengths(values: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted({len(value) for value in values}, reverse=True))


def _joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
