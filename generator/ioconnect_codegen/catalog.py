"""The catalog: everything that can be called, named, typed, ordered, and what was left out and why.

    Environment --methods, intents, platform_calls--> drafts --naming, named_types--> Catalog

The order of the environment never shows: capabilities are ordered by namespace and function, types by name.

A catalog follows its environment: `CatalogBuilder` keeps what it made of every part, by the identity of the part, and
makes again what has changed and what follows from it. A catalog made from nothing goes the same way, so both are equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from weakref import WeakValueDictionary

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Described, Draft, Drafts, Effect, Kind, Omission, Origin
from ioconnect_codegen.environment import Environment, ResultInfo
from ioconnect_codegen.expressions import expression, names_in
from ioconnect_codegen.intents import NAMESPACE as INTENTS
from ioconnect_codegen.intents import draft_intents
from ioconnect_codegen.kept import Kept, are_same, span
from ioconnect_codegen.methods import MethodDrafts, business_name
from ioconnect_codegen.named_types import Groups, NamedType, NamedTypes
from ioconnect_codegen.naming import function_name, key_names, settle, singular, words
from ioconnect_codegen.options import Option
from ioconnect_codegen.platform_calls import NAMESPACE as PLATFORM
from ioconnect_codegen.platform_calls import draft_platform_calls
from ioconnect_codegen.prose import first_sentence, one_line, sentence
from ioconnect_codegen.shapes import Field, List, Note, Shape, nullable
from ioconnect_codegen.sightings import NamedBy, Scope, Sightings, Use, key_hint, keys_in
from ioconnect_codemode.manifest_data import OptionName
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
        option: What the host does with it; None for what the app gets. Options are keyword-only and come last.
    """

    name: str
    key: str
    type: str
    is_required: bool
    is_nullable: bool
    default: str | int | float | bool | None
    note: Note
    option: OptionName | None = None


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
    """A group of capabilities: one stub module.

    Attributes:
        name: Its name.
        summary: What it is about.
        capabilities: By function.
        type_names: Names of the types that its module can name.
    """

    name: str
    summary: str
    capabilities: tuple[Capability, ...]
    type_names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalog:
    """The named, ordered, collision-free set of capabilities with their types.

    Attributes:
        name: The environment's name.
        description: The environment's description on one line; may be empty.
        environment: The environment's digest.
        namespaces: By name.
        type_groups: Types by the namespaces that need them; a name is unique over the whole package.
        omissions: What of the environment is not in the catalog, by name.
        diagnostics: What was read as `anything`, what contradicts what, and what has another name than its own.
    """

    name: str
    description: str
    environment: str
    namespaces: tuple[Namespace, ...]
    type_groups: Groups
    omissions: tuple[Omission, ...]
    diagnostics: tuple[Diagnostic, ...]

    @property
    def types(self) -> tuple[NamedType, ...]:
        """All types, by name."""
        return tuple(sorted((one for group in self.type_groups.values() for one in group), key=lambda one: one.name))

    @property
    def capabilities(self) -> tuple[Capability, ...]:
        """All capabilities, by namespace and function."""
        return tuple(one for namespace in self.namespaces for one in namespace.capabilities)


def build_catalog(environment: Environment) -> Catalog:
    """Make the catalog of an environment; whatever an app declares, this does not fail."""
    return CatalogBuilder().update(environment)


