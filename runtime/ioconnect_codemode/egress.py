"""Egress: what of a run leaves the machine, bounded and without masked values.

Every outcome passes here on its way out. Masked values are taken out before anything is cut, so that no cut leaves half
of one. A value that is too large is replaced by its beginning: the first items with small stand-ins for what is long,
how much there is, and how to narrow it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from ioconnect_codemode.manifest_data import ParameterData
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.messages import counted, say_outcome
from ioconnect_codemode.outcome import Outcome, OutcomeError, Truncation, compact
from ioconnect_codemode.records import MASKED
from ioconnect_codemode.scrubbing import MaskedValues
from ioconnect_codemode.values import JsonValue

_PREVIEW_CHARACTERS = 1_000
_NAME_CHARACTERS = 40
_CUT = "..."
CUT_CHARACTERS = 500
"""Where a session cuts the texts of apps and workers: one of that length may end within a masked value."""


class Egress:
    """The way out of one run.

    Args:
        limit_characters: Size of a value, as compact JSON, that may leave as a whole.
        masks: What policy masks, None for nothing.

    Attributes:
        masked: The masked values that the run has seen; None where policy masks nothing.
    """

    def __init__(self, *, limit_characters: int, masks: Masks | None = None) -> None:
        self._limit_characters = limit_characters
        self._masks = masks
        self.masked = None if masks is None else masks.start()

    @property
    def record_masks(self) -> Mapping[str, Sequence[str]]:
        """The record types that the worker masks where they are printed or returned, with their keys."""
        return {} if self._masks is None else self._masks.of_records()

    def take_inputs(self, inputs: Mapping[str, JsonValue]) -> None:
        """Note what is masked in the inputs of the run."""
        if self._masks is not None and self.masked is not None:
            self._masks.collect_loose(dict(inputs), self.masked)

    def take_answer(self, capability: str, answer: JsonValue) -> None:
        """Note what is masked in an answer, before the snippet gets it."""
        if self._masks is not None and self.masked is not None:
            self._masks.collect(capability, answer, self.masked)

    def arguments(
        self, parameters: Sequence[ParameterData], arguments: Mapping[str, JsonValue]
    ) -> dict[str, JsonValue]:
        """Give the arguments of a call as they may be shown or written down."""
        if self._masks is None or self.masked is None:
            return dict(arguments)
        self._masks.collect_arguments(parameters, arguments, self.masked)
        return {name: self.masked.value(value, name) for name, value in arguments.items()}

    def value(self, value: JsonValue) -> tuple[JsonValue, Truncation | None]:
        """Give the value if it may leave as a whole, else its preview."""
        text = compact(value)
        if self.masked is not None and len(text) <= self._limit_characters:
            value = self.masked.value(value)
            text = compact(value)
        if len(text) <= self._limit_characters:
            return value, None
        return None, self._truncated(value, len(text.encode("utf-8", "surrogatepass")))

    def text(self, text: str, *, limit_characters: int, is_cut: bool = False) -> str:
        """Give at most so many characters of a text, which may itself be the beginning of a longer one."""
        if self.masked is None:
            return text[:limit_characters]
        return self.masked.beginning(text, limit_characters, is_cut=is_cut)

    def outcome(self, outcome: Outcome) -> Outcome:
        """Give the outcome without masked values; its value has been through `value` before."""
        if self.masked is None:
            return outcome
        calls = tuple(replace(call, name=self.masked.text(call.name)) for call in outcome.calls)
        error = None if outcome.error is None else self._error(outcome.error, self.masked)
        notes = tuple(_scrubbed_note(note, self.masked) for note in outcome.notes)
        printed = self.masked.text(outcome.printed)
        return replace(outcome, calls=calls, error=error, notes=notes, printed=printed)

    def _error(self, error: OutcomeError, masked: MaskedValues) -> OutcomeError:
        """Give an error without masked values; its source line is the snippet's own and stays."""
        return replace(
            error,
            message=_scrubbed(error.message, masked),
            hint=None if error.hint is None else _scrubbed(error.hint, masked),
            signature=None if error.signature is None else _scrubbed(error.signature, masked),
            others=tuple(self._error(other, masked) for other in error.others),
        )

    def _truncated(self, value: JsonValue, size: int) -> Truncation:
        characters = min(self._limit_characters, _PREVIEW_CHARACTERS)
        preview = _Preview(self.masked).of(value, characters)
        if len(compact(preview)) > characters:  # an administrator's small limit holds for previews too
            preview = "" if isinstance(value, str) else None
        amounts = {"bytes": size, "limit_bytes": self._limit_characters}
        if isinstance(value, list) and isinstance(preview, list):
            hint = say_outcome("truncated_list", count=len(value), shown=len(preview), **amounts)
        elif isinstance(value, dict) and value:
            largest = max(value, key=lambda key: len(compact(value[key])))
            name = self.text(largest, limit_characters=_NAME_CHARACTERS)
            hint = say_outcome("truncated_object", count=len(value), name=name, **amounts)
        else:
            hint = say_outcome("truncated", **amounts)
        hint = f"{hint}\n{say_outcome('hint', text=say_outcome('truncated_hint'))}"
        return Truncation(bytes=size, limit_bytes=self._limit_characters, preview=preview, hint=hint)


