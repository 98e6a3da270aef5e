"""Typed reading of an environment document that fits its schema: an entry -> what it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

from ioconnect_codegen.environment import (
    AppInfo,
    AppIntentInfo,
    AppMethodInfo,
    ContradictionInfo,
    GatewayInfo,
    HandlerInfo,
    IntentInfo,
    MethodInfo,
    ResultInfo,
    ServerInfo,
    ToolInfo,
    WorkingValueInfo,
    WorkspaceInfo,
)
from ioconnect_codemode.values import JsonValue


class Facts:
    """Typed reading of a document that fits the schema; what is optional and absent reads as empty."""

    def __init__(self, value: object) -> None:
        facts = cast("Mapping[str, JsonValue]", value) if isinstance(value, Mapping) else None
        self._value: Mapping[str, JsonValue] = facts or {}

    def text(self, key: str) -> str:
        """Give a text."""
        value = self._value.get(key)
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        """Give the texts of a list."""
        value = self._value.get(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def flag(self, key: str) -> bool | None:
        """Give a flag, None where there is none."""
        value = self._value.get(key)
        return value if isinstance(value, bool) else None

    def raw(self, key: str) -> JsonValue:
        """Give a value as it is, None where there is none."""
        return self._value.get(key)

    def inside(self, key: str) -> Facts:
        """Give the facts of an object inside."""
        return Facts(self._value.get(key))

    def each(self, key: str) -> list[Facts]:
        """Give the facts of every object of a list."""
        value = self._value.get(key)
        return [Facts(item) for item in value] if isinstance(value, list) else []

    def mapping(self, key: str) -> Mapping[str, JsonValue]:
        """Give an object as it is."""
        value = self._value.get(key)
        return value if isinstance(value, dict) else {}

    def items(self, key: str) -> list[JsonValue]:
        """Give a list as it is."""
        value = self._value.get(key)
        return value if isinstance(value, list) else []

    def others(self, keys: Collection[str]) -> dict[str, JsonValue]:
        """Give everything but what has these keys, by key."""
        return {key: value for key, value in sorted(self._value.items()) if key not in keys}


def method_in(facts: Facts) -> MethodInfo:
    """Give what an interop method says of itself."""
    servers = (
        ServerInfo(
            application=server.text("application"),
            instance=server.text("instance") or None,
            instances=_count(server.raw("instances")),
        )
        for server in facts.each("servers")
    )
    return MethodInfo(
        name=facts.text("name"),
        accepts=facts.text("accepts"),
        returns=facts.text("returns"),
        description=facts.text("description"),
        display_name=facts.text("displayName"),
        object_types=facts.texts("objectTypes"),
        supports_streaming=facts.flag("supportsStreaming") or False,
        flags=facts.mapping("flags"),
        servers=tuple(servers),
    )


def _count(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 1


def tool_in(facts: Facts) -> ToolInfo:
    """Give what a static tool says."""
    config = facts.inside("config")
    annotations = config.inside("annotations")
    return ToolInfo(
        name=facts.text("name"),
        title=config.text("title"),
        description=config.text("description"),
        input_schema=config.raw("inputSchema"),
        output_schema=config.raw("outputSchema"),
        is_read_only=annotations.flag("readOnlyHint"),
        is_destructive=annotations.flag("destructiveHint"),
        method=facts.inside("interop").text("methodName"),
    )


def app_in(facts: Facts) -> AppInfo:
    """Give what an app definition says."""
    declared = facts.inside("customProperties").inside("interop").each("methods")
    methods = (
        AppMethodInfo(
            name=method.text("name"),
            description=method.text("description"),
            input_schema=method.raw("inputSchema"),
            output_schema=method.raw("outputSchema"),
        )
        for method in declared
    )
    intents = (
        AppIntentInfo(
            name=intent.text("name"),
            display_name=intent.text("displayName"),
            contexts=intent.texts("contexts"),
            result_type=intent.text("resultType"),
        )
        for intent in facts.each("intents")
    )
    return AppInfo(
        name=facts.text("name"),
        title=facts.text("title"),
        caption=facts.text("caption"),
        methods=tuple(methods),
        intents=tuple(intents),
    )


def intent_in(facts: Facts) -> IntentInfo:
    """Give who handles an intent."""
    handlers = (
        HandlerInfo(
            application=handler.text("applicationName"),
            display_name=handler.text("displayName"),
            contexts=handler.texts("contextTypes"),
            result_type=handler.text("resultType"),
        )
        for handler in facts.each("handlers")
    )
    return IntentInfo(name=facts.text("name"), handlers=tuple(handlers))


def workspace_in(facts: Facts) -> WorkspaceInfo:
    """Give what a workspace layout says."""
    return WorkspaceInfo(
        name=facts.text("name"), description=facts.text("description"), context_schema=facts.raw("contextSchema")
    )


def working_value_in(facts: Facts) -> WorkingValueInfo:
    """Give where a value of the working context stands, and what it is."""
    return WorkingValueInfo(
        name=facts.text("name"),
        location=facts.text("location"),
        path=facts.text("path"),
        value_schema=facts.raw("valueSchema"),
    )


def gateway_in(facts: Facts) -> GatewayInfo:
    """Give what the gateway keeps."""
    return GatewayInfo(has_contexts=facts.flag("contexts") or False, channels=tuple(sorted(facts.texts("channels"))))


def result_in(facts: Facts) -> ResultInfo:
    """Give what a method was seen to answer."""
    return ResultInfo(
        name=facts.text("name"),
        accepts=facts.text("accepts"),
        returns=facts.text("returns"),
        output_schema=facts.raw("outputSchema"),
    )


def contradiction_in(facts: Facts) -> ContradictionInfo:
    """Give what sources say in different ways."""
    said = ((one.text("value"), one.texts("sources")) for one in facts.each("said"))
    return ContradictionInfo(about=facts.text("about"), said=tuple(said))
