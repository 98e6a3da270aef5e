"""What goes back to the model: value or error, printed text, call log, all bounded.

A failed run's text is at most 800 characters, and each of its parts has a bound of its own, so that a long message
can't push signature and hint out; `state` says what has happened to the world, and never to try again.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from ioconnect_codemode.escapes import visible
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.messages import say_outcome, say_state
from ioconnect_codemode.values import JsonValue

CallState = Literal["finished", "failed", "refused", "unfinished", "held", "not_called"]

_ERROR_CHARACTERS = 800
_MESSAGE_CHARACTERS = 200
_STATE_CHARACTERS = 370  # four effects with names, and what not to repeat
_HINT_CHARACTERS = 140
_SIGNATURE_CHARACTERS = 160
_SOURCE_CHARACTERS = 90  # with the caret's line below it, a fifth of the text
_LINE_CHARACTERS = 110  # a caret's line beyond it would be wrapped, and the caret point nowhere
_NAMES_CHARACTERS = 60
_OTHERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One bridge call of a run.

    Attributes:
        state: `finished`: the app answered; `failed`: it answered with an error; `refused`: nothing was sent;
            `unfinished`: the app has not answered, by its time or the run's end, and what it has done is not known;
            `held`: it waits for approval, and nothing was sent; `not_called`: a dry run answered it with a stand-in.
        elapsed_ms: Milliseconds between sending and answer; between admission and the run's end where there was none.
        bytes: Size of the answer as JSON, before it went into the worker.
        arguments: By parameter name, shortened; of the first calls that a dry run did not make, else None.
    """

    name: str
    effect: Effect
    state: CallState
    elapsed_ms: float
    bytes: int
    arguments: JsonValue = None

    def to_json(self) -> dict[str, JsonValue]:
        """Give the record as JSON."""
        document: dict[str, JsonValue] = {
            "name": self.name,
            "effect": self.effect,
            "state": self.state,
            "elapsed_ms": self.elapsed_ms,
            "bytes": self.bytes,
        }
        return document if self.arguments is None else {**document, "arguments": self.arguments}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeError:
    """Why a run failed.

    Attributes:
        kind: One of the kinds of the message table.
        message: What is wrong, in one line.
        line: Line of the snippet, from 1; None where there is none.
        column: Column of the snippet, from 1, in characters.
        end_column: Column after the last character concerned.
        source: That line of the snippet, or the part of it around the column.
        source_column: Column of the first character of `source`.
        signature: The function concerned.
        hint: What to do.
        state: What has happened: `nothing was run`, or the finished and unfinished calls.
        approval_id: What `CodeMode.resume` takes, for the kind `approval_needed`.
        others: Further errors found at the same time, at most four.
    """

    kind: str
    message: str
    line: int | None = None
    column: int | None = None
    end_column: int | None = None
    source: str | None = None
    source_column: int = 1
    signature: str | None = None
    hint: str | None = None
    state: str = ""
    approval_id: str | None = None
    others: tuple[OutcomeError, ...] = ()

    def __post_init__(self) -> None:
        """Show what somebody else's words in it would hide."""
        object.__setattr__(self, "message", visible(self.message))
        if self.hint is not None:
            object.__setattr__(self, "hint", visible(self.hint))

    def to_json(self) -> dict[str, JsonValue]:
        """Give the error as JSON."""
        document: dict[str, JsonValue] = {
            "kind": self.kind,
            "message": self.message,
            "line": self.line,
            "column": self.column,
            "source": self.source,
            "signature": self.signature,
            "hint": self.hint,
            "state": self.state,
        }
        if self.approval_id is not None:
            document["approval_id"] = self.approval_id
        if self.others:
            document["others"] = [other.to_json() for other in self.others]
        return document

    def text(self) -> str:
        """Give the error as the model reads it, at most 800 characters."""
        below: list[str] = []
        if self.signature:
            below.append(_bounded(self.signature, _SIGNATURE_CHARACTERS))
        if self.hint:
            below.append(say_outcome("hint", text=_bounded(self.hint, _HINT_CHARACTERS)))
        lines = [*_above(self, _ERROR_CHARACTERS - len("\n".join(["", *below]))), *below]
        return "\n".join([*lines, *_others(self.others, _ERROR_CHARACTERS - len("\n".join(lines)))])


