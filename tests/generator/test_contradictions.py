"""Two declarations of one method: what can't both hold is told, what says less is not."""

from __future__ import annotations

import pytest

from ioconnect_codegen.contradictions import differences
from ioconnect_codegen.drafts import Described
from ioconnect_codegen.schemas import read_schema
from ioconnect_codemode.values import JsonValue


def described(schema: JsonValue) -> Described:
    read = read_schema(schema)
    return Described(shape=read.shape, definitions=read.definitions, schema=read.wire)


def record(required: list[JsonValue] | None = None, **properties: JsonValue) -> JsonValue:
    return {"type": "object", "properties": properties, "required": required or []}


TEXT: JsonValue = {"type": "string"}
WHOLE: JsonValue = {"type": "integer"}


@pytest.mark.parametrize(
    ("near", "far", "told"),
    [
        (record(a=TEXT), record(a=WHOLE), ["a is text here, a number there"]),
        (
            record(a={"type": ["string", "boolean"]}),
            record(a=WHOLE),
            ["a is text or true or false here, a number there"],
        ),
        (record(a={"enum": ["x"]}), record(a={"enum": [1]}), ["a is text here, a number there"]),
        (record(a={"type": "array"}), record(a=record()), ["a is a list here, an object there"]),
        (record(["a"], a=TEXT), record(b=TEXT), ["a is required here and unknown there"]),
        (record(b=TEXT), record(["a"], a=TEXT, b=TEXT), ["a is required there and unknown here"]),
        ({"type": "array"}, record(a=TEXT), ["a list here, an object there"]),
    ],
)
def test_what_cannot_both_hold_is_told(near: JsonValue, far: JsonValue, told: list[str]) -> None:
    assert differences(described(near), described(far)) == told


@pytest.mark.parametrize(
    ("near", "far"),
    [
        (record(a=WHOLE), record(a={"type": "number"})),
        (record(a=TEXT), record(a={"enum": ["x", "y"]})),
        (record(a=TEXT), record(a={})),
        (record(a=TEXT), record(a={"type": ["string", "null"]})),
        (record(a={"type": "null"}), record(a=TEXT)),
        (record(a=TEXT), record(b=TEXT)),
        (record(a=record(b=TEXT)), record(a={"type": "object"})),
        (record(a=TEXT), {}),
        ({"$ref": "#/$defs/R", "$defs": {"R": record(a=TEXT)}}, record(a=TEXT)),
    ],
)
def test_what_says_less_is_not(near: JsonValue, far: JsonValue) -> None:
    assert differences(described(near), described(far)) == []
    assert differences(described(far), described(near)) == []
