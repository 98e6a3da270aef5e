"""A run on the host's side: one worker, its calls, its deadlines, its end.

The host never blocks on a snippet: everything here is callbacks and tasks of the event loop. What a snippet, an app or a
worker does wrong is an outcome.

Time has three parts. The run's own time goes on while no call waits; it has a limit. The total goes on from the first
message to the outcome, except while a person is asked; it has a limit too. The clock of the snippet shows the total as
it was when the host last spoke. A run that was paused for a person goes on with what it had used of both; what its new
worker takes to come that far again is not counted, and has the limits once more.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from ioconnect_codemode.ahead import Ahead
from ioconnect_codemode.bridge import Calls, Ended, Event, Needs, State, Waits
from ioconnect_codemode.calls import RunCalls
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.ending import Known, done, dry_run_notes, failed
from ioconnect_codemode.errors import BrokenProtocol, ObserverError, PackageError, WorkerLost
from ioconnect_codemode.frames import (
    HEADER_BYTES,
    Call,
    DoneMessage,
    FailedMessage,
    Reply,
    encode_reply,
    encode_trusted,
)
from ioconnect_codemode.language import SAFE_MODULES
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.lookup.needs import modules_behind, stubs_heading, stubs_part
from ioconnect_codemode.messages import say
from ioconnect_codemode.outcome import Outcome, OutcomeError, state_of
from ioconnect_codemode.paused import Paused
from ioconnect_codemode.process import WorkerProcess
from ioconnect_codemode.replay import Divergence, Replay
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.run_log import Opening, Replied, RunLog, reply_message
from ioconnect_codemode.setting import Setting
from ioconnect_codemode.stopwatch import Stopwatch

_LOG = logging.getLogger("ioconnect_codemode")
_COMPILED_AT_ONCE = 2  # a module of 25 functions takes some 10 ms; a snippet may name hundreds
_NAMESPACES_AT_ONCE = 8  # of 25 functions each: 2 ms
_WAITING_BYTES = 64 * 1024 * 1024  # of calls that wait for their answers; at least two of the largest messages


def run_message(
    opening: Opening, policy: Policy, masks: Mapping[str, Sequence[str]] | None = None
) -> dict[str, object]:
    """Give the message that starts a worker's only run."""
    limits = policy.limits
    return {
        "type": "run",
        "code": opening.source,
        "inputs": dict(opening.inputs),
        "only_review": opening.only_review,
        "started_ns": opening.started_ns,
        "seed": opening.seed,
        **({} if tuple(policy.facades) == SAFE_MODULES else {"facades": list(policy.facades)}),
        **({"masks": {name: list(keys) for name, keys in masks.items()}} if masks else {}),
        "limits": {
            "printed_characters": limits.printed_characters,
            "memory_bytes": limits.memory_bytes,
            "frame_bytes": limits.call_bytes,
        },
    }


