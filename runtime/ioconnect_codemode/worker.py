"""The worker: one process, one program, then the end.

Forked from a zygote, or started as `python -P -s -S -X utf8 -c BOOT ...`, with an empty environment and nothing open but
its two pipes. Its life: load everything it may need, lock itself, say `ready`, take one `run`, review it, ask what its
free names are, check it, run it, send `done` or `failed`, exit. Hostile source is parsed here and nowhere else.

Imports: the standard library, RestrictedPython (through `policy`) and rooms that import no more than that. A test in a
fresh interpreter holds it.
"""

from __future__ import annotations

import ast
import gc
import math
import os
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn, cast

from ioconnect_codemode import confine, policy, preflight, rehearsal, sandbox
from ioconnect_codemode.errors import CALL_ERRORS, ArgumentError, CallError
from ioconnect_codemode.frames import (
    HEADER_BYTES,
    HOLDS,
    MOST_CALL_PARTS,
    MOST_NAMES,
    MOST_PARTS,
    PROTOCOL,
    Problem,
    decode_trusted,
    encode_call,
    encode_json,
    encode_trusted,
    has_more_parts,
)
from ioconnect_codemode.language import SAFE_MODULES, YIELDING_MODULES
from ioconnect_codemode.meanings import Known, Names, known_ahead, knows, learn
from ioconnect_codemode.messages import say
from ioconnect_codemode.policy.clock import ToldClock
from ioconnect_codemode.preload import preload
from ioconnect_codemode.records import UNSET
from ioconnect_codemode.spinning import Spin
from ioconnect_codemode.stubs import converter
from ioconnect_codemode.values import NotSendable, TooManyParts, to_json

if TYPE_CHECKING:
    from ioconnect_codemode.policy.waiting import Answer
    from ioconnect_codemode.stubs import Convert
    from ioconnect_codemode.values import JsonValue

    _Call = tuple[str, dict[str, JsonValue], object]

_RECURSION = 1_000  # frames; review takes four a level of nesting, and a snippet may recurse some 900 deep
_ANY_FRAME = 4_096  # bytes of a frame that every limit allows (`limits.py`)
_LEAST_READ, _MOST_READ = 1 << 14, 1 << 17  # bytes of one read: Python makes room for all of them first
_NO_WAIT: Final[int] = getattr(os, "RWF_NOWAIT", 0)  # to read what is there; Linux only
_LONGEST_S = 86_400.0  # no run lasts a day
_LITTLE: Final = 16 * 1024**2  # bytes that a process may keep which has served its run
_COLLECT_AFTER: Final = 20_000
"""Objects that a worker may hold more than at its last collection. A review of ten lines makes 2,000 and drops them at its
end; 20,000 small ones are 2 MB. Python's own 700 would have it look through them several times a run."""
_ALL_FACADES: Final = dict.fromkeys(SAFE_MODULES)
_KNOWN_FACADES: Final = frozenset(SAFE_MODULES) - frozenset(YIELDING_MODULES)
"""Made once: to go through the names writes to the memory page of each."""
_BY_KIND = {error.kind: error for error in CALL_ERRORS}


