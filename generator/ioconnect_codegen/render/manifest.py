"""Catalog -> manifest.json: the catalog as data for the runtime, with the digests of all other files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from ioconnect_codegen.catalog import Capability, Catalog, Parameter
from ioconnect_codegen.models import AliasModel, FieldModel, Model, RecordModel
from ioconnect_codegen.render.lines import function_line, note_text, signature_line, type_line
from ioconnect_codemode.manifest import digest as file_digest
from ioconnect_codemode.manifest_data import (
    SCHEMA_VERSION,
    CapabilityData,
    FieldData,
    ManifestData,
    NamespaceData,
    ParameterData,
    TypeData,
)
from ioconnect_codemode.version import VERSION

_DIGEST_SHOWN = 8  # enough to tell two catalogs of one desk apart, short enough for every answer


def catalog_digest(catalog: Catalog, models: Mapping[str, Model]) -> str:
    """Give the first eight hex digits of the digest over capabilities and types: what answers and headers name."""
    sections = {"capabilities": _capabilities(catalog), "types": _types(models)}
    text = json.dumps(sections, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:_DIGEST_SHOWN]


def render_manifest(
    catalog: Catalog, models: Mapping[str, Model], *, digest: str, files: Mapping[str, str]
) -> dict[str, str]:
    """Give manifest.json.

    Args:
        catalog: The catalog.
        models: The models of its types.
        digest: The catalog's digest.
        files: Every other file of the package that the generator writes again, by path.
    """
    data: ManifestData = {
        "schemaVersion": SCHEMA_VERSION,
        "name": catalog.name,
        "generator": VERSION,
        "environment": catalog.environment,
        "catalog": digest,
        "files": {path: file_digest(text) for path, text in sorted(files.items())},
        "namespaces": {one.name: _namespace(one.name, one.summary, one.capabilities) for one in catalog.namespaces},
        "types": _types(models),
        "capabilities": _capabilities(catalog),
        "omissions": [{"name": one.name or "(no name)", "reason": one.reason} for one in catalog.omissions],
    }
    # ASCII only: a lone surrogate in a wire name or a literal has no other form in a file.
    return {"manifest.json": json.dumps(data, indent=1) + "\n"}


def _namespace(name: str, summary: str, capabilities: tuple[Capability, ...]) -> NamespaceData:
    return {"summary": summary, "module": f"{name}.py", "capabilities": [one.function for one in capabilities]}


def _types(models: Mapping[str, Model]) -> dict[str, TypeData]:
    return {name: _type(models[name]) for name in sorted(models)}


def _type(model: Model) -> TypeData:
    match model:
        case AliasModel():
            return {
                "kind": "alias",
                "module": model.module,
                "type": model.type,
                "definition": type_line(model),
                "uses": list(model.uses),
            }
        case RecordModel():
            return {
                "kind": "record",
                "module": model.module,
                "fields": [_field(one) for one in model.fields],
                "open": model.is_open,
                "definition": type_line(model),
                "uses": list(model.uses),
            }


def _field(one: FieldModel) -> FieldData:
    data: FieldData = {"name": one.name, "key": one.key, "type": one.type, "required": one.is_required}
    if note := note_text(one.note):
        data["note"] = note
    return data


def _capabilities(catalog: Catalog) -> dict[str, CapabilityData]:
    return {one.name: _capability(one) for one in catalog.capabilities}


def _capability(one: Capability) -> CapabilityData:
    data: CapabilityData = {
        "kind": one.kind,
        "wire": one.wire,
        "apps": list(one.apps),
        "effect": one.effect,
        "origin": one.origin,
        "parameters": [_parameter(parameter) for parameter in one.parameters],
        "returns": one.result,
        "input_schema": dict(one.input_schema),
        "output_schema": None if one.output_schema is None else dict(one.output_schema),
        "signature": signature_line(one),
        "definition": function_line(one),
        "summary": one.summary,
        "search": one.search,
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
