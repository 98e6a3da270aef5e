"""Wire name -> Python name.

Total: every text, the empty one too, has a name. Stable: a name depends on the wire name, and on nothing else as
long as no two wire names want the same one. Injective: `settle` gives every wire name of a namespace its own.

    GetOrders, get-orders         get_orders, get_orders_2      the wire name that sorts first keeps the plain form
    getOrders, get_orders         get_orders_2, get_orders      but for one that is spelt like it
    T42.OMS.GetOrders             oms, get_orders               vendor families are no namespaces
    class, print                  class_, print_                keywords and builtins get one underscore
    3DSecure, _id, ""             n3d_secure, id, unnamed       names start with a letter: the sandbox guards `_`
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from types import MappingProxyType

from ioconnect_codegen.prose import without_unseen
from ioconnect_codemode.language import RESERVED

NAME_LIMIT = 40
"""Longest name before a number is added: a definition of three parameters then still fits a screen line."""

# What Windows takes for a device, whatever stands behind the dot.
_NO_FILES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10))}
)
_PACKAGE_WORDS = frozenset({"records", "definitions", *_NO_FILES})
_TYPE_WORDS = frozenset({"str", "int", "float", "bool", "list", "dict", "tuple", "Any", "Literal", "None"})
_STUB_WORDS = frozenset({"Record", "Unset", "UNSET", "call", "field", "overload"})
_MODULE_WORDS = _STUB_WORDS | {"annotations"}  # what a stub module imports, beside types
_KEY_WORDS = _TYPE_WORDS | _STUB_WORDS
_BUILTINS = frozenset(dir(builtins))
_VENDORS = frozenset({"t42", "tick42", "glue42", "io"})

_NUMBERS = re.compile(r"(?:_\d*)+$")
_ASCII_PARTS = re.compile(r"[A-Za-z0-9]+")
_ASCII_KEY_PARTS = re.compile(r"[A-Za-z0-9_]+")
_CAMEL = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])|(?<=\d)(?=[A-Z][a-z])|(?<=[A-Z])(?=[A-Z][a-z])")


def words(text: str) -> list[str]:
    """Split a wire name into words: at separators and where camel case begins a new one, case kept."""
    return list(_words(text))


def snake(text: str) -> str:
    """Give the snake_case identifier of a wire name, keywords included."""
    return _bounded("_".join(words(text)).lower())


@lru_cache(maxsize=65_536)  # keys repeat over a whole environment
def pascal(text: str) -> str:
    """Give the PascalCase identifier of a wire name, `Unnamed` for a text without letters and digits."""
    return _pascal(words(text))


def _pascal(some: Iterable[str]) -> str:
    return _bounded("".join([word[:1].upper() + word[1:] for word in some]), start="N", empty="Unnamed")


def function_name(text: str) -> str:
    """Give the name of a capability's function."""
    return _freed(snake(text), _BUILTINS | _MODULE_WORDS)


def namespace_name(text: str) -> str:
    """Give the name of a namespace: ASCII, because it is a file's name too, and nothing that a snippet finds already."""
    return _freed(_ascii(text), RESERVED | _STUB_WORDS | _PACKAGE_WORDS)


def package_name(text: str) -> str:
    """Give the name of a package's folder, after its environment: one that Python can import, and a single one."""
    return _freed(_ascii(text), _NO_FILES)


def _ascii(text: str) -> str:
    return snake(unicodedata.normalize("NFKD", " ".join(words(text))).encode("ascii", "ignore").decode("ascii"))


@lru_cache(maxsize=65_536)  # all types are named again where one of them changes
def type_name(text: str) -> str:
    """Give the name of a record or an alias; never one that a function can have, whose letters are all small."""
    name = told(text)
    return _freed(name if name[:1].isupper() else f"N{name}", RESERVED | _TYPE_WORDS | _STUB_WORDS)


@lru_cache(maxsize=65_536)
def told(*parts: str) -> str:
    """Give the PascalCase name of one or more parts, told shortly.

    What a part repeats of the words before it stands once; of what is too long the last words stay: they tell most.
    """
    said: list[str] = []
    for part in parts:
        new = words(part)
        most = min(len(said), len(new))
        shared = next((count for count in range(most, 0, -1) if _same(said[-count:], new[:count])), 0)
        said += new[shared:]
    while len(said) > 1 and sum(map(len, said)) > NAME_LIMIT:
        del said[0]
    return _pascal(said)


def _same(some: Sequence[str], others: Sequence[str]) -> bool:
    return [one.lower() for one in some] == [one.lower() for one in others]