class Run:
    """One run.

    Args:
        setting: What it shares with others.
        worker: Its worker, ready.
        log: Its log: of a new run empty, else that of a run that was paused.
        run_id: Its name for observers.
        ahead: What its worker may know already.
        egress: Its way out; one that masks nothing where none is given.
        is_approved: What a person has said of the calls that are held in the log.
    """

    def __init__(
        self,
        setting: Setting,
        worker: WorkerProcess,
        log: RunLog,
        *,
        run_id: str,
        ahead: Ahead | None = None,
        egress: Egress | None = None,
        is_approved: bool = False,
    ) -> None:
        self._setting = setting
        self._worker = worker
        self._log = log
        self._ahead = ahead
        self._run_id = run_id
        self._is_approved = is_approved
        self._limits: Limits = setting.policy.limits
        self._waiting_bytes = max(_WAITING_BYTES, 2 * self._limits.call_bytes)
        self._egress = egress or Egress(limit_characters=self._limits.value_characters)
        self._calls = RunCalls(setting, log, run_id, self, self._egress)
        self._replay: Replay | None = Replay(log) if log.calls else None
        self._outcome: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._has_outcome = self._outcome.done
        self._is_pausing = False
        self._is_closed = False
        self._is_receiving = False
        self._people_asked = 0
        self._own_time = Stopwatch(self._limits.timeout_s, lambda: self._out_of_time("run", self._limits.timeout_s))
        self._total = Stopwatch(self._limits.total_s, lambda: self._out_of_time("total", self._limits.total_s))
        self._wait: Stopwatch | None = None
        self._compiling: asyncio.Task[None] | None = None
        self._held: list[Event | WorkerLost] | None = None

    async def perform(self) -> Outcome:
        """Have the snippet run and give its outcome."""
        self._worker.on_event = self._receive
        self._worker.on_lost = self._lost
        self._egress.take_inputs(self._log.opening.inputs)
        message = run_message(self._log.opening, self._setting.policy, self._egress.record_masks)
        if self._ahead is not None:
            message["ahead"] = self._ahead.key
        self._worker.send_run(message)
        self._set_clocks()
        if self._ahead is not None:
            self._ahead.named()
        if self._worker.is_over:  # since it was taken, when nobody listened
            self._lost(WorkerLost("the worker ended"))
        return await self._outcome

    def hold(self) -> None:
        """Take nothing of the worker's until `release`, but its question for names: no call is made, nothing ends."""
        self._held = []

    def release(self) -> None:
        """Take what was held, and what comes."""
        held, self._held = self._held or [], None
        self._set_clocks()
        for event in held:
            if self._is_pausing:  # the worker was killed there; a new one says the rest again
                return
            if isinstance(event, WorkerLost):
                self._lost(event)
            else:
                self._receive(event)

    def close(self) -> None:
        """Stop the clocks and cancel the calls that wait."""
        self._is_closed = True
        self._worker.run_over()
        if self._compiling is not None:
            self._compiling.cancel()
        self._drop_wait()
        self._own_time.close()
        self._total.close()
        self._calls.close()

    def end_early(self) -> None:
        """End the run because its session is closed."""
        self._end("worker_lost", say("worker_lost", "closed"), hint=None)

    # -- events of the worker ----------------------------------------------------------------------------------

    def _receive(self, event: Event) -> None:
        if self.is_over:
            return
        if self._held is not None and not isinstance(event, Needs):
            self._keep(event, self._held)
            return
        self._is_receiving = True
        try:
            match event:
                case Calls(calls=calls):
                    self._take_calls(calls)
                case Needs(names=names):
                    self._take_need(names)
                case Waits(number=number, for_s=for_s):
                    self._waits(number, for_s)
                case Ended(message=message):
                    self._ended(message)
                case _:
                    pass
        except Divergence:
            self._diverged()
        except Exception:  # a package that was tampered with, or a defect: asyncio would log it and the run never end
            self.fault()
        except BaseException:  # of an app that answers at once; nobody else would end the run
            self.fault()
            raise
        finally:
            self._is_receiving = False

    def _keep(self, event: Event, held: list[Event | WorkerLost]) -> None:
        """Keep what a held worker says: not much more than a run may call, and the last wait, as each drops the others."""
        if isinstance(event, Waits):
            held[:] = [one for one in held if not isinstance(one, Waits)]
        held.append(event)
        count = sum(len(one.calls) for one in held if isinstance(one, Calls))
        if count > self._limits.calls or self._too_much_waits:
            self._worker.kill()  # `release` takes the calls up to the limit and ends the run there
        self._set_clocks()

    def _take_need(self, names: Sequence[str]) -> None:
        """Answer at once where that is little work, else in parts, between other things that the event loop does."""
        manifest = self._setting.manifest
        missing = [module for module in modules_behind(manifest, names) if not manifest.has_stub_code(module)]
        heading, namespaces = stubs_heading(manifest, names)
        if len(missing) <= _COMPILED_AT_ONCE and len(namespaces) <= _NAMESPACES_AT_ONCE:
            self._answer_need({**heading, **stubs_part(manifest, namespaces)}, namespaces)
        else:
            self._compiling = asyncio.get_running_loop().create_task(self._compile(missing, heading, namespaces))

    async def _compile(self, modules: Sequence[str], heading: dict[str, object], namespaces: Sequence[str]) -> None:
        manifest = self._setting.manifest
        parts: list[bytes] = []
        try:
            for module in modules:
                manifest.stub_code(module)
                await asyncio.sleep(0)
            for start in range(0, len(namespaces), _NAMESPACES_AT_ONCE):
                part = stubs_part(manifest, namespaces[start : start + _NAMESPACES_AT_ONCE])
                parts.append(encode_trusted(part)[HEADER_BYTES:])
                await asyncio.sleep(0)
            self._answer_need({**heading, "parts": parts}, namespaces)
        except Exception:  # as in `_receive`
            self.fault()

    def _answer_need(self, message: dict[str, object], namespaces: Sequence[str]) -> None:
        self._worker.send(message)
        if self._ahead is not None:
            self._ahead.named(namespaces)

    def _take_calls(self, calls: Sequence[Call]) -> None:
        if self._too_much_waits:
            message = say("call_limit", "bytes", limit=f"{self._waiting_bytes:,}")
            self._end("call_limit", message, hint=say("call_limit", "bytes_hint"))
            return
        was_replayed = self._replay is not None
        for call in calls:
            if self._replay is not None:
                self._replay.take(call)
            elif len(self._log.calls) >= self._limits.calls:
                self._end_by_call_limit()
            else:
                self._calls.take(call)
            if self.is_over:
                return
        if was_replayed:
            self._go_through_log()
        if was_replayed or self._worker.conversation.pending:
            self._set_clocks()  # not before: what admission takes is the run's own time
        if self._calls.requests and not self._is_pausing:
            self._pause()

    @property
    def _too_much_waits(self) -> bool:
        return self._worker.conversation.waiting_bytes > self._waiting_bytes

    def _end_by_call_limit(self) -> None:
        message = say("call_limit", "count", limit=self._limits.calls)
        self._end("call_limit", message, hint=say("call_limit", "fewer_hint"))

    def _go_through_log(self) -> None:
        """Send what the log says is next; behind its end, go on with the calls that were held."""
        if self._replay is None:
            return
        while (entry := self._replay.due()) is not None:
            if isinstance(entry, Replied):
                reply = entry.reply
                if reply["ok"] is True:
                    name, value = self._log.calls[reply["id"]].name, reply["value"]
                    answers = value.values() if reply.get("by_target") and isinstance(value, dict) else (value,)
                    for answer in answers:
                        self._egress.take_answer(name, answer)
                self._worker.send_frame(entry.frame)
                self._worker.conversation.replied(entry.number)
            else:
                self._send_wake(entry.number, entry.elapsed_us)
        if self._replay.is_over:
            held, self._replay = self._replay.held(), None
            self._own_time.go_on_from(self._log.own_s)
            self._total.go_on_from(self._log.total_s)
            for call in held:
                if self.is_over:  # an observer has stopped it at the one before
                    return
                if self._is_approved:
                    self._calls.take(call, is_approved=True)
                else:
                    self._calls.deny(call)

    def _lost(self, reason: WorkerLost) -> None:
        if self.is_over:
            return
        if self._held is not None:  # what it said before, its outcome perhaps, comes first
            self._held.append(reason)
            self._set_clocks()
            return
        if isinstance(reason, BrokenProtocol):
            self._broke_protocol()
        else:
            self._end("worker_lost", say("worker_lost", "ended"), hint=say("worker_lost", "variables_hint"))

    def _broke_protocol(self) -> None:
        self._end("worker_lost", say("worker_lost", "broke_protocol"), hint=say("worker_lost", "variables_hint"))

    # -- what its calls need -----------------------------------------------------------------------------------

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome, or nobody waits for one."""
        return self._is_closed or self._has_outcome()

    def reply(self, reply: Reply) -> int:
        """Send a reply, log it, and give its size."""
        if self.is_over:
            return 0
        elapsed_us = int(self._total.passed_s * 1e6)
        frame = encode_reply(reply, elapsed_us)
        self._worker.send_frame(frame)  # first of all: the worker goes on while the rest is noted
        return self._replied(reply, frame, elapsed_us)

    def reply_if(self, reply: Reply, holds: Callable[[], bool]) -> int:
        """Send a reply if a check says so, which the worker may take in meanwhile; 0 where it doesn't."""
        if self.is_over:
            return 0
        elapsed_us = int(self._total.passed_s * 1e6)
        frame = encode_reply(reply, elapsed_us)
        return self._replied(reply, frame, elapsed_us) if self._worker.send_if(frame, holds) else 0

    def _replied(self, reply: Reply, frame: bytes, elapsed_us: int) -> int:
        if self._worker.conversation.state is not State.OVER:  # a run that was held is taken with its end behind it
            self._worker.conversation.replied(reply["id"])
        if not self._is_receiving:
            self._set_clocks()
        if self._log.keeps_answers:
            self._log.replied(reply["id"], frame, elapsed_us=elapsed_us)
        return len(frame)

    def app_took(self, seconds: float) -> None:
        """Take back from the run's own time what an app has taken that answered at once."""
        if self._own_time.is_running:
            self._own_time.take_back(seconds)

    @property
    def has_room(self) -> bool:
        """Whether the worker has read most of what it was sent."""
        return self._worker.has_room

    async def room(self) -> None:
        """Wait until it has."""
        await self._worker.room()

    def person_asked(self) -> None:
        """Let time stand still while a person is asked."""
        self._people_asked += 1
        self._set_clocks()

    def person_answered(self) -> None:
        """Let time go on when nobody is asked any more."""
        self._people_asked -= 1
        self._set_clocks()

    def stop(self, error: ObserverError) -> None:
        """End the run because an observer says so."""
        self._end("internal", say("internal", "unrecorded", reason=str(error)), hint=say("internal", "unrecorded_hint"))

    def fault(self) -> None:
        """End the run after the exception that is being handled.

        What is wrong with the package is told; a defect of the host is logged under the reference that the outcome names.
        """
        error = sys.exception()
        if isinstance(error, PackageError):
            _LOG.error("%s", error)
            reason = str(error).replace(f"{self._setting.manifest.folder}{os.sep}", "")
            self._end("internal", say("internal", "package", reason=reason), hint=say("internal", "package_hint"))
            return
        reference = os.urandom(4).hex()
        _LOG.exception("fault %s", reference)
        message = say("internal", "fault", reference=reference)
        self._end("internal", message, hint=say("internal", "report_hint", reference=reference))

    # -- messages to the worker --------------------------------------------------------------------------------

    def _waits(self, number: int, for_s: float) -> None:
        self._drop_wait()
        self._wait = Stopwatch(for_s, lambda: self._wake(number))
        if self._replay is not None:
            self._replay.waits(number)
            self._go_through_log()
        self._set_clocks()

    def _wake(self, number: int) -> None:
        elapsed_us = self._elapsed_us()
        self._send_wake(number, elapsed_us)
        self._log.woken(number, elapsed_us=elapsed_us)

    def _send_wake(self, number: int, elapsed_us: int) -> None:
        self._drop_wait()
        self._worker.conversation.woken(number)
        self._worker.send(reply_message([], elapsed_us, woken=number))

    def _drop_wait(self) -> None:
        if self._wait is not None:
            self._wait.close()
            self._wait = None

    # -- the clocks --------------------------------------------------------------------------------------------

    def _elapsed_us(self) -> int:
        return int(self._total.passed_s * 1e6)

    def _set_clocks(self) -> None:
        """Let each clock go on or stand still, as the rules at the top of this room say."""
        is_stopped = self._is_closed or self._people_asked > 0 or bool(self._held)  # then the worker waits for a check
        waits_for_apps = self._replay is None and self._worker.conversation.pending > 0
        _run_or_stand(self._own_time, is_stopped or self._is_pausing or waits_for_apps)
        _run_or_stand(self._total, is_stopped)
        if self._wait is not None:
            _run_or_stand(self._wait, is_stopped or self._replay is not None)

    def _out_of_time(self, budget: str, limit_s: float) -> None:
        if self._replay is not None:  # it waits for an answer that its log doesn't have there
            self._diverged()
            return
        names = self._log.note_waits()
        message = say("timeout", "waiting" if names else budget, timeout_s=f"{limit_s:g}", names=names)
        self._end("timeout", message, hint=say("timeout", f"{budget}_hint"))

    # -- the end -----------------------------------------------------------------------------------------------

    def _pause(self) -> None:
        """Kill the worker, and when the calls under way have their answers, say what a person is to be asked.

        What the worker would have done meanwhile a new one does again: it is driven by the log.
        """
        self._is_pausing = True
        self._drop_wait()
        self._set_clocks()
        self._worker.kill()
        self._calls.when_idle(self._need_approval)

    def _need_approval(self) -> None:
        if self.is_over:
            return
        requests = tuple(self._calls.requests)
        if not self._log.is_whole:  # by the answers of the calls that were under way
            self._end("denied", say("denied", "too_much_to_keep", function=requests[0].capability), hint=None)
            return
        self._log.own_s, self._log.total_s = self._own_time.passed_s, self._total.passed_s
        paused = Paused(
            run_id=self._run_id,
            log=self._log,
            requests=requests,
            catalog=self._setting.manifest.digest,
            policy=self._setting.policy,
        )
        error = OutcomeError(
            kind="approval_needed",
            message="; ".join(request.sentence for request in requests),
            hint=say("approval_needed", "wait_hint"),
            state=state_of(self._log.records()),
            approval_id=self._setting.paused.keep(paused),
        )
        self._finish(Outcome(ok=False, error=error, notes=tuple(self._log.notes)))

    def _diverged(self) -> None:
        self._end("internal", say("internal", "diverged"), hint=say("internal", "diverged_hint"))

    def _ended(self, message: DoneMessage | FailedMessage) -> None:
        if self._replay is not None:
            raise Divergence
        known = Known(
            source=self._log.opening.source,
            only_review=self._log.opening.only_review,
            limits=self._limits,
            calls=self._log.records(),
            notes=self._log.notes,
            refusals=self._log.refusals,
            egress=self._egress,
        )
        outcome = done(message, known) if message["type"] == "done" else failed(message, known)
        if outcome is None:
            self._broke_protocol()
        else:
            self._finish(outcome)

    def _end(self, kind: str, message: str, *, hint: str | None) -> None:
        """End the run from the host's side: the worker is killed before the outcome is given."""
        self._worker.kill()
        self._log.give_up_held()
        error = OutcomeError(kind=kind, message=message, hint=hint, state=state_of(self._log.records()))
        self._finish(Outcome(ok=False, error=error, notes=tuple(self._log.notes)))

    def _finish(self, outcome: Outcome) -> None:
        if not self._outcome.done():
            self._log.note_waits()
            is_dry_run = self._log.opening.is_dry_run and (outcome.ok or bool(self._log.calls))
            if is_dry_run or self._log.calls:
                calls = self._log.records()
                notes = (*dry_run_notes(calls), *outcome.notes) if is_dry_run else outcome.notes
                outcome = replace(outcome, calls=calls, notes=notes)
            self._outcome.set_result(self._egress.outcome(outcome))


def _run_or_stand(clock: Stopwatch, is_to_stand: bool) -> None:
    if clock.is_running is is_to_stand:
        if is_to_stand:
            clock.stop()
        else:
            clock.start()
