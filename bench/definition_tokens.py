"""What our definitions cost a model, in o200k tokens, beside the same tools as compact MCP JSON.

    python bench/definition_tokens.py

Two corpora: 32 tools of a wealth desk (`tool_set.py`), and the tools of eight public MCP servers (`tool_lists.py`).
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import bpe_openai
from tool_lists import Tool, can_collect, collect
from tool_set import TOOLS

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode.lookup import definitions_text
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue

WEALTH_LIMIT, REAL_LIMIT = 0.40, 0.24
"""Most that our definitions may cost of compact MCP JSON: the best rendering measured before took 0.37 and 0.22."""


def files_of(tools: Sequence[Tool], *, namespace: str) -> dict[str, str]:
    """Give the package of MCP tools; a name without a dot is taken for one of the namespace."""
    listed: list[JsonValue] = [
        {
            "name": tool["name"],
            "config": {key: tool[key] for key in ("description", "inputSchema", "outputSchema") if key in tool},
            "interop": {"methodName": _method(str(tool["name"]), namespace)},
        }
        for tool in tools
    ]
    return generate(read_environment({"schemaVersion": 1, "name": "corpus", "methods": [], "tools": listed}))


def definitions_of(tools: Sequence[Tool], *, namespace: str) -> str:
    """Give all that a model reads about these tools: what `get_python_definitions` answers."""
    with tempfile.TemporaryDirectory() as folder:
        write(files_of(tools, namespace=namespace), Path(folder))
        manifest = Manifest.read(folder)
        return definitions_text(manifest, list(manifest.capabilities))


def mcp_json(tools: Sequence[Tool]) -> str:
    """Give the same tools as an MCP server lists them, inputs and outputs, without a blank."""
    keys = ("name", "description", "inputSchema", "outputSchema")
    plain = [{key: tool[key] for key in keys if key in tool} for tool in tools]
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False)


def tokens(text: str) -> int:
    """Give the number of o200k tokens."""
    return len(bpe_openai.get_encoding("o200k_base").encode(text))


def ratio(corpus: Mapping[str, Sequence[Tool]]) -> tuple[int, int]:
    """Give the tokens of our definitions and of compact MCP JSON, over a corpus by server."""
    ours = sum(tokens(definitions_of(tools, namespace=name)) for name, tools in corpus.items())
    return ours, sum(tokens(mcp_json(tools)) for tools in corpus.values())


def _method(name: str, namespace: str) -> str:
    first, _, rest = name.partition("_")
    return f"{first}.{rest}" if not namespace and rest else f"{namespace or 'intents_'}.{name}"


def _print(name: str, corpus: Mapping[str, Sequence[Tool]], limit: float) -> None:
    ours, theirs = ratio(corpus)
    verdict = "holds" if ours / theirs <= limit else "MISSED"
    print(f"{name}: {ours} of {theirs} tokens, x{ours / theirs:.3f}  at most {limit}: {verdict}")


if __name__ == "__main__":
    _print("32 tools of a wealth desk", {"": TOOLS}, WEALTH_LIMIT)
    if can_collect():
        _print("tools of eight MCP servers", collect(), REAL_LIMIT)
    else:
        print("SKIPPED: the tools of eight MCP servers; npm ci --prefix bench/npm")
