"""The worker in the browser: the same rooms at a port of the page, in Python on WebAssembly.

Three things differ from the desktop:

1. A message to the page is one JSON text, a message from it too; what stands around the worker (`browser/worker.js`)
   carries them.
2. Argument types are checked here (`CheckedChannel`): typeguard is loaded once, into the snapshot that workers start from.
   The page holds every call to its schema all the same, for nothing that comes from here is trusted.
3. A worker waits for the page by suspending Python (`attach`, where WebAssembly has promise integration), or by
   `Replayed`: the run ends where it would have to wait, and is gone through again from its start when the answer is
   there. What it sends must then be, text by text, what it has sent before; only what is new leaves.
"""

from __future__ import annotations

import _socket  # in C and without files: it is there when the disk is forgotten
import contextlib
import gc
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn, cast

from ioconnect_codemode import rehearsal, worker
from ioconnect_codemode.channel import Channel
from ioconnect_codemode.check import ArgumentCheck
from ioconnect_codemode.frames import HEADER_BYTES, PROTOCOL
from ioconnect_codemode.meanings import learn
from ioconnect_codemode.messages import say
from ioconnect_codemode.mismatches import message_of
from ioconnect_codemode.pipe import Exchange
from ioconnect_codemode.policy.builtins import make_ahead
from ioconnect_codemode.preload import preload

if TYPE_CHECKING:
    from ioconnect_codemode import sandbox
    from ioconnect_codemode.manifest_data import CapabilityData
    from ioconnect_codemode.meanings import Names
    from ioconnect_codemode.stubs import Convert
    from ioconnect_codemode.values import JsonValue

_REHEARSED: Final = cast(
    "CapabilityData",
    {"parameters": [{"name": "ids", "key": "ids", "type": "list[str]", "required": True}]},
)
"""Of a capability, what a check reads: the first one loads typeguard, which can't be loaded once the disk is forgotten."""

Post = Callable[[str], None]
"""Sends a text to the page."""

_LEAST_READ: Final = 1 << 14  # bytes of one read: Python makes room for all of them first
_LARGE: Final = 1 << 14  # bytes of a message
_CATALOG: Final = json.dumps({**rehearsal.catalog(), "type": "stubs", "modules": {"rehearsal": rehearsal.STUBS}})
"""What the page answers in a rehearsal to the names that its snippet reads."""

MOST_ROUNDS: Final = 250
"""How often a run is gone through again: the work grows with the square of it. The page lets a run make 200 calls."""


class Over(BaseException):
    """The run goes no further in this worker; no snippet catches it, and nothing is sent after it."""


class Waiting(BaseException):
    """The run must wait for a message that has not come; it is gone through again when it has."""


class Port(Exchange):
    """The port to the page, for a worker that can wait.

    Args:
        post: Sends a text.
        receive_most: Reads what has come, at most so many bytes of it; waits where nothing has.
    """

    def __init__(self, post: Post, receive_most: Callable[[int], bytes]) -> None:
        self._post = post
        self._receive_most = receive_most
        self._is_over = False

    def receive(self) -> dict[str, object]:
        """Give the next message."""
        data = self._receive_most(_LEAST_READ)
        size = int.from_bytes(data[:HEADER_BYTES], "little")
        left = HEADER_BYTES + size - len(data)
        parts = [data[HEADER_BYTES:]]
        while left > 0:
            parts.append(self._receive_most(left))
            left -= len(parts[-1])
        return _decoded(b"".join(parts))

    def send_frame(self, frame: bytes) -> None:
        """Send a message; its length is the port's business."""
        if self._is_over:
            raise Over
        self._post(frame[HEADER_BYTES:].decode("utf-8"))

    def end(self) -> NoReturn:
        """Leave the run: the worker itself is ended by the page."""
        self._is_over = True
        raise Over


