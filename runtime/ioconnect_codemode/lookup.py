"""What is told of a catalog: lists and definitions for the model, stub modules for the worker, the checker's projection.

Everything comes from one manifest, the one that policy has left; what isn't in it can't be listed, named or loaded.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from typing import Literal, cast

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, FieldData, ParameterData
from ioconnect_codemode.records import nearest

Kind = Literal["method", "stream", "intent", "fdc3_intent"]
Detail = Literal["signature", "full"]

KINDS: tuple[Kind, ...] = ("method", "stream", "intent", "fdc3_intent")
DETAILS: tuple[Detail, ...] = ("signature", "full")
_COMPARED = 5  # what a snippet is told at once, and an answer's remarks on unknown names
_MOST = 200  # lines of one list: more is no longer read, and a query narrows it


def list_text(
    manifest: Manifest,
    query: str = "",
    *,
    namespace: str | None = None,
    kind: str | None = None,
    limit: int = 20,
) -> str:
    """Give the list of what there is.

    Args:
        manifest: The catalog as policy leaves it.
        query: Words; the best matches come first, one signature line each. Without one: namespaces, then names.
        namespace: Only this namespace, one signature line each.
        kind: `method`, `stream`, `intent` (FDC3 intents included) or `fdc3_intent`.
        limit: The most lines of functions, 1 to 200.

    Raises:
        UsageError: `kind` or `limit` is not one of those.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"kind must be one of {', '.join(KINDS)}, not {kind!r}")
    if type(limit) is not int or not 1 <= limit <= _MOST:
        raise UsageError(f"limit must be a number from 1 to {_MOST}, not {limit!r}")
    names = [
        name
        for name, entry in manifest.capabilities.items()
        if (namespace is None or name.partition(".")[0] == namespace) and (kind is None or _is_kind(entry, kind))
    ]
    if namespace is not None and namespace not in manifest.namespaces:
        return f"there is no namespace {namespace[:80]}; there are: {', '.join(manifest.namespaces) or 'none'}"
    if query.strip():
        return _matches_text(manifest, query, names, limit)
    if namespace is not None or kind is not None:
        return _lines_text(manifest, names, names[:limit])
    return _overview_text(manifest, names, limit)


def definitions_text(manifest: Manifest, names: Sequence[str], *, detail: str = "signature") -> str:
    """Give one `.pyi` text with these functions and just the types they need.

    Args:
        manifest: The catalog as policy leaves it.
        names: `crm.get_client`, an unambiguous `get_client`, or `crm.*`. Unknown and ambiguous ones are answered with
            the nearest names, in comments at the end.
        detail: `signature`, or `full` with notes on fields, wire names, apps and effects.

    Raises:
        UsageError: `detail` is neither.
    """
    if detail not in DETAILS:
        raise UsageError(f"detail must be signature or full, not {detail!r}")
    wanted: dict[str, None] = {}
    remarks: list[str] = []
    for name in names:
        found = manifest.resolve(name)
        if len(found) == 1 or (found and name.endswith(".*")):
            wanted.update(dict.fromkeys(found))
        elif found:
            remarks.append(f"# {_plain(name)} is in more than one namespace: ask for {' or '.join(found)}")
        else:
            near = manifest.nearest(name) if len(remarks) < _COMPARED else []
            remarks.append(f"# {_plain(name)} is unknown" + (f": did you mean {', '.join(near)}?" if near else ""))
    ordered = [name for name in manifest.capabilities if name in wanted]
    lines = [_type_text(manifest, name, detail) for name in manifest.uses(ordered)]
    current = ""
    for name in ordered:
        namespace = name.partition(".")[0]
        if namespace != current:
            lines.append(f"class {namespace}:")
            current = namespace
        entry = manifest.capabilities[name]
        lines.append(f" {entry['definition']}")
        if detail == "full":
            lines.append(f" # {_route_text(entry)}")
    return "\n".join([*lines, *remarks])


