"""The context schemas of the npm package `@finos/fdc3-context`, and what they and ours say in one comparable form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import cast

import ioconnect_schemas
from ioconnect_codemode.values import JsonValue

FOLDER = Path(__file__).parent
PUBLISHED = FOLDER / "node_modules" / "@finos" / "fdc3-context" / "dist" / "schemas" / "context"
BASE = "any context"

Node = dict[str, JsonValue]
_KEPT = ("type", "const", "enum", "format", "pattern", "minProperties")


def what_is_missing() -> str | None:
    """Say what the comparison needs and doesn't find."""
    return None if PUBLISHED.is_dir() else "the npm package is not installed: npm ci --prefix tests/fdc3"


def ours() -> dict[str, Node]:
    """Our definitions by their name."""
    document: dict[str, dict[str, Node]] = json.loads(ioconnect_schemas.read("fdc3/contexts.json"))
    return document["$defs"]


@cache
def files() -> Mapping[str, Node]:
    """The published schemas by file name."""
    return {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(PUBLISHED.glob("*.json"))}


def examples() -> Iterator[tuple[str, int, JsonValue]]:
    """Every example that the package carries, with its file and place."""
    for name, schema in files().items():
        for index, example in enumerate(cast("list[JsonValue]", schema.get("examples", []))):
            yield name, index, example


def published_facts() -> dict[str, Node]:
    """What the published schemas say, by context type."""
    return {kind_of(name): _context(name) for name in files()}


def our_facts() -> dict[str, Node]:
    """What ours say, by context type."""
    return {_our_kind(name): _facts(node, _our_target) for name, node in ours().items() if name != "AppIdentifier"}


def kind_of(name: str) -> str:
    """The context type of a published file."""
    own = cast("Node", cast("list[Node]", files()[name]["allOf"])[0].get("properties", {}))
    return str(cast("Node", own.get("type", {})).get("const", BASE))


def _context(name: str) -> Node:
    schema = files()[name]
    base = cast("dict[str, Node]", files()["context.schema.json"]["definitions"])["BaseContext"]
    own = {} if kind_of(name) == BASE else cast("list[Node]", schema["allOf"])[0]
    merged: Node = {
        **{key: value for key, value in schema.items() if key in ("oneOf", "anyOf")},
        "type": "object",
        "properties": {**cast("Node", base["properties"]), **cast("Node", own.get("properties", {}))},
        "required": [*cast("list[JsonValue]", base["required"]), *cast("list[JsonValue]", own.get("required", []))],
    }

    def follow(reference: str) -> Node:
        if reference.startswith("#/$defs/"):
            return _facts(cast("dict[str, Node]", schema["$defs"])[reference.removeprefix("#/$defs/")], follow)
        file = reference.removesuffix("#")
        return {"is": kind_of(file) if file in files() else reference.rsplit("/", 1)[-1]}

    return _facts(merged, follow)


def _our_kind(name: str) -> str:
    kind = cast("dict[str, Node]", ours()[name]["properties"])["type"]
    return str(kind.get("const", BASE))


def _our_target(reference: str) -> Node:
    name = reference.removeprefix("#/$defs/")
    return {"is": name if name == "AppIdentifier" else _our_kind(name)}


def _facts(node: Node, follow: Callable[[str], Node]) -> Node:
    """Names, types and required sets; not titles, descriptions, and which of `oneOf` and `anyOf` is written."""
    if isinstance(reference := node.get("$ref"), str):
        return follow(reference)
    found: Node = {key: node[key] for key in _KEPT if key in node}
    if "enum" in found:
        found.pop("type", None)
    if isinstance(properties := node.get("properties"), dict):
        found["properties"] = {key: _facts(cast("Node", value), follow) for key, value in sorted(properties.items())}
    if required := cast("list[str]", node.get("required", [])):
        found["required"] = list[JsonValue](sorted(set(required)))
    for key in ("items", "additionalProperties"):
        if isinstance(inner := node.get(key), dict):
            found[key] = _facts(inner, follow)
    if options := cast("list[Node]", node.get("oneOf", node.get("anyOf", []))):
        found["options"] = _options(options, follow)
    return found


def _options(options: list[Node], follow: Callable[[str], Node]) -> list[JsonValue]:
    """Give the options in a fixed order, without those that another one covers."""
    sets = [frozenset(cast("list[str]", option["required"])) for option in options if option.keys() == {"required"}]
    if len(sets) == len(options):
        least = [one for one in sets if not any(other < one for other in sets)]
        return [list[JsonValue](sorted(one)) for one in sorted(least, key=sorted)]
    return sorted((_facts(option, follow) for option in options), key=lambda one: json.dumps(one, sort_keys=True))


def words_in(text: str, *, count: int) -> set[str]:
    """Every run of so many words, lower case: what two texts share when one was copied."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return {" ".join(words[start : start + count]) for start in range(len(words) - count + 1)}


def descriptions(node: JsonValue) -> Iterator[str]:
    """Every description anywhere in a schema."""
    if isinstance(node, list):
        for item in node:
            yield from descriptions(item)
    elif isinstance(node, dict):
        if isinstance(text := node.get("description"), str):
            yield text
        for value in node.values():
            yield from descriptions(value)
