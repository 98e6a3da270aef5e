"""The model's tools as plain functions and specifications; sockets (MCP, agent loops) only carry them.

The descriptions are fixed text: they don't grow with the environment, so a prompt cache keeps them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.outcome import Outcome
from ioconnect_codemode.values import JsonValue

if TYPE_CHECKING:
    from ioconnect_codemode.code_mode import CodeMode

LIST = "list_python_definitions"
GET = "get_python_definitions"
EXECUTE = "execute_python_code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a tool answers.

    Attributes:
        text: What the model reads.
        outcome: The outcome behind it, for `execute_python_code`.
        is_error: The call itself was wrong, or the snippet failed.
    """

    text: str
    outcome: Outcome | None = None
    is_error: bool = False


_SPECS: tuple[dict[str, JsonValue], ...] = (
    {
        "name": LIST,
        "description": (
            "List the Python functions that the user's desktop applications offer. Without a query: namespaces, then "
            "names. With one: the best matches, a signature each."
        ),
        "schema": {
            "type": "object",
            "properties": {
                "query": {"type": "string", "description": "What the function should do, in a few words."},
                "namespace": {"type": "string", "description": "Only this namespace."},
                "kind": {"type": "string", "enum": ["method", "stream", "intent", "fdc3_intent"]},
                "limit": {"type": "integer", "minimum": 1, "maximum": 200, "default": 20},
            },
            "additionalProperties": False,
        },
        "read_only": True,
    },
    {
        "name": GET,
        "description": "Get exact signatures and result types of functions, as Python stub text.",
        "schema": {
            "type": "object",
            "properties": {
                "names": {
                    "type": "array",
                    "items": {"type": "string"},
                    "description": "For example crm.get_client, or crm.* for a whole namespace.",
                },
                "detail": {"type": "string", "enum": ["signature", "full"], "default": "signature"},
            },
            "required": ["names"],
            "additionalProperties": False,
        },
        "read_only": True,
    },
    {
        "name": EXECUTE,
        "description": (
            "Run a Python snippet that calls these functions as namespace.function(...). Filter, join and count in the "
            "snippet: only its answer comes back, the data stays on the user's machine. The last expression is the "
            "answer. Records read as c.name or c['name']. Safe modules (json, re, datetime, statistics, ...) work; "
            "files, network and other modules don't. Every run starts fresh."
        ),
        "schema": {
            "type": "object",
            "properties": {
                "code": {"type": "string", "description": "The snippet."},
                "dry_run": {
                    "type": "boolean",
                    "default": False,
                    "description": "Only list the calls that would change something.",
                },
            },
            "required": ["code"],
            "additionalProperties": False,
        },
        "read_only": False,
    },
)


def specs(style: str) -> list[dict[str, JsonValue]]:
    """Give the tool specifications in the form of `mcp`, `openai` or `anthropic`.

    Raises:
        UsageError: There is no such style.
    """
    match style:
        case "mcp":
            return [
                {
                    "name": spec["name"],
                    "description": spec["description"],
                    "inputSchema": spec["schema"],
                    "annotations": {"readOnlyHint": spec["read_only"], "openWorldHint": False},
                }
                for spec in _SPECS
            ]
        case "openai":
            return [
                {
                    "type": "function",
                    "function": {
                        "name": spec["name"],
                        "description": spec["description"],
                        "parameters": spec["schema"],
                    },
                }
                for spec in _SPECS
            ]
        case "anthropic":
            return [
                {"name": spec["name"], "description": spec["description"], "input_schema": spec["schema"]}
                for spec in _SPECS
            ]
        case _:
            raise UsageError(f"style must be mcp, openai or anthropic, not {style!r}")


async def answer(code_mode: CodeMode, name: str, arguments: Mapping[str, object]) -> Answer:
    """Answer a tool call of a model. What the model does wrong is answered, not raised."""
    spec = next((spec for spec in _SPECS if spec["name"] == name), None)
    if spec is None:
        return Answer(text=f"there is no tool {name[:80]}; there are {LIST}, {GET} and {EXECUTE}", is_error=True)
    problem = _problem(cast("dict[str, JsonValue]", spec["schema"]), arguments)
    if problem is not None:
        return Answer(text=f"{name}: {problem}", is_error=True)
    try:
        if name == LIST:
            return Answer(
                text=code_mode.list_python_definitions(
                    cast("str", arguments.get("query") or ""),
                    namespace=cast("str | None", arguments.get("namespace")),
                    kind=cast("str | None", arguments.get("kind")),
                    limit=cast("int", 20 if arguments.get("limit") is None else arguments["limit"]),
                )
            )
        if name == GET:
            text = code_mode.get_python_definitions(
                cast("list[str]", arguments["names"]), detail=cast("str", arguments.get("detail") or "signature")
            )
            return Answer(text=text)
    except UsageError as error:
        return Answer(text=f"{name}: {error}", is_error=True)
    outcome = await code_mode.execute_python_code(
        cast("str", arguments["code"]), dry_run=arguments.get("dry_run") is True
    )
    return Answer(text=outcome.text(), outcome=outcome, is_error=not outcome.ok)


_TYPES: dict[str, type] = {"string": str, "integer": int, "array": list, "boolean": bool}


def _problem(schema: Mapping[str, JsonValue], arguments: Mapping[str, object]) -> str | None:
    """Say what is wrong with a tool call's arguments, in words for a model; null counts as not given."""
    properties = cast("dict[str, dict[str, JsonValue]]", schema["properties"])
    for key, value in arguments.items():
        if key not in properties:
            return f"there is no argument {key[:80]}; there are {', '.join(properties)}"
        kind = cast("str", properties[key]["type"])
        is_stray_bool = isinstance(value, bool) and kind != "boolean"
        if value is not None and (is_stray_bool or not isinstance(value, _TYPES[kind])):
            return f"{key} must be {'an' if kind[0] in 'aeiou' else 'a'} {kind}"
        if isinstance(value, list) and not all(isinstance(item, str) for item in cast("list[object]", value)):
            return f"{key} must be a list of text"
        if value == []:
            return f"{key} is empty"
    for key in cast("list[str]", schema.get("required", [])):
        if arguments.get(key) is None:
            return f"{key} is missing"
    return None
