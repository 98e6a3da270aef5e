"""The answers of a run's apps: each is held to what its capability declares, and sent on to the worker."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Protocol, TypeAlias

from ioconnect_codemode.admit import Admission, Admitted, Refusal
from ioconnect_codemode.egress import cut_note
from ioconnect_codemode.frames import Call, Reply
from ioconnect_codemode.messages import say
from ioconnect_codemode.plain import copied, is_plain, is_plain_small, with_whole_characters
from ioconnect_codemode.refusals import NAME_CHARACTERS, in_one_line
from ioconnect_codemode.run_log import RunLog
from ioconnect_codemode.validate import LEVELS
from ioconnect_codemode.values import JsonValue

Passed: TypeAlias = "tuple[int, Collection[JsonValue]]"
"""The bytes of an answer that was sent, and what it is made of: one answer, or one of each app."""
_ERRORS_TOLD = 3  # of several apps that were called at once


class Replying(Protocol):
    """The way to the worker."""

    def reply(self, reply: Reply) -> int:
        """Send a reply and give its size."""
        ...

    def reply_if(self, reply: Reply, holds: Callable[[], bool]) -> int:
        """Send a reply if a check says so, which the worker may take in meanwhile; 0 where it doesn't."""
        ...


class Answers:
    """Judges the answers to the calls of one run, and sends them on."""

    def __init__(self, admission: Admission, log: RunLog, worker: Replying) -> None:
        self._admission = admission
        self._log = log
        self._worker = worker

    def pass_on(self, call: Call, admitted: Admitted, value: JsonValue) -> Refusal | Passed:
        """Judge an answer and send it, unless it is refused.

        Raises:
            AppError: It has what is no JSON value; nothing was sent.
            ValueError: It can't be encoded, being thousands of levels deep; nothing was sent.
        """
        try:
            return self._pass_on(call, admitted, value)
        except ValueError:  # a key that derives from str, which no look at columns finds, or half a character
            return self._pass_on(call, admitted, with_whole_characters(copied(value)))

    def _pass_on(self, call: Call, admitted: Admitted, value: JsonValue) -> Refusal | Passed:
        if admitted.route.has_several_answers:
            return self._pass_on_several(call, admitted, value if is_plain(value, levels=LEVELS) else copied(value))
        is_shallow = is_plain_small(value, levels=LEVELS)
        if is_shallow is None:
            passed = self._pass_on_large(call, admitted, value)
            if passed is not None:
                return passed
        if not is_shallow:
            value = copied(value)
        judged = self._admission.judge(admitted, value, is_shallow=is_shallow is True)
        if isinstance(judged, Refusal):
            return judged
        self._note(judged)
        return self._worker.reply({"id": call["id"], "ok": True, "value": value}), (value,)

    def _pass_on_large(self, call: Call, admitted: Admitted, value: JsonValue) -> Refusal | Passed | None:
        """Judge a large answer while the worker takes it in; None where it isn't plain, and nothing has come of it."""
        judged: list[Refusal | str | None] = []

        def holds() -> bool:
            if is_plain(value, levels=LEVELS):
                judged.append(self._admission.judge(admitted, value, is_shallow=True))
            return bool(judged) and not isinstance(judged[0], Refusal)

        size = self._worker.reply_if({"id": call["id"], "ok": True, "value": value}, holds)
        if not judged:
            return None
        if isinstance(judged[0], Refusal):
            return judged[0]
        self._note(judged[0])
        return size, (value,)

    def _pass_on_several(self, call: Call, admitted: Admitted, value: JsonValue) -> Refusal | Passed:
        answers, errors = _by_target(value)
        for target, answer in answers.items():
            app = in_one_line(target[:NAME_CHARACTERS])
            judged = self._admission.judge(admitted, answer, app=app)
            if isinstance(judged, Refusal):
                return judged
            self._note(judged)
        for target, error in list(errors.items())[:_ERRORS_TOLD]:
            app, reason = in_one_line(target), in_one_line(error)
            self._note(say("app_error", "of_target_note", function=admitted.name, app=app, reason=reason))
        if len(errors) > _ERRORS_TOLD:
            more = len(errors) - _ERRORS_TOLD
            self._note(say("app_error", "of_more_targets_note", function=admitted.name, count=more))
        size = self._worker.reply({"id": call["id"], "ok": True, "value": answers, "by_target": True})
        return size, answers.values()

    def _note(self, text: str | None) -> None:
        if text is not None and text not in self._log.notes:
            self._log.notes.append(text)


def _by_target(answer: JsonValue) -> tuple[dict[str, JsonValue], dict[str, str]]:
    """Give the results and the errors of several apps, by the names of the targets."""
    told = [one for one in answer if isinstance(one, dict)] if isinstance(answer, list) else []
    results = {str(one["target"]): one["value"] for one in told if "value" in one}
    errors = {
        str(one["target"])[:NAME_CHARACTERS]: cut_note(str(one["error"]), characters=NAME_CHARACTERS)
        for one in told
        if "error" in one
    }
    return results, errors
