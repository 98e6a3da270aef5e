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

from ioconnect_codegen.capabilities import Capability, Wish, renames, titles_of
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Described, Draft, Drafts, Omission
from ioconnect_codegen.environment import Environment, ResultInfo
from ioconnect_codegen.intents import NAMESPACE as INTENTS
from ioconnect_codegen.intents import draft_intents
from ioconnect_codegen.kept import Kept, are_same, span
from ioconnect_codegen.methods import MethodDrafts, business_name
from ioconnect_codegen.named_types import Groups, NamedType, NamedTypes
from ioconnect_codegen.naming import function_name, settle, words
from ioconnect_codegen.platform_calls import NAMESPACE as PLATFORM
from ioconnect_codegen.platform_calls import draft_platform_calls
from ioconnect_codegen.prose import first_sentence, one_line, sentence
from ioconnect_codegen.sightings import Scope, Sightings


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
        known: Mapping[str, Wish] = {} if kept is None else kept.wishes
        wanted = {draft.identity: function_name(draft.function) for draft in drafts}
        functions = settle(wanted, spelt={draft.identity: draft.wire.rpartition(".")[2] for draft in drafts})
        wishes: dict[str, Wish] = {}
        for draft in drafts:
            one, function = known.get(draft.identity), functions[draft.identity]
            if one is None or one.draft is not draft or one.function != function:
                one = Wish(draft, function, self._scope(draft.input), self._scope(draft.output))
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


class _Room:
    """What is known of a namespace: its drafts, the shapes they show, and what was made of them last."""

    def __init__(self, name: str, wishes: Mapping[str, Wish]) -> None:
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
        shown = titles_of(self._apps, titles)
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
        self.renames = tuple(diagnostic for draft, capability in made for diagnostic in renames(draft, capability))
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