class Pipe:
    """The two pipes to the host, blocking, one message at a time."""

    def __init__(self, read_fd: int, write_fd: int) -> None:
        self._read_fd = read_fd
        self._write_fd = write_fd
        self._read = b""
        self._spin = Spin()
        self._can_look = _NO_WAIT != 0
        self._view = memoryview(bytearray(_LEAST_READ))
        self._buffers = [self._view]

    def receive(self) -> dict[str, object]:
        """Give the next message; exits where the host has gone."""
        if not self._read:
            found = self._spin.take(self._look) if self._can_look else None
            data: bytes | memoryview = found or os.read(self._read_fd, _LEAST_READ)
            size = int.from_bytes(data[:HEADER_BYTES], "little")
            if size and len(data) == HEADER_BYTES + size:
                return decode_trusted(data[HEADER_BYTES:])  # one message a read, as nearly always
            self._read = bytes(data)
        size = self._size()
        if size:
            return self._decoded(size)
        message = self._receive_unchecked()
        return self.receive() if message is None else message

    def _receive_unchecked(self) -> dict[str, object] | None:
        """Give a message that the host checks meanwhile; None where it doesn't hold, whatever became of it here."""
        size, message, error = self._size(), None, None
        try:
            message = self._decoded(size)
        except MemoryError as full:
            error = full
        if self._exactly(len(HOLDS)) != HOLDS:
            return None
        if error is not None:
            raise error
        return message

    def _size(self) -> int:
        return int.from_bytes(self._exactly(HEADER_BYTES), "little")

    def _decoded(self, size: int) -> dict[str, object]:
        """Give a message of so many bytes.

        A large one makes many objects, none of which is garbage: looking for some takes a fifth of the time.
        """
        if size <= _LEAST_READ:
            return decode_trusted(self._exactly(size))
        gc.disable()
        try:
            return decode_trusted(self._large(size))
        finally:
            gc.freeze()
            gc.enable()

    def _large(self, size: int) -> bytearray:
        """Give so many bytes, read into their place; they are read too where there is no place for them."""
        try:
            body = bytearray(size)
        except MemoryError:
            for start in range(0, size, _LEAST_READ):
                self._exactly(min(_LEAST_READ, size - start))
            raise
        place = len(self._read)  # of one small read, so less than the size
        body[:place], self._read = self._read, b""
        while place < size:
            data = os.read(self._read_fd, min(size - place, _MOST_READ))
            if not data:
                self.end()
            body[place : place + len(data)] = data
            place += len(data)
        return body

    def _look(self) -> memoryview | None:
        """Give what is there to be read, which the next look overwrites; None for nothing yet."""
        try:
            return self._view[: os.preadv(self._read_fd, self._buffers, -1, _NO_WAIT)]
        except BlockingIOError:
            return None
        except OSError:  # a kernel that knows no such reading of pipes
            self._can_look = False
            return None

    def send(self, message: Mapping[str, object]) -> None:
        """Send a message as one frame."""
        self.send_frame(encode_json(message))

    def send_frame(self, frame: bytes) -> None:
        """Send a frame."""
        left = memoryview(frame)
        while left:
            left = left[os.write(self._write_fd, left) :]

    def end(self) -> NoReturn:
        """End this worker where it stands: nothing in the snippet goes on."""
        os._exit(0)

    def _exactly(self, size: int) -> bytes:
        """Give so many bytes. What comes with them is kept: a small message is one read, not two."""
        if len(self._read) < size:
            self._fill(size)
        data, self._read = self._read[:size], self._read[size:]
        return data

    def _fill(self, size: int) -> None:
        parts = bytearray(self._read)
        while len(parts) < size:
            data = os.read(self._read_fd, min(max(size - len(parts), _LEAST_READ), _MOST_READ))
            if not data:
                self.end()
            parts += data
        self._read = bytes(parts)


def main(memory_bytes: int, cpu_s: int, parent: int) -> None:
    """Serve one run on standard input and output, then exit: a worker that was spawned.

    Args:
        memory_bytes: Its address space.
        cpu_s: Its processor time in seconds.
        parent: Number of the host's process.
    """
    read_fd, write_fd = os.dup(0), os.dup(1)
    if sys.platform == "win32":
        import msvcrt

        msvcrt.setmode(read_fd, os.O_BINARY)
        msvcrt.setmode(write_fd, os.O_BINARY)
    drop_standard_streams()
    preload()
    bounds = confine.Bounds(read_fd=read_fd, write_fd=write_fd, memory_bytes=memory_bytes, cpu_s=cpu_s, parent=parent)
    steps = confine.load_steps()
    forget_disk()
    keep_what_is_loaded()
    serve(steps, bounds, {})


def rehearse(code: str) -> None:
    """Run a snippet of `rehearsal` and send nothing.

    After a fork a snippet of ten lines does for that; a longer one would make idle workers larger and few runs faster.
    """
    if not knows(rehearsal.KEY):
        learn(rehearsal.catalog())
    Run(_Silence(), {"code": code, "inputs": {}, "limits": rehearsal.LIMITS, "ahead": rehearsal.KEY}).perform()


def forget_disk() -> None:
    """Forget where modules are loaded from, and what was loaded for the lock: nothing is imported from here on."""
    confine.forget()
    sys.path.clear()
    sys.path_importer_cache.clear()
    sys.setrecursionlimit(_RECURSION)


