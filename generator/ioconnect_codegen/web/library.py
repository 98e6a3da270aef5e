"""`library.zip`: every module of Python that a worker loads, and the data that they read.

A worker that has no snapshot yet loads some three hundred modules. To compile them from their sources takes it two thirds
of its start, so they are compiled here, once, by the same Python: Pyodide, run by Node. It starts as a worker does; what
it has loaded then is what a worker loads, and no other module is shipped.

The same sources give the same bytes. They are kept by the digest of all that they come from in the folder of assets.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import re
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, cast

from ioconnect_codegen.errors import AssetsError
from ioconnect_codegen.output import put_bytes
from ioconnect_codegen.web.assets import PYODIDE, WHEELS
from ioconnect_codegen.web.zones import is_zones, zone_files
from ioconnect_codemode.browser_files import runtime_files

NAME: Final = "library.zip"

_MADE_AT: Final = (1980, 1, 1, 0, 0, 0)  # of every file in the archive, so that the same files give the same bytes
_STARTED_BY: Final = (f"{PYODIDE}/pyodide.mjs", f"{PYODIDE}/pyodide.asm.mjs", f"{PYODIDE}/pyodide.asm.wasm")
_SCRIPTS: Final = ("compile.mjs", "in_pyodide.py")
_KEPT = "compiled"
_TOLD_CHARACTERS = 600  # of what Node says about a failure: its end names the cause


def source_library(assets: Mapping[str, bytes]) -> bytes:
    """Give the same as sources, with all of the standard library and of the wheels: what is compiled."""
    return _archive(dict(_sources(assets)))


def library(assets: Mapping[str, bytes], *, folder: Path, progress: Callable[[str], None]) -> bytes:
    """Give the archive.

    Args:
        assets: Every pinned file, by its path in the folder of assets.
        folder: That folder, where what was made is kept.
        progress: Told what takes long.

    Raises:
        AssetsError: Node is missing, or failed.
    """
    sources = source_library(assets)
    kept = folder / _KEPT / _digest(sources, *(assets[name] for name in _STARTED_BY), *map(_script, _SCRIPTS))
    found = _read_kept(kept)
    if found is None:
        progress("compile the modules of Python")
        found = _archive({**_data(assets), **_compiled(assets, sources)})
        with contextlib.suppress(OSError):  # a folder of assets that can't be written: it is made again the next time
            put_bytes(kept.with_suffix(f".{_digest(found)}.zip"), found)
    return found


def _sources(assets: Mapping[str, bytes]) -> Iterator[tuple[str, bytes]]:
    archives = [assets[f"{PYODIDE}/python_stdlib.zip"]]
    archives += [data for path, data in assets.items() if path.startswith(f"{WHEELS}/") and not is_zones(path)]
    for data in archives:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield from ((name, archive.read(name)) for name in archive.namelist() if not name.endswith("/"))
    yield from _own(assets).items()


def _own(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    return {**runtime_files(), **zone_files(assets)}


def _data(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in _own(assets).items() if not name.endswith(".py")}


def _archive(named: Mapping[str, bytes]) -> bytes:
    """Give an archive in which nothing is compressed: who sends it does that better, and nobody has to unpack it."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(named):
            archive.writestr(zipfile.ZipInfo(name, _MADE_AT), named[name])
    return made.getvalue()


def _compiled(assets: Mapping[str, bytes], sources: bytes) -> dict[str, bytes]:
    """Give the modules that a worker has loaded when it is ready, compiled, by path."""
    node = shutil.which("node")
    if node is None:
        raise AssetsError(None, ["node is not there, which compiles Python's modules: install Node.js 20 or later"])
    with tempfile.TemporaryDirectory() as temporary:
        for name in _STARTED_BY:
            Path(temporary, Path(name).name).write_bytes(assets[name])
        Path(temporary, "sources.zip").write_bytes(sources)
        for name in _SCRIPTS:
            Path(temporary, name).write_bytes(_script(name))
        done = subprocess.run([node, "compile.mjs"], cwd=temporary, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        told = " ".join((done.stderr or done.stdout).split())[-_TOLD_CHARACTERS:]
        raise AssetsError(None, [f"node could not compile Python's modules, status {done.returncode}: {told}"])
    made = cast("dict[str, str]", json.loads(done.stdout))
    return {path: base64.b64decode(data) for path, data in made.items()}


def _read_kept(kept: Path) -> bytes | None:
    """Give what was made before, unless it is not what was written then."""
    for path in kept.parent.glob(f"{kept.name}.*.zip"):
        data = path.read_bytes()
        if re.fullmatch(rf"{kept.name}\.{_digest(data)}\.zip", path.name):
            return data
    return None


def _script(name: str) -> bytes:
    with as_file(files("ioconnect_codegen.web") / name) as path:
        return path.read_bytes().replace(b"\r\n", b"\n")


def _digest(*parts: bytes) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()
