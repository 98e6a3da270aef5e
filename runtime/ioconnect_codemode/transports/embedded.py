"""The transport without io.Connect: plain Python functions stand in for the apps.

For tests, demos and programs that have their own functions to offer. What a handler gets is a copy, and what it gives is
encoded or copied before it can change, so that neither side can change the other's values afterwards.
"""

from __future__ import annotations

import asyncio
import importlib
import os
import sys
import traceback
from collections.abc import Awaitable, Callable, Mapping
from importlib.machinery import SourceFileLoader
from inspect import isawaitable
from types import ModuleType
from typing import TYPE_CHECKING, Final, TypeAlias, cast

from ioconnect_codemode.errors import AppError, CaptureError, UnavailableError, UsageError
from ioconnect_codemode.plain import copied
from ioconnect_codemode.transports.base import Route

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue

Handler: TypeAlias = Callable[["dict[str, JsonValue]"], "JsonValue | Awaitable[JsonValue]"]
"""Takes the argument object by wire key, gives the answer; sync or async."""


_ANSWERS: Final = frozenset((dict, list, str, int, float, bool, type(None)))
_SCALARS: Final = frozenset((str, int, float, bool, type(None)))
_PREFIXES = {"stream": "", "context": "context:"}


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
                Methods that share a name share a handler, and so do the apps that a call names as its targets: it is
                called once for each. The handler of a stream gives a list of events, the key of an operation of the
                gateway is `context:contexts.get` and the like.

        Raises:
            UsageError: It is no mapping of names to functions.
        """
        self._handlers = _checked(handlers)
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
            raise UsageError(
                f"{name} has no mapping `handlers` from wire method name to function, such as "
                'handlers = {"CRM.GetClient": get_client}'
            )
        return cls(cast("Mapping[str, Handler]", handlers))

    async def describe(self) -> dict[str, JsonValue]:
        """Refuse: handlers carry no declarations.

        Raises:
            CaptureError: Always.
        """
        raise CaptureError("handlers carry no declarations; capture the environment from its documents instead")

    async def call(self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float) -> JsonValue:
        """Call the handler with a copy of the arguments and give a copy of its answer.

        Where all or several apps are called, the one handler is all there is: `all` is called `embedded`.

        Raises:
            AppError: The handler raised, or its answer is no JSON value; then the message names type and path.
            UnavailableError: There is no such handler, `timeout_s` passed, or the transport is closed.
        """
        if route.has_several_answers:
            return await self._several(route, arguments, timeout_s)
        begun = self.begin(route, arguments, timeout_s=timeout_s)
        if isinstance(begun, asyncio.Future):
            try:
                return await begun
            finally:
                begun.cancel()
        return copied(begun)

    def begin(
        self, route: Route, arguments: Mapping[str, JsonValue], *, timeout_s: float
    ) -> JsonValue | asyncio.Future[JsonValue]:
        """Call the handler with a copy of the arguments; see `base.Direct`.

        Raises:
            AppError: The handler raised.
            UnavailableError: There is no such handler, or the transport is closed.
        """
        if route.has_several_answers:
            return asyncio.ensure_future(self._several(route, arguments, timeout_s))
        handler = self._handler(route)
        try:
            answer = handler(_copied_arguments(arguments))
            if type(answer) not in _ANSWERS and isawaitable(answer):
                return self._awaited(answer, route, timeout_s)
            answer = cast("JsonValue", answer)
            return _events(answer, route.take) if route.kind == "stream" else answer
        except (AppError, UnavailableError):
            raise
        except (Exception, SystemExit) as error:
            raise _app_error(error) from error

    async def _several(self, route: Route, arguments: Mapping[str, JsonValue], timeout_s: float) -> JsonValue:
        one = route._replace(target="best")
        names = ("embedded",) if isinstance(route.target, str) else route.target
        calls = [self.call(one, arguments, timeout_s=timeout_s) for _ in names]
        answers = await asyncio.gather(*calls, return_exceptions=True)
        errors = [answer for answer in answers if isinstance(answer, BaseException)]
        if len(errors) == len(answers):
            raise errors[0]
        return [
            {"target": name, "error": str(answer)}
            if isinstance(answer, BaseException)
            else {"target": name, "value": answer}
            for name, answer in zip(names, answers, strict=True)
        ]

    def _handler(self, route: Route) -> Handler:
        if self._is_closed:
            raise UnavailableError("the connection is closed", was_sent=False)
        name = route.name if route.kind == "method" else _PREFIXES.get(route.kind, "intent:") + route.name
        handler = self._handlers.get(name)
        if handler is None:
            raise UnavailableError(f"no running app offers {route.name}", was_sent=False, is_running=False)
        return handler

    def _awaited(self, answer: Awaitable[JsonValue], route: Route, timeout_s: float) -> asyncio.Future[JsonValue]:
        """Give the future of an answer that is not there yet."""
        loop = asyncio.get_running_loop()
        started, future = asyncio.ensure_future(_without_exit(answer)), loop.create_future()
        over = loop.call_later(timeout_s, _expire, future, timeout_s)

        def ended(_: object) -> None:
            over.cancel()
            self._running.discard(started)
            if not future.done():
                self._settle(future, started, route)
            elif not started.cancelled():
                started.exception()  # one that ends after its time is over may raise; asking keeps asyncio from logging it

        self._running.add(started)
        started.add_done_callback(ended)
        future.add_done_callback(lambda _: started.cancel())
        return future

    def _settle(self, future: asyncio.Future[JsonValue], ended: asyncio.Future[JsonValue], route: Route) -> None:
        """Give the future what a handler has ended in."""
        try:
            found = ended.result()
            future.set_result(_events(found, route.take) if route.kind == "stream" else found)
        except (AppError, UnavailableError) as error:
            future.set_exception(error)
        except asyncio.CancelledError:
            given_up = "the connection is closed" if self._is_closed else "the app gave the call up"
            future.set_exception(UnavailableError(given_up))
        except Exception as error:
            told = _app_error(error)
            told.__cause__ = error
            future.set_exception(told)
        except BaseException as error:  # no app's error: whoever waits must hear it all the same
            future.set_exception(error)

    async def close(self) -> None:
        """Refuse further calls and cancel the handlers under way. May be called twice."""
        self._is_closed = True
        for future in self._running:
            future.cancel()


async def _without_exit(answer: Awaitable[JsonValue]) -> JsonValue:
    """Await an answer. A task that exits would end the event loop, and with it everybody else's runs."""
    try:
        return await answer
    except SystemExit as error:
        raise _app_error(error) from error


