"""A run on the host's side: one worker, its calls, its deadlines, its outcome.

The host never blocks on a snippet: everything here is callbacks and tasks of the event loop. Nothing but wrong use of
the API raises; what a snippet, an app or a worker does wrong is an outcome.
"""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from ioconnect_codemode.admit import Admission, Admitted, Refusal
from ioconnect_codemode.bridge import Calls, Ended, Event, Needs
from ioconnect_codemode.errors import AppError, ArgumentError, CallError, DeniedError, UnavailableError
from ioconnect_codemode.frames import Call, DoneMessage, FailedMessage, Problem
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.lookup import stubs_message
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.messages import say, say_outcome, say_state
from ioconnect_codemode.outcome import CallRecord, CallState, Outcome, OutcomeError, bounded, located, state_of
from ioconnect_codemode.pool import Pool, WorkerLost, WorkerProcess
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.source import Refusal as SourceRefusal
from ioconnect_codemode.source import gate
from ioconnect_codemode.transports.base import Transport
from ioconnect_codemode.typecheck import TypeCheck, merged
from ioconnect_codemode.values import JsonValue

_LOG = logging.getLogger("ioconnect_codemode")
_MESSAGE_CHARACTERS = 500
_BEFORE_RUNNING = frozenset(("syntax", "not_allowed", "unknown_name", "type_error"))
_FROM_A_WORKER = _BEFORE_RUNNING | frozenset(
    ("argument", "result_shape", "app_error", "app_unavailable", "denied", "snippet_error", "memory", "output_limit")
)


class Session:
    """What the runs of one opened package share.

    Args:
        manifest: The catalog as policy leaves it.
        policy: The policy in force.
        pool: Where workers come from.
        transport: Carries the calls.
        runs_at_once: How many runs may have a worker at the same time; further ones wait for their turn.
    """

    def __init__(
        self, *, manifest: Manifest, policy: Policy, pool: Pool, transport: Transport, runs_at_once: int
    ) -> None:
        self.manifest = manifest
        self.policy = policy
        self.admission = Admission(manifest, policy)
        self.pool = pool
        self.transport = transport
        self.type_check = TypeCheck.of_installation(manifest)
        self._turns = asyncio.Semaphore(runs_at_once)
        self._runs: set[_Run] = set()
        self._is_closed = False

    async def run(self, code: str, inputs: Mapping[str, JsonValue], *, only_review: bool = False) -> Outcome:
        """Run a snippet, or only review and check it, and give its outcome.

        Cancelling this coroutine kills the worker and cancels the calls that wait.
        """
        started = time.perf_counter()
        source = gate(code, limit_bytes=self.policy.limits.code_bytes)
        if isinstance(source, SourceRefusal):
            error = OutcomeError(
                kind="syntax", message=source.message, hint=source.hint, state=say_state("nothing_was_run")
            )
            return self._timed(Outcome(ok=False, error=error), started)
        async with self._turns:
            return self._timed(await self._run_in_worker(source, inputs, only_review=only_review), started)

    async def close(self) -> None:
        """End the runs under way, each with an outcome that says so, and all workers."""
        self._is_closed = True
        for run in list(self._runs):
            run.end_early()
        await self.type_check.close()
        await self.pool.close()

    async def _run_in_worker(self, source: str, inputs: Mapping[str, JsonValue], *, only_review: bool) -> Outcome:
        try:
            worker = await self.pool.take()
        except WorkerLost as lost:
            return _never_ran(say("worker_lost", "closed") if self._is_closed else str(lost))
        if self._is_closed:
            self.pool.give_back(worker)
            return _never_ran(say("worker_lost", "closed"))
        found = await self.type_check.findings(source, is_patient=only_review)
        run = _Run(self, worker, source, only_review=only_review or bool(found))
        self._runs.add(run)
        try:
            return merged(await run.perform(inputs), found, source)
        finally:
            self._runs.discard(run)
            run.close()
            self.pool.give_back(worker)

    def _timed(self, outcome: Outcome, started: float) -> Outcome:
        elapsed_s = round(time.perf_counter() - started, 6)
        return replace(outcome, catalog=self.manifest.digest, elapsed_s=elapsed_s)


