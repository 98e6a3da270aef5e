"""The facade of contextlib: managers that know what a limit is.

Python's own would let a generator, or `suppress(object)`, swallow a limit of the host.
"""

from __future__ import annotations

import contextlib
import types
from collections.abc import Callable, Generator
from typing import cast

from ioconnect_codemode.policy.guards import read
from ioconnect_codemode.policy.limits import is_limit
from ioconnect_codemode.policy.namespaces import Namespace


def contextlib_facade() -> Namespace:
    """`contextlib`: `suppress`, `nullcontext`, `contextmanager`, `closing`."""
    return Namespace(
        "contextlib",
        {"suppress": _Suppress, "nullcontext": _Null, "contextmanager": _context_manager, "closing": _Closing},
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


class _Closing:
    def __init__(self, thing: object) -> None:
        self._thing = thing

    def __enter__(self) -> object:
        return self._thing

    def __exit__(self, *_: object) -> None:
        cast("Callable[[], object]", read(self._thing, "close"))()


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
