"""The MCP front door: the model's tools over the official `mcp` package, for protocols 2024-11-05 to 2026-07-28.

Nothing below this room may import `mcp`: it costs 0.8 s. A snippet's print never reaches standard output, which is the
protocol's: it is captured in the worker.

What the model reads is text. The protocol lets a result have the same as data besides ("structuredContent"), and clients
differ: some show the model the text, some the data instead, some both. The data of an outcome is six times as long as its
text, so it goes to those that ask: a program by the key `STRUCTURED` in the `_meta` of its call, or everybody where the
server was started so. The text is whole either way, as the protocol recommends.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from typing import TYPE_CHECKING, Literal, cast

import anyio
import mcp_types
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server

from ioconnect_codemode import tools
from ioconnect_codemode.mcp_approval import resumed, settled
from ioconnect_codemode.mcp_changes import Changes, ChangingServer
from ioconnect_codemode.messages import say_lookup
from ioconnect_codemode.version import VERSION

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.session import ServerSession

    from ioconnect_codemode.code_mode import CodeMode
    from ioconnect_codemode.outcome import Outcome

STRUCTURED = "ioconnect-codemode/structured"
"""Key in the `_meta` of a tool call: true asks for the outcome as data."""


def server(
    code_mode: CodeMode, *, profile: str = "three", is_structured: bool = False, progress_every_s: float = 1.0
) -> Server[dict[str, object]]:
    """Give an MCP server that offers the tools of an opened package; it may serve several clients at once.

    Args:
        code_mode: The package.
        profile: Which tools, as `tools.specs` has it.
        is_structured: Every client gets outcomes as data too, not only those that ask.
        progress_every_s: Seconds between two notes of progress to a client that wants them.

    Raises:
        UsageError: There is no such profile.
    """
    tools.tools_of(profile)
    door = _Door(code_mode, profile, is_structured, progress_every_s)
    changes = Changes(code_mode)
    made = ChangingServer(
        f"{code_mode.manifest.name}-desktop",
        version=VERSION,
        instructions=tools.INSTRUCTIONS,
        on_list_tools=door.list_tools,
        on_call_tool=door.call_tool,
        on_subscriptions_listen=changes.listen,
    )
    changes.meet_clients_of(made)
    return made


async def serve_stdio(code_mode: CodeMode, *, profile: str = "three", is_structured: bool = False) -> None:
    """Serve on standard input and output until the client closes them.

    Meanwhile whatever else is written to standard output, by a handler or a library, goes to standard error.
    """
    made = server(code_mode, profile=profile, is_structured=is_structured)
    async with stdio_server() as (read_stream, write_stream):
        await made.run(read_stream, write_stream, made.create_initialization_options())


class _Door:
    def __init__(self, code_mode: CodeMode, profile: str, is_structured: bool, progress_every_s: float) -> None:
        self._code_mode = code_mode
        self._profile: Literal["three", "two"] = cast("Literal['three', 'two']", profile)
        self._is_structured = is_structured
        self._progress_every_s = progress_every_s

    async def list_tools(
        self, context: ServerRequestContext[dict[str, object]], params: mcp_types.PaginatedRequestParams | None
    ) -> mcp_types.ListToolsResult:
        del context, params
        specs = self._code_mode.tool_specs("mcp", profile=self._profile)
        return mcp_types.ListToolsResult(tools=[mcp_types.Tool.model_validate(spec) for spec in specs])

    async def call_tool(
        self, context: ServerRequestContext[dict[str, object]], params: mcp_types.CallToolRequestParams
    ) -> mcp_types.CallToolResult | mcp_types.InputRequiredResult:
        """Answer a tool call. Where the client cancels it or goes away, the run's worker is killed."""
        async with _progress(context.session, every_s=self._progress_every_s):
            if params.request_state is not None:
                outcome = await resumed(self._code_mode, params)
                if outcome is None:
                    return _result(say_lookup("no_question"), is_error=True)
            else:
                answer = await tools.answer(self._code_mode, params.name, params.arguments or {}, profile=self._profile)
                if answer.outcome is None:
                    return _result(answer.text, is_error=answer.is_error)
                outcome = answer.outcome
            final = await settled(self._code_mode, context, outcome)
        if isinstance(final, mcp_types.InputRequiredResult):
            return final
        is_asked = bool((context.meta or {}).get(STRUCTURED))
        return _result(final.text(), is_error=not final.ok, data=final if is_asked or self._is_structured else None)


def _result(text: str, *, is_error: bool, data: Outcome | None = None) -> mcp_types.CallToolResult:
    return mcp_types.CallToolResult(
        content=[mcp_types.TextContent(type="text", text=text)],
        structured_content=None if data is None else data.to_json(),
        is_error=is_error,
    )


@contextlib.asynccontextmanager
async def _progress(session: ServerSession, *, every_s: float) -> AsyncGenerator[None]:
    """Tell the client that the tool call goes on: a client's time-out may start again with each note."""
    told = asyncio.create_task(_tell(session, every_s))
    try:
        yield
    finally:
        told.cancel()


async def _tell(session: ServerSession, every_s: float) -> None:
    started = asyncio.get_running_loop().time()
    with contextlib.suppress(anyio.BrokenResourceError, anyio.ClosedResourceError):  # the client has gone
        while True:
            await asyncio.sleep(every_s)
            passed_s = asyncio.get_running_loop().time() - started
            await session.report_progress(round(passed_s, 3), message=say_lookup("running", count=f"{passed_s:.0f}"))
