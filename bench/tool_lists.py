"""The tool lists of public MCP servers, asked over standard input and output: the corpus of the token budget.

    python bench/tool_lists.py OUT.json

The servers are npm packages with pinned versions (`bench/npm`); nothing but their answer to `tools/list` is used, and
none of it is stored in this repository: not every one of the packages says under which licence its texts may be.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import IO

from ioconnect_codemode.values import JsonValue

NPM = Path(__file__).parent / "npm"
_TIME_LIMIT_S = 30
_MODULES = "node_modules"
SERVERS: dict[str, tuple[str, ...]] = {
    "everything": ("@modelcontextprotocol/server-everything/dist/index.js",),
    "filesystem": ("@modelcontextprotocol/server-filesystem/dist/index.js", "."),
    "github": ("@modelcontextprotocol/server-github/dist/index.js",),
    "memory": ("@modelcontextprotocol/server-memory/dist/index.js",),
    "gitlab": ("@modelcontextprotocol/server-gitlab/dist/index.js",),
    "slack": ("@modelcontextprotocol/server-slack/dist/index.js",),
    "playwright": ("@playwright/mcp/cli.js",),
    "notion": ("@notionhq/notion-mcp-server/bin/cli.mjs",),
}
# They refuse to start without one; no call is made that would use it.
_NO_TOKENS = dict.fromkeys(
    ("GITLAB_PERSONAL_ACCESS_TOKEN", "SLACK_BOT_TOKEN", "SLACK_TEAM_ID", "GITHUB_PERSONAL_ACCESS_TOKEN"), "none"
)

Tool = dict[str, JsonValue]


def can_collect() -> bool:
    """Tell whether node and the packages are there."""
    return shutil.which("node") is not None and (NPM / _MODULES).is_dir()


def collect() -> dict[str, list[Tool]]:
    """Give the tools of every server, by server; an empty list where one doesn't answer."""
    return {name: _tools(command) for name, command in SERVERS.items()}


def _tools(command: tuple[str, ...]) -> list[Tool]:
    script, *arguments = command
    server = subprocess.Popen(
        ["node", str(NPM / _MODULES / script), *arguments],
        cwd=NPM,
        env={**os.environ, **_NO_TOKENS},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    deadline = threading.Timer(_TIME_LIMIT_S, server.kill)
    deadline.start()
    try:
        assert server.stdin is not None and server.stdout is not None
        return _asked(server.stdin, server.stdout)
    except BrokenPipeError:
        return []
    finally:
        deadline.cancel()
        server.kill()
        server.communicate()


def _asked(to: IO[str], answers: IO[str]) -> list[Tool]:
    client: JsonValue = {"name": "ioconnect-codemode-bench", "version": "1"}
    _send(to, 1, "initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": client})
    for line in answers:
        try:
            message = json.loads(line)
        except ValueError:
            continue  # some print a greeting first
        if message.get("id") == 1:
            _send(to, None, "notifications/initialized", {})
            _send(to, 2, "tools/list", {})
        if message.get("id") == 2:
            found: list[Tool] = message["result"]["tools"]
            return found
    return []


def _send(to: IO[str], number: int | None, method: str, parameters: JsonValue) -> None:
    message: Tool = {"jsonrpc": "2.0", "method": method, "params": parameters}
    if number is not None:
        message["id"] = number
    to.write(json.dumps(message) + "\n")
    to.flush()


if __name__ == "__main__":
    lists = collect()
    Path(sys.argv[1]).write_text(json.dumps(lists, indent=1), encoding="utf-8")
    print({name: len(tools) for name, tools in lists.items()}, sum(map(len, lists.values())))
