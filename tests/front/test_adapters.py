"""The tools as two agent frameworks take them: a scripted model answers, the rest is real."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from ioconnect_codemode import CodeMode
from ioconnect_codemode.adapters.langchain import langchain_tools
from ioconnect_codemode.adapters.pydantic_ai import toolset
from ioconnect_codemode.errors import UsageError
from journeys.desk import with_desk

NAMES = ["list_python_definitions", "get_python_definitions", "execute_python_code"]
SNIPPET = "crm.find_clients('Amelia Reid')[0].adviser"


def test_an_agent_of_pydantic_ai_finds_and_runs() -> None:
    offered: list[str] = []

    def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        offered[:] = [tool.name for tool in info.function_tools]
        returned = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
        if not returned:
            return ModelResponse(parts=[ToolCallPart(NAMES[0], {"query": "find clients by name"})])
        if returned[0].tool_name == NAMES[0]:
            assert "crm.find_clients" in str(returned[0].content)
            return ModelResponse(parts=[ToolCallPart(NAMES[2], {"code": SNIPPET})])
        return ModelResponse(parts=[TextPart(f"It is {str(returned[0].content).splitlines()[0]}.")])

    async def act(code_mode: CodeMode) -> str:
        agent = Agent(FunctionModel(model), deps_type=object, toolsets=[toolset(code_mode)])
        return (await agent.run("Who is the adviser of Amelia Reid?", deps=None)).output

    assert with_desk(act) == 'It is "Jonas Weber".'
    assert offered == NAMES


def test_a_failed_snippet_is_an_answer_for_an_agent_of_pydantic_ai() -> None:
    def model(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        del info
        returned = [part for part in messages[-1].parts if isinstance(part, ToolReturnPart)]
        call = ToolCallPart(NAMES[2], {"code": "import os"})
        return ModelResponse(parts=[TextPart(str(returned[0].content)) if returned else call])

    async def act(code_mode: CodeMode) -> str:
        return (await Agent(FunctionModel(model), toolsets=[toolset(code_mode)]).run("go", deps=None)).output

    assert with_desk(act).startswith("not_allowed at line 1")


def test_a_loop_of_langchain_finds_and_runs() -> None:
    def call(name: str, **arguments: object) -> AIMessage:
        return AIMessage(content="", tool_calls=[{"name": name, "args": arguments, "id": name}])

    said = iter([call(NAMES[0], query="find clients by name"), call(NAMES[2], code=SNIPPET), AIMessage("done")])

    async def act(code_mode: CodeMode) -> list[BaseMessage]:
        tools = {tool.name: tool for tool in langchain_tools(code_mode)}
        assert list(tools) == NAMES
        model = GenericFakeChatModel(messages=said)
        messages: list[BaseMessage] = [HumanMessage("Who is the adviser of Amelia Reid?")]
        while True:
            answer = await model.ainvoke(messages)
            messages.append(answer)
            if not answer.tool_calls:
                return messages
            messages += [await tools[one["name"]].ainvoke(one) for one in answer.tool_calls]

    answers = [message for message in with_desk(act) if isinstance(message, ToolMessage)]
    assert "crm.find_clients" in str(answers[0].content)
    assert str(answers[1].content).splitlines()[0] == '"Jonas Weber"'


def test_langchain_sends_a_model_the_same_specifications() -> None:
    async def act(code_mode: CodeMode) -> None:
        given = [convert_to_openai_tool(tool) for tool in langchain_tools(code_mode, profile="two")]
        assert given == code_mode.tool_specs("openai", profile="two")

    with_desk(act)


@pytest.mark.parametrize("adapter", [toolset, langchain_tools])
def test_an_unknown_profile_is_wrong_use(adapter: Callable[..., object]) -> None:
    async def act(code_mode: CodeMode) -> None:
        with pytest.raises(UsageError, match="profile must be three or two"):
            adapter(code_mode, profile="four")

    with_desk(act)


def test_the_package_itself_imports_no_framework() -> None:
    code = (
        "import sys, ioconnect_codemode, ioconnect_codemode.code_mode, ioconnect_codemode.mcp_http\n"
        "print(sorted({'pydantic_ai', 'langchain_core'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "[]\n"
