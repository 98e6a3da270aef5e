"""A worker as the host sees it, however its process was started: what it says, what it is told, its end."""

from __future__ import annotations

import abc
import asyncio
import math
import os
from collections.abc import Callable, Collection

from ioconnect_codemode import confine
from ioconnect_codemode.bridge import Calls, Conversation, Event, Ready
from ioconnect_codemode.errors import BrokenProtocol, FrameError, WorkerLost
from ioconnect_codemode.frames import MOST_CALL_PARTS, FrameReader, decode_json, encode_trusted
from ioconnect_codemode.launch import command
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.messages import say

_CPU_SPARE_S = 5  # for the worker's own start, and so that the host's clock is always first
_SMALL_BYTES = 4_096  # of a message whose weight is not worth counting: a run's calls are limited too
_PART_BYTES = 100  # that Python holds of a part besides its text
_running: set[WorkerProcess] = set()  # workers of this process that have a run
_START_S = 30  # a worker starts in 0.1 s; on a machine with all cores busy it has taken 3 s


class WorkerProcess(abc.ABC):
    """One worker, from its start to its end.

    Attributes:
        on_event: Called with each event of the run, in order.
        on_lost: Called once with the reason when the worker ends or breaks the protocol; not after `kill`.
        layers: Confinement layers as the worker reports them; empty before it is ready.
        conversation: Which message may come now.
        has_room: Whether the worker has read most of what it was sent, or has ended.
    """

    def __init__(self, limits: Limits) -> None:
        self.on_event: Callable[[Event], None] | None = None
        self.on_lost: Callable[[WorkerLost], None] | None = None
        self.layers: dict[str, str] = {}
        self.conversation = Conversation()
        self._reader = FrameReader(limits.call_bytes)
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        # A start that is given up leaves nobody to ask for the reason; asking here keeps asyncio from logging it.
        self._ready.add_done_callback(lambda ready: ready.cancelled() or ready.exception())
        self._is_over = False
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.has_room = True

    async def ready(self, require_layers: Collection[str] | None) -> None:
        """Wait until the worker is ready, and hold it to the layers that are required; nothing has been sent yet.

        Raises:
            WorkerLost: It did not start, or lacks a layer; it is killed.
        """
        try:
            async with asyncio.timeout(_START_S):
                await self._ready
        except TimeoutError:
            self.kill()
            raise WorkerLost(f"the worker was not ready within {_START_S} s") from None
        except asyncio.CancelledError:
            self.kill()
            raise
        if lacking := confine.lacking(self.layers, require_layers):
            self.kill()
            raise WorkerLost(say("worker_lost", "layer_missing", layer=lacking))

    def send_run(self, message: dict[str, object]) -> None:
        """Send the worker its run."""
        self.conversation.run_sent()
        _running.add(self)
        self.send(message)

    def run_over(self) -> None:
        """Note that its run is over, whether it is ended now or later."""
        _running.discard(self)

    @property
    def may_call_at_once(self) -> bool:
        """Whether the worker has all its answers, and no other run of this process waits for its turn meanwhile."""
        return not self._is_over and self.conversation.is_answered and len(_running) == 1

    def send(self, message: dict[str, object]) -> int:
        """Send a message and give the size of its frame; a worker that has gone takes it without an error."""
        frame = encode_trusted(message)
        self.send_frame(frame)
        return len(frame)

    def send_frame(self, frame: bytes) -> None:
        """Send a message that is encoded."""
        if not self._is_over:
            self._write(frame)

    def send_if(self, frame: bytes, holds: Callable[[], bool]) -> bool:
        """Send a message that is encoded if a check says so, and say whether it did.

        The worker may be given it meanwhile; it doesn't count before the check has passed.
        """
        if not holds():
            return False
        self.send_frame(frame)
        return True

    async def room(self) -> None:
        """Wait until the worker has read most of what it was sent, or has ended."""
        while not self.has_room:  # again where what waited before has filled it
            await self._has_room.wait()

    def pause_writing(self) -> None:
        """Note that what the worker doesn't read is piling up; asyncio calls this too."""
        if not self._is_over:
            self.has_room = False
            self._has_room.clear()

    def resume_writing(self) -> None:
        """Note that there is room again; asyncio calls this too."""
        self.has_room = True
        self._has_room.set()

    def receive(self, data: bytes) -> None:
        """Take what the worker says."""
        try:
            for body in self._reader.feed(data):
                if self._is_over:
                    return
                event = self.conversation.receive(decode_json(body), weight_of(body))
                if type(event) is Calls and self.on_event is not None:
                    self.on_event(event)
                elif isinstance(event, Ready):
                    self.layers = {**event.layers, **self.layers}
                    if not self._ready.done():
                        self._ready.set_result(None)
                elif self.on_event is not None:
                    self.on_event(event)
        except FrameError as error:
            self.lose(BrokenProtocol(str(error)))

    def lose(self, reason: WorkerLost) -> None:
        """End a worker that has ended or broken the protocol, and tell whoever waits for it."""
        if self._is_over:
            return
        report = self.on_lost
        self.kill()
        if not self._ready.done():
            self._ready.set_exception(reason)
        elif report is not None:
            report(reason)

    def rest(self) -> None:
        """Note that the run is over, whose process ends a little later: nothing that it says is heard any more."""
        self.on_event = self.on_lost = None
        _running.discard(self)

    def kill(self) -> None:
        """End the process at once; nothing is reported any more. May be called twice."""
        self.on_event = self.on_lost = None
        self.run_over()
        if not self._is_over:
            self._is_over = True
            self.resume_writing()
            self._end()

    @property
    def is_over(self) -> bool:
        """Whether it was killed, or is known to have ended by itself."""
        return self._is_over

    @property
    @abc.abstractmethod
    def process_id(self) -> int | None:
        """Number of the process, None before it is known."""

    @abc.abstractmethod
    def has_died(self) -> bool:
        """Look whether the process has ended, even if its pipes have not said so yet."""

    @abc.abstractmethod
    async def wait(self) -> None:
        """Wait until a killed process is gone, as far as that is this process's to see."""

    @abc.abstractmethod
    def _write(self, frame: bytes) -> None: ...

    @abc.abstractmethod
    def _end(self) -> None: ...


def weight_of(body: bytes) -> int:
    """Give what a message holds as objects, about; 0 for a small one: 50,000 empty lists are 0.15 MB of JSON and 3 MB of memory."""
    if len(body) <= _SMALL_BYTES:
        return 0
    return len(body) + _PART_BYTES * min(body.count(b","), MOST_CALL_PARTS)


def processor_seconds(limits: Limits) -> int:
    """Give the processor time that a worker may take in all."""
    return math.ceil(limits.timeout_s) + _CPU_SPARE_S


def worker_command(limits: Limits) -> list[str]:
    """Give the command line of a worker that is a program of its own."""
    return command("worker", limits.memory_bytes, processor_seconds(limits), os.getpid())
