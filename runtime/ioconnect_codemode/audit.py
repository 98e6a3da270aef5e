"""The audit: who ran what, what it called, and what left the machine, as one line of JSON a run and one a call.

A line holds no record contents unless policy says `arguments = "full"`, and then without masked values. By default the
arguments of a call stand there as a keyed hash: calls can be compared, and a call that somebody claims can be proved
by whoever has the key; without it nobody can guess the few client ids there are until the hash agrees.

What can't be written stops the run where policy says so (`on_failure = "stop"`, the default): nothing leaves the machine
of which nothing is written, and each call that is no read has a line of its own before it is sent (`sending`), so that
nothing is done of which nothing is known. With `go_on` a failure is logged. Either way the next line that can be written
says how many are missing.

The line of a call's end is written with the next line: with the `sending` of a call that follows, with the run's, and
after a twentieth of a second at the latest. A host that is killed meanwhile leaves the `sending` without an end. One that
can't be written is kept where a failure stops runs, and is written with the next line that can be: what was sent has its
end, as long as the host is there.
"""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import errno
import hashlib
import json
import logging
import os
import secrets
import time
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

from ioconnect_codemode.audit_file import AuditFile
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.errors import ObserverError
from ioconnect_codemode.frames import quoted
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.messages import say
from ioconnect_codemode.observers import CallEnded, CallStarting, Event, RunEnded, RunStarted
from ioconnect_codemode.outcome import Outcome, compact
from ioconnect_codemode.rules import AuditRules
from ioconnect_codemode.values import JsonValue

_LOG = logging.getLogger("ioconnect_codemode")
_KEY_BYTES: Final = 32
_WAIT_S: Final = 0.05
_MOST_KEPT: Final = 1_000  # lines of calls' ends, some 300 KB, for a disk that is full for a while
_BLOCK_BYTES: Final = 64  # of SHA-256
_HASH_DIGITS: Final = 32  # 128 bits: no two calls agree by accident


