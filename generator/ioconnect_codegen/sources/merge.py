"""Parts of an environment -> one environment document, with where each fact comes from and who contradicts whom.

Entries of one name are one entry: methods by name and signatures, as the platform tells them apart, a method without a
signature joining the one of its name that another source gives a signature; tools by name and method; the others by
name. Case never counts. Lists are joined, and where two sources say different things, the one that is nearer to the
running platform is believed (the order of `_NEARNESS`, then the name of the source), and both are told.

The order of the sources doesn't matter.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from ioconnect_codegen.prose import one_line
from ioconnect_codegen.sources.part import Entry, Part, listed, mapped, text
from ioconnect_codemode.values import JsonValue

GATEWAY = "gateway"
"""Kind of a running environment."""

_NEARNESS = (
    GATEWAY,
    "gateway discovery",
    "interop.methods()",
    "intents.all()",
    "environment",
    "io.Intelligence configuration",
    "io.Connect app definitions",
    "workspace layouts",
    "FDC3 App Directory",
    "MCP tools/list",
    "results overlay",
)
_SHOWN = 200  # characters of a value in a contradiction
_ATOMS = frozenset({"inputSchema", "outputSchema", "contextSchema", "valueSchema"})
# Nobody is misled where these differ: each kind of source has its own words for them.
_OWN_WORDS = frozenset({"type", "availability", "version", "title", "displayName", "applicationName"})
_PROVENANCE = "from"

_Said: TypeAlias = "tuple[Source, Entry]"
_Key: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source.

    Attributes:
        name: What it is called in the document: a file name without its folder, or the address of a gateway.
        kind: One of `KINDS`, or `gateway`.
        part: What it says.
    """

    name: str
    kind: str
    part: Part


def merge(sources: Iterable[Source], *, name: str = "", otherwise: str = "desktop") -> Entry:
    """Give the environment document of all sources together.

    Args:
        sources: In any order.
        name: Name of the environment; empty: the one that a source gives.
        otherwise: Name where no source gives one.
    """
    ordered = sorted(sources, key=lambda one: (_nearness(one.kind), one.name, repr(one.part)))
    told = _Contradictions()
    document: Entry = {
        "schemaVersion": 1,
        "name": name or next((one.part.name for one in ordered if one.part.name), otherwise),
    }
    if description := next((one.part.description for one in ordered if one.part.description), ""):
        document["description"] = description
    document["methods"] = _sorted(_methods(ordered, told))
    for key, identity in _IDENTITIES.items():
        said = [(one, entry) for one in ordered for entry in cast("tuple[Entry, ...]", getattr(one.part, key))]
        if merged := _merged(_grouped(said, identity), key, told):
            document[key] = _sorted(merged)
    if gateway := next((one.part.gateway for one in ordered if one.part.gateway), None):
        document["gateway"] = gateway
    document["sources"] = _sources(ordered)
    for one in ordered:
        told.repeat(one.part.contradictions)
    if found := told.entries():
        document["contradictions"] = found
    return document


def _tool_identity(entry: Entry) -> _Key:
    return (text(entry["name"]).casefold(), text(mapped(entry.get("interop")).get("methodName")).casefold())


def _name_identity(entry: Entry) -> _Key:
    return (text(entry["name"]).casefold(),)


def _method_identity(entry: Entry) -> _Key:
    return tuple(text(entry.get(key)).casefold() for key in ("name", "accepts", "returns"))


_IDENTITIES: dict[str, Callable[[Entry], _Key]] = {
    "tools": _tool_identity,
    "applications": _name_identity,
    "intents": _name_identity,
    "workspaces": _name_identity,
    "workingContext": _name_identity,
    "results": _method_identity,
}


def _nearness(kind: str) -> int:
    return _NEARNESS.index(kind) if kind in _NEARNESS else len(_NEARNESS)


def _grouped(said: Iterable[_Said], identity: Callable[[Entry], _Key]) -> dict[_Key, list[_Said]]:
    groups: dict[_Key, list[_Said]] = defaultdict(list)
    for source, entry in said:
        groups[identity(entry)].append((source, entry))
    return groups


def _methods(ordered: Sequence[Source], told: _Contradictions) -> list[Entry]:
    groups = _grouped(((one, entry) for one in ordered for entry in one.part.methods), _method_identity)
    by_name: dict[str, list[_Key]] = defaultdict(list)
    for key in sorted(groups):
        by_name[key[0]].append(key)
    for keys in by_name.values():
        signed = [key for key in keys if key[1] or key[2]]
        bare = next((key for key in keys if not (key[1] or key[2])), None)
        if bare is not None and len(signed) == 1 and not _share_a_source(groups[bare], groups[signed[0]]):
            groups[signed[0]].extend(groups.pop(bare))
        _tell_signatures([groups[key] for key in signed], told)
    return _merged(groups, "methods", told)


def _share_a_source(one: Iterable[_Said], other: Iterable[_Said]) -> bool:
    return bool({source.name for source, _ in one} & {source.name for source, _ in other})


def _tell_signatures(groups: Sequence[list[_Said]], told: _Contradictions) -> None:
    """Tell that sources give one name different signatures; a source that has both means two methods."""
    if len(groups) < 2 or any(_share_a_source(a, b) for i, a in enumerate(groups) for b in groups[i + 1 :]):
        return
    said = [(_signature(group[0][1]), [source.name for source, _ in group]) for group in groups]
    told.add(f"{text(groups[0][0][1]['name'])} signature, kept as {len(groups)} methods", said)


def _signature(entry: Entry) -> str:
    return f"{text(entry.get('accepts'))} => {text(entry.get('returns'))}"


