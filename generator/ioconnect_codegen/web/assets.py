"""The third-party files that run in the browser: which, of what version, with what digest, and where they lie.

    DIR/node_modules/pyodide/                 Python in WebAssembly
    DIR/node_modules/@cfworker/json-schema/   JSON Schema in the page, without `eval`
    DIR/wheels/*.whl                          RestrictedPython, typeguard, typing_extensions, tzdata

`ioconnect_codemode/browser/pins/` names them: `package-lock.json` and `wheels.txt` for npm and pip, and `files.json` with
the digest of each file that a build reads. What is not exactly that is not built in.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path
from typing import cast

from ioconnect_codegen.errors import AssetsError

DEFAULT_FOLDER = Path(".cache") / "web-assets"
PINS = files("ioconnect_codemode") / "browser" / "pins"
PYODIDE = "node_modules/pyodide"
VALIDATOR = "node_modules/@cfworker/json-schema"
WHEELS = "wheels"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What one file must be."""

    bytes: int
    sha256: str


def pinned_files() -> Mapping[str, Pin]:
    """Give the files that a build reads, by path in the folder of assets."""
    with as_file(PINS / "files.json") as path:
        document = cast("dict[str, dict[str, object]]", json.loads(path.read_text(encoding="utf-8")))
    return {name: Pin(bytes=cast("int", one["bytes"]), sha256=str(one["sha256"])) for name, one in document.items()}


def pinned_version(package: str) -> str:
    """Give the exact version of an npm package that is built in."""
    document = json.loads((PINS / "package.json").read_text(encoding="utf-8"))
    return str(document["dependencies"][package])


def read_assets(folder: Path) -> dict[str, bytes]:
    """Read every pinned file.

    Raises:
        AssetsError: Files are missing or are not the pinned ones; all of them are named, with the command that mends it.
    """
    found: dict[str, bytes] = {}
    problems: list[str] = []
    for name, pin in pinned_files().items():
        try:
            data = (folder / name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            problems.append(f"{name} is missing")
            continue
        if (digest := hashlib.sha256(data).hexdigest()) != pin.sha256:
            problems.append(
                f"{name} is not the pinned file: expected {pin.bytes} bytes, sha256 {pin.sha256[:16]}..., "
                f"got {len(data)} bytes, sha256 {digest[:16]}..."
            )
            continue
        found[name] = data
    if problems:
        raise AssetsError(folder, problems)
    return found
