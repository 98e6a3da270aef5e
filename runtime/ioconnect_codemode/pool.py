"""Workers that are ready before they are needed.

A worker serves one run and is never used again. The pool grows with the runs that wait, not with the processor count:
a waiting worker costs memory, not time.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from collections.abc import Collection
from typing import Literal, NamedTuple, Protocol

from ioconnect_codemode.bridge import State
from ioconnect_codemode.demand import Demand
from ioconnect_codemode.errors import WorkerLost
from ioconnect_codemode.launch import ZygoteProcess, fresh_hash_seed
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.process import WorkerProcess
from ioconnect_codemode.spawned import SpawnedWorker

if sys.platform != "win32":
    from ioconnect_codemode.forked import Zygote

__all__ = ["Pool", "Start", "WorkerLost", "WorkerProcess", "default_spares"]

Start = Literal["fork", "spawn"]
_QUIET_S = 0.05  # since a run began or ended: then spares are started, which compete with runs
_LONGEST_UNQUIET_S = 0.5
_CLOCK_S = 0.001  # a timer may be early by its clock's resolution
_MOST_SPENT = 32  # processes that have served their run and wait for their end, at some 4 MB each
_MOST_SPARES = 32  # that are kept after as many runs at once, where nobody says how many
_STARTED_AT_ONCE = 4  # of the spares: a run that comes meanwhile waits for few of them
_ENDED_AT_ONCE = 8  # of them; the end of one takes 0.1 ms of the event loop


def default_start() -> Start:
    """How workers are started where nobody says: forked from a zygote, on Windows spawned."""
    return "spawn" if sys.platform == "win32" else "fork"


def default_spares() -> int:
    """How many ready workers are kept where nobody says: a forked one costs some 4 MB, a spawned one some 17."""
    return 1 if default_start() == "spawn" else 2


class _Forks(Protocol):
    """What the pool needs of a zygote; the class itself is not there on Windows."""

    @property
    def process_id(self) -> int: ...
    @property
    def is_over(self) -> bool: ...
    @property
    def has_loaded(self) -> bool: ...
    def fork(self, *, modules: Collection[str] | None = None, is_spare: bool = False) -> WorkerProcess: ...
    def teach(self, lesson: bytes) -> None: ...
    async def close(self) -> None: ...


class _Place(NamedTuple):
    """A run that waits for a worker, and the safe modules that its worker needs; None for all."""

    given: asyncio.Future[WorkerProcess]
    modules: Collection[str] | None


class Pool:
    """The workers of one opened package.

    Args:
        limits: Memory and frame sizes of the workers.
        spares: How many ready workers are kept, always. Where nobody says, the platform's default; forked ones then are
            kept in the number of the runs that there were at once, for a while.
        require_layers: Layers of confinement that a worker must have; None for the platform's default.
        start: How workers are started; None for the platform's default.
        zygote: Of this thread, started already; the pool starts one where there is none.
    """

    def __init__(
        self,
        limits: Limits,
        *,
        spares: int | None,
        require_layers: Collection[str] | None = None,
        start: Start | None = None,
        zygote: ZygoteProcess | None = None,
    ) -> None:
        self._limits = limits
        self._require_layers = require_layers
        self._forks = (start or default_start()) == "fork"
        least = default_spares() if spares is None else spares
        most = _MOST_SPARES if spares is None and self._forks else least
        self._demand = Demand(least, most, self._retire_unwanted)
        self._ready: deque[WorkerProcess] = deque()
        self._waiting: deque[_Place] = deque()
        self._starting: set[asyncio.Task[None]] = set()
        self._spent: deque[WorkerProcess] = deque()
        self._alive: set[WorkerProcess] = set()
        self._zygote: _Forks | None = None
        self._lesson: bytes | None = None
        self._taught: _Forks | None = None  # the zygote that has had the lesson
        self._filling: asyncio.Handle | None = None
        self._unquiet_at = 0.0
        self._fill_at_last = 0.0
        self._can_start = True  # as the last start says
        self._is_closed = False
        # One seed for the pool's life: a run that is replayed in another worker finds its sets in the same order.
        self._hash_seed = fresh_hash_seed() if zygote is None else zygote.hash_seed
        if zygote is not None:
            self._zygote = _watched(zygote, limits)

    @property
    def has_ready_worker(self) -> bool:
        """Whether a worker is ready now."""
        return any(not worker.is_over for worker in self._ready)

    @property
    def is_starting_workers(self) -> bool:
        """Whether workers are being started, or will be as soon as no runs begin or end."""
        return bool(self._starting) or self._filling is not None

    @property
    def process_ids(self) -> list[int]:
        """Numbers of the worker processes that serve a run or wait for one."""
        serving = self._alive.difference(self._spent)
        return [worker.process_id for worker in serving if worker.process_id is not None and not worker.is_over]

    @property
    def zygote_id(self) -> int | None:
        """Number of the zygote's process, None where there is none."""
        return None if self._zygote is None or self._zygote.is_over else self._zygote.process_id

    @property
    def learns(self) -> bool:
        """Whether workers can be told of a catalog ahead: those that are forked."""
        return self._forks

    def teach(self, lesson: bytes) -> None:
        """Have workers know a part of a catalog before they need it, and put such workers in the place of the spares.

        Args:
            lesson: The message of `lookup.ahead_message`, as `marshal` writes it.
        """
        self._lesson, self._taught = lesson, None
        if self._pass_on_lesson():
            self._start_workers(self._demand.spares)

    def fill(self) -> None:
        """Start what is missing: a worker for each run that waits, and the spares, a few at once."""
        waiting, starting = len(self._waiting), len(self._starting)
        missing = waiting + self._demand.spares - len(self._ready) - starting
        self._start_workers(min(missing, max(waiting, _STARTED_AT_ONCE) - starting))

    def _start_workers(self, count: int) -> None:
        for number in range(0 if self._is_closed else count):
            self._start_worker(None, is_spare=number >= len(self._waiting))

    def _start_worker(self, modules: Collection[str] | None, *, is_spare: bool) -> None:
        task = asyncio.get_running_loop().create_task(self._add(modules, is_spare=is_spare))
        self._starting.add(task)
        task.add_done_callback(self._has_started)

    def _has_started(self, task: asyncio.Task[None]) -> None:
        """Go on with the next spare, unless this one could not be started or runs have begun meanwhile."""
        self._starting.discard(task)
        if self._filling is None and self._ready and self._can_start:
            self.fill()

    def _pass_on_lesson(self) -> bool:
        """Teach a zygote that has started; says whether it was not taught before."""
        if self._lesson is None or self._zygote is None or self._zygote.is_over or self._taught is self._zygote:
            return False
        try:
            self._zygote.teach(self._lesson)
        except OSError:  # workers ask for what they need
            return False
        self._taught = self._zygote
        return True

    async def take(self, modules: Collection[str] | None = None) -> WorkerProcess:
        """Give a ready worker that has served nobody.

        Args:
            modules: The safe modules that the worker needs; None for all. Where workers are only being started, one that
                has no others is ready sooner.

        Raises:
            WorkerLost: None could be started, or it lacks a layer that is required.
        """
        self._demand.began()
        try:
            return await self._take(modules)
        except BaseException:
            self._demand.ended()
            raise

    async def _take(self, modules: Collection[str] | None) -> WorkerProcess:
        while self._ready:
            worker = self._ready.popleft()
            worker.on_lost = None
            if not self._has_died(worker):
                self._fill_soon()
                return worker
            self._drop(worker)
        if self._is_closed:
            raise WorkerLost("the pool is closed")
        place = _Place(asyncio.get_running_loop().create_future(), modules)
        self._waiting.append(place)
        if self._forks and (self._zygote is None or self._zygote.is_over or not self._zygote.has_loaded):
            self._start_worker(modules, is_spare=False)  # before the spares, for which it loads everything
        self.fill()
        try:
            return await place.given
        except asyncio.CancelledError:
            if place.given.done() and not place.given.cancelled() and place.given.exception() is None:
                self._drop(place.given.result())
            raise
        finally:
            if place in self._waiting:
                self._waiting.remove(place)

    def give_back(self, worker: WorkerProcess) -> None:
        """End a worker that has served its run: a little later where it has said its end, for others run now."""
        self._demand.ended()
        worker.rest()
        if worker.is_over or worker.conversation.state is not State.OVER:
            self._drop(worker)
        else:
            self._spent.append(worker)
            if len(self._spent) > _MOST_SPENT:
                self._drop(self._spent.popleft())
        if self._waiting:
            self.fill()
        else:
            self._fill_soon()

    async def close(self) -> None:
        """End all workers and the zygote, and wait until they are gone."""
        self._is_closed = True
        self._demand.close()
        if self._filling is not None:
            self._filling.cancel()
        while (place := self._next_place()) is not None:
            place.given.set_exception(WorkerLost("the pool is closed"))
        for task in list(self._starting):
            task.cancel()
        await asyncio.gather(*self._starting, return_exceptions=True)
        for worker in self._alive:
            worker.kill()
        await asyncio.gather(*(worker.wait() for worker in self._alive))
        self._ready.clear()
        self._spent.clear()
        self._alive.clear()
        if self._zygote is not None:
            await self._zygote.close()

    def _fill_soon(self) -> None:
        """End what is spent and start the missing spares when no run has begun or ended for a little while."""
        loop = asyncio.get_running_loop()
        self._unquiet_at = loop.time()
        if self._filling is None:
            self._fill_at_last = self._unquiet_at + _LONGEST_UNQUIET_S
            self._filling = loop.call_later(_QUIET_S, self._fill_now)

    def _fill_now(self) -> None:
        loop = asyncio.get_running_loop()
        due = min(self._unquiet_at + _QUIET_S, self._fill_at_last)
        if loop.time() < due - _CLOCK_S:
            self._filling = loop.call_at(due, self._fill_now)
            return
        for _ in range(min(_ENDED_AT_ONCE, len(self._spent))):
            self._drop(self._spent.popleft())
        self._filling = loop.call_soon(self._fill_now) if self._spent else None
        if not self._spent:
            self.fill()

    async def _add(self, modules: Collection[str] | None, *, is_spare: bool) -> None:
        """Start a worker, for the run that has waited longest and needs no more modules, or as a spare."""
        try:
            worker = await self._start(modules, is_spare=is_spare)
        except WorkerLost as lost:
            self._can_start = False
            place = self._next_place()
            if place is not None:
                place.given.set_exception(lost)
            return
        self._can_start = True
        if self._pass_on_lesson():  # to a zygote that has taken another one's place; it has served who waited for it
            self._fill_soon()
        place = self._next_place(modules)
        if place is not None:
            place.given.set_result(worker)
        elif modules is not None:  # who asked for it has got another one, and not every run can have it
            self._drop(worker)
            self._fill_soon()
        else:
            worker.on_lost = lambda _: self._lose_spare(worker)
            worker.send({"type": "warm"})
            self._ready.append(worker)
            self._retire_unwanted()

    def _next_place(self, modules: Collection[str] | None = None) -> _Place | None:
        """Give the run that has waited longest of those that a worker with these modules can serve; None for all."""
        for place in list(self._waiting):
            if place.given.done():
                self._waiting.remove(place)
            elif modules is None or (place.modules is not None and set(place.modules) <= set(modules)):
                self._waiting.remove(place)
                return place
        return None

    def _lose_spare(self, worker: WorkerProcess) -> None:
        """Replace a spare that has ended before anybody needed it."""
        if worker in self._ready:
            self._ready.remove(worker)
        self._drop(worker)
        self._fill_soon()

    def _has_died(self, worker: WorkerProcess) -> bool:
        """Say whether a spare is gone, or about to be: the kernel ends a zygote's children with it."""
        return worker.is_over or worker.has_died() or (self._zygote is not None and self._zygote.is_over)

    def _retire_unwanted(self) -> None:
        while len(self._ready) > self._demand.spares:
            self._retire(self._ready.popleft())

    def _retire(self, spare: WorkerProcess) -> None:
        spare.on_lost = None
        self._drop(spare)

    def _drop(self, worker: WorkerProcess) -> None:
        worker.kill()
        if worker.has_died():
            self._alive.discard(worker)

    async def _start(self, modules: Collection[str] | None, *, is_spare: bool) -> WorkerProcess:
        self._alive = {worker for worker in self._alive if not (worker.is_over and worker.has_died())}
        try:
            worker, zygote = await self._begin(modules, is_spare=is_spare)
            try:
                await worker.ready(self._require_layers)
                if zygote is not None and zygote.is_over:
                    raise WorkerLost("the zygote ended")
            except WorkerLost:
                if zygote is None or not zygote.is_over:
                    raise
                # The zygote was killed under it, which is not this worker's fault: once more with another one.
                worker, _ = await self._begin(modules, is_spare=is_spare)
                await worker.ready(self._require_layers)
        except OSError as error:
            raise WorkerLost(f"no worker can be started: {error.strerror or error}") from error
        return worker

    async def _begin(self, modules: Collection[str] | None, *, is_spare: bool) -> tuple[WorkerProcess, _Forks | None]:
        if self._forks:
            if self._zygote is None or self._zygote.is_over:
                while self._ready:  # children of the one that is gone: the kernel is about to end them
                    self._retire(self._ready.popleft())
                self._zygote = _new_zygote(self._limits, self._hash_seed)
            forked = self._zygote.fork(modules=modules, is_spare=is_spare)
            self._alive.add(forked)
            return forked, self._zygote
        spawned = SpawnedWorker(self._limits, hash_seed=self._hash_seed)
        self._alive.add(spawned)
        await spawned.start()
        return spawned, None


def _new_zygote(limits: Limits, hash_seed: int) -> _Forks:
    if sys.platform != "win32":
        return Zygote(ZygoteProcess(hash_seed), limits)
    raise WorkerLost("this platform has no fork")


def _watched(process: ZygoteProcess, limits: Limits) -> _Forks | None:
    if sys.platform != "win32":
        return Zygote(process, limits)
    return None
