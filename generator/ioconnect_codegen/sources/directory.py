"""FDC3 App Directory 1.x and 2.x: the answer of `/v2/apps`, an array of records, or a single record.

A 2.x record names what it listens for under `interop.intents.listensFor`, a 1.x record has `intents` like io.Connect. A
record may carry the io.Connect definition of the same app under `hostManifests.ioConnect`, before 2024 under `Glue42`;
that definition says more and wins where both speak of the same intent or method.
"""

from __future__ import annotations

import json

from ioconnect_codegen.sources import applications
from ioconnect_codegen.sources.part import Entry, Part, Reading, first, kept, listed, mapped, text, texts
from ioconnect_codemode.values import JsonValue

_HOSTS = ("ioConnect", "io.Connect", "ioconnect", "Glue42", "glue42")


def is_directory(document: JsonValue) -> bool:
    """Tell whether a document holds records of an App Directory: they are known by `appId`."""
    return any("appId" in mapped(record) for record in _all(document))


def read(document: JsonValue) -> Part:
    """Read the records; an app is called what io.Connect calls it, else by its `appId`."""
    reading = Reading()
    apps = [_app(record, place, reading) for place, record in reading.named(_all(document), "$", key="appId")]
    return Part(applications=tuple(apps), skipped=tuple(reading.skipped))


def _app(record: Entry, path: str, reading: Reading) -> Entry:
    host = _host(record, path, reading)
    own = applications.definition({**host, "name": text(host.get("name")) or text(record["appId"])}, path, reading)
    said = kept(
        (
            ("type", text(record.get("type"))),
            ("title", text(first(record, "title", "name"))),
            ("caption", text(first(record, "description", "tooltip"))),
        )
    )
    declared: dict[str, JsonValue] = {}
    for intent in (*listed(own.get("intents")), *_intents(record, path, reading)):
        declared.setdefault(text(mapped(intent).get("name")), intent)
    return {**said, **own, **kept((("intents", list(declared.values())),))}


def _intents(record: Entry, path: str, reading: Reading) -> list[JsonValue]:
    listens = mapped(mapped(mapped(record.get("interop")).get("intents")).get("listensFor"))
    found: list[JsonValue] = []
    for name, said in sorted(listens.items()):
        if not name.strip() or not isinstance(said, dict):
            reading.skip(f"{path}.interop.intents.listensFor", f"{name!r} is not described")
            continue
        found.append(
            kept(
                (
                    ("name", name),
                    ("displayName", text(said.get("displayName"))),
                    ("contexts", texts(said.get("contexts"))),
                    ("resultType", text(said.get("resultType"))),
                )
            )
        )
    return [*found, *applications.intents(record.get("intents"), f"{path}.intents", reading)]


def _host(record: Entry, path: str, reading: Reading) -> Entry:
    """Give the io.Connect definition inside a record; it may be JSON text, or the address of one, never fetched."""
    manifest = first(mapped(record.get("hostManifests")), *_HOSTS)
    if isinstance(manifest, str):
        try:
            manifest = json.loads(manifest)
        except (ValueError, RecursionError):
            reading.skip(f"{path}.hostManifests", "not a definition but an address; it is not fetched")
    return mapped(manifest)


def _all(document: JsonValue) -> list[JsonValue]:
    if isinstance(document, dict):
        inner = document.get("applications")
        return inner if isinstance(inner, list) else [document]
    return document if isinstance(document, list) else []
