"""The commands that talk to a gateway: what they keep, who they log in as, and a server whose catalog follows."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from mcp import Client, StdioServerParameters, stdio_client
from mcp_types import TextContent

from checkout import environment
from ioconnect_codegen.cli import main
from ioconnect_codemode.transports.credentials import STARTING_CONTEXT
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live

WAIT_S = 30


def names_in(document: Path) -> list[str]:
    return [method["name"] for method in json.loads(document.read_text(encoding="utf-8"))["methods"]]


def method(name: str) -> JsonValue:
    return {"definition": {"name": name, "returns": "Int n"}, "does": {"answer": {"n": 1}}}


def access_token(url: str) -> str:
    async def ask() -> str:
        transport = GatewayTransport(url, user="tokens")
        try:
            await transport.connect()
            assert transport.access_token is not None
            return transport.access_token.token
        finally:
            await transport.close()

    return asyncio.run(ask())


def test_capture_keeps_or_leaves_out_what_belongs_to_the_platform(gateway_url: str, tmp_path: Path) -> None:
    document = tmp_path / "environment.json"
    arguments = ["capture", gateway_url, "-o", str(document), "--user", "system"]
    with running("told_app.mjs", "--url", gateway_url, "--user", "system") as app:
        app.tell(register=[method("T42.ACS.GetApplications"), method("T42.OMS.GetOrders")])
        assert main(arguments) == 0
        everything = names_in(document)
        assert main([*arguments, "--without-system"]) == 0

    assert everything == ["T42.ACS.GetApplications", "T42.OMS.GetOrders"]
    assert names_in(document) == ["T42.OMS.GetOrders"]


def test_token_in_a_file_logs_in_as_its_user(gateway_url: str, tmp_path: Path) -> None:
    document, file = tmp_path / "environment.json", tmp_path / "token"
    file.write_text(access_token(gateway_url), encoding="utf-8")
    with running("told_app.mjs", "--url", gateway_url, "--user", "tokens") as app:
        app.tell(register=[method("Desk.First")])
        assert main(["capture", gateway_url, "-o", str(document), "--gateway-token-file", str(file)]) == 0

    assert names_in(document) == ["Desk.First"]


def test_desktop_that_started_the_command_is_captured_without_an_address(
    gateway_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = {"gwURL": gateway_url, "gwToken": "not-a-token"}
    monkeypatch.setenv(STARTING_CONTEXT, json.dumps(start))

    done = subprocess.run(
        [sys.executable, "-m", "ioconnect_codegen", "capture"], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert "refused a gateway token" in done.stderr
    assert "not-a-token" not in done.stderr


def test_capture_of_a_gateway_where_nobody_offers_anything_says_why_that_may_be(
    gateway_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = tmp_path / "environment.json"

    assert main(["capture", gateway_url, "-o", str(document), "--user", "nobody-else"]) == 0
    assert "no app offers anything; a gateway shows the apps of the user who asks (--user)" in capsys.readouterr().err
    assert names_in(document) == []


@pytest.mark.skipif(sys.platform == "win32", reason="a process is interrupted otherwise there")
def test_capture_that_is_interrupted_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    document = tmp_path / "environment.json"
    document.write_text("before", encoding="utf-8")
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        url = f"ws://127.0.0.1:{silent.getsockname()[1]}"
        command = [sys.executable, "-m", "ioconnect_codegen", "capture", url, "-o", str(document)]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as capturing:
            met, _ = silent.accept()
            with met:
                met.recv(1)  # it asks, and is not answered
                capturing.send_signal(signal.SIGINT)
                _, said = capturing.communicate(timeout=WAIT_S)

    assert (capturing.returncode, said) == (2, "codemode: interrupted\n")
    assert document.read_text(encoding="utf-8") == "before"
    assert [one.name for one in tmp_path.iterdir()] == ["environment.json"]


def test_capture_without_a_source_and_without_a_desktop_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture"]) == 2
    assert "no SOURCE was given" in capsys.readouterr().err


async def text_of(client: Client, tool: str, **arguments: JsonValue) -> str:
    [content] = (await client.call_tool(tool, arguments)).content
    assert isinstance(content, TextContent)
    return content.text


def catalog_in(text: str) -> str:
    found = re.search(r"catalog ([0-9a-f]{8})", text)
    assert found is not None, text
    return found[1]


def test_client_that_listens_is_told_of_a_change_and_what_it_knew_is_named_as_stale(gateway_url: str) -> None:
    returned: JsonValue = {"name": "Desk.Kept", "returns": "Int n, String? text"}  # a result of its own
    kept_method: JsonValue = {"definition": returned, "does": {"answer": {"n": 1}}}

    async def act() -> tuple[list[str], list[str]]:
        arguments = ["-m", "ioconnect_codegen", "serve", "--live", "--gateway", gateway_url, "--user", "listens"]
        server = StdioServerParameters(command=sys.executable, args=arguments, env=environment())
        with running("told_app.mjs", "--url", gateway_url, "--user", "listens") as app:
            app.tell(register=[method("Desk.First"), kept_method])
            async with (
                asyncio.timeout(WAIT_S),
                Client(stdio_client(server)) as client,
                client.listen(tools_list_changed=True) as events,
            ):
                listed = await text_of(client, "list_python_definitions", query="first")
                await text_of(client, "get_python_definitions", names=["desk.first", "desk.kept"])
                await asyncio.to_thread(app.tell, unregister=["Desk.First"])
                event = await anext(aiter(events))
                stale = await text_of(client, "execute_python_code", code="desk.first().n")
                kept = await text_of(client, "execute_python_code", code="desk.kept().n")
                return [type(event).__name__, stale], [catalog_in(listed), catalog_in(kept), kept]

    [event, stale], [before, after, kept] = asyncio.run(act())

    assert event == "ToolsListChanged"
    assert before != after
    assert stale.startswith("stale_definitions")
    assert f"desk.first is gone: the definitions are of catalog {before}, now it is {after}" in stale
    assert kept.startswith("1\n")  # what the snippet uses is unchanged


def test_served_catalog_follows_the_apps(gateway_url: str) -> None:
    async def answers() -> list[str]:
        arguments = ["-m", "ioconnect_codegen", "serve", "--live", "--gateway", gateway_url, "--user", "served"]
        server = StdioServerParameters(command=sys.executable, args=arguments, env=environment())
        with running("told_app.mjs", "--url", gateway_url, "--user", "served") as app:
            app.tell(register=[method("Desk.First")])
            async with Client(stdio_client(server)) as client, asyncio.timeout(WAIT_S):
                first = await run(client, "desk.first().n")
                await asyncio.to_thread(app.tell, register=[method("Desk.Second")])
                while (second := await run(client, "desk.second().n")).startswith("unknown_name"):
                    pass
                return [first.splitlines()[0], second.splitlines()[0]]

    async def run(client: Client, code: str) -> str:
        result = await client.call_tool("execute_python_code", {"code": code})
        [content] = result.content
        assert isinstance(content, TextContent)
        return content.text

    assert asyncio.run(answers()) == ["1", "1"]