class CatalogBuilder:
    """Keeps a catalog in step with an environment: equal to what `build_catalog` gives, made of the same parts."""

    def __init__(self) -> None:
        self._drafts = _AllDrafts()
        self._scopes: WeakValueDictionary[int, Scope] = WeakValueDictionary()
        self._named = NamedTypes()
        self._rooms: dict[str, _Room] = {}
        self._all: Sequence[Drafts] = ()

    def update(self, environment: Environment) -> Catalog:
        """Give the catalog of an environment; parts that did not change are the same objects as before."""
        rooms = self._drafts.update(environment)
        self._rooms = self._grouped(rooms)
        renamed = self._named.update({name: room.sightings for name, room in self._rooms.items()})
        captions = {app.name: app.caption or app.title for app in environment.applications}
        titles = {app.name: app.title for app in environment.applications}
        for one in self._rooms.values():
            one.settle(self._named, renamed, captions, titles)
        omissions = {omission for room in rooms if room.omissions for omission in room.omissions}
        return Catalog(
            name=one_line(environment.name, limit=200),
            description=one_line(environment.description),
            environment=environment.digest,
            namespaces=tuple(room.namespace for room in self._rooms.values()),
            type_groups=self._named.groups(),
            omissions=tuple(sorted(omissions, key=lambda one: (one.name, one.reason))),
            diagnostics=(
                *(diagnostic for room in rooms if room.diagnostics for diagnostic in room.diagnostics),
                *(diagnostic for room in self._rooms.values() for diagnostic in room.renames),
                *_of_nothing(environment.results, rooms),
            ),
        )

    def _grouped(self, rooms: Sequence[Drafts]) -> dict[str, _Room]:
        """Give the namespaces; those of which no draft has come or gone are not looked at again."""
        start, end_before, end = span(self._all, rooms)
        touched = {
            draft.namespace for room in (*self._all[start:end_before], *rooms[start:end]) for draft in room.drafts
        }
        self._all = rooms
        groups: dict[str, list[Draft]] = {name: [] for name in touched}
        for room in rooms:
            for draft in room.drafts:
                if draft.namespace in touched:
                    groups[draft.namespace].append(draft)
        found = {name: room for name, room in self._rooms.items() if name not in touched}
        found |= {name: self._room(name, drafts) for name, drafts in groups.items() if drafts}
        return {name: found[name] for name in sorted(found)}

    def _room(self, name: str, drafts: Sequence[Draft]) -> _Room:
        kept = self._rooms.get(name)
        if kept is not None and are_same(kept.drafts, drafts):
            return kept
        known: Mapping[str, _Wish] = {} if kept is None else kept.wishes
        wanted = {draft.identity: function_name(draft.function) for draft in drafts}
        functions = settle(wanted, spelt={draft.identity: draft.wire.rpartition(".")[2] for draft in drafts})
        wishes: dict[str, _Wish] = {}
        for draft in drafts:
            one, function = known.get(draft.identity), functions[draft.identity]
            if one is None or one.draft is not draft or one.function != function:
                one = _Wish(draft, function, self._scope(draft.input), self._scope(draft.output))
            wishes[draft.identity] = one
        return _Room(name, wishes)

    def _scope(self, described: Described | None) -> Scope:
        """Give the scope of a source; the standard contexts are one source of many intents."""
        definitions = (described or Described()).definitions
        scope = self._scopes.get(id(definitions))
        if scope is None:
            scope = self._scopes[id(definitions)] = Scope(definitions)
        return scope


class _AllDrafts:
    """The drafts of an environment, kept from one to the next."""

    def __init__(self) -> None:
        self._methods = MethodDrafts()
        self._others: Kept[object, Drafts] = Kept()

    def update(self, environment: Environment) -> list[Drafts]:
        """Give what became of every part of the environment."""
        others = [one for one in environment.methods if business_name(one.name) is None]
        of_intents = (*environment.intents, None, *environment.applications, None, *others)
        intents = self._others.get("intents", of_intents, lambda: draft_intents(environment))
        kept = (*environment.workspaces, None, *environment.working_context, None, environment.gateway)
        of_platform = (*kept, None, *others)
        platform = self._others.get("platform", of_platform, lambda: draft_platform_calls(environment))
        return [*self._methods.update(environment), intents, platform]


class _Wish:
    """A draft with the function that it gets, its scopes, and the capability that was made of it last."""

    def __init__(self, draft: Draft, function: str, input_scope: Scope, output_scope: Scope) -> None:
        self.draft = draft
        self.function = function
        self.input_scope = input_scope
        self.output_scope = output_scope
        self.uses = _uses(self)
        self._keys = frozenset(key for use in self.uses for key in keys_in([use.shape], use.scope))
        self._made: tuple[frozenset[str], Sequence[str], Capability] | None = None

    def capability(
        self, named: NamedTypes, renamed: frozenset[str], near: frozenset[str], titles: Mapping[str, str]
    ) -> Capability:
        """Make the capability, unless its types, the types near it and its apps are all called what they were."""
        shown = _titles(self.draft.apps, titles)
        if self._made is None or self._made[:2] != (near, shown) or not renamed.isdisjoint(self._keys):
            self._made = near, shown, _capability(self, named, near, shown)
        return self._made[2]


