"""The MCP server, driven by FastMCP's client: over standard input and output, over HTTP, and with its own forms."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import fastmcp
from fastmcp.client.elicitation import ElicitResult
from fastmcp.client.transports import StdioTransport

from checkout import environment
from front.serving import serve_arguments, served_over_http
from ioconnect_codemode import CodeMode, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.mcp_server import STRUCTURED
from ioconnect_codemode.tools import INSTRUCTIONS
from ioconnect_codemode.values import JsonValue
from journeys.desk import with_desk

ASK = Policy(effects={"crm.add_note": "write"}, approval=ApprovalRules(ask=("write",)))
WRITE = "crm.add_note('CL-10024', 'hello')\n'done'"
TOKEN = "3f1c0a9b7e5d4c2a8f6e"


def text_of(result: object) -> str:
    """The text of a tool's result, whose first content is one."""
    content = getattr(result, "content")[0]  # noqa: B009 - FastMCP types it as one of five kinds
    return str(content.text)


def test_it_lists_reads_and_runs_over_standard_input_and_output() -> None:
    transport = StdioTransport(sys.executable, serve_arguments("ioconnect_codegen.wealth_desk"), env=environment())

    async def act() -> None:
        async with fastmcp.Client(transport) as client:
            assert [tool.name for tool in await client.list_tools()][2] == "execute_python_code"
            assert client.instructions == INSTRUCTIONS
            code = {"code": "crm.find_clients('Amelia Reid')[0].adviser"}
            plain = await client.call_tool("execute_python_code", code)
            asked = await client.call_tool("execute_python_code", code, meta={STRUCTURED: True})
            bad = await client.call_tool("execute_python_code", {"code": "import os"}, raise_on_error=False)
        assert text_of(plain).splitlines()[0] == '"Jonas Weber"'
        assert plain.structured_content is None
        assert asked.structured_content is not None and asked.structured_content["value"] == "Jonas Weber"
        assert bad.is_error and text_of(bad).startswith("not_allowed at line 1")

    asyncio.run(act())


def test_it_asks_its_user_and_sends_its_token_over_http() -> None:
    notes: list[str] = []
    questions: list[str] = []
    answers = ["accept", "decline"]

    def add_note(arguments: dict[str, JsonValue]) -> JsonValue:
        notes.append(str(arguments["text"]))
        return {"id": "N-1", "clientId": "c", "author": "a", "created": "d", "category": "call", "text": "t"}

    async def asked(message: str, response_type: object, params: object, context: object) -> ElicitResult[Any]:
        del response_type, params, context
        questions.append(message)
        return ElicitResult(action=answers.pop(0))  # type: ignore[arg-type]

    async def act(code_mode: CodeMode) -> list[str]:
        async with (
            served_over_http(code_mode, token=TOKEN) as url,
            fastmcp.Client(url, auth=TOKEN, elicitation_handler=asked) as client,
        ):
            results = [
                await client.call_tool("execute_python_code", {"code": WRITE}, raise_on_error=False) for _ in range(2)
            ]
            return [text_of(result) for result in results]

    approved, refused = with_desk(act, handlers={"CRM.AddNote": add_note}, policy=ASK)
    assert approved.splitlines()[0] == '"done"'
    assert refused.startswith("denied at line 1")
    assert notes == ["hello"]
    assert questions[0].startswith("an AI agent wants to change something in crm: crm.add_note(")
