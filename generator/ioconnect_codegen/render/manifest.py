"""Catalog -> manifest.json: the catalog as data for the runtime, with the digests of all other files.

One line a type and one line a capability: a difference shows what has changed, and reading it is fast. The JSON Schemas
are two thirds of a catalog and needed at the call only, so they stand beside it, in `schemas/<namespace>.json`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ioconnect_codegen.catalog import Capability, Catalog, Parameter
from ioconnect_codegen.models import AliasModel, FieldModel, Model, RecordModel
from ioconnect_codegen.render.lines import argument_types, function_line, note_text, signature_line, type_line
from ioconnect_codemode.manifest import digest as file_digest
from ioconnect_codemode.manifest_data import (
    SCHEMA_VERSION,
    CapabilityData,
    FieldData,
    NamespaceData,
    ParameterData,
    SchemasData,
    TypeData,
)
from ioconnect_codemode.version import VERSION

_DIGEST_SHOWN = 8  # enough to tell two catalogs of one desk apart, short enough for every answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """The catalog as data, one line of JSON an entry.

    Attributes:
        types: Name of the type and its line, by name.
        capabilities: Name of the capability and its line, by name.
        schemas: The text of `schemas/<namespace>.json`, by path.
    """

    types: Mapping[str, str]
    capabilities: Mapping[str, str]
    schemas: Mapping[str, str]

    @property
    def digest(self) -> str:
        """Eight hex digits that change with the catalog: what answers and headers name."""
        found = hashlib.sha256()
        for section in (self.types, self.capabilities, self.schemas):
            for name, line in section.items():
                found.update(f"{json.dumps(name)}:{line}\n".encode("ascii"))
        return found.hexdigest()[:_DIGEST_SHOWN]


def catalog_sections(catalog: Catalog, models: Mapping[str, Model]) -> Sections:
    """Give what the manifest says about types and capabilities."""
    arguments = argument_types(catalog, models)
    return Sections(
        types={name: json.dumps(_type(models[name], is_argument=name in arguments)) for name in sorted(models)},
        capabilities={one.name: json.dumps(_capability(one)) for one in catalog.capabilities},
        schemas={f"schemas/{one.name}.json": _schemas(one.capabilities) for one in catalog.namespaces},
    )


def render_manifest(catalog: Catalog, sections: Sections, *, digest: str, files: Mapping[str, str]) -> dict[str, str]:
    """Give manifest.json.

    Args:
        catalog: The catalog.
        sections: Its types and capabilities.
        digest: The catalog's digest.
        files: Every other file of the package that the generator writes again, by path.
    """
    namespaces = {
        one.name: json.dumps(_namespace(one.name, one.summary, one.capabilities)) for one in catalog.namespaces
    }
    omissions = [json.dumps({"name": one.name or "(no name)", "reason": one.reason}) for one in catalog.omissions]
    parts = {
        "schemaVersion": json.dumps(SCHEMA_VERSION),
        "name": json.dumps(catalog.name),
        "generator": json.dumps(VERSION),
        "environment": json.dumps(catalog.environment),
        "catalog": json.dumps(digest),
        "files": _object({path: json.dumps(file_digest(text)) for path, text in sorted(files.items())}),
        "namespaces": _object(namespaces),
        "types": _object(sections.types),
        "capabilities": _object(sections.capabilities),
        "omissions": _lines("[", omissions, "]"),
    }
    # ASCII only: a lone surrogate in a wire name or a literal has no other form in a file.
    return {"manifest.json": _object(parts) + "\n"}


def _schemas(capabilities: Iterable[Capability]) -> str:
    lines: dict[str, str] = {}
    for one in capabilities:
        data: SchemasData = {
            "input_schema": dict(one.input_schema),
            "output_schema": None if one.output_schema is None else dict(one.output_schema),
        }
        lines[one.function] = json.dumps(data)
    return _object(lines) + "\n"


def _object(lines: Mapping[str, str]) -> str:
    return _lines("{", [f"{json.dumps(name)}: {line}" for name, line in lines.items()], "}")


def _lines(start: str, lines: Iterable[str], end: str) -> str:
    inner = ",\n".join(lines)
    return f"{start}\n{inner}\n{end}" if inner else start + end


def _namespace(name: str, summary: str, capabilities: tuple[Capability, ...]) -> NamespaceData:
    return {"summary": summary, "module": f"{name}.py", "capabilities": [one.function for one in capabilities]}


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
    return data
