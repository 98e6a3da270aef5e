"""What the platform itself does, and what the gateway keeps -> drafts of capabilities in the namespace `platform`.

io.Connect's own methods are hidden: they are powerful, and called with commands inside their arguments. Some commands
take one interop call and plain data: these come in as capabilities of their own, each with a part of its arguments
fixed, and only where the environment has the method. What takes more than one call is left to be told. Shared contexts,
channels and connected apps are asked of the gateway itself, and come in where one was asked.

The calls are data: `ioconnect_schemas/platform_calls.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import cast

import ioconnect_schemas
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Described, Draft, Drafts, Effect, Kind, parameters_of
from ioconnect_codegen.environment import Environment, GatewayInfo, WorkspaceInfo
from ioconnect_codegen.naming import snake
from ioconnect_codegen.platform_names import is_system_method
from ioconnect_codegen.prose import one_line
from ioconnect_codegen.schemas import read_schema
from ioconnect_codegen.shapes import Note, Record
from ioconnect_codegen.working_context import left_out, workspace_context
from ioconnect_codemode.values import JsonValue

NAMESPACE = "platform"
"""Where every platform call lives."""

_OPTIONS = ("restoreOptions", "context")  # where a workspace's own context stands below the arguments
_JsonObject = dict[str, JsonValue]
_SHOWN_CHANNELS = 8  # what a line of a definition has room for; a platform has some eight


def draft_platform_calls(environment: Environment) -> Drafts:
    """Give a draft for every platform call that this environment can perform, and say what is left out."""
    present = {method.name.lower(): method.name for method in environment.methods if is_system_method(method.name)}
    diagnostics: list[Diagnostic] = []
    drafts = [_draft(call, present) for call in _calls(present)]
    drafts.extend(_layout_drafts(environment.workspaces, present, diagnostics))
    offers_workspaces = any(draft.function == "list_workspaces" for draft in drafts)
    if environment.gateway is not None:
        typed: dict[str, Described] = {}
        if (context := workspace_context(environment.working_context, diagnostics)) is not None:
            typed["workspaces.get"] = _read(context, "working context", diagnostics)
        drafts.extend(_operation_drafts(environment.gateway, typed, offers_workspaces=offers_workspaces))
    has_context = any(draft.wire == "workspaces.get" for draft in drafts)
    diagnostics.extend(left_out(environment.working_context, has_workspaces=has_context))
    if present:
        diagnostics.extend(_left_out(present, has_gateway=environment.gateway is not None))
    return Drafts(drafts=tuple(drafts), omissions=(), diagnostics=tuple(diagnostics))


def _calls(present: Mapping[str, str]) -> Iterator[_JsonObject]:
    """Give the first of the calls of each function whose method is there."""
    taken: set[str] = set()
    for call in _objects(_document(), "calls"):
        function = _text(call, "function")
        if function not in taken and _text(call, "method").lower() in present:
            taken.add(function)
            yield call


def _draft(call: _JsonObject, present: Mapping[str, str]) -> Draft:
    function = _text(call, "function")
    taken = _described(call["input"], f"platform.{function} input") if "input" in call else _nothing()
    return _made(
        function,
        wire=present[_text(call, "method").lower()],
        taken=taken,
        output=_described(call["output"], f"platform.{function} output") if "output" in call else None,
        effect=cast("Effect", _text(call, "effect")),
        names=cast("Mapping[str, str]", call.get("names", {})),
        fixed=cast("_JsonObject", call["fixed"]),
        under=tuple(cast("list[str]", call["under"])),
        description=_text(call, "description"),
    )


def _operation_drafts(
    gateway: GatewayInfo, typed: Mapping[str, Described], *, offers_workspaces: bool
) -> Iterator[Draft]:
    """Give what is asked of the gateway itself, as far as it has it; `typed` results say more than any gateway's."""
    has = {
        "gateway": True,
        "contexts": gateway.has_contexts,
        "channels": bool(gateway.channels),
        "workspaces": gateway.has_contexts and offers_workspaces,
    }
    for one in _objects(_document(), "operations"):
        if has[_text(one, "needs")]:
            function = _text(one, "function")
            taken = _described(one["input"], f"platform.{function} input") if "input" in one else _nothing()
            yield _made(
                function,
                kind="context",
                wire=_text(one, "operation"),
                taken=taken if _text(one, "needs") != "channels" else _of_channels(taken, gateway.channels),
                output=typed.get(_text(one, "operation")) or _described(one["output"], f"platform.{function} output"),
                effect=cast("Effect", _text(one, "effect")),
                names={},
                fixed={},
                under=(),
                description=_text(one, "description"),
            )


