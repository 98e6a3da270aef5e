"""App definitions of io.Connect: an array of them or a single one, as in an app store or a Browser project."""

from __future__ import annotations

from ioconnect_codegen.sources.part import Entry, Part, Reading, first, kept, mapped, schema, text, texts
from ioconnect_codemode.values import JsonValue

_TYPES = frozenset(
    {"window", "activity", "exe", "node", "workspaces", "webGroup", "clickonce", "citrix", "childWindow", "canvas"}
)

_WORDS = frozenset({"type", "details", "intents", "customProperties"})  # a definition has one of them at least


def is_definitions(document: JsonValue) -> bool:
    """Tell whether a document holds app definitions: `name`, and `details` with a `type` of io.Connect's."""
    return any(map(_is_definition, _all(document)))


def read(document: JsonValue) -> Part:
    """Read app definitions: what tells about methods and intents."""
    reading = Reading()
    apps: list[Entry] = []
    for place, app in reading.named(_all(document), "$"):
        if _WORDS.isdisjoint(app):
            reading.skip(place, "no app definition: none of " + ", ".join(sorted(_WORDS)))
        else:
            apps.append(definition(app, place, reading))
    return Part(applications=tuple(apps), skipped=tuple(reading.skipped))


def definition(app: Entry, path: str, reading: Reading) -> Entry:
    """Give the part of a definition that an environment document keeps."""
    interop = mapped(mapped(app.get("customProperties")).get("interop"))
    methods = [
        _method(method, place, reading)
        for place, method in reading.named(interop.get("methods"), f"{path}.customProperties.interop.methods")
    ]
    declared: JsonValue = list[JsonValue](methods)
    return kept(
        (
            ("name", app["name"]),
            ("type", text(app.get("type"))),
            ("title", text(app.get("title"))),
            ("caption", text(first(app, "caption", "description", "tooltip"))),
            ("customProperties", {"interop": {"methods": declared}} if methods else None),
            ("intents", intents(app.get("intents"), f"{path}.intents", reading)),
        )
    )


def _method(method: Entry, place: str, reading: Reading) -> Entry:
    reading.check(method, place, texts=("description",), schemas=("inputSchema", "outputSchema"))
    return kept(
        (
            ("name", method["name"]),
            ("description", text(method.get("description"))),
            ("inputSchema", schema(method.get("inputSchema"))),
            ("outputSchema", schema(method.get("outputSchema"))),
        )
    )


def intents(value: JsonValue, path: str, reading: Reading) -> list[JsonValue]:
    """Give the declarations of intents: `[{"name", "displayName", "contexts", "resultType"}]`."""
    return [
        kept(
            (
                ("name", intent["name"]),
                ("displayName", text(intent.get("displayName"))),
                ("contexts", texts(intent.get("contexts"))),
                ("resultType", text(intent.get("resultType"))),
            )
        )
        for _, intent in reading.named(value, path)
    ]


def _is_definition(app: JsonValue) -> bool:
    found = mapped(app)
    custom = mapped(found.get("customProperties"))
    is_typed = text(found.get("type")) in _TYPES and not {"details", "intents"}.isdisjoint(found)
    return "name" in found and "appId" not in found and (is_typed or "interop" in custom)


def _all(document: JsonValue) -> list[JsonValue]:
    if isinstance(document, dict):
        inner = first(document, "applications", "definitions")
        return inner if isinstance(inner, list) else [document]
    return document if isinstance(document, list) else []
