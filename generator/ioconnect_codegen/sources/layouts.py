"""Workspace layouts of io.Connect: their `metadata.contextSchema` says what the workspace's context is."""

from __future__ import annotations

from ioconnect_codegen.sources.part import Entry, Part, Reading, kept, mapped, schema, text
from ioconnect_codemode.values import JsonValue


def is_layouts(document: JsonValue) -> bool:
    """Tell whether a document holds layouts: an array, `{"layouts": [...]}` or a single one, of type `Workspace`."""
    return any(mapped(layout).get("type") == "Workspace" and "name" in mapped(layout) for layout in _all(document))


def read(document: JsonValue) -> Part:
    """Read the workspace layouts; global layouts and others have no context and are passed over."""
    reading = Reading()
    found: list[Entry] = []
    for place, layout in reading.named(_all(document), "$"):
        if layout.get("type") == "Workspace":
            metadata = mapped(layout.get("metadata"))
            reading.check(metadata, f"{place}.metadata", texts=("description",), schemas=("contextSchema",))
            found.append(
                kept(
                    (
                        ("name", layout["name"]),
                        ("description", text(metadata.get("description"))),
                        ("contextSchema", schema(metadata.get("contextSchema"))),
                    )
                )
            )
    return Part(workspaces=tuple(found), skipped=tuple(reading.skipped))


def _all(document: JsonValue) -> list[JsonValue]:
    if isinstance(document, dict):
        inner = document.get("layouts")
        return inner if isinstance(inner, list) else [document]
    return document if isinstance(document, list) else []