def _of_channels(taken: Described, channels: Sequence[str]) -> Described:
    """Say in the note of the channel's name which there are; more may come."""
    if not isinstance(taken.shape, Record):
        return taken
    shown = ", ".join(one_line(name, limit=20) for name in channels[:_SHOWN_CHANNELS])
    note = Note(
        description="Name of the channel", constraint=f"{shown}, ..." if len(channels) > _SHOWN_CHANNELS else shown
    )
    fields = tuple(replace(one, note=note) if one.key == "name" else one for one in taken.shape.fields)
    return replace(taken, shape=replace(taken.shape, fields=fields))


def _layout_drafts(
    workspaces: Sequence[WorkspaceInfo], present: Mapping[str, str], diagnostics: list[Diagnostic]
) -> Iterator[Draft]:
    """Give a call for every workspace layout that says what its context is."""
    way = next((one for one in _objects(_document(), "layouts") if _text(one, "method").lower() in present), None)
    for workspace in sorted(workspaces, key=lambda one: one.name):
        if way is None:
            reason = "the captured environment has no method that restores workspaces"
            diagnostics.append(Diagnostic(kind="not_offered", where=f"workspace {workspace.name}", message=reason))
        if way is None or workspace.context_schema is None:
            continue
        arguments = _text(way, "arguments")
        where = f"workspace {workspace.name} contextSchema"
        taken = _read(workspace.context_schema, where, diagnostics)
        named: JsonValue = {"name": workspace.name}
        fixed = {**cast("_JsonObject", way["fixed"]), arguments: named}
        yield _made(
            f"restore_{snake(workspace.name)}",
            wire=present[_text(way, "method").lower()],
            taken=taken,
            output=_described({"$ref": "#/$defs/Workspace"}, where),
            effect="write",
            names={},
            fixed=fixed,
            under=(arguments, *_OPTIONS),
            description=workspace.description or f"Opens the workspace {workspace.name}.",
        )


def _made(
    function: str,
    *,
    wire: str,
    taken: Described,
    output: Described | None,
    effect: Effect,
    names: Mapping[str, str],
    fixed: Mapping[str, JsonValue],
    under: tuple[str, ...],
    description: str,
    kind: Kind = "method",
) -> Draft:
    fields, is_spread = parameters_of(taken)
    return Draft(
        kind=kind,
        wire=wire,
        namespace=NAMESPACE,
        function=function,
        apps=(),
        effect=effect,
        origin="platform",
        fields=fields,
        names=names,
        is_spread=is_spread,
        input=Described(
            shape=taken.shape, definitions=taken.definitions, schema=_whole(taken.schema, under), note=taken.note
        ),
        output=output,
        fixed=fixed,
        under=under,
        description=description,
    )


def _whole(schema: _JsonObject, under: Sequence[str]) -> _JsonObject:
    """Give the schema of the whole argument object of which `schema` describes what stands under the keys."""
    definitions = schema.get("$defs")
    inner: _JsonObject = {key: value for key, value in schema.items() if key != "$defs"}
    for key in reversed(under):
        outer: _JsonObject = {"type": "object", "properties": {key: inner}}
        if inner.get("required"):
            outer["required"] = [key]
        inner = outer
    return {**inner, "$defs": definitions} if definitions else inner


def _described(schema: JsonValue, where: str) -> Described:
    return _read({**cast("_JsonObject", schema), "$defs": _document()["$defs"]}, where, [])


def _read(schema: JsonValue, where: str, diagnostics: list[Diagnostic]) -> Described:
    read = read_schema(schema, where=where)
    diagnostics.extend(read.diagnostics)
    return Described(shape=read.shape, definitions=read.definitions, schema=read.wire, note=read.note)


def _nothing() -> Described:
    """Give the arguments of a call that has no parameters; what is fixed must still pass."""
    return Described(shape=Record(fields=()), schema={"type": "object"})


def _left_out(present: Mapping[str, str], *, has_gateway: bool) -> Iterator[Diagnostic]:
    for one in _objects(_document(), "left_out"):
        if _text(one, "method").lower() in present if "method" in one else not has_gateway:
            yield Diagnostic(kind="not_offered", where=_text(one, "name"), message=_text(one, "reason"))


@cache
def _document() -> Mapping[str, JsonValue]:
    document: _JsonObject = json.loads(ioconnect_schemas.read("platform_calls.json"))
    return document


def _objects(document: Mapping[str, JsonValue], key: str) -> list[_JsonObject]:
    return cast("list[_JsonObject]", document[key])


def _text(document: Mapping[str, JsonValue], key: str) -> str:
    return cast("str", document[key])
