"""From a worker's last message to the outcome. The message is not trusted: it is held to what the host knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ioconnect_codemode.admit import Refusal
from ioconnect_codemode.approval import call_text
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.frames import DoneMessage, FailedMessage, Problem
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.messages import say_outcome, say_state
from ioconnect_codemode.outcome import CallRecord, Outcome, OutcomeError, located, state_of
from ioconnect_codemode.refusals import MESSAGE_CHARACTERS

_MOST_ERRORS = 5
_MOST_CALLS = 10  # shown as text; the list of calls has all of them
_BEFORE_RUNNING = frozenset(("syntax", "not_allowed", "unknown_name", "type_error"))
_FROM_A_WORKER = _BEFORE_RUNNING | frozenset(
    ("argument", "result_shape", "app_error", "app_unavailable", "denied", "snippet_error", "memory", "output_limit")
)


class Known(NamedTuple):
    """What the host knows of a run when its worker says that it is over.

    Attributes:
        source: The snippet.
        only_review: Whether it was only reviewed.
        limits: Its limits.
        calls: Its calls.
        notes: What the outcome is to say besides.
        refusals: Why calls were refused, by the text that the snippet got.
        egress: The way out.
    """

    source: str
    only_review: bool
    limits: Limits
    calls: Sequence[CallRecord]
    notes: Sequence[str]
    refusals: Mapping[str, Refusal]
    egress: Egress


def done(message: DoneMessage, known: Known) -> Outcome:
    """Give the outcome of a snippet that ran to its end."""
    printed, notes = _printed(message, known)
    value, has_value = message["value"], message["has_value"]
    value_is_printed = value is None and bool(printed)
    if value_is_printed:
        value, printed, has_value = printed, "", True
    has_changed = any(call.effect != "read" and call.state == "finished" for call in known.calls)
    if value is None and not known.only_review and not (has_value and has_changed):
        notes.append(say_outcome("none_value_hint" if has_value else "no_value_hint"))
    shown, truncated = known.egress.value(value)
    if has_changed and (truncated is not None or not has_value):
        notes.append(state_of(known.calls))  # who wants the value sends another snippet: the changes are made already
    return Outcome(
        ok=True,
        value=shown,
        printed=printed,
        truncated=truncated,
        notes=tuple(notes),
        value_is_printed=value_is_printed,
        timings=message.get("timings", {}),
    )


def failed(message: FailedMessage, known: Known) -> Outcome | None:
    """Give the outcome of a snippet that was refused or raised; None where the worker says what can't be."""
    errors = [_error(problem, known) for problem in message["errors"][:_MOST_ERRORS]]
    kinds = {error.kind for error in errors}
    if not errors or not kinds <= _FROM_A_WORKER or (known.calls and kinds & _BEFORE_RUNNING):
        return None
    printed, notes = _printed(message, known)
    error = located(replace(errors[0], others=tuple(errors[1:])), known.source)
    return Outcome(ok=False, error=error, printed=printed, notes=tuple(notes))


def dry_run_notes(calls: Sequence[CallRecord]) -> list[str]:
    """Say what a dry run did not call, with arguments, and which of it counts as a write only because nobody knows."""
    left_out = [call for call in calls if call.state == "not_called"]
    if not left_out:
        return [say_outcome("dry_run_nothing")]
    shown = [_call_text(call) for call in left_out[:_MOST_CALLS]]
    more = [f"{len(left_out) - len(shown)} more"] if len(left_out) > len(shown) else []
    notes = [say_outcome("dry_run", names=text) for text in (*shown, *more)]
    unknown = dict.fromkeys(call.name for call in left_out if call.effect == "unknown")
    if unknown:
        notes.append(say_outcome("unknown_effect_note", names=", ".join(list(unknown)[:_MOST_CALLS])))
    return notes


def _call_text(call: CallRecord) -> str:
    return call_text(call.name, call.arguments) if isinstance(call.arguments, dict) else call.name


def _error(problem: Problem, known: Known) -> OutcomeError:
    kind = problem["kind"]
    refusal = known.refusals.get(problem["message"][:MESSAGE_CHARACTERS])
    message = known.egress.text(problem["message"], limit_characters=MESSAGE_CHARACTERS)
    ran = known.calls or kind not in _BEFORE_RUNNING
    return OutcomeError(
        kind=kind,
        message=message,
        line=problem.get("line"),
        column=problem.get("column"),
        end_column=problem.get("end_column"),
        signature=(refusal.signature if refusal else None) or _cut(problem.get("signature")),
        hint=(refusal.hint if refusal else None) or _cut(problem.get("hint")),
        state=state_of(known.calls) if ran else say_state("nothing_was_run"),
    )


def _printed(message: DoneMessage | FailedMessage, known: Known) -> tuple[str, list[str]]:
    """Give the printed text, bounded, and the notes with what is to be said of it."""
    limit = known.limits.printed_characters
    notes = list(known.notes)
    if message["printed_is_cut"] or len(message["printed"]) > limit:
        notes.append(say_outcome("printed_is_cut", limit=f"{limit:,}"))
    is_cut = message["printed_is_cut"]
    return known.egress.text(message["printed"], limit_characters=limit, is_cut=is_cut), notes


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:MESSAGE_CHARACTERS]
