"""Interop methods, tools and app definitions -> drafts of capabilities.

A method is described in up to four places. The first that can be read gives the parameters, the first that declares
a result gives the result:

    flags.ioIntelMCPTool                          schemas as JSON text, by the app that registered the method
    static tool that names the method             schemas, by the owner of the platform
    customProperties.interop of an app definition schemas, by the app; also where no app runs
    accepts, returns                              signatures: known to lie, better than nothing
    overlay of observed results                   results alone, of what nobody declares

The platform identifies a method by name, accepts and returns, without regard to case; several servers of one identity
are one capability, two identities of one name are two.

What a method becomes depends on what is declared under its name, and on nothing else. So what was made of a name is
kept, and made again only where one of its declarations is another object: reading an environment that follows an
earlier one gives the same object for what is unchanged.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from itertools import pairwise
from typing import TypeAlias, TypeVar

from ioconnect_codegen.contradictions import differences
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import (
    Described,
    Draft,
    Drafts,
    Effect,
    Omission,
    Origin,
    parameters_of,
    target_of,
)
from ioconnect_codegen.environment import AppInfo, AppMethodInfo, Environment, MethodInfo, ResultInfo, ToolInfo
from ioconnect_codegen.fdc3 import contexts_in, describe_contexts
from ioconnect_codegen.kept import Kept, are_same, span
from ioconnect_codegen.naming import namespace_name, snake, split_vendor
from ioconnect_codegen.options import TAKE, TARGET, WAIT, Option
from ioconnect_codegen.platform_names import intent_of_method, is_system_method
from ioconnect_codegen.schemas import read_schema
from ioconnect_codegen.shapes import Anything, List, Map, Note, Record, Reference, Shape, references, to_schema
from ioconnect_codegen.signatures import hint_of, read_signature, record_of
from ioconnect_codemode.values import JsonValue

T = TypeVar("T")

_DIFFERENCES = 5  # two declarations that differ in more are not of the same method
_FEW = 50  # changed methods; beyond, one pass over all is no dearer
_METHODS = "methods"  # namespace of what several apps offer under a name without dots


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """All that the environment says about one identity."""

    name: str
    accepts: str
    returns: str
    registered: tuple[MethodInfo, ...]
    tools: tuple[ToolInfo, ...]
    declared: tuple[tuple[AppInfo, AppMethodInfo], ...]
    observed: tuple[ResultInfo, ...]
    shares_wire: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Source:
    """One place that describes a method; a schema is None where it declares none."""

    origin: Origin
    where: str
    input_schema: JsonValue
    output_schema: JsonValue


_Declaration: TypeAlias = MethodInfo | ToolInfo | AppInfo | AppMethodInfo | ResultInfo


class MethodDrafts:
    """The drafts of all business methods that can be called, kept from one environment to the next."""

    def __init__(self) -> None:
        self._kept: Kept[_Declaration, Drafts] = Kept()
        self._methods: Sequence[MethodInfo] = ()
        self._others: Sequence[object] = ()
        self._found: dict[str, list[_Declaration]] = {}
        self._results: dict[str, list[ResultInfo]] = {}
        self._names: list[str] = []  # in order, and so the drafts
        self._drafts: list[Drafts] = []

    def update(self, environment: Environment) -> list[Drafts]:
        """Give what became of every name, by name in lower case; the same object where nothing has changed."""
        others = (*environment.tools, None, *environment.applications, None, *environment.results)
        start, end_before, end = span(self._methods, environment.methods)
        gone, come = self._methods[start:end_before], environment.methods[start:end]
        if len(gone) + len(come) > _FEW or not are_same(others, self._others):
            self._found = _declarations(environment)
            self._results = defaultdict(list)
            for result in environment.results:
                self._results[result.name.lower()].append(result)
            self._names = sorted(self._found)
            parts = {name: self._parts(name) for name in self._names}
            self._drafts = list(self._kept.get_all(parts, _drafts).values())
        else:
            self._exchange(gone, come)
        self._methods, self._others = environment.methods, others
        return list(self._drafts)

    def _exchange(self, gone: Sequence[MethodInfo], come: Sequence[MethodInfo]) -> None:
        """Make anew what became of the names of these methods."""
        changed: dict[str, list[_Declaration]] = {}
        for method in (*gone, *come):
            if (name := business_name(method.name)) is not None:
                changed.setdefault(name, [])
        for method in come:
            if (name := business_name(method.name)) is not None:
                changed[name].append(method)
        left = {id(method) for method in gone}
        for name, new in changed.items():
            declared = [*new, *(one for one in self._found.get(name, ()) if id(one) not in left)]
            place = bisect_left(self._names, name)
            is_known = name in self._found
            if not declared:
                del self._found[name], self._names[place], self._drafts[place]
                self._kept.forget(name)
                continue
            self._found[name] = declared
            parts = self._parts(name)
            drafts = self._kept.get(name, parts, partial(_drafts, parts))
            self._names[place : place + is_known] = [name]
            self._drafts[place : place + is_known] = [drafts]

    def _parts(self, name: str) -> list[_Declaration]:
        """Give all that is declared under a name; what was observed declares no method by itself."""
        observed = self._results.get(name)
        return [*self._found[name], *observed] if observed else self._found[name]


def draft_methods(environment: Environment) -> Drafts:
    """Give a draft for every business method that can be called."""
    rooms = MethodDrafts().update(environment)
    return Drafts(
        drafts=tuple(draft for room in rooms for draft in room.drafts),
        omissions=tuple(omission for room in rooms for omission in room.omissions),
        diagnostics=tuple(diagnostic for room in rooms for diagnostic in room.diagnostics),
    )


def _declarations(environment: Environment) -> dict[str, list[_Declaration]]:
    """Give all that the environment declares under a name in lower case; an app stands before its method."""
    found: dict[str, list[_Declaration]] = defaultdict(list)
    for method in environment.methods:
        if (name := business_name(method.name)) is not None:
            found[name].append(method)
    for tool in environment.tools:
        if not is_system_method(tool.method):
            found[tool.method.lower()].append(tool)
    for app in environment.applications:
        for one in app.methods:
            if not is_system_method(one.name):
                found[one.name.lower()] += (app, one)
    return found


@lru_cache(maxsize=65_536)  # an environment that is followed has the same names again and again
def business_name(name: str) -> str | None:
    """Give the name in lower case, None for what the platform registers and for what carries an intent."""
    return None if intent_of_method(name) is not None or is_system_method(name) else name.lower()


def _drafts(declarations: Sequence[_Declaration]) -> Drafts:
    omissions: list[Omission] = []
    drafts: list[Draft] = []
    diagnostics: list[Diagnostic] = []
    for facts in _facts(declarations):
        drafts.append(_draft(facts, diagnostics))
        omissions.extend(
            Omission(
                name=tool.name, reason=f"a second tool for {facts.name}, which is offered as {facts.tools[0].name}"
            )
            for tool in facts.tools[1:]
        )
    return Drafts(drafts=tuple(drafts), omissions=tuple(omissions), diagnostics=tuple(diagnostics))


def _facts(declarations: Sequence[_Declaration]) -> Iterator[_Facts]:
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
        yield _Facts(
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


def _draft(facts: _Facts, diagnostics: list[Diagnostic]) -> Draft:
    sources = list(_sources(facts, diagnostics))
    read: dict[tuple[int, str], Described] = {}
    origin, taken = _input(facts, sources, read, diagnostics)
    output_origin, output = _output(facts, sources, read, diagnostics)
    _contradicted(facts, sources, read, diagnostics)
    fields, is_spread = parameters_of(taken)
    apps = _apps(facts)
    namespace, function = _wishes(facts, apps)
    is_stream = any(method.supports_streaming for method in facts.registered)
    return Draft(
        kind="stream" if is_stream else "method",
        wire=facts.name,
        accepts=facts.accepts,
        returns=facts.returns,
        shares_wire=facts.shares_wire,
        namespace=namespace,
        function=function,
        apps=apps,
        effect="read" if is_stream else _effect(facts),
        origin=output_origin if origin == "nothing" else origin,
        fields=fields,
        is_spread=is_spread,
        input=taken,
        output=_events(output) if is_stream else output,
        options=_options(facts, apps, is_stream=is_stream),
        description=_description(facts),
        search=tuple(_search_words(facts)),
    )


def _options(facts: _Facts, apps: Sequence[str], *, is_stream: bool) -> tuple[Option, ...]:
    if is_stream:
        return TAKE
    instances = sum(server.instances for method in facts.registered for server in set(method.servers))
    if len(apps) > 1 or instances > 1:
        return (TARGET, WAIT)
    return (WAIT,) if facts.declared and not facts.registered else ()


def _sources(facts: _Facts, diagnostics: list[Diagnostic]) -> Iterator[_Source]:
    for method in facts.registered:
        flag = method.flags.get("ioIntelMCPTool")
        if isinstance(flag, dict):
            where = f"{facts.name} flags.ioIntelMCPTool"
            yield _Source(
                origin="tool",
                where=where,
                input_schema=_parsed(flag.get("inputSchema"), f"{where}.inputSchema", diagnostics),
                output_schema=_parsed(flag.get("outputSchema"), f"{where}.outputSchema", diagnostics),
            )
    for tool in facts.tools:
        yield _Source(
            origin="static_tool",
            where=f"tool {tool.name}",
            input_schema=tool.input_schema,
            output_schema=tool.output_schema,
        )
    for app, one in facts.declared:
        yield _Source(
            origin="app_definition",
            where=f"app {app.name}, {one.name}",
            input_schema=one.input_schema,
            output_schema=one.output_schema,
        )


def _parsed(text: JsonValue, where: str, diagnostics: list[Diagnostic]) -> JsonValue:
    """Give the schema that a flag holds as JSON text; some apps hand over the object itself."""
    if not isinstance(text, str):
        return text
    try:
        parsed: JsonValue = json.loads(text)
    except (ValueError, RecursionError) as error:
        position = error.pos if isinstance(error, json.JSONDecodeError) else 0
        message = "not JSON; the next source is used"
        diagnostics.append(Diagnostic(where=where, message=message, text=text, position=position))
        return None
    return parsed


def _contradicted(
    facts: _Facts, sources: Sequence[_Source], read: Mapping[tuple[int, str], Described], diagnostics: list[Diagnostic]
) -> None:
    """Tell where a source contradicts the one that is believed; what can't be read is told where it is believed."""
    for part, word, text in (("input", "accepts", facts.accepts), ("output", "returns", facts.returns)):
        schemas = [one.input_schema if part == "input" else one.output_schema for one in sources]
        declared = [(place, schema) for place, schema in enumerate(schemas) if schema is not None]
        if len(declared) + bool(text.strip()) < 2 or not declared:
            continue
        told = [
            (sources[place].where, read.get((place, part)) or _described(schema, "", [])) for place, schema in declared
        ]
        if text.strip():
            told.append((word, _from_signature(text, facts.name, [], is_input=part == "input")))
        for where, other in told[1:]:
            for difference in differences(told[0][1], other)[:_DIFFERENCES]:
                message = f"{part} by {told[0][0]} (here) and by {where} (there): {difference}"
                diagnostics.append(Diagnostic(kind="contradiction", where=facts.name, message=message))


