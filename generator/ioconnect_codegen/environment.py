"""What one io.Connect says it offers: the raw facts, as the apps declare them, in one read-only value.

Nothing is merged or interpreted here; `catalog` does that. The document is checked against
`environment.schema.json`, and all its problems are reported at once.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar, cast

import jsonschema_rs

import ioconnect_schemas
from ioconnect_codegen.errors import EnvironmentInvalid
from ioconnect_codegen.kept import span
from ioconnect_codegen.prose import one_line
from ioconnect_codemode.values import JsonValue

T = TypeVar("T")

_LISTS = (
    *("methods", "tools", "applications", "intents", "workspaces", "workingContext", "results"),
    *("sources", "contradictions"),
)
_NEWER = frozenset({"workingContext", "results"})
"""Lists that count in a digest where there is something in them: documents without them keep theirs."""
_ENTRY = re.compile(rf"(?P<entry>\$\.(?:{'|'.join(_LISTS)})\[\d+\])(?P<inside>.*?): (?P<message>.*)", re.DOTALL)
_FEW = 50  # changed entries; to put more of them into an ordered list one by one takes longer than to order it anew
_PYTHON_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
    "object": "dict",
    "array": "list",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerInfo:
    """An app that offers a method right now, in so many instances."""

    application: str
    instance: str | None
    instances: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodInfo:
    """An interop method as registered; `accepts` and `returns` are the strings of the registration."""

    name: str
    accepts: str
    returns: str
    description: str
    display_name: str
    object_types: tuple[str, ...]
    supports_streaming: bool
    flags: Mapping[str, JsonValue]
    servers: tuple[ServerInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToolInfo:
    """A static MCP tool that the owner of the platform maps to a method; a schema is None if it declares none."""

    name: str
    title: str
    description: str
    input_schema: JsonValue
    output_schema: JsonValue
    is_read_only: bool | None
    is_destructive: bool | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppMethodInfo:
    """A method that an app definition declares; the app need not be running."""

    name: str
    description: str
    input_schema: JsonValue
    output_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class AppIntentInfo:
    """An intent that an app definition declares."""

    name: str
    display_name: str
    contexts: tuple[str, ...]
    result_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AppInfo:
    """An app definition: the parts of it that describe what can be called."""

    name: str
    title: str
    caption: str
    methods: tuple[AppMethodInfo, ...]
    intents: tuple[AppIntentInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlerInfo:
    """One app, or one running instance of it, that handles an intent."""

    application: str
    display_name: str
    contexts: tuple[str, ...]
    result_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentInfo:
    """An intent as the Intents API lists it."""

    name: str
    handlers: tuple[HandlerInfo, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceInfo:
    """A workspace layout that can be restored; the schema is None if it declares none."""

    name: str
    description: str
    context_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingValueInfo:
    """A value of the working context: of a context of which kind, at which keys with dots between them."""

    name: str
    location: str
    path: str
    value_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultInfo:
    """What a method was seen to answer, reviewed by a person; empty signatures mean every method of the name."""

    name: str
    accepts: str
    returns: str
    output_schema: JsonValue


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayInfo:
    """What the gateway itself keeps: whether there are shared contexts, and the names of the channels."""

    has_contexts: bool
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ContradictionInfo:
    """Something that the sources of the environment say in different ways.

    Attributes:
        about: What it is about, `CRM.GetClient description` for instance.
        said: What was said, with the names of the sources that said so; the first is believed.
    """

    about: str
    said: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """What one io.Connect says it offers.

    Attributes:
        name: The environment's name, `wealth-desk` for instance.
        description: What it is, in a sentence; may be empty.
        gateway: What the gateway keeps; None where no gateway was asked.
        digest: SHA-256 of the document, in hex; the order of methods, tools, apps and intents doesn't count, the order
            of keys inside them does: it is the order of parameters.
    """

    name: str
    description: str
    methods: tuple[MethodInfo, ...]
    tools: tuple[ToolInfo, ...]
    applications: tuple[AppInfo, ...]
    intents: tuple[IntentInfo, ...]
    workspaces: tuple[WorkspaceInfo, ...]
    working_context: tuple[WorkingValueInfo, ...]
    results: tuple[ResultInfo, ...]
    contradictions: tuple[ContradictionInfo, ...]
    gateway: GatewayInfo | None
    digest: str


def read_environment(source: object) -> Environment:
    """Read an environment.

    Args:
        source: The path of a JSON file, or the document itself, parsed.

    Raises:
        EnvironmentInvalid: The text is no JSON, or the document doesn't fit the schema; lists all problems.
        OSError: The file can't be read.
    """
    return EnvironmentReader().read(source)


class EnvironmentReader:
    """Reads environments that follow each other: what an entry says is the same object for as long as it says the same.

    What a method, tool, app, intent or workspace says is compared as text; one that is the same object as in the
    document before is not looked at again, so a document is never changed in place.
    """

    def __init__(self) -> None:
        self._entries: dict[str, _Entries] = {}
        self._gateway: GatewayInfo | None = None

    def read(self, source: object) -> Environment:
        """Read an environment, as `read_environment` does."""
        document = _parse(source.read_text(encoding="utf-8-sig")) if isinstance(source, Path) else source
        if problems := self._problems(document):
            raise EnvironmentInvalid(problems, are_of_entries=all(map(_ENTRY.match, problems)))
        facts = _Facts(document)
        before = self._entries
        self._entries = {key: _Entries(facts.items(key), before.get(key)) for key in _LISTS}
        return Environment(
            name=facts.text("name"),
            description=facts.text("description"),
            methods=self._entries["methods"].read(_method),
            tools=self._entries["tools"].read(_tool),
            applications=self._entries["applications"].read(_app),
            intents=self._entries["intents"].read(_intent),
            workspaces=self._entries["workspaces"].read(_workspace),
            working_context=self._entries["workingContext"].read(_working_value),
            results=self._entries["results"].read(_result),
            contradictions=self._entries["contradictions"].read(_contradiction),
            gateway=self._gateway_of(facts),
            digest=self._digest(facts),
        )

    def _problems(self, document: object) -> list[str]:
        """Give what is wrong with a document; of the entries of the one before it is known that they are in order."""
        whole = document
        if isinstance(document, dict):
            changed = dict(cast("dict[str, object]", document))
            for key, before in self._entries.items():
                if isinstance(changed.get(key), list):
                    items = cast("list[object]", changed[key])
                    start, _, end = span(before.items, items)
                    changed[key] = items[start:end]
            if not _problems(changed):
                return []
        return _problems(whole)

    def _gateway_of(self, facts: _Facts) -> GatewayInfo | None:
        """Give what the gateway keeps, the same object for as long as it says the same."""
        found = _gateway(facts.inside("gateway")) if facts.mapping("gateway") else None
        if found != self._gateway:
            self._gateway = found
        return self._gateway

    def _digest(self, facts: _Facts) -> str:
        # The lists are sets: an environment that answers in another order is still the same environment.
        parts = [_canonical(facts.others(_LISTS))]
        said = {key: entries.digests for key, entries in self._entries.items() if key not in _NEWER or entries.digests}
        parts += [" ".join([key, *digests]) for key, digests in said.items()]
        return _sha256("\n".join(parts))


class _Entries:
    """The entries of one list of a document, with what they say as far as it was read.

    Attributes:
        items: The list.
        digests: Digest of every entry, in their own order.
    """

    def __init__(self, items: Sequence[JsonValue], before: _Entries | None) -> None:
        known: tuple[_Entry, ...] = () if before is None else before._entries
        start, end_known, end = span(() if before is None else before.items, items)
        left = known[start:end_known]
        by_identity = {id(entry.item): entry for entry in left}  # an entry holds its item: the identity stays its own
        alike = {entry.digest: entry for entry in left}
        come = tuple([by_identity.get(id(item)) or _entry(item, alike) for item in items[start:end]])
        self.items: Sequence[JsonValue] = items
        self.digests: list[str] = _exchanged(
            [] if before is None else before.digests, [one.digest for one in left], [one.digest for one in come]
        )
        self._entries: tuple[_Entry, ...] = (*known[:start], *come, *known[end_known:])
        self._said: tuple[object, ...] | None = None
        self._said_before: tuple[object, ...] | None = None if before is None else before._said
        self._changed = start, end_known, end

    def read(self, make: Callable[[_Facts], T]) -> tuple[T, ...]:
        """Give what the entries say; `make` is the same for a list every time."""
        if self._said is None:
            start, end_known, end = self._changed
            before, self._said_before = self._said_before, None
            first, last = (0, len(self._entries)) if before is None else (start, end)
            said = [entry.read(make) for entry in self._entries[first:last]]
            self._said = tuple(said) if before is None else (*before[:start], *said, *before[end_known:])
        return cast("tuple[T, ...]", self._said)


def _entry(item: JsonValue, alike: dict[str, _Entry]) -> _Entry:
    """Give a new entry; what one that says the same has said already is not read again."""
    digest = _sha256(_canonical(item))
    same = alike.get(digest)
    alike[digest] = entry = _Entry(item=item, digest=digest, said=[] if same is None else same.said)
    return entry


def _exchanged(ordered: Sequence[str], gone: Sequence[str], come: Sequence[str]) -> list[str]:
    """Give an ordered list without some of its items and with some others."""
    if len(gone) + len(come) > _FEW:
        left = Counter(ordered)
        left.subtract(gone)
        return sorted([*left.elements(), *come])
    found = list(ordered)
    for one in gone:
        del found[bisect_left(found, one)]
    for one in come:
        insort(found, one)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """One entry, the digest of its text, and what it says once it was read: a list that entries alike share."""

    item: JsonValue
    digest: str
    said: list[object]

    def read(self, make: Callable[[_Facts], object]) -> object:
        if not self.said:
            self.said.append(make(_Facts(self.item)))
        return self.said[0]


def broken_entries(document: object) -> dict[str, str]:
    """Give the entries of a document's lists that are none, `$.tools[3]`, each with what is wrong with it."""
    found: dict[str, str] = {}
    for problem in filter(None, map(_ENTRY.match, _problems(document))):
        found.setdefault(problem["entry"], f"{problem['inside'].lstrip('.')}: {problem['message']}".lstrip(": "))
    return found


