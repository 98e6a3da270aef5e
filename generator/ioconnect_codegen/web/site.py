"""The folder that a page serves, as paths and bytes: the same inputs always give the same folder.

    codemode.js, io.js, fdc3.js      what a page imports; each passes on a module of `js-<digest>/`
    js-<digest>/                     our modules, the schema validator, and `assets.json`, which names the files below
    assets/<name>.<digest>.<suffix>  frame, worker, Pyodide, the modules of Python: bytes that the page fetches
    packages/<name>/manifest.json    generated packages
    packages/<name>/<path>.<digest>.<suffix>  what the manifest names, the policy as `policy.json` too
    index.html, playground-<digest>/ the playground
    package.json, README.md          the folder is an npm package as well
    LICENSE, THIRD_PARTY_NOTICES.txt
    manifest.json                    every file, with size and SHA-256

A path with a digest in it never changes its content, so that a browser may keep it for ever; all others are asked about
again each time. Nothing is bundled, and nothing in the folder refers to another host.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Final

import ioconnect_schemas
from ioconnect_codegen.web import library, notices, npm
from ioconnect_codegen.web.assets import PYODIDE, VALIDATOR, pinned_version
from ioconnect_codemode.browser_files import frame_page
from ioconnect_codemode.version import VERSION

MANIFEST: Final = "manifest.json"
FORM: Final = "ioconnect-codemode-web/1"
"""What `manifest.json` calls itself: a folder without it is not ours to write into or to serve."""

ENTRIES: Final = ("codemode", "io", "fdc3")
"""The modules that a page imports by a name that stays."""

_NOT_MODULES: Final = ("frame.html", "frame.js", "worker.js")  # bytes for the frame, not imported by a page
_PYODIDE_FILES: Final = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
_MODULE_SUFFIXES: Final = (".js", ".mjs", ".ts", ".json")
_DIGEST_CHARACTERS = 12
_IN_PACKAGE: Final = re.compile(r"packages/.+\.[0-9a-f]{12}\.[a-z]+")

Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What a folder is made of besides our own modules.

    Attributes:
        assets: Every pinned file, by its path in the folder of assets.
        library: The modules of Python, as `library.library` makes them.
        packages: The files of `packages/`, by path below it.
        playground: The files of the playground, `index.html` among them; empty for none.
    """

    assets: Files
    library: bytes
    packages: Files
    playground: Files


def make_site(parts: Parts) -> dict[str, bytes]:
    """Make every file of the folder, `manifest.json` last."""
    browser = browser_files()
    engine = _engine_files(parts, browser)
    placed = {name: f"assets/{with_digest(name, data)}" for name, data in engine.items()}
    modules = _modules(parts.assets, browser, _asset_manifest(engine, placed))
    folder = f"js-{_digest_of(modules)}"
    made = {placed[name]: data for name, data in engine.items()}
    made |= {f"{folder}/{name}": data for name, data in modules.items()}
    made |= {f"{name}{suffix}": _passed_on(folder, name) for name, suffix in _entry_files(modules)}
    made |= {f"packages/{name}": data for name, data in parts.packages.items()}
    made |= _playground(parts.playground)
    made |= npm.package_files([name for name, suffix in _entry_files(modules) if suffix == ".js"])
    made["THIRD_PARTY_NOTICES.txt"] = notices.text(parts.assets).encode()
    made[MANIFEST] = _manifest(made)
    return made


def browser_files() -> dict[str, bytes]:
    """Give our own files of the browser, by path below `ioconnect_codemode/browser/`; not the pins."""
    root = files("ioconnect_codemode") / "browser"
    return {
        name: data
        for name, data in read_tree(root).items()
        if not name.startswith("pins/") and not name.endswith((".py", ".pyc"))
    }


def read_tree(root: Traversable, prefix: str = "") -> dict[str, bytes]:
    """Read every file below a folder of package data, by path."""
    found: dict[str, bytes] = {}
    for entry in sorted(root.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            found |= read_tree(entry, f"{prefix}{entry.name}/")
        else:
            found[f"{prefix}{entry.name}"] = entry.read_bytes()
    return found


def is_immutable(path: str) -> bool:
    """Say whether a path has the digest of its content in it."""
    top = path.partition("/")[0]
    return top == "assets" or top.rpartition("-")[0] in ("js", "playground") or bool(_IN_PACKAGE.fullmatch(path))


def with_digest(path: str, data: bytes) -> str:
    """Give a path with the digest of its content before its suffix."""
    stem, dot, suffix = path.rpartition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:_DIGEST_CHARACTERS]}{dot}{suffix}"


def entry_of(data: bytes) -> dict[str, object]:
    """Give what a manifest says of a file."""
    return {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def json_bytes(document: Mapping[str, object]) -> bytes:
    """Give a document as the folder holds it."""
    return (json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n").encode()


def _engine_files(parts: Parts, browser: Files) -> dict[str, bytes]:
    return {
        **{name: parts.assets[f"{PYODIDE}/{name}"] for name in _PYODIDE_FILES},
        "frame.html": frame_page().encode(),
        "worker.js": browser["worker.js"],
        library.NAME: parts.library,
    }


def _asset_manifest(engine: Files, placed: Mapping[str, str]) -> Mapping[str, object]:
    """Give what the page's modules read: their assets by logical name, with paths from `js-<digest>/`."""
    return {
        "version": 1,
        "runtime": VERSION,
        "pyodide": pinned_version("pyodide"),
        "files": {name: {**entry_of(data), "path": f"../{placed[name]}"} for name, data in engine.items()},
    }


def _modules(assets: Files, browser: Files, manifest: Mapping[str, object]) -> dict[str, bytes]:
    made = {
        name: data
        for name, data in browser.items()
        if name not in _NOT_MODULES and PurePosixPath(name).suffix in _MODULE_SUFFIXES
    }
    validator = f"{VALIDATOR}/dist/esm/"
    made |= {
        f"vendor/json-schema/{path.removeprefix(validator)}": data
        for path, data in assets.items()
        if path.startswith(validator)
    }
    return {**made, **_tables(made), "assets.json": json_bytes(manifest)}


def _tables(modules: Files) -> dict[str, bytes]:
    """Give the tables that Python and the page both read, those that a module names in a literal."""
    texts = b"".join(modules.values())
    tables = sorted(ioconnect_schemas.path(".").glob("*.json"))
    return {path.name: path.read_bytes() for path in tables if f'{path.name}"'.encode() in texts}


def _entry_files(modules: Files) -> list[tuple[str, str]]:
    return [(name, suffix) for name in ENTRIES for suffix in (".js", ".d.ts") if f"{name}{suffix}" in modules]


def _passed_on(folder: str, name: str) -> bytes:
    return f'export * from "./{folder}/{name}.js";\n'.encode()


def _playground(playground: Files) -> dict[str, bytes]:
    if not playground:
        return {}
    inner = {name: data for name, data in playground.items() if name != "index.html"}
    folder = f"playground-{_digest_of(inner)}"
    page = playground["index.html"].replace(b"{{playground}}", folder.encode())
    return {"index.html": page, **{f"{folder}/{name}": data for name, data in inner.items()}}


def _manifest(made: Files) -> bytes:
    return json_bytes(
        {"form": FORM, "version": VERSION, "files": {name: entry_of(data) for name, data in sorted(made.items())}}
    )


def _digest_of(named: Files) -> str:
    digest = hashlib.sha256()
    for name in sorted(named):
        digest.update(f"{name}\0{hashlib.sha256(named[name]).hexdigest()}\n".encode())
    return digest.hexdigest()[:_DIGEST_CHARACTERS]
