"""The facade of contextlib: managers that know what a limit is.

Python's own would let a generator, or `suppress(object)`, swallow a limit of the host.
"""

from __future__ import annotations

import contextlib
import types
from collections.abc import AsyncGenerator, Callable, Generator
from typing import cast

from ioconnect_codemode.policy.buffers import StringIO
from ioconnect_codemode.policy.context import current
from ioconnect_codemode.policy.guards import read
from ioconnect_codemode.policy.limits import is_limit
from ioconnect_codemode.policy.managed import manage
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.shown import register_readable


def contextlib_facade() -> Namespace:
    """`contextlib`: managers of generators, of several managers, of what is printed, and small ones."""
    return Namespace(
        "contextlib",
        {
            "suppress": _Suppress,
            "nullcontext": _Null,
            "contextmanager": _context_manager,
            "asynccontextmanager": _async_context_manager,
            "closing": _Closing,
            "ExitStack": ExitStack,
            "redirect_stdout": _Redirected,
        },
    )


class _Suppress:
    def __init__(self, *exceptions: type[BaseException]) -> None:
        self._exceptions = exceptions

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        return not is_limit(error) and isinstance(error, self._exceptions)


class _Null:
    def __init__(self, enter_result: object = None) -> None:
        self._result = enter_result

    def __enter__(self) -> object:
        return self._result

    def __exit__(self, *_: object) -> None:
        return None

    async def __aenter__(self) -> object:
        return self._result

    async def __aexit__(self, *_: object) -> None:
        return None


class _Closing:
    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __enter__(self) -> object:
        return self._thing

    def __exit__(self, *_: object) -> None:
        cast("Callable[[], object]", read(self._thing, "close"))()


class _Redirected:
    def __init__(self, new_target: object) -> None:
        if not isinstance(new_target, StringIO):
            raise TypeError("redirect_stdout takes an io.StringIO here")
        self._target = new_target

    def __enter__(self) -> StringIO:
        current().printer.diverted.append(self._target)
        return self._target

    def __exit__(self, *_: object) -> None:
        current().printer.diverted.pop()


_Exit = Callable[[type[BaseException] | None, BaseException | None, object], bool]


@register_readable("enter_context", "callback", "pop_all", "close")
class ExitStack:
    """`contextlib.ExitStack`: managers are entered and left as a `with` statement would."""

    def __init__(self) -> None:
        self._exits: list[_Exit] = []

    def enter_context(self, cm: object, /) -> object:
        """Enter a manager, to be left with the stack."""
        _check(self)
        managed = manage(cm)
        value = managed.__enter__()
        self._exits.append(managed.__exit__)
        return value

    def callback(self, callback: Callable[..., object], /, *args: object, **kwds: object) -> Callable[..., object]:
        """Have a function called when the stack is left."""

        _check(self)

        def leave(kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
            callback(*args, **kwds)
            return False

        self._exits.append(leave)
        return callback

    def pop_all(self) -> ExitStack:
        """Hand everything over to another stack."""
        _check(self)
        other = ExitStack()
        self._exits, other._exits = other._exits, self._exits
        return other

    def close(self) -> None:
        """Leave everything."""
        self.__exit__(None, None, None)

    def __enter__(self) -> ExitStack:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> bool:
        left = error
        while self._exits:
            leave = self._exits.pop()
            try:
                if leave(None if left is None else type(left), left, None):
                    left = None
            except BaseException as raised:
                current().reached.note(raised)
                left = raised
        if left is not None and left is not error:
            raise left
        return error is not None and left is None


def _check(stack: object) -> None:
    """Refuse what is no stack: `ExitStack.pop_all` can be called on anything, and would make a stack of the functions there,
    which would be told of limits."""
    if not isinstance(stack, ExitStack):
        raise TypeError("this is a method of exit stacks")


class _Yielding:
    """A manager whose block runs where a generator yields."""

    def __init__(self, generator: Generator[object, object, object]) -> None:
        self._generator = generator

    def __enter__(self) -> object:
        try:
            return next(self._generator)
        except StopIteration:
            raise RuntimeError("generator didn't yield") from None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            return self._go_on()
        if is_limit(error) or isinstance(error, GeneratorExit):
            self._close()
            return False
        try:
            self._generator.throw(error)
        except StopIteration as stop:
            return stop is not error
        except RuntimeError as raised:
            if raised is error or (isinstance(error, StopIteration) and raised.__cause__ is error):
                return False
            raise
        except BaseException as raised:
            if raised is error:
                return False
            raise
        raise RuntimeError("generator didn't stop after throw()")

    def _go_on(self) -> bool:
        try:
            next(self._generator)
        except StopIteration:
            return False
        raise RuntimeError("generator didn't stop")

    def _close(self) -> None:
        # It may yield or raise where it should end; the limit goes on all the same.
        with contextlib.suppress(Exception):
            self._generator.close()


def _context_manager(function: Callable[..., object]) -> Callable[..., _Yielding]:
    def make(*args: object, **kwargs: object) -> _Yielding:
        made = function(*args, **kwargs)
        if not isinstance(made, types.GeneratorType):
            raise TypeError("contextmanager takes a generator function")
        return _Yielding(cast("Generator[object, object, object]", made))

    return make


class _AsyncYielding:
    """As `_Yielding`, of an async generator."""

    def __init__(self, generator: AsyncGenerator[object, object]) -> None:
        self._generator = generator

    async def __aenter__(self) -> object:
        try:
            return await anext(self._generator)
        except StopAsyncIteration:
            raise RuntimeError("generator didn't yield") from None

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        if error is None:
            return await self._go_on()
        if is_limit(error) or isinstance(error, GeneratorExit):
            with contextlib.suppress(Exception):
                await self._generator.aclose()
            return False
        try:
            await self._generator.athrow(error)
        except StopAsyncIteration as stop:
            return stop is not error
        except RuntimeError as raised:
            is_stop = isinstance(error, (StopIteration, StopAsyncIteration))
            if raised is error or (is_stop and raised.__cause__ is error):
                return False
            raise
        except BaseException as raised:
            if raised is error:
                return False
            raise
        raise RuntimeError("generator didn't stop after athrow()")

    async def _go_on(self) -> bool:
        try:
            await anext(self._generator)
        except StopAsyncIteration:
            return False
        raise RuntimeError("generator didn't stop")


def _async_context_manager(function: Callable[..., object]) -> Callable[..., _AsyncYielding]:
    def make(*args: object, **kwargs: object) -> _AsyncYielding:
        made = function(*args, **kwargs)
        if not isinstance(made, types.AsyncGeneratorType):
            raise TypeError("asynccontextmanager takes an async generator function")
        return _AsyncYielding(cast("AsyncGenerator[object, object]", made))

    return make
