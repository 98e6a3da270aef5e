"""What one io.Connect says it offers: the raw facts, as the apps declare them, in one read-only value.

Nothing is merged or interpreted here; `catalog` does that. `reader` reads them from a document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ioconnect_codemode.values import JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """An app that offers a method right now, in so many instances."""

    application: str
    instance: str | None
    instances: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodInfo:
    """An interop method as registered; `accepts` and `returns` are the strings of the registration."""

    name: str
    accepts: str
    returns: str
    description: str
    display_name: str
    object_types: tuple[str, ...]
    supports_streaming: bool
    flags: Mapping[str, JsonValue]
    servers: tuple[ServerInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolInfo:
    """A static MCP tool that the owner of the platform maps to a method; a schema is None if it declares none."""

    name: str
    title: str
    description: str
    input_schema: JsonValue
    output_schema: JsonValue
    is_read_only: bool | None
    is_destructive: bool | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppMethodInfo:
    """A method that an app definition declares; the app need not be running."""

    name: str
    description: str
    input_schema: JsonValue
    output_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class AppIntentInfo:
    """An intent that an app definition declares."""

    name: str
    display_name: str
    contexts: tuple[str, ...]
    result_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInfo:
    """An app definition: the parts of it that describe what can be called."""

    name: str
    title: str
    caption: str
    methods: tuple[AppMethodInfo, ...]
    intents: tuple[AppIntentInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerInfo:
    """One app, or one running instance of it, that handles an intent."""

    application: str
    display_name: str
    contexts: tuple[str, ...]
    result_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentInfo:
    """An intent as the Intents API lists it."""

    name: str
    handlers: tuple[HandlerInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceInfo:
    """A workspace layout that can be restored; the schema is None if it declares none."""

    name: str
    description: str
    context_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingValueInfo:
    """A value of the working context: of a context of which kind, at which keys with dots between them."""

    name: str
    location: str
    path: str
    value_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultInfo:
    """What a method was seen to answer, reviewed by a person; empty signatures mean every method of the name."""

    name: str
    accepts: str
    returns: str
    output_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayInfo:
    """What the gateway itself keeps: whether there are shared contexts, and the names of the channels."""

    has_contexts: bool
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionInfo:
    """Something that the sources of the environment say in different ways.

    Attributes:
        about: What it is about, `CRM.GetClient description` for instance.
        said: What was said, with the names of the sources that said so; the first is believed.
    """

    about: str
    said: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What one io.Connect says it offers.

    Attributes:
        name: The environment's name, `wealth-desk` for instance.
        description: What it is, in a sentence; may be empty.
        gateway: What the gateway keeps; None where no gateway was asked.
        digest: SHA-256 of the document, in hex; the order of methods, tools, apps and intents doesn't count, the order
            of keys inside them does: it is the order of parameters.
    """

    name: str
    description: str
    methods: tuple[MethodInfo, ...]
    tools: tuple[ToolInfo, ...]
    applications: tuple[AppInfo, ...]
    intents: tuple[IntentInfo, ...]
    workspaces: tuple[WorkspaceInfo, ...]
    working_context: tuple[WorkingValueInfo, ...]
    results: tuple[ResultInfo, ...]
    contradictions: tuple[ContradictionInfo, ...]
    gateway: GatewayInfo | None
    digest: str
