"""The MCP front door: the model's three tools over the official `mcp` package.

Nothing below this room may import `mcp`: it costs 0.8 s. A snippet's print never reaches standard output, which is the
protocol's: it is captured in the worker.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import mcp_types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from ioconnect_codemode import tools
from ioconnect_codemode.version import VERSION

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from ioconnect_codemode.code_mode import CodeMode


def server(code_mode: CodeMode, *, profile: str = "three") -> Server[dict[str, object]]:
    """Give an MCP server that offers the tools of an opened package.

    Args:
        code_mode: The package.
        profile: Which tools, as `tools.specs` has it.

    Raises:
        UsageError: There is no such profile.
    """
    offered = [mcp_types.Tool.model_validate(spec) for spec in tools.specs("mcp", profile)]

    async def list_tools(
        context: ServerRequestContext[dict[str, object]], params: mcp_types.PaginatedRequestParams | None
    ) -> mcp_types.ListToolsResult:
        del context, params
        return mcp_types.ListToolsResult(tools=offered)

    async def call_tool(
        context: ServerRequestContext[dict[str, object]], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult:
        del context
        answer = await tools.answer(code_mode, params.name, params.arguments or {}, profile=profile)
        return mcp_types.CallToolResult(
            content=[mcp_types.TextContent(type="text", text=answer.text)],
            structured_content=None if answer.outcome is None else cast("dict[str, object]", answer.outcome.to_json()),
            is_error=answer.is_error,
        )

    return Server(
        f"{code_mode.manifest.name}-desktop",
        version=VERSION,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


async def serve_stdio(code_mode: CodeMode, *, profile: str = "three") -> None:
    """Serve on standard input and output until the client closes them."""
    made = server(code_mode, profile=profile)
    async with stdio_server() as (read_stream, write_stream):
        await made.run(read_stream, write_stream, made.create_initialization_options())
