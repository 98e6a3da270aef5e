"""The `.pyi` text of functions, with just the types they need: what a model reads before it writes a snippet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.lookup.names import is_pattern, plain, resolved, tidied, type_named
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, FieldData
from ioconnect_codemode.messages import say_lookup
from ioconnect_codemode.values import JsonValue

Detail = Literal["signature", "full"]
DETAILS: tuple[Detail, ...] = ("signature", "full")

LIMIT = 20_000
"""Characters of functions and types in one answer, as many as of a snippet's value: some 100 functions. One always comes."""

_MOST = 2 * LIMIT  # of the first one alone: a schema of thousands of properties would fill a model's context
_NAMES = 500  # of one question; the text of so many functions is too long in any case
_REMARKS = 5  # names that are told to be unknown or ambiguous, with candidates; comparing takes time
_CANDIDATES = 5
_NOTE_LIMIT = 200
_EXAMPLES = 2
_KINDS = {
    "method": "interop method",
    "stream": "interop stream",
    "intent": "intent",
    "fdc3_intent": "FDC3 intent",
    "context": "gateway operation",
}


def definitions_text(manifest: Manifest, names: Sequence[str], *, detail: str = "signature") -> str:
    """Give one `.pyi` text with these functions and types, and just the types they need.

    Args:
        manifest: The catalog as policy leaves it.
        names: As `resolved` takes them; types by their name, `Client` or `crm.Client`. Unknown and ambiguous ones are
            answered with the nearest names, in comments at the end. The order of the names doesn't matter.
        detail: `signature`, or `full` with notes on parameters and fields, examples, wire names, apps and effects.

    Raises:
        UsageError: `detail` is neither.
    """
    if detail not in DETAILS:
        raise UsageError(f"detail must be signature or full, not {detail[:80]!r}")
    wanted: set[str] = set()
    unsettled: dict[str, Sequence[str]] = {}
    for asked in dict.fromkeys(names[:_NAMES]):
        name = tidied(asked)
        found: Sequence[str] = () if name is None else resolved(manifest, name)
        named = type_named(manifest, name or "")
        if named is not None:
            wanted.add(named)
            found = [one for one in found if one in (name, *manifest.offered_as(name or ""))]
            if not found:
                continue
        if name is not None and (len(found) == 1 or is_pattern(manifest, name)):
            wanted.update(found)
        if len(found) == 0 or (len(found) > 1 and name is not None and not is_pattern(manifest, name)):
            unsettled[asked] = found
    ordered = [name for name in (*manifest.types, *manifest.capabilities) if name in wanted] if wanted else []
    text = "\n".join(_bounded(manifest, ordered, detail))
    if len(text) > _MOST:
        text = f"{text[:_MOST]}...\n# {say_lookup('cut', limit=f'{_MOST:,}')}"
    return "\n".join([*([text] if text else []), *_remarks(manifest, unsettled)])


def field_type(one: FieldData) -> str:
    """Give the type of a field as it is read: one that may be absent reads as None."""
    if one["required"] or one["type"] in ("Any", "None") or one["type"].endswith("| None"):
        return one["type"]
    return f"{one['type']} | None"


def _bounded(manifest: Manifest, names: Sequence[str], detail: str) -> Iterator[str]:
    """Give the lines of as many types and functions as fit, then how many there are and how to ask for fewer."""
    shown: list[str] = []
    blocks: dict[str, list[str]] = {}
    types: dict[str, str] = {}
    length = 0
    for name in names:
        block = [] if name in manifest.types else _function_lines(manifest, name, detail)
        more = {used: _type_text(manifest, used, detail) for used in manifest.uses([name]) if used not in types}
        length += sum(len(line) + 1 for line in (*block, *more.values()))
        if length > LIMIT and shown:
            break
        shown.append(name)
        blocks[name] = block
        types |= more
    yield from (types[used] for used in manifest.uses(shown))
    current = ""
    for name in shown:
        if name in manifest.types:
            continue
        namespace = name.partition(".")[0]
        if namespace != current:
            yield f"class {namespace}:"
            current = namespace
        yield from blocks[name]
    if len(shown) < len(names):
        yield "# " + say_lookup("bounded", shown=len(shown), total=len(names), last=shown[-1])


def _function_lines(manifest: Manifest, name: str, detail: str) -> list[str]:
    entry = manifest.capabilities[name]
    lines = [f" {entry['definition']}"]
    if detail == "full":
        properties = _properties(manifest.schemas(name)["input_schema"])
        notes = ((one["name"], _note(properties.get(one["key"]))) for one in entry["parameters"])
        lines += [f" #  {parameter}: {note}" for parameter, note in notes if note]
        lines.append(f" # {_route_text(entry)}")
    return lines


def _properties(schema: Mapping[str, JsonValue]) -> Mapping[str, JsonValue]:
    found = schema.get("properties")
    return found if isinstance(found, dict) else {}


def _note(schema: JsonValue) -> str:
    """Give what a schema says of a parameter beyond its type: the description, and examples that are not named in it."""
    if not isinstance(schema, dict):
        return ""
    description, examples = schema.get("description"), schema.get("examples")
    said = description.strip() if isinstance(description, str) else ""
    given = examples[:_EXAMPLES] if isinstance(examples, list) else []
    shown = [repr(one) for one in given if not (isinstance(one, str) and one in said)]
    parts = (said, f"e.g. {', '.join(shown)}" if shown else "")
    return plain("; ".join(part for part in parts if part), limit=_NOTE_LIMIT)


def _type_text(manifest: Manifest, name: str, detail: str) -> str:
    data = manifest.types[name]
    fields = data.get("fields", [])
    if detail == "signature" or not any(one.get("note") for one in fields):
        return data["definition"]
    notes = (f"  # {text}" if (text := one.get("note")) else "" for one in fields)
    lines = [f" {one['name']}: {field_type(one)}{note}" for one, note in zip(fields, notes, strict=True)]
    return "\n".join([f"class {name}:", *lines])


def _route_text(entry: CapabilityData) -> str:
    apps = f", offered by {', '.join(entry['apps'])}" if entry["apps"] else ""
    several = f" ({say_lookup('several_apps')})" if len(entry["apps"]) > 1 else ""
    return plain(f"{_KINDS[entry['kind']]} {entry['wire']}{apps}{several}; effect: {entry['effect']}", limit=300)


def _remarks(manifest: Manifest, unsettled: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for place, (name, found) in enumerate(unsettled.items()):
        if place == _REMARKS:
            yield "# " + say_lookup("more_unknown", count=len(unsettled) - _REMARKS)
            return
        if found:
            yield "# " + say_lookup("ambiguous", name=plain(name), names=_one_of(found))
        else:
            near = ", ".join(manifest.nearest((tidied(name) or "").rstrip("*").rstrip(".")))
            yield "# " + say_lookup("near_name" if near else "unknown", name=plain(name), names=near)


def _one_of(names: Sequence[str]) -> str:
    shown: Iterable[str] = names[:_CANDIDATES]
    more = f" or {len(names) - _CANDIDATES} more" if len(names) > _CANDIDATES else ""
    return " or ".join(shown) + more
