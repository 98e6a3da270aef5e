"""Which kind of description a document is, and the room that reads it."""

from __future__ import annotations

from collections.abc import Callable

from ioconnect_codegen.errors import SourceError
from ioconnect_codegen.sources import (
    applications,
    directory,
    document,
    intents,
    layouts,
    methods,
    observed,
    schema_files,
    tools,
)
from ioconnect_codegen.sources.part import Part
from ioconnect_codemode.values import JsonValue

SCHEMA = "JSON Schema"
"""Kind of a file that others refer to."""

# From the most distinct to the least: a record of a directory has what a definition has, and more.
_ROOMS: dict[str, tuple[Callable[[JsonValue], bool], Callable[[JsonValue], Part]]] = {
    "environment": (document.is_environment, document.read),
    "io.Intelligence configuration": (tools.is_configuration, tools.read_configuration),
    "FDC3 App Directory": (directory.is_directory, directory.read),
    "workspace layouts": (layouts.is_layouts, layouts.read),
    "gateway discovery": (methods.is_discovery, methods.read),
    "MCP tools/list": (tools.is_list, tools.read_list),
    "intents.all()": (intents.is_dump, intents.read),
    "io.Connect app definitions": (applications.is_definitions, applications.read),
    "interop.methods()": (methods.is_dump, methods.read),
    "results overlay": (observed.is_overlay, observed.read),
    SCHEMA: (schema_files.is_schema, schema_files.read),
}

KINDS = tuple(_ROOMS)
"""The known kinds, in the order in which a document is tried for them."""


def detect(source: JsonValue) -> str | None:
    """Give the kind of a document, None for an unknown one."""
    return next((kind for kind, (fits, _) in _ROOMS.items() if fits(source)), None)


def read(source: JsonValue, kind: str) -> Part:
    """Read a document of a known kind.

    Raises:
        SourceError: There is no such kind.
    """
    if kind not in _ROOMS:
        raise SourceError(f"{kind} is no known kind; known are {', '.join(KINDS)}")
    return _ROOMS[kind][1](source)