def _input(
    facts: _Facts, sources: Sequence[_Source], read: dict[tuple[int, str], Described], diagnostics: list[Diagnostic]
) -> tuple[Origin, Described]:
    """Give the parameters of the first source that has some, and note in `read` what was read on the way."""
    for place, source in enumerate(sources):
        if source.input_schema is None:
            continue
        described = _described(source.input_schema, f"{source.where} input", diagnostics)
        if _takes_nothing(source.input_schema):
            described = replace(described, shape=Record(fields=()))
        read[place, "input"] = described
        if isinstance(target_of(described), Record | Map):
            return source.origin, described
        message = "does not describe an object; the next source is used"
        diagnostics.append(Diagnostic(where=f"{source.where} input", message=message))
    if facts.accepts.strip() or facts.returns.strip():
        described = _from_signature(facts.accepts, f"{facts.name} accepts", diagnostics, is_input=True)
        return "nothing" if described == _undeclared() else "signature", described
    return "nothing", _undeclared()


def _takes_nothing(schema: JsonValue) -> bool:
    """Tell whether a schema lists its properties, and there are none: the way in which tools say that they take nothing."""
    if not isinstance(schema, dict) or schema.get("properties") != {} or schema.get("required"):
        return False
    return not schema.keys() & {"patternProperties", "allOf", "anyOf", "oneOf", "$ref"} and isinstance(
        schema.get("additionalProperties", True), bool
    )