def key_names(keys: Iterable[str], *, types: Collection[str]) -> dict[str, str]:
    """Give every key of an object its parameter or attribute name: the key itself wherever Python allows it.

    Args:
        keys: The keys as they stand on the wire.
        types: Names of the package's types, which an annotation beside the name must still reach.
    """
    return settle({key: _beside(attribute_wish(key), types) for key in keys}, kept=types)


def _beside(wish: str, types: Collection[str]) -> str:
    while wish in types:
        wish += "_"
    return wish


@lru_cache(maxsize=65_536)  # the same names are near every group of types
def plain(name: str) -> str:
    """Give the name without the underscores and numbers that `key_names` may put behind it."""
    return _NUMBERS.sub("", name)


@lru_cache(maxsize=65_536)
def attribute_wish(key: str) -> str:
    """Give the name of a parameter or attribute where no type near it has that name."""
    return _freed(_key_name(key), _KEY_WORDS)


def settle(
    wanted: Mapping[str, str], *, kept: Collection[str] = (), spelt: Mapping[str, str] = MappingProxyType({})
) -> dict[str, str]:
    """Give every wire name a Python name of its own, and no number that makes it one of the `kept` names.

    Of those that want the same name, the one that is spelt like it keeps it, else the one that sorts first; the
    others are numbered from 2 in that order. The order of the input doesn't matter.

    Args:
        wanted: Wire name, or what tells one apart, to the name that it wants.
        kept: Names that are somebody else's.
        spelt: How a wire name is spelt, where `wanted` has something else for it.
    """
    names = dict(wanted)
    taken = set(wanted.values())
    if len(taken) == len(wanted):
        return names
    counts = Counter(wanted.values())
    groups: dict[str, list[str]] = defaultdict(list)
    for wire, name in wanted.items():
        if counts[name] > 1:
            groups[name].append(wire)
    for name in sorted(groups):
        _, *others = sorted(groups[name], key=partial(_right, name, spelt))
        number = 2
        for wire in others:
            while (numbered := f"{name.rstrip('_')}_{number}") in taken or numbered in kept:
                number += 1
            names[wire] = numbered
            taken.add(numbered)
    return names


def _right(name: str, spelt: Mapping[str, str], wire: str) -> tuple[bool, str]:
    """Give a key by which those that want a name are sorted, the one with the best right to it first."""
    return spelt.get(wire, wire) != name, wire


def split_vendor(wire: str) -> list[str]:
    """Give the dotted segments of a wire name without the vendor families before the first real one."""
    segments = [segment for segment in wire.split(".") if segment.strip()]
    while len(segments) > 1 and segments[0].strip().lower() in _VENDORS:
        segments = segments[1:]
    return segments or [wire]


def singular(word: str) -> str:
    """Give the name of one item of a list: `clients` -> `client`, `entries` -> `entry`; others are unchanged."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 2 else word


@lru_cache(maxsize=65_536)  # names and words of descriptions repeat over a whole environment
def _words(text: str) -> tuple[str, ...]:
    return tuple(word for part in _identifier_parts(text) for word in _CAMEL.split(part) if word)


@lru_cache(maxsize=65_536)
def _key_name(key: str) -> str:
    return _bounded("_".join(_identifier_parts(key, strip="_")))


def _identifier_parts(text: str, *, strip: str = "") -> list[str]:
    if text.isascii():  # the same, in one step
        parts = (_ASCII_KEY_PARTS if strip else _ASCII_PARTS).findall(text)
        return [part for part in (parts[0].lstrip(strip), *parts[1:]) if part] if strip and parts else parts
    plain = unicodedata.normalize("NFKC", without_unseen(unicodedata.normalize("NFKC", text)))
    # Joiners of no width are part of an identifier from Python 3.12 on, and nobody sees them.
    kept = "".join(c if c.isprintable() and ("a" + c).isidentifier() else " " for c in plain)
    parts = kept.split() if strip else kept.replace("_", " ").split()
    return [part for part in ([parts[0].lstrip(strip), *parts[1:]] if strip and parts else parts) if part]


def _bounded(name: str, *, start: str = "n", empty: str = "unnamed") -> str:
    if 0 < len(name) <= NAME_LIMIT and name.isascii() and name.isidentifier():
        return name
    name = unicodedata.normalize("NFKC", name)
    if len(name) > NAME_LIMIT:
        name = name[:NAME_LIMIT].strip("_")
    if name and not name.isidentifier():
        name = unicodedata.normalize("NFKC", f"{start}{name}"[:NAME_LIMIT].rstrip("_"))
    # Case mapping can leave what Python takes for no identifier; what is ASCII in it always is one.
    return (name if name.isidentifier() else re.sub(r"[^A-Za-z0-9_]", "", name)) or empty


def _freed(name: str, taken: Collection[str]) -> str:
    return name + "_" if keyword.iskeyword(name) or name in taken else name