def _scrubbed(text: str, masked: MaskedValues) -> str:
    return masked.text(text, is_cut=len(text) >= CUT_CHARACTERS)


def cut_note(text: str, *, characters: int) -> str:
    """Give a text that a note ends in, bounded: one that is cut says so, and may end within a masked value."""
    return text if len(text) <= characters else f"{text[: characters - len(_CUT)]}{_CUT}"


def _scrubbed_note(note: str, masked: MaskedValues) -> str:
    if not note.endswith(_CUT):
        return masked.text(note)
    return f"{masked.text(note.removesuffix(_CUT), is_cut=True)}{_CUT}"


class _Size(NamedTuple):
    """How much of a value a stand-in shows."""

    items: int
    fields: int
    characters: int
    levels: int


_SIZES = (
    _Size(items=3, fields=20, characters=80, levels=4),
    _Size(items=2, fields=12, characters=40, levels=3),
    _Size(items=1, fields=8, characters=24, levels=2),
)


class _Preview:
    """Makes the beginning of a value, as many characters of JSON as may be: of a list, its first items."""

    def __init__(self, masked: MaskedValues | None) -> None:
        self._masked = masked

    def of(self, value: JsonValue, characters: int) -> JsonValue:
        if isinstance(value, str):
            return _cut_text(self._text(value, characters), characters)
        if not isinstance(value, list):
            return self.of_item(value, characters)
        shown: list[JsonValue] = []
        room = characters - len("[]")
        for item in value:
            stand_in = self.of_item(item, characters)
            room -= len(compact(stand_in)) + 1
            if room < 0 and shown:
                break
            shown.append(stand_in)
        return shown

    def of_item(self, value: JsonValue, characters: int) -> JsonValue:
        """Give the fullest stand-in that fits; the beginning of its JSON where none does."""
        for size in _SIZES:
            short = self._sized(value, size)
            if len(compact(short)) <= characters:
                return short
        return compact(self._sized(value, _SIZES[-1]))[: characters // 2] + "..."

    def _sized(self, value: JsonValue, size: _Size) -> JsonValue:
        short = self._short(value, size, None)
        return short if self._masked is None else self._masked.value(short)

    def _short(self, value: JsonValue, size: _Size, key: str | None, level: int = 0) -> JsonValue:
        """Give a small stand-in: long text cut, the first items of lists and objects, and how many more there are."""
        if self._masked is not None and self._masked.is_masked(key, value):
            return MASKED
        match value:
            case str() if len(value) > size.characters:
                return f"{self._text(value, size.characters - 3)}..."
            case list() if level >= size.levels and value:
                return f"[{counted(len(value), 'item')}]"
            case list():
                first = [self._short(item, size, key, level + 1) for item in value[: size.items]]
                return [*first, *([f"... {len(value) - size.items} more"] if len(value) > size.items else [])]
            case dict() if level >= size.levels and value:
                return f"{{{counted(len(value), 'field')}}}"
            case dict():
                more = len(value) - size.fields
                items: dict[str, JsonValue] = {}
                for name in islice(value, size.fields):
                    items[self._text(name, size.characters)] = self._short(value[name], size, name, level + 1)
                return {**items, "...": f"{more} more"} if more > 0 else items
            case _:
                return value

    def _text(self, text: str, characters: int) -> str:
        return text[:characters] if self._masked is None else self._masked.beginning(text, characters)


def shortened(value: JsonValue, *, characters: int) -> JsonValue:
    """Give a value with long texts cut and the first items of lists and objects, as so many characters of JSON."""
    return _Preview(None).of_item(value, characters)


def _cut_text(value: str, characters: int) -> str:
    """Give the longest beginning of a text whose JSON has at most so many characters."""
    kept = value[: max(0, characters - len('""'))]
    while kept and len(compact(kept)) > characters:  # escapes make more of a character than one
        kept = kept[: len(kept) - max(1, (len(compact(kept)) - characters) // 6)]
    return kept
