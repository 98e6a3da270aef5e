"""What FDC3 2.2 itself declares: standard context types, and standard intents with the contexts they take.

The facts are data of `ioconnect_schemas/fdc3`. A context type that is none of the standard's, `fdc3.Quote` for
instance, has what every context has: `type`, `id`, `name`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import cast

import ioconnect_schemas
from ioconnect_codegen.drafts import Described
from ioconnect_codegen.naming import pascal
from ioconnect_codegen.schemas import read_schema
from ioconnect_codemode.values import JsonValue

PREFIX = "fdc3."
"""What every context type of the standard begins with."""

_CHANNEL = "channel"
_JsonObject = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardIntent:
    """An intent of the standard.

    Attributes:
        description: What it is for, one sentence.
        contexts: The context types that it takes.
        result: The context type that it answers with; empty where it promises none.
        replaced_by: The intent that stands for it since it was deprecated; empty where it wasn't.
    """

    description: str
    contexts: tuple[str, ...]
    result: str
    replaced_by: str


@cache
def standard_intents() -> Mapping[str, StandardIntent]:
    """Give the standard intents by name."""
    document = json.loads(ioconnect_schemas.read("fdc3/intents.json"))
    return {
        name: StandardIntent(
            description=facts["description"],
            contexts=tuple(facts["contexts"]),
            result=facts.get("result", ""),
            replaced_by=facts.get("replacedBy", ""),
        )
        for name, facts in document["intents"].items()
    }


@cache
def standard_contexts() -> Mapping[str, str]:
    """Give the standard context types, each with the name of its type: `fdc3.contact` to `ContactContext`."""
    found: dict[str, str] = {}
    for name, schema in _definitions().items():
        kind = cast("_JsonObject", cast("_JsonObject", cast("_JsonObject", schema)["properties"]).get("type", {}))
        if isinstance(context := kind.get("const"), str):
            found[context] = name
    return found


def context_of(word: str) -> str:
    """Give the standard context type that an app's word for a type names, `Fdc3Instrument`; empty where it names none."""
    return _words().get(word.lower().replace(".", ""), "")


def contexts_in(names: Iterable[str]) -> tuple[str, ...]:
    """Give the standard context types whose definitions have these names, sorted."""
    wanted = set(names)
    return tuple(sorted(context for context, name in standard_contexts().items() if name in wanted))


@cache
def _words() -> Mapping[str, str]:
    return {context.lower().replace(".", ""): context for context in standard_contexts()}


def type_title(context: str) -> str:
    """Give what the type of a context is called; not the bare name, which business methods use for their records."""
    return f"{pascal(context.removeprefix(PREFIX))}Context"


@cache
def describe_contexts(contexts: tuple[str, ...]) -> Described:
    """Give a context that is of one of these types; the types stay open."""
    options: list[JsonValue] = [_option(context) for context in contexts]
    schema: _JsonObject = cast("_JsonObject", options[0]) if len(options) == 1 else {"anyOf": options}
    read = read_schema({**schema, "$defs": dict(_definitions())}, where="FDC3 contexts")
    return Described(shape=read.shape, definitions=read.definitions, schema=read.wire)


def is_channel(result_type: str) -> bool:
    """Tell whether a declared result type is a channel, of any context or of one: `channel`, `channel<fdc3.chart>`."""
    folded = result_type.strip().lower()
    return folded == _CHANNEL or (folded.startswith(f"{_CHANNEL}<") and folded.endswith(">"))


def are_contexts(names: Sequence[str]) -> bool:
    """Tell whether there are names, all of FDC3 contexts."""
    return bool(names) and all(name.startswith(PREFIX) for name in names)


def _option(context: str) -> _JsonObject:
    if context in standard_contexts():
        return {"$ref": f"#/$defs/{standard_contexts()[context]}"}
    base = cast("_JsonObject", _definitions()["AnyContext"])
    properties = cast("_JsonObject", base["properties"])
    return {
        "type": "object",
        "title": type_title(context),
        "properties": {**properties, "type": {"const": context}},
        "required": ["type"],
    }


@cache
def _definitions() -> Mapping[str, JsonValue]:
    document: _JsonObject = json.loads(ioconnect_schemas.read("fdc3/contexts.json"))
    return cast("_JsonObject", document["$defs"])
