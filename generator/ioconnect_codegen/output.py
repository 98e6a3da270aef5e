"""Files of a package against a folder: compare, or write. The only room that writes.

A folder is ours if it holds a manifest of ours. Files that the manifest lists and that are no longer made are removed;
files that it doesn't list are never touched, and `codemode.toml` is written once and then its owner's.
"""

from __future__ import annotations

import difflib
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from ioconnect_codegen.errors import OutputError
from ioconnect_codegen.render.policy import POLICY_FILE
from ioconnect_codemode.values import JsonValue

_MANIFEST = "manifest.json"
_NAMES_SHOWN = 5
_DIFF_LINES = 40  # of one file; a renamed namespace changes thousands


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What writing would change; all paths sorted.

    Attributes:
        added: Files that are not there yet.
        changed: Files with another text.
        removed: Files of the previous manifest that are no longer made.
        text: Unified diff of all of it, each file bounded.
    """

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    text: str

    def __len__(self) -> int:
        """Give the number of files that are not as they should be: none means that nothing would change."""
        return len(self.added) + len(self.changed) + len(self.removed)


def compare(files: Mapping[str, str], folder: Path) -> Difference:
    """Tell what `write` would change. Nothing is written.

    Raises:
        OutputError: `write` would refuse the folder or a path.
    """
    _refuse_foreign(folder)
    if outside := sorted(path for path in files if not is_inside(path)):
        raise OutputError(f"{outside[0]!r} is no path inside a package")
    _refuse_links(folder, files.keys() | (_previous(folder) or frozenset()))
    added: list[str] = []
    changed: list[str] = []
    parts: list[str] = []
    for path in sorted(files):
        old = _read(folder / path)
        if old is None:
            added.append(path)
        elif old == files[path] or path == POLICY_FILE:
            continue
        else:
            changed.append(path)
        parts.append(_diff(path, old or "", files[path]))
    removed = sorted(_stale(files, folder))
    parts += [_diff(path, _read(folder / path) or "", "") for path in removed]
    return Difference(added=tuple(added), changed=tuple(changed), removed=tuple(removed), text="".join(parts))


def write(files: Mapping[str, str], folder: Path) -> Difference:
    """Write what differs, each file at once or not at all, and remove what is no longer made.

    The manifest is written last: a run that is cut off leaves a folder whose digests don't match, which the runtime
    refuses, and which the next run mends.

    Raises:
        OutputError: The folder holds files, but no manifest of ours, or a folder in it is a link.
        OSError: The folder can't be written.
    """
    difference = compare(files, folder)
    for path in sorted({*difference.added, *difference.changed}, key=lambda path: (path == _MANIFEST, path)):
        put(folder / path, files[path])
    for path in difference.removed:
        (folder / path).unlink(missing_ok=True)
        _remove_empty((folder / path).parent, folder)
    return difference


def put(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Write a text at once or not at all, its folders too.

    Raises:
        OSError: It can't be written.
    """
    put_bytes(path, text.encode("utf-8"), mode=mode)


def put_document(path: Path, text: str) -> None:
    """Write a document at once or not at all; what is there and is no plain file, a pipe for instance, is written into.

    Raises:
        OSError: It can't be written.
    """
    if path.exists() and (path.is_symlink() or not path.is_file()):
        path.write_text(text, encoding="utf-8")
    else:
        put(path, text)


def put_bytes(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    """Write a file at once or not at all, its folders too.

    Raises:
        OSError: It can't be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, so that the last step is a rename.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".new")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _refuse_foreign(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise OutputError(f"{folder} is a file; name a folder")
    if not folder.exists() or _previous(folder) is not None:
        return
    names = sorted(entry.name for entry in folder.iterdir() if entry.name != POLICY_FILE)
    if names:
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", ..." if len(names) > _NAMES_SHOWN else "")
        raise OutputError(f"{folder} holds {shown} but no {_MANIFEST} of ours; name an empty or a new folder")


def _refuse_links(folder: Path, paths: Iterable[str]) -> None:
    """Refuse a folder in the package that is a link: what lies behind it is not ours."""
    inner = {parent for path in paths for parent in PurePosixPath(path).parents}
    for parent in sorted(inner - {PurePosixPath(".")}):
        if (folder / parent).is_symlink():
            raise OutputError(f"{folder / parent} is a link to another folder; remove it")


def _previous(folder: Path) -> frozenset[str] | None:
    """Give the files that the manifest in the folder lists, None if there is no manifest of ours."""
    text = _read(folder / _MANIFEST)
    if text is None:
        return None
    try:
        manifest: JsonValue = json.loads(text)
    except ValueError:
        return None
    listed = manifest.get("files") if isinstance(manifest, dict) and "catalog" in manifest else None
    return frozenset(filter(is_inside, listed)) if isinstance(listed, dict) else None


def is_inside(path: str) -> bool:
    """Tell whether a path of a package stays inside its folder."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not PurePosixPath(path).is_absolute() and ".." not in parts and "\\" not in path


def _stale(files: Mapping[str, str], folder: Path) -> Iterator[str]:
    for path in _previous(folder) or ():
        if path not in files and path != POLICY_FILE and (folder / path).is_file():
            yield path


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        return ""


def _diff(path: str, old: str, new: str) -> str:
    names = (f"{path} (now)" if old else "(not there)", f"{path} (generated)" if new else "(no longer made)")
    lines = list(difflib.unified_diff(old.splitlines(keepends=True), new.splitlines(keepends=True), *names, n=1))
    more = [f"... {len(lines) - _DIFF_LINES} more lines\n"] if len(lines) > _DIFF_LINES else []
    return "".join(line if line.endswith("\n") else f"{line}\n" for line in [*lines[:_DIFF_LINES], *more])


def _remove_empty(folder: Path, root: Path) -> None:
    if folder != root and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