def projection(manifest: Manifest, names: Iterable[str]) -> str:
    """Give what a type checker reads about these functions: the same names, types and optionality as the model's text.

    Records are classes with their fields as attributes and what of a dict no field hides; record arguments also accept
    dicts; the functions are static methods of a class with the namespace's name.
    """
    wanted = set(names)
    ordered = [name for name in manifest.capabilities if name in wanted]
    records = {name for name, data in manifest.types.items() if data["kind"] == "record"}
    lines = ["from typing import Any, Literal", ""]
    for name in manifest.uses(ordered):
        data = manifest.types[name]
        if data["kind"] == "alias":
            lines.append(f"{name} = {data.get('type', 'Any')}")
            continue
        lines.append(f"class {name}:")
        lines += [f"    {one['name']}: {_optional(one)}" for one in data.get("fields", [])]
        fields = {one["name"] for one in data.get("fields", [])}
        lines += [f"    def {method}{rest}: ..." for method, rest in _OF_A_DICT.items() if method not in fields]
    current = ""
    for name in ordered:
        namespace, _, function = name.partition(".")
        if namespace != current:
            lines.append(f"class {namespace}:")
            current = namespace
        entry = manifest.capabilities[name]
        parameters = ", ".join(_projected_parameters(entry["parameters"], records))
        lines += ["    @staticmethod", f"    def {function}({parameters}) -> {entry['returns']}: ..."]
    return "\n".join(lines) + "\n"


def stubs_message(manifest: Manifest, names: Iterable[str]) -> dict[str, object]:
    """Answer a worker's `need`: the namespaces and functions among these names, with what they stand on.

    Raises:
        PackageError: A stub module is missing or is not the one that the manifest names.
    """
    functions: dict[str, str] = {}
    namespaces: dict[str, None] = {}
    unknown: dict[str, list[str]] = {}
    for name in names:
        if name in manifest.namespaces:
            namespaces[name] = None
        elif name in manifest.global_functions:
            functions[name] = manifest.global_functions[name]
            namespaces[functions[name].partition(".")[0]] = None
        else:
            # A name in several namespaces has them all; comparing 5,000 names takes 0.1 s, so only a few are compared.
            same = manifest.resolve(name) if "." not in name else []
            unknown[name[:200]] = same or (_near(manifest, name) if len(unknown) < _COMPARED else [])
    modules = dict.fromkeys(module for namespace in namespaces for module in manifest.modules_of(namespace))
    entries = {
        f"{namespace}.{function}": manifest.capabilities[f"{namespace}.{function}"]
        for namespace in namespaces
        for function in manifest.namespaces[namespace]["capabilities"]
    }
    return {
        "type": "stubs",
        "package": manifest.name,
        "modules": {module: manifest.stub_code(module) for module in modules},
        "namespaces": {
            namespace: {
                "module": manifest.namespaces[namespace]["module"].removesuffix(".py"),
                "functions": list(manifest.namespaces[namespace]["capabilities"]),
            }
            for namespace in namespaces
        },
        "functions": functions,
        "entries": {
            name: {
                "parameters": [dict(parameter) for parameter in entry["parameters"]],
                "returns": entry["returns"],
                "signature": entry["signature"],
            }
            for name, entry in entries.items()
        },
        "types": {name: cast("object", manifest.types[name]) for name in manifest.uses(entries)},
        "unknown": unknown,
    }


def _near(manifest: Manifest, name: str) -> list[str]:
    """Give the namespace that a name may be a slip of, else functions."""
    return nearest(name, manifest.namespaces, cutoff=0.8) or manifest.nearest(name)


# -- lists ------------------------------------------------------------------------------------------------------


def _overview_text(manifest: Manifest, names: Sequence[str], limit: int) -> str:
    lines = [
        f"{name} ({len(namespace['capabilities'])})" + (f": {namespace['summary']}" if namespace["summary"] else "")
        for name, namespace in manifest.namespaces.items()
    ]
    shown = names[:limit]
    for namespace in manifest.namespaces:
        functions = [name.partition(".")[2] for name in shown if name.partition(".")[0] == namespace]
        if functions:
            lines.append(f"{namespace}: {', '.join(functions)}")
    return "\n".join([*lines, _count_text(manifest, len(shown), len(names))])


def _matches_text(manifest: Manifest, query: str, names: Sequence[str], limit: int) -> str:
    found = search(manifest, query, names)
    if not found:
        near = manifest.nearest(query.strip().replace(" ", "_"))
        remark = f"nothing matches {_plain(query)!r}" + (f"; nearest names: {', '.join(near)}" if near else "")
        return f"{remark}\n{_count_text(manifest, 0, len(names))}"
    return _lines_text(manifest, found, found[:limit])


def _lines_text(manifest: Manifest, names: Sequence[str], shown: Sequence[str]) -> str:
    lines = [_signature_line(manifest.capabilities[name]) for name in shown]
    return "\n".join([*lines, _count_text(manifest, len(shown), len(names))])