class _Room:
    """What is known of a namespace: its drafts, the shapes they show, and what was made of them last."""

    def __init__(self, name: str, wishes: Mapping[str, _Wish]) -> None:
        self.wishes = wishes
        self.drafts = tuple(one.draft for one in wishes.values())
        self._apps = tuple({app: None for draft in self.drafts for app in draft.apps})
        self.sightings = Sightings(use for one in wishes.values() for use in one.uses)
        self.renames: tuple[Diagnostic, ...] = ()
        self.namespace = Namespace(name=name, summary="", capabilities=(), type_names=frozenset())
        self._lead, self._summary = "", ""
        self._titles: Sequence[str] = ()

    def settle(
        self, named: NamedTypes, renamed: frozenset[str], captions: Mapping[str, str], titles: Mapping[str, str]
    ) -> None:
        """Make the namespace, unless it can stay as it is."""
        shown = _titles(self._apps, titles)
        if not self.namespace.capabilities or shown != self._titles or not renamed.isdisjoint(self.sightings.seen):
            self._titles = shown
            self._make(named, renamed, titles)
        caption = first_sentence(captions.get(self._lead, ""))
        summary = sentence(caption) if caption else self._summary
        if summary != self.namespace.summary:
            self.namespace = replace(self.namespace, summary=summary)

    def _make(self, named: NamedTypes, renamed: frozenset[str], titles: Mapping[str, str]) -> None:
        name = self.namespace.name
        near = named.names_near(name)
        made = [(one.draft, one.capability(named, renamed, near, titles)) for one in self.wishes.values()]
        ordered = tuple(sorted((capability for _, capability in made), key=lambda one: one.function))
        self.renames = tuple(diagnostic for draft, capability in made for diagnostic in _renames(draft, capability))
        self._lead, self._summary = _summary(name, ordered)
        self.namespace = replace(self.namespace, capabilities=ordered, type_names=near)


def _of_nothing(results: Sequence[ResultInfo], rooms: Sequence[Drafts]) -> Iterator[Diagnostic]:
    """Tell which observed results are of no method: it has another name or another signature, or is gone."""
    if not results:
        return
    methods = [draft for room in rooms for draft in room.drafts if draft.kind in ("method", "stream")]
    names = {draft.wire.lower() for draft in methods}
    signed = {(draft.wire.lower(), draft.accepts.lower(), draft.returns.lower()) for draft in methods}
    for one in results:
        name, accepts, returns = one.name.lower(), one.accepts.lower(), one.returns.lower()
        if name not in names:
            yield Diagnostic(where=f"{one.name} observed result", message="there is no such method; not used")
        elif (accepts or returns) and (name, accepts, returns) not in signed:
            yield Diagnostic(
                where=f"{one.name} observed result", message="no method of the name has this signature; not used"
            )


