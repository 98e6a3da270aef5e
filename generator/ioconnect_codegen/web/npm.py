"""What makes the folder an npm package: `npm pack FOLDER` gives an archive to install."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import files as files_of
from typing import Final

from ioconnect_codemode.version import VERSION

NAME: Final = "ioconnect-codemode-web"


def package_files(entries: Sequence[str]) -> dict[str, bytes]:
    """Give `package.json`, `README.md` and `LICENSE` of a folder with these entry modules."""
    return {
        "package.json": (json.dumps(_package(entries), indent=2) + "\n").encode(),
        "README.md": _README.encode(),
        "LICENSE": _licence().encode(),
    }


def _package(entries: Sequence[str]) -> dict[str, object]:
    exports: dict[str, object] = {
        "." if name == "codemode" else f"./{name}": {"types": f"./{name}.d.ts", "default": f"./{name}.js"}
        for name in entries
    }
    return {
        "name": NAME,
        "version": VERSION,
        "description": "Code Mode for io.Connect in the browser: checked snippets of Python in WebAssembly",
        # Ours is MIT; THIRD_PARTY_NOTICES.txt says which file is under which of the others.
        "license": "MIT AND MPL-2.0 AND PSF-2.0 AND ZPL-2.1 AND Apache-2.0",
        "type": "module",
        "sideEffects": False,
        # For tools that do not read `exports`.
        "main": "./codemode.js",
        "types": "./codemode.d.ts",
        "exports": {**exports, "./manifest.json": "./manifest.json", "./package.json": "./package.json"},
        # A server's copies in other encodings are a matter of the server.
        "files": ["**/*", "!**/*.br", "!**/*.gz"],
    }


def _licence() -> str:
    """Give this distribution's licence: an installation and a clone both carry it among their metadata."""
    found = next(path for path in files_of("ioconnect-codemode") or () if path.name == "LICENSE")
    return found.read_text(encoding="utf-8")


_README: Final = """\
# ioconnect-codemode-web

Code Mode for io.Connect in the browser: a language model writes a short Python snippet, the snippet runs in WebAssembly
inside a frame that can reach nothing, every call is checked in the page, and only the answer goes back to the model.

Serve this folder from your own origin, and import from where it lies:

```js
import { createCodeMode } from "/codemode/codemode.js";

const codeMode = await createCodeMode({ package: "/codemode/packages/wealth_desk/", io });
const outcome = await codeMode.execute('crm.find_clients(name="Amelia Reid")[0].adviser');
codeMode.dispose();
```

Nothing is fetched from another host. The page's policy needs `script-src 'self'`, `connect-src 'self'`,
`worker-src 'self'` and `frame-src 'self'`; neither `unsafe-eval` nor `unsafe-inline`.

`manifest.json` names every file with size and SHA-256. Paths with a digest in them never change their content.
`THIRD_PARTY_NOTICES.txt` says whose work besides ours is in here: Pyodide (MPL-2.0), CPython (PSF-2.0),
RestrictedPython (ZPL-2.1), typeguard (MIT), typing_extensions (PSF-2.0), @cfworker/json-schema (MIT).
"""
