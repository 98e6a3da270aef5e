"""The dump of `intents.all()`: every intent with the apps and running instances that handle it."""

from __future__ import annotations

from ioconnect_codegen.sources.part import Entry, Part, Reading, kept, listed, mapped, text, texts
from ioconnect_codemode.values import JsonValue

_KINDS = ("app", "instance")


def is_dump(document: JsonValue) -> bool:
    """Tell whether a document is what `intents.all()` gives: an array of intents, or `{"intents": [...]}`."""
    return any("name" in one and isinstance(one.get("handlers"), list) for one in map(mapped, _all(document)))


def read(document: JsonValue) -> Part:
    """Read the intents; a handler is known by `applicationName`."""
    reading = Reading()
    found: list[Entry] = []
    for path, intent in reading.named(_all(document), "$"):
        handlers = reading.named(intent.get("handlers"), f"{path}.handlers", key="applicationName")
        found.append({"name": intent["name"], "handlers": [_handler(handler) for _, handler in handlers]})
    return Part(intents=tuple(found), skipped=tuple(reading.skipped))


def _handler(handler: Entry) -> Entry:
    kind = text(handler.get("type"))
    return {
        "applicationName": handler["applicationName"],
        "type": kind if kind in _KINDS else "instance" if handler.get("instanceId") else "app",
        **kept(
            (
                ("displayName", text(handler.get("displayName"))),
                ("contextTypes", texts(handler.get("contextTypes"))),
                ("resultType", text(handler.get("resultType"))),
                ("instanceId", text(handler.get("instanceId"))),
            )
        ),
    }


def _all(document: JsonValue) -> list[JsonValue]:
    return listed(mapped(document).get("intents") if isinstance(document, dict) else document)
