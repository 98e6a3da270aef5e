"""Catalog -> manifest.json: the catalog as data for the runtime, with the digests of all other files.

One line a type and one line a capability: a difference shows what has changed, and reading it is fast. The JSON Schemas
are two thirds of a catalog and needed at the call only, so they stand beside it, in `schemas/<namespace>.json`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

from ioconnect_codegen.capabilities import Capability, Parameter
from ioconnect_codegen.catalog import Catalog, Namespace
from ioconnect_codegen.models import AliasModel, FieldModel, Model, RecordModel
from ioconnect_codegen.render.lines import function_line, note_text, signature_line, type_line
from ioconnect_codemode.manifest_data import (
    SCHEMA_VERSION,
    CapabilityData,
    FieldData,
    ManifestData,
    NamespaceData,
    ParameterData,
    SchemasData,
    TypeData,
)
from ioconnect_codemode.version import VERSION

T = TypeVar("T")

_DIGEST_SHOWN = 8  # enough to tell two catalogs of one desk apart, short enough for every answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(Generic[T]):
    """One type or capability of the manifest: as data, and as the line of JSON that stands in the file."""

    data: T
    line: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapabilityPart:
    """What the manifest says about a capability, and the text of its schemas; it depends on nothing else."""

    entry: Entry[CapabilityData]
    schemas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamespacePart:
    """What the manifest says about a namespace.

    Attributes:
        data: The namespace itself.
        capabilities: Its capabilities, by full name.
        schemas: The text of `schemas/<namespace>.json`.
        digest: SHA-256 of all that, in hex.
    """

    data: NamespaceData
    capabilities: Mapping[str, Entry[CapabilityData]]
    schemas: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TypesPart:
    """What the manifest says about the types that the same namespaces need.

    Attributes:
        types: The types, by name.
        digest: SHA-256 of all that, in hex.
    """

    types: Mapping[str, Entry[TypeData]]
    digest: str


def types_part(models: Mapping[str, Model], arguments: Collection[str]) -> TypesPart:
    """Give what the manifest says about some types.

    Args:
        models: The types, by name.
        arguments: Names of those whose values a caller makes.
    """
    types = {name: _type_entry(model, is_argument=name in arguments) for name, model in models.items()}
    lines = (f"{name}:{entry.line}" for name, entry in types.items())
    return TypesPart(types=types, digest=hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest())


def capability_part(one: Capability) -> CapabilityPart:
    """Give what the manifest says about a capability."""
    schemas: SchemasData = {
        "input_schema": dict(one.input_schema),
        "output_schema": None if one.output_schema is None else dict(one.output_schema),
    }
    return CapabilityPart(entry=_entry(one), schemas=json.dumps(schemas))


def namespace_part(namespace: Namespace, parts: Mapping[str, CapabilityPart]) -> NamespacePart:
    """Give what the manifest says about a namespace.

    Args:
        namespace: The namespace.
        parts: What is said about its capabilities, by function, in their order.
    """
    capabilities = {f"{namespace.name}.{function}": part.entry for function, part in parts.items()}
    schemas = _object({function: part.schemas for function, part in parts.items()}) + "\n"
    data: NamespaceData = {
        "summary": namespace.summary,
        "module": f"{namespace.name}.py",
        "capabilities": [one.function for one in namespace.capabilities],
    }
    lines = (f"{json.dumps(name)}:{entry.line}" for name, entry in capabilities.items())
    digest = hashlib.sha256("\n".join([json.dumps(data), *lines, schemas]).encode("ascii")).hexdigest()
    return NamespacePart(data=data, capabilities=capabilities, schemas=schemas, digest=digest)


def catalog_digest(namespaces: Mapping[str, NamespacePart], types: Iterable[TypesPart]) -> str:
    """Give eight hex digits that change with the catalog: what answers and the guide name."""
    parts = [f"{name} {part.digest}" for name, part in sorted(namespaces.items())]
    text = "\n".join([*parts, *sorted(part.digest for part in types)])
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGEST_SHOWN]


def manifest_data(
    catalog: Catalog,
    *,
    digest: str,
    namespaces: Mapping[str, NamespacePart],
    types: Mapping[str, Entry[TypeData]],
    digests: Mapping[str, str],
) -> ManifestData:
    """Give the manifest as data.

    Args:
        catalog: The catalog.
        digest: Its digest.
        namespaces: What is said about its namespaces, by name.
        types: What is said about its types, by name.
        digests: Digest of every other file of the package that the generator writes again, by path.
    """
    return {
        "schemaVersion": SCHEMA_VERSION,
        "name": catalog.name,
        "generator": VERSION,
        "environment": catalog.environment,
        "catalog": digest,
        "files": dict(digests),
        "namespaces": {name: part.data for name, part in namespaces.items()},
        "types": {name: entry.data for name, entry in types.items()},
        "capabilities": {name: one.data for part in namespaces.values() for name, one in part.capabilities.items()},
        "omissions": [{"name": one.name or "(no name)", "reason": one.reason} for one in catalog.omissions],
    }


def manifest_text(
    data: ManifestData, namespaces: Mapping[str, NamespacePart], types: Mapping[str, Entry[TypeData]]
) -> str:
    """Give manifest.json: what `manifest_data` gave, from the lines that are there already."""
    capabilities = {name: one.line for part in namespaces.values() for name, one in part.capabilities.items()}
    plain = {"schemaVersion", "name", "generator", "environment", "catalog"}
    parts = {
        **{key: json.dumps(value) for key, value in data.items() if key in plain},
        "files": _object({path: json.dumps(digest) for path, digest in data["files"].items()}),
        "namespaces": _object({name: json.dumps(one) for name, one in data["namespaces"].items()}),
        "types": _object({name: entry.line for name, entry in types.items()}),
        "capabilities": _object(capabilities),
        "omissions": _lines("[", [json.dumps(one) for one in data["omissions"]], "]"),
    }
    # ASCII only: a lone surrogate in a wire name or a literal has no other form in a file.
    return _object(parts) + "\n"


def _type_entry(model: Model, *, is_argument: bool) -> Entry[TypeData]:
    data = _type(model, is_argument=is_argument)
    return Entry(data=data, line=json.dumps(data))


def _entry(one: Capability) -> Entry[CapabilityData]:
    data = _capability(one)
    return Entry(data=data, line=json.dumps(data))


def _object(lines: Mapping[str, str]) -> str:
    return _lines("{", [f"{json.dumps(name)}: {line}" for name, line in lines.items()], "}")


def _lines(start: str, lines: Iterable[str], end: str) -> str:
    inner = ",\n".join(lines)
    return f"{start}\n{inner}\n{end}" if inner else start + end


def _type(model: Model, *, is_argument: bool) -> TypeData:
    match model:
        case AliasModel():
            return {
                "kind": "alias",
                "module": model.module,
                "type": model.type,
                "definition": type_line(model, is_argument=is_argument),
                "uses": list(model.uses),
            }
        case RecordModel():
            return {
                "kind": "record",
                "module": model.module,
                "fields": [_field(one) for one in model.fields],
                "open": model.is_open,
                "definition": type_line(model, is_argument=is_argument),
                "uses": list(model.uses),
            }


def _field(one: FieldModel) -> FieldData:
    data: FieldData = {"name": one.name, "key": one.key, "type": one.type, "required": one.is_required}
    if note := note_text(one.note):
        data["note"] = note
    return data


def _capability(one: Capability) -> CapabilityData:
    data: CapabilityData = {
        "kind": one.kind,
        "wire": one.wire,
        "apps": list(one.apps),
        "effect": one.effect,
        "origin": one.origin,
        "parameters": [_parameter(parameter) for parameter in one.parameters],
        "returns": one.result,
        "signature": signature_line(one),
        "definition": function_line(one),
        "summary": one.summary,
        "uses": list(one.uses),
    }
    if one.is_spread:
        data["spread"] = True
    if one.fixed:
        data["fixed"] = dict(one.fixed)
    if one.under:
        data["under"] = list(one.under)
    if one.accepts is not None and one.returns_text is not None:
        data["accepts"], data["returns_text"] = one.accepts, one.returns_text
    return data


def _parameter(one: Parameter) -> ParameterData:
    data: ParameterData = {"name": one.name, "key": one.key, "type": one.type, "required": one.is_required}
    if one.default is not None:
        data["default"] = one.default
    if one.is_nullable:
        data["nullable"] = True
    if one.option is not None:
        data["option"] = one.option
    if one.note.example is not None:
        data["example"] = one.note.example
    return data
