"""MCP servers of tests: `codemode serve` as a process, and one over HTTP in this process; what is asked of them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import cast

import anyio
from mcp_types import CallToolResult, RequestParamsMeta

from checkout import ROOT
from ioconnect_codemode import CodeMode
from ioconnect_codemode.mcp_http import Address, serve_http
from ioconnect_codemode.mcp_server import STRUCTURED

AS_DATA = cast("RequestParamsMeta", {STRUCTURED: True})
"""What a call says that wants its outcome as data."""


def serve_arguments(module: str) -> list[str]:
    """Give the arguments of Python that serve the wealth desk with a module of handlers."""
    package = str(ROOT / "generated" / "wealth_desk")
    return ["-m", "ioconnect_codegen", "serve", package, "--embedded", module]


@asynccontextmanager
async def served_over_http(
    code_mode: CodeMode, *, host: str = "127.0.0.1", token: str | None = None, origins: tuple[str, ...] = ()
) -> AsyncGenerator[str]:
    """Serve over HTTP on a free port, and give the URL."""
    ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
    address = Address(host=host, port=0)
    serving = asyncio.create_task(
        serve_http(code_mode, address, token=token, origins=origins, on_ready=ready.set_result)
    )
    try:
        yield await ready
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def until(holds: Callable[[], bool]) -> None:
    """Wait for something that happens elsewhere in this process."""
    with anyio.fail_after(30):
        while not holds():
            await asyncio.sleep(0.005)


def text_of(result: CallToolResult) -> str:
    """Give the text of a tool's result."""
    return str(getattr(result.content[0], "text", ""))
