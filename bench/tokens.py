"""What a task costs in tokens (o200k): tool calling, Cloudflare's TypeScript, FastMCP's code mode, and ours.

    python bench/tokens.py

Each task of `token_tasks.py` is done for real on the wealth desk with its 500 clients, in environments of 10, 100 and 1,000
capabilities: 10 are those that the tasks need, what is more comes from `environments.py`. Counted is what passes through
the model, each text once: the specifications it starts with ("fixed"), its calls, and the answers. That is kind to tool
calling: with every further turn its whole context is read again.

The tools of the traditional way and of FastMCP have our names, the declared summaries and the schemas at the wire, and
give whole answers. Cloudflare's rendering is its own (`npm ci --prefix bench/npm`): one tool that holds all declarations;
its scripts are counted and not run, and their answers are taken to be ours. FastMCP's snippets run in its sandbox.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import bpe_openai
import fastmcp
from environments import make_environment
from fastmcp.experimental.transforms.code_mode import CodeMode as FastMCPCodeMode
from fastmcp.tools import Tool
from fastmcp.tools.base import ToolResult
from token_tasks import TASKS, Task

import ioconnect_schemas
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.demo import ENVIRONMENT
from ioconnect_codegen.output import write
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Policy
from ioconnect_codemode.admit import Admission, Refusal
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.outcome import compact
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue

SIZES = (10, 100, 1_000)
STORY_TIMES, MEDIAN_TIMES = 10.0, 3.0
"""How many times fewer tokens than tool calling, fixed cost included: on the story, and on the median task; at 100."""

_NPM = Path(__file__).parent / "npm"
_ENCODED = 200_000  # characters at once; the encoder takes 200,000 tokens
_SHOWN = 5  # lines of a list that our model asks for, and FastMCP's


@dataclass(frozen=True, slots=True)
class Cost:
    """Tokens of one way on one task.

    Attributes:
        fixed: What a conversation starts with.
        task: Calls and answers of the task.
    """

    fixed: int
    task: int

    @property
    def together(self) -> int:
        """Both."""
        return self.fixed + self.task


class Desk:
    """The wealth desk among as many capabilities as are wanted, with the tools of the other ways."""

    def __init__(self, code_mode: CodeMode) -> None:
        self.code_mode = code_mode
        self._transport = EmbeddedTransport(make_handlers())
        self._admission = Admission(code_mode.manifest, code_mode.policy)
        self.schemas = {name: code_mode.manifest.schemas(name) for name in code_mode.manifest.capabilities}

    async def call(self, name: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Perform a capability as a tool of the traditional way."""
        admitted = self._admission.admit(name, dict(arguments))
        if isinstance(admitted, Refusal):
            raise RuntimeError(admitted.message)
        return await self._transport.call(admitted.route, admitted.arguments, timeout_s=30)

    def tools(self) -> list[dict[str, JsonValue]]:
        """Give every capability as an MCP tool."""
        return [
            {
                "name": name.replace(".", "_"),
                "description": entry["summary"],
                "inputSchema": self.schemas[name]["input_schema"],
                "outputSchema": self.schemas[name]["output_schema"],
            }
            for name, entry in self.code_mode.manifest.capabilities.items()
        ]