def _undeclared() -> Described:
    """Give the argument object of which nothing is known: the caller hands over a whole one."""
    return Described(shape=Map(Anything()), schema={"type": "object"}, note=Note(constraint="keys not declared"))


def _output(
    facts: _Facts, sources: Sequence[_Source], read: dict[tuple[int, str], Described], diagnostics: list[Diagnostic]
) -> tuple[Origin, Described | None]:
    for place, source in enumerate(sources):
        if source.output_schema is None:
            continue
        described = read[place, "output"] = _described(source.output_schema, f"{source.where} output", diagnostics)
        if not isinstance(described.shape, Anything):
            return source.origin, described
    if facts.returns.strip():
        described = _from_signature(facts.returns, f"{facts.name} returns", diagnostics, is_input=False)
        if not isinstance(described.shape, Anything):
            return "signature", described
    for one in facts.observed:
        described = _described(one.output_schema, f"{facts.name} observed result", diagnostics)
        if not isinstance(described.shape, Anything):
            return "observed", described
    return "nothing", None


def _described(schema: JsonValue, where: str, diagnostics: list[Diagnostic]) -> Described:
    read = read_schema(schema, where=where)
    diagnostics.extend(read.diagnostics)
    return Described(shape=read.shape, definitions=read.definitions, schema=read.wire, note=read.note)