class Audit:
    """Writes the audit of one session; an observer.

    Args:
        rules: What policy says of it.
        manifest: The catalog as policy leaves it.
        principal: Who runs the snippets, in the host's words; None where the host doesn't say.
    """

    def __init__(self, rules: AuditRules, manifest: Manifest, *, principal: str | None) -> None:
        self._rules = rules
        self._manifest = manifest
        self._principal = principal
        self._file = AuditFile(Path(rules.file), rotate_bytes=rules.rotate_bytes, keep=rules.keep)
        self._hash: ArgumentHash | None = None
        self._named: dict[str, str] = {}
        self._runs: dict[str, RunStarted] = {}
        self._who = compact(principal)
        self._missing = 0
        self._ends: list[bytes] = []
        self._shown: dict[tuple[str, int], str] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def hears_starts(self) -> tuple[Effect, ...]:
        """The effects whose calls have a line before they are sent: a read changes nothing, and its answer stays here."""
        return ("write", "destructive", "unknown") if self._rules.on_failure == "stop" else ()

    def observe(self, event: Event) -> None:
        """Write what an event is worth; the line of a call's end may wait for the next line, a twentieth of a second.

        Raises:
            ObserverError: It can't be written, and policy says that the run must not go on.
        """
        try:
            self._note(event)
        except Exception as error:
            if self._rules.on_failure == "stop":
                reason = (isinstance(error, OSError) and error.strerror) or type(error).__name__
                raise ObserverError(say("internal", "audit", reason=reason)) from error
            if not isinstance(error, OSError):  # the disk's failures are counted and logged where they happen
                raise

    def close(self) -> None:
        """Write what waits, and close the file."""
        with contextlib.suppress(OSError):  # counted and logged where it failed; nobody is left to be told
            self._write()
        if self._timer is not None:
            self._timer.cancel()
        self._file.close()

    def _note(self, event: Event) -> None:
        match event:
            case CallStarting():
                shown = self._shown[event.run_id, event.ordinal] = self._arguments(event)
                self._write(self._call("sending", _utc_now(), event, shown, ""))
            case CallEnded():
                shown = self._shown.pop((event.run_id, event.ordinal), "") or self._arguments(event)
                self._ends.append(self._ended_call(event, shown))
                self._write_soon()
            case RunStarted():
                self._runs[event.run_id] = event
                self._open()
            case RunEnded():
                started = self._runs.pop(event.run_id, None)
                if started is not None:
                    self._write(_line(self._ended_run(started, event.outcome)))

    def _ended_call(self, event: CallEnded, shown: str) -> bytes:
        error = "null" if event.error_kind is None else _quoted(event.error_kind)
        end = f',"state":"{event.state}","error":{error},"ms":{event.elapsed_ms!r},"answer_bytes":{event.answer_bytes}'
        return self._call("call", _utc(event.started_ns), event, shown, end)

    def _call(self, kind: str, at: str, event: CallStarting | CallEnded, arguments: str, end: str) -> bytes:
        """Give the line of a call. It is put together here: an encoder takes as long as all the rest of it."""
        heading = f'{{"type":"{kind}","at":"{at}","run":"{event.run_id}","who":{self._who},"call":{event.ordinal}'
        capability = self._named.get(event.capability) or _quoted(self._capability(event))
        line = f'{heading},"capability":{capability},"effect":"{event.effect}","arguments":{arguments}{end}}}\n'
        return line.encode("utf-8", "replace")

    def _capability(self, event: CallStarting | CallEnded) -> str:
        """Give the name of what was called; one that the catalog doesn't have is a worker's word: without masked values."""
        started = self._runs.get(event.run_id)
        if event.capability in self._manifest.capabilities:
            self._named[event.capability] = _quoted(event.capability)
            return event.capability
        if started is None:
            return event.capability
        return started.egress.text(event.capability, limit_characters=len(event.capability))

    def _arguments(self, event: CallStarting | CallEnded) -> str:
        """Give what the audit keeps of the arguments, as JSON."""
        if self._rules.arguments == "hash":
            return f'"{self._keyed_hash().of(event.arguments)}"'
        return compact(self._shown_arguments(event))

    def _keyed_hash(self) -> ArgumentHash:
        if self._hash is None:
            try:
                self._hash = ArgumentHash(read_key(self._file.path))
            except OSError as error:
                self._failed(1, error)  # the line that it was for
                raise
        return self._hash

    def _shown_arguments(self, event: CallStarting | CallEnded) -> JsonValue:
        match self._rules.arguments:
            case "full":
                entry = self._manifest.capabilities.get(event.capability)
                started = self._runs.get(event.run_id)
                if entry is None or started is None:  # a call of nothing in the catalog: nothing says what is masked
                    return self._names(event)
                return started.egress.arguments(entry["parameters"], event.arguments)
            case _:
                return self._names(event)

    def _names(self, event: CallStarting | CallEnded) -> JsonValue:
        """Give the names of the parameters among the arguments; others are a worker's word, and only counted."""
        entry = self._manifest.capabilities.get(event.capability)
        known = {one["name"] for one in entry["parameters"]} if entry is not None else set[str]()
        names = sorted(known & event.arguments.keys())
        others = len(event.arguments) - len(names)
        return [*names, *([f"{others} unknown"] if others else [])]

    def _ended_run(self, started: RunStarted, outcome: Outcome) -> dict[str, JsonValue]:
        counts: dict[str, JsonValue] = {}
        for call in outcome.calls:
            counts[call.state] = int(str(counts.get(call.state, 0))) + 1
        return {
            "type": "run",
            "at": _utc(started.started_ns),
            "run": started.run_id,
            "who": self._principal,
            "catalog": outcome.catalog,
            "snippet": hashlib.sha256(started.source.encode("utf-8", "replace")).hexdigest(),
            "inputs": list[JsonValue](sorted(started.inputs)),
            "kind": "review" if started.is_review else "dry_run" if started.is_dry_run else "run",
            "resumes": started.resumes,
            "ok": outcome.ok,
            "error": None if outcome.error is None else outcome.error.kind,
            "ms": round(outcome.elapsed_s * 1000, 3),
            "calls": counts,
            "left": left(outcome, started.egress),
        }

    def _open(self) -> None:
        try:
            self._file.open()
        except OSError as error:
            self._failed(0, error)
            raise

    def _write_soon(self) -> None:
        if self._timer is not None:
            return
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # told from outside of an event loop
            self._write()
        else:
            self._timer = loop.call_later(_WAIT_S, self._write_late)

    def _write_late(self) -> None:
        self._timer = None
        with contextlib.suppress(OSError):  # kept or counted: the run's next line fails too, or says what is missing
            self._write()

    def _write(self, last: bytes = b"") -> None:
        """Write the lines that wait and this one, and before them how many are missing; whole or not at all."""
        ends, self._ends = self._ends, []
        if not ends and not last:
            return
        gap = self._gap() if self._missing else b""
        try:
            self._file.append(b"".join((gap, *ends, last)))
        except OSError as error:
            if self._rules.on_failure == "stop":
                self._ends = ends[-_MOST_KEPT:]
            self._failed(len(ends) - len(self._ends) + bool(last), error)
            raise
        self._missing = 0

    def _gap(self) -> bytes:
        return _line({"type": "gap", "at": _utc_now(), "who": self._principal, "missing": self._missing})

    def _failed(self, lines: int, error: OSError) -> None:
        if self._rules.on_failure == "go_on" and not self._missing:
            reason = error.strerror or type(error).__name__
            _LOG.error("the audit can't be written: %s; the run goes on, as policy says", reason)
        self._missing += lines


