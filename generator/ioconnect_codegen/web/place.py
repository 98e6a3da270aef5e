"""A made folder against the disk: compare, or put in its place as a whole.

A folder is ours if its `manifest.json` says so. It is made beside its place and renamed, so that a run that is cut off
leaves the old one; nothing else is ever replaced.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import cast

from ioconnect_codegen.errors import OutputError
from ioconnect_codegen.output import is_inside
from ioconnect_codegen.web.compression import is_compressed
from ioconnect_codegen.web.site import FORM, MANIFEST

_NAMES_SHOWN = 5


def put_folder(files: Mapping[str, bytes], folder: Path) -> None:
    """Put a folder of these files in its place.

    Raises:
        OutputError: What is there was not built by us, or it can't be written; what was there before is still there.
    """
    refuse_foreign(folder)
    try:
        _put(files, folder)
    except OSError as error:
        megabytes = sum(map(len, files.values())) / 1_000_000
        reason = error.strerror or error
        raise OutputError(
            f"{folder} can't be written: {reason}; it takes {megabytes:.1f} MB beside what is there; what was there is unchanged"
        ) from error


def _put(files: Mapping[str, bytes], folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        made = Path(temporary) / "made"
        for name, data in files.items():
            (made / name).parent.mkdir(parents=True, exist_ok=True)
            (made / name).write_bytes(data)
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        made.rename(folder)


def difference(files: Mapping[str, bytes], folder: Path) -> list[str]:
    """Tell what `put_folder` would change, a line each; encoded copies aside, which follow from their files.

    Raises:
        OutputError: What is there was not built by us.
    """
    refuse_foreign(folder)
    there = {path: folder / path for path in _paths(folder)}
    lines: list[str] = []
    for name in sorted(files.keys() | there.keys()):
        if is_compressed(name):
            continue
        if name not in there:
            lines.append(f"{name}: is not there")
        elif name not in files:
            lines.append(f"{name}: is no longer made")
        elif there[name].read_bytes() != files[name]:
            lines.append(f"{name}: differs")
    return lines


def refuse_foreign(folder: Path) -> None:
    """Refuse a place that holds what is not ours.

    Raises:
        OutputError: It is a file, a link, or a folder with files and no manifest of ours.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OutputError(f"{folder} is no folder of its own; name a folder")
    if not folder.exists() or read_manifest(folder) is not None:
        return
    if names := sorted(entry.name for entry in folder.iterdir()):
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
        raise OutputError(f"{folder} holds {shown}, but was not built by `codemode web build`; name a new folder")


def read_manifest(folder: Path) -> dict[str, str] | None:
    """Give the digest of each file that the folder's manifest names; None where there is no manifest of ours."""
    try:
        document: object = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(document, dict):
        return None
    manifest = cast("dict[str, object]", document)
    listed = manifest.get("files")
    if manifest.get("form") != FORM or not isinstance(listed, dict):
        return None
    found: dict[str, str] = {}
    for name, entry in cast("dict[str, object]", listed).items():
        digest = cast("dict[str, object]", entry).get("sha256") if isinstance(entry, dict) else None
        if not is_inside(name) or not isinstance(digest, str):
            return None
        found[name] = digest
    return found


def problems(folder: Path, digests: Mapping[str, str]) -> Iterator[str]:
    """Tell which files of a folder are not what its manifest says."""
    for name, digest in digests.items():
        path = folder / name
        if not path.is_file():
            yield f"{name} is missing"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != digest:
            yield f"{name} is not the file that was built"


def _paths(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
        if path.is_file():
            yield path.relative_to(folder).as_posix()
