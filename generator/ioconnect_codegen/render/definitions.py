"""Namespace -> definitions: the `.pyi` text that a model reads, one line a type and one line a function."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from ioconnect_codegen.catalog import Namespace
from ioconnect_codegen.models import Model
from ioconnect_codegen.render.lines import function_line
from ioconnect_codegen.render.manifest import Entry
from ioconnect_codegen.render.stubs import in_order
from ioconnect_codegen.render.templating import render
from ioconnect_codemode.manifest_data import TypeData


def render_definitions(
    environment: str, namespace: Namespace, models: Mapping[str, Model], types: Mapping[str, Entry[TypeData]]
) -> str:
    """Give `definitions/<namespace>.pyi`: it stands alone, shared types included.

    Args:
        environment: The environment's name.
        namespace: The namespace.
        models: The types that it can name, by name.
        types: What the manifest says about them, by name.
    """
    text = render(
        "definitions.pyi.jinja",
        environment=environment,
        namespace=namespace.name,
        summary=namespace.summary,
        types=[types[one.name].data["definition"] for one in _needed(namespace, models)],
        functions=[function_line(capability) for capability in namespace.capabilities],
    )
    ast.parse(text)
    return text


def _needed(namespace: Namespace, models: Mapping[str, Model]) -> list[Model]:
    waiting = [name for capability in namespace.capabilities for name in capability.uses]
    needed: dict[str, Model] = {}
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = models[name]
            waiting.extend(models[name].uses)
    return in_order(needed.values(), models)
