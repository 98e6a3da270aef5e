"""A capability: one callable thing of an environment, and how a draft becomes one.

A draft is what a source says; a wish is a draft with the function that it gets among the others of its namespace. The
types of a wish are named with those of the whole package (`named_types.py`); then the capability can be written down.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.drafts import Draft, Effect, Kind, Origin
from ioconnect_codegen.expressions import expression, names_in
from ioconnect_codegen.named_types import NamedTypes
from ioconnect_codegen.naming import key_names, singular, words
from ioconnect_codegen.options import Option
from ioconnect_codegen.prose import first_sentence, one_line, sentence
from ioconnect_codegen.shapes import Field, List, Note, Shape, nullable
from ioconnect_codegen.sightings import NamedBy, Scope, Use, key_hint, keys_in
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


class Wish:
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
        shown = titles_of(self.draft.apps, titles)
        if self._made is None or self._made[:2] != (near, shown) or not renamed.isdisjoint(self._keys):
            self._made = near, shown, _capability(self, named, near, shown)
        return self._made[2]


def titles_of(apps: Sequence[str], titles: Mapping[str, str]) -> tuple[str, ...]:
    """Give the titles of apps, in the apps' order; empty for those that the environment doesn't list."""
    return tuple(titles.get(app, "") for app in apps)


def renames(draft: Draft, capability: Capability) -> Iterator[Diagnostic]:
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


def _uses(wish: Wish) -> tuple[Use, ...]:
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


def _use(wish: Wish, hint: tuple[str, NamedBy], shape: Shape, scope: Scope) -> Use:
    name, by = hint
    draft = wish.draft
    return Use(namespace=draft.namespace, owner=wish.function, hint=name, shape=shape, scope=scope, named_by=by)


def _capability(wish: Wish, named: NamedTypes, type_names: frozenset[str], titles: Sequence[str]) -> Capability:
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


def _parameters(wish: Wish, named: NamedTypes, type_names: frozenset[str]) -> tuple[Parameter, ...]:
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