@dataclass(frozen=True, slots=True, kw_only=True)
class Truncation:
    """A value that is too large to leave as a whole.

    Attributes:
        bytes: Its size as compact JSON, in UTF-8.
        limit_bytes: The limit, in characters of that JSON.
        preview: Its beginning: first items, or the fields with short values.
        hint: How much there is, and how to narrow it.
    """

    bytes: int
    limit_bytes: int
    preview: JsonValue
    hint: str

    def to_json(self) -> dict[str, JsonValue]:
        """Give it as JSON."""
        return {"bytes": self.bytes, "limit_bytes": self.limit_bytes, "preview": self.preview, "hint": self.hint}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The outcome of a run.

    Attributes:
        ok: The snippet ran to its end.
        value: Its value as JSON; None too where it is truncated or the run failed.
        printed: What it printed, bounded.
        calls: Its bridge calls in the order they were made.
        error: Why it failed, else None.
        truncated: Preview of a value that is too large, else None.
        catalog: Digest of the catalog that the run saw.
        elapsed_s: Seconds from admission to outcome.
        notes: What a reader should know besides: an answer that doesn't fit its declaration, a snippet without a value.
        value_is_printed: The value is the printed text of a snippet without a value of its own; not part of the JSON.
        timings: The worker's own clocks, for benches: `review_us`, `run_us`; not part of the JSON.
    """

    ok: bool
    value: JsonValue = None
    printed: str = ""
    calls: tuple[CallRecord, ...] = ()
    error: OutcomeError | None = None
    truncated: Truncation | None = None
    catalog: str = ""
    elapsed_s: float = 0.0
    notes: tuple[str, ...] = ()
    value_is_printed: bool = False
    timings: Mapping[str, float] = field(default_factory=dict[str, float])

    def to_json(self) -> dict[str, JsonValue]:
        """Give the outcome as JSON."""
        return {
            "ok": self.ok,
            "value": self.value,
            "printed": self.printed,
            "calls": [call.to_json() for call in self.calls],
            "error": None if self.error is None else self.error.to_json(),
            "truncated": None if self.truncated is None else self.truncated.to_json(),
            "catalog": self.catalog,
            "elapsed_s": self.elapsed_s,
            "notes": list(self.notes),
        }

    def text(self) -> str:
        """Give the outcome as the model reads it."""
        if self.error is not None:
            return self._failed_text(self.error)
        parts: list[str] = []
        if self.truncated is not None:
            parts += [compact(self.truncated.preview), self.truncated.hint]
        else:
            parts.append(str(self.value).rstrip("\n") if self.value_is_printed else compact(self.value))
        if self.printed:
            parts.append(self.printed.rstrip("\n"))
        parts += self.notes
        count = len(self.calls)
        parts.append(say_outcome("calls_one" if count == 1 else "calls_many", count=count, catalog=self.catalog))
        return "\n".join(parts)

    def _failed_text(self, error: OutcomeError) -> str:
        """Give the error, then as much of notes and of the end of the printed text as there is room for."""
        text = error.text()
        for note in self.notes:
            if len(text) + len(note) < _ERROR_CHARACTERS:
                text += f"\n{note}"
        printed, room = self.printed.strip("\n"), _ERROR_CHARACTERS - len(text) - len("\nprinted: ...")
        if not printed or room < _LINE_CHARACTERS:
            return text
        return f"{text}\nprinted: " + (printed if len(printed) <= room else f"...{printed[-room:]}")


def compact(value: JsonValue) -> str:
    """Give a value as compact JSON."""
    return _COMPACT.encode(value)


_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def state_of(calls: Sequence[CallRecord]) -> str:
    """Say what a failed run has done to the world."""
    sent = [call for call in calls if call.state not in ("refused", "not_called")]
    if not sent:
        return say_state("no_calls")
    finished = [call for call in sent if call.state == "finished"]
    parts = [_finished(finished)] if finished else []
    for state in ("failed", "unfinished", "held"):
        count = sum(call.state == state for call in sent)
        if count:
            parts.append(say_state(state, count=count))
    acted = [
        call for call in sent if call.state not in ("failed", "held")
    ]  # an app that answered with an error may be asked again
    changing = list(dict.fromkeys(call.name for call in acted if call.effect != "read"))
    text = ", ".join(parts)
    return say_state("do_not_repeat", state=text, names=_listed(changing)) if changing else text


def located(error: OutcomeError, code: str) -> OutcomeError:
    """Give the error with the source line it points at."""
    others = tuple(located(other, code) for other in error.others[: _OTHERS - 1])
    lines = code.split("\n")
    if error.line is None or not 1 <= error.line <= len(lines):
        return replace(error, line=None, column=None, end_column=None, others=others)
    source = lines[error.line - 1]
    if error.column is None:
        return replace(error, end_column=None, source=_shown(source, 0), others=others)
    column = min(max(error.column, 1), len(source) + 1)
    start = 0 if column <= _SOURCE_CHARACTERS * 2 // 3 else column - _SOURCE_CHARACTERS // 2
    return replace(error, column=column, source=_shown(source, start), source_column=start + 1, others=others)


def _shown(source: str, start: int) -> str:
    """Give a part of a source line; what would move the caret or the terminal's cursor is a question mark."""
    part = source[start : start + _SOURCE_CHARACTERS].rstrip()
    return "".join(character if character.isprintable() or character == "\t" else "?" for character in part)


