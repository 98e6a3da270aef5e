"""Interop methods: the dump of `interop.methods()`, and the gateway's own messages.

The client calls the signatures `accepts` and `returns`, the gateway `input_signature` and `result_signature`; the gateway
puts the app's flags under `flags.metadata`. Other words differ in the same way (`object_types`, `display_name`).
"""

from __future__ import annotations

import json

from ioconnect_codegen.sources.part import Entry, Part, Reading, first, kept, listed, mapped, schema, text, texts
from ioconnect_codemode.values import JsonValue

_SIGNS = frozenset({"accepts", "returns", "supportsStreaming", "objectTypes", "getServers"})
_WORDS = _SIGNS | {"name", "displayName", "description", "version", "flags", "servers"}
_TEXTS = ("accepts", "input_signature", "returns", "result_signature", "description", "displayName", "display_name")
_WIRE_WORDS = frozenset({"input_signature", "result_signature", "object_types", "display_name"})


def is_dump(document: JsonValue) -> bool:
    """Tell whether a document is what `interop.methods()` gives: an array of methods, or `{"methods": [...]}`.

    Methods without a signature are common. An array is one of methods where no entry has any other word.
    """
    entries = [mapped(item) for _, found, _ in _lists(document) for item in listed(found)]
    named = [entry for entry in entries if "name" in entry]
    return any(_SIGNS & entry.keys() for entry in named) or (
        bool(named) and (isinstance(document, dict) or all(entry.keys() <= _WORDS for entry in named))
    )


def is_discovery(document: JsonValue) -> bool:
    """Tell whether a document is what a gateway announces: `methods-added` messages or their methods."""
    return any(map(_is_announcement, listed(document) or [document])) or _has(document, _WIRE_WORDS)


def read(document: JsonValue) -> Part:
    """Read methods of either form; a server is named by `application`, `applicationName` or not at all."""
    reading, entries = Reading(), list[Entry]()
    servers = _peers(document)
    for path, methods, announced in _lists(document):
        for place, method in reading.named(methods, path):
            reading.check(method, place, texts=_TEXTS)
            entry = _entry(method)
            if announced and announced in servers:
                entry["servers"] = [{"application": servers[announced]}]
            if flags := _flags(method, reading, place):
                entry["flags"] = flags
            entries.append(entry)
    return Part(methods=tuple(entries), skipped=tuple(reading.skipped))


def _has(document: JsonValue, words: frozenset[str] | set[str]) -> bool:
    methods = [mapped(item) for _, found, _ in _lists(document) for item in listed(found)]
    return any("name" in method and words & method.keys() for method in methods)


def _is_announcement(message: JsonValue) -> bool:
    return mapped(message).get("type") == "methods-added"


def _lists(document: JsonValue) -> list[tuple[str, JsonValue, str]]:
    """Give each list of methods with its path and the id of the server that announces it."""
    if isinstance(document, dict):
        return [("$.methods", document.get("methods"), text(document.get("server_id")))]
    messages = [(index, mapped(item)) for index, item in enumerate(listed(document)) if _is_announcement(item)]
    if messages:
        return [(f"$[{i}].methods", one.get("methods"), text(one.get("server_id"))) for i, one in messages]
    return [("$", document, "")]


def _peers(document: JsonValue) -> dict[str, str]:
    """Give the application of each server that a `peer-added` message names."""
    found: dict[str, str] = {}
    for message in map(mapped, listed(document)):
        if message.get("type") == "peer-added":
            identity = mapped(message.get("identity"))
            found[text(message.get("new_peer_id"))] = text(first(identity, "application", "applicationName"))
    return {server: application for server, application in found.items() if application}


def _entry(method: Entry) -> Entry:
    version = method.get("version")
    is_stream = method.get("supportsStreaming") is True or mapped(method.get("flags")).get("streaming") is True
    return kept(
        (
            ("name", method["name"]),
            ("accepts", text(first(method, "accepts", "input_signature"))),
            ("returns", text(first(method, "returns", "result_signature"))),
            ("description", text(method.get("description"))),
            ("displayName", text(first(method, "displayName", "display_name"))),
            ("objectTypes", texts(first(method, "objectTypes", "object_types"))),
            ("version", version if isinstance(version, int | float) and not isinstance(version, bool) else None),
            ("supportsStreaming", True if is_stream else None),
            ("servers", _servers(first(method, "servers", "getServers"))),
        )
    )


def _servers(value: JsonValue) -> list[JsonValue]:
    found: dict[tuple[str, str], JsonValue] = {}
    for server in map(mapped, listed(value)):
        application = text(first(server, "application", "applicationName"))
        instance = text(server.get("instance"))
        instances = server.get("instances")
        count = instances if isinstance(instances, int) and not isinstance(instances, bool) and instances > 1 else None
        if application:
            pairs = (("application", application), ("instance", instance), ("instances", count))
            found[application, instance] = kept(pairs)
    return [found[key] for key in sorted(found)]


def _flags(method: Entry, reading: Reading, place: str) -> Entry:
    """Give the app's flags; a tool's schemas are JSON text, and what is neither text nor schema is noted."""
    raw = mapped(method.get("flags"))
    flags = dict(mapped(raw["metadata"]) if raw.keys() <= {"metadata", "streaming"} and "metadata" in raw else raw)
    if flags.keys() == {"streaming"}:
        return {}
    for key, read_flag in (("ioIntelMCPTool", _tool), ("intent", _intent)):
        if isinstance(flag := flags.get(key), dict):
            flags[key] = read_flag(flag, reading, f"{place}.flags.{key}")
        elif key in flags:
            reading.skip(f"{place}.flags.{key}", "not an object")
            del flags[key]
    return flags


def _tool(flag: Entry, reading: Reading, place: str) -> Entry:
    """Give the flag with its schemas as JSON text; some apps hand over the object itself."""
    found = dict(flag)
    for key in ("name", "inputSchema", "outputSchema"):
        value = flag.get(key)
        if key != "name" and schema(value) is not None:
            found[key] = json.dumps(value, sort_keys=True)
        elif key in flag and not isinstance(value, str):
            reading.skip(f"{place}.{key}", "not text" if key == "name" else "neither JSON text nor a schema")
            del found[key]
    return found


def _intent(flag: Entry, reading: Reading, place: str) -> Entry:
    """Give what a handler says of itself; words of other kinds, null for instance, say nothing."""
    del reading, place
    said = {key: text(flag.get(key)) for key in ("displayName", "description", "resultType")}
    return kept((("contextTypes", texts(flag.get("contextTypes"))), *said.items()))