def _merged(groups: Mapping[_Key, list[_Said]], room: str, told: _Contradictions) -> list[Entry]:
    found: list[Entry] = []
    for _, said in sorted(groups.items()):
        # A method that joined another comes last in its group, whatever its source.
        near = sorted(said, key=lambda one: (_nearness(one[0].kind), one[0].name, _canonical(one[1])))
        plain = [(source, {k: v for k, v in entry.items() if k != _PROVENANCE}) for source, entry in near]
        name = text(near[0][1]["name"])
        joined = cast("Entry", _joined(plain, f"{room} {name}" if room != "methods" else name, told))
        found.append({**joined, _PROVENANCE: _provenance(near)})
    return found


def _provenance(said: Iterable[_Said]) -> Entry:
    """Give what each source gave: a source that was merged itself hands on what it was merged from."""
    given: dict[str, set[str]] = defaultdict(set)
    for source, entry in said:
        earlier = mapped(entry.get(_PROVENANCE))
        for origin, keys in earlier.items():
            given[origin].update(map(str, listed(keys)))
        if not earlier:
            given[source.name].update(key for key in entry if key != "name")
    return {origin: list[JsonValue](sorted(keys)) for origin, keys in sorted(given.items())}


def _joined(said: Sequence[tuple[Source, JsonValue]], about: str, told: _Contradictions) -> JsonValue:
    """Give one value of what several sources say; the first is believed where they differ."""
    values = [value for _, value in said]
    if all(isinstance(value, dict) for value in values):
        keys = dict.fromkeys(key for value in values for key in mapped(value))
        return {key: _joined_key(said, key, about, told) for key in keys}
    if all(isinstance(value, list) for value in values):
        return _joined_lists(said, about, told)
    told.compare(about, said)
    return values[0]


def _joined_key(said: Sequence[tuple[Source, JsonValue]], key: str, about: str, told: _Contradictions) -> JsonValue:
    inner = [(source, mapped(value)[key]) for source, value in said if key in mapped(value)]
    place = f"{about} {key}"
    if key == "name" or key in _OWN_WORDS or len(inner) == 1:
        return inner[0][1]
    if key in _ATOMS:
        told.compare(place, inner)
        return inner[0][1]
    if key in ("accepts", "returns"):  # one method: they differ in case only, or one source doesn't say
        return next((value for _, value in inner if value), inner[0][1])
    return _joined(inner, place, told)


def _joined_lists(said: Sequence[tuple[Source, JsonValue]], about: str, told: _Contradictions) -> JsonValue:
    items = [(source, item) for source, value in said for item in listed(value)]
    if items and all("name" in mapped(item) for _, item in items):
        named = _grouped(((source, mapped(item)) for source, item in items), _name_identity)
        entries = [_joined(group, f"{about} {text(group[0][1]['name'])}", told) for _, group in sorted(named.items())]
        return list[JsonValue](entries)
    unique: dict[str, JsonValue] = {}
    for _, item in items:
        unique.setdefault(_canonical(item), item)
    return list(unique.values())


def _sources(ordered: Sequence[Source]) -> list[JsonValue]:
    """Give what the document was made from: a source that was merged itself hands on what it was merged from."""
    kinds: dict[str, str] = {}
    for one in ordered:
        earlier = {text(entry["name"]): text(entry.get("kind")) for entry in one.part.sources}
        kinds.update(earlier or {one.name: one.kind})
    return [{"name": name, "kind": kinds[name]} for name in sorted(kinds)]


def _sorted(entries: Iterable[Entry]) -> list[JsonValue]:
    by_name: list[Entry] = sorted(entries, key=lambda entry: (text(entry["name"]).casefold(), _canonical(entry)))
    return list[JsonValue](by_name)


def _canonical(value: object) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


class _Contradictions:
    """What is said in different ways, by what it is about."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, list[str]]] = {}

    def compare(self, about: str, said: Sequence[tuple[Source, JsonValue]]) -> None:
        """Note what is said where it isn't the same thing."""
        if len({_meaning(value) for _, value in said}) > 1:
            self.add(about, [(_shown(value), [source.name]) for source, value in said])

    def add(self, about: str, said: Iterable[tuple[str, list[str]]]) -> None:
        """Note what is said, the believed value first."""
        values = self._found.setdefault(one_line(about, limit=_SHOWN), {})
        for value, names in said:
            known = values.setdefault(value, [])
            known.extend(name for name in names if name not in known)

    def repeat(self, entries: Iterable[Entry]) -> None:
        """Note what a source says that its own sources contradict each other in."""
        for entry in entries:
            said = [
                (text(mapped(one).get("value")), list(map(text, listed(mapped(one).get("sources")))))
                for one in listed(entry.get("said"))
            ]
            self.add(text(entry["about"]), said)

    def entries(self) -> list[JsonValue]:
        """Give all of it, in the form of the document."""
        return [
            {"about": about, "said": [_statement(value, names) for value, names in said.items()]}
            for about, said in sorted(self._found.items())
        ]


def _statement(value: str, names: Iterable[str]) -> JsonValue:
    return {"value": value, "sources": list[JsonValue](sorted(names))}


def _meaning(value: JsonValue) -> str:
    """Give a text that two values share if they mean the same: a schema, and the same schema as JSON text."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            return _canonical(json.loads(value))
        except (ValueError, RecursionError):
            return value
    return one_line(value, limit=10_000) if isinstance(value, str) else _canonical(value)


def _shown(value: JsonValue) -> str:
    return one_line(value if isinstance(value, str) else _canonical(value), limit=_SHOWN)
