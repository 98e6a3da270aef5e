"""All that is declared under the name of an interop method -> its identities, and what is said of each but its shapes.

The platform identifies a method by name, accepts and returns, without regard to case; several servers of one identity
are one capability, two identities of one name are two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias, TypeVar

from ioconnect_codegen.drafts import Effect
from ioconnect_codegen.environment import AppInfo, AppMethodInfo, MethodInfo, ResultInfo, ToolInfo
from ioconnect_codegen.naming import namespace_name, snake, split_vendor
from ioconnect_codemode.values import JsonValue

T = TypeVar("T")

Declaration: TypeAlias = MethodInfo | ToolInfo | AppInfo | AppMethodInfo | ResultInfo

_SEVERAL = "methods"  # namespace of what several apps offer under a name without dots


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """All that the environment says about one identity."""

    name: str
    accepts: str
    returns: str
    registered: tuple[MethodInfo, ...]
    tools: tuple[ToolInfo, ...]
    declared: tuple[tuple[AppInfo, AppMethodInfo], ...]
    observed: tuple[ResultInfo, ...]
    shares_wire: bool


def identities(declarations: Sequence[Declaration]) -> Iterator[Identity]:
    """Give the identities of a name, by signatures."""
    methods = _in_order([one for one in declarations if isinstance(one, MethodInfo)], _method_order)
    tools = tuple(_in_order([one for one in declarations if isinstance(one, ToolInfo)], _tool_order))
    pairs = [
        (app, one) for app, one in pairwise(declarations) if isinstance(app, AppInfo) and isinstance(one, AppMethodInfo)
    ]
    declared = tuple(_in_order(pairs, lambda pair: _app_order(*pair)))
    observed = [one for one in declarations if isinstance(one, ResultInfo)]
    by_identity: dict[tuple[str, str], list[MethodInfo]] = defaultdict(list)
    for method in methods:
        by_identity[method.accepts.lower(), method.returns.lower()].append(method)
    spelt = [*(one.name for _, one in declared), *(tool.method for tool in tools)]
    for _, registered in sorted(by_identity.items()) or [(("", ""), list[MethodInfo]())]:
        yield Identity(
            name=registered[0].name if registered else spelt[0],
            accepts=registered[0].accepts if registered else "",
            returns=registered[0].returns if registered else "",
            registered=tuple(registered),
            tools=tools,
            declared=declared,
            observed=tuple(one for one in observed if _is_of(one, registered)),
            shares_wire=len(by_identity) > 1,
        )


def _is_of(result: ResultInfo, registered: Sequence[MethodInfo]) -> bool:
    """Tell whether an observed result is of the method with these registrations."""
    wanted = result.accepts.lower(), result.returns.lower()
    return wanted == ("", "") or any(wanted == (one.accepts.lower(), one.returns.lower()) for one in registered)


def _in_order(found: list[T], key: Callable[[T], tuple[str, ...]]) -> list[T]:
    return sorted(found, key=key) if len(found) > 1 else found  # a key costs, and most stand alone


def _method_order(method: MethodInfo) -> tuple[str, ...]:
    # All of it: two registrations that differ in a flag alone have an order too.
    return method.name, method.accepts, method.returns, repr(method)


def _tool_order(tool: ToolInfo) -> tuple[str, ...]:
    return tool.name, repr(tool)


def _app_order(app: AppInfo, one: AppMethodInfo) -> tuple[str, ...]:
    return app.name, repr(one), app.title


def apps_of(facts: Identity) -> tuple[str, ...]:
    """Give the apps that offer or declare it, sorted."""
    running = {server.application for method in facts.registered for server in method.servers if server.application}
    return tuple(sorted(running | {app.name for app, _ in facts.declared}))


def wishes_of(facts: Identity, apps: Sequence[str]) -> tuple[str, str]:
    """Give the wishes for namespace and function name."""
    segments = split_vendor(facts.name)
    if len(segments) > 1:
        namespace, function = namespace_name(segments[0]), snake("_".join(segments[1:]))
    else:
        namespace, function = namespace_name(apps[0] if len(apps) == 1 else _SEVERAL), snake(segments[0])
    named = _tool_name(facts)
    if named:
        function = snake(named)
        prefix = f"{namespace.rstrip('_')}_"
        function = function[len(prefix) :] if function.startswith(prefix) and function != prefix else function
    return namespace, function


def _tool_name(facts: Identity) -> str:
    for method in facts.registered:
        flag = method.flags.get("ioIntelMCPTool")
        name = flag.get("name") if isinstance(flag, dict) else None
        if isinstance(name, str) and name.strip():
            return name
    return facts.tools[0].name if facts.tools else ""


def effect_of(facts: Identity) -> Effect:
    """Give the effect that MCP annotations declare; a name never decides it."""
    hints = [(tool.is_read_only, tool.is_destructive) for tool in facts.tools]
    for method in facts.registered:
        flag = method.flags.get("ioIntelMCPTool")
        annotations = flag.get("annotations") if isinstance(flag, dict) else None
        if isinstance(annotations, dict):
            hints.append((_hint(annotations, "readOnlyHint"), _hint(annotations, "destructiveHint")))
    if any(is_destructive for _, is_destructive in hints):
        return "destructive"
    if any(is_read_only is False or is_destructive is False for is_read_only, is_destructive in hints):
        return "read" if all(is_read_only for is_read_only, _ in hints) else "write"
    return "read" if any(is_read_only for is_read_only, _ in hints) else "unknown"


def _hint(annotations: Mapping[str, JsonValue], key: str) -> bool | None:
    value = annotations.get(key)
    return value if isinstance(value, bool) else None


def description_of(facts: Identity) -> str:
    """Give what it does, in the best words that a source has; may be empty."""
    flags = [method.flags.get("ioIntelMCPTool") for method in facts.registered]
    candidates: Iterable[object] = [
        *(flag.get("description") for flag in flags if isinstance(flag, dict)),
        *(tool.description for tool in facts.tools),
        *(method.description for method in facts.registered),
        *(one.description for _, one in facts.declared),
        *(tool.title for tool in facts.tools),
        *(method.display_name for method in facts.registered),
    ]
    return next((text for text in candidates if isinstance(text, str) and text.strip()), "")


def search_words(facts: Identity) -> Iterator[str]:
    """Give further words by which it may be looked for."""
    for method in facts.registered:
        yield method.display_name
        yield method.description
        yield from method.object_types
    for tool in facts.tools:
        yield tool.name
        yield tool.title
    for app, one in facts.declared:
        yield app.title
        yield one.description
