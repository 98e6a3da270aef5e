"""The MCP server, driven by the official client over standard input and output."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from mcp import Client, StdioServerParameters, stdio_client

from checkout import environment
from front.serving import AS_DATA, serve_arguments
from ioconnect_codemode.tools import INSTRUCTIONS

T = TypeVar("T")
NOISY = """
import atexit, logging, os, sys, warnings
from ioconnect_codegen.wealth_desk import make_handlers

print("read")

def noisy(arguments):
    print("handled")
    os.write(1, b"written\\n")
    logging.basicConfig(stream=sys.__stdout__, level="INFO")
    logging.info("logged")
    warnings.warn("warned")
    return {"id": "CL-1", "name": "N"}

handlers = {**make_handlers(), "CRM.GetClient": noisy}
"""


def with_client(act: Callable[[Client], Awaitable[T]], *options: str) -> T:
    """Start `codemode serve` and let `act` use it as a client."""
    server = StdioServerParameters(
        command=sys.executable, args=[*serve_arguments("ioconnect_codegen.wealth_desk"), *options], env=environment()
    )

    async def connected() -> T:
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            async with Client(stdio_client(server, errlog=nowhere)) as client:
                return await act(client)

    return asyncio.run(connected())


def test_the_three_tools_are_listed_with_their_schemas() -> None:
    tools = with_client(lambda client: client.list_tools()).tools
    assert [tool.name for tool in tools] == [
        "list_python_definitions",
        "get_python_definitions",
        "execute_python_code",
    ]
    assert sum(len(tool.description or "") for tool in tools) < 2_000
    assert tools[2].input_schema["required"] == ["code"]
    hints = [tool.annotations.model_dump(exclude_none=True) for tool in tools if tool.annotations]
    looks: dict[str, object] = {"read_only_hint": True, "open_world_hint": False}
    runs = {"read_only_hint": False, "destructive_hint": True, "idempotent_hint": False, "open_world_hint": True}
    assert hints == [looks, looks, runs]


def test_two_tools_are_enough_where_the_profile_says_so() -> None:
    async def act(client: Client) -> list[str]:
        names = [tool.name for tool in (await client.list_tools()).tools]
        answers = [
            await client.call_tool("inspect_python_api", {"query": "find clients", "names": ["crm.find_clients"]}),
            await client.call_tool("execute_python_code", {"code": "crm.find_clients('Amelia Reid')[0].adviser"}),
        ]
        return [*names, *(getattr(answer.content[0], "text", "") for answer in answers)]

    *names, inspected, ran = with_client(act, "--profile", "two")
    assert names == ["inspect_python_api", "execute_python_code"]
    assert inspected.startswith("crm.find_clients(")
    assert "class crm:" in inspected
    assert ran.startswith('"')


def test_a_client_lists_reads_and_runs() -> None:
    async def act(client: Client) -> list[str]:
        answers = [
            await client.call_tool("list_python_definitions", {"query": "find clients"}),
            await client.call_tool("get_python_definitions", {"names": ["crm.find_clients"]}),
            await client.call_tool("execute_python_code", {"code": "crm.find_clients('Amelia Reid')[0].adviser"}),
        ]
        assert not any(answer.is_error for answer in answers)
        return [getattr(answer.content[0], "text", "") for answer in answers]

    listed, definitions, answer = with_client(act)
    assert "crm.find_clients" in listed
    assert "class Client" in definitions
    assert answer.splitlines()[0] == '"Jonas Weber"'


def test_an_outcome_is_data_too_where_the_call_asks_and_a_failure_is_marked() -> None:
    async def act(client: Client) -> None:
        code = "print('to the model')\n6 * 7"
        plain = await client.call_tool("execute_python_code", {"code": code})
        asked = await client.call_tool("execute_python_code", {"code": code}, meta=AS_DATA)
        assert plain.structured_content is None
        assert (asked.structured_content["value"], asked.structured_content["printed"]) == (42, "to the model\n")
        assert asked.content == plain.content
        bad = await client.call_tool("execute_python_code", {"code": "import os"}, meta=AS_DATA)
        assert bad.is_error
        assert bad.structured_content["error"]["kind"] == "not_allowed"

    with_client(act)


def test_every_outcome_is_data_too_where_the_server_was_started_so() -> None:
    async def act(client: Client) -> object:
        return (await client.call_tool("execute_python_code", {"code": "6 * 7"})).structured_content["value"]

    assert with_client(act, "--structured") == 42


def test_wrong_arguments_are_answered_in_words() -> None:
    async def act(client: Client) -> list[str]:
        answers = [
            await client.call_tool("execute_python_code", {}),
            await client.call_tool("get_python_definitions", {"names": 5}),
            await client.call_tool("no_such_tool", {}),
        ]
        assert all(answer.is_error for answer in answers)
        return [getattr(answer.content[0], "text", "") for answer in answers]

    assert with_client(act) == [
        "execute_python_code: code is missing",
        "get_python_definitions: names must be an array",
        "there is no tool no_such_tool; there are list_python_definitions, get_python_definitions and execute_python_code",
    ]


def test_half_a_character_does_not_end_the_server() -> None:
    async def act(client: Client) -> list[str]:
        codes = [r"print('a\ud800b')", r"raise ValueError('a\ud800b')", r"'a\ud800b'", "'still here'"]
        answers = [await client.call_tool("execute_python_code", {"code": code}) for code in codes]
        return [getattr(answer.content[0], "text", "").splitlines()[0] for answer in answers]

    printed, raised, value, after = with_client(act)
    assert (printed, after) == (r"a\ud800b", '"still here"')
    assert value.startswith("snippet_error (no calls were made): the value cannot be sent: $: half of a character")
    assert raised.startswith("snippet_error at line 1")


def test_standard_output_has_the_protocol_and_nothing_else(tmp_path: Path) -> None:
    module = tmp_path / "noisy.py"
    module.write_text(NOISY, encoding="utf-8")
    code = "print('from the snippet')\ncrm.get_client('CL-1').name"
    client = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}}
    messages: list[dict[str, object]] = [
        {"id": 1, "method": "initialize", "params": client},
        {"method": "notifications/initialized"},
        {"id": 2, "method": "tools/call", "params": {"name": "execute_python_code", "arguments": {"code": code}}},
    ]
    process = subprocess.Popen(
        [sys.executable, *serve_arguments(str(module))],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    assert process.stdin is not None and process.stdout is not None and process.stderr is not None
    with process:
        for message in messages:
            process.stdin.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
        process.stdin.flush()
        lines = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        rest, errors = process.stdout.read(), process.stderr.read()
    assert [line["id"] for line in lines] == [1, 2]
    assert lines[0]["result"]["instructions"] == INSTRUCTIONS
    assert lines[1]["result"]["content"][0]["text"].splitlines()[:2] == ['"N"', "from the snippet"]
    assert rest == ""
    assert {"read", "handled", "written"} <= set(errors.splitlines())
    assert process.returncode == 0
