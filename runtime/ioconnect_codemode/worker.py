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
import os
import sys
import time
from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Final, NoReturn, cast

from ioconnect_codemode import confine, policy, preflight, rehearsal, sandbox
from ioconnect_codemode.channel import Channel
from ioconnect_codemode.errors import CALL_ERRORS, ArgumentError
from ioconnect_codemode.frames import (
    HEADER_BYTES,
    MOST_CALL_PARTS,
    MOST_NAMES,
    MOST_PARTS,
    PROTOCOL,
    Problem,
    decode_trusted,
    encode_json,
    encode_trusted,
    has_more_parts,
)
from ioconnect_codemode.language import SAFE_MODULES, YIELDING_MODULES
from ioconnect_codemode.meanings import Known, Names, known_ahead, knows, learn
from ioconnect_codemode.messages import say
from ioconnect_codemode.pipe import Exchange, Pipe
from ioconnect_codemode.preload import preload
from ioconnect_codemode.values import NotSendable, TooManyParts, to_json

if TYPE_CHECKING:
    from ioconnect_codemode.errors import CallError
    from ioconnect_codemode.values import JsonValue

_RECURSION = 1_000  # frames; review takes four a level of nesting, and a snippet may recurse some 900 deep
_LITTLE: Final = 16 * 1024**2  # bytes that a process may keep which has served its run
_COLLECT_AFTER: Final = 20_000
"""Objects that a worker may hold more than at its last collection. A review of ten lines makes 2,000 and drops them at its
end; 20,000 small ones are 2 MB. Python's own 700 would have it look through them several times a run."""
_ALL_FACADES: Final = dict.fromkeys(SAFE_MODULES)
_KNOWN_FACADES: Final = frozenset(SAFE_MODULES) - frozenset(YIELDING_MODULES)
"""Made once: to go through the names writes to the memory page of each."""


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


def drop_standard_streams() -> None:
    """Point the standard streams at nothing: what the interpreter itself may print must never be taken for a frame."""
    null = os.open(os.devnull, os.O_RDWR)
    for fd in (0, 1, 2):
        os.dup2(null, fd)
    os.close(null)
    sys.stdin = sys.stdout = sys.stderr = None  # Python's own form of "there is none"


class _Silence(Exchange):
    """The host of a rehearsal: it wants to hear nothing, and gives every call the same answer."""

    def __init__(self) -> None:
        self._calls = 0

    def receive(self) -> dict[str, object]:
        self._calls += 1
        reply = {"id": self._calls, "ok": True, "value": rehearsal.answer()}
        return decode_trusted(encode_trusted({"type": "reply", "elapsed_us": 0, "replies": [reply]})[HEADER_BYTES:])

    def send_frame(self, frame: bytes) -> None:
        pass


class Run:
    """One run: from the source to `done` or `failed`."""

    channel: ClassVar[type[Channel]] = Channel
    """What its calls go through."""

    def __init__(self, exchange: Exchange, message: Mapping[str, object]) -> None:
        self._exchange = exchange
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
            exchange,
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
                self._exchange.send(
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
        if names is None:
            self._exchange.send({"type": "need", "names": unknown[:MOST_NAMES]})
            names = Names(self._exchange.receive(), known)
        self._calls.know(names)
        return names

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
        self._exchange.end()  # a limit: nothing in the snippet may go on after it

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
            self._exchange.send_frame(frame)
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
        elif signature := self._refused_here(error, raised.message):
            hint = say("argument", "not_sent_hint")
            problem = Problem(
                kind="argument", message=raised.message, exception=raised.type_name, signature=signature, hint=hint
            )
        elif type(error) in CALL_ERRORS:  # exactly: a class of the snippet's own may call itself anything
            message = raised.message or raised.type_name
            problem = Problem(kind=cast("CallError", error).kind, message=message, exception=raised.type_name)
        else:
            text = "raised" if raised.message else "raised_without_text"
            message = say("snippet_error", text, exception=raised.type_name, reason=raised.message)
            problem = Problem(kind="snippet_error", message=message, exception=raised.type_name)
        problem["line"], problem["column"], problem["end_column"] = raised.line, raised.column, raised.end_column
        self._fail([problem], printed=raised.printed, printed_is_cut=raised.printed_is_cut)

    def _refused_here(self, error: BaseException, message: str) -> str | None:
        """Give the signature of a capability whose arguments never left: Python can't bind them, or they are no JSON."""
        if self._names is None or type(error) not in (TypeError, ArgumentError):
            return None
        function, _, rest = message.partition("() ")
        if not rest.startswith(("missing ", "takes ", "got ")):
            function = message.partition(": ")[0] if type(error) is ArgumentError else ""
        namespace, _, name = function.partition(".")
        found = self._names.scope.namespaces.get(namespace, {}).get(name)
        return None if found is None else found.signature

    def _fail(self, problems: Sequence[Problem], *, printed: str = "", printed_is_cut: bool = False) -> None:
        errors = [{key: part for key, part in problem.items() if part is not None} for problem in problems]
        self._exchange.send({"type": "failed", "errors": errors, "printed": printed, "printed_is_cut": printed_is_cut})


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