def keep_what_is_loaded() -> None:
    """Set garbage collection on, which `process` starts us without, for what comes from now on.

    What is loaded is never looked at again: a collection would write to every page that the children of a zygote share.
    """
    gc.freeze()
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    gc.enable()


def serve(steps: dict[str, confine.Step], bounds: confine.Bounds, inherited: Mapping[str, str]) -> None:
    """Lock this process, say `ready`, serve one run, exit; where the run has used little memory, when the host says so.

    Args:
        steps: The steps of the lock; cleared when they have been taken, for they hold what the lock was made with.
        bounds: What is left to this process.
        inherited: Layers that were in force when it was forked.
    """
    layers = {**inherited, **confine.take(steps, bounds)}
    steps.clear()
    had = confine.most_memory()
    pipe = Pipe(bounds.read_fd, bounds.write_fd)
    pipe.send(
        {
            "type": "ready",
            "protocol": PROTOCOL,
            "python": ".".join(map(str, sys.version_info[:3])),
            "layers": layers,
        }
    )
    message = pipe.receive()
    if message["type"] == "warm":
        rehearse(rehearsal.USUAL)
        message = pipe.receive()
    run = Run(pipe, message)  # kept, with all that it has made, to the end
    run.perform()
    if confine.most_memory() - had <= _LITTLE:
        os.read(bounds.read_fd, 1)  # until the host has time for the end of a process
    pipe.end()


