"""A language server as a child process: texts in, diagnostics out, over its standard streams.

The Language Server Protocol 3.17: `initialize`, then for each text `textDocument/didOpen`, `textDocument/diagnostic`,
`textDocument/didClose`. A text is data in a message and never a file; what the server says is data too, bounded, and
nothing it does can fail a run: it answers in time, or it doesn't.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

if sys.platform == "linux":
    import resource

_ANSWER_BYTES = 4 * 1024**2  # 64 KiB of nothing but mistakes give 2 MiB
_MEMORY_BYTES = 2 * 1024**3  # a catalog of 5,000 capabilities takes 0.4 GiB of address space
_STUCK_S = 2.0  # an answer takes 1 ms; what takes this long may never come


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostic:
    """One finding of the server.

    Attributes:
        rule: Its rule, `missing-argument` for instance.
        message: Its text.
        line: Line of the text, from 0.
        column: Column in characters, from 0.
        end_column: Column after the last character; that of the beginning where it ends on another line.
    """

    rule: str
    message: str
    line: int
    column: int
    end_column: int


class Server:
    """One server process and what is known in it.

    Args:
        command: Program and arguments.
        files: Files of its workspace, a folder that exists as long as the server: name to text.
    """

    def __init__(self, command: Sequence[str], files: Mapping[str, str]) -> None:
        self._command = command
        self._files = files
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._answers: dict[int, asyncio.Future[object]] = {}
        self._last_id = 0
        self._is_over = False

    @property
    def is_alive(self) -> bool:
        """Whether it may still answer."""
        return not self._is_over

    async def start(self) -> None:
        """Start the process and say hello; the first text is then answered as fast as every other.

        Raises:
            OSError: It can't be started.
            TimeoutError: It doesn't say anything.
        """
        self._folder = tempfile.TemporaryDirectory(prefix="codemode-typecheck-")
        root = Path(self._folder.name)
        for name, text in self._files.items():
            (root / name).write_text(text, encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            cwd=root,
            env={},
            limit=_ANSWER_BYTES,
        )
        _limit_memory(self._process.pid)
        self._reader = asyncio.create_task(self._read())
        folder = {"uri": root.as_uri(), "name": "snippets"}
        capabilities: dict[str, object] = {
            "textDocument": {"diagnostic": {}},
            "general": {"positionEncodings": ["utf-32"]},
        }
        hello: dict[str, object] = {
            "processId": None,
            "rootUri": root.as_uri(),
            "workspaceFolders": [folder],
            "capabilities": capabilities,
        }
        async with asyncio.timeout(10 * _STUCK_S):
            await self._ask("initialize", hello)
            self._send({"method": "initialized", "params": {}})
            await self._diagnostics("")

    async def diagnose(self, text: str, *, within_s: float) -> list[Diagnostic] | None:
        """Give what the server says of a text; None where it doesn't answer in time, or no more.

        A server that has not answered after two seconds is ended.
        """
        if self._is_over or self._process is None:
            return None
        answer = asyncio.ensure_future(self._diagnostics(text))
        asyncio.get_running_loop().call_later(_STUCK_S, self._end_stuck, answer)
        try:
            return await asyncio.wait_for(asyncio.shield(answer), within_s)
        except (TimeoutError, OSError, ValueError):
            answer.add_done_callback(lambda late: late.cancelled() or late.exception())
            return None

    async def close(self) -> None:
        """End the process and remove its folder."""
        self._end()
        if self._process is not None:
            await self._process.wait()
        if self._reader is not None:
            await asyncio.gather(self._reader, return_exceptions=True)
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    async def _diagnostics(self, text: str) -> list[Diagnostic]:
        root = Path(cast("tempfile.TemporaryDirectory[str]", self._folder).name)
        document = {"uri": (root / f"snippet_{self._last_id + 1}.py").as_uri()}
        opened = {**document, "languageId": "python", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": opened}})
        result = await self._ask("textDocument/diagnostic", {"textDocument": document})
        self._send({"method": "textDocument/didClose", "params": {"textDocument": document}})
        items = cast("dict[str, list[object]]", result).get("items", []) if isinstance(result, dict) else []
        return [found for item in items if (found := _diagnostic(item)) is not None]

    def _ask(self, method: str, parameters: Mapping[str, object]) -> asyncio.Future[object]:
        self._last_id += 1
        answer = self._answers[self._last_id] = asyncio.get_running_loop().create_future()
        answer.add_done_callback(_look_at)
        self._send({"id": self._last_id, "method": method, "params": parameters})
        return answer

    def _send(self, message: Mapping[str, object]) -> None:
        process = self._process
        if process is None or process.stdin is None or self._is_over:
            raise ConnectionError("the server has ended")
        body = json.dumps({"jsonrpc": "2.0", **message}).encode("utf-8")
        process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _read(self) -> None:
        stream = cast("asyncio.StreamReader", cast("asyncio.subprocess.Process", self._process).stdout)
        try:
            while True:
                header = await stream.readuntil(b"\r\n\r\n")
                length = next(
                    int(line.split(b":")[1]) for line in header.split(b"\r\n") if line.startswith(b"Content-Length")
                )
                if length > _ANSWER_BYTES:
                    raise ValueError("too long an answer")
                self._take(json.loads(await stream.readexactly(length)))
        except (OSError, EOFError, ValueError, RecursionError, StopIteration, RuntimeError, asyncio.LimitOverrunError):
            self._end()

    def _take(self, message: object) -> None:
        if not isinstance(message, dict):
            raise ValueError("no message")
        document = cast("dict[str, object]", message)
        id = document.get("id")
        if "method" in document:
            if id is not None:  # the server asks for its configuration, which is in its files
                self._send({"id": id, "result": None})
            return
        answer = self._answers.pop(cast("int", id), None)
        if answer is not None and not answer.done():
            answer.set_result(document.get("result"))

    def _end_stuck(self, answer: asyncio.Future[list[Diagnostic]]) -> None:
        if not answer.done():
            self._end()

    def _end(self) -> None:
        self._is_over = True
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(ConnectionError("the server has ended"))
        self._answers.clear()
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                _kill(self._process)


def _diagnostic(item: object) -> Diagnostic | None:
    try:
        found = cast("dict[str, dict[str, dict[str, int]]]", item)
        start, end = found["range"]["start"], found["range"]["end"]
        line, column = int(start["line"]), int(start["character"])
        return Diagnostic(
            rule=str(found["code"]),
            message=str(found["message"]),
            line=line,
            column=column,
            end_column=int(end["character"]) if end["line"] == line else column,
        )
    except (KeyError, TypeError, ValueError):
        return None


def _look_at(answer: asyncio.Future[object]) -> None:
    """Ask for an exception that nobody waits for any more; asyncio would log it."""
    if not answer.cancelled():
        answer.exception()


def _kill(process: asyncio.subprocess.Process) -> None:
    """Kill a process. Its own `kill` reaps one that has ended, behind the back of asyncio's watcher, which complains."""
    if sys.platform == "win32":
        process.kill()
    else:
        os.kill(process.pid, signal.SIGKILL)


def _limit_memory(process_id: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            resource.prlimit(process_id, resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
