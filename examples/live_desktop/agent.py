"""A small agent over a live desktop: an MCP client of `codemode serve --live`, and a loop around a model.

    python examples/live_desktop/agent.py ws://127.0.0.1:PORT ["Who is the adviser of Amelia Reid?"]

The model is a script, or a chat-completions API where the environment names one: CODEMODE_MODEL_URL (up to the version, without
/chat/completions), CODEMODE_MODEL_KEY and CODEMODE_MODEL_NAME.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from mcp import Client, MCPError, StdioServerParameters, stdio_client
from mcp_types import TextContent

FOLDER = Path(__file__).parent
sys.path.insert(0, str(FOLDER.parent))

from live_desktop.models import ChatModel, Message, Model, Script  # noqa: E402

QUESTION = "Who is the adviser of Amelia Reid?"
RULES = """You work on a desktop of running apps, through a Python API that you call in snippets.
Find functions with list_python_definitions, read their definitions, then do everything in one snippet: its last
expression comes back. Answer with what was found, and say so where nothing was."""
MOST_TURNS = 12


async def answer(client: Client, model: Model, question: str) -> str:
    """Let the model call tools until it answers."""
    tools = [
        _as_function(tool.name, tool.description or "", tool.input_schema) for tool in (await client.list_tools()).tools
    ]
    messages: list[Message] = [{"role": "system", "content": RULES}, {"role": "user", "content": question}]
    for _ in range(MOST_TURNS):
        message = await model.ask(messages, tools)
        messages.append(message)
        if not message.get("tool_calls"):
            return str(message["content"])
        for call in message["tool_calls"]:
            text = await _called(client, call["function"])
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": text})
    return f"no answer after {MOST_TURNS} turns"


def _as_function(name: str, description: str, schema: object) -> Message:
    return {"type": "function", "function": {"name": name, "description": description, "parameters": schema}}


async def _called(client: Client, function: Message) -> str:
    """Call a tool; what the model gets wrong is told to it."""
    try:
        arguments = json.loads(function["arguments"] or "{}")
    except ValueError:
        return "the arguments are not JSON"
    print(f"-> {function['name']} {json.dumps(arguments)[:300]}", file=sys.stderr)
    result = await client.call_tool(function["name"], arguments)
    text = "\n".join(content.text for content in result.content if isinstance(content, TextContent))
    print(f"<- {text[:300]}", file=sys.stderr)
    return text


def model_of(environ: Mapping[str, str]) -> Model:
    """Give the model that the environment names, else the script."""
    url = environ.get("CODEMODE_MODEL_URL")
    if url:
        return ChatModel(url, key=environ.get("CODEMODE_MODEL_KEY", ""), name=environ.get("CODEMODE_MODEL_NAME", ""))
    return Script(
        query="find clients",
        name="crm.find_clients",
        code='crm.find_clients(name="Amelia Reid")[0].adviser',
    )


async def ask(gateway: str, question: str, model: Model) -> str:
    """Serve the desktop for as long as the question takes, and answer it."""
    policy = str(FOLDER / "codemode.toml")
    arguments = [
        "-m",
        "ioconnect_codegen",
        "serve",
        "--live",
        "--gateway",
        gateway,
        "--user",
        "dev",
        "--policy",
        policy,
    ]
    # The server needs no key of the model's, so it gets none.
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CODEMODE_MODEL_")}
    server = StdioServerParameters(command=sys.executable, args=arguments, env=environ)
    async with Client(stdio_client(server)) as client:
        return await answer(client, model, question)


def main(arguments: Sequence[str] | None = None) -> int:
    """Answer one question."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gateway", help="what desk.py has printed")
    parser.add_argument("question", nargs="?", default=QUESTION)
    options = parser.parse_args(arguments)
    try:
        print(asyncio.run(ask(options.gateway, options.question, model_of(os.environ))))
    except ExceptionGroup as group:  # the client's tasks end together
        if group.split(MCPError)[1] is not None:
            raise
        sys.stderr.write("agent: codemode serve has ended; above it says why\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