class Calls:
    """The snippet's way to the host: bridge calls out, replies in, in whatever order they come."""

    def __init__(self, pipe: Pipe, frame_bytes: int, *, started_ns: int, too_large: Callable[[str], NoReturn]) -> None:
        self.clock = ToldClock(started_ns, self._sleep)
        self._pipe = pipe
        self._frame_bytes = frame_bytes
        self._too_large = too_large
        self._last_id = 0
        self._returns: dict[int, Convert | None] = {}
        self._converters: dict[str, Convert | None] = {}
        self._last_wait = 0
        self._early: list[tuple[int, Answer]] = []

    def know(self, names: Mapping[str, object]) -> None:
        """Take note of what the host says that the snippet's names mean; in the browser calls are checked by it."""

    def prepare(self, name: str, arguments: Mapping[str, object], returns: object) -> _Call:
        """Give the arguments their JSON form; what is unset is left out."""
        sent: dict[str, JsonValue] = {}
        for key, value in arguments.items():
            if type(value) is str and value.isascii():
                sent[key] = value
            elif value is not UNSET:
                try:
                    sent[key] = to_json(value)
                except NotSendable as error:
                    path = f"{key}{error.path[1:]}"
                    reason = f"{error.problem}; {error.hint}" if error.hint else error.problem
                    raise ArgumentError(say("argument", "not_json", function=name, path=path, reason=reason)) from None
        return name, sent, returns

    def send(self, calls: Sequence[object]) -> list[int]:
        """Send calls in one frame, or in more where one would be too long."""
        calls_left = cast("list[_Call]", list(calls))
        ids: list[int] = []
        while calls_left:
            taken = self._send_most(calls_left)
            ids += range(self._last_id - taken + 1, self._last_id + 1)
            del calls_left[:taken]
        return ids

    def ask(self, prepared: object) -> object:
        """Send one call, wait for its reply, and give its value or raise; only where nothing else is under way."""
        name, arguments, returns = cast("_Call", prepared)
        number = self._last_id + 1
        frame = encode_call(number, name, arguments)
        if len(frame) > _ANY_FRAME and not self._may_leave(frame):
            self._too_large(name)
        self._last_id = number
        convert = self._converter(name, returns)
        self._pipe.send_frame(frame)
        replies: list[dict[str, JsonValue]] = []
        while not replies:
            message = self._pipe.receive()
            self.clock.told(message["elapsed_us"] * 1_000)  # type: ignore[operator]  # the host's own word
            replies = message["replies"]  # type: ignore[assignment]
        reply = replies[0]
        if reply["ok"] and "by_target" not in reply:
            return reply["value"] if convert is None else convert(reply["value"])
        return _answer(reply, convert)()

    def receive(self, timeout_s: float | None) -> list[tuple[int, Answer]]:
        """Wait for the host's next message and give its replies; none where it only says that the time is over."""
        if self._early:
            early, self._early = self._early, []
            return early
        if timeout_s is None:
            return self._read()[0]
        until_ns = self._ask_to_be_woken(timeout_s)
        replies, woken = self._read()
        if woken == self._last_wait:
            self.clock.told(until_ns)
        return replies

    def _sleep(self, seconds: float) -> None:
        until_ns = self._ask_to_be_woken(seconds)
        woken = None
        while woken != self._last_wait:
            replies, woken = self._read()
            self._early += replies
        self.clock.told(until_ns)

    def _ask_to_be_woken(self, seconds: float) -> int:
        """Ask the host, whose time is the run's; gives what the clock then shows at least."""
        for_us = math.ceil(min(seconds, _LONGEST_S) * 1e6)
        self._last_wait += 1
        self._pipe.send({"type": "wait", "id": self._last_wait, "for_us": for_us})
        return self.clock.passed_ns + for_us * 1_000

    def _read(self) -> tuple[list[tuple[int, Answer]], int | None]:
        """Read one message: its replies, and the number of the wait that is over."""
        message = self._pipe.receive()
        self.clock.told(cast("int", message["elapsed_us"]) * 1_000)
        replies = cast("list[dict[str, JsonValue]]", message["replies"])
        woken = cast("int | None", message.get("woken"))
        numbers = [cast("int", reply["id"]) for reply in replies]
        return [
            (number, _answer(reply, self._returns.pop(number))) for number, reply in zip(numbers, replies, strict=True)
        ], woken

    def _send_most(self, calls: Sequence[_Call]) -> int:
        count = len(calls)
        while True:
            frame = self._frame(calls[:count])
            if self._may_leave(frame):
                break
            if count == 1:
                self._too_large(calls[0][0])
            count //= 2
        for name, _, returns in calls[:count]:
            self._last_id += 1
            self._returns[self._last_id] = self._converter(name, returns)
        self._pipe.send_frame(frame)
        return count

    def _converter(self, name: str, returns: object) -> Convert | None:
        """Give what makes records of a capability's answers; a stub names one type, so it is found once a run."""
        try:
            return self._converters[name]
        except KeyError:
            made = self._converters[name] = converter(returns)
            return made

    def _may_leave(self, frame: bytes) -> bool:
        return len(frame) <= self._frame_bytes and not has_more_parts(frame[HEADER_BYTES:], MOST_CALL_PARTS)

    def _frame(self, calls: Sequence[_Call]) -> bytes:
        return encode_json(
            {
                "type": "call",
                "calls": [self._described(self._last_id + place, *call) for place, call in enumerate(calls, start=1)],
            }
        )

    def _described(self, number: int, name: str, arguments: dict[str, JsonValue], returns: object) -> dict[str, object]:
        """Give a call as its message names it; what its result type is, is not told."""
        return {"id": number, "name": name, "arguments": arguments}


def _answer(reply: Mapping[str, JsonValue], convert: Convert | None) -> Answer:
    """Give what gives the value of a reply, or raises what the call ended in."""
    if reply["ok"]:
        value = reply["value"]
        if convert is None:
            return lambda: value
        if reply.get("by_target"):
            by_target = cast("dict[str, JsonValue]", value)
            return lambda: {target: convert(one) for target, one in by_target.items()}
        return lambda: convert(value)
    error = _BY_KIND.get(cast("str", reply["kind"]), CallError)(cast("str", reply["message"]))

    def fail() -> NoReturn:
        raise error

    return fail


