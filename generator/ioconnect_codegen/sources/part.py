"""Part of an environment document: what one source says, in the document's own form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from ioconnect_codemode.values import JsonValue

Entry: TypeAlias = "dict[str, JsonValue]"
"""One method, tool, app, intent or workspace, in the form of `environment.schema.json`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one source says.

    Attributes:
        name: The environment's name, where the source gives one.
        description: What the environment is for, where the source says so.
        sources: What the source says it was made from itself.
        contradictions: What the source says that its own sources contradict each other in.
        gateway: What the gateway keeps; empty where none was asked.
        skipped: Entries that are no description, `$.methods[3]: no name` each.
    """

    name: str = ""
    description: str = ""
    methods: tuple[Entry, ...] = ()
    tools: tuple[Entry, ...] = ()
    applications: tuple[Entry, ...] = ()
    intents: tuple[Entry, ...] = ()
    workspaces: tuple[Entry, ...] = ()
    workingContext: tuple[Entry, ...] = ()  # noqa: N815 - fields of lists are called like the document's
    results: tuple[Entry, ...] = ()
    sources: tuple[Entry, ...] = ()
    contradictions: tuple[Entry, ...] = ()
    gateway: Entry = field(default_factory=dict[str, JsonValue])
    skipped: tuple[str, ...] = ()


class Reading:
    """Reads entries out of a document that may hold anything, and notes what it skips."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def named(self, value: JsonValue, path: str, *, key: str = "name") -> list[tuple[str, Entry]]:
        """Give the objects of a list that have a name, each with its path; the others are noted."""
        found: list[tuple[str, Entry]] = []
        for index, item in enumerate(listed(value)):
            place = f"{path}[{index}]"
            if not isinstance(item, dict):
                self.skip(place, "not an object")
            elif not text(item.get(key)).strip():
                self.skip(place, f"no {key}")
            else:
                found.append((place, item))
        return found

    def check(self, entry: Entry, path: str, *, texts: Iterable[str] = (), schemas: Iterable[str] = ()) -> None:
        """Note what is said in a wrong form, and so can't be kept: something other than text, or than a JSON Schema."""
        for key in texts:
            if not isinstance(entry.get(key), str | None):
                self.skip(f"{path}.{key}", "not text")
        for key in schemas:
            if not isinstance(entry.get(key), dict | bool | None):
                self.skip(f"{path}.{key}", "not a JSON Schema")

    def skip(self, path: str, reason: str) -> None:
        """Note that an entry is left out."""
        self.skipped.append(f"{path}: {reason}")


def kept(pairs: Iterable[tuple[str, JsonValue]]) -> Entry:
    """Give the pairs that say something: no None, no empty text, list or object."""
    return {key: value for key, value in pairs if value not in (None, "", [], {})}


def listed(value: JsonValue) -> list[JsonValue]:
    """Give a list, empty for everything else."""
    return value if isinstance(value, list) else []


def mapped(value: JsonValue) -> Entry:
    """Give an object, empty for everything else."""
    return value if isinstance(value, dict) else {}


def text(value: JsonValue) -> str:
    """Give a text, empty for everything else."""
    return value if isinstance(value, str) else ""


def texts(value: JsonValue) -> list[JsonValue]:
    """Give the texts of a list that say something."""
    return [item for item in listed(value) if isinstance(item, str) and item]


def schema(value: JsonValue) -> JsonValue:
    """Give a JSON Schema, None for everything else."""
    return value if isinstance(value, dict | bool) else None


def first(entry: Mapping[str, JsonValue], *keys: str) -> JsonValue:
    """Give the value of the first of the keys that is there."""
    return next((entry[key] for key in keys if key in entry), None)
