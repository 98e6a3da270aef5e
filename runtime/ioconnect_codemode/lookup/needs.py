"""What a worker is given of a catalog: the stub modules behind a snippet's names."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import cast

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.records import nearest

_COMPARED = 5  # what a snippet is told at once


def modules_behind(manifest: Manifest, names: Iterable[str]) -> list[str]:
    """Give the stub modules that the answer to a `need` of these names holds."""
    full = (manifest.global_functions.get(name, name).partition(".")[0] for name in names)
    namespaces = dict.fromkeys(name for name in full if name in manifest.namespaces)
    return list(dict.fromkeys(module for namespace in namespaces for module in manifest.modules_of(namespace)))


def stubs_message(manifest: Manifest, names: Iterable[str]) -> dict[str, object]:
    """Answer a worker's `need`: the namespaces and functions among these names, with what they stand on.

    Raises:
        PackageError: A stub module is missing or is not the one that the manifest names.
    """
    heading, namespaces = stubs_heading(manifest, names)
    return {**heading, **stubs_part(manifest, namespaces)}


def stubs_heading(manifest: Manifest, names: Iterable[str]) -> tuple[dict[str, object], list[str]]:
    """Give what an answer to `need` says of the names themselves, and the namespaces that it must hold besides."""
    functions: dict[str, str] = {}
    namespaces: dict[str, None] = {}
    unknown: dict[str, list[str]] = {}
    compared = 0
    for name in names:
        if name in manifest.namespaces:
            namespaces[name] = None
        elif name in manifest.global_functions:
            functions[name] = manifest.global_functions[name]
            namespaces[functions[name].partition(".")[0]] = None
        else:
            # A name in several namespaces has them all; comparing 5,000 names takes 0.1 s, so only a few are compared.
            same = manifest.resolve(name) if "." not in name else []
            is_compared = not same and compared < _COMPARED
            compared += is_compared  # not the entries: names that begin alike share one
            unknown[name[:200]] = _near(manifest, name) if is_compared else same
    heading: dict[str, object] = {"type": "stubs", "package": manifest.name, "functions": functions, "unknown": unknown}
    return heading, list(namespaces)


def ahead_message(
    manifest: Manifest, namespaces: Collection[str], *, key: str, masks: Mapping[str, Sequence[str]]
) -> dict[str, object]:
    """Give what a zygote loads before its workers need it: these namespaces, their global functions, their types.

    Args:
        manifest: The catalog as policy leaves it.
        namespaces: Some of its namespaces.
        key: Names this catalog under this policy; a worker uses what it has ahead for a run of the same key only.
        masks: Record types to the keys that policy masks.

    Raises:
        PackageError: A stub module is missing or is not the one that the manifest names.
    """
    owned = {name: full for name, full in manifest.global_functions.items() if full.partition(".")[0] in namespaces}
    return {
        **stubs_part(manifest, namespaces),
        "key": key,
        "functions": owned,
        "masks": {name: list(keys) for name, keys in masks.items()},
        "types_of": {one: manifest.uses(_full_names(manifest, one)) for one in namespaces},
    }


def stubs_part(manifest: Manifest, namespaces: Collection[str]) -> dict[str, object]:
    """Give what an answer to `need` holds of some namespaces.

    Raises:
        PackageError: A stub module is missing or is not the one that the manifest names.
    """
    modules = dict.fromkeys(module for namespace in namespaces for module in manifest.modules_of(namespace))
    entries = {name: manifest.capabilities[name] for one in namespaces for name in _full_names(manifest, one)}
    return {
        "modules": {module: manifest.stub_code(module) for module in modules},
        "namespaces": {
            namespace: {
                "module": manifest.namespaces[namespace]["module"].removesuffix(".py"),
                "functions": list(manifest.namespaces[namespace]["capabilities"]),
            }
            for namespace in namespaces
        },
        "entries": {
            name: {
                "parameters": [dict(parameter) for parameter in entry["parameters"]],
                "returns": entry["returns"],
                "signature": entry["signature"],
            }
            for name, entry in entries.items()
        },
        "types": {name: cast("object", manifest.types[name]) for name in manifest.uses(entries)},
    }


def _full_names(manifest: Manifest, namespace: str) -> list[str]:
    return [f"{namespace}.{function}" for function in manifest.namespaces[namespace]["capabilities"]]


def _near(manifest: Manifest, name: str) -> list[str]:
    """Give the namespace that a name may be a slip of, else functions."""
    return nearest(name, manifest.namespaces, cutoff=0.8) or manifest.nearest(name)