class LoggedPort(Exchange):
    """The port to the page, for a worker that can't wait: it knows what has come and what was sent.

    Args:
        post: Sends a text.
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._sent: list[str] = []
        self._received: list[str] = []
        self._next_sent = 0
        self._next_received = 0
        self._ending: BaseException | None = None

    @property
    def rounds(self) -> int:
        """How many messages have come."""
        return len(self._received)

    def begin(self, text: str) -> None:
        """Note what has come, and go to the start."""
        self._received.append(text)
        self._next_sent = self._next_received = 0
        self._ending = None

    def receive(self) -> dict[str, object]:
        """Give the next message, or leave the run where it has not come."""
        if self._ending is not None:
            raise self._ending
        if self._next_received == len(self._received):
            if self._next_sent < len(self._sent):
                self._leave(Diverged())
            self._leave(Waiting())
        self._next_received += 1
        return _decoded(self._received[self._next_received - 1])

    def send_frame(self, frame: bytes) -> None:
        """Send a message that was not sent before."""
        if self._ending is not None:
            raise self._ending
        text = frame[HEADER_BYTES:].decode("utf-8")
        if self._next_sent == len(self._sent):
            self._sent.append(text)
            self._post(text)
        elif self._sent[self._next_sent] != text:
            self._leave(Diverged())
        self._next_sent += 1

    def end(self) -> NoReturn:
        """Leave the run for good."""
        self._leave(Over())

    def _leave(self, ending: BaseException) -> NoReturn:
        self._ending = ending  # a `finally:` of the snippet must not send or read anything either
        raise ending


class Diverged(BaseException):
    """Gone through again, the run has done something else than before."""


class CheckedChannel(Channel):
    """Calls whose argument types are checked before they leave; one that doesn't fit leaves with the refusal.

    The page then sends nothing to an app, lists the call as refused, and replies with that text or its own.
    """

    _check: ArgumentCheck | None = None
    _entries: Mapping[str, CapabilityData]
    _plain: dict[str, _Plain]

    def know(self, names: Names) -> None:
        """Take the parameters and types that the host names."""
        self._entries = cast("Mapping[str, CapabilityData]", names.entries)
        self._check = ArgumentCheck(names.scope.types)
        self._plain = {}

    def prepare(
        self, name: str, arguments: Mapping[str, object], returns: object
    ) -> tuple[str, dict[str, JsonValue], object]:
        """Give the arguments their JSON form, without what is None and means not given."""
        name, sent, returns = super().prepare(name, arguments, returns)
        entry = self._entries.get(name)
        if self._check is None or entry is None:
            return name, sent, returns
        plain = self._plain.get(name)
        if plain is None:
            plain = self._plain[name] = _Plain(self._check, entry)
        if plain.fits(sent):
            return name, sent, returns
        given = self._check.given(entry, sent)
        mismatches = self._check.mismatches(entry, given)
        return name, given, _Refused(message_of(name, mismatches)) if mismatches else returns

    def ask(self, prepared: object) -> object:
        """Send one call, wait for its reply, and give its value or raise."""
        if not isinstance(cast("tuple[str, object, object]", prepared)[2], _Refused):
            return super().ask(prepared)
        self.send([prepared])
        answers = self.receive(None)
        while not answers:
            answers = self.receive(None)
        return answers[0][1]()

    def _converter(self, name: str, returns: object) -> Convert | None:
        return None if isinstance(returns, _Refused) else super()._converter(name, returns)

    def _described(self, number: int, name: str, arguments: dict[str, JsonValue], returns: object) -> dict[str, object]:
        call = super()._described(number, name, arguments, returns)
        return {**call, "refused": returns.message} if isinstance(returns, _Refused) else call


class _Plain:
    """The quick yes to arguments: texts, numbers and truth values, each of a type of which every value fits."""

    def __init__(self, check: ArgumentCheck, entry: CapabilityData) -> None:
        self._types = check.plain(entry["parameters"])
        self._required = {one["name"] for one in entry["parameters"] if one["required"]}

    def fits(self, arguments: Mapping[str, JsonValue]) -> bool:
        """Whether the arguments fit for sure, and are sent as they are; None may mean not given."""
        for name, value in arguments.items():
            if value is None or type(value) not in self._types.get(name, ()):
                return False
        return self._required <= arguments.keys()


class _Refused:
    """Why a call must not reach its app; stands in the place of its result type."""

    def __init__(self, message: str) -> None:
        self.message = message


class BrowserRun(worker.Run):
    """One run in the browser."""

    channel: ClassVar[type[Channel]] = CheckedChannel

    def _raised(self, raised: sandbox.Raised) -> None:
        if isinstance(raised.error, (Over, Waiting, Diverged)):
            raise raised.error
        super()._raised(raised)


class Audience(Exchange):
    """The page of a rehearsal: it answers as a page does, in JSON, whatever it hears.

    Attributes:
        heard: The last text.
    """

    def __init__(self) -> None:
        self.heard = ""
        self._answers = 0

    def receive(self) -> dict[str, object]:
        """Give what the names mean, then an answer to each call."""
        number = self._answers
        self._answers += 1
        if number == 0:
            return _decoded(_CATALOG)
        reply = {"id": number, "ok": True, "value": rehearsal.answer()}
        return _decoded(json.dumps({"type": "reply", "elapsed_us": 0, "replies": [reply]}).encode())

    def send_frame(self, frame: bytes) -> None:
        """Hear a message."""
        self.heard = frame[HEADER_BYTES:].decode("utf-8")


def rehearse(audience: Audience) -> None:
    """Go through what most runs go through, the way that runs go here."""
    BrowserRun(audience, {"code": rehearsal.USUAL, "inputs": {}, "limits": rehearsal.LIMITS}).perform()


def _is_ahead(message: Mapping[str, object], post: Post) -> bool:
    """Do what a spare is told to do before its run; says whether the message was of that kind."""
    if message["type"] == "warm":
        rehearse(Audience())
        gc.collect()  # what it has made is not the run's to look through
        post("")
    elif message["type"] == "learn":
        learn(message)
        worker.keep_what_is_loaded()
    else:
        return False
    return True


class Replayed:
    """A run that is gone through again for each message of the page.

    Args:
        post: Sends a text.
    """

    def __init__(self, post: Post) -> None:
        self._post = post
        self._port = LoggedPort(post)
        self._seed = secrets.randbits(64)

    def take(self, text: str) -> bool:
        """Go as far as the messages reach; says whether the run waits for another one."""
        if not self._port.rounds and _is_ahead(_decoded(text), self._post):
            return True
        self._port.begin(text)
        if self._port.rounds > MOST_ROUNDS:
            self._give_up("too_many_rounds", limit=MOST_ROUNDS)
            return False
        message = self._port.receive()
        message.setdefault("seed", self._seed)
        try:
            BrowserRun(self._port, message).perform()
        except Waiting:
            return True
        except Diverged:
            self._give_up("took_another_way")
        except Over:
            pass
        return False

    def _give_up(self, text: str, **values: object) -> None:
        problem = {"kind": "snippet_error", "message": say("snippet_error", text, **values)}
        problem["hint"] = say("snippet_error", f"{text}_hint")
        self._post(json.dumps({"type": "failed", "errors": [problem], "printed": "", "printed_is_cut": False}))


def prepare() -> None:
    """Load everything that a run may need, and go through what most runs go through.

    What memory then holds is what a snapshot keeps.
    """
    preload()
    ArgumentCheck({}).mismatches(_REHEARSED, {"ids": ["x"]})
    for snippet in (rehearsal.SHORT, rehearsal.LONG, rehearsal.RAISES, rehearsal.USUAL):
        worker.rehearse(snippet)
    worker.forget_disk()
    make_ahead(2)
    worker.keep_what_is_loaded()


def ready(layers: Mapping[str, str]) -> str:
    """Give the first message of a worker."""
    python = ".".join(map(str, sys.version_info[:3]))
    return json.dumps({"type": "ready", "protocol": PROTOCOL, "python": python, "layers": dict(layers)})


def reader(socket_fd: int) -> Callable[[int], bytes]:
    """Give the function that reads a socket: at most so many bytes, as soon as some have come."""
    return _socket.socket(_socket.AF_INET, _socket.SOCK_STREAM, 0, socket_fd).recv


def attach(post: Post, receive_most: Callable[[int], bytes]) -> None:
    """Serve one run, in a worker that can wait.

    Args:
        post: Sends a text.
        receive_most: Reads what the page sends, each text as a frame; waits where nothing has come.
    """
    port = Port(post, receive_most)
    message = port.receive()
    while _is_ahead(message, post):
        message = port.receive()
    with contextlib.suppress(Over):
        BrowserRun(port, message).perform()


def _decoded(text: str | bytes) -> dict[str, object]:
    if len(text) < _LARGE:
        return cast("dict[str, object]", json.loads(text))
    gc.disable()  # it makes many objects, none of which is garbage
    try:
        return cast("dict[str, object]", json.loads(text))
    finally:
        gc.freeze()
        gc.enable()
