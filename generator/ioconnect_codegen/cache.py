"""What generating has found out, kept on disk by content.

    package-<key>.json   every file of a package and the findings, by the digest of the environment and of the
                         generator's own files
    shapes-<key>.json    what datamodel-code-generator writes for a shape, by shape, its version, ours and its options

An unchanged environment is not generated again, and a changed one asks datamodel-code-generator for new shapes only.
An entry is a line with the digest of its text, and the text: one that doesn't fit its digest is no entry, nor is one
with a path outside a package, a shape that is no type expression, or one in a folder that others can write. What is no
entry is made anew and replaces it. Entries are written beside and renamed, so that writers at the same time each leave
a whole one; the last one stays.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from functools import cache as cached
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from ioconnect_codegen.holed_types import Holed, is_holed
from ioconnect_codegen.models import CACHE_FORM
from ioconnect_codegen.output import is_inside, put
from ioconnect_codegen.report import KINDS, Finding
from ioconnect_codemode.values import JsonValue

_PACKAGES_KEPT = 8  # environments that one person works with; a package of 5,000 capabilities takes 25 MB
_SHAPES_KEPT = 20_000  # 30 environments of 5,000 methods without a shape in common; 2 MB
_PARTS = ("ioconnect_codegen", "ioconnect_codemode", "ioconnect_schemas")


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What is made of an environment: every file of its package, by path, and what a person should know."""

    files: Mapping[str, str]
    findings: tuple[Finding, ...]


class Cache:
    """A folder of entries; without a folder they last as long as the object."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._shapes: dict[str, Holed] | None = None
        self._shapes_on_disk = 0
        self._packages: dict[str, Made] = {}

    @classmethod
    def of_user(cls) -> Cache:
        """Give the cache of the user of this machine, where the platform keeps such things; a user without a home has none."""
        try:
            if sys.platform == "win32":
                root = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
            elif sys.platform == "darwin":
                root = Path.home() / "Library" / "Caches"
            else:
                root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
        except RuntimeError:
            return cls()
        return cls(Path(root) / "ioconnect-codemode")

    @property
    def shapes(self) -> MutableMapping[str, Holed]:
        """What is written for a shape, by `models.cache_key`; `keep_shapes` puts new ones on the disk."""
        if self._shapes is None:
            self._shapes = dict(_holed(self._read(_shapes_file())))
            self._shapes_on_disk = len(self._shapes)
        return self._shapes

    def keep_shapes(self) -> None:
        """Write the shapes if there are new ones; the oldest make room."""
        if self._shapes is not None and len(self._shapes) != self._shapes_on_disk:
            kept = dict(list(self._shapes.items())[-_SHAPES_KEPT:])
            self._write(_shapes_file(), json.dumps(kept))
            self._shapes_on_disk = len(self._shapes)

    def package(self, environment: str) -> Made | None:
        """Give what this generator makes of an environment, by its digest, None if it has not made it."""
        file = _package_file(environment)
        return self._packages[file] if file in self._packages else _made(self._read(file))

    def keep_package(self, environment: str, made: Made) -> None:
        """Keep what was made of an environment; what was not used for longest makes room."""
        file = _package_file(environment)
        if self._folder is None:
            self._packages = {file: made}
            return
        findings = [[one.kind, one.where, one.message, one.detail] for one in made.findings]
        self._write(file, json.dumps({"files": dict(made.files), "findings": findings}))
        with contextlib.suppress(OSError):
            kept = sorted(self._folder.glob("package-*.json"), key=_age)
            for old in kept[_PACKAGES_KEPT:]:
                old.unlink(missing_ok=True)

    def _read(self, file: str) -> JsonValue:
        if self._folder is None:
            return None
        try:
            if not _is_own(self._folder):
                return None
            digest, _, text = (self._folder / file).read_bytes().partition(b"\n")
            if hashlib.sha256(text).hexdigest().encode("ascii") != digest:
                return None
            found: JsonValue = json.loads(text)
            os.utime(self._folder / file)
        except (OSError, ValueError, RecursionError):
            return None
        return found

    def _write(self, file: str, text: str) -> None:
        """Write an entry; where the folder can't be written, there is none."""
        if self._folder is None:
            return
        digest = hashlib.sha256(text.encode("ascii")).hexdigest()
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            put(self._folder / file, f"{digest}\n{text}", mode=0o600)


def _shapes_file() -> str:
    return f"shapes-{CACHE_FORM}.json"


def _package_file(environment: str) -> str:
    key = hashlib.sha256(f"{environment} {_generator_digest()}".encode("ascii")).hexdigest()
    return f"package-{key[:40]}.json"


@cached
def _generator_digest() -> str:
    """Give the digest of the files that make a package: a version number doesn't change while one works on them."""
    found = hashlib.sha256()
    for part in (*_PARTS, "datamodel_code_generator"):
        spec = find_spec(part)
        for root in (spec.submodule_search_locations or ()) if spec else ():
            paths = Path(root).rglob("*") if part in _PARTS else Path(root).glob("*.py")
            for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
                status = path.stat()
                found.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode("utf-8", "surrogateescape"))
    return found.hexdigest()


def _holed(found: JsonValue) -> Iterator[tuple[str, Holed]]:
    for key, pieces in found.items() if isinstance(found, dict) else ():
        if isinstance(pieces, list) and is_holed(pieces):
            yield key, tuple(cast("list[str | int]", pieces))


def _made(found: JsonValue) -> Made | None:
    match found:
        case {"files": dict(files), "findings": list(findings)}:
            pass
        case _:
            return None
    texts = {path: text for path, text in files.items() if isinstance(text, str) and is_inside(path)}
    told = [finding for one in findings if (finding := _finding(one)) is not None]
    if len(texts) < len(files) or len(told) < len(findings):
        return None
    return Made(files=texts, findings=tuple(told))


def _finding(found: JsonValue) -> Finding | None:
    match found:
        case [str(kind), str(where), str(message), str(detail)] if kind in KINDS:
            return Finding(kind=kind, where=where, message=message, detail=detail)
        case _:
            return None


def _is_own(folder: Path) -> bool:
    """Tell whether nobody else can write the folder, as far as the platform says so."""
    if sys.platform == "win32":
        return True
    status = folder.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022


def _age(path: Path) -> float:
    try:
        return -path.stat().st_mtime
    except OSError:  # another process has removed it
        return 0.0
