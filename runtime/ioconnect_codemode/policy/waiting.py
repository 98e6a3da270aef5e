"""Waiting in a snippet: futures, tasks, and the scheduler that lets calls leave together.

A capability is a synchronous function, and still calls inside `asyncio.gather(...)` and its like run side by side. Three
parts make that so:

1. Translation marks the calls that stand where something awaitable is expected (`concurrency.py`): `gather(crm.a(), x())`
   becomes `gather(<later>(crm.a), <later>(x))`. `<later>` gives a `PendingCall` for a stub, and calls anything else.
2. A `PendingCall` leaves when it is awaited or handed to gather or a task. Until then nothing has happened.
3. The scheduler steps every task that can go on, and only when none can, it sends all calls that have come together as
   one batch and waits for replies. Each reply wakes the tasks that wait for it, in any order.

A call anywhere else is a batch of one, answered on the spot. A limit (`limits.py`) passes through the scheduler and every
task at once.
"""

# The scheduler and its futures are one thing in several classes.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import heapq
import itertools
import types
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from typing import Final, Protocol, cast

from ioconnect_codemode.policy.clock import Clock
from ioconnect_codemode.policy.limits import CancelledError, is_limit
from ioconnect_codemode.policy.shown import register_readable

_IS_GENERATOR: Final = 0x20  # `inspect.CO_GENERATOR`; that module takes a twentieth of the start of a zygote
FUTURE_ATTRIBUTES: Final = (
    *("result", "exception", "done", "cancelled", "cancel", "add_done_callback"),
    *("get_name", "set_name"),  # of tasks alone
)


class Awaitable(Protocol):
    """What `await` takes."""

    def __await__(self) -> Iterator[object]:
        """Give the steps."""
        ...


class Answer(Protocol):
    """The reply to one call: gives its value, or raises what the call ended in."""

    def __call__(self) -> object:
        """Give the value."""
        ...


class Channel(Protocol):
    """The way to the host."""

    def prepare(self, name: str, arguments: Mapping[str, object], returns: object) -> object:
        """Check the arguments of a call and give it the form in which it is sent."""
        ...

    def send(self, calls: Sequence[object]) -> Sequence[int]:
        """Send prepared calls together; gives their ids."""
        ...

    def receive(self, timeout_s: float | None) -> Sequence[tuple[int, Answer]]:
        """Wait for replies; none where the time is over."""
        ...

    def ask(self, prepared: object) -> object:
        """Send one prepared call, wait for its reply and give its value; only where no other is under way."""
        ...


class NoChannel:
    """The channel of a run that has no capabilities."""

    def prepare(self, name: str, arguments: Mapping[str, object], returns: object) -> object:
        """Refuse."""
        raise RuntimeError(f"{name} can't be called here")

    def send(self, calls: Sequence[object]) -> Sequence[int]:
        """Nothing is ever sent."""
        return []

    def receive(self, timeout_s: float | None) -> Sequence[tuple[int, Answer]]:
        """Nothing ever comes."""
        return []

    def ask(self, prepared: object) -> object:
        """Nothing is ever asked."""
        raise RuntimeError(_NEVER)


@register_readable(*FUTURE_ATTRIBUTES)
class Future:
    """A result that is there, or will be."""

    __slots__ = ("_callbacks", "_error", "_is_done", "_scheduler", "_value")

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._is_done = False
        self._value: object = None
        self._error: BaseException | None = None
        self._callbacks: list[Callable[[Future], object]] = []

    def __await__(self) -> Generator[Future, None, object]:
        self._start()
        if not self._is_done:
            yield self
        return self.result()

    def _start(self) -> None:
        """Set off what the future stands for."""

    def done(self) -> bool:
        """Whether there is a result, a failure or a cancellation."""
        return self._is_done

    def result(self) -> object:
        """Give the result, or raise what the work ended in."""
        if not self._is_done:
            raise RuntimeError("the result is not ready; await it")
        if self._error is not None:
            raise self._error
        return self._value

    def exception(self) -> BaseException | None:
        """Give what the work raised."""
        if not self._is_done:
            raise RuntimeError("the result is not ready; await it")
        if isinstance(self._error, CancelledError):
            raise self._error
        return self._error

    def cancelled(self) -> bool:
        """Whether it ended by cancellation."""
        return isinstance(self._error, CancelledError)

    def cancel(self, msg: object = None) -> bool:
        """End it, unless it is done."""
        if self._is_done:
            return False
        self._finish(None, CancelledError())
        return True

    def add_done_callback(self, callback: Callable[[Future], object], *, context: object = None) -> None:
        """Have the callback called with this future soon after it is done."""
        if self._is_done:
            self._scheduler.soon(lambda: callback(self))
        else:
            self._callbacks.append(callback)

    def _finish(self, value: object, error: BaseException | None) -> None:
        if self._is_done:
            return
        self._is_done, self._value, self._error = True, value, error
        for callback in self._callbacks:
            self._scheduler.soon(_calling(callback, self))
        self._callbacks.clear()


