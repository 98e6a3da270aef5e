"""The list of what there is: a page of namespaces, or one signature line each of what matches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal
from weakref import WeakKeyDictionary

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.lookup.definitions import definitions_text
from ioconnect_codemode.lookup.index import FILE, Index, Texts, line_of
from ioconnect_codemode.lookup.names import plain, summarised
from ioconnect_codemode.lookup.ranking import outstanding, ranked, strong
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.messages import say_lookup

Kind = Literal["method", "stream", "intent", "fdc3_intent", "context"]
KINDS: tuple[Kind, ...] = ("method", "stream", "intent", "fdc3_intent", "context")

_USUAL = 20  # lines, where nobody asks for more or fewer
_MOST = 200  # lines of one list: more is no longer read, and a query narrows it
_LINE = 1_000  # characters of one: of a function with hundreds of parameters the beginning, its definition has them
_TEXT = 50_000  # characters of all of them; the usual 20 are below
_PAGE = 4_000  # characters of the list without a query: some 1,000 tokens
_LAST_LINES = 150  # of them, for what is left out and the count
_COMPARED = 100  # characters of a query; no name is longer
_SMALL_COUNT = 15
_SMALL_TEXT = 5_000  # characters of definitions: some 1,500 tokens, as definitions have 3.4 characters a token
_LARGEST_SMALL = 10_000

_indexes: WeakKeyDictionary[Manifest, Index] = WeakKeyDictionary()


def list_text(
    manifest: Manifest,
    query: str = "",
    *,
    namespace: str | None = None,
    kind: str | None = None,
    limit: int = _USUAL,
) -> str:
    """Give the list of what there is.

    Args:
        manifest: The catalog as policy leaves it.
        query: Words; the best matches come first, one signature line each. Without one: namespaces, then the names of
            as many namespaces as one page holds. A small catalog is answered with all its definitions, and good matches
            in it with the types they need: a second question for definitions is saved.
        namespace: Only this namespace, one signature line each.
        kind: `method`, `intent` (FDC3 intents included) or `fdc3_intent`.
        limit: The most lines of functions, 1 to 200. Up to the usual 20, matches that are much weaker than the best are
            left out behind the first three; the count has them.

    Raises:
        UsageError: `kind` or `limit` is not one of those.
        PackageError: The words of the catalog are missing, or are not those that the manifest names.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"kind must be one of {', '.join(KINDS)}, not {kind[:80]!r}")
    if type(limit) is not int or not 1 <= limit <= _MOST:
        raise UsageError(f"limit must be a number from 1 to {_MOST}")
    if namespace is not None and namespace not in manifest.namespaces:
        return say_lookup("no_namespace", name=plain(namespace), names=_namespace_names(manifest))
    if query.strip():
        return _matches_text(manifest, query, _filter(namespace, kind), limit)
    if namespace is not None or kind is not None:
        is_meant = _filter(namespace, kind)
        names = [name for name, entry in manifest.capabilities.items() if is_meant(name, entry)]
        return _lines_text(manifest, names[:limit], len(names))
    return _overview_text(manifest)


def small_text(manifest: Manifest) -> str | None:
    """Give all definitions of a small catalog, None for a larger one.

    Small is up to 15 functions, or some 1,500 tokens of definitions: no more than a list and a second answer would be.
    """
    most = _LARGEST_SMALL if len(manifest.capabilities) <= _SMALL_COUNT else _SMALL_TEXT
    if sum(len(entry["definition"]) for entry in manifest.capabilities.values()) > most:
        return None
    text = definitions_text(manifest, ["*"])
    return text if len(text) <= most else None


def index_of(manifest: Manifest) -> Index:
    """Give the words of a catalog, read at the first search and then kept as long as the manifest is.

    Raises:
        PackageError: `search.json` is missing, or is not the one that the manifest names.
    """
    found = _indexes.get(manifest)
    if found is None:
        lines = manifest.search_lines(FILE)
        found = _indexes[manifest] = Index.of(
            (name, lines[name] if name in lines else _line(name, entry))
            for name, entry in manifest.capabilities.items()
        )
    return found


def _line(name: str, entry: CapabilityData) -> str:
    namespace, _, function = name.partition(".")
    return line_of(
        Texts(
            function=function,
            namespace=namespace,
            description=entry["summary"],
            titles=entry.get("search", ""),
            parameters=" ".join(one["name"] for one in entry["parameters"]),
        )
    )


def _filter(namespace: str | None, kind: str | None) -> Callable[[str, CapabilityData], bool]:
    def is_meant(name: str, entry: CapabilityData) -> bool:
        is_there = namespace is None or name.partition(".")[0] == namespace
        return is_there and (
            kind is None or entry["kind"] == kind or (kind == "intent" and entry["kind"] == "fdc3_intent")
        )

    return is_meant


