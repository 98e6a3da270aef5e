"""Where a `$ref` of a JSON Schema leads, inside its own document: nothing is ever read or fetched.

`#/$defs/A`, `#anchor`, and addresses that a part of the document says are its own (`$id`; `id` in draft 4), relative
ones too. An address that no part of the document has leads nowhere, whatever may be found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin

from ioconnect_codemode.values import JsonValue

_ONE = ("items", "additionalItems", "additionalProperties", "unevaluatedProperties", "unevaluatedItems")
_ONE_MORE = ("propertyNames", "contains", "not", "if", "then", "else")
_SEVERAL = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_KEYED = ("properties", "patternProperties", "dependentSchemas", "dependencies", "$defs", "definitions")
_DEPTH_LIMIT = 256  # the same document is cut at 64 levels when it is copied
_ADDRESSES = frozenset(("$id", "$anchor", "$dynamicAnchor", "$recursiveAnchor"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a reference leads to.

    Attributes:
        key: A text that no other target of the document has.
        name: What the reference calls it; may be empty.
        node: The schema.
        base: The address that references inside it are relative to.
    """

    key: str
    name: str
    node: JsonValue
    base: str


class References:
    """The addresses, anchors and pointers of one document."""

    def __init__(self, document: JsonValue) -> None:
        self._resources: dict[str, JsonValue] = {"": document}
        self._anchors: dict[str, tuple[JsonValue, str]] = {}
        self._dynamic: dict[str, int] = {}
        self._is_draft_4 = _has_draft(document, "draft-04")
        self.are_lone = _has_draft(document, "draft-03", "draft-04", "draft-06", "draft-07")
        """Whether what stands beside a `$ref` doesn't count: up to draft 7."""
        self._recursive_anchors = 0
        if _is_addressed(document, _ADDRESSES | {"id"} if self._is_draft_4 else _ADDRESSES):
            self._index(document, "", 0)

    def base_of(self, node: Mapping[str, JsonValue], base: str) -> str:
        """Give the address that references inside a schema are relative to."""
        declared = node.get("$id", node.get("id") if self._is_draft_4 else None)
        if not isinstance(declared, str) or declared.startswith("#") or (self.are_lone and "$ref" in node):
            return base
        return _joined(base, urldefrag(declared)[0])

    def find(self, reference: str, base: str) -> Target | None:
        """Give what a reference leads to, None where it doesn't lead to a part of the document."""
        address, fragment = urldefrag(_joined(base, reference))
        if address not in self._resources:
            return None
        if fragment and not fragment.startswith("/"):
            found = self._anchors.get(f"{address}#{fragment}")
            return Target(key=f"{address}#{fragment}", name=fragment, node=found[0], base=found[1]) if found else None
        followed = self._follow(self._resources[address], fragment, address)
        if followed is None:
            return None
        node, inner_base = followed
        name = fragment.rsplit("/", 1)[-1] if fragment else address.rstrip("/").rsplit("/", 1)[-1].split(".")[0]
        return Target(key=f"{address}#{fragment}", name=_unescaped(name), node=node, base=inner_base)

    def is_settled(self, keyword: str, reference: str) -> bool:
        """Tell whether a reference can only mean one place.

        A `$dynamicRef` can where its anchor is declared once at most, a `$recursiveRef` where there is one
        `$recursiveAnchor` at most; what else they mean depends on the way that led to them.
        """
        if keyword == "$recursiveRef":
            return self._recursive_anchors <= 1
        return keyword == "$ref" or self._dynamic.get(urldefrag(reference)[1], 0) <= 1

    def _index(self, node: JsonValue, base: str, depth: int) -> None:
        if not isinstance(node, dict) or depth > _DEPTH_LIMIT:
            return
        inner = self.base_of(node, base)
        if inner != base:
            self._resources.setdefault(inner, node)
        legacy = node.get("id") if self._is_draft_4 else None
        old = node.get("$id", legacy)
        anchors = [node.get("$anchor"), node.get("$dynamicAnchor")]
        anchors.append(old[1:] if isinstance(old, str) and old.startswith("#") else None)
        for anchor in anchors:
            if isinstance(anchor, str) and anchor:
                self._anchors.setdefault(f"{inner}#{anchor}", (node, inner))
        if isinstance(dynamic := node.get("$dynamicAnchor"), str):
            self._dynamic[dynamic] = self._dynamic.get(dynamic, 0) + 1
        self._recursive_anchors += node.get("$recursiveAnchor") is True
        for child in _children(node):
            self._index(child, inner, depth + 1)

    def _follow(self, node: JsonValue, pointer: str, base: str) -> tuple[JsonValue, str] | None:
        for segment in pointer.split("/")[1:]:
            key = _unescaped(segment)
            if isinstance(node, dict) and key in node:
                node = node[key]
            elif isinstance(node, list) and key.isdecimal() and int(key) < len(node):
                node = node[int(key)]
            else:
                return None
            # The schema's own `$id` is looked at when it is copied; only those on the way count here.
            if isinstance(node, dict) and pointer.rsplit("/", 1)[-1] != segment:
                base = self.base_of(node, base)
        return node, base


def _is_addressed(document: JsonValue, words: frozenset[str]) -> bool:
    """Tell whether anything in a document may have an address or an anchor of its own; most documents have none."""
    left = [document]
    while left:
        node = left.pop()
        if isinstance(node, dict):
            if not words.isdisjoint(node):
                return True
            left += [part for part in node.values() if type(part) is dict or type(part) is list]
        elif isinstance(node, list):
            left += node
    return False


def _children(node: Mapping[str, JsonValue]) -> Iterator[JsonValue]:
    for key in (*_ONE, *_ONE_MORE):
        yield node.get(key)
    for key in _SEVERAL:
        several = node.get(key)
        yield from several if isinstance(several, list) else ()
    for key in _KEYED:
        keyed = node.get(key)
        yield from keyed.values() if isinstance(keyed, dict) else ()


def _has_draft(document: JsonValue, *names: str) -> bool:
    said = document.get("$schema") if isinstance(document, dict) else None
    return isinstance(said, str) and any(name in said for name in names)


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference) if base else reference
    except ValueError:  # an address with a broken host
        return reference


def _unescaped(segment: str) -> str:
    plain = re.sub(r"%([0-9A-Fa-f]{2})", lambda found: chr(int(found[1], 16)), segment)
    return plain.replace("~1", "/").replace("~0", "~")
