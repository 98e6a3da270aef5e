"""The published JSON Schemas of FDC3's messages (@finos/fdc3-schema), each found by the type of message that it is for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

import jsonschema_rs

from ioconnect_codemode.values import JsonValue
from live.processes import HERE


def problems(frame: str | bytes) -> list[str]:
    """Give what the schema of its type finds in a message."""
    message = json.loads(frame)
    kind = message["type"]
    return [f"{kind} {error.instance_path}: {error.message}" for error in _validators()[kind].iter_errors(message)]


@cache
def _validators() -> dict[str, jsonschema_rs.Draft7Validator]:
    files = HERE.glob("node_modules/@finos/fdc3-*/dist/**/*.schema.json")
    schemas: list[dict[str, JsonValue]] = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(files)]
    registry = jsonschema_rs.Registry([(str(schema["$id"]), schema) for schema in schemas], draft=jsonschema_rs.Draft7)
    return {
        kind: jsonschema_rs.Draft7Validator(schema, registry=registry)
        for schema in schemas
        if "/api/" in str(schema["$id"])
        for kind in _types(schema)
    }


def _types(schema: JsonValue) -> Iterator[str]:
    """Give the message types that a schema of a message names: titled "... Message Type"."""
    match schema:
        case {"title": str(title), "const": str(const)} if title.endswith("Message Type"):
            yield const
        case dict():
            for value in schema.values():
                yield from _types(value)
        case list():
            for value in schema:
                yield from _types(value)
        case _:
            pass