def settle(future: Future, value: object = None, error: BaseException | None = None) -> None:
    """Give a future its result or failure; host code only, and without effect where it has one."""
    future._finish(value, error)


def start(future: Future) -> None:
    """Set off what a future stands for; host code only."""
    future._start()


def forget_cancel(task: Task) -> None:
    """Take back a cancellation that has not been raised yet; host code only."""
    task._is_to_cancel = False


class PendingCall(Future):
    """A bridge call that leaves when it is first waited for."""

    __slots__ = ("_is_started", "_prepared")

    def __init__(self, scheduler: Scheduler, prepared: object) -> None:
        super().__init__(scheduler)
        self._prepared = prepared
        self._is_started = False

    def _start(self) -> None:
        if not self._is_started and not self._is_done:
            self._is_started = True
            self._scheduler.enqueue(self, self._prepared)


class Task(Future):
    """A coroutine that the scheduler drives."""

    __slots__ = ("_coroutine", "_is_to_cancel", "_name", "_waits_for")

    def __init__(self, scheduler: Scheduler, coroutine: types.CoroutineType[object, None, object]) -> None:
        super().__init__(scheduler)
        self._coroutine = coroutine
        self._waits_for: Future | None = None
        self._is_to_cancel = False
        self._name = f"Task-{next(scheduler.task_numbers)}"
        scheduler.tasks[self] = None
        scheduler.soon(self._step)

    def get_name(self) -> str:
        """Give the name, `Task-1` and so on where none was given."""
        return self._name

    def set_name(self, value: object) -> None:
        """Give it another name."""
        self._name = str(value)

    def cancel(self, msg: object = None) -> bool:
        """Raise `CancelledError` where the task waits."""
        if self._is_done:
            return False
        if self._waits_for is None or not self._waits_for.cancel():
            self._is_to_cancel = True
        return True

    def _step(self) -> None:
        if self._is_done:
            return
        self._waits_for = None
        outer, self._scheduler.current = self._scheduler.current, self
        try:
            if self._is_to_cancel:
                self._is_to_cancel = False
                told = self._coroutine.throw(CancelledError())
            else:
                told = self._coroutine.send(None)
            while not isinstance(told, Future):
                told = self._coroutine.throw(RuntimeError(_NEVER))
        except StopIteration as stop:
            self._finish(cast(object, stop.value), None)
        except (Exception, CancelledError) as error:
            if is_limit(error):
                raise
            self._finish(None, error)
        else:
            self._wait_for(told)
        finally:
            self._scheduler.current = outer

    def _wait_for(self, future: Future) -> None:
        self._waits_for = future
        future.add_done_callback(lambda _: self._step())
        if self._is_to_cancel and future.cancel():
            self._is_to_cancel = False

    def _finish(self, value: object, error: BaseException | None) -> None:
        super()._finish(value, error)
        self._scheduler.tasks.pop(self, None)


for _kind in (PendingCall, Task):
    register_readable(*FUTURE_ATTRIBUTES)(_kind)

_NEVER: Final = "this await would never end; await capabilities, asyncio.sleep or asyncio.gather"