def _app_error(error: BaseException) -> AppError:
    is_exit = isinstance(error, SystemExit)
    return AppError(f"SystemExit: {error}" if is_exit else str(error) or type(error).__name__)


def _checked(handlers: object) -> Mapping[str, Handler]:
    if not isinstance(handlers, Mapping):
        raise UsageError(f"handlers must map wire method names to functions, not be a {type(handlers).__name__}")
    for name, handler in cast("Mapping[object, object]", handlers).items():
        if not isinstance(name, str):
            raise UsageError(f"handlers has the key {str(name)[:80]!r} of type {type(name).__name__}: names are text")
        if not callable(handler):
            raise UsageError(f"handlers[{name[:80]!r}] must be a function of a dict, not {type(handler).__name__}")
    return cast("Mapping[str, Handler]", handlers)


def _expire(future: asyncio.Future[JsonValue], timeout_s: float) -> None:
    if not future.done():
        future.set_exception(UnavailableError(f"no answer within {timeout_s:g} s"))


def _copied_arguments(arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    if _SCALARS.issuperset(map(type, arguments.values())):
        return dict(arguments)
    return cast("dict[str, JsonValue]", copied(arguments))


def _events(answer: JsonValue, take: int) -> JsonValue:
    if not isinstance(answer, list):
        raise AppError("the handler of a stream gives a list of its events")
    return answer[:take]


def _module(name: str) -> ModuleType:
    is_file = os.path.isfile(name)  # noqa: PTH113  # pathlib loads slowly, and a start needs it later
    if not is_file and name.endswith(".py"):
        raise UsageError(f"there is no file {name}")
    if not is_file and not all(part.isidentifier() for part in name.split(".")):
        raise UsageError(f"{name[:80]!r} is neither a Python file nor a module such as my_desk.handlers")
    try:
        return _module_of_file(name) if is_file else importlib.import_module(name)
    except ImportError as error:
        raise UsageError(f"{name} can't be imported: {error}") from error
    except SyntaxError as error:
        raise UsageError(f"{name} is not Python: {error}") from error
    except (Exception, SystemExit) as error:  # whatever a module raises as it is read
        last = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{last.filename}, line {last.lineno}"
        raise UsageError(f"{name} failed as it was read: {type(error).__name__}: {error} ({where})") from error


def _module_of_file(name: str) -> ModuleType:
    """Load a file under a name of its own; its dataclasses look for their module by that name."""
    loader = SourceFileLoader("codemode_handlers", name)
    module = ModuleType(loader.name)
    module.__file__ = name
    sys.modules[loader.name] = module
    loader.exec_module(module)
    return module
