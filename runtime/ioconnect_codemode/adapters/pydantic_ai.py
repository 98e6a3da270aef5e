"""The model's tools as a toolset of pydantic-ai (2.60 and newer).

agent = Agent(model, toolsets=[toolset(code_mode)])
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from pydantic_ai import FunctionToolset, Tool

from ioconnect_codemode.code_mode import CodeMode
from ioconnect_codemode.values import JsonValue

__all__ = ["toolset"]


def toolset(code_mode: CodeMode, *, profile: str = "three") -> FunctionToolset[object]:
    """Give the tools of an opened package.

    A snippet that fails is answered, not raised as `ModelRetry`: its text says what has happened already, and the model
    decides. A person's approval is the host's: `CodeMode.open(..., on_approval=...)`.

    Args:
        code_mode: The package.
        profile: Which tools, as `CodeMode.tool_specs` has it.

    Raises:
        UsageError: There is no such profile.
    """
    return FunctionToolset([_tool(code_mode, spec) for spec in code_mode.tool_specs("anthropic", profile=profile)])


def _tool(code_mode: CodeMode, spec: dict[str, JsonValue]) -> Tool[object]:
    name = cast("str", spec["name"])
    schema = cast("dict[str, object]", spec["input_schema"])
    return Tool[object].from_schema(_caller(code_mode, name), name, cast("str", spec["description"]), schema)


def _caller(code_mode: CodeMode, name: str) -> Callable[..., Awaitable[str]]:
    async def call(**arguments: object) -> str:
        return await code_mode.call_tool(name, arguments)

    return call