def _never_ran(message: str) -> Outcome:
    return Outcome(
        ok=False, error=OutcomeError(kind="worker_lost", message=message, state=say_state("nothing_was_run"))
    )


def run_message(
    code: str, inputs: Mapping[str, JsonValue], policy: Policy, *, only_review: bool = False
) -> dict[str, object]:
    """Give the message that starts a worker's only run."""
    limits = policy.limits
    return {
        "type": "run",
        "code": code,
        "inputs": dict(inputs),
        "only_review": only_review,
        "facades": list(policy.facades),
        "limits": {
            "printed_characters": limits.printed_characters,
            "memory_bytes": limits.memory_bytes,
            "frame_bytes": limits.call_bytes,
        },
    }


class _Run:
    def __init__(self, session: Session, worker: WorkerProcess, source: str, *, only_review: bool) -> None:
        self._session = session
        self._worker = worker
        self._source = source
        self._limits: Limits = session.policy.limits
        self._records: dict[int, CallRecord] = {}
        self._notes: list[str] = []
        self._refusals: dict[str, Refusal] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._slots = asyncio.Semaphore(self._limits.calls_at_once)
        self._loop = asyncio.get_running_loop()
        self._outcome: asyncio.Future[Outcome] = self._loop.create_future()
        self._only_review = only_review
        self._run_left_s = self._limits.timeout_s
        self._running_since: float | None = None
        self._run_timer: asyncio.TimerHandle | None = None
        self._total_timer: asyncio.TimerHandle | None = None

    async def perform(self, inputs: Mapping[str, JsonValue]) -> Outcome:
        self._worker.on_event = self._receive
        self._worker.on_lost = self._lost
        self._worker.conversation.run_sent()
        self._worker.send(run_message(self._source, inputs, self._session.policy, only_review=self._only_review))
        self._total_timer = self._loop.call_later(self._limits.total_s, self._out_of_time, "total")
        self._start_clock()
        return await self._outcome

    def close(self) -> None:
        """Stop the clocks and cancel the calls that wait."""
        self._stop_clock()
        if self._total_timer is not None:
            self._total_timer.cancel()
        for task in self._tasks:
            task.cancel()

    def end_early(self) -> None:
        """End the run because its session is closed."""
        self._end("worker_lost", say("worker_lost", "closed"), hint=None)

    # -- events of the worker ----------------------------------------------------------------------------------

    def _receive(self, event: Event) -> None:
        if self._outcome.done():
            return
        try:
            match event:
                case Needs(names=names):
                    self._worker.send(stubs_message(self._session.manifest, names))
                case Calls(calls=calls):
                    for call in calls:
                        self._take_call(call)
                    if self._worker.conversation.pending:
                        self._stop_clock()  # not before: what admission takes is the run's own time
                case Ended(message=message):
                    if message["type"] == "done":
                        self._done(message)
                    else:
                        self._failed(message)
                case _:
                    pass
        except Exception:  # a package that was tampered with, or a defect: asyncio would log it and the run never end
            self._fault()

    def _take_call(self, call: Call) -> None:
        if self._outcome.done():
            return
        if len(self._records) >= self._limits.calls:
            message = say("call_limit", "count", limit=self._limits.calls)
            self._end("call_limit", message, hint=say("call_limit", "fewer_hint"))
            return
        admitted = self._session.admission.admit(call["name"], call["arguments"])
        if isinstance(admitted, Refusal):
            known = self._session.manifest.capabilities.get(call["name"])
            self._record(call, "refused", effect_of=known["effect"] if known else "unknown")
            self._refuse(call["id"], admitted)
            return
        self._record(call, "unfinished", effect_of=admitted.entry["effect"])
        task = self._loop.create_task(self._perform_call(call["id"], admitted))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _perform_call(self, call_id: int, admitted: Admitted) -> None:
        async with self._slots:
            started = time.perf_counter()
            try:
                answer = await self._session.transport.call(
                    admitted.route, admitted.arguments, timeout_s=self._limits.call_timeout_s
                )
            except CallError as error:
                self._answered(call_id, started, _state_after(error))
                self._refuse(call_id, _refusal_of(error, admitted))
                return
            except asyncio.CancelledError as error:
                if _is_being_cancelled() or self._outcome.done():
                    raise
                # Not ours: the app's own code gave the call up.
                self._answered(call_id, started, "failed")
                self._refuse(call_id, _refusal_of(AppError(str(error) or "the call was cancelled"), admitted))
                return
            except Exception:  # a defect of a transport must not hang the run
                self._answered(call_id, started, "unfinished")
                self._fault()
                return
        if self._outcome.done():
            return
        judged = self._session.admission.judge(admitted, answer)
        if isinstance(judged, Refusal):
            self._answered(call_id, started, "finished")
            self._refuse(call_id, judged)
            return
        if judged is not None and judged not in self._notes:
            self._notes.append(judged)
        size = self._reply({"id": call_id, "ok": True, "value": answer})
        self._answered(call_id, started, "finished", size=size)

    def _refuse(self, call_id: int, refusal: Refusal) -> None:
        message = refusal.message[:_MESSAGE_CHARACTERS]
        self._refusals[message] = refusal
        self._reply({"id": call_id, "ok": False, "kind": refusal.kind, "message": message})

    def _reply(self, reply: dict[str, object]) -> int:
        if self._outcome.done():
            return 0
        self._worker.conversation.replied(cast("int", reply["id"]))
        if self._worker.conversation.pending == 0:
            self._start_clock()
        return self._worker.send({"type": "reply", "replies": [reply]})

    def _record(self, call: Call, state: CallState, *, effect_of: str) -> None:
        self._records[call["id"]] = CallRecord(
            name=call["name"][:120],
            effect=effect_of,  # type: ignore[arg-type]
            state=state,
            elapsed_ms=0.0,
            bytes=0,
        )

    def _answered(self, call_id: int, started: float, state: CallState, *, size: int = 0) -> None:
        elapsed_ms = round((time.perf_counter() - started) * 1000, 3)
        self._records[call_id] = replace(self._records[call_id], state=state, elapsed_ms=elapsed_ms, bytes=size)

    # -- the end -----------------------------------------------------------------------------------------------

    def _done(self, message: DoneMessage) -> None:
        printed = self._printed(message)
        value, has_value = message["value"], message["has_value"]
        notes = list(self._notes)
        value_is_printed = value is None and bool(printed)
        if value_is_printed:
            value, printed, has_value = printed, "", True
        elif value is None and not has_value and not self._only_review:
            notes.append(say_outcome("no_value_hint"))
        shown, truncated = bounded(value, limit_characters=self._limits.value_characters)
        self._finish(
            Outcome(
                ok=True,
                value=shown,
                printed=printed,
                truncated=truncated,
                notes=tuple(notes),
                value_is_printed=value_is_printed,
                timings=message.get("timings", {}),
            ),
        )

    def _failed(self, message: FailedMessage) -> None:
        errors = [self._error(problem) for problem in message["errors"][:5]]
        kinds = {error.kind for error in errors}
        if not errors or not kinds <= _FROM_A_WORKER or (self._records and kinds & _BEFORE_RUNNING):
            self._end("worker_lost", say("worker_lost", "broke_protocol"), hint=say("worker_lost", "variables_hint"))
            return
        error = located(replace(errors[0], others=tuple(errors[1:])), self._source)
        self._finish(
            Outcome(ok=False, error=error, printed=self._printed(message), notes=tuple(self._notes)),
        )

    def _error(self, problem: Problem) -> OutcomeError:
        kind = problem["kind"]
        message = problem["message"][:_MESSAGE_CHARACTERS]
        refusal = self._refusals.get(message)
        ran = self._records or kind not in _BEFORE_RUNNING
        state = state_of(self._calls()) if ran else say_state("nothing_was_run")
        return OutcomeError(
            kind=kind,
            message=message,
            line=problem.get("line"),
            column=problem.get("column"),
            end_column=problem.get("end_column"),
            signature=_cut(problem.get("signature")) or (refusal.signature if refusal else None),
            hint=_cut(problem.get("hint")) or (refusal.hint if refusal else None),
            state=state,
        )

    def _printed(self, message: DoneMessage | FailedMessage) -> str:
        limit = self._limits.printed_characters
        printed = message["printed"][:limit]
        if message["printed_is_cut"] or len(message["printed"]) > limit:
            self._notes.append(say_outcome("printed_is_cut", limit=f"{limit:,}"))
        return printed

    def _lost(self, reason: WorkerLost) -> None:
        text = "ended" if str(reason) == "the worker ended" else "broke_protocol"
        self._end("worker_lost", say("worker_lost", text), hint=say("worker_lost", "variables_hint"))

    def _end(self, kind: str, message: str, *, hint: str | None) -> None:
        """End the run from the host's side: the worker is killed before the outcome is given."""
        self._worker.kill()
        error = OutcomeError(kind=kind, message=message, hint=hint, state=state_of(self._calls()))
        self._finish(Outcome(ok=False, error=error, notes=tuple(self._notes)))

    def _fault(self) -> None:
        """End the run after a defect of the host, which is logged under the reference that the outcome names."""
        reference = uuid.uuid4().hex[:8]
        _LOG.exception("fault %s", reference)
        self._end(
            "internal",
            say("internal", "fault", reference=reference),
            hint=say("internal", "report_hint", reference=reference),
        )

    def _finish(self, outcome: Outcome) -> None:
        if not self._outcome.done():
            self._outcome.set_result(replace(outcome, calls=self._calls()))

    def _calls(self) -> tuple[CallRecord, ...]:
        return tuple(self._records.values())

    # -- the clocks --------------------------------------------------------------------------------------------

    def _start_clock(self) -> None:
        """Let the run's own time go on; it stands still while the snippet waits for apps."""
        if self._run_timer is None:
            self._running_since = self._loop.time()
            self._run_timer = self._loop.call_later(self._run_left_s, self._out_of_time, "run")

    def _stop_clock(self) -> None:
        if self._run_timer is not None and self._running_since is not None:
            self._run_timer.cancel()
            self._run_left_s = max(0.0, self._run_left_s - (self._loop.time() - self._running_since))
            self._run_timer = self._running_since = None

    def _out_of_time(self, budget: str) -> None:
        limit_s = self._limits.timeout_s if budget == "run" else self._limits.total_s
        self._end("timeout", say("timeout", budget, timeout_s=f"{limit_s:g}"), hint=say("timeout", f"{budget}_hint"))


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _state_after(error: CallError) -> CallState:
    """Say where a call stands that gave no answer: an app that may have acted has not finished."""
    if isinstance(error, UnavailableError):
        return "unfinished" if error.was_sent else "refused"
    return "refused" if isinstance(error, (ArgumentError, DeniedError)) else "failed"


def _refusal_of(error: CallError, admitted: Admitted) -> Refusal:
    message = str(error)[:_MESSAGE_CHARACTERS]
    app = " or ".join(admitted.entry["apps"][:3]) or "the app"
    hint: str | None = None
    if error.kind == "app_error":
        text = "answered" if message else "without_text"
        message = say("app_error", text, function=admitted.name, app=app, reason=message)
        hint = say("app_error", "uncaught_hint")
    else:
        message = f"{admitted.name}: {message}"
        if isinstance(error, UnavailableError) and error.was_sent and admitted.entry["effect"] != "read":
            hint = say("app_unavailable", "effect_unknown_hint")
    return Refusal(kind=error.kind, message=message, signature=admitted.entry["signature"], hint=hint)


def _cut(text: str | None) -> str | None:
    return None if text is None else text[:_MESSAGE_CHARACTERS]