def tokens(*texts: str) -> int:
    """Count the tokens of texts."""
    encoding = bpe_openai.get_encoding("o200k_base")
    return sum(len(encoding.encode(part)) for text in texts for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Give a text in parts that the encoder takes, which end where a token ends too: behind a line, or before a brace."""
    while len(text) > _ENCODED:
        cut = max(text.rfind("\n", 0, _ENCODED) + 1, text.rfind(' {"', 0, _ENCODED), text.rfind(',{"', 0, _ENCODED) + 1)
        cut = cut if cut > 0 else _ENCODED
        yield text[:cut]
        text = text[cut:]
    yield text


async def traditional(desk: Desk, task: Task) -> Cost:
    """Do a task with one tool call after the other."""
    spent = 0

    async def call(name: str, /, **arguments: JsonValue) -> JsonValue:
        nonlocal spent
        answer = await desk.call(name, arguments)
        spent += tokens(compact({"name": name.replace(".", "_"), "arguments": arguments}), compact(answer))
        return answer

    await task.calls(call)
    specs: list[JsonValue] = [
        {
            "type": "function",
            "function": {"name": one["name"], "description": one["description"], "parameters": one["inputSchema"]},
        }
        for one in desk.tools()
    ]
    return Cost(tokens(compact(specs)), spent)


async def ours(desk: Desk, task: Task) -> tuple[Cost, JsonValue]:
    """Do a task with list, get and execute; gives the answer too."""
    code_mode = desk.code_mode
    asked = {"query": task.query, "limit": _SHOWN}
    listed = await code_mode.call_tool("list_python_definitions", asked)
    said = [compact(cast("JsonValue", asked)), listed]
    whole = set(listed.splitlines()[-2].partition(": ")[2].split(", "))
    if not whole.issuperset(task.names):  # a small desktop's good matches come with all that a snippet needs
        names: dict[str, JsonValue] = {"names": list(task.names)}
        said += [compact(names), await code_mode.call_tool("get_python_definitions", names)]
    outcome = await code_mode.execute_python_code(task.snippet)
    if not outcome.ok:
        raise RuntimeError(f"{task.name}: {outcome.text()}")
    said += [compact({"code": task.snippet}), outcome.text()]
    fixed = tokens(compact(cast("JsonValue", code_mode.tool_specs("openai"))))
    return Cost(fixed, tokens(*said)), outcome.value


class _Capability(Tool):
    """A capability as FastMCP's tool."""

    def bound(self, desk: Desk, capability: str) -> _Capability:
        """Give it a desk to run on."""
        vars_of: dict[str, Any] = object.__getattribute__(self, "__dict__")  # fields of ours, unknown to its model
        vars_of.update(desk=desk, capability=capability)
        return self

    async def run(self, arguments: dict[str, object]) -> ToolResult:
        """Perform it; what is no object is wrapped, as FastMCP does."""
        vars_of: dict[str, Any] = object.__getattribute__(self, "__dict__")
        answer: Any = await vars_of["desk"].call(vars_of["capability"], arguments)
        given = cast("dict[str, Any]", answer if isinstance(answer, dict) else {"result": answer})
        return ToolResult(structured_content=given)


async def fast(desk: Desk, task: Task) -> tuple[Cost, JsonValue]:
    """Do a task with FastMCP's search, get_schema and execute; gives the answer too."""
    server = fastmcp.FastMCP("desk")
    for tool, capability in zip(desk.tools(), desk.code_mode.manifest.capabilities, strict=True):
        output = cast("dict[str, object] | None", tool["outputSchema"])
        if output is not None and output.get("type") != "object":
            output = {"type": "object", "properties": {"result": output}, "x-fastmcp-wrap-result": True}
        made = _Capability(
            name=cast("str", tool["name"]),
            description=cast("str", tool["description"]),
            parameters=cast("dict[str, object]", tool["inputSchema"]),
            output_schema=output,
        )
        server.add_tool(made.bound(desk, capability))
    server.add_transform(FastMCPCodeMode())
    async with fastmcp.Client(server) as client:
        offered: list[JsonValue] = [
            {
                "type": "function",
                "function": {"name": one.name, "description": one.description, "parameters": one.input_schema},
            }
            for one in await client.list_tools()
        ]
        said, text = 0, ""
        for name, arguments in (
            ("search", {"query": task.query, "limit": _SHOWN}),
            ("get_schema", {"tools": [one.replace(".", "_") for one in task.names]}),
            ("execute", {"code": task.monty}),
        ):
            answer = await client.call_tool(name, arguments)
            text = str(getattr(answer.content[0], "text", ""))
            said += tokens(compact(cast("JsonValue", arguments)), text)
    return Cost(tokens(compact(offered)), said), _value(text)


def _value(text: str) -> JsonValue:
    try:
        return cast("JsonValue", json.loads(text))
    except ValueError:  # a text comes as it is
        return text


def cloudflare(declarations: str, task: Task, answer: JsonValue) -> Cost:
    """Count a task with one tool whose description holds all declarations."""
    return Cost(tokens(declarations), tokens(compact({"code": task.script}), compact(answer)))


def declarations_of(desk: Desk) -> str | None:
    """Give Cloudflare's TypeScript of all capabilities; None where its package is missing."""
    if shutil.which("node") is None or not (_NPM / "node_modules").is_dir():
        return None
    listed = [{**tool, "outputSchema": tool["outputSchema"] or {}} for tool in desk.tools()]
    done = subprocess.run(
        ["node", "declarations.mjs"], cwd=_NPM, input=json.dumps(listed), capture_output=True, text=True, check=True
    )
    return done.stdout


async def measure(size: int, tasks: Sequence[Task] = TASKS) -> dict[str, dict[str, Cost]]:
    """Give the costs of all tasks in an environment of so many capabilities, by task and way."""
    with tempfile.TemporaryDirectory() as folder:
        write(generate(read_environment(_environment(size))), Path(folder))
        async with CodeMode.open(folder, transport=EmbeddedTransport(make_handlers()), policy=_policy(size)) as opened:
            desk = Desk(opened)
            declarations = declarations_of(desk)
            return {task.name: await _costs(desk, task, declarations) for task in tasks}


async def _costs(desk: Desk, task: Task, declarations: str | None) -> dict[str, Cost]:
    our_cost, our_answer = await ours(desk, task)
    fast_cost, fast_answer = await fast(desk, task)
    if compact(our_answer) != compact(fast_answer):
        raise RuntimeError(f"{task.name}: {compact(our_answer)[:200]} and {compact(fast_answer)[:200]}")
    costs = {"tool calling": await traditional(desk, task)}
    if declarations is not None:
        costs["Cloudflare"] = cloudflare(declarations, task, our_answer)
    return {**costs, "FastMCP": fast_cost, "ours": our_cost}


def _environment(size: int) -> dict[str, JsonValue]:
    desk = cast("dict[str, JsonValue]", json.loads(ioconnect_schemas.read(ENVIRONMENT)))
    offered = len(_names(desk))
    if size <= offered:
        return desk
    more = make_environment(size - offered)
    return {**desk, **{key: [*_listed(desk, key), *_listed(more, key)] for key in ("methods", "applications")}}


def _names(document: dict[str, JsonValue]) -> list[str]:
    """Give the full names of the capabilities of an environment."""
    with tempfile.TemporaryDirectory() as folder:
        write(generate(read_environment(document)), Path(folder))
        return list(Manifest.read(folder).capabilities)


def _listed(document: Mapping[str, JsonValue], key: str) -> list[JsonValue]:
    return cast("list[JsonValue]", document.get(key) or [])


def _policy(size: int) -> Policy:
    """Let pass what the tasks need where that is all there shall be."""
    needed = sorted({name for task in TASKS for name in task.names})
    return Policy(allow=needed) if size <= len(needed) + 1 else Policy()


def _print(size: int, found: Mapping[str, Mapping[str, Cost]]) -> tuple[float, float]:
    ways = list(next(iter(found.values())))
    print(f"\n{size:,} capabilities" + " " * 40 + "".join(f"{way:>22}" for way in ways))
    fixed = next(iter(found.values()))
    print(f"{'fixed':<60}" + "".join(f"{fixed[way].fixed:>22,}" for way in ways))
    for name, costs in found.items():
        cheaper = [way for way in ways if costs[way].together < costs["ours"].together]
        lost = f"  lost, fixed cost included, to {', '.join(cheaper)}" if cheaper else ""
        print(f"{name[:59]:<60}" + "".join(f"{costs[way].task:>22,}" for way in ways) + lost)
    times = [costs["tool calling"].together / costs["ours"].together for costs in found.values()]
    print(f"times fewer than tool calling, fixed cost included: {', '.join(f'{one:.1f}' for one in times)}")
    return times[0], statistics.median(times)


def main() -> int:
    """Print all tables and hold the targets."""
    verdicts: list[bool] = []
    ours_fixed: set[int] = set()
    for size in SIZES:
        found = asyncio.run(measure(size))
        story, median = _print(size, found)
        ours_fixed |= {costs["ours"].fixed for costs in found.values()}
        is_small = size < SIZES[1]
        holds = story >= STORY_TIMES and (median >= MEDIAN_TIMES or is_small)
        verdicts.append(holds)
        missed = " (the median has no target at this size)" if is_small else ""
        print(f"story {story:.1f} times, median {median:.1f} times{missed}: {'holds' if holds else 'MISSED'}")
    verdicts.append(len(ours_fixed) == 1)
    print(f"\nour fixed cost: {sorted(ours_fixed)} at any size: {'holds' if verdicts[-1] else 'MISSED'}")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