def _overview_text(manifest: Manifest) -> str:
    total = len(manifest.capabilities)
    if total and (definitions := small_text(manifest)):
        summaries = [f"# {line}" for line in _namespace_lines(manifest)]
        return "\n".join([*summaries, definitions, f"# {say_lookup('whole')}; {_count_text(manifest, total, total)}"])
    lines = list(_namespace_lines(manifest))
    if _length(lines) > _PAGE - _LAST_LINES:
        return "\n".join([*_cut(manifest, lines), _count_text(manifest, 0, total)])
    shown = 0
    for namespace, data in manifest.namespaces.items():
        line = f"{namespace}: {', '.join(data['capabilities'])}"
        if _length([*lines, line]) > _PAGE - _LAST_LINES:
            lines.append(say_lookup("more_names"))
            break
        lines.append(line)
        shown += len(data["capabilities"])
    return "\n".join([*lines, _count_text(manifest, shown, total)])


def _cut(manifest: Manifest, lines: Sequence[str]) -> Iterator[str]:
    """Give the lines of namespaces for half a page, names and counts alone for the rest of it."""
    left = _PAGE // 2
    told = 0
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            break
        told += 1
        yield line
    left = _PAGE - _PAGE // 2 - _LAST_LINES
    names: list[str] = []
    for name, namespace in list(manifest.namespaces.items())[told:]:
        names.append(f"{name} ({len(namespace['capabilities'])})")
        left -= len(names[-1]) + 2
        if left < 0:
            names.pop()
            break
    yield say_lookup("also", names=", ".join(names))
    if told + len(names) < len(manifest.namespaces):
        yield say_lookup("more_namespaces", count=len(manifest.namespaces) - told - len(names))


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _namespace_lines(manifest: Manifest) -> Iterator[str]:
    for name, namespace in manifest.namespaces.items():
        summary = summarised(namespace["summary"])
        yield f"{name} ({len(namespace['capabilities'])})" + (f": {summary}" if summary else "")


def _namespace_names(manifest: Manifest) -> str:
    names = list(manifest.namespaces)
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return (", ".join(names[:_MOST]) + more) or "none"


def _matches_text(manifest: Manifest, query: str, is_meant: Callable[[str, CapabilityData], bool], limit: int) -> str:
    found = [one for one in ranked(index_of(manifest), query) if is_meant(one[0], manifest.capabilities[one[0]])]
    if found:
        most = limit if limit > _USUAL else min(limit, outstanding(found))  # who asks for more gets all there is
        whole = 0 if small_text(manifest) is None else strong(found)
        return _lines_text(manifest, [name for name, _ in found[:most]], len(found), whole=whole)
    total = sum(is_meant(name, entry) for name, entry in manifest.capabilities.items())
    nearest = manifest.nearest(query.strip()[:_COMPARED].replace(" ", "_"))
    near = ", ".join(name for name in nearest if is_meant(name, manifest.capabilities[name]))
    asked = repr(plain(query))
    remark = say_lookup("near_match", query=asked, names=near) if near else say_lookup("no_match", query=asked)
    return f"{remark}\n{_count_text(manifest, 0, total)}"


def _lines_text(manifest: Manifest, shown: Sequence[str], total: int, *, whole: int = 0) -> str:
    """Give a line each and the count; the first `whole` have all of their definition, with the types they need."""
    lines = [_whole_line(manifest.capabilities[name]) for name in shown[:whole]]
    left = _TEXT
    for name in shown[whole:]:
        lines.append(_signature_line(manifest.capabilities[name]))
        left -= len(lines[-1])
        if left < 0:
            shown = shown[: len(lines)]
            break
    if whole:
        lines += [manifest.types[name]["definition"] for name in manifest.uses(shown[:whole])]
        lines.append(f"# {say_lookup('whole_matches', names=', '.join(shown[:whole]))}")
    return "\n".join([*lines, _count_text(manifest, len(shown), total)])


def _signature_line(entry: CapabilityData) -> str:
    line = entry["signature"] + (f"  # {entry['summary']}" if entry["summary"] else "")
    return line if len(line) <= _LINE else f"{line[: _LINE - 3]}..."


def _whole_line(entry: CapabilityData) -> str:
    """Give a signature with the comment of the definition, which has constraints too."""
    comment = entry["definition"].partition(": ...  # ")[2]
    return entry["signature"] + (f"  # {comment}" if comment else "")


def _count_text(manifest: Manifest, shown: int, total: int) -> str:
    return say_lookup("count", shown=shown, total=total, catalog=manifest.digest)