class Scheduler:
    """Drives the tasks of one run, and sends its calls.

    Attributes:
        caller: What the stubs' `call` is bound to.
        tasks: Tasks that are not done, in the order in which they were made.
        current: The task that is being stepped.
        task_numbers: Numbers of tasks to come, for their names.
    """

    def __init__(self, channel: Channel | None = None, *, clock: Clock | None = None) -> None:
        self._channel: Channel = channel or NoChannel()
        self.clock = clock or Clock()
        self.caller: Callable[[str, Mapping[str, object], object], object] = self._call
        self.tasks: dict[Task, None] = {}
        self.current: Task | None = None
        self.task_numbers = itertools.count(1)
        self.twins = Twins(self)
        self._is_deferring = False
        self._ready: deque[Callable[[], object]] = deque()
        self._leaving: list[tuple[PendingCall, object]] = []
        self._sent: dict[int, PendingCall] = {}
        self._timers: list[tuple[int, int, Future]] = []
        self._order = itertools.count()

    # What translated code and facades ask for

    def later(self, function: object, /, *args: object, **kwargs: object) -> object:
        """Call a function; the call of a stub gives a `PendingCall` in place of its result."""
        if not self.is_stub(function):
            return cast("Callable[..., object]", function)(*args, **kwargs)
        self._is_deferring = True
        try:
            return cast("Callable[..., object]", function)(*args, **kwargs)
        finally:
            self._is_deferring = False

    def is_stub(self, function: object) -> bool:
        """Whether the function is a stub of this run: one whose `call` is ours."""
        return isinstance(function, types.FunctionType) and function.__globals__.get("call") is self.caller

    def wait(self, value: object) -> object:
        """Drive a value to its end and give its result; a plain value is its own result.

        Raises:
            RuntimeError: It waits for something that nobody will ever bring about.
        """
        if not is_awaitable(value):
            return value
        future = self.ensure(value)
        while not future.done():
            self._turn()
        return future.result()

    def awaitable(self, value: object) -> Awaitable:
        """Make anything awaitable: a plain value is its own result."""
        return cast(Awaitable, value) if is_awaitable(value) else self.finished(value)

    def ensure(self, value: object) -> Future:
        """Give a future of the value that is on its way: a task of a coroutine, a call that leaves."""
        if isinstance(value, PendingCall):
            self.soon(value._start)  # in line with the tasks made before and after it
        if isinstance(value, Future):
            return value
        if not is_awaitable(value):
            return self.finished(value)
        return self.task(value)

    def task(self, value: object, name: object = None) -> Task:
        """Make a task of anything."""
        task = self._task(value)
        if name is not None:
            task.set_name(name)
        return task

    def _task(self, value: object) -> Task:
        if isinstance(value, Task):
            return value
        if isinstance(value, types.CoroutineType):
            return Task(self, cast("types.CoroutineType[object, None, object]", value))
        return Task(self, cast("types.CoroutineType[object, None, object]", _work(self.awaitable(value))))

    def finished(self, value: object) -> Future:
        """Give a future that has its result."""
        future = Future(self)
        settle(future, value)
        return future

    def timer(self, seconds: float) -> Future:
        """Give a future that is done after so many seconds."""
        future = Future(self)
        when = self.clock.monotonic_ns() + round(max(seconds, 0.0) * 1e9)
        heapq.heappush(self._timers, (when, next(self._order), future))
        return future

    def soon(self, step: Callable[[], object]) -> None:
        """Have a step done in the next turn."""
        self._ready.append(step)

    def enqueue(self, call: PendingCall, prepared: object) -> None:
        """Let a call leave with the next batch."""
        self._leaving.append((call, prepared))

    def finish(self) -> None:
        """Bring to their end the tasks and calls that nobody has waited for; those that only wait for time are dropped."""
        while self._ready or self._leaving or any(not call.done() for call in self._sent.values()):
            self._turn()

    def drop(self, failed: Callable[[BaseException], object]) -> None:
        """Forget what is left of the run.

        Args:
            failed: Told of what a task raises, or that it goes on waiting, where it is made to end.
        """
        for task in list(self.tasks):
            try:
                task._coroutine.close()
            except BaseException as error:
                failed(error)
        self.tasks.clear()
        self._ready.clear()
        self._leaving.clear()
        self._timers.clear()

    # The turns

    def _call(self, name: str, arguments: Mapping[str, object], returns: object) -> object:
        prepared = self._channel.prepare(name, arguments, returns)
        if not (self._is_deferring or self._leaving or self._sent):
            return self._channel.ask(prepared)  # one call and nothing else under way, as nearly always
        call = PendingCall(self, prepared)
        if self._is_deferring:
            return call
        call._start()
        while not call.done():
            self._send()
            self._take_replies(None)
        return call.result()

    def _turn(self) -> None:
        if self._timers:
            self._fire_timers()
        if self._ready:
            for _ in range(len(self._ready)):
                if self._ready:  # a step may turn the scheduler itself
                    self._ready.popleft()()
            return
        self._send()
        if self._sent:
            self._take_replies(self._until_timer_s())
        elif self._timers:
            self.clock.sleep(cast(float, self._until_timer_s()))
        else:
            raise RuntimeError(_NEVER)

    def _send(self) -> None:
        leaving = [(call, prepared) for call, prepared in self._leaving if not call.done()]
        self._leaving.clear()
        if leaving:
            ids = self._channel.send([prepared for _, prepared in leaving])
            self._sent.update(zip(ids, (call for call, _ in leaving), strict=True))

    def _take_replies(self, timeout_s: float | None) -> None:
        for call_id, answer in self._channel.receive(timeout_s):
            call = self._sent.pop(call_id)
            if call.done():
                continue
            try:
                value = answer()
            except Exception as error:
                if is_limit(error):
                    raise
                settle(call, error=error)
            else:
                settle(call, value)

    def _until_timer_s(self) -> float | None:
        while self._timers and self._timers[0][2].done():
            heapq.heappop(self._timers)
        if not self._timers:
            return None
        return max(0.0, (self._timers[0][0] - self.clock.monotonic_ns()) / 1e9)

    def _fire_timers(self) -> None:
        now = self.clock.monotonic_ns()
        while self._timers and self._timers[0][0] <= now:
            settle(heapq.heappop(self._timers)[2])


