"""MCP tools: the answer of `tools/list`, and the configuration of io.Intelligence.

A tool of `tools/list` doesn't say which method it calls. It is taken for a tool of the method of its own name, unless
`_meta` names another (`methodName`, or `interop.methodName` as in the configuration).

    {"tools": [...]}, [...], {"result": {"tools": [...]}}                                   tools/list
    {"mcpCoreServer": {"tools": {"static": {"methods": [...], "intents": [...]}}}}          configuration, or a part of it
"""

from __future__ import annotations

from ioconnect_codegen.sources import working_context
from ioconnect_codegen.sources.part import Entry, Part, Reading, first, kept, listed, mapped, schema, text, texts
from ioconnect_codemode.values import JsonValue

_TEXTS = ("title", "description")
_SCHEMAS = ("inputSchema", "outputSchema")
_DEPTH = 6  # of the static tools inside a configuration: `mcpCoreServer.tools.static`, in a file of the platform's


def is_list(document: JsonValue) -> bool:
    """Tell whether a document is an answer of `tools/list`: tools are known by `inputSchema` beside `name`."""
    return any({"name", "inputSchema"} <= mapped(tool).keys() for tool in listed(_listed_tools(document)))


def is_configuration(document: JsonValue) -> bool:
    """Tell whether a document configures static tools, or the working context."""
    return bool(_static(document)) or working_context.is_working_context(document)


def read_list(document: JsonValue) -> Part:
    """Read the answer of `tools/list`."""
    reading = Reading()
    tools: list[Entry] = []
    for path, tool in reading.named(_listed_tools(document), "$.tools"):
        reading.check(tool, path, texts=_TEXTS, schemas=_SCHEMAS)
        tools.append(_listed_tool(tool))
    return Part(tools=tuple(tools), skipped=tuple(reading.skipped))


def read_configuration(document: JsonValue) -> Part:
    """Read static methods and static intents, and what the working context is made of.

    Of static intents it is public that they exist, have an `availability`, and filter applications; not how their
    fields are called. Those of static methods are taken for theirs (`name`, `config`), and the words of the Intents API
    (`intent`, `contextTypes`, `resultType`) where they stand. An intent that no such word names is left out.
    """
    reading, static = Reading(), _static(document)
    tools: list[Entry] = []
    for path, tool in reading.named(static.get("methods"), "$.tools.static.methods"):
        method = text(mapped(tool.get("interop")).get("methodName"))
        reading.check(mapped(tool.get("config")), f"{path}.config", texts=_TEXTS, schemas=_SCHEMAS)
        if method:
            tools.append(_tool(tool, mapped(tool.get("config")), method))
        else:
            reading.skip(path, "no interop.methodName")
    intents: list[Entry] = []
    for path, tool in reading.named(static.get("intents"), "$.tools.static.intents"):
        if name := _intent_name(tool):
            intents.append(_intent(tool, name))
            if "inputSchema" in mapped(tool.get("config")):
                reading.skip(
                    f"{path}.config.inputSchema", "how its properties stand in the intent's context is not public"
                )
        else:
            reading.skip(path, "no intent is named: looked for intent, intent.name, intentName and interop.intentName")
    values = working_context.read(document, reading)
    return Part(tools=tuple(tools), intents=tuple(intents), workingContext=values, skipped=tuple(reading.skipped))


def _listed_tool(tool: Entry) -> Entry:
    meta = mapped(tool.get("_meta"))
    method = text(meta.get("methodName")) or text(mapped(meta.get("interop")).get("methodName"))
    return _tool(tool, tool, method or text(tool["name"]))


def _tool(tool: Entry, said: Entry, method: str) -> Entry:
    hints = mapped(said.get("annotations"))
    annotations: JsonValue = {key: value for key, value in hints.items() if isinstance(value, bool)}
    config = kept(
        (
            ("title", text(first(said, "title")) or text(hints.get("title"))),
            ("description", text(said.get("description"))),
            ("inputSchema", schema(said.get("inputSchema"))),
            ("outputSchema", schema(said.get("outputSchema"))),
            ("annotations", annotations),
        )
    )
    entry = kept((("availability", text(tool.get("availability"))), ("name", tool["name"])))
    return {**entry, "config": config, "interop": {"methodName": method}}


def _intent_name(tool: Entry) -> str:
    said, interop = mapped(tool.get("intent")), mapped(tool.get("interop"))
    found = (said.get("name"), said.get("intentName"), tool.get("intent"), tool.get("intentName"))
    return next((name for name in map(text, (*found, interop.get("intentName"))) if name), "")


def _intent(tool: Entry, name: str) -> Entry:
    """Give the intent that a static tool raises; whoever handles it is not said, its contexts may be."""
    said, config = mapped(tool.get("intent")), mapped(tool.get("config"))
    applications = texts(first(said, "applications", "allowedApplications")) or [""]
    handlers: list[JsonValue] = [
        {
            "applicationName": application,
            "type": "app",
            **kept(
                (
                    ("displayName", text(config.get("description")) or text(config.get("title"))),
                    ("contextTypes", texts(first(said, "contextTypes", "contexts"))),
                    ("resultType", text(said.get("resultType"))),
                )
            ),
        }
        for application in applications
    ]
    return {"name": name, "handlers": handlers}


def _listed_tools(document: JsonValue) -> JsonValue:
    if isinstance(document, list):
        return document
    found = mapped(document)
    return first(mapped(found.get("result")) or found, "tools")


def _static(document: JsonValue, depth: int = 0) -> Entry:
    """Give the object with `methods` and `intents`, wherever in the configuration it stands."""
    found = mapped(document)
    if any(_is_static(one) for key in ("methods", "intents") for one in listed(found.get(key))):
        return found
    if depth < _DEPTH:
        for value in found.values():
            if inner := _static(value, depth + 1):
                return inner
    return {}


def _is_static(tool: JsonValue) -> bool:
    found = mapped(tool)
    return "name" in found and not {"interop", "intent", "intentName"}.isdisjoint(found)
