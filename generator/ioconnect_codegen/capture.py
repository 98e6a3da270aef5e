"""Running environments and files of any known kind -> one environment document."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePath
from urllib.parse import urlsplit

from ioconnect_codegen.errors import SourceError
from ioconnect_codegen.platform_names import is_system_method
from ioconnect_codegen.problems import refuse_beyond_entries
from ioconnect_codegen.reader import read_environment
from ioconnect_codegen.sources import KINDS, Part, SchemaFiles, Source, addresses, detect, merge, read
from ioconnect_codegen.sources.detect import SCHEMA
from ioconnect_codegen.sources.merge import GATEWAY
from ioconnect_codegen.sources.schema_files import ROOT
from ioconnect_codemode.transports import Transport
from ioconnect_codemode.transports.addresses import transport_to
from ioconnect_codemode.values import JsonValue

STANDARD_INPUT = "-"
_DESKTOP = "io.Connect Desktop"


async def capture(
    sources: Sequence[str],
    *,
    name: str = "",
    user: str | None = None,
    gateway: Callable[[str | None], Transport] | None = None,
    keeps_system: bool = True,
    progress: Callable[[str], None],
    remark: Callable[[str], None] | None = None,
) -> dict[str, JsonValue]:
    """Give the environment document of gateways and files together.

    Args:
        sources: Addresses (`ws://...`), paths, or `-` for standard input; their order doesn't matter. Where there are none,
            the io.Connect Desktop that has started this process is asked.
        name: Name of the environment; empty: the one that a source gives.
        user: User to log in at a gateway as; the operating system's where it is None.
        gateway: Gives the transport to an address, None standing for the desktop; one by `user` where it is None.
        keeps_system: Whether io.Connect's own methods are kept, and what the gateway keeps: platform calls are made of
            them.
        progress: Called with a line for each source.
        remark: Called with a line for each entry that is left out, and for each file that nothing refers to; `progress`
            where it is None.

    Raises:
        SourceError: A file is not JSON, or of no known kind.
        EnvironmentInvalid: A file is an environment document with problems outside its entries.
        CaptureError: A gateway can't be reached.
        OSError: A file can't be read.
    """
    names, remark = display_names(sources or [_DESKTOP]), remark or progress
    asked = _Asked(gateway=gateway or partial(transport_to, user=user), keeps_system=keeps_system)
    read_in = {one: await _source(one, names[one], asked, progress) for one in names}
    _tell_skipped([described for described, _ in read_in.values()], remark)
    for described, _ in read_in.values():
        if described.kind == GATEWAY and not described.part.methods:
            remark(f"{described.name}: no app offers anything; a gateway shows the apps of the user who asks (--user)")
    documents = {one: document for one, (_, document) in read_in.items()}
    found = _bundled(documents, [described for described, _ in read_in.values()], remark)
    document = merge(found, name=name)
    read_environment(document)
    return document


def _tell_skipped(sources: Sequence[Source], remark: Callable[[str], None]) -> None:
    for source in sources:
        for skipped in source.part.skipped:
            remark(f"{source.name}: left out {skipped}")


def described_part(described: Mapping[str, JsonValue]) -> Part:
    """Give what a running environment says: methods, apps that can be started, intents, and what its gateway keeps."""
    methods = read({"methods": described["methods"]}, "interop.methods()")
    others = read({**described, "methods": []}, "environment")
    return replace(others, name="", methods=methods.methods, skipped=methods.skipped + others.skipped)


def read_files(paths: Sequence[str], *, remark: Callable[[str], None] = lambda _: None) -> list[Source]:
    """Read files that are to be merged with a running environment.

    Args:
        paths: Of the files.
        remark: Called with a line for each entry that is left out.

    Raises:
        SourceError: A file is not JSON, or of no known kind.
        EnvironmentInvalid: A file is an environment document with problems.
        OSError: A file can't be read.
    """
    names = display_names(paths)
    read_in = {one: _file(one, names[one]) for one in names}
    _tell_skipped([described for described, _ in read_in.values()], remark)
    documents = {one: document for one, (_, document) in read_in.items()}
    found = _bundled(documents, [described for described, _ in read_in.values()], remark)
    return [one for one in found if one.kind != SCHEMA]


def document_text(document: Mapping[str, JsonValue]) -> str:
    """Give the text of an environment document; half a character, which no encoding has, stands as its escape."""
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text)


def display_names(sources: Sequence[str]) -> dict[str, str]:
    """Give what each source is called: an address, or as many last parts of a path as tell it from the others."""
    paths = {one: PurePath(one).parts for one in sources if not is_gateway(one) and one != STANDARD_INPUT}
    names = {one: _address(one) if is_gateway(one) else "standard input" for one in sources if one not in paths}
    for one, parts in paths.items():
        others = [other for source, other in paths.items() if source != one]
        count = next((n for n in range(1, len(parts)) if all(other[-n:] != parts[-n:] for other in others)), len(parts))
        names[one] = "/".join(parts[-count:])
    return names


async def _source(source: str, name: str, asked: _Asked, progress: Callable[[str], None]) -> tuple[Source, JsonValue]:
    """Give a source and, where it is a file, its document."""
    document: JsonValue = None
    if is_gateway(source):
        progress(f"{name}: asking the gateway")
        described = Source(name=name, kind=GATEWAY, part=await asked.described(source))
    else:
        described, document = _file(source, name)
    progress(f"{name}: {described.kind}" + (f", {_counts(described.part)}" if described.kind != SCHEMA else ""))
    return described, document


def _file(path: str, name: str) -> tuple[Source, JsonValue]:
    document = _document(path, name)
    kind = detect(document)
    if kind is None:
        raise SourceError(
            f"{name} is of no known kind; known are {', '.join(KINDS)}, and a running environment (ws://... or fdc3+ws://...)"
        )
    if kind == "environment":
        refuse_beyond_entries(document)
    return Source(name=name, kind=kind, part=read(document, kind)), document


def _bundled(
    documents: Mapping[str, JsonValue], sources: Sequence[Source], remark: Callable[[str], None]
) -> list[Source]:
    """Give the sources with every schema made whole from the schema files among them."""
    paths = {one: Path(one) for one in documents if not is_gateway(one) and one != STANDARD_INPUT}
    places = addresses(list(paths.values()))
    stands_at = {one: places[paths[one]] if one in paths else ROOT for one in documents}
    kinds = dict(zip(documents, sources, strict=True))
    files = SchemaFiles({stands_at[one]: documents[one] for one in paths if kinds[one].kind == SCHEMA})
    found = [replace(one, part=files.bundled_part(one.part, stands_at[key])) for key, one in kinds.items()]
    unused = set(files.unused())
    for key, one in kinds.items():
        if stands_at[key] in unused:
            remark(f"{one.name}: no schema of another source refers to it")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """How gateways are asked."""

    gateway: Callable[[str | None], Transport]
    keeps_system: bool

    async def described(self, source: str) -> Part:
        """Give what a gateway says; its list is complete once the log-in is through."""
        transport = self.gateway(None if source == _DESKTOP else source)
        try:
            part = described_part(await transport.describe())
        finally:
            await transport.close()
        if self.keeps_system:
            return part
        methods = tuple(one for one in part.methods if not is_system_method(str(one["name"])))
        return replace(part, methods=methods, gateway={})


def _document(source: str, name: str) -> JsonValue:
    try:
        text = sys.stdin.read() if source == STANDARD_INPUT else Path(source).read_text(encoding="utf-8-sig")
        document: JsonValue = json.loads(text, parse_constant=lambda _: None)  # NaN and Infinity are no JSON
    except UnicodeDecodeError:
        raise SourceError(f"{name} is not UTF-8 text") from None
    except (ValueError, RecursionError) as error:
        reason = "nested too deeply" if isinstance(error, RecursionError) else error
        raise SourceError(f"{name} is not JSON: {reason}") from None
    return document


def _counts(part: Part) -> str:
    counts = {
        "methods": part.methods,
        "tools": part.tools,
        "apps": part.applications,
        "intents": part.intents,
        "workspaces": part.workspaces,
        "values of the working context": part.workingContext,
    }
    return ", ".join(f"{len(entries)} {word}" for word, entries in counts.items() if entries) or "nothing in it"


def is_gateway(source: str) -> bool:
    """Tell whether a source is the address of a running environment; the transport refuses what it can't speak."""
    return "://" in source or source == _DESKTOP


def _address(url: str) -> str:
    """Give the address without what may be secret: user, password, path, query."""
    if url == _DESKTOP:
        return url
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "gateway"
    return f"{parts.scheme}://{parts.hostname or ''}{port}"
