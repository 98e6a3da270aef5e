"""What a name in a question for definitions stands for."""

from __future__ import annotations

import fnmatch
from collections.abc import Sequence

from ioconnect_codemode.manifest import Manifest

_PATTERN = frozenset("*?")
_SHOWN = 80  # characters of a name or a question that is told back


def resolved(manifest: Manifest, name: str) -> Sequence[str]:
    """Give the capabilities that a name means, in the catalog's order; several where it is ambiguous.

    A name is `crm.get_client`, a function's name alone, a namespace or a pattern (`crm`, `crm.*`, `*.get_*`), or the name
    of a method or intent in io.Connect (`CRM.GetClient`).
    """
    if is_pattern(manifest, name):
        pattern = f"{name}.*" if name in manifest.namespaces else name
        return fnmatch.filter(manifest.capabilities, pattern)
    return manifest.resolve(name) or manifest.offered_as(name)


def is_pattern(manifest: Manifest, name: str) -> bool:
    """Tell whether a name may mean several functions and then means all of them."""
    return name in manifest.namespaces or not _PATTERN.isdisjoint(name)


def plain(text: str, *, limit: int = _SHOWN) -> str:
    """Give text for a comment line: one line, printable, bounded."""
    return "".join(character if character.isprintable() else " " for character in text)[:limit]
