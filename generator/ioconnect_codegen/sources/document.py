"""The environment document itself, as `capture` writes it."""

from __future__ import annotations

from ioconnect_codegen.sources.part import Entry, Part, Reading, mapped, text
from ioconnect_codemode.values import JsonValue

_KEYS = ("methods", "tools", "applications", "intents", "workspaces", "sources")


def is_environment(document: JsonValue) -> bool:
    """Tell whether a document is meant as an environment: it has a `schemaVersion`, and methods or a name."""
    found = mapped(document)
    return "schemaVersion" in found and not {"methods", "name"}.isdisjoint(found)


def read(document: JsonValue) -> Part:
    """Read an environment document, which `read_environment` has found good or will refuse."""
    reading, found = Reading(), mapped(document)
    lists: dict[str, tuple[Entry, ...]] = {
        key: tuple(entry for _, entry in reading.named(found.get(key), f"$.{key}")) for key in _KEYS
    }
    contradictions = reading.named(found.get("contradictions"), "$.contradictions", key="about")
    return Part(
        name=text(found.get("name")),
        description=text(found.get("description")),
        contradictions=tuple(entry for _, entry in contradictions),
        skipped=tuple(reading.skipped),
        **lists,
    )