def drop_standard_streams() -> None:
    """Point the standard streams at nothing: what the interpreter itself may print must never be taken for a frame."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    sys.stdin = sys.stdout = sys.stderr = None  # Python's own form of "there is none"


class _Silence(Pipe):
    """The host of a rehearsal: it wants to hear nothing, and gives every call the same answer."""

    def __init__(self) -> None:
        super().__init__(-1, -1)
        self._calls = 0

    def receive(self) -> dict[str, object]:
        self._calls += 1
        reply = {"id": self._calls, "ok": True, "value": rehearsal.answer()}
        return decode_trusted(encode_trusted({"type": "reply", "elapsed_us": 0, "replies": [reply]})[HEADER_BYTES:])

    def send_frame(self, frame: bytes) -> None:
        pass


class Run:
    """One run: from the source to `done` or `failed`."""

    channel: ClassVar[type[Calls]] = Calls
    """What its calls go through."""

    def __init__(self, pipe: Pipe, message: Mapping[str, object]) -> None:
        self._pipe = pipe
        self._source = cast("str", message["code"])
        self._inputs = cast("dict[str, JsonValue]", message["inputs"])
        self._facades = cast("Collection[str]", message.get("facades", _ALL_FACADES))
        self._limits = cast("dict[str, int]", message["limits"])
        self._only_review = bool(message.get("only_review", False))
        self._masks = cast("dict[str, list[str]]", message.get("masks", {}))
        self._seed = cast("int | None", message.get("seed"))
        self._ahead = cast("str | None", message.get("ahead"))
        self._result: sandbox.Finished | sandbox.Raised | None = None
        self._names: Names | None = None
        self._calls = self.channel(
            pipe,
            self._limits["frame_bytes"],
            started_ns=cast("int", message.get("started_ns", 0)),
            too_large=self._call_is_too_large,
        )
        self._scheduler = sandbox.Scheduler(self._calls, clock=self._calls.clock)

    def perform(self) -> None:
        """Review, check and run the snippet; send what came of it."""
        started = time.perf_counter()
        try:
            tree = policy.parse(self._source)
            bindings = policy.find_bindings(tree)
            names = self._names = self._ask(bindings)
            program = self._review(tree, bindings, names)
            if isinstance(program, list):
                self._fail(program)
                return
            if self._only_review:
                self._pipe.send(
                    {"type": "done", "value": None, "has_value": False, "printed": "", "printed_is_cut": False}
                )
                return
            reviewed = time.perf_counter()
            result = sandbox.run(
                program,
                names=names.bound(self._scheduler.caller, self._masks),
                inputs=self._inputs,
                facades=self._facades,
                print_limit=self._limits["printed_characters"],
                scheduler=self._scheduler,
                seed=self._seed,
            )
        except policy.Rejected as rejected:
            self._fail([_from_violation(one) for one in rejected.violations])
            return
        except MemoryError:
            self._fail([_memory(self._limits)])
            return
        self._result = result
        if isinstance(result, sandbox.Raised):
            self._raised(result)
        else:
            self._done(result, review_us=(reviewed - started) * 1e6, run_us=(time.perf_counter() - reviewed) * 1e6)

    def _ask(self, bindings: policy.Bindings) -> Names:
        """Ask the host what the names mean that the snippet reads or imports and that mean nothing here."""
        is_all = self._facades is _ALL_FACADES
        facades = _KNOWN_FACADES if is_all else [name for name in self._facades if name not in YIELDING_MODULES]
        known = Known(facades, self._inputs)
        wanted = bindings.free | bindings.modules | bindings.imported
        unknown = sorted(name for name in wanted if name not in known)
        if not unknown:
            return Names({}, known)
        names = known_ahead(self._ahead, unknown, known)
        if names is not None:
            return names
        self._pipe.send({"type": "need", "names": unknown[:MOST_NAMES]})
        message = self._pipe.receive()
        self._calls.know(message)
        return Names(message, known)

    def _review(self, tree: ast.Module, bindings: policy.Bindings, names: Names) -> policy.Program | list[Problem]:
        scope = names.scope
        # Where every name is known without the catalog, the catalog has nothing to say.
        found = preflight.check(tree, scope) if names.were_asked else []
        known = (*scope.namespaces, *scope.functions, *self._inputs, "parallel")
        try:
            program = policy.translate(tree, facades=self._facades, known=known, bindings=bindings)
        except policy.Rejected as rejected:
            places = {(one.get("line"), one.get("column")) for one in found}
            found += [_from_violation(one) for one in rejected.violations if (one.line, one.column) not in places]
        else:
            if not found:
                return program
        found.sort(key=lambda problem: (problem.get("line") or 0, problem.get("column") or 0))
        return found[: preflight.MOST]

    def _call_is_too_large(self, function: str) -> NoReturn:
        self._fail([self._too_much("arguments", function=function, parts=MOST_CALL_PARTS)])
        self._pipe.end()  # a limit: nothing in the snippet may go on after it

    def _done(self, result: sandbox.Finished, *, review_us: float, run_us: float) -> None:
        timings = {"review_us": round(review_us), "run_us": round(run_us)}
        try:
            frame = self._done_frame(result, timings)
        except TooManyParts:
            frame = self._too_much("value", parts=MOST_PARTS)
        except NotSendable as error:
            frame = Problem(
                kind="snippet_error",
                message=say("snippet_error", "value_not_json", path=error.path, reason=error.problem),
                hint=error.hint or say("snippet_error", "value_not_json_hint"),
            )
        except MemoryError:
            frame = _memory(self._limits)
        if isinstance(frame, bytes):
            self._pipe.send_frame(frame)
        else:
            self._fail([frame], printed=result.printed, printed_is_cut=result.printed_is_cut)

    def _done_frame(self, result: sandbox.Finished, timings: Mapping[str, int]) -> bytes | Problem:
        frame = encode_json(
            {
                "type": "done",
                "value": to_json(result.value, is_leaving=True),
                "has_value": result.has_value,
                "printed": result.printed,
                "printed_is_cut": result.printed_is_cut,
                "timings": timings,
            }
        )
        is_too_large = len(frame) > self._limits["frame_bytes"] or has_more_parts(frame[HEADER_BYTES:], MOST_PARTS)
        return self._too_much("value", parts=MOST_PARTS) if is_too_large else frame

    def _too_much(self, text: str, *, parts: int, **values: str) -> Problem:
        limit_bytes = f"{self._limits['frame_bytes']:,}"
        return Problem(
            kind="output_limit",
            message=say("output_limit", text, limit_bytes=limit_bytes, limit=f"{parts:,}", **values),
            hint=say("output_limit", "less_hint"),
        )

    def _raised(self, raised: sandbox.Raised) -> None:
        error = raised.error
        if isinstance(error, MemoryError):
            problem = _memory(self._limits)
        elif type(error) in CALL_ERRORS:  # exactly: a class of the snippet's own may call itself anything
            message = raised.message or raised.type_name
            problem = Problem(kind=cast("CallError", error).kind, message=message, exception=raised.type_name)
        elif signature := self._unbound(error, raised.message):
            hint = say("argument", "not_sent_hint")
            problem = Problem(
                kind="argument", message=raised.message, exception=raised.type_name, signature=signature, hint=hint
            )
        else:
            text = "raised" if raised.message else "raised_without_text"
            message = say("snippet_error", text, exception=raised.type_name, reason=raised.message)
            problem = Problem(kind="snippet_error", message=message, exception=raised.type_name)
        problem["line"], problem["column"], problem["end_column"] = raised.line, raised.column, raised.end_column
        self._fail([problem], printed=raised.printed, printed_is_cut=raised.printed_is_cut)

    def _unbound(self, error: BaseException, message: str) -> str | None:
        """Give the signature of a capability whose arguments Python could not bind; `stubs.load` names it in full."""
        function, _, rest = message.partition("() ")
        if self._names is None or type(error) is not TypeError or not rest.startswith(("missing ", "takes ", "got ")):
            return None
        namespace, _, name = function.partition(".")
        found = self._names.scope.namespaces.get(namespace, {}).get(name)
        return None if found is None else found.signature

    def _fail(self, problems: Sequence[Problem], *, printed: str = "", printed_is_cut: bool = False) -> None:
        errors = [{key: part for key, part in problem.items() if part is not None} for problem in problems]
        self._pipe.send({"type": "failed", "errors": errors, "printed": printed, "printed_is_cut": printed_is_cut})


def _from_violation(violation: policy.Violation) -> Problem:
    return Problem(
        kind=violation.kind,
        message=violation.message,
        line=violation.line,
        column=violation.column,
        end_column=violation.end_column,
        hint=violation.hint,
    )


def _memory(limits: Mapping[str, int]) -> Problem:
    return Problem(
        kind="memory",
        message=say("memory", "used_up", limit=limits["memory_bytes"] // (1024 * 1024)),
        hint=say("memory", "less_hint"),
    )
