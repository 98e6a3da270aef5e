"""What a worker is given of a catalog: the stub modules behind a snippet's names."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.records import nearest

_COMPARED = 5  # what a snippet is told at once


def stubs_message(manifest: Manifest, names: Iterable[str]) -> dict[str, object]:
    """Answer a worker's `need`: the namespaces and functions among these names, with what they stand on.

    Raises:
        PackageError: A stub module is missing or is not the one that the manifest names.
    """
    functions: dict[str, str] = {}
    namespaces: dict[str, None] = {}
    unknown: dict[str, list[str]] = {}
    for name in names:
        if name in manifest.namespaces:
            namespaces[name] = None
        elif name in manifest.global_functions:
            functions[name] = manifest.global_functions[name]
            namespaces[functions[name].partition(".")[0]] = None
        else:
            # A name in several namespaces has them all; comparing 5,000 names takes 0.1 s, so only a few are compared.
            same = manifest.resolve(name) if "." not in name else []
            unknown[name[:200]] = same or (_near(manifest, name) if len(unknown) < _COMPARED else [])
    modules = dict.fromkeys(module for namespace in namespaces for module in manifest.modules_of(namespace))
    entries = {
        f"{namespace}.{function}": manifest.capabilities[f"{namespace}.{function}"]
        for namespace in namespaces
        for function in manifest.namespaces[namespace]["capabilities"]
    }
    return {
        "type": "stubs",
        "package": manifest.name,
        "modules": {module: manifest.stub_code(module) for module in modules},
        "namespaces": {
            namespace: {
                "module": manifest.namespaces[namespace]["module"].removesuffix(".py"),
                "functions": list(manifest.namespaces[namespace]["capabilities"]),
            }
            for namespace in namespaces
        },
        "functions": functions,
        "entries": {
            name: {
                "parameters": [dict(parameter) for parameter in entry["parameters"]],
                "returns": entry["returns"],
                "signature": entry["signature"],
            }
            for name, entry in entries.items()
        },
        "types": {name: cast("object", manifest.types[name]) for name in manifest.uses(entries)},
        "unknown": unknown,
    }


def _near(manifest: Manifest, name: str) -> list[str]:
    """Give the namespace that a name may be a slip of, else functions."""
    return nearest(name, manifest.namespaces, cutoff=0.8) or manifest.nearest(name)
