"""The runs of one opened package: their turns, their workers, what observers are told, and runs that wait for approval.

Nothing but wrong use of the API raises; what a snippet, an app or a worker does wrong is an outcome.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from ioconnect_codemode.admit import Admission
from ioconnect_codemode.ahead import Ahead
from ioconnect_codemode.approval import OnApproval
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.errors import ObserverError, PackageError, WorkerLost
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.messages import say, say_state
from ioconnect_codemode.observers import Observer, Observers, RunEnded, RunStarted
from ioconnect_codemode.outcome import CallRecord, Outcome, OutcomeError, state_of
from ioconnect_codemode.paused import Expired, PausedRuns
from ioconnect_codemode.pool import Pool, WorkerProcess
from ioconnect_codemode.readings import Stale
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.run import Run
from ioconnect_codemode.run_log import Opening, RunLog
from ioconnect_codemode.setting import Setting
from ioconnect_codemode.source import Refusal as SourceRefusal
from ioconnect_codemode.source import gate, named_modules
from ioconnect_codemode.spreading import Spread
from ioconnect_codemode.transports.base import Transport
from ioconnect_codemode.typecheck import TypeCheck, merged
from ioconnect_codemode.values import JsonValue

_WORD = re.compile(r"\w+")
_STALE_SHOWN = 3  # functions that one outcome names; an outcome has 800 characters


class _Start(NamedTuple):
    """A run that is to begin, or to go on.

    Attributes:
        resumes: The run that it goes on with.
        is_approved: What a person has said of that run's calls.
    """

    log: RunLog
    resumes: str | None = None
    is_approved: bool = False


class Session:
    """What the runs of one opened package share.

    Args:
        manifest: The catalog as policy leaves it.
        policy: The policy in force.
        pool: Where workers come from.
        transport: Carries the calls.
        runs_at_once: How many runs may have a worker at the same time; further ones wait for their turn.
        paused: Runs that wait for approval; those of an earlier session may be among them.
        observers: Who watches runs.
        on_approval: Asks a person about a call; where there is none, a run that needs approval is paused.
        type_check: The deeper check; that of this installation where none is given.
    """

    def __init__(
        self,
        *,
        manifest: Manifest,
        policy: Policy,
        pool: Pool,
        transport: Transport,
        runs_at_once: int,
        paused: PausedRuns,
        observers: Sequence[Observer] = (),
        on_approval: OnApproval | None = None,
        type_check: TypeCheck | None = None,
    ) -> None:
        self.manifest = manifest
        self.policy = policy
        self.admission = Admission(manifest, policy)
        self.pool = pool
        self.transport = transport
        self.paused = paused
        self.type_check = type_check or TypeCheck.of_installation(manifest)
        masks = Masks(policy.mask, manifest) if policy.mask else None
        self._ahead = Ahead(manifest, {} if masks is None else masks.of_records(), pool)
        self._setting = Setting(
            manifest=manifest,
            policy=policy,
            admission=self.admission,
            transport=transport,
            observers=Observers(observers),
            paused=self.paused,
            spread=Spread(),
            masks=masks,
            on_approval=on_approval,
        )
        self._turns = asyncio.Semaphore(runs_at_once)
        self._runs: set[Run] = set()
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._is_closed = False

    async def run(
        self,
        code: str,
        inputs: Mapping[str, JsonValue],
        *,
        only_review: bool = False,
        dry_run: bool = False,
        stale: Sequence[Stale] = (),
    ) -> Outcome:
        """Run a snippet, or only review and check it, and give its outcome.

        Cancelling this coroutine kills the worker and cancels the calls that wait.

        Args:
            code: The snippet.
            inputs: Its inputs.
            only_review: Nothing runs.
            dry_run: Reads are performed; every other call is answered with a stand-in, and nothing is sent.
            stale: What it uses and has changed since it was read; where there is any, nothing runs.
        """
        limit_bytes = self.policy.limits.code_bytes
        source = gate(code, limit_bytes=limit_bytes)
        opening = Opening(
            source=code[:limit_bytes] if isinstance(source, SourceRefusal) else source,
            inputs=inputs,
            started_ns=time.time_ns(),
            seed=int.from_bytes(os.urandom(8), "little"),
            only_review=only_review,
            is_dry_run=dry_run,
        )
        start = _Start(log=RunLog(opening, keeps_answers=self._setting.pauses_runs and not dry_run))
        if isinstance(source, SourceRefusal):
            return await self._watched(start, refused=_refused(source))
        return await self._watched(start, refused=_outdated(stale, self.manifest) if stale else None)

    async def resume(self, approval_id: str, *, approved: bool) -> Outcome:
        """Go on with a run that waits for approval, and give its outcome.

        A new worker is driven by the log: what has been called is answered from it and not called again.

        Raises:
            UsageError: No run waits under that id: there never was one, or it was answered for.
        """
        paused = self.paused.take(approval_id)
        if isinstance(paused, Expired):
            start = _Start(log=RunLog(paused.opening, keeps_answers=False), resumes=paused.run_id)
            return await self._watched(start, refused=self._expired(paused))
        if paused.catalog != self.manifest.digest or paused.policy != self.policy:
            function = paused.requests[0].capability
            message = say("stale_definitions", "while_paused", function=function)
            paused.log.give_up_held()
            refused = self._not_resumed("stale_definitions", message, paused.log.records())
            return await self._watched(_Start(log=paused.log, resumes=paused.run_id), refused=refused)
        return await self._watched(_Start(log=paused.log, resumes=paused.run_id, is_approved=approved))

    async def retire(self) -> None:
        """Wait until the last run is over, and end what is this session's alone: its pool serves the next one."""
        await self._ahead.close()
        await self._idle.wait()
        await self.type_check.close()

    async def close(self) -> None:
        """End the runs under way, each with an outcome that says so, and all workers."""
        self._is_closed = True
        for run in list(self._runs):
            run.end_early()
        await self._ahead.close()
        await self.type_check.close()
        await self.pool.close()

    async def _watched(self, start: _Start, *, refused: Outcome | None = None) -> Outcome:
        """Perform a run between the two words to its observers."""
        started, run_id = time.perf_counter(), os.urandom(8).hex()
        egress = Egress(limit_characters=self.policy.limits.value_characters, masks=self._setting.masks)
        outcome: Outcome | None = None
        self._under_way += 1
        self._idle.clear()
        try:
            if self._setting.observers:
                self._setting.observers.tell(self._started(start, run_id, egress))
            outcome = refused if refused is not None else await self._in_turn(start, run_id, egress)
        except ObserverError as error:
            outcome = _unrecorded(error, start.log.records() if refused is None else refused.calls)
        finally:  # also where the run is cancelled: then this is its end, and nobody gets an outcome
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()
            if outcome is None:
                outcome = _ended("worker_lost", say("worker_lost", "given_up"), start.log)
            outcome = self._told(run_id, self._timed(outcome, started), start.log)
        return outcome

    def _started(self, start: _Start, run_id: str, egress: Egress) -> RunStarted:
        opening = start.log.opening
        return RunStarted(
            run_id=run_id,
            started_ns=time.time_ns(),
            source=opening.source,
            inputs=tuple(opening.inputs),
            catalog=self.manifest.digest,
            is_dry_run=opening.is_dry_run,
            is_review=opening.only_review,
            resumes=start.resumes,
            egress=egress,
        )

    def _told(self, run_id: str, outcome: Outcome, log: RunLog) -> Outcome:
        if not self._setting.observers:
            return outcome
        try:
            self._setting.observers.tell(RunEnded(run_id=run_id, outcome=outcome))
        except ObserverError as error:
            calls = outcome.calls
            if outcome.error is not None and outcome.error.approval_id is not None:  # which nobody is told
                self.paused.take(outcome.error.approval_id)
                log.give_up_held()
                calls = log.records()
            return replace(_unrecorded(error, calls), catalog=outcome.catalog, elapsed_s=outcome.elapsed_s)
        return outcome

    async def _in_turn(self, start: _Start, run_id: str, egress: Egress) -> Outcome:
        async with self._turns:
            worker = await self._worker(start)
            if isinstance(worker, Outcome):
                return worker
            opening = start.log.opening
            is_checked = opening.only_review or self.type_check.concerns(opening.source)
            if start.resumes is not None or not is_checked:  # a resumed one was checked when it began
                return await self._performed(worker, start, run_id, egress)
            if not opening.only_review and self.type_check.answers:
                return await self._performed_while_checked(worker, start, run_id, egress)
            try:
                found = await self.type_check.findings(opening.source, is_patient=opening.only_review)
            except BaseException:
                self.pool.give_back(worker)
                raise
            return merged(await self._performed(worker, start, run_id, egress), found, opening.source)

    async def _worker(self, start: _Start) -> WorkerProcess | Outcome:
        """Take a worker; gives the outcome where there is none, or the session was closed meanwhile."""
        source = start.log.opening.source
        preparing = modules = None
        if not self.pool.has_ready_worker:
            modules = named_modules(source)
            preparing = asyncio.get_running_loop().create_task(self._prepare(source))
        try:
            worker = await self.pool.take(modules)
        except WorkerLost as lost:
            return _ended("worker_lost", say("worker_lost", "closed") if self._is_closed else str(lost), start.log)
        finally:
            if preparing is not None:
                preparing.cancel()
        if self._is_closed:
            self.pool.give_back(worker)
            return _ended("worker_lost", say("worker_lost", "closed"), start.log)
        return worker

    async def _prepare(self, source: str) -> None:
        """Make ready, while a worker starts, what it asks for first: what the words of its snippet name."""
        await asyncio.sleep(0)  # the worker's start comes first
        manifest, words = self.manifest, set(_WORD.findall(source))
        functions = [manifest.global_functions[word] for word in words if word in manifest.global_functions]
        spaces = {
            *(word for word in words if word in manifest.namespaces),
            *(one.partition(".")[0] for one in functions),
        }
        with contextlib.suppress(PackageError):  # told to the worker that asks
            for module in {one for space in spaces for one in manifest.modules_of(space)}:
                manifest.stub_code(module)
                await asyncio.sleep(0)
            for name in {f"{space}.{word}" for space in spaces for word in words}:
                if name in manifest.capabilities:
                    self.admission.prepare(name)
                    await asyncio.sleep(0)

    async def _performed_while_checked(
        self, worker: WorkerProcess, start: _Start, run_id: str, egress: Egress
    ) -> Outcome:
        """Perform a run beside the type check: nothing of it leaves the worker before the check has had its say."""
        opening = start.log.opening
        run = self._begin(worker, start, run_id, egress)
        run.hold()
        performing = asyncio.ensure_future(self._end_of(run, worker))
        try:
            await asyncio.sleep(0)  # it begins, and so ends what it has begun; an answer may be known at once
            found = await self.type_check.findings(opening.source)
            if not found:
                run.release()
                return await performing
        finally:
            performing.cancel()
            await asyncio.gather(performing, return_exceptions=True)
        start.log.opening = opening._replace(only_review=True)  # what the review says besides; nothing has been called
        fresh = await self._worker(start)
        if isinstance(fresh, Outcome):
            return fresh
        return merged(await self._performed(fresh, start, run_id, egress), found, opening.source)

    async def _performed(self, worker: WorkerProcess, start: _Start, run_id: str, egress: Egress) -> Outcome:
        if worker.is_over and not self._is_closed:  # while the check was waited for; it was sent nothing
            self.pool.give_back(worker)
            fresh = await self._worker(start)
            if isinstance(fresh, Outcome):
                return fresh
            worker = fresh
        return await self._end_of(self._begin(worker, start, run_id, egress), worker)

    def _begin(self, worker: WorkerProcess, start: _Start, run_id: str, egress: Egress) -> Run:
        run = Run(
            self._setting,
            worker,
            start.log,
            run_id=run_id,
            ahead=self._ahead,
            egress=egress,
            is_approved=start.is_approved,
        )
        self._runs.add(run)
        return run

    async def _end_of(self, run: Run, worker: WorkerProcess) -> Outcome:
        try:
            return await run.perform()
        finally:
            self._runs.discard(run)
            run.close()
            self.pool.give_back(worker)

    def _expired(self, expired: Expired) -> Outcome:
        function = ", ".join(expired.capabilities)
        message = say("denied", "expired", function=function, timeout_s=f"{expired.expires_s:g}")
        return self._not_resumed("denied", message, expired.calls)

    def _not_resumed(self, kind: str, message: str, calls: tuple[CallRecord, ...]) -> Outcome:
        error = OutcomeError(kind=kind, message=message, hint=say("denied", "not_resumed_hint"), state=state_of(calls))
        return Outcome(ok=False, error=error, calls=calls, catalog=self.manifest.digest)

    def _timed(self, outcome: Outcome, started: float) -> Outcome:
        elapsed_s = round(time.perf_counter() - started, 6)
        return replace(outcome, catalog=self.manifest.digest, elapsed_s=elapsed_s)


