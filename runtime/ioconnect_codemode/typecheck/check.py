"""The deeper check as a session uses it: started when it may pay, asked before a run, never waited for.

What talks to the server and reads its findings is imported when one is started: a first run is over by then.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ioconnect_codemode.frames import Problem
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.messages import say_state
from ioconnect_codemode.outcome import Outcome, OutcomeError, located
from ioconnect_codemode.typecheck.installed import ty_command

if TYPE_CHECKING:
    from ioconnect_codemode.typecheck.server import Diagnostic, Server

_ANSWER_S = 0.02  # twenty times a usual answer: a run is not kept longer
_PATIENT_S = 5.0  # for `codemode check`, which may wait for the server to start
_START_AFTER_S = 0.5  # a host that runs one snippet and ends has no use for a server
_MOST_CHARACTERS = 16_384  # a longer snippet is left to the pre-flight check
_MOST_STARTS = 3  # a server that keeps ending is given up
_MOST = 5
_MOST_REMEMBERED = 64  # snippets; each has at most 16 KiB of text and five findings
_FOUND_BEFORE = frozenset(("syntax", "not_allowed", "unknown_name", "type_error"))
_WORD = re.compile(r"\w+")
_HEAD = "from codemode_catalog import *\n"


class TypeCheck:
    """Checks snippets against one catalog, in a server that is kept.

    Args:
        manifest: The catalog as policy leaves it.
        command: The server's program and arguments; None where there is none, and then nothing is ever found.
    """

    def __init__(self, manifest: Manifest, command: Sequence[str] | None) -> None:
        self._manifest = manifest
        self._command = command
        self._server: Server | None = None
        self._starting: asyncio.Task[None] | None = None
        self._starts = 0
        self._remembered: dict[str, asyncio.Future[tuple[Problem, ...] | None]] = {}

    @classmethod
    def of_installation(cls, manifest: Manifest) -> TypeCheck:
        """Give the check by the ty of this installation; one that finds nothing where there is none."""
        return cls(manifest, ty_command())

    @property
    def answers(self) -> bool:
        """Whether there is a server that has started."""
        return (
            self._server is not None and self._server.is_alive and self._starting is not None and self._starting.done()
        )

    def concerns(self, source: str) -> bool:
        """Whether a run is to wait for the check: only of a snippet whose words name something of the catalog.

        Any other has no way out of its worker, so what is wrong with it does no harm, and Python says it of the same line.
        """
        if not source.isascii():  # a name may be written in letters that Python takes for others
            return True
        catalog = self._manifest
        return any(word in catalog.namespaces or word in catalog.global_functions for word in _WORD.findall(source))

    async def findings(self, source: str, *, is_patient: bool = False) -> tuple[Problem, ...]:
        """Give what the server finds in a snippet; of one that it was asked about before, or is being asked, what it says then.

        Args:
            source: The snippet.
            is_patient: Wait for the server to start, and longer for its answer.
        """
        if self._command is None or len(source) > _MOST_CHARACTERS:
            return ()
        if self._server is None or not self._server.is_alive:
            self._start(after_s=0.0 if is_patient else _START_AFTER_S)
        if is_patient and self._starting is not None:
            await asyncio.wait([self._starting], timeout=_PATIENT_S)
        if self._server is None or (self._starting is not None and not self._starting.done()):
            return ()
        known = self._remembered.get(source)
        if known is None:
            return await self._asked(source, self._server, within_s=_PATIENT_S if is_patient else _ANSWER_S)
        found = await asyncio.shield(known)
        if found is None and is_patient:  # it did not answer who would not wait as long
            return await self._asked(source, self._server, within_s=_PATIENT_S)
        return found or ()

    async def _asked(self, source: str, server: Server, *, within_s: float) -> tuple[Problem, ...]:
        """Ask the server, and remember its answer: it depends on the text and the catalog alone."""
        answer: asyncio.Future[tuple[Problem, ...] | None] = asyncio.get_running_loop().create_future()
        self._remembered[source] = answer
        problems: tuple[Problem, ...] | None = None
        try:
            found = await server.diagnose(_HEAD + source, within_s=within_s)
            if found is not None:
                problems = self._told(found, source)
        finally:
            answer.set_result(problems)
            if problems is None and self._remembered.get(source) is answer:
                del self._remembered[source]
            while len(self._remembered) > _MOST_REMEMBERED:
                del self._remembered[next(iter(self._remembered))]
        return problems or ()

    def _told(self, found: Sequence[Diagnostic], source: str) -> tuple[Problem, ...]:
        from ioconnect_codemode.typecheck.findings import problem_of

        problems = [problem_of(one, self._manifest, source) for one in found]
        return tuple(one for one in problems if one is not None)[:_MOST]

    async def close(self) -> None:
        """End the server."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
        if self._server is not None:
            await self._server.close()

    def _start(self, *, after_s: float) -> None:
        if self._starting is not None and not self._starting.done():
            return
        if self._starts < _MOST_STARTS and self._command is not None:
            self._starts += 1
            self._starting = asyncio.get_running_loop().create_task(self._started(self._command, after_s))

    async def _started(self, command: Sequence[str], after_s: float) -> None:
        await asyncio.sleep(after_s)
        if self._server is not None:
            await self._server.close()
        from ioconnect_codemode.typecheck.server import Server

        self._server = Server(command, _files(self._manifest))
        with contextlib.suppress(OSError, TimeoutError):
            await self._server.start()


def merged(outcome: Outcome, problems: Sequence[Problem], source: str) -> Outcome:
    """Give the outcome of a review with what the deeper check has found besides, in the order of the source.

    Of a line that an error is already told of, nothing more is told.
    """
    known = [] if outcome.error is None else [outcome.error, *outcome.error.others]
    if not problems or any(one.kind not in _FOUND_BEFORE for one in known):
        return outcome
    lines = {one.line for one in known}
    added = [_error(one) for one in problems if one.get("line") not in lines]
    first, *others = sorted(
        [replace(one, others=()) for one in [*known, *added]], key=lambda one: (one.line or 0, one.column or 0)
    )
    error = located(replace(first, others=tuple(others[: _MOST - 1])), source)
    return replace(outcome, ok=False, error=error, value=None, notes=())


def _error(problem: Problem) -> OutcomeError:
    return OutcomeError(
        kind=problem["kind"],
        message=problem["message"],
        line=problem.get("line"),
        column=problem.get("column"),
        end_column=problem.get("end_column"),
        signature=problem.get("signature"),
        hint=problem.get("hint"),
        state=say_state("nothing_was_run"),
    )


def _files(manifest: Manifest) -> dict[str, str]:
    """Give the workspace: the catalog's projection, and which rules report."""
    from ioconnect_codemode.lookup.projected import projection
    from ioconnect_codemode.typecheck.findings import LISTED

    rules = "\n".join(f'{rule} = "error"' for rule in LISTED)
    functions = [f"{name} = {full}" for name, full in manifest.global_functions.items()]
    return {
        "codemode_catalog.pyi": "\n".join([projection(manifest, manifest.capabilities), *functions]) + "\n",
        "ty.toml": f'[environment]\npython-version = "3.13"\n\n[rules]\nall = "ignore"\n{rules}\n',
    }
