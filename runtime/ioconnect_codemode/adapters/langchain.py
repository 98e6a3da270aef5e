"""The model's tools as tools of LangChain (langchain-core 1.7 and newer); LangGraph takes the same.

model.bind_tools(langchain_tools(code_mode))
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from langchain_core.tools import StructuredTool

from ioconnect_codemode.code_mode import CodeMode
from ioconnect_codemode.values import JsonValue

__all__ = ["langchain_tools"]


def langchain_tools(code_mode: CodeMode, *, profile: str = "three") -> list[StructuredTool]:
    """Give the tools of an opened package. They are asynchronous: use `ainvoke`.

    A snippet that fails is answered, not raised: its text says what has happened already. A person's approval is the
    host's: `CodeMode.open(..., on_approval=...)`.

    Args:
        code_mode: The package.
        profile: Which tools, as `CodeMode.tool_specs` has it.

    Raises:
        UsageError: There is no such profile.
    """
    return [_tool(code_mode, spec) for spec in code_mode.tool_specs("anthropic", profile=profile)]


def _tool(code_mode: CodeMode, spec: dict[str, JsonValue]) -> StructuredTool:
    name = cast("str", spec["name"])
    return StructuredTool(
        name=name,
        description=cast("str", spec["description"]),
        args_schema=cast("dict[str, object]", spec["input_schema"]),
        coroutine=_caller(code_mode, name),
    )


def _caller(code_mode: CodeMode, name: str) -> Callable[..., Awaitable[str]]:
    async def call(**arguments: object) -> str:
        return await code_mode.call_tool(name, arguments)

    return call
