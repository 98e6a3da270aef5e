"""What was read of a catalog before it changed: whether a snippet stands on definitions that hold no more.

A model reads definitions, then writes a snippet; in between the environment may change. What was listed or read is
noted by name with the catalog it was read from, so that nobody has to say which digest a snippet was written against. A
snippet uses a function where the words of its text say so: the host doesn't parse snippets. Who was told of a change
has read it.

A shared type is called after what uses it, so a method that goes may rename it for all others. A function whose types have
other names and say the same is not stale, unless the snippet has such a name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, TypeData

_WORD = re.compile(r"\w+")
# A text, or a name that no colon follows: what one follows is a parameter.
_TYPE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|\b[^\W\d]\w*\b(?!:)""")
_NAME = re.compile(r"\w+\.\w+")


class Stale(NamedTuple):
    """A function that is not any more what was read.

    Attributes:
        name: Its full name.
        catalog: Digest of the catalog that it was read from.
        is_gone: Whether the present catalog has nothing of that name.
    """

    name: str
    catalog: str
    is_gone: bool


class Readings:
    """What the readers of one opened package have read, the last reading of each function."""

    def __init__(self) -> None:
        self._read: dict[str, Manifest] = {}

    def note(self, manifest: Manifest, names: Iterable[str]) -> None:
        """Note that these functions were read; names that the catalog doesn't have are passed over."""
        self._read.update((name, manifest) for name in names if name in manifest.capabilities)

    def note_text(self, manifest: Manifest, text: str) -> None:
        """Note the functions that a text names in full."""
        self.note(manifest, _NAME.findall(text))

    def stale(self, manifest: Manifest, code: str) -> list[Stale]:
        """Give what the snippet uses and the present catalog has otherwise than it was read, and note it as read."""
        words: set[str] | None = None
        found: list[Stale] = []
        for name, read in self._read.items():
            if read is manifest or _is_same(name, read, manifest):
                continue
            words = set(_WORD.findall(code)) if words is None else words
            if not _is_used(name, read, words):
                continue
            if _says_the_same(name, read, manifest, words):
                self._read[name] = manifest
            else:
                found.append(Stale(name=name, catalog=read.digest, is_gone=name not in manifest.capabilities))
        for one in found:
            self._read[one.name] = manifest
            if one.is_gone:
                del self._read[one.name]
        return sorted(found, key=lambda one: one.name)


def _is_used(name: str, manifest: Manifest, words: set[str]) -> bool:
    namespace, _, function = name.partition(".")
    return function in words and (namespace in words or function in manifest.global_functions)


def _is_same(name: str, read: Manifest, manifest: Manifest) -> bool:
    """Tell whether a function has the same signature, route and types; words about it don't count."""
    before, now = read.capabilities[name], manifest.capabilities.get(name)
    if now is None:
        return False
    if before is not now and (_route(before) != _route(now) or _signature(before) != _signature(now)):
        return False
    return all(_is_same_type(one, read, manifest) for one in {*read.uses([name]), *manifest.uses([name])})


def _says_the_same(name: str, read: Manifest, manifest: Manifest, words: set[str]) -> bool:
    """Tell whether a function is the same but for names of types that the snippet doesn't have."""
    before, now = read.capabilities[name], manifest.capabilities.get(name)
    if now is None or _route(before) != _route(now):
        return False
    then, since = _Saying(before, read), _Saying(now, manifest)
    renamed = {one for one, other in zip(then.types, since.types, strict=False) if one != other}
    return then.text == since.text and words.isdisjoint(renamed)


class _Saying:
    """What a function says, its types numbered in the order in which they come.

    Attributes:
        types: Their names, in that order.
        text: Signature and types, with numbers for their names.
    """

    def __init__(self, entry: CapabilityData, manifest: Manifest) -> None:
        self.types: list[str] = []
        self._manifest = manifest
        for parameter in entry["parameters"]:
            self._numbered(parameter["type"])
        said = [self._numbered(_signature(entry))]
        place = 0
        while place < len(self.types):  # first what the caller makes, with what it is made of
            said += self._type(manifest.types[self.types[place]], is_made=True)
            place += 1
        self._numbered(entry["returns"])
        while place < len(self.types):
            said += self._type(manifest.types[self.types[place]], is_made=False)
            place += 1
        self.text = tuple(said)

    def _type(self, data: TypeData, *, is_made: bool) -> list[str]:
        if data["kind"] == "alias":
            return [self._numbered(data.get("type", "Any"))]
        fields = data.get("fields", [])
        said = [f"{one['name']} {one['key']!r} {one['required']}: {self._numbered(one['type'])}" for one in fields]
        said.append(f"open {data.get('open', False)}")
        return [*said, data["definition"].partition("  # ")[2]] if is_made else said  # there: what values are allowed

    def _numbered(self, text: str) -> str:
        return _TYPE.sub(self._number, text)

    def _number(self, found: re.Match[str]) -> str:
        name = found[0]
        if name not in self._manifest.types:
            return name
        if name not in self.types:
            self.types.append(name)
        return f"#{self.types.index(name)}"


def _route(entry: CapabilityData) -> list[object]:
    return [entry.get(key) for key in ("kind", "wire", "accepts", "returns_text", "effect")]


def _signature(entry: CapabilityData) -> str:
    """Give the signature without `target` and `wait_for_s`: they come and go with every window that a user opens."""
    head, star, options = entry["signature"].partition("*, ")
    if not star or not any(one.get("option") in ("target", "wait_for_s") for one in entry["parameters"]):
        return entry["signature"]
    return f"{head.removesuffix(', ')}) -> {options.rpartition(') -> ')[2]}"


def _is_same_type(name: str, read: Manifest, manifest: Manifest) -> bool:
    before, now = read.types.get(name), manifest.types.get(name)
    return before is now or (before is not None and now is not None and before["definition"] == now["definition"])
