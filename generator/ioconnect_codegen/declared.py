"""The places that describe an interop method -> its parameters and its result.

The first that can be read gives the parameters, the first that declares a result gives the result:

    flags.ioIntelMCPTool                          schemas as JSON text, by the app that registered the method
    static tool that names the method             schemas, by the owner of the platform
    customProperties.interop of an app definition schemas, by the app; also where no app runs
    accepts, returns                              signatures: known to lie, better than nothing
    overlay of observed results                   results alone, of what nobody declares
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ioconnect_codegen.contradictions import differences
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Described, Origin, target_of
from ioconnect_codegen.fdc3 import contexts_in, describe_contexts
from ioconnect_codegen.identities import Identity
from ioconnect_codegen.schemas import read_schema
from ioconnect_codegen.shapes import Anything, List, Map, Note, Record, Reference, Shape, references, to_schema
from ioconnect_codegen.signatures import hint_of, read_signature, record_of
from ioconnect_codemode.values import JsonValue

_DIFFERENCES = 5  # two declarations that differ in more are not of the same method


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place that describes a method; a schema is None where it declares none."""

    origin: Origin
    where: str
    input_schema: JsonValue
    output_schema: JsonValue


def sources_of(facts: Identity, diagnostics: list[Diagnostic]) -> Iterator[Source]:
    """Give the places that describe a method with schemas, the one that is believed first."""
    for method in facts.registered:
        flag = method.flags.get("ioIntelMCPTool")
        if isinstance(flag, dict):
            where = f"{facts.name} flags.ioIntelMCPTool"
            yield Source(
                origin="tool",
                where=where,
                input_schema=_parsed(flag.get("inputSchema"), f"{where}.inputSchema", diagnostics),
                output_schema=_parsed(flag.get("outputSchema"), f"{where}.outputSchema", diagnostics),
            )
    for tool in facts.tools:
        yield Source(
            origin="static_tool",
            where=f"tool {tool.name}",
            input_schema=tool.input_schema,
            output_schema=tool.output_schema,
        )
    for app, one in facts.declared:
        yield Source(
            origin="app_definition",
            where=f"app {app.name}, {one.name}",
            input_schema=one.input_schema,
            output_schema=one.output_schema,
        )


def _parsed(text: JsonValue, where: str, diagnostics: list[Diagnostic]) -> JsonValue:
    """Give the schema that a flag holds as JSON text; some apps hand over the object itself."""
    if not isinstance(text, str):
        return text
    try:
        parsed: JsonValue = json.loads(text)
    except (ValueError, RecursionError) as error:
        position = error.pos if isinstance(error, json.JSONDecodeError) else 0
        message = "not JSON; the next source is used"
        diagnostics.append(Diagnostic(where=where, message=message, text=text, position=position))
        return None
    return parsed


def input_of(
    facts: Identity, sources: Sequence[Source], read: dict[tuple[int, str], Described], diagnostics: list[Diagnostic]
) -> tuple[Origin, Described]:
    """Give the parameters of the first source that has some, and note in `read` what was read on the way."""
    for place, source in enumerate(sources):
        if source.input_schema is None:
            continue
        described = _described(source.input_schema, f"{source.where} input", diagnostics)
        if _takes_nothing(source.input_schema):
            described = replace(described, shape=Record(fields=()))
        read[place, "input"] = described
        if isinstance(target_of(described), Record | Map):
            return source.origin, described
        message = "does not describe an object; the next source is used"
        diagnostics.append(Diagnostic(where=f"{source.where} input", message=message))
    if facts.accepts.strip() or facts.returns.strip():
        described = _from_signature(facts.accepts, f"{facts.name} accepts", diagnostics, is_input=True)
        return "nothing" if described == _undeclared() else "signature", described
    return "nothing", _undeclared()


def _takes_nothing(schema: JsonValue) -> bool:
    """Tell whether a schema lists its properties, and there are none: the way in which tools say that they take nothing."""
    if not isinstance(schema, dict) or schema.get("properties") != {} or schema.get("required"):
        return False
    return not schema.keys() & {"patternProperties", "allOf", "anyOf", "oneOf", "$ref"} and isinstance(
        schema.get("additionalProperties", True), bool
    )


