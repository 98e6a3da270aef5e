"""The transport without io.Connect: plain Python functions stand in for the apps.

For tests, demos and programs that have their own functions to offer. What a handler gets and gives is copied, so that
neither side can change the other's values afterwards.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import math
from collections.abc import Awaitable, Callable, Mapping
from inspect import isawaitable
from pathlib import Path
from types import ModuleType
from typing import TypeAlias, cast

from ioconnect_codemode.errors import AppError, CaptureError, UnavailableError, UsageError
from ioconnect_codemode.plain import is_plain
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.validate import LEVELS
from ioconnect_codemode.values import JsonValue

Handler: TypeAlias = Callable[[dict[str, JsonValue]], "JsonValue | Awaitable[JsonValue]"]
"""Takes the argument object by wire key, gives the answer; sync or async."""


_PREFIXES = {"method": "", "stream": "", "context": "context:"}


class EmbeddedTransport:
    """Calls handlers in this process.

    A sync handler runs directly on the event loop, so it must not block: `timeout_s` can't interrupt it. An async one
    is cancelled when the time is over. An exception is the app's error, with its text as message; a handler that
    raises `UnavailableError` plays an app that is not there.
    """

    def __init__(self, handlers: Mapping[str, Handler]) -> None:
        """Take the handlers.

        Args:
            handlers: By wire name of the method, exactly as written; `intent:<Name>` for an intent of either kind.
                Methods that share a name share a handler. The handler of a stream gives a list of events.
        """
        self._handlers = handlers
        self._running: set[asyncio.Future[JsonValue]] = set()
        self._is_closed = False

    @classmethod
    def of_module(cls, name: str) -> EmbeddedTransport:
        """Take the handlers of a Python file or module: its `handlers` mapping.

        Raises:
            UsageError: There is no such module, it fails, or it has no mapping of that name.
        """
        module = _module(name)
        handlers = getattr(module, "handlers", None)
        if not isinstance(handlers, Mapping):
            raise UsageError(f"{name} has no mapping `handlers` from wire method name to function")
        return cls(cast("Mapping[str, Handler]", handlers))

    async def describe(self) -> dict[str, JsonValue]:
        """Refuse: handlers carry no declarations.

        Raises:
            CaptureError: Always.
        """
        raise CaptureError("handlers carry no declarations; capture the environment from its documents instead")

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        """Call the handler with a copy of the arguments and give a copy of its answer.

        Raises:
            AppError: The handler raised, or its answer is no JSON value; then the message names type and path.
            UnavailableError: There is no such handler, `timeout_s` passed, or the transport is closed.
        """
        begun = self.begin(route, arguments, timeout_s=timeout_s)
        if isinstance(begun, asyncio.Future):
            try:
                return await begun
            finally:
                begun.cancel()
        return _copy(begun)

    def begin(
        self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float
    ) -> JsonValue | asyncio.Future[JsonValue]:
        """Call the handler with a copy of the arguments; see `base.Direct`.

        Raises:
            AppError: The handler raised, or its answer is no JSON value; then the message names type and path.
            UnavailableError: There is no such handler, or the transport is closed.
        """
        handler = self._handler(route)
        try:
            answer = handler(cast("dict[str, JsonValue]", _copy(arguments)))
            if not is_plain(answer, levels=LEVELS):
                if isawaitable(answer):
                    return self._awaited(answer, route, timeout_s)
                answer = _copy(answer)
            return _events(answer, route.take) if route.kind == "stream" else answer
        except (AppError, UnavailableError):
            raise
        except Exception as error:
            raise AppError(str(error) or type(error).__name__) from error

    def _handler(self, route: Route) -> Handler:
        if self._is_closed:
            raise UnavailableError("the connection is closed", was_sent=False)
        handler = self._handlers.get(_PREFIXES.get(route.kind, "intent:") + route.name)
        if handler is None:
            raise UnavailableError(f"no running app offers {route.name}", was_sent=False, is_running=False)
        return handler

    def _awaited(self, answer: Awaitable[JsonValue], route: Route, timeout_s: float) -> asyncio.Future[JsonValue]:
        """Give the future of an answer that is not there yet."""

        async def answered() -> JsonValue:
            try:
                found = _copy(await self._finish(started, timeout_s))
                return _events(found, route.take) if route.kind == "stream" else found
            except (AppError, UnavailableError):
                raise
            except Exception as error:
                raise AppError(str(error) or type(error).__name__) from error

        started = asyncio.ensure_future(answer)
        self._running.add(started)
        started.add_done_callback(self._forget)
        future = asyncio.ensure_future(answered())
        future.add_done_callback(lambda done: started.cancel())
        return future

    async def close(self) -> None:
        """Refuse further calls and cancel the handlers under way. May be called twice."""
        self._is_closed = True
        for future in self._running:
            future.cancel()

    async def _finish(self, future: asyncio.Future[JsonValue], timeout_s: float) -> JsonValue:
        try:
            # Unlike wait_for, this never raises what the handler raised: a TimeoutError of its own stays its own.
            await asyncio.wait({future}, timeout=timeout_s)
            if not future.done():
                raise UnavailableError(f"no answer within {timeout_s:g} s")
            if future.cancelled():
                raise UnavailableError("the connection is closed" if self._is_closed else "the app gave the call up")
            return future.result()
        finally:
            future.cancel()

    def _forget(self, future: asyncio.Future[JsonValue]) -> None:
        self._running.discard(future)
        if not future.cancelled():
            # A handler that ends after its time is over may raise; asking here keeps asyncio from logging it.
            future.exception()


def _events(answer: JsonValue, take: int) -> JsonValue:
    if not isinstance(answer, list):
        raise AppError("the handler of a stream gives a list of its events")
    return answer[:take]


def _module(name: str) -> ModuleType:
    try:
        if not name.endswith(".py"):
            return importlib.import_module(name)
        if not Path(name).is_file():
            raise UsageError(f"there is no file {name}")
        spec = importlib.util.spec_from_file_location("codemode_handlers", name)
        if spec is None or spec.loader is None:
            raise UsageError(f"{name} can't be loaded as Python")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    except ImportError as error:
        raise UsageError(f"{name} can't be imported: {error}") from error
    except SyntaxError as error:
        raise UsageError(f"{name} is not Python: {error}") from error
    return module


class _NotPlain(Exception):
    """A value that is not made of JSON's own types."""


