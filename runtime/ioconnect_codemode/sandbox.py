"""Run a program: fresh globals, printed text captured and bounded, and what came of it."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable, Collection, Mapping
from typing import Final, NamedTuple, cast

from ioconnect_codemode.escapes import visible
from ioconnect_codemode.policy.clock import Clock, SetClock
from ioconnect_codemode.policy.context import CURRENT, make_context
from ioconnect_codemode.policy.guards import advice_on
from ioconnect_codemode.policy.limits import Reached
from ioconnect_codemode.policy.names import MAIN, SNIPPET_FILE
from ioconnect_codemode.policy.namespaces import Namespace
from ioconnect_codemode.policy.printing import Printer
from ioconnect_codemode.policy.program import Program
from ioconnect_codemode.policy.runtime import NO_VALUE, make_globals
from ioconnect_codemode.policy.waiting import Scheduler

MESSAGE_LIMIT_CHARACTERS: Final = 2_000
"""An outcome shows 800; the rest is for whoever reads the audit."""

_ADVICE: Final = {
    "; use sys.set_int_max_str_digits() to increase the limit": "; take it apart with divmod, or show math.log10(x)",
    " offset-naive and offset-aware datetimes": (
        " offset-naive and offset-aware datetimes; datetime.now(timezone.utc) is aware, x.replace(tzinfo=None) is not"
    ),
}
"""What Python says, to what it says here: what a snippet can do."""

__all__ = ["Clock", "Finished", "Namespace", "Raised", "Scheduler", "SetClock", "run"]


class Finished(NamedTuple):
    """The program came to its end.

    Attributes:
        value: Its value as it is, not yet JSON; None where there is none.
        has_value: Whether it ended in an expression or a `return` with a value.
        printed: What it printed, up to the limit.
        printed_is_cut: Whether it printed more.
        variables: Its globals. A worker holds them to its end: to take them apart is a tenth of a short run's time.
    """

    value: object
    has_value: bool
    printed: str
    printed_is_cut: bool
    variables: Mapping[str, object]


class Raised(NamedTuple):
    """The program ended in an exception.

    Attributes:
        type_name: Name of the exception's class.
        message: Its text, bounded.
        line: Line of the snippet that was running, from 1, or None if no line of it was.
        column: Column of the first character there, from 1.
        end_column: Column behind the last character, where it is on the same line.
        printed: What the program printed, up to the limit.
        printed_is_cut: Whether it printed more.
        error: The exception itself; a limit of the host is recognised by it.
    """

    type_name: str
    message: str
    line: int | None
    column: int | None
    end_column: int | None
    printed: str
    printed_is_cut: bool
    error: BaseException


def run(
    program: Program,
    *,
    names: Mapping[str, object],
    inputs: Mapping[str, object],
    facades: Collection[str],
    print_limit: int,
    scheduler: Scheduler | None = None,
    clock: Clock | None = None,
    seed: int | None = None,
) -> Finished | Raised:
    """Run a program to its end.

    Args:
        program: What `policy.translate` gave.
        names: Namespaces and functions of the host.
        inputs: Globals that the caller adds; they hide nothing of `names`.
        facades: The facades that the program may have.
        print_limit: How many characters of printed text are kept.
        scheduler: Drives what the program awaits; it has sent the calls of `names`, if they send any.
        clock: Where the program gets the time from; the machine's by default.
        seed: Makes random numbers and UUIDs the same in every run with this seed; by default they never are.
    """
    printer = Printer(print_limit)
    context = make_context(scheduler=scheduler, clock=clock, seed=seed, printer=printer)
    held = CURRENT.set(context)
    hook, sys.unraisablehook = sys.unraisablehook, _noting(context.reached)
    try:
        variables = make_globals(program, supplied={**inputs, **names}, facades=facades, write_line=printer.write_line)
        exec(program.code, variables)
        main = cast(Callable[[], object], variables.pop(MAIN))
        value = main()
        if context.reached.error is None:
            context.scheduler.finish()
    # A limit may be no Exception; whoever runs the program must learn of it in the same way.
    except BaseException as error:
        return _raised(context.reached.error or error, printer, context.reached)
    finally:
        context.scheduler.drop(context.reached.note)
        sys.unraisablehook = hook
        CURRENT.reset(held)
    if context.reached.error is not None:
        return _raised(context.reached.error, printer, context.reached)
    has_value = value is not NO_VALUE
    return Finished(
        value=value if has_value else None,
        has_value=has_value,
        printed=printer.text(),
        printed_is_cut=printer.is_cut,
        variables=variables,
    )


def _noting(reached: Reached) -> Callable[[sys.UnraisableHookArgs], object]:
    """Give what the interpreter tells of exceptions that nobody can catch: those of generators that are thrown away."""
    return lambda unraisable: reached.note(unraisable.exc_value)


def _raised(error: BaseException, printer: Printer, reached: Reached) -> Raised:
    message = _message(error, reached)
    if reached.error is not None and reached.error is not error:
        return _raised(reached.error, printer, reached)
    line, column, end_column = _place(error)
    return Raised(
        type_name=type(error).__name__,
        message=message,
        line=line,
        column=column,
        end_column=end_column,
        printed=printer.text(),
        printed_is_cut=printer.is_cut,
        error=error,
    )


def _message(error: BaseException, reached: Reached) -> str:
    try:
        text = str.__str__(str(error)) + _advice(error) + _first_failure(error)
        if isinstance(error, (TypeError, ValueError)):
            for said, here in _ADVICE.items():
                text = text.replace(said, here)
    # The class may be the snippet's, and so may its __str__.
    except BaseException as raised:
        reached.note(raised)
        text = ""
    return visible(text[:MESSAGE_LIMIT_CHARACTERS])[:MESSAGE_LIMIT_CHARACTERS]


def _advice(error: BaseException) -> str:
    """Give what the read guard would have added to an AttributeError of the interpreter."""
    if type(error) is not AttributeError or error.obj is None or not isinstance(error.name, str):
        return ""
    return advice_on(error.obj, error.name)


def _first_failure(error: BaseException) -> str:
    """Give what a group says nothing of: the first failure in it."""
    if type(error) is not ExceptionGroup:
        return ""
    first: BaseException = error
    while type(first) is ExceptionGroup:
        first = first.exceptions[0]
    text = str.__str__(str(first))
    return f": {type(first).__name__}" + (f": {text}" if text else "")


def _place(error: BaseException) -> tuple[int | None, int | None, int | None]:
    """Find the innermost line of the snippet that the exception passed through."""
    found: types.TracebackType | None = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == SNIPPET_FILE:
            found = trace
        trace = trace.tb_next
    if found is None:
        return None, None, None
    positions = list(found.tb_frame.f_code.co_positions())
    line, end_line, column, end_column = positions[found.tb_lasti // 2]
    if line is None or column is None:
        return found.tb_lineno, None, None
    return line, column + 1, end_column + 1 if end_column is not None and end_line == line else None
