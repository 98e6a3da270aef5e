"""The Amelia Reid story: `codemode demo`, and the texts that its token counts are made of.

Everything shown is real: the package is generated from the example environment, the snippet runs in a worker against
the embedded wealth desk, and the texts of the model's tools are those that an agent would get.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import ioconnect_schemas
from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode
from ioconnect_codemode.outcome import Outcome, compact
from ioconnect_codemode.transports import EmbeddedTransport, Route
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue

ENVIRONMENT = "examples/wealth_desk.environment.json"
COUNTS = "examples/wealth_desk.tokens.json"

QUESTION = "Who is the adviser of Amelia Reid?"
QUERY = "find clients by name"
NAMES = ["crm.find_clients"]
SNIPPET = 'clients = crm.find_clients(name="Amelia Reid")\nclients[0].adviser'
_LISTED = 5
_DIGEST = "91b7584a"  # 6 tokens, as most digests have; a real one has 3 to 9 by luck, another after every change


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What happened, as the model and the user saw it.

    Attributes:
        listed: Answer of `list_python_definitions`.
        definitions: Answer of `get_python_definitions`.
        outcome: Outcome of the snippet.
        spent: Texts that pass through the model, by way and step, with one digest in the place of every catalog's; their
            tokens are counted.
        answer: The adviser's name.
    """

    overview: str
    listed: str
    definitions: str
    outcome: Outcome
    spent: Mapping[str, Mapping[str, str]]
    answer: str


async def tell(say: Callable[[str], object]) -> int:
    """Play the story on a fresh desk and tell it in less than 30 lines; gives an exit status.

    The counts of tokens are those stored beside the environment: no tokenizer is installed with the product.
    """
    with tempfile.TemporaryDirectory() as folder:
        story = await play(Path(folder) / "wealth_desk")
    counts = json.loads(ioconnect_schemas.read(COUNTS))
    say("\n".join([*_story_lines(story), "", *_count_lines(counts)]) + "\n")
    return 0 if story.outcome.ok else 1


async def play(folder: Path) -> Story:
    """Generate the package into `folder`, let the model's three calls be made, and give what they said."""
    document = json.loads(ioconnect_schemas.read(ENVIRONMENT))
    write(generate(read_environment(document)), folder)
    handlers = make_handlers()
    async with CodeMode.open(folder, transport=EmbeddedTransport(handlers)) as code_mode:
        digest = code_mode.manifest.digest
        overview = code_mode.list_python_definitions(limit=1).splitlines()
        listed = await code_mode.call_tool("list_python_definitions", {"query": QUERY, "limit": _LISTED})
        definitions = await code_mode.call_tool("get_python_definitions", {"names": NAMES})
        outcome = await code_mode.execute_python_code(SNIPPET)
        spent = {
            "tools, list": await _tool_calling_texts(code_mode, handlers, "crm.list_clients", {"limit": 500}),
            "tools, find": await _tool_calling_texts(code_mode, handlers, "crm.find_clients", {"name": "Amelia Reid"}),
            "code mode": {
                "definitions": compact([*code_mode.tool_specs("openai")])
                + f"{listed}{definitions}".replace(digest, _DIGEST),
                "calls": compact({"query": QUERY, "limit": _LISTED})
                + compact({"names": [*NAMES]})
                + compact({"code": SNIPPET}),
                "results": outcome.text().replace(digest, _DIGEST),
            },
        }
        namespaces = [line for line in overview if "(" in line]
    return Story(
        overview="\n".join(namespaces),
        listed=listed,
        definitions=definitions,
        outcome=outcome,
        spent=spent,
        answer=str(outcome.value),
    )


async def _tool_calling_texts(
    code_mode: CodeMode, handlers: Mapping[str, Handler], name: str, arguments: dict[str, JsonValue]
) -> dict[str, str]:
    """Give the texts of the same task the traditional way: every capability a tool, one call, its whole answer."""
    specs: list[JsonValue] = [
        {
            "type": "function",
            "function": {
                "name": one.replace(".", "_"),
                "description": entry["summary"],
                "parameters": code_mode.manifest.schemas(one)["input_schema"],
            },
        }
        for one, entry in code_mode.manifest.capabilities.items()
    ]
    route = Route(kind="method", name=code_mode.manifest.capabilities[name]["wire"])
    answer = await EmbeddedTransport(handlers).call(route, arguments, timeout_s=30)
    return {
        "definitions": compact(specs),
        "calls": compact({"name": name.replace(".", "_"), "arguments": arguments}),
        "results": compact(answer),
    }


def _story_lines(story: Story) -> list[str]:
    call = story.outcome.calls[0]
    listed = story.listed.splitlines()
    return [
        QUESTION,
        "",
        f"The environment offers, in {len(story.overview.splitlines())} namespaces:",
        *(f"  {_short(', '.join(_names(story)))}".splitlines()),
        f"The model asks list_python_definitions({QUERY!r}):",
        *(f"  {_short(line)}" for line in (listed[0], listed[-1])),
        f"The model asks get_python_definitions({json.dumps(NAMES)}):",
        *(f"  {_short(line)}" for line in story.definitions.splitlines()),
        "The model writes, and a worker process on this machine runs:",
        *(f"  {line}" for line in SNIPPET.splitlines()),
        "What was called:",
        f"  {call.name} ({call.effect}): {call.state} in {call.elapsed_ms:.1f} ms, {call.bytes} bytes into the sandbox",
        "What leaves the machine:",
        f"  {compact(story.outcome.value)}",
    ]


def _names(story: Story) -> list[str]:
    return [line.partition(":")[0] for line in story.overview.splitlines()]


def _count_lines(counts: Mapping[str, Mapping[str, int]]) -> list[str]:
    ways = list(counts)
    steps = list(counts[ways[0]])
    totals = {way: sum(counts[way].values()) for way in ways}
    lines = [f"{'Tokens through the model (o200k)':<34}" + "".join(f"{way:>15}" for way in ways)]
    lines += [f"  {step:<32}" + "".join(f"{counts[way][step]:>15,}" for way in ways) for step in steps]
    lines.append(f"  {'together':<32}" + "".join(f"{totals[way]:>15,}" for way in ways))
    times = [totals[way] / totals[ways[-1]] for way in ways[:-1]]
    lines.append(f"  {times[0]:.0f} and {times[1]:.1f} times fewer, and no client record has left the machine")
    return lines


def _short(line: str) -> str:
    return line if len(line) <= 116 else line[:113] + "..."
