"""Interop methods, tools and app definitions -> drafts of capabilities.

What a method becomes depends on what is declared under its name, and on nothing else. So what was made of a name is
kept, and made again only where one of its declarations is another object: reading an environment that follows an
earlier one gives the same object for what is unchanged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from functools import lru_cache, partial

from ioconnect_codegen.declared import contradicted, events_of, input_of, output_of, sources_of
from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Described, Draft, Drafts, Omission, parameters_of
from ioconnect_codegen.environment import Environment, MethodInfo, ResultInfo
from ioconnect_codegen.identities import (
    Declaration,
    Identity,
    apps_of,
    description_of,
    effect_of,
    identities,
    search_words,
    wishes_of,
)
from ioconnect_codegen.kept import Kept, are_same, span
from ioconnect_codegen.options import TAKE, TARGET, WAIT, Option
from ioconnect_codegen.platform_names import intent_of_method, is_system_method

_FEW = 50  # changed methods; beyond, one pass over all is no dearer


class MethodDrafts:
    """The drafts of all business methods that can be called, kept from one environment to the next."""

    def __init__(self) -> None:
        self._kept: Kept[Declaration, Drafts] = Kept()
        self._methods: Sequence[MethodInfo] = ()
        self._others: Sequence[object] = ()
        self._found: dict[str, list[Declaration]] = {}
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
        changed: dict[str, list[Declaration]] = {}
        for method in (*gone, *come):
            if (name := business_name(method.name)) is not None:
                changed.setdefault(name, [])
        for method in come:
            if (name := business_name(method.name)) is not None:
                changed[name].append(method)
        left = Counter(map(id, gone))  # one object stands twice where a method is declared twice in the same words
        for name, new in changed.items():
            declared = list(new)
            for one in self._found.get(name, ()):
                if left[id(one)]:
                    left[id(one)] -= 1
                else:
                    declared.append(one)
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

    def _parts(self, name: str) -> list[Declaration]:
        """Give all that is declared under a name; what was observed declares no method by itself."""
        observed = self._results.get(name)
        return [*self._found[name], *observed] if observed else self._found[name]


def _declarations(environment: Environment) -> dict[str, list[Declaration]]:
    """Give all that the environment declares under a name in lower case; an app stands before its method."""
    found: dict[str, list[Declaration]] = defaultdict(list)
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


def _drafts(declarations: Sequence[Declaration]) -> Drafts:
    omissions: list[Omission] = []
    drafts: list[Draft] = []
    diagnostics: list[Diagnostic] = []
    for facts in identities(declarations):
        drafts.append(_draft(facts, diagnostics))
        omissions.extend(
            Omission(
                name=tool.name, reason=f"a second tool for {facts.name}, which is offered as {facts.tools[0].name}"
            )
            for tool in facts.tools[1:]
        )
    return Drafts(drafts=tuple(drafts), omissions=tuple(omissions), diagnostics=tuple(diagnostics))


def _draft(facts: Identity, diagnostics: list[Diagnostic]) -> Draft:
    sources = list(sources_of(facts, diagnostics))
    read: dict[tuple[int, str], Described] = {}
    origin, taken = input_of(facts, sources, read, diagnostics)
    output_origin, output = output_of(facts, sources, read, diagnostics)
    contradicted(facts, sources, read, diagnostics)
    fields, is_spread = parameters_of(taken)
    apps = apps_of(facts)
    namespace, function = wishes_of(facts, apps)
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
        effect="read" if is_stream else effect_of(facts),
        origin=output_origin if origin == "nothing" else origin,
        fields=fields,
        is_spread=is_spread,
        input=taken,
        output=events_of(output) if is_stream else output,
        options=_options(facts, apps, is_stream=is_stream),
        description=description_of(facts),
        search=tuple(search_words(facts)),
    )


def _options(facts: Identity, apps: Sequence[str], *, is_stream: bool) -> tuple[Option, ...]:
    if is_stream:
        return TAKE
    instances = sum(server.instances for method in facts.registered for server in set(method.servers))
    if len(apps) > 1 or instances > 1:
        return (TARGET, WAIT)
    return (WAIT,) if facts.declared and not facts.registered else ()
