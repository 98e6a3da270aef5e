"""A capability before names are settled: what `methods`, `intents` and `platform_calls` make of the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from ioconnect_codegen.diagnostics import Diagnostic
from ioconnect_codegen.naming import snake
from ioconnect_codegen.options import Option
from ioconnect_codegen.shapes import Anything, Field, Note, Record, Reference, Shape
from ioconnect_codemode.values import JsonValue

Kind: TypeAlias = Literal["method", "stream", "intent", "fdc3_intent", "context"]
Effect: TypeAlias = Literal["read", "write", "destructive", "unknown"]
Origin: TypeAlias = Literal[
    "tool", "static_tool", "app_definition", "signature", "intent", "platform", "observed", "nothing"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A value that a source describes.

    Attributes:
        shape: Its shape; references point into `definitions`.
        definitions: Records that the shape refers to.
        schema: The JSON Schema for the wire.
        note: Description and constraint of the value as a whole.
        is_whole: Whether the source describes the object as one unnamed thing instead of naming its keys.
    """

    shape: Shape = field(default_factory=Anything)
    definitions: Mapping[str, Record] = field(default_factory=dict[str, Record])
    schema: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    note: Note = field(default_factory=Note)
    is_whole: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A capability whose names and types are still wishes.

    Attributes:
        kind: What sort of thing is called.
        wire: The wire name: the method's, or the intent's without any prefix.
        accepts: The input signature as declared.
        returns: The output signature as declared.
        shares_wire: Whether another method has the same wire name.
        namespace: The wish for a namespace.
        function: The wish for a function name.
        apps: Apps that offer or declare it, sorted.
        effect: What the declarations say a call does.
        origin: The source that the parameters come from.
        fields: The parameters: keys of the argument object, in declared order.
        names: Parameter names that are not made from the key.
        is_spread: Whether the value of the single parameter is the argument object.
        input: What the argument object is.
        output: What the result is; None where no source declares it.
        description: What it does, in the best words that a source has, not cleaned.
        search: Further words by which it may be looked for.
        fixed: Part of the argument object that every call sends.
        under: Keys in the argument object, one below the other, under which the parameters stand.
        options: Keyword-only arguments that the host reads.
        identity: Text that no other capability has; order and case of the environment don't matter.
    """

    kind: Kind
    wire: str
    accepts: str = ""
    returns: str = ""
    shares_wire: bool = False
    namespace: str
    function: str
    apps: tuple[str, ...]
    effect: Effect
    origin: Origin
    fields: tuple[Field, ...]
    names: Mapping[str, str] = field(default_factory=dict[str, str])
    is_spread: bool = False
    input: Described
    output: Described | None
    description: str
    search: tuple[str, ...] = ()
    fixed: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    under: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    identity: str = field(init=False)

    def __post_init__(self) -> None:
        """Settle the identity, which every stage asks for."""
        fixed = json.dumps(self.fixed, sort_keys=True) if self.fixed else ""
        identity = "\n".join((self.wire, self.kind, self.accepts.lower(), self.returns.lower(), fixed))
        object.__setattr__(self, "identity", identity)


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """Something of the environment that is not in the catalog, and why."""

    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """What one room made of the environment."""

    drafts: tuple[Draft, ...]
    omissions: tuple[Omission, ...]
    diagnostics: tuple[Diagnostic, ...]


def parameters_of(taken: Described) -> tuple[tuple[Field, ...], bool]:
    """Give the parameters of an argument object, and whether the one parameter is the object itself."""
    shape = target_of(taken)
    if isinstance(shape, Record) and not taken.is_whole:
        return shape.fields, False
    is_required = isinstance(shape, Record)
    key = snake(shape.title) if isinstance(shape, Record) and shape.title else "arguments"
    return (Field(key=key, shape=taken.shape, is_required=is_required, note=taken.note),), True


def target_of(described: Described) -> Shape:
    """Give the shape itself where it is a reference to a definition."""
    shape = described.shape
    return described.definitions[shape.target] if isinstance(shape, Reference) else shape