def refuse_beyond_entries(document: object) -> None:
    """Refuse a document in which more is wrong than entries that can be left out.

    Raises:
        EnvironmentInvalid: There is; lists all problems.
    """
    problems = _problems(document)
    if not all(map(_ENTRY.match, problems)):
        raise EnvironmentInvalid(problems)


def _parse(text: str) -> object:
    def refuse(word: str) -> object:
        raise EnvironmentInvalid([f"$: {word} is not JSON"])

    try:
        return json.loads(text, parse_constant=refuse)
    except json.JSONDecodeError as error:
        problem = f"$: not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
        raise EnvironmentInvalid([problem]) from error
    except RecursionError as error:
        raise EnvironmentInvalid(["$: nested too deeply"]) from error


def _problems(document: object) -> list[str]:
    try:
        return [_problem(error, document) for error in _validator().iter_errors(document)]
    except (ValueError, TypeError) as error:
        return [f"$: not a JSON document: {one_line(str(error), limit=200)}"]


@cache
def _validator() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(json.loads(ioconnect_schemas.read("environment.schema.json")))


def _problem(error: jsonschema_rs.ValidationError, document: object) -> str:
    path = "$" + "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error.instance_path)
    kind = error.kind
    match kind:
        case jsonschema_rs.ValidationErrorKind.Type():
            expected = " or ".join(sorted(_PYTHON_TYPES.get(name, name) for name in kind.types))
            return f"{path}: expected {expected}, got {_type_at(document, error.instance_path)}"
        case jsonschema_rs.ValidationErrorKind.Required():
            return f"{path}: {kind.property!r} is missing"
        case jsonschema_rs.ValidationErrorKind.Constant():
            return f"{path}: expected {json.dumps(kind.expected_value)}"
        case jsonschema_rs.ValidationErrorKind.Enum():
            return f"{path}: expected one of {', '.join(json.dumps(option) for option in kind.options)}"
        case jsonschema_rs.ValidationErrorKind.MinLength():
            return f"{path}: must not be empty"
        case _:
            return f"{path}: does not fit {kind.name!r} of the schema"


