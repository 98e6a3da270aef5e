"""Who approves calls for `codemode run`: the person at the terminal, or nobody.

A question goes to standard error and is answered by a line of standard input. Questions are asked one at a time, and an
answer counts only for the question that is on the screen: a line that comes when none is, or after its time is over, is
dropped.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, TextIO

from ioconnect_codemode.messages import say

if sys.platform == "win32":
    import msvcrt
else:
    import termios

if TYPE_CHECKING:
    from ioconnect_codemode import Outcome
    from ioconnect_codemode.approval import ApprovalRequest, OnApproval

_LINE_BYTES = 4_096  # a terminal gives a line a read, and none that is longer
_YES = frozenset(("y", "yes"))


def person_at_the_terminal() -> OnApproval | None:
    """Give who is asked, None where nobody sits at this command: its input or its messages go elsewhere."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    return Terminal(sys.stdin, sys.stderr).ask


def left_undecided(outcome: Outcome) -> Outcome:
    """Give the outcome of a run that waits for approval as the command ends with it: the run can't be resumed any more."""
    if outcome.error is None or outcome.error.approval_id is None:
        return outcome
    hint = say("approval_needed", "command_hint")
    return replace(outcome, error=replace(outcome.error, hint=hint, approval_id=None))


class Terminal:
    """Asks one person, one question at a time.

    Args:
        answers: Where lines are read.
        questions: Where questions are written.
    """

    def __init__(self, answers: TextIO, questions: TextIO) -> None:
        self._answers = answers
        self._questions = questions
        self._turn = asyncio.Lock()
        self._waits: asyncio.Future[str] | None = None
        self._reads = False

    async def ask(self, request: ApprovalRequest) -> bool:
        """Ask, and say whether the person has typed yes."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            self._waits = loop.create_future()
            if not self._reads:
                self._reads = True
                self._drop_what_waits()
                # A thread that ends with the process: nothing interrupts the reading of a line
                threading.Thread(target=self._read, args=(loop,), daemon=True).start()
            self._write(f"{say('approval_needed', 'question', text=request.sentence)}\nallow it? [y/N] ")
            try:
                answer = await self._waits
            except asyncio.CancelledError:
                self._write("\n")  # its time is over, or the run's
                raise
            finally:
                self._waits = None
            return answer.strip().lower() in _YES

    def _drop_what_waits(self) -> None:
        """Drop what was typed before there was a question."""
        if sys.platform == "win32":
            while msvcrt.kbhit():
                msvcrt.getwch()
        else:
            with contextlib.suppress(termios.error):  # no terminal: what is read there was not typed
                termios.tcflush(self._answers.fileno(), termios.TCIFLUSH)

    def _read(self, loop: asyncio.AbstractEventLoop) -> None:
        while True:
            # Not `readline`: it holds a lock that the interpreter wants at its end.
            line = os.read(self._answers.fileno(), _LINE_BYTES).decode("utf-8", "replace")
            try:
                loop.call_soon_threadsafe(self._take, line)
            except RuntimeError:  # the loop is closed: the command is over
                return
            if not line:
                return

    def _take(self, line: str) -> None:
        if not line:
            self._reads = False  # the end of the input answers each question with no
        if self._waits is not None and not self._waits.done():
            self._waits.set_result(line)

    def _write(self, text: str) -> None:
        self._questions.write(text)
        self._questions.flush()
