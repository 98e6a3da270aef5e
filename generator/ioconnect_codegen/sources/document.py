"""The environment document itself, as `capture` writes it."""

from __future__ import annotations

from collections.abc import Collection

from ioconnect_codegen.problems import broken_entries
from ioconnect_codegen.sources.part import Entry, Part, Reading, listed, mapped, text
from ioconnect_codemode.values import JsonValue

_KEYS = ("methods", "tools", "applications", "intents", "workspaces", "workingContext", "results", "sources")


def is_environment(document: JsonValue) -> bool:
    """Tell whether a document is meant as an environment: it has a `schemaVersion`, and methods or a name."""
    found = mapped(document)
    return "schemaVersion" in found and not {"methods", "name"}.isdisjoint(found)


def read(document: JsonValue) -> Part:
    """Read an environment document; an entry that `read_environment` would refuse is left out."""
    reading, found, broken = Reading(), mapped(document), broken_entries(document)
    for path, problem in broken.items():
        reading.skip(path, problem)
    lists: dict[str, tuple[Entry, ...]] = {key: _sound(found, key, broken) for key in _KEYS}
    return Part(
        name=text(found.get("name")),
        description=text(found.get("description")),
        contradictions=_sound(found, "contradictions", broken),
        gateway=mapped(found.get("gateway")),
        skipped=tuple(reading.skipped),
        **lists,
    )


def _sound(found: Entry, key: str, broken: Collection[str]) -> tuple[Entry, ...]:
    entries = enumerate(map(mapped, listed(found.get(key))))
    return tuple(entry for index, entry in entries if f"$.{key}[{index}]" not in broken)