def _type_at(document: object, path: Sequence[str | int]) -> str:
    value = document
    for part in path:
        if isinstance(value, Mapping | Sequence):  # it always is: the validator has walked this way
            value = cast("Mapping[str | int, object]", value)[part]
    return "None" if value is None else type(value).__name__


class _Facts:
    """Typed reading of a document that fits the schema; what is optional and absent reads as empty."""

    def __init__(self, value: object) -> None:
        facts = cast("Mapping[str, JsonValue]", value) if isinstance(value, Mapping) else None
        self._value: Mapping[str, JsonValue] = facts or {}

    def text(self, key: str) -> str:
        value = self._value.get(key)
        return value if isinstance(value, str) else ""

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._value.get(key)
        return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()

    def flag(self, key: str) -> bool | None:
        value = self._value.get(key)
        return value if isinstance(value, bool) else None

    def raw(self, key: str) -> JsonValue:
        return self._value.get(key)

    def inside(self, key: str) -> _Facts:
        return _Facts(self._value.get(key))

    def each(self, key: str) -> list[_Facts]:
        value = self._value.get(key)
        return [_Facts(item) for item in value] if isinstance(value, list) else []

    def mapping(self, key: str) -> Mapping[str, JsonValue]:
        value = self._value.get(key)
        return value if isinstance(value, dict) else {}

    def items(self, key: str) -> list[JsonValue]:
        value = self._value.get(key)
        return value if isinstance(value, list) else []

    def others(self, keys: Collection[str]) -> dict[str, JsonValue]:
        return {key: value for key, value in sorted(self._value.items()) if key not in keys}