def left(outcome: Outcome, egress: Egress) -> dict[str, JsonValue]:
    """Say what of a run left the machine: what kind, how much, whether it was cut, which masked fields had come."""
    kind = "error" if outcome.error is not None else "preview" if outcome.truncated is not None else "value"
    if kind == "value" and outcome.value is None:
        kind = "nothing"
    elif outcome.value_is_printed:
        kind = "printed"
    masked = egress.masked
    return {
        "kind": kind,
        "bytes": len(outcome.text().encode("utf-8", "replace")),
        "printed_bytes": len(outcome.printed.encode("utf-8", "replace")),
        "value_bytes": None if outcome.truncated is None else outcome.truncated.bytes,
        "masked_fields": [] if masked is None else list[JsonValue](sorted(masked.fields)),
        "masked": 0 if masked is None else masked.count,
    }


def argument_hash(key: bytes, arguments: Mapping[str, JsonValue]) -> str:
    """Give the hash under which the arguments of a call stand in the audit: HMAC-SHA256 of their canonical JSON."""
    return ArgumentHash(key).of(arguments)


class ArgumentHash:
    """Hashes the arguments of calls under one key; what HMAC makes of the key is made once.

    Args:
        key: At most 64 bytes.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        block = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in block))
        self._outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in block))

    def of(self, arguments: Mapping[str, JsonValue]) -> str:
        """Give the hash, as hexadecimal digits."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(_canonical(arguments).encode("utf-8", "surrogatepass"))
        outer.update(inner.digest())
        return outer.hexdigest()[:_HASH_DIGITS]


def _canonical(arguments: Mapping[str, JsonValue]) -> str:
    """Give what `_CANONICAL` gives; of arguments that are all text, in a third of its time."""
    parts: list[str] = []
    for name in sorted(arguments):
        value = arguments[name]
        if type(value) is not str:
            return _CANONICAL.encode(arguments)
        parts.append(f"{quoted(name)}:{quoted(value)}")
    return f"{{{','.join(parts)}}}"


def read_key(file: Path) -> bytes:
    """Give the key of an audit file, `audit.jsonl.key`; made once, for its owner only, by whichever process is first.

    Raises:
        OSError: It can't be read, or not be made.
    """
    path = file.with_name(f"{file.name}.key")
    for _ in range(2):
        try:
            key = path.read_bytes()
        except FileNotFoundError:
            _make_key(path)
            continue
        if len(key) == _KEY_BYTES:
            return key
        break
    raise OSError(errno.EINVAL, f"{path.name} is not a key of {_KEY_BYTES} bytes")


def _make_key(path: Path) -> None:
    """Make a key under another name and link it: nobody ever reads half of one, and only the first is kept."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    fd = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(fd, "wb") as made:
            made.write(secrets.token_bytes(_KEY_BYTES))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()


def _line(record: Mapping[str, JsonValue]) -> bytes:
    return (compact(dict(record)) + "\n").encode("utf-8", "replace")


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    return compact(text)


def _utc(ns: int) -> str:
    seconds, below = divmod(ns, 1_000_000_000)
    return f"{_utc_second(seconds)}.{below // 1_000_000:03d}Z"


@lru_cache(maxsize=4)
def _utc_second(seconds: int) -> str:
    return datetime.datetime.fromtimestamp(seconds, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S")


def _utc_now() -> str:
    return _utc(time.time_ns())


_CANONICAL: Final = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
