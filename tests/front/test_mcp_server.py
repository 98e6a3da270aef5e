"""The MCP server, driven by the official client over standard input and output."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from mcp import Client, StdioServerParameters, stdio_client

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


def with_client(act: Callable[[Client], Awaitable[T]], *options: str) -> T:
    """Start `codemode serve` and let `act` use it as a client."""
    roots = os.pathsep.join(str(ROOT / name) for name in ("generator", "runtime", "schemas"))
    server = StdioServerParameters(
        command=sys.executable,
        args=[
            "-m",
            "ioconnect_codegen",
            "serve",
            str(ROOT / "generated" / "wealth_desk"),
            "--embedded",
            "ioconnect_codegen.wealth_desk",
            *options,
        ],
        env={**os.environ, "PYTHONPATH": roots},
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
    assert [tool.annotations.read_only_hint for tool in tools if tool.annotations] == [True, True, False]


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


def test_an_outcome_is_structured_too_and_a_failure_is_marked() -> None:
    async def act(client: Client) -> None:
        good = await client.call_tool("execute_python_code", {"code": "print('to the model')\n6 * 7"})
        assert good.structured_content is not None
        assert (good.structured_content["value"], good.structured_content["printed"]) == (42, "to the model\n")
        bad = await client.call_tool("execute_python_code", {"code": "import os"})
        assert bad.is_error
        assert bad.structured_content is not None
        assert bad.structured_content["error"]["kind"] == "not_allowed"

    with_client(act)


def test_wrong_arguments_are_answered_in_words() -> None:
    async def act(client: Client) -> list[str]:
        answers = [
            await client.call_tool("execute_python_code", {}),
            await client.call_tool("get_python_definitions", {"names": "crm.get_client"}),
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
    assert (printed, value, after) == ("a?b", '"a?b"', '"still here"')
    assert raised.startswith("snippet_error at line 1")