def _copy(answer: object) -> JsonValue:
    try:
        return _plain_copy(answer)
    except _NotPlain:
        pass
    except RecursionError:
        raise AppError(_ENDLESS) from None
    try:
        return _copy_at("$", answer)
    except RecursionError:
        raise AppError(_ENDLESS) from None


_ENDLESS = "the answer is no JSON value: it is nested too deep, or contains itself"


_KEYS = frozenset((str,))
_SCALARS = frozenset((str, int, bool, type(None)))


def _plain_copy(value: object) -> JsonValue:
    """Copy what is made of exactly JSON's types, which most answers are, in a fraction of the time of `_copy_at`."""
    kind = type(value)
    if kind is dict:
        fields = cast("dict[str, JsonValue]", value)
        if not _KEYS.issuperset(map(type, fields)):
            raise _NotPlain
        made = fields.copy()
        if not _SCALARS.issuperset(map(type, made.values())):
            for key, item in fields.items():
                if type(item) not in _SCALARS:
                    made[key] = _plain_copy(item)
        return made
    if kind is list:
        items = cast("list[JsonValue]", value)
        return items.copy() if _SCALARS.issuperset(map(type, items)) else [_plain_copy(item) for item in items]
    if kind in _SCALARS or (kind is float and math.isfinite(cast("float", value))):
        return cast("JsonValue", value)
    raise _NotPlain


def _copy_at(path: str, value: object) -> JsonValue:
    match value:
        case None | bool():
            return value
        case int():
            return value if type(value) is int else int(value)  # an IntEnum can't cross to a worker
        case str():
            return value if type(value) is str else str.__str__(value)
        case float() if math.isfinite(value):
            return value
        case list():
            items = cast("list[object]", value)
            return [_copy_at(f"{path}[{index}]", item) for index, item in enumerate(items)]
        case dict():
            fields = cast("dict[object, object]", value)
            return {_key(path, key): _copy_at(f"{path}.{key}", item) for key, item in fields.items()}
        case float():
            raise AppError(f"the answer is no JSON value: {path} is {value}")
        case _:
            raise AppError(f"the answer is no JSON value: {path} is {type(value).__name__}")


def _key(path: str, key: object) -> str:
    if not isinstance(key, str):
        raise AppError(f"the answer is no JSON value: a key of {path} is {type(key).__name__}")
    return key
