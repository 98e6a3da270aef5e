"""The engine's files as a site serves them, and the empty page that tests load them into."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path, PurePosixPath
from typing import Final

from chromium.site import PAGE
from ioconnect_codegen.web import library
from ioconnect_codegen.web.assets import PYODIDE, pinned_version
from ioconnect_codemode.browser_files import frame_page

_PYODIDE: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
FILES: Final = (*_PYODIDE, "frame.html", "worker.js", library.NAME)
SOURCES: Final = Path(str(files("ioconnect_codemode"))) / "browser"
HERE: Final = Path(__file__).parent


def engine_files(assets: Mapping[str, bytes], folder: Path) -> dict[str, bytes]:
    """Give the files by their path: our modules in `/js/`, the assets in `/assets/`, tests' modules in `/t/`.

    Args:
        assets: The third-party files.
        folder: Where they lie.
    """
    named = {name: assets[f"{PYODIDE}/{name}"] for name in _PYODIDE}
    named |= {"frame.html": frame_page().encode(), "worker.js": (SOURCES / "worker.js").read_bytes()}
    named[library.NAME] = library.library(assets, folder=folder, progress=lambda _: None)
    return {
        "/": PAGE,
        **{f"/js/{path.name}": path.read_bytes() for path in SOURCES.glob("*.js")},
        **{f"/t/{path.name}": path.read_bytes() for path in HERE.glob("*.js")},
        **with_manifest({f"/assets/{name}": data for name, data in named.items()}),
    }


def with_manifest(placed: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give assets with the manifest that names them as they are."""
    named = {PurePosixPath(path).name: data for path, data in placed.items()}
    manifest = {
        "version": 1,
        "pyodide": pinned_version("pyodide"),
        "files": {
            name: {"path": name, "sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}
            for name, data in named.items()
        },
    }
    return {**placed, "/assets/assets.json": json.dumps(manifest).encode()}
