"""What an audit says, for a person: runs, calls, what left the machine, failures, by day and by principal.

Read as a stream, the rotated files first, all of them opened before the first line is read: one that moves on meanwhile
is read once. A line that can't be read is counted and named, never left out in silence: a file that somebody has cut or
changed must show. A worker's words are among the lines: neither many kinds nor many parts of one line fill the memory.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, TypeVar, cast

from ioconnect_codemode.audit_file import opened
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.frames import MOST_PARTS, has_more_parts
from ioconnect_codemode.messages import counted
from ioconnect_codemode.values import JsonValue

_LINES_NAMED = 5
_LINE_BYTES = 64 * 1024 * 1024
_LINE_PARTS = 2 * MOST_PARTS  # a call's arguments came in one message
_MOST_SHOWN = 20
_MOST_KINDS = 10_000
_OTHERS = "(others)"
_TYPES = frozenset(("run", "call", "sending", "gap"))


@dataclass(slots=True, kw_only=True)
class Summary:
    """What an audit says.

    Attributes:
        files: How many files it stands in.
        first: Time of the earliest line, UTC, or None.
        last: Time of the latest.
        runs: Runs by day and principal: how many, how many failed, bytes that left.
        kinds: Runs by kind: `run`, `dry_run`, `review`.
        errors: Failed runs by the kind of their error.
        calls: Calls by capability, effect and state.
        left: Runs by the kind of what left: `value`, `printed`, `preview`, `error`, `nothing`.
        left_bytes: Bytes that left in all.
        masked: Runs by masked field that came in an answer.
        unfinished: Calls that were sent and have no line of their end.
        unended: Runs with calls and no line of their end: under way, or their host was ended.
        missing: Lines that could not be written.
        unreadable: File and number of the lines that can't be read; the first ones.
        unreadable_count: How many those are.
    """

    files: int = 0
    first: str | None = None
    last: str | None = None
    runs: dict[tuple[str, str], Counter[str]] = field(default_factory=dict[tuple[str, str], Counter[str]])
    kinds: Counter[str] = field(default_factory=Counter[str])
    errors: Counter[str] = field(default_factory=Counter[str])
    calls: Counter[tuple[str, str, str]] = field(default_factory=Counter[tuple[str, str, str]])
    left: Counter[str] = field(default_factory=Counter[str])
    left_bytes: int = 0
    masked: Counter[str] = field(default_factory=Counter[str])
    unfinished: int = 0
    unended: int = 0
    missing: int = 0
    unreadable: list[str] = field(default_factory=list[str])
    unreadable_count: int = 0

    def to_json(self) -> dict[str, JsonValue]:
        """Give the summary as JSON."""
        return {
            "files": self.files,
            "first": self.first,
            "last": self.last,
            "runs": [
                {"day": day, "who": who, **{name: counts[name] for name in ("runs", "failed", "left_bytes")}}
                for (day, who), counts in sorted(self.runs.items())
            ],
            "kinds": dict(self.kinds),
            "errors": dict(self.errors),
            "calls": [
                {"capability": capability, "effect": effect, "state": state, "count": count}
                for (capability, effect, state), count in sorted(self.calls.items())
            ],
            "left": dict(self.left),
            "left_bytes": self.left_bytes,
            "masked": dict(self.masked),
            "unfinished": self.unfinished,
            "unended": self.unended,
            "missing": self.missing,
            "unreadable": self.unreadable_count,
            "unreadable_lines": list[JsonValue](self.unreadable),
        }

    def text(self) -> str:
        """Give the summary as a person reads it."""
        runs = sum(self.kinds.values())
        failed = sum(self.errors.values())
        span = "nothing yet" if self.first is None else f"{self.first} to {self.last}"
        lines = [
            f"{span}, {counted(self.files, 'file')}",
            "",
            f"runs: {runs:,}{_listed(self.kinds)}, {failed:,} failed{_listed(self.errors)}",
        ]
        lines += [
            f"  {day}  {who}: {counted(counts['runs'], 'run')}, {counts['failed']:,} failed, {counted(counts['left_bytes'], 'byte')} left"
            for (day, who), counts in _last(sorted(self.runs.items()))
        ]
        lines += ["", f"calls: {sum(self.calls.values()):,}"]
        for (capability, effect, state), count in self.calls.most_common(_MOST_SHOWN):
            lines.append(f"  {count:>7,}  {capability} ({effect}): {state}")
        if len(self.calls) > _MOST_SHOWN:
            lines.append(f"  and {len(self.calls) - _MOST_SHOWN:,} more kinds of calls; --json has them all")
        lines += ["", f"left the machine: {counted(self.left_bytes, 'byte')}{_listed(self.left)}"]
        if self.masked:
            lines.append(f"  masked fields that came in answers, by runs{_listed(self.masked)}")
        return "\n".join([*lines, *self._remarks()]) + "\n"

    def _remarks(self) -> list[str]:
        remarks: list[str] = []
        if self.unfinished:
            remarks.append(
                f"sent without a line of their end, so what they did is not known: {counted(self.unfinished, 'call')}"
            )
        if self.unended:
            remarks.append(
                f"called without a line of their end, so under way, or their host was ended: {counted(self.unended, 'run')}"
            )
        if self.missing:
            remarks.append(f"could not be written: {counted(self.missing, 'line')}")
        if self.unreadable_count:
            more = ", ..." if self.unreadable_count > len(self.unreadable) else ""
            remarks.append(
                f"{self.unreadable_count:,} {'line' if self.unreadable_count == 1 else 'lines'} can't be read: {', '.join(self.unreadable)}{more}"
            )
        return ["", *remarks] if remarks else []


def summarise(file: Path) -> Summary:
    """Summarise an audit file and those that it was rotated to.

    Raises:
        UsageError: There is no such file, or nothing in it is of an audit.
        OSError: One can't be read.
    """
    summary = Summary()
    open_calls: set[tuple[str, int]] = set()
    open_runs: set[str] = set()
    with contextlib.ExitStack() as stack:
        files = opened(file, stack)
        if not files:
            raise UsageError(f"{file} is not there; `[audit] file` of the policy names it")
        summary.files = len(files)
        for path, stream in files:
            for number, line in _lines(stream):
                record = _record(line)
                if record is None:
                    summary.unreadable_count += 1
                    if len(summary.unreadable) < _LINES_NAMED:
                        summary.unreadable.append(f"{path.name} line {number}")
                else:
                    _add(summary, record, open_calls)
                    note = open_runs.discard if record["type"] == "run" else open_runs.add
                    note(_text(record, "run"))
    if summary.unreadable_count and summary.first is None:
        raise UsageError(f"{file} is no audit: none of its lines can be read, such as {summary.unreadable[0]}")
    open_runs.discard(_text({}, "run"))  # gaps are of no run
    summary.unfinished, summary.unended = len(open_calls), len(open_runs)
    return summary


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    number = 0
    while line := file.readline(_LINE_BYTES):
        number += 1
        yield number, line
        while len(line) == _LINE_BYTES and not line.endswith(b"\n"):  # the rest of it is no line
            line = file.readline(_LINE_BYTES)


def _record(line: bytes) -> Mapping[str, object] | None:
    if len(line) > _LINE_PARTS and has_more_parts(line, _LINE_PARTS):
        return None
    try:
        record: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    record = cast("dict[str, object]", record)
    return record if record.get("type") in _TYPES and isinstance(record.get("at"), str) else None


def _add(summary: Summary, record: Mapping[str, object], open_calls: set[tuple[str, int]]) -> None:
    at = _text(record, "at")
    summary.first = at if summary.first is None else min(summary.first, at)
    summary.last = at if summary.last is None else max(summary.last, at)
    call = (_text(record, "run"), _number(record, "call"))
    match record["type"]:
        case "run":
            _add_run(summary, record, at)
        case "call":
            open_calls.discard(call)
            kind = (_text(record, "capability"), _text(record, "effect"), _text(record, "state"))
            summary.calls[_within(summary.calls, kind, (_OTHERS, "-", "-"))] += 1
        case "sending":
            open_calls.add(call)
        case _:
            summary.missing += _number(record, "missing")


def _add_run(summary: Summary, record: Mapping[str, object], at: str) -> None:
    given = record.get("left")
    left = cast("Mapping[str, object]", given) if isinstance(given, dict) else dict[str, object]()
    who = _within(summary.runs, (at[:10], _text(record, "who")), (_OTHERS, _OTHERS))
    counts = summary.runs.setdefault(who, Counter())
    counts["runs"] += 1
    counts["left_bytes"] += _number(left, "bytes")
    summary.left_bytes += _number(left, "bytes")
    summary.kinds[_within(summary.kinds, _text(record, "kind"), _OTHERS)] += 1
    summary.left[_within(summary.left, _text(left, "kind"), _OTHERS)] += 1
    if record.get("ok") is not True:
        counts["failed"] += 1
        summary.errors[_within(summary.errors, _text(record, "error"), _OTHERS)] += 1
    fields = left.get("masked_fields")
    if isinstance(fields, list):
        for one in cast("list[object]", fields):
            summary.masked[_within(summary.masked, _plain(str(one)), _OTHERS)] += 1


_Key = TypeVar("_Key", bound=Hashable)


def _within(counts: Mapping[_Key, object], key: _Key, others: _Key) -> _Key:
    """Give the key to count under: its own, or where there are very many, that of the others."""
    return key if key in counts or len(counts) < _MOST_KINDS else others


def _text(record: Mapping[str, object], key: str) -> str:
    value = record.get(key)
    return _plain(value) if isinstance(value, str) else "-"


def _plain(text: str) -> str:
    """Give a text for a terminal: names in an audit may be a snippet's."""
    return "".join(one if one.isprintable() else "?" for one in text[:120])


def _number(record: Mapping[str, object], key: str) -> int:
    value = record.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _listed(counts: Counter[str]) -> str:
    return f" ({', '.join(f'{count:,} {name}' for name, count in counts.most_common())})" if counts else ""


def _last(
    items: Iterable[tuple[tuple[str, str], Counter[str]]],
) -> list[tuple[tuple[str, str], Counter[str]]]:
    return list(items)[-_MOST_SHOWN:]
