"""Catalog -> definitions: the `.pyi` text that a model reads, one line a type and one line a function."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping

from ioconnect_codegen.catalog import Catalog, Namespace
from ioconnect_codegen.models import Model
from ioconnect_codegen.render.lines import argument_types, function_line, type_line
from ioconnect_codegen.render.stubs import in_order
from ioconnect_codegen.render.templating import render


def render_definitions(catalog: Catalog, models: Mapping[str, Model], *, digest: str) -> dict[str, str]:
    """Give `definitions/<namespace>.pyi` for every namespace: it stands alone, shared types included."""
    arguments = argument_types(catalog, models)
    files = {
        f"definitions/{namespace.name}.pyi": _text(catalog, namespace, models, arguments, digest)
        for namespace in catalog.namespaces
    }
    for text in files.values():
        ast.parse(text)
    return files


def _text(
    catalog: Catalog, namespace: Namespace, models: Mapping[str, Model], arguments: Collection[str], digest: str
) -> str:
    return render(
        "definitions.pyi.jinja",
        environment=catalog.name,
        digest=digest,
        namespace=namespace.name,
        summary=namespace.summary,
        types=[type_line(one, is_argument=one.name in arguments) for one in _needed(namespace, models)],
        functions=[function_line(capability) for capability in namespace.capabilities],
    )


def _needed(namespace: Namespace, models: Mapping[str, Model]) -> list[Model]:
    waiting = [name for capability in namespace.capabilities for name in capability.uses]
    needed: dict[str, Model] = {}
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = models[name]
            waiting.extend(models[name].uses)
    return in_order(needed.values(), models)
