"""What goes back to the model: value or error, printed text, call log, all bounded.

A failed run's text is at most 800 characters; `state` says what has happened to the world, and never to try again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.messages import say_outcome, say_state
from ioconnect_codemode.values import JsonValue

CallState = Literal["finished", "failed", "refused", "unfinished"]

_ERROR_CHARACTERS = 800
_SOURCE_CHARACTERS = 160
_PREVIEW_CHARACTERS = 1_000
_OTHERS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One bridge call of a run.

    Attributes:
        state: `finished`: the app answered; `failed`: it answered with an error or not at all, so a write may have
            happened; `refused`: nothing was sent; `unfinished`: the run ended while the app had not answered.
        elapsed_ms: Milliseconds between admission and answer.
        bytes: Size of the answer as JSON, before it went into the worker.
    """

    name: str
    effect: Effect
    state: CallState
    elapsed_ms: float
    bytes: int

    def to_json(self) -> dict[str, JsonValue]:
        """Give the record as JSON."""
        return {
            "name": self.name,
            "effect": self.effect,
            "state": self.state,
            "elapsed_ms": self.elapsed_ms,
            "bytes": self.bytes,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeError:
    """Why a run failed.

    Attributes:
        kind: One of the kinds of the message table.
        message: What is wrong, in one line.
        line: Line of the snippet, from 1; None where there is none.
        column: Column of the snippet, from 1, in characters.
        end_column: Column after the last character concerned.
        source: That line of the snippet, bounded.
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
    signature: str | None = None
    hint: str | None = None
    state: str = ""
    approval_id: str | None = None
    others: tuple[OutcomeError, ...] = ()

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
        lines = [_heading(self), *_excerpt(self)]
        for other in self.others:
            lines += [f"also at line {other.line}:" if other.line else "also:", *_excerpt(other)]
            if other.hint:
                lines.append(say_outcome("hint", text=other.hint))
        if self.signature:
            lines.append(self.signature)
        if self.hint:
            lines.append(say_outcome("hint", text=self.hint))
        text = "\n".join(lines)
        return text if len(text) <= _ERROR_CHARACTERS else text[: _ERROR_CHARACTERS - 3] + "..."


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
        parts: list[str] = []
        if self.error is not None:
            parts.append(self.error.text())
        elif self.truncated is not None:
            parts += [compact(self.truncated.preview), self.truncated.hint]
        elif not (self.value is None and self.notes and not self.printed):
            parts.append(compact(self.value))
        if self.printed:
            parts.append(self.printed.rstrip("\n"))
        parts += self.notes
        if self.ok:
            count = len(self.calls)
            parts.append(say_outcome("calls_one" if count == 1 else "calls_many", count=count, catalog=self.catalog))
        return "\n".join(parts)


def compact(value: JsonValue) -> str:
    """Give a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def state_of(calls: Sequence[CallRecord]) -> str:
    """Say what a failed run has done to the world."""
    sent = [call for call in calls if call.state != "refused"]
    if not sent:
        return say_state("no_calls")
    over = [call for call in sent if call.state != "unfinished"]
    parts = [_finished(over)] if over else []
    unfinished = [call for call in sent if call.state == "unfinished"]
    if unfinished:
        parts.append(say_state("unfinished", count=len(unfinished)))
    changing = list(dict.fromkeys(call.name for call in sent if call.effect != "read"))
    state = ", ".join(parts)
    return say_state("do_not_repeat", state=state, names=_listed(changing)) if changing else state


def bounded(value: JsonValue, *, limit_characters: int) -> tuple[JsonValue, Truncation | None]:
    """Give the value if it may leave as a whole, else its preview."""
    text = compact(value)
    if len(text) <= limit_characters:
        return value, None
    size = len(text.encode("utf-8", "surrogatepass"))
    preview = _preview(value)
    if isinstance(value, list):
        hint = say_outcome(
            "truncated_list",
            count=len(value),
            bytes=size,
            limit_bytes=limit_characters,
            shown=len(cast("list[JsonValue]", preview)),
        )
    else:
        hint = say_outcome("truncated", bytes=size, limit_bytes=limit_characters)
    hint = f"{hint}\n{say_outcome('hint', text=say_outcome('truncated_hint'))}"
    return None, Truncation(bytes=size, limit_bytes=limit_characters, preview=preview, hint=hint)


def located(error: OutcomeError, code: str) -> OutcomeError:
    """Give the error with the source line it points at."""
    others = tuple(located(other, code) for other in error.others[: _OTHERS - 1])
    lines = code.split("\n")
    if error.line is None or not 1 <= error.line <= len(lines):
        return replace(error, line=None, column=None, end_column=None, others=others)
    source = lines[error.line - 1]
    column = None if error.column is None else min(max(error.column, 1), len(source) + 1)
    return replace(error, column=column, source=source[:_SOURCE_CHARACTERS], others=others)


def _heading(error: OutcomeError) -> str:
    if error.line is None:
        return say_outcome("error", kind=error.kind, state=error.state) + f": {error.message}"
    if error.column is None:
        return say_outcome("error_at", kind=error.kind, line=error.line, column=1, state=error.state)
    return say_outcome("error_at", kind=error.kind, line=error.line, column=error.column, state=error.state)


def _excerpt(error: OutcomeError) -> list[str]:
    if error.line is None or error.source is None:
        return [] if error.line is None and not error.others else [error.message] if error.line is not None else []
    indent = len(error.source) - len(error.source.lstrip())
    prefix = f"  {error.line} | "
    margin = " " * (len(prefix) - 2) + "| "
    shown = error.source.rstrip()
    column = indent + 1 if error.column is None else error.column
    end = len(shown) + 1 if error.end_column is None or error.column is None else error.end_column
    carets = "^" * max(1, min(end, len(shown) + 1) - column)
    pointer = margin + " " * (column - 1) + carets
    if len(pointer) + len(error.message) < 110:  # beyond that the message reads better on a line of its own
        return [prefix + shown, f"{pointer} {error.message}"]
    return [prefix + shown, pointer, error.message]


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
    return ", ".join(names[:5]) + (", ..." if len(names) > 5 else "")


def _preview(value: JsonValue) -> JsonValue:
    match value:
        case list():
            shown: list[JsonValue] = []
            room = _PREVIEW_CHARACTERS
            for item in value:
                room -= len(compact(_short(item)))
                if room < 0 and shown:
                    break
                shown.append(_short(item))
            return shown
        case dict():
            return _short(value)
        case str():
            return value[:_PREVIEW_CHARACTERS]
        case _:
            return None


def _short(value: JsonValue, depth: int = 0) -> JsonValue:
    """Give a small stand-in: long text cut, long lists and deep values as a count."""
    match value:
        case str():
            return value if len(value) <= 80 else value[:77] + "..."
        case list():
            if depth > 1 or len(value) > 3:
                return f"[{len(value)} items]"
            return [_short(item, depth + 1) for item in value]
        case dict():
            if depth > 1:
                return f"{{{len(value)} fields}}"
            items: Mapping[str, JsonValue] = dict(list(value.items())[:20])
            return {key[:80]: _short(item, depth + 1) for key, item in items.items()}
        case _:
            return value
