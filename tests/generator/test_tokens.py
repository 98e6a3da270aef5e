"""What the definitions of two fixed corpora cost a model, and that nothing a caller needs was saved away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from definition_tokens import REAL_LIMIT, WEALTH_LIMIT, definitions_of, files_of, ratio
from tool_lists import Tool, can_collect, collect
from tool_set import TOOLS

from ioconnect_codegen.output import write
from ioconnect_codegen.prose import first_sentence
from ioconnect_codemode.lookup import definitions_text
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.values import JsonValue

BREAKABLE = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "maxLength", "maxItems", "pattern", "format")
LEAST = ("minLength", "minItems")


@pytest.fixture(scope="module")
def real() -> dict[str, list[Tool]]:
    if not can_collect():
        pytest.skip("the tool lists of public MCP servers need node and `npm ci --prefix bench/npm`")
    return collect()


def constraints(schema: JsonValue) -> Iterator[str]:
    """What a caller can break in a schema, as it would be written; values up to 60 characters."""
    if isinstance(schema, list):
        for item in schema:
            yield from constraints(item)
    if isinstance(schema, dict):
        branches = schema.keys() & {"anyOf", "oneOf"}  # one of several: what one of them asks for is no constraint
        for key, value in schema.items():
            if key in BREAKABLE and isinstance(value, str | int | float) and not branches:
                if not (isinstance(value, int) and abs(value) == 2**53 - 1):  # JavaScript's word for any integer
                    yield str(value)[:50]
            elif key in LEAST and isinstance(value, int) and value > 0:
                yield str(value)
            elif key in ("items", "properties", "additionalProperties") and not branches:
                for inner in value.values() if key == "properties" and isinstance(value, dict) else [value]:
                    yield from constraints(inner)


def missing(tools: Sequence[Tool], *, namespace: str) -> list[str]:
    """What the definition of a tool doesn't say of its first sentence and its constraints."""
    found: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        write(files_of(tools, namespace=namespace), Path(folder))
        manifest = Manifest.read(folder)
        for name, entry in manifest.capabilities.items():
            wire = entry["wire"].rpartition(".")[2]
            tool = next(tool for tool in tools if str(tool["name"]) == wire or str(tool["name"]).endswith(f"_{wire}"))
            text = definitions_text(manifest, [name])
            wanted = [first_sentence(str(tool["description"])).rstrip("."), *constraints(tool["inputSchema"])]
            found += [f"{name}: {part}" for part in wanted if part not in text]
    return found


def test_definitions_of_the_wealth_tools_keep_within_the_budget() -> None:
    ours, theirs = ratio({"": TOOLS})

    assert ours <= WEALTH_LIMIT * theirs


def test_definitions_of_the_wealth_tools_say_all_that_a_caller_can_break() -> None:
    assert len(TOOLS) == 32
    assert missing(TOOLS, namespace="") == []


def test_definitions_have_blanks() -> None:
    text = definitions_of(TOOLS, namespace="")

    assert " def find_clients(query: str, limit: int = 50, status: CrmStatus = ...) -> ClientsTotalResult: ..." in text
    assert "class Slot: start: str; end: str\n" in text


def test_definitions_of_real_tools_keep_within_the_budget(real: dict[str, list[Tool]]) -> None:
    ours, theirs = ratio(real)

    assert sum(map(len, real.values())) == 128
    assert ours <= REAL_LIMIT * theirs


def test_definitions_of_real_tools_say_all_that_a_caller_can_break(real: dict[str, list[Tool]]) -> None:
    assert [found for name, tools in real.items() for found in missing(tools, namespace=name)] == []