def _signature_line(entry: CapabilityData) -> str:
    return entry["signature"] + (f"  # {entry['summary']}" if entry["summary"] else "")


def _count_text(manifest: Manifest, shown: int, total: int) -> str:
    return f"{shown} of {total} shown, catalog {manifest.digest}"


def search(manifest: Manifest, query: str, names: Sequence[str]) -> list[str]:
    """Give the names that match a query, best first: words of the name count three times those of the text."""
    words = _words(query)
    scored: list[tuple[float, int, str]] = []
    for position, name in enumerate(names):
        entry = manifest.capabilities[name]
        in_name, in_text = _words(name), _words(entry["search"])
        score = sum(
            3.0 * (word in in_name) + 1.0 * (word in in_text) + 0.5 * any(one.startswith(word) for one in in_name)
            for word in words
        )
        if score > 0:
            scored.append((-score, position, name))
    return [name for _, _, name in sorted(scored)]


def _words(text: str) -> set[str]:
    found = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_A-Za-z]+", text)
    lower = [word.lower() for word in found]
    return {word[:-1] if len(word) > 3 and word.endswith("s") else word for word in lower}


def _is_kind(entry: CapabilityData, kind: str) -> bool:
    return entry["kind"] == kind or (kind == "intent" and entry["kind"] == "fdc3_intent")


# -- definitions ------------------------------------------------------------------------------------------------


def _type_text(manifest: Manifest, name: str, detail: str) -> str:
    data = manifest.types[name]
    fields = data.get("fields", [])
    if detail == "signature" or not any(one.get("note") for one in fields):
        return data["definition"]
    lines = [f"class {name}:"]
    for one in fields:
        note = f"  # {text}" if (text := one.get("note")) else ""
        lines.append(f" {one['name']}: {_optional(one)}{note}")
    return "\n".join(lines)


def _route_text(entry: CapabilityData) -> str:
    kinds = {"method": "interop method", "stream": "interop stream", "intent": "intent", "fdc3_intent": "FDC3 intent"}
    apps = f", offered by {', '.join(entry['apps'])}" if entry["apps"] else ""
    return _plain(f"{kinds[entry['kind']]} {entry['wire']}{apps}; effect: {entry['effect']}", limit=300)


def _optional(one: FieldData) -> str:
    if one["required"] or one["type"] in ("Any", "None") or one["type"].endswith("| None"):
        return one["type"]
    return f"{one['type']} | None"


_OF_A_DICT = {
    "__getitem__": "(self, key: str, /) -> Any",
    "__contains__": "(self, key: object, /) -> bool",
    "__len__": "(self) -> int",
    "__iter__": "(self) -> Any",
    "__setitem__": "(self, key: str, value: Any, /) -> None",
    "__delitem__": "(self, key: str, /) -> None",
    "copy": "(self) -> Any",
    "pop": "(self, key: str, default: Any = ..., /) -> Any",
    "setdefault": "(self, key: str, default: Any = ..., /) -> Any",
    "update": "(self, *values: Any, **fields: Any) -> None",
    "get": "(self, key: str, default: Any = ..., /) -> Any",
    "keys": "(self) -> Any",
    "values": "(self) -> Any",
    "items": "(self) -> Any",
}


def _projected_parameters(parameters: Sequence[ParameterData], records: set[str]) -> list[str]:
    texts = [_projected_parameter(one, records) for one in parameters]
    first = next((place for place, one in enumerate(parameters) if "option" in one), None)
    return texts if first is None else [*texts[:first], "*", *texts[first:]]


def _projected_parameter(one: ParameterData, records: set[str]) -> str:
    accepted = one["type"]
    names = {node.id for node in ast.walk(ast.parse(accepted, mode="eval")) if isinstance(node, ast.Name)}
    if names & records:
        accepted = f"{accepted} | dict[str, Any]" if accepted in records else _with_dicts(accepted, records)
    return f"{one['name']}: {accepted}" + ("" if one["required"] else " = ...")


def _with_dicts(expression: str, records: set[str]) -> str:
    class Widen(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id not in records:
                return node
            return ast.parse(f"{node.id} | dict[str, Any]", mode="eval").body

    return ast.unparse(Widen().visit(ast.parse(expression, mode="eval")))


def _plain(text: str, *, limit: int = 80) -> str:
    """Give text for a comment line: one line, printable, bounded."""
    return "".join(character if character.isprintable() else " " for character in text)[:limit]