def _outdated(stale: Sequence[Stale], manifest: Manifest) -> Outcome:
    shown = stale[:_STALE_SHOWN]
    messages = [
        say(
            "stale_definitions",
            "gone" if one.is_gone else "changed",
            function=one.name,
            old_catalog=one.catalog,
            catalog=manifest.digest,
        )
        for one in shown
    ]
    signatures = [manifest.capabilities[one.name]["signature"] for one in shown if not one.is_gone]
    error = OutcomeError(
        kind="stale_definitions",
        message="; ".join(messages),
        signature="; ".join(signatures) or None,
        hint=say("stale_definitions", "read_again_hint", names=", ".join(one.name for one in shown)),
        state=say_state("nothing_was_run"),
    )
    return Outcome(ok=False, error=error)


def _refused(refusal: SourceRefusal) -> Outcome:
    state = say_state("nothing_was_run")
    return Outcome(ok=False, error=OutcomeError(kind="syntax", message=refusal.message, hint=refusal.hint, state=state))


def _unrecorded(error: ObserverError, calls: tuple[CallRecord, ...]) -> Outcome:
    message = say("internal", "unrecorded", reason=str(error))
    return _ended_after(calls, "internal", message, hint=say("internal", "unrecorded_hint"))


def _ended(kind: str, message: str, log: RunLog) -> Outcome:
    """Give the outcome of a run that was not performed, or not to its end."""
    log.give_up_held()
    return _ended_after(log.records(), kind, message)


def _ended_after(calls: tuple[CallRecord, ...], kind: str, message: str, *, hint: str | None = None) -> Outcome:
    state = state_of(calls) if calls else say_state("nothing_was_run")
    return Outcome(ok=False, error=OutcomeError(kind=kind, message=message, hint=hint, state=state), calls=calls)