def _from_signature(text: str, where: str, diagnostics: list[Diagnostic], *, is_input: bool) -> Described:
    signature = read_signature(text, where=where)
    diagnostics.extend(signature.diagnostics)
    alone = signature.elements[0] if len(signature.elements) == 1 else None
    shape: Shape
    if signature.is_garbled:
        return _undeclared() if is_input else Described()
    if alone is not None and alone.name is None:
        shape = alone.shape if not is_input or isinstance(alone.shape, Record | Reference) else Map(Anything())
        note = Note(description=alone.description, constraint=hint_of(alone))
    else:
        shape, note = record_of(signature.elements), Note()
    is_whole = alone is not None and alone.name is None
    schema = to_schema(shape)
    definitions: Mapping[str, Record] = {}
    if contexts := contexts_in(references(shape)):
        described = describe_contexts(contexts)
        schema["$defs"], definitions = described.schema["$defs"], described.definitions
    return Described(shape=shape, definitions=definitions, schema=schema, note=note, is_whole=is_whole)


def _events(event: Described | None) -> Described:
    """Give the bounded list of a stream's events."""
    one = event or Described()
    definitions = {key: value for key, value in one.schema.items() if key == "$defs"}
    item: JsonValue = {key: value for key, value in one.schema.items() if key != "$defs"}
    return replace(
        one, shape=List(one.shape), schema={"type": "array", "items": item, **definitions}, note=Note(), is_whole=False
    )


def _apps(facts: _Facts) -> tuple[str, ...]:
    running = {server.application for method in facts.registered for server in method.servers if server.application}
    return tuple(sorted(running | {app.name for app, _ in facts.declared}))


def _wishes(facts: _Facts, apps: Sequence[str]) -> tuple[str, str]:
    """Give the wishes for namespace and function name."""
    segments = split_vendor(facts.name)
    if len(segments) > 1:
        namespace, function = namespace_name(segments[0]), snake("_".join(segments[1:]))
    else:
        namespace, function = namespace_name(apps[0] if len(apps) == 1 else _METHODS), snake(segments[0])
    named = _tool_name(facts)
    if named:
        function = snake(named)
        prefix = f"{namespace.rstrip('_')}_"
        function = function[len(prefix) :] if function.startswith(prefix) and function != prefix else function
    return namespace, function


def _tool_name(facts: _Facts) -> str:
    for method in facts.registered:
        flag = method.flags.get("ioIntelMCPTool")
        name = flag.get("name") if isinstance(flag, dict) else None
        if isinstance(name, str) and name.strip():
            return name
    return facts.tools[0].name if facts.tools else ""


def _effect(facts: _Facts) -> Effect:
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


def _description(facts: _Facts) -> str:
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


def _search_words(facts: _Facts) -> Iterator[str]:
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
