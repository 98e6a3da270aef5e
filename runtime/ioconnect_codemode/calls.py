"""The calls of one run: admitted, approved or held, performed side by side, answered once.

A call goes one way: it is refused, it is held for a person, it is stood in for, or it is sent to its app and its answer
judged. Each way ends in one reply, one entry of the log, and one word to the observers.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from functools import partial
from typing import NamedTuple, Protocol

from ioconnect_codemode.admit import Admitted, Refusal
from ioconnect_codemode.answers import Answers, Replying
from ioconnect_codemode.approval import ApprovalRequest, ask, request_of
from ioconnect_codemode.egress import Egress, shortened
from ioconnect_codemode.errors import (
    AppError,
    ArgumentError,
    CallError,
    DeniedError,
    ObserverError,
    UnavailableError,
)
from ioconnect_codemode.frames import Call
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.observers import CallEnded, CallStarting
from ioconnect_codemode.outcome import CallState
from ioconnect_codemode.plain import copied
from ioconnect_codemode.refusals import MESSAGE_CHARACTERS, NAME_CHARACTERS, START, denied, refusal_of
from ioconnect_codemode.run_log import RunLog
from ioconnect_codemode.setting import Setting
from ioconnect_codemode.slots import Slots
from ioconnect_codemode.transports.base import Direct
from ioconnect_codemode.values import JsonValue

_NOTICED_S = 0.001  # of an app that answers at once: a thousand calls below it are a second
_ARGUMENTS_CHARACTERS = 500  # of a call that a dry run did not make, in the outcome


class Host(Replying, Protocol):
    """What the calls of a run need of the run."""

    @property
    def is_over(self) -> bool:
        """Whether there is an outcome."""
        ...

    @property
    def has_room(self) -> bool:
        """Whether the worker has read most of what it was sent."""
        ...

    async def room(self) -> None:
        """Wait until it has."""
        ...

    def app_took(self, seconds: float) -> None:
        """Note what an app has taken that answered at once: it is not the run's own time."""
        ...

    def person_asked(self) -> None:
        """Let time stand still: a person is asked."""
        ...

    def person_answered(self) -> None:
        """Let time go on."""
        ...

    def stop(self, error: ObserverError) -> None:
        """End the run: an observer says so."""
        ...

    def fault(self) -> None:
        """End the run: the exception that is being handled is a defect of the host."""
        ...


