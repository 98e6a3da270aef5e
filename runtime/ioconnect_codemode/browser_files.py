"""What the browser's worker is made of, from this distribution: the rooms that run in it, and its frame.

`codemode web build` compiles the rooms, and puts them and the frame beside Pyodide.
"""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Final

import ioconnect_schemas

_RUNTIME: Final = Path(__file__).parent

ROOMS: Final = (
    "__init__",
    "browser_worker",
    "channel",
    "check",
    "confine/__init__",
    "confine/layers",
    "deep_types",
    "errors",
    "escapes",
    "frames",
    "language",
    "manifest_data",
    "meanings",
    "messages",
    "mismatches",
    "pipe",
    "preload",
    "records",
    "rehearsal",
    "sandbox",
    "spinning",
    "stub_form",
    "stubs",
    "values",
    "worker",
)
"""Modules of the runtime that the browser's worker imports, beside the packages `policy` and `preflight`."""

PACKAGES: Final = ("policy", "preflight")


def runtime_files() -> dict[str, bytes]:
    """Give the sources of the rooms and the data that they read, by path."""
    files = {path.relative_to(_RUNTIME.parent).as_posix(): path for path in _room_paths()}
    schemas = ioconnect_schemas.path(".")
    files |= {f"ioconnect_schemas/{name}": schemas / name for name in ("__init__.py", "messages.json")}
    return {name: files[name].read_bytes().replace(b"\r\n", b"\n") for name in sorted(files)}


def frame_page() -> str:
    """Give frame.html: its only script is allowed by its digest."""
    folder = _RUNTIME / "browser"
    script = (folder / "frame.js").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")
    page = (folder / "frame.html").read_text(encoding="utf-8")
    return page.replace("{hash}", f"sha256-{digest}").replace("{script}", script)


def _room_paths() -> list[Path]:
    packages = [path for name in PACKAGES for path in sorted((_RUNTIME / name).rglob("*.py"))]
    return [_RUNTIME / f"{name}.py" for name in ROOMS] + packages