def _above(error: OutcomeError, room: int) -> list[str]:
    """Give heading, source and message; where room is short the message is cut, then the source is left out."""
    for source, characters in ((error.source, _MESSAGE_CHARACTERS), (error.source, 100), (None, 100)):
        lines = [_heading(error, characters), *_excerpt(replace(error, source=source), characters)]
        if len("\n".join(lines)) <= room:
            return lines
    return [_heading(error, 50), *_excerpt(replace(error, source=None), 50)]


def _heading(error: OutcomeError, characters: int) -> str:
    state = _bounded(error.state, _STATE_CHARACTERS)
    if error.line is None:
        return f"{say_outcome('error', kind=error.kind, state=state)}: {_bounded(error.message, characters)}"
    return say_outcome("error_at", kind=error.kind, line=error.line, column=_first_column(error), state=state)


def _first_column(error: OutcomeError) -> int:
    """Give the column that the error points at; that of the first word where only the line is known."""
    if error.column is not None:
        return error.column
    source = error.source or ""
    return len(source) - len(source.lstrip()) + 1


def _excerpt(error: OutcomeError, characters: int) -> list[str]:
    """Give the source line and the caret's line, with the message behind the caret where there is room."""
    if error.line is None:
        return []
    message = _bounded(error.message, characters)
    if error.source is None:
        return [message]
    prefix = f"  {error.line} | "
    margin = f"{' ' * (len(prefix) - 2)}| "
    start = _first_column(error) - error.source_column
    end = len(error.source) if error.end_column is None else error.end_column - error.source_column
    marked = error.source[start : max(end, start + 1)] or " "
    carets = "^" * max(1, sum(map(_width, marked)))
    pointer = margin + "".join("\t" if one == "\t" else " " * _width(one) for one in error.source[:start]) + carets
    if len(pointer) + len(message) < _LINE_CHARACTERS:
        return [prefix + error.source, f"{pointer} {message}"]
    return [prefix + error.source, pointer, message]


def _width(character: str) -> int:
    """Give how many columns of a terminal a character takes."""
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _others(others: Sequence[OutcomeError], room: int) -> list[str]:
    """Give one line for each further error, as many as there is room for."""
    lines: list[str] = []
    for index, other in enumerate(others):
        place = f"also at line {other.line}, column {_first_column(other)}: " if other.line else "also: "
        hint = f"; {other.hint}" if other.hint else ""
        line = _bounded(f"{place}{other.message}{hint}", _LINE_CHARACTERS)
        room -= len(line) + 1
        if room < (0 if other is others[-1] else len("\nand 4 more")):
            return [*lines, f"and {len(others) - index} more"]
        lines.append(line)
    return lines


def _bounded(text: str, characters: int) -> str:
    """Give a text on one line and of bounded length."""
    line = " ".join(text.split())
    return line if len(line) <= characters else f"{line[: characters - 3]}..."


def _finished(calls: Sequence[CallRecord]) -> str:
    counts: dict[str, list[str]] = {}
    for call in calls:
        counts.setdefault(call.effect, []).append(call.name)
    parts = [
        say_state("reads", count=len(names))
        if effect == "read"
        else say_state("changes", count=len(names), effect=effect, names=_listed(list(dict.fromkeys(names))))
        for effect, names in counts.items()
    ]
    text = "finished_one" if len(calls) == 1 else "finished_many"
    return say_state(text, count=len(calls), effects=", ".join(parts))


def _listed(names: Sequence[str]) -> str:
    """Join names up to a length; the first is always there."""
    text = _bounded(names[0], _NAMES_CHARACTERS)
    for name in names[1:]:
        if len(text) + len(name) > _NAMES_CHARACTERS:
            return f"{text}, ..."
        text = f"{text}, {name}"
    return text