def _canonical(value: object) -> str:
    return json.dumps(value, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _method(facts: _Facts) -> MethodInfo:
    servers = (
        ServerInfo(
            application=server.text("application"),
            instance=server.text("instance") or None,
            instances=_count(server.raw("instances")),
        )
        for server in facts.each("servers")
    )
    return MethodInfo(
        name=facts.text("name"),
        accepts=facts.text("accepts"),
        returns=facts.text("returns"),
        description=facts.text("description"),
        display_name=facts.text("displayName"),
        object_types=facts.texts("objectTypes"),
        supports_streaming=facts.flag("supportsStreaming") or False,
        flags=facts.mapping("flags"),
        servers=tuple(servers),
    )


def _count(value: JsonValue) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 1


def _tool(facts: _Facts) -> ToolInfo:
    config = facts.inside("config")
    annotations = config.inside("annotations")
    return ToolInfo(
        name=facts.text("name"),
        title=config.text("title"),
        description=config.text("description"),
        input_schema=config.raw("inputSchema"),
        output_schema=config.raw("outputSchema"),
        is_read_only=annotations.flag("readOnlyHint"),
        is_destructive=annotations.flag("destructiveHint"),
        method=facts.inside("interop").text("methodName"),
    )


def _app(facts: _Facts) -> AppInfo:
    declared = facts.inside("customProperties").inside("interop").each("methods")
    methods = (
        AppMethodInfo(
            name=method.text("name"),
            description=method.text("description"),
            input_schema=method.raw("inputSchema"),
            output_schema=method.raw("outputSchema"),
        )
        for method in declared
    )
    intents = (
        AppIntentInfo(
            name=intent.text("name"),
            display_name=intent.text("displayName"),
            contexts=intent.texts("contexts"),
            result_type=intent.text("resultType"),
        )
        for intent in facts.each("intents")
    )
    return AppInfo(
        name=facts.text("name"),
        title=facts.text("title"),
        caption=facts.text("caption"),
        methods=tuple(methods),
        intents=tuple(intents),
    )


def _intent(facts: _Facts) -> IntentInfo:
    handlers = (
        HandlerInfo(
            application=handler.text("applicationName"),
            display_name=handler.text("displayName"),
            contexts=handler.texts("contextTypes"),
            result_type=handler.text("resultType"),
        )
        for handler in facts.each("handlers")
    )
    return IntentInfo(name=facts.text("name"), handlers=tuple(handlers))


def _workspace(facts: _Facts) -> WorkspaceInfo:
    return WorkspaceInfo(
        name=facts.text("name"), description=facts.text("description"), context_schema=facts.raw("contextSchema")
    )


def _working_value(facts: _Facts) -> WorkingValueInfo:
    return WorkingValueInfo(
        name=facts.text("name"),
        location=facts.text("location"),
        path=facts.text("path"),
        value_schema=facts.raw("valueSchema"),
    )


def _gateway(facts: _Facts) -> GatewayInfo:
    return GatewayInfo(has_contexts=facts.flag("contexts") or False, channels=tuple(sorted(facts.texts("channels"))))


def _result(facts: _Facts) -> ResultInfo:
    return ResultInfo(
        name=facts.text("name"),
        accepts=facts.text("accepts"),
        returns=facts.text("returns"),
        output_schema=facts.raw("outputSchema"),
    )


def _contradiction(facts: _Facts) -> ContradictionInfo:
    said = ((one.text("value"), one.texts("sources")) for one in facts.each("said"))
    return ContradictionInfo(about=facts.text("about"), said=tuple(said))