def is_awaitable(value: object) -> bool:
    """Whether Python's own `await` would take the value."""
    return isinstance(value, types.CoroutineType) or hasattr(type(value), "__await__")


async def _work(value: Awaitable) -> object:
    return await value  # type: ignore[misc]


def _stepping(generator: types.FunctionType) -> Callable[..., object]:
    make = cast("Callable[..., Awaitable]", types.coroutine(generator))
    return lambda *args, **kwargs: _settled(make(*args, **kwargs))


async def _settled(value: Awaitable) -> object:
    """Give the result of what a lambda gives, as `parallel` does where it has no twin: it may give a task."""
    result: object = await value  # type: ignore[misc]
    return await result if is_awaitable(result) else result  # type: ignore[misc]


def _calling(callback: Callable[[Future], object], future: Future) -> Callable[[], object]:
    return lambda: callback(future)


class Twins:
    """Functions of the snippet that `parallel` may run side by side: each has a twin that awaits its calls."""

    def __init__(self, scheduler: Scheduler) -> None:
        self._scheduler = scheduler
        self._twins: dict[object, Callable[..., object]] = {}

    def add(self, function: object, twin: object) -> object:
        """Note the twin of a function, an async function or a generator that yields futures; gives the function."""
        if isinstance(twin, types.FunctionType):
            if isinstance(function, types.FunctionType):
                twin.__defaults__, twin.__kwdefaults__ = function.__defaults__, function.__kwdefaults__
            is_generator = twin.__code__.co_flags & _IS_GENERATOR
            self._twins[function] = _stepping(twin) if is_generator else twin
        return function

    def started(self, function: object, /, *args: object, **kwargs: object) -> object:
        """Call a function, by its twin where it has one."""
        twin = self._twins.get(function) if isinstance(function, types.FunctionType) else None
        return self._scheduler.later(function if twin is None else twin, *args, **kwargs)

    def called(self, function: object, /, *args: object, **kwargs: object) -> Future:
        """Call a function from within a twin; what it gives is a future of what the function itself would give."""
        is_twin = isinstance(function, types.FunctionType) and function in self._twins
        if is_twin or self._scheduler.is_stub(function):
            return self._scheduler.ensure(self.started(function, *args, **kwargs))
        return self._scheduler.finished(cast("Callable[..., object]", function)(*args, **kwargs))

    def steps(self, function: object, /, *args: object, **kwargs: object) -> Generator[Future, None, object]:
        """As `called`, for a generator to go through with `yield from`."""
        return self.called(function, *args, **kwargs).__await__()
