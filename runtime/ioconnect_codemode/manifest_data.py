"""The shape of `manifest.json`, as `manifest.schema.json` describes it: types only, for both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NotRequired, TypedDict

if TYPE_CHECKING:
    from ioconnect_codemode.values import JsonValue

SCHEMA_VERSION = 1
Effect = Literal["read", "write", "destructive", "unknown"]
EFFECTS: Final = ("read", "write", "destructive", "unknown")


OptionName = Literal["take", "timeout_s", "target", "wait_for_s"]
"""What the host reads of a call: of a stream how many events and for how long; which of several apps, and how long to wait
for one that offers it."""


class ParameterData(TypedDict):
    """A parameter: `name` in Python, `key` on the wire, `type` as a type expression; `option` where the host reads it;
    `example` as its schema shows one."""

    name: str
    key: str
    type: str
    required: bool
    default: NotRequired[JsonValue]
    nullable: NotRequired[bool]
    option: NotRequired[OptionName]
    example: NotRequired[str | int | float]


class FieldData(TypedDict):
    """A field of a record: `name` as attribute, `key` on the wire."""

    name: str
    key: str
    type: str
    required: bool
    note: NotRequired[str]


class TypeData(TypedDict):
    """A record or an alias of the package."""

    kind: Literal["record", "alias"]
    module: str
    definition: str
    uses: list[str]
    fields: NotRequired[list[FieldData]]
    open: NotRequired[bool]
    type: NotRequired[str]


class SchemasData(TypedDict):
    """The JSON Schemas of one capability at the wire; `output_schema` is null where no result is declared."""

    input_schema: dict[str, JsonValue]
    output_schema: dict[str, JsonValue] | None


class CapabilityData(TypedDict):
    """One capability: how it is called, checked, described and routed.

    Its schemas stand in `schemas/<namespace>.json`; `Manifest.schemas` reads them. Only a package without that file has
    them here. The words that a search compares stand in `search.json`; `search` has further ones in a package without
    it.
    """

    kind: Literal["method", "stream", "intent", "fdc3_intent", "context"]
    wire: str
    accepts: NotRequired[str]
    returns_text: NotRequired[str]
    apps: list[str]
    effect: Effect
    origin: str
    parameters: list[ParameterData]
    spread: NotRequired[bool]
    fixed: NotRequired[dict[str, JsonValue]]
    under: NotRequired[list[str]]
    returns: str
    input_schema: NotRequired[dict[str, JsonValue]]
    output_schema: NotRequired[dict[str, JsonValue] | None]
    signature: str
    definition: str
    summary: str
    search: NotRequired[str]
    uses: list[str]


class NamespaceData(TypedDict):
    """A namespace: a stub module and its functions, in order."""

    summary: str
    module: str
    capabilities: list[str]


class ManifestData(TypedDict):
    """`manifest.json`, as `manifest.schema.json` describes it."""

    schemaVersion: int
    name: str
    generator: str
    environment: str
    catalog: str
    files: dict[str, str]
    namespaces: dict[str, NamespaceData]
    types: dict[str, TypeData]
    capabilities: dict[str, CapabilityData]
    omissions: list[dict[str, str]]
