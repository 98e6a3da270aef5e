"""JSON Schema files that stand beside what refers to them -> schemas that hold all they refer to.

A schema may say `{"$ref": "client.schema.json"}`. Where that file was given as a source too, its text moves into the
schema, below `$defs` and under its own `$id`, and so does what it refers to itself. A file is known by where it stands
relative to the others and by the `$id` it declares. What was not given is never opened or fetched: such a reference
stays as it is, and whoever reads the schema says that it leads nowhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast
from urllib.parse import quote, urldefrag, urljoin

from ioconnect_codegen.sources.part import Entry, Part, mapped, text
from ioconnect_codemode.values import JsonValue

ROOT = "https://given.invalid/"
"""Address of the folder that all given files have in common; `.invalid` is no host (RFC 2606)."""

_SCHEMAS = frozenset({"inputSchema", "outputSchema", "contextSchema", "valueSchema"})
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_VALUES = frozenset({"enum", "const", "default", "examples", "example"})  # what stands below is no schema
_TYPES = frozenset({"object", "array", "string", "number", "integer", "boolean", "null"})


def is_schema(document: JsonValue) -> bool:
    """Tell whether a document is a JSON Schema, or a set of definitions."""
    found = mapped(document)
    kind = found.get("type")
    kinds = kind if isinstance(kind, list) else [kind]
    has_word = {"$schema", "$id", "$ref", "$defs"} & found.keys() or any(text(one) in _TYPES for one in kinds)
    return bool(has_word) or any(
        isinstance(found.get(key), kind)
        for key, kind in (("definitions", dict), ("properties", dict), ("allOf", list), ("anyOf", list), ("enum", list))
    )


def read(document: JsonValue) -> Part:
    """Give an empty part: a schema describes nothing that can be called."""
    del document
    return Part()


def addresses(paths: Sequence[Path]) -> dict[Path, str]:
    """Give the address of each file: where it stands below the folder that all of them have in common."""
    parents = [path.absolute().parent.parts for path in paths]
    shortest = min(map(len, parents), default=0)
    common = next((n for n in range(shortest, 0, -1) if len({parts[:n] for parts in parents}) == 1), 0)
    return {path: urljoin(ROOT, quote("/".join(path.absolute().parts[common:]))) for path in paths}


class SchemaFiles:
    """The schema files that were given, by address."""

    def __init__(self, documents: Mapping[str, JsonValue]) -> None:
        self._documents: dict[str, Entry] = {}
        self._addresses: dict[str, str] = {}  # address by which a file is known -> the one it stands under
        self._used: set[str] = set()
        for address, document in sorted(documents.items()):
            whole = mapped(document)
            own = _own_address(whole, _own_address({"$id": whole.get("id")}, address))  # `id` up to draft 4
            self._documents.setdefault(own, whole)
            self._addresses[address] = own
            self._addresses.setdefault(own, own)

    def unused(self) -> Iterator[str]:
        """Give the addresses of the files that no schema refers to."""
        for address, own in self._addresses.items():
            if address.startswith(ROOT) and own not in self._used:
                yield address

    def bundled_part(self, part: Part, address: str) -> Part:
        """Give the part with every schema in it bundled; `address` is where the part was read."""
        if not self._documents:
            return part
        return replace(
            part,
            methods=self._entries(part.methods, address),
            tools=self._entries(part.tools, address),
            applications=self._entries(part.applications, address),
            workspaces=self._entries(part.workspaces, address),
            workingContext=self._entries(part.workingContext, address),
        )

    def bundled(self, schema: JsonValue, address: str) -> JsonValue:
        """Give the schema with the files that it refers to, directly or not, below `$defs`."""
        if not isinstance(schema, dict):
            return schema
        wanted: dict[str, None] = {}
        whole = cast("Entry", self._rewritten(schema, _own_address(schema, address), wanted))
        if not wanted:
            return schema
        definitions = dict(mapped(whole.get("$defs")))
        taken: set[str] = set()
        while waiting := [own for own in wanted if own not in taken]:
            for own in waiting:
                taken.add(own)
                document = cast("Entry", self._rewritten(self._documents[own], own, wanted))
                definitions[own] = {**document, "$id": own}
        self._used |= taken
        return {**whole, "$defs": dict(sorted(definitions.items()))}

    def _entries(self, entries: Sequence[Entry], address: str) -> tuple[Entry, ...]:
        return tuple(self._entry(entry, address) for entry in entries)

    def _entry(self, entry: Entry, address: str) -> Entry:
        try:
            return cast("Entry", self._inside(entry, address))
        except RecursionError:  # nested too deeply: whoever reads the schema says so
            return entry

    def _inside(self, value: JsonValue, address: str) -> JsonValue:
        if isinstance(value, list):
            return [self._inside(item, address) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: self._schema(item, address) if key in _SCHEMAS else self._inside(item, address)
            for key, item in value.items()
        }

    def _schema(self, schema: JsonValue, address: str) -> JsonValue:
        """Give a schema bundled; that of a flag is JSON text, and stays as it is where it is broken."""
        if not isinstance(schema, str):
            return self.bundled(schema, address)
        try:
            parsed: JsonValue = json.loads(schema)
        except (ValueError, RecursionError):
            return schema
        whole = self.bundled(parsed, address)
        return schema if whole is parsed else json.dumps(whole, sort_keys=True)

    def _rewritten(self, node: JsonValue, base: str, wanted: dict[str, None]) -> JsonValue:
        """Give the node with the references to given files in their full form, and note which files those are."""
        if isinstance(node, list):
            return [self._rewritten(item, base, wanted) for item in node]
        if not isinstance(node, dict):
            return node
        base = _own_address(node, base)
        copied: Entry = {}
        for key, value in node.items():
            if key in _REFERENCES and isinstance(value, str):
                copied[key] = self._reference(value, base, wanted)
            else:
                copied[key] = value if key in _VALUES else self._rewritten(value, base, wanted)
        return copied

    def _reference(self, reference: str, base: str, wanted: dict[str, None]) -> str:
        if reference.startswith("#"):
            return reference
        address, fragment = urldefrag(_joined(base, reference))
        own = self._addresses.get(address)
        if own is None:
            return reference
        wanted[own] = None
        return f"{own}#{fragment}" if fragment else own


def _own_address(node: Entry, base: str) -> str:
    """Give the address that a schema declares, else the one it was found under."""
    declared = text(node.get("$id"))
    return urldefrag(_joined(base, declared))[0] if declared and not declared.startswith("#") else base


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:  # an address with a broken host
        return reference