class RunCalls:
    """The calls of one run.

    Attributes:
        requests: What a person is to be asked about calls that are held.
    """

    def __init__(self, setting: Setting, log: RunLog, run_id: str, host: Host, egress: Egress) -> None:
        self.requests: list[ApprovalRequest] = []
        self._setting = setting
        self._approval = setting.policy.approval
        self._has_rules = bool(self._approval.ask)
        self._asked_about: dict[str, bool] = {}
        self._limits = setting.policy.limits
        self._log = log
        self._run_id = run_id
        self._host = host
        self._answers = Answers(setting.admission, log, host)
        self._direct = setting.direct
        self._admit = setting.admission.admit
        self._observers = setting.observers if setting.observers else None
        self._is_dry_run = log.opening.is_dry_run
        self._egress = egress
        self._slots = Slots(self._limits.calls_at_once)
        self._spread = setting.spread
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: set[asyncio.Future[JsonValue]] = set()
        self._on_idle: Callable[[], None] | None = None
        self._open: dict[int, tuple[Call, Mapping[str, JsonValue]]] = {}

    def take(self, call: Call, *, is_approved: bool = False) -> None:
        """Take a call of the worker; what becomes of it is replied, now or later."""
        admitted = self._admit(call["name"], call["arguments"])
        if isinstance(admitted, Refusal):
            known = self._setting.manifest.capabilities.get(call["name"])
            self._add(call, known["effect"] if known else "unknown", self._given(call))
            self._refuse(call, admitted, "refused")
            return
        effect = admitted.entry["effect"]
        self._add(call, effect, admitted.given)
        asks = self._has_rules and not is_approved and self._is_asked_about(admitted.name, effect)
        if self._is_dry_run and (asks or effect != "read"):
            self._stand_in(call, admitted)
        elif asks and self._setting.on_approval is None:
            self._hold(call, admitted)
        elif self._direct is None or asks or not self._host.has_room or not self._slots.take_now():
            self._log.set_state(call["id"], "refused")  # nothing is sent while it waits for a person or for its turn
            self._work(self._perform(call, admitted, asks=asks))
        else:
            self._begin(call, admitted, self._direct)

    def _is_asked_about(self, name: str, effect: Effect) -> bool:
        known = self._asked_about.get(name)
        if known is None:
            known = self._asked_about[name] = self._approval.asks(name, effect)
        return known

    def deny(self, call: Call) -> None:
        """Answer a call that a person has refused."""
        self._refuse(call, denied("refused", call["name"]), "refused")

    def when_idle(self, act: Callable[[], None]) -> None:
        """Act when every call under way has its answer."""
        if self._tasks or self._waiting:
            self._on_idle = act
        else:
            act()

    def close(self) -> None:
        """Cancel the calls under way, and tell the observers of those that have not ended."""
        self._on_idle = None
        for task in self._tasks:
            task.cancel()
        for waiting in self._waiting:
            waiting.cancel()
        for call, _ in list(self._open.values()):
            self._tell(call)

    # -- the ways of a call ------------------------------------------------------------------------------------

    def _begin(self, call: Call, admitted: Admitted, transport: Direct) -> None:
        """Send a call whose app may answer at once; then it is over when this returns, and no task was needed."""
        holds_slot = True
        try:
            if not self._may_start(call, admitted):
                return
            started = time.perf_counter()
            try:
                begun = transport.begin(admitted.route, admitted.arguments, timeout_s=self._limits.call_timeout_s)
            except CallError as error:
                self._came(call, admitted, error, started)
                return
            except asyncio.CancelledError as error:  # the app's own: nothing that doesn't wait can be cancelled
                self._came(call, admitted, _given_up(error), started)
                return
            if isinstance(begun, asyncio.Future):
                holds_slot = False
                self._waiting.add(begun)
                settled = partial(self._settled, call, admitted, started, begun)
                begun.add_done_callback(lambda _: self._spread.take(settled))
            else:
                taken_s = time.perf_counter() - started
                if taken_s > _NOTICED_S:
                    self._host.app_took(taken_s)
                self._answered(call, admitted, begun, started)
        finally:
            if holds_slot:
                self._slots.give_back()

    def _settled(self, call: Call, admitted: Admitted, started: float, begun: asyncio.Future[JsonValue]) -> None:
        """Take the answer of an app that took its time; of a run that is over it is dropped on the way."""
        self._waiting.discard(begun)
        self._slots.give_back()
        try:
            self._came(call, admitted, _ended_in(begun), started)
        except BaseException as error:
            self._host.fault()
            if not isinstance(error, Exception):
                raise
        finally:
            self._act_if_idle()

    def _work(self, work: Coroutine[object, object, None]) -> None:
        task = _begun(work)
        if not task.done():
            self._tasks.add(task)
            task.add_done_callback(self._forget)

    def _hold(self, call: Call, admitted: Admitted) -> None:
        if not self._log.is_whole:
            self._refuse(call, denied("too_much_to_keep", admitted.name), "refused")
        elif not self._setting.paused.has_room:
            self._refuse(call, denied("too_many_wait", admitted.name), "refused")
        else:
            self._log.set_state(call["id"], "held")
            self.requests.append(self._request(admitted))

    def _stand_in(self, call: Call, admitted: Admitted) -> None:
        shown = self._egress.arguments(admitted.entry["parameters"], admitted.given)
        arguments = shortened(shown, characters=_ARGUMENTS_CHARACTERS)
        self._log.show_arguments(call["id"], arguments)
        value = self._setting.admission.stand_in(admitted)
        if admitted.route.has_several_answers:
            by_target: dict[str, JsonValue] = {one: copied(value) for one in self._setting.admission.targets(admitted)}
            size = self._host.reply({"id": call["id"], "ok": True, "value": by_target, "by_target": True})
        else:
            size = self._host.reply({"id": call["id"], "ok": True, "value": copied(value)})
        self._ended(call, "not_called", answer_bytes=size)

    async def _perform(self, call: Call, admitted: Admitted, *, asks: bool) -> None:
        try:
            refusal = await self._asked(admitted) if asks else None
            if refusal is not None:
                self._refuse(call, refusal, "refused")
                return
            await self._slots.take()
            try:
                await self._host.room()
                if not self._may_start(call, admitted):
                    return
                self._log.set_state(call["id"], "unfinished")
                started = time.perf_counter()
                sent = self._setting.transport.call(
                    admitted.route, admitted.arguments, timeout_s=self._limits.call_timeout_s
                )
                answer = await self._answer(sent)
                await self._spread.done(partial(self._came, call, admitted, answer, started))
            finally:
                self._slots.give_back()
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # a defect of a transport, of who asks, or of ours must not hang the run
            self._host.fault()
            if not isinstance(error, Exception):
                raise

    def _may_start(self, call: Call, admitted: Admitted) -> bool:
        """Tell the observers that a call is about to be sent; false where the run is over, or one of them stops it."""
        if self._host.is_over:  # since the call was taken: it waited for a person, or for its turn
            return False
        effect = admitted.entry["effect"]
        if self._observers is None or not self._observers.hear_starts(effect):
            return True
        event = CallStarting(self._run_id, call["id"], admitted.name, effect, arguments=admitted.given)
        try:
            self._observers.tell(event)
        except ObserverError as error:
            self._log.set_state(call["id"], "refused")  # nothing was sent
            self._host.stop(error)
            return False
        return True

    async def _asked(self, admitted: Admitted) -> Refusal | None:
        """Have a person asked; gives why the call isn't made."""
        if self._setting.on_approval is None:
            raise RuntimeError("there is nobody to ask")
        self._host.person_asked()
        try:
            is_approved = await ask(self._setting.on_approval, self._request(admitted))
        finally:
            self._host.person_answered()
        if is_approved is None:
            return denied("expired", admitted.name, timeout_s=f"{self._approval.expires_s:g}")
        return None if is_approved else denied("refused", admitted.name)

    async def _answer(self, sent: Awaitable[JsonValue]) -> _Answer | CallError:
        try:
            return _Answer(await sent)
        except CallError as error:
            return error
        except asyncio.CancelledError as error:
            if _is_being_cancelled() or self._host.is_over:
                raise
            return _given_up(error)  # not ours

    def _came(self, call: Call, admitted: Admitted, answer: _Answer | CallError, started: float) -> None:
        if isinstance(answer, CallError):
            refusal = refusal_of(answer, admitted, can_start=START in self._setting.manifest.capabilities)
            self._refuse(call, refusal, _state_after(answer), elapsed_ms=_ms_since(started))
        else:
            self._answered(call, admitted, answer.value, started)

    def _answered(self, call: Call, admitted: Admitted, value: JsonValue, started: float) -> None:
        """Judge an answer and pass it on; what is only noted follows, while the worker goes on already."""
        if self._host.is_over:
            return
        taken_s = time.perf_counter() - started
        try:
            passed = self._answers.pass_on(call, admitted, value)
        except AppError as error:
            self._came(call, admitted, error, started)
        except ValueError:  # thousands of levels
            self._came(call, admitted, AppError("the answer is no JSON value"), started)
        else:
            elapsed_ms = round(taken_s * 1000, 3)
            if isinstance(passed, Refusal):
                self._refuse(call, passed, "finished", elapsed_ms=elapsed_ms)
                return
            size, answers = passed
            for answer in answers:
                self._egress.take_answer(admitted.name, answer)
            self._ended(call, "finished", elapsed_ms=elapsed_ms, answer_bytes=size)

    # -- what every way ends in --------------------------------------------------------------------------------

    def _add(self, call: Call, effect: Effect, given: Mapping[str, JsonValue]) -> None:
        self._log.add(call, effect, name=call["name"][:NAME_CHARACTERS])
        if self._observers is not None:
            self._open[call["id"]] = call, given

    def _given(self, call: Call) -> Mapping[str, JsonValue]:
        """Give the arguments of a call that is not sent as those of one that is: a worker names what is left out, too."""
        return self._setting.admission.given(call["name"], call["arguments"]) if self._observers is not None else {}

    def _refuse(self, call: Call, refusal: Refusal, state: CallState, *, elapsed_ms: float = 0.0) -> None:
        if self._host.is_over:
            return
        message = refusal.message[:MESSAGE_CHARACTERS]
        self._log.refusals[message] = refusal
        self._host.reply({"id": call["id"], "ok": False, "kind": refusal.kind, "message": message})
        self._ended(call, state, elapsed_ms=elapsed_ms, error_kind=refusal.kind)

    def _ended(
        self,
        call: Call,
        state: CallState,
        *,
        elapsed_ms: float = 0.0,
        answer_bytes: int = 0,
        error_kind: str | None = None,
    ) -> None:
        self._log.ended(call["id"], state, elapsed_ms=elapsed_ms, answer_bytes=answer_bytes)
        if self._observers is not None:
            self._tell(call, error_kind)

    def _tell(self, call: Call, error_kind: str | None = None) -> None:
        opened = self._open.pop(call["id"], None)
        given = opened[1] if opened else self._given(call)
        logged = self._log.calls[call["id"]]
        event = CallEnded(
            self._run_id,
            call["id"],
            logged.name,
            logged.effect,
            logged.state,
            given,
            logged.started_ns,
            logged.elapsed_ms,
            logged.answer_bytes,
            error_kind=error_kind,
        )
        try:
            self._setting.observers.tell(event)
        except ObserverError as error:
            self._host.stop(error)

    def _request(self, admitted: Admitted) -> ApprovalRequest:
        given = admitted.given
        shown = self._egress.arguments(admitted.entry["parameters"], given)
        return request_of(admitted.name, admitted.entry, given, shown=shown, expires_s=self._approval.expires_s)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self._act_if_idle()

    def _act_if_idle(self) -> None:
        if not self._tasks and not self._waiting and self._on_idle is not None:
            act, self._on_idle = self._on_idle, None
            act()


class _Answer(NamedTuple):
    value: JsonValue


def _ended_in(done: asyncio.Future[JsonValue]) -> _Answer | CallError:
    try:
        return _Answer(done.result())
    except CallError as error:
        return error
    except asyncio.CancelledError as error:
        return _given_up(error)


def _ms_since(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 3)


def _begun(work: Coroutine[object, object, None]) -> asyncio.Task[None]:
    """Give a task of the work; from Python 3.12 on it has gone on to where it first waits, which many calls never do."""
    loop = asyncio.get_running_loop()
    if sys.version_info >= (3, 12):
        return asyncio.Task(work, loop=loop, eager_start=True)
    return loop.create_task(work)


def _is_being_cancelled() -> bool:
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


def _given_up(error: asyncio.CancelledError) -> AppError:
    """Give the error of an app whose own code gave the call up."""
    return AppError(str(error) or "the call was cancelled")


def _state_after(error: CallError) -> CallState:
    """Say where a call stands that gave no answer: an app that may have acted has not finished."""
    if isinstance(error, UnavailableError):
        return "unfinished" if error.was_sent else "refused"
    return "refused" if isinstance(error, (ArgumentError, DeniedError)) else "failed"
