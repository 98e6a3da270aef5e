"""Processes of the live tests: started with a script, known by the ready line, stopped surely."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from ioconnect_codemode.values import JsonValue
from live.chromium import executable

HERE = Path(__file__).parent
STOP_TIMEOUT_S = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeProcess:
    """A running script of this folder.

    Attributes:
        facts: What its ready line says.
    """

    process: subprocess.Popen[str]
    facts: dict[str, str]

    def tell(self, **command: JsonValue) -> None:
        """Tell a script that obeys what to do, and wait until it is done."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer.startswith('{"done":true'), answer

    def kill(self) -> None:
        """End it as a crash would: without a word to its peers."""
        self.process.kill()
        self.process.wait(STOP_TIMEOUT_S)


def what_is_missing() -> str | None:
    """What has to be done before the scripts can run; None where nothing is missing."""
    if shutil.which("node") is None:
        return "there is no node: install Node.js 20 or later, then run: npm ci --prefix tests/live"
    if not (HERE / "node_modules").is_dir():
        return "the npm packages are not installed: run: npm ci --prefix tests/live"
    return None


def what_a_desktop_misses() -> str | None:
    """What has to be done before `desktop.py` can run; None where nothing is missing."""
    if executable() is None:
        return "there is no Chromium: install Debian's package chromium, or another Chromium by its usual name"
    if find_spec("playwright") is None:
        return "there is no playwright, which drives Chromium: run: pip install --group dev"
    return what_is_missing()


@contextmanager
def running(script: str, *arguments: str) -> Generator[NodeProcess]:
    """Run a script of this folder from its ready line on; it ends with the block, and with this process."""
    interpreter = sys.executable if script.endswith(".py") else "node"
    process = subprocess.Popen(
        [interpreter, str(HERE / script), *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        try:
            yield NodeProcess(process=process, facts=_ready_line(process))
        finally:
            _stop(process)


def _ready_line(process: subprocess.Popen[str]) -> dict[str, str]:
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith('{"ready":true'):
            facts: dict[str, str] = json.loads(line)
            return facts
    raise RuntimeError(f"{process.args!r} ended before it was ready")


def _stop(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