def _undeclared() -> Described:
    """Give the argument object of which nothing is known: the caller hands over a whole one."""
    return Described(shape=Map(Anything()), schema={"type": "object"}, note=Note(constraint="keys not declared"))


def output_of(
    facts: Identity, sources: Sequence[Source], read: dict[tuple[int, str], Described], diagnostics: list[Diagnostic]
) -> tuple[Origin, Described | None]:
    """Give the result of the first source that has one, and note in `read` what was read on the way."""
    for place, source in enumerate(sources):
        if source.output_schema is None:
            continue
        described = read[place, "output"] = _described(source.output_schema, f"{source.where} output", diagnostics)
        if not isinstance(described.shape, Anything):
            return source.origin, described
    if facts.returns.strip():
        described = _from_signature(facts.returns, f"{facts.name} returns", diagnostics, is_input=False)
        if not isinstance(described.shape, Anything):
            return "signature", described
    for one in facts.observed:
        described = _described(one.output_schema, f"{facts.name} observed result", diagnostics)
        if not isinstance(described.shape, Anything):
            return "observed", described
    return "nothing", None


def contradicted(
    facts: Identity, sources: Sequence[Source], read: Mapping[tuple[int, str], Described], diagnostics: list[Diagnostic]
) -> None:
    """Tell where a source contradicts the one that is believed; what can't be read is told where it is believed."""
    for part, word, text in (("input", "accepts", facts.accepts), ("output", "returns", facts.returns)):
        schemas = [one.input_schema if part == "input" else one.output_schema for one in sources]
        declared = [(place, schema) for place, schema in enumerate(schemas) if schema is not None]
        if len(declared) + bool(text.strip()) < 2 or not declared:
            continue
        told = [
            (sources[place].where, read.get((place, part)) or _described(schema, "", [])) for place, schema in declared
        ]
        if text.strip():
            told.append((word, _from_signature(text, facts.name, [], is_input=part == "input")))
        for where, other in told[1:]:
            for difference in differences(told[0][1], other)[:_DIFFERENCES]:
                message = f"{part} by {told[0][0]} (here) and by {where} (there): {difference}"
                diagnostics.append(Diagnostic(kind="contradiction", where=facts.name, message=message))


def _described(schema: JsonValue, where: str, diagnostics: list[Diagnostic]) -> Described:
    read = read_schema(schema, where=where)
    diagnostics.extend(read.diagnostics)
    return Described(shape=read.shape, definitions=read.definitions, schema=read.wire, note=read.note)


def _from_signature(text: str, where: str, diagnostics: list[Diagnostic], *, is_input: bool) -> Described:
    signature = read_signature(text, where=where)
    diagnostics.extend(signature.diagnostics)
    alone = signature.elements[0] if len(signature.elements) == 1 else None
    shape: Shape
    if signature.is_garbled:
        return _undeclared() if is_input else Described()
    if alone is not None and alone.name is None:
        shape = alone.shape if not is_input or isinstance(alone.shape, Record | Reference) else Map(Anything())
        note = Note(description=alone.description, constraint=hint_of(alone))
    else:
        shape, note = record_of(signature.elements), Note()
    is_whole = alone is not None and alone.name is None
    schema = to_schema(shape)
    definitions: Mapping[str, Record] = {}
    if contexts := contexts_in(references(shape)):
        described = describe_contexts(contexts)
        schema["$defs"], definitions = described.schema["$defs"], described.definitions
    return Described(shape=shape, definitions=definitions, schema=schema, note=note, is_whole=is_whole)


def events_of(event: Described | None) -> Described:
    """Give the bounded list of a stream's events."""
    one = event or Described()
    definitions = {key: value for key, value in one.schema.items() if key == "$defs"}
    item: JsonValue = {key: value for key, value in one.schema.items() if key != "$defs"}
    return replace(
        one, shape=List(one.shape), schema={"type": "array", "items": item, **definitions}, note=Note(), is_whole=False
    )
