"""Secrets of the log-in stay where they belong: logs, errors, outcomes, audit and other processes are searched for them."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TextIO

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import TextContent
from websockets.asyncio.client import connect

from checkout import environment
from ioconnect_codemode.transports.credentials import STARTING_CONTEXT
from ioconnect_codemode.values import JsonValue
from live.processes import running
from live.proxy import Proxy, proxy_to

pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="other processes are looked at in /proc"),
]

USER = "guarded"
PATH_SECRET = "k3y-in-the-path"
WAIT_S = 60
_AT_DEBUG = """
import asyncio, logging, sys
logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
from ioconnect_codegen.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""The command, with everything logged that anybody logs."""

POLICY = """
[audit]
file = {audit}
arguments = "full"
"""
METHODS: list[JsonValue] = [
    {"definition": {"name": "Desk.First", "accepts": "String id", "returns": "Int n"}, "does": {"answer": {"n": 1}}},
    {"definition": {"name": "Desk.Throw", "accepts": "String id"}, "does": {"throw": "no"}},
]


async def gateway_token(url: str) -> str:
    """Get a token for an app, as io.Connect Desktop does for one that it starts."""
    proof = {"method": "secret", "login": USER, "secret": ""}
    async with connect(url) as socket, asyncio.timeout(WAIT_S):
        hello = {"domain": "global", "type": "hello", "request_id": "1", "identity": {}, "authentication": proof}
        await socket.send(json.dumps(hello))
        while (welcome := json.loads(await socket.recv())).get("type") != "welcome":
            pass
        ask = {"domain": "global", "type": "create-token", "request_id": "2", "peer_id": welcome["peer_id"]}
        await socket.send(json.dumps(ask))
        while (answer := json.loads(await socket.recv())).get("request_id") != "2":
            pass
        return str(answer["token"])


def started_by_desktop(url: str, token: str) -> dict[str, str]:
    """Give the environment variables of an app that io.Connect Desktop has started."""
    start = {"gwURL": f"{url}/{PATH_SECRET}?key={PATH_SECRET}", "gwToken": token, "instanceId": "i-77"}
    return environment(PYTHONASYNCIODEBUG="1", **{STARTING_CONTEXT: json.dumps(start)})


def tokens_in(frames: Sequence[str | bytes]) -> list[str]:
    """Give the gateway tokens of all log-ins that were sent."""
    proofs = [message["authentication"] for frame in frames if (message := json.loads(frame))["type"] == "hello"]
    return [proof["token"] for proof in proofs if proof["method"] == "gateway-token"]


def processes_below(parent: int) -> dict[int, str]:
    """Give command line and environment of all processes below one."""
    found: dict[int, str] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
            told = [
                (stat.parent / name).read_text(encoding="utf-8", errors="replace") for name in ("cmdline", "environ")
            ]
        except OSError:
            continue
        if int(fields[1]) == parent:
            process_id = int(stat.parent.name)
            found |= {process_id: "\n".join(told), **processes_below(process_id)}
    return found


@asynccontextmanager
async def served(proxy: Proxy, token: str, policy: Path, log: TextIO) -> AsyncGenerator[Client]:
    """Serve as an app that io.Connect Desktop has started."""
    arguments = ["-c", _AT_DEBUG, "serve", "--live", "--policy", str(policy)]
    server = StdioServerParameters(command=sys.executable, args=arguments, env=started_by_desktop(proxy.url, token))
    async with Client(stdio_client(server, errlog=log)) as client, asyncio.timeout(WAIT_S):
        yield client


async def run(client: Client, code: str) -> str:
    result = await client.call_tool("execute_python_code", {"code": code})
    return "\n".join(content.text for content in result.content if isinstance(content, TextContent))


def test_serving_with_the_desktop_s_token_shows_it_nowhere(gateway_url: str, tmp_path: Path) -> None:
    audit, policy, log = tmp_path / "audit.jsonl", tmp_path / "codemode.toml", tmp_path / "log"
    policy.write_text(POLICY.format(audit=json.dumps(str(audit))), encoding="utf-8")

    async def act() -> tuple[list[str], list[str], dict[int, str]]:
        token = await gateway_token(gateway_url)
        with (
            running("told_app.mjs", "--url", gateway_url, "--user", USER) as app,
            log.open("w", encoding="utf-8") as written,
        ):
            app.tell(register=METHODS)
            async with proxy_to(gateway_url) as proxy:
                proxy.records = True
                async with served(proxy, token, policy, written) as client:
                    answers = [await run(client, code) for code in ("desk.first('a').n", "desk.throw('b')", "nope()")]
                    below = processes_below(os.getpid())
                    proxy.cut()
                    while not (again := await run(client, "desk.first('c').n")).startswith("1"):
                        answers.append(again)
                return tokens_in(proxy.sent), answers, below

    tokens, answers, below = asyncio.run(act())
    worker = [text for text in below.values() if "ioconnect_codemode" in text and STARTING_CONTEXT not in text]
    holder = [text for text in below.values() if STARTING_CONTEXT in text]

    assert len(tokens) == 2  # of two log-ins
    assert answers[0].startswith("1")
    assert len(holder) == 1  # the command itself; what it has started does not get the variable
    assert worker
    shown = {
        "log": log.read_text(encoding="utf-8"),
        "audit": audit.read_text(encoding="utf-8"),
        "answers": "\n".join(answers),
        "other processes": "\n".join(text for text in below.values() if text not in holder),
    }
    assert all(shown.values())
    secrets = (*tokens, PATH_SECRET)
    assert [(place, secret) for secret in secrets for place, text in shown.items() if secret in text] == []


@pytest.mark.parametrize("command", [["capture"], ["capture", "-o", "FILE"], ["serve", "--live"]])
def test_a_refused_token_is_shown_nowhere(gateway_url: str, tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "environment.json"
    done = subprocess.run(
        [sys.executable, "-c", _AT_DEBUG, *(str(file) if one == "FILE" else one for one in command)],
        env=started_by_desktop(gateway_url, "worn-out-t0ken"),
        capture_output=True,
        text=True,
        check=False,
        timeout=WAIT_S,
    )

    assert done.returncode == 2
    assert "refused a gateway token" in done.stderr
    assert not file.exists()
    assert [one for one in ("worn-out-t0ken", PATH_SECRET) if one in done.stdout + done.stderr] == []
