"""What a name in a question for definitions stands for."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Sequence

from ioconnect_codemode.manifest import Manifest

_PATTERN = frozenset("*?")
_SHOWN = 80  # characters of a name or a question that is told back
_LONGEST = 200  # characters of a name that is looked at; the longest full name has 81
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def resolved(manifest: Manifest, name: str) -> Sequence[str]:
    """Give the capabilities that a name means, in the catalog's order; several where it is ambiguous.

    A name is `crm.get_client`, a function's name alone, a namespace or a pattern (`crm`, `crm.*`, `*.get_*`), or the name
    of a method or intent in io.Connect (`CRM.GetClient`). Where it is none of them, what models write in its place is
    understood: `crm.getClient`, `crm/get_client`, `crm_get_client`, `desk.crm.get_client`.
    """
    if is_pattern(manifest, name):
        pattern = f"{name}.*" if name in manifest.namespaces else name
        return fnmatch.filter(manifest.capabilities, pattern)
    return manifest.resolve(name) or manifest.offered_as(name) or _otherwise_spelt(manifest, name)


def type_named(manifest: Manifest, name: str) -> str | None:
    """Give the type that a name means, `Client` or `crm.Client`; None where no capability needs one of that name."""
    last = name.rpartition(".")[2]
    return last if last in manifest.types and last in manifest.used_types else None


def tidied(name: str) -> str | None:
    """Give a name without what models put around it: blanks, quotes, a call's brackets; None where it is none at all."""
    if len(name) > _LONGEST:
        return None
    return name.partition("(")[0].strip(" \t\n`'\"") or None


def _otherwise_spelt(manifest: Manifest, name: str) -> Sequence[str]:
    spelt = _CAMEL.sub("_", re.sub(r"[/:]+", ".", name)).lower()
    found = manifest.resolve(".".join(spelt.split(".")[-2:]))
    return found or [full for full in manifest.capabilities if full.replace(".", "_") == spelt]


def is_pattern(manifest: Manifest, name: str) -> bool:
    """Tell whether a name may mean several functions and then means all of them."""
    return name in manifest.namespaces or not _PATTERN.isdisjoint(name)


def summarised(text: str) -> str:
    """Give what a namespace is about on one line; what is too long ends behind a word, in three dots."""
    line = plain(text, limit=_SHOWN + 1)
    if len(line) <= _SHOWN:
        return line
    whole, _, _ = line[: _SHOWN - 2].rpartition(" ")
    return (whole or line[: _SHOWN - 3]).rstrip(" ,;:") + "..."


def plain(text: str, *, limit: int = _SHOWN) -> str:
    """Give text for a comment line: one line, printable, bounded."""
    return "".join(character if character.isprintable() else " " for character in text)[:limit]