def _titles(apps: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Give the titles of apps, in the apps' order; empty for those that the environment doesn't list."""
    return tuple(titles.get(app, "") for app in apps)


def _renames(draft: Draft, capability: Capability) -> Iterator[Diagnostic]:
    """Tell which names are not simply the wire name in Python's spelling."""
    if capability.function != draft.function:
        reason = "means something else" if capability.function == f"{draft.function}_" else "is wanted by another"
        message = f"offered as {capability.name}: {draft.function} {reason}"
        yield Diagnostic(kind="renamed", where=draft.wire, message=message)
    elif draft.namespace.endswith("_"):
        message = f"offered as {capability.name}: {draft.namespace.rstrip('_')} means something else in a snippet"
        yield Diagnostic(kind="renamed", where=draft.wire, message=message)
    for one in capability.parameters:
        if one.name != one.key and one.key not in draft.names and not one.key.startswith("_"):
            message = f"its key {one.key!r} is the parameter {one.name}"
            yield Diagnostic(kind="renamed", where=draft.wire, message=message)


def _uses(wish: _Wish) -> tuple[Use, ...]:
    draft, function = wish.draft, wish.function
    hints = [key_hint(function, one.key, NamedBy.CAPABILITY) for one in draft.fields]
    uses = [_use(wish, hint, one.shape, wish.input_scope) for hint, one in zip(hints, draft.fields, strict=True)]
    if draft.output is not None:
        shape = draft.output.shape
        last = singular((words(function) or ["value"])[-1])
        # `Sightings` takes the items of a list by the singular of its hint.
        noun = (f"{last}s", NamedBy.NOUN)
        hint = noun if isinstance(shape, List) else (f"{function}_result", NamedBy.CAPABILITY)
        uses.append(_use(wish, hint, shape, wish.output_scope))
    return tuple(uses)


def _use(wish: _Wish, hint: tuple[str, NamedBy], shape: Shape, scope: Scope) -> Use:
    name, by = hint
    draft = wish.draft
    return Use(namespace=draft.namespace, owner=wish.function, hint=name, shape=shape, scope=scope, named_by=by)


def _capability(wish: _Wish, named: NamedTypes, type_names: frozenset[str], titles: Sequence[str]) -> Capability:
    draft, function = wish.draft, wish.function
    parameters = _parameters(wish, named, type_names)
    output = draft.output
    result = expression(named.resolve(output.shape, wish.output_scope)) if output is not None else "Any"
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
        search=one_line(
            " ".join(dict.fromkeys((draft.wire, *draft.search, *titles, *draft.apps))), limit=_SEARCH_LIMIT
        ),
        uses=tuple(sorted(used & type_names)),
    )


def _parameters(wish: _Wish, named: NamedTypes, type_names: frozenset[str]) -> tuple[Parameter, ...]:
    fields, wanted = wish.draft.fields, wish.draft.names
    wishes = {one.key: wanted.get(one.key, one.key) for one in fields}
    names = key_names(wishes.values(), types=type_names)
    found = [_parameter(one, names[wishes[one.key]], named, wish.input_scope) for one in fields]
    options = [_option(one, one.name_beside(names.values())) for one in wish.draft.options]
    return (*sorted(found, key=lambda one: not one.is_required), *options)


def _parameter(one: Field, name: str, named: NamedTypes, scope: Scope) -> Parameter:
    return Parameter(
        name=name,
        key=one.key,
        type=expression(named.resolve(one.shape, scope)),
        is_required=one.is_required,
        is_nullable=nullable(one.shape),
        default=None if one.is_required else one.default,
        note=one.note,
    )


def _option(one: Option, name: str) -> Parameter:
    return Parameter(
        name=name,
        key=name,
        type=one.type,
        is_required=False,
        is_nullable=False,
        default=one.default,
        note=one.note,
        option=one.option,
    )


_PLATFORM_TOPICS = ("applications", "instances", "workspaces", "notifications", "contexts", "channels")


def _summary(name: str, capabilities: Sequence[Capability]) -> tuple[str, str]:
    """Give the app behind most of a namespace, empty if there is none, and what is said where it has no caption."""
    if name == INTENTS and all(one.kind in ("intent", "fdc3_intent") for one in capabilities):
        return "", "Intents that the apps of this environment handle."
    if name == PLATFORM and all(one.origin == "platform" for one in capabilities):
        functions = " ".join(one.function for one in capabilities)
        topics = ", ".join(topic for topic in _PLATFORM_TOPICS if topic[:-1] in functions)
        return "", f"What io.Connect itself does{': ' if topics else ''}{topics}."
    offers = Counter(app for one in capabilities for app in one.apps)
    apps = sorted(offers, key=lambda app: (-offers[app], app))
    lead = apps[0] if apps and offers[apps[0]] * 2 > len(capabilities) else ""
    shown = ", ".join(one_line(app, limit=40) for app in sorted(apps)[:3])
    more = f" and {len(apps) - 3} more" if len(apps) > 3 else ""
    says_more = any(words(app) != words(name) for app in apps)
    return lead, f"Offered by {shown}{more}." if says_more else ""
