"""The catalog: everything that can be called, named, typed, ordered, and what was left out and why.

    Environment --methods, intents, platform_calls--> drafts --naming, named_types--> Catalog

The order of the environment never shows: capabilities are ordered by namespace and function, types by name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Draft, Effect, Kind, Omission, Origin
from ioconnect_codegen.environment import AppInfo, Environment
from ioconnect_codegen.expressions import expression, names_in
from ioconnect_codegen.intents import NAMESPACE as INTENTS
from ioconnect_codegen.intents import draft_intents
from ioconnect_codegen.methods import draft_methods
from ioconnect_codegen.named_types import NamedType, NamedTypes, Use, key_hint, names_by_namespace
from ioconnect_codegen.naming import function_name, key_names, pascal, settle, singular, words
from ioconnect_codegen.platform_calls import NAMESPACE as PLATFORM
from ioconnect_codegen.platform_calls import draft_platform_calls
from ioconnect_codegen.prose import first_sentence, one_line, sentence
from ioconnect_codegen.shapes import Field, List, Note, Record, Shape, nullable
from ioconnect_codemode.values import JsonValue

_SEARCH_LIMIT = 600  # characters; more words blur a search instead of helping it


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a capability.

    Attributes:
        name: Its name in Python.
        key: Its key in the argument object.
        type: Its type expression.
        is_required: Whether it must be given.
        is_nullable: Whether None is a value that is sent.
        default: The declared default; None where there is none.
        note: Description and constraint.
    """

    name: str
    key: str
    type: str
    is_required: bool
    is_nullable: bool
    default: str | int | float | bool | None
    note: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """One callable thing of the environment.

    Attributes:
        namespace: The namespace it lives in.
        function: Its function in that namespace.
        kind: What sort of thing is called.
        wire: The wire name.
        accepts: The input signature where two methods share the wire name, else None.
        returns_text: The output signature where two methods share the wire name, else None.
        apps: The apps that offer or declare it, sorted.
        effect: What a call does to the world, as far as the declarations say.
        origin: Where its shapes come from.
        parameters: Required ones first, otherwise in declared order.
        is_spread: Whether the value of the single parameter is the argument object.
        fixed: Part of the argument object that every call sends.
        under: Keys in the argument object, one below the other, under which the parameters stand.
        result: Type expression of the result, `Any` where none is declared.
        is_result_declared: Whether a source declares the result.
        input_schema: JSON Schema of the argument object.
        output_schema: JSON Schema of the result; None where none is declared.
        summary: First sentence of the description, one line.
        description: What it does, in the best words that a source has, one line.
        search: Further words by which it may be looked for, one line: titles, display names, context types.
        uses: Names of the types that parameters and result name, sorted.
    """

    namespace: str
    function: str
    kind: Kind
    wire: str
    accepts: str | None
    returns_text: str | None
    apps: tuple[str, ...]
    effect: Effect
    origin: Origin
    parameters: tuple[Parameter, ...]
    is_spread: bool
    fixed: Mapping[str, JsonValue]
    under: tuple[str, ...]
    result: str
    is_result_declared: bool
    input_schema: Mapping[str, JsonValue]
    output_schema: Mapping[str, JsonValue] | None
    summary: str
    description: str
    search: str
    uses: tuple[str, ...]

    @property
    def name(self) -> str:
        """The full Python name, `crm.find_clients`."""
        return f"{self.namespace}.{self.function}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Namespace:
    """A group of capabilities: one stub module."""

    name: str
    summary: str
    capabilities: tuple[Capability, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The named, ordered, collision-free set of capabilities with their types.

    Attributes:
        name: The environment's name.
        description: The environment's description on one line; may be empty.
        environment: The environment's digest.
        namespaces: By name.
        types: By name; a name is unique over the whole package.
        omissions: What of the environment is not in the catalog, by name.
        diagnostics: What was read as `anything`, what contradicts what, and what has another name than its own.
    """

    name: str
    description: str
    environment: str
    namespaces: tuple[Namespace, ...]
    types: tuple[NamedType, ...]
    omissions: tuple[Omission, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """All capabilities, by namespace and function."""
        return tuple(one for namespace in self.namespaces for one in namespace.capabilities)


def build_catalog(environment: Environment) -> Catalog:
    """Make the catalog of an environment; whatever an app declares, this does not fail."""
    rooms = (draft_methods(environment), draft_intents(environment), draft_platform_calls(environment))
    drafts = tuple(draft for room in rooms for draft in room.drafts)
    omissions = {omission for room in rooms for omission in room.omissions}
    functions = _functions(drafts)
    named = NamedTypes(use for draft in drafts for use in _uses(draft, functions[draft.identity]))
    types = named.types()
    nearby = names_by_namespace(types)
    titles = {app.name: app.title for app in environment.applications}
    groups: dict[str, list[Capability]] = defaultdict(list)
    for draft in drafts:
        near = nearby.get(draft.namespace, frozenset())
        groups[draft.namespace].append(_capability(draft, functions[draft.identity], named, near, titles))
    return Catalog(
        name=one_line(environment.name, limit=200),
        description=one_line(environment.description),
        environment=environment.digest,
        namespaces=tuple(_namespace(name, groups[name], environment.applications) for name in sorted(groups)),
        types=types,
        omissions=tuple(sorted(omissions, key=lambda one: (one.name, one.reason))),
        diagnostics=(
            *(diagnostic for room in rooms for diagnostic in room.diagnostics),
            *_renames(drafts, {one.name: one for group in groups.values() for one in group}, functions),
        ),
    )


def _functions(drafts: Sequence[Draft]) -> dict[str, str]:
    """Give every draft, by identity, a function name of its own in its namespace."""
    wanted: dict[str, dict[str, str]] = defaultdict(dict)
    for draft in drafts:
        wanted[draft.namespace][draft.identity] = function_name(draft.function)
    return {identity: name for group in wanted.values() for identity, name in settle(group).items()}


def _renames(
    drafts: Sequence[Draft], capabilities: Mapping[str, Capability], functions: Mapping[str, str]
) -> Iterator[Diagnostic]:
    """Tell which names are not simply the wire name in Python's spelling."""
    for draft in drafts:
        capability = capabilities[f"{draft.namespace}.{functions[draft.identity]}"]
        if capability.function != draft.function:
            reason = "is a word of Python" if capability.function == f"{draft.function}_" else "is wanted by another"
            message = f"offered as {capability.name}: {draft.function} {reason}"
            yield Diagnostic(kind="renamed", where=draft.wire, message=message)
        elif draft.namespace.endswith("_"):
            message = f"offered as {capability.name}: {draft.namespace.rstrip('_')} means something else in a snippet"
            yield Diagnostic(kind="renamed", where=draft.wire, message=message)
        for one in capability.parameters:
            if one.name != one.key and one.key not in draft.names and not one.key.startswith("_"):
                message = f"its key {one.key!r} is the parameter {one.name}"
                yield Diagnostic(kind="renamed", where=draft.wire, message=message)


def _uses(draft: Draft, function: str) -> list[Use]:
    uses = [
        _use(draft, function, draft.input.definitions, key_hint(function, one.key), one.shape) for one in draft.fields
    ]
    if draft.output is not None:
        shape = draft.output.shape
        last = singular((words(function) or ["value"])[-1])
        hint = last if isinstance(shape, List) else f"{function}_result"
        # `NamedTypes` takes the items of a list by the singular of its hint.
        uses.append(_use(draft, function, draft.output.definitions, f"{hint}s" if hint == last else hint, shape))
    return uses


def _use(draft: Draft, function: str, definitions: Mapping[str, Record], hint: str, shape: Shape) -> Use:
    return Use(namespace=draft.namespace, owner=function, hint=hint, shape=shape, definitions=definitions)


def _capability(
    draft: Draft, function: str, named: NamedTypes, type_names: frozenset[str], titles: Mapping[str, str]
) -> Capability:
    parameters = _parameters(draft, named, type_names)
    output = draft.output
    result = expression(named.resolve(output.shape, output.definitions)) if output is not None else "Any"
    used = {name for text in (result, *(one.type for one in parameters)) for name in names_in(text)}
    return Capability(
        namespace=draft.namespace,
        function=function,
        kind=draft.kind,
        wire=draft.wire,
        accepts=draft.accepts if draft.shares_wire else None,
        returns_text=draft.returns if draft.shares_wire else None,
        apps=draft.apps,
        effect=draft.effect,
        origin=draft.origin,
        parameters=parameters,
        is_spread=draft.is_spread,
        fixed=draft.fixed,
        under=draft.under,
        result=result,
        is_result_declared=output is not None,
        input_schema=draft.input.schema,
        output_schema=None if output is None else output.schema,
        summary=sentence(first_sentence(draft.description)),
        description=one_line(draft.description, limit=_SEARCH_LIMIT),
        search=one_line(" ".join(_further_words(draft, titles)), limit=_SEARCH_LIMIT),
        uses=tuple(sorted(used & type_names)),
    )


def _parameters(draft: Draft, named: NamedTypes, type_names: frozenset[str]) -> tuple[Parameter, ...]:
    wishes = {one.key: draft.names.get(one.key, one.key) for one in draft.fields}
    names = key_names(wishes.values(), types=type_names)
    found = [_parameter(one, names[wishes[one.key]], named, draft.input.definitions) for one in draft.fields]
    return tuple(sorted(found, key=lambda one: not one.is_required))


def _parameter(one: Field, name: str, named: NamedTypes, definitions: Mapping[str, Record]) -> Parameter:
    return Parameter(
        name=name,
        key=one.key,
        type=expression(named.resolve(one.shape, definitions)),
        is_required=one.is_required,
        is_nullable=nullable(one.shape),
        default=None if one.is_required else one.default,
        note=one.note,
    )


def _further_words(draft: Draft, titles: Mapping[str, str]) -> Iterator[str]:
    shown = (titles.get(app, "") for app in draft.apps)
    yield from dict.fromkeys((draft.wire, *draft.search, *shown, *draft.apps))


def _namespace(name: str, capabilities: Sequence[Capability], applications: Sequence[AppInfo]) -> Namespace:
    ordered = tuple(sorted(capabilities, key=lambda one: one.function))
    return Namespace(name=name, summary=_summary(name, ordered, applications), capabilities=ordered)


def _summary(name: str, capabilities: Sequence[Capability], applications: Sequence[AppInfo]) -> str:
    """Give what a namespace is about: the caption of the app behind most of it, else whose capabilities it holds."""
    if name == INTENTS and all(one.kind != "method" for one in capabilities):
        return "Intents that the apps of this environment handle."
    if name == PLATFORM and all(one.origin == "platform" for one in capabilities):
        return "What io.Connect itself does: applications, workspaces, notifications."
    offers = Counter(app for one in capabilities for app in one.apps)
    captions = {app.name: first_sentence(app.caption or app.title) for app in applications}
    apps = sorted(offers, key=lambda app: (-offers[app], app))
    if apps and offers[apps[0]] * 2 > len(capabilities) and captions.get(apps[0]):
        return sentence(captions[apps[0]])
    shown = ", ".join(one_line(app, limit=40) for app in sorted(apps)[:3])
    more = f" and {len(apps) - 3} more" if len(apps) > 3 else ""
    return f"Methods offered by {shown}{more}." if apps else f"Methods of {pascal(name)}."
