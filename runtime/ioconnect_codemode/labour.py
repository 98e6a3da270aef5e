"""How much work a schema makes of one value, counted from the schema alone.

A validator goes through each subschema that a part of a value is held to. References can make that grow without end: forty
definitions that each say twice that the next one holds come to 2**40, and two alternatives for a node that both lead into
its children double with every level of the value. What is counted is the largest number of subschemas that one part may
be held to, level by level; keys are told apart, so that a tree with a left and a right child counts as what it is.
Choices that an engine compares one by one count too; of texts alone, or of whole numbers alone, it knows where each is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from time import perf_counter
from typing import TypeAlias
from urllib.parse import unquote

from ioconnect_codemode.patterns import looks_around
from ioconnect_codemode.values import JsonValue

MOST_AT_ONCE = 10_000
"""Subschemas that one part of a value may be held to: a millisecond; a whole message format has 300."""
_EASY = 1_000  # of those, as deep as a value may be
_LEVELS = 100  # that are looked at: what doubles with every tenth level of them is found
_CHOICES = 1_000  # an engine writes all of them into each of its errors

_Schema: TypeAlias = "Mapping[str, JsonValue]"
_Below: TypeAlias = Callable[[JsonValue], int]
_SEVERAL = ("allOf", "anyOf", "oneOf")
_SINGLE = ("not", "if", "then", "else")
_LISTS = (*_SEVERAL, "prefixItems")
_KEYED = ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions")
_ELSEWHERE = ("$dynamicRef", "$recursiveRef", "$id", "id", "$anchor", "$dynamicAnchor")


class Patience:
    """How long the check of one value may take.

    Args:
        most_s: In seconds.
    """

    def __init__(self, most_s: float) -> None:
        self._most_s = most_s
        self._until = 0.0

    def start(self) -> None:
        """Begin with a value."""
        self._until = perf_counter() + self._most_s

    @property
    def is_over(self) -> bool:
        """Whether it has taken longer."""
        return perf_counter() >= self._until


def most_at_once(schema: JsonValue) -> int:
    """Give the largest number of subschemas that a part of a value is held to, whatever lies inside it.

    Where that can't be counted it is more than `MOST_AT_ONCE`.
    """
    if not isinstance(schema, dict):
        return 1
    counting = _Counting(schema)
    try:
        return max(counting.at_once(node) for node in _nodes(schema))
    except RecursionError:
        return MOST_AT_ONCE + 1


def asks_too_much(schema: JsonValue) -> bool:
    """Whether some part of a value would be held to more than `MOST_AT_ONCE` subschemas, whatever lies inside it."""
    return most_at_once(schema) > MOST_AT_ONCE


def looks_at_texts(schema: JsonValue) -> bool:
    """Whether texts are held to patterns that look around."""
    return any(isinstance(pattern := node.get("pattern"), str) and looks_around(pattern) for node in _nodes(schema))


def looks_at_keys(schema: JsonValue) -> bool:
    """Whether keys are told apart by patterns that look around."""
    keyed = [inner for node in _nodes(schema) if isinstance(inner := node.get("patternProperties"), dict)]
    return any(looks_around(pattern) for one in keyed for pattern in one)


def is_laborious(schema: JsonValue) -> bool:
    """Whether saying all that is wrong with a value could take very long, as far as can be told from the schema."""
    if not isinstance(schema, dict):
        return False
    nodes = list(_nodes(schema))
    if sum(len(choices) for node in nodes if isinstance(choices := node.get("enum"), list)) > _CHOICES:
        return True
    if not any("$ref" in node or not node.keys().isdisjoint(_ELSEWHERE) for node in nodes):
        return len(nodes) > MOST_AT_ONCE  # without references a part is held to no more than what is written down
    counting = _Counting(schema)
    try:
        grows = any(counting.below(schema, levels) > _EASY for levels in range(_LEVELS))
    except RecursionError:
        return True
    return grows or counting.has_missed


@dataclass(slots=True)
class _Sums:
    """How many subschemas the parts of an object or list are held to: by key, by place, and all others."""

    keys: dict[str, int] = field(default_factory=dict[str, int])
    other_keys: int = 0
    places: dict[int, int] = field(default_factory=dict[int, int])
    other_places: int = 0

    def add(self, more: _Sums) -> None:
        for key in {*self.keys, *more.keys}:
            self.keys[key] = self.keys.get(key, self.other_keys) + more.keys.get(key, more.other_keys)
        for place in {*self.places, *more.places}:
            mine, theirs = self.places.get(place, self.other_places), more.places.get(place, more.other_places)
            self.places[place] = mine + theirs
        self.other_keys += more.other_keys
        self.other_places += more.other_places

    def most(self) -> int:
        return max(self.other_keys, self.other_places, *self.keys.values(), *self.places.values(), 0)


class _Counting:
    def __init__(self, root: dict[str, JsonValue]) -> None:
        self._root = root
        self._targets: dict[str, JsonValue] = {}
        self._at_once: dict[int, int] = {}
        self._below: dict[tuple[int, int], int] = {}
        self._under_way: set[tuple[int, int]] = set()
        self.has_missed = False  # whether there is a reference whose target depends on more than its text

    def at_once(self, node: JsonValue) -> int:
        """Give how many subschemas one part is held to, itself included."""
        if not isinstance(node, dict):
            return 1
        found = self._at_once.get(id(node))
        if found is None:
            self._at_once[id(node)] = 1  # where it refers to itself
            found = 1 + _compared(node.get("enum")) + sum(self.at_once(inner) for inner in self._beside(node))
            self._at_once[id(node)] = found
        return found

    def below(self, node: JsonValue, levels: int) -> int:
        """Give how many subschemas one part so many levels further down is held to, at most."""
        if not isinstance(node, dict):
            return 0 if levels else 1
        if levels == 0:
            return self.at_once(node)
        found = self._below.get((id(node), levels))
        if found is None:
            found = self._sums(node, levels).most()
            self._below[id(node), levels] = found
        return found

    def _sums(self, node: JsonValue, levels: int) -> _Sums:
        place = id(node), levels
        if not isinstance(node, dict) or place in self._under_way:
            return _Sums()
        self._under_way.add(place)
        sums = _Sums()
        _add_keys(sums, node, lambda inner: self.below(inner, levels - 1))
        _add_places(sums, node, lambda inner: self.below(inner, levels - 1))
        for inner in self._beside(node):
            sums.add(self._sums(inner, levels))
        self._under_way.discard(place)
        return sums

    def _beside(self, node: _Schema) -> Iterator[JsonValue]:
        """Give the schemas that a value is held to besides, the value itself and not what is in it."""
        for key in _SEVERAL:
            if isinstance(listed := node.get(key), list):
                yield from listed
        for key in _SINGLE:
            if key in node:
                yield node[key]
        if isinstance(dependent := node.get("dependentSchemas"), dict):
            yield from dependent.values()
        if not node.keys().isdisjoint(_ELSEWHERE):
            self.has_missed = True
        if isinstance(reference := node.get("$ref"), str):
            yield self._target(reference)

    def _target(self, reference: str) -> JsonValue:
        if reference not in self._targets:
            self._targets[reference] = _found(self._root, reference)
            self.has_missed = self.has_missed or self._targets[reference] is None
        return self._targets[reference]


def _compared(choices: JsonValue) -> int:
    """Give what choices weigh that are compared one by one, in subschemas; a float takes as long as ten of them."""
    if not isinstance(choices, list) or {type(one) for one in choices} in ({str}, {int}):
        return 0
    return len(choices) * (10 if any(isinstance(one, float) for one in choices) else 1)


def _found(root: JsonValue, reference: str) -> JsonValue:
    """Give what a reference leads to; None where that depends on more than its text."""
    if reference != "#" and not reference.startswith("#/"):
        return None
    found = root
    for step in reference.split("/")[1:]:
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(found, dict) and key in found:
            found = found[key]
        elif isinstance(found, list) and key.isdecimal() and int(key) < len(found):
            found = found[int(key)]
        else:
            return None
    return found


def _add_keys(sums: _Sums, node: _Schema, below: _Below) -> None:
    declared, patterns = node.get("properties"), node.get("patternProperties")
    always = sum(map(below, patterns.values())) if isinstance(patterns, dict) else 0
    always += below(node["unevaluatedProperties"]) if "unevaluatedProperties" in node else 0
    if isinstance(declared, dict):
        sums.keys = {key: below(inner) + always for key, inner in declared.items()}
    sums.other_keys = always + (below(node["additionalProperties"]) if "additionalProperties" in node else 0)


def _add_places(sums: _Sums, node: _Schema, below: _Below) -> None:
    items = node.get("items")
    places = items if isinstance(items, list) else node.get("prefixItems")
    rest = "additionalItems" if isinstance(items, list) else "items"
    always = sum(below(node[key]) for key in ("contains", "unevaluatedItems") if key in node)
    if isinstance(places, list):
        sums.places = {place: below(inner) + always for place, inner in enumerate(places)}
    sums.other_places = always + (below(node[rest]) if rest in node else 0)


def _nodes(schema: JsonValue) -> Iterator[dict[str, JsonValue]]:
    """Give a schema and all schemas that are written down in it."""
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, dict):
            continue
        yield node
        for key, value in node.items():
            if key in _KEYED and isinstance(value, dict):
                waiting.extend(value.values())
            elif isinstance(value, list) and (key in _LISTS or key == "items"):
                waiting.extend(value)
            elif key not in ("enum", "const", "default", "examples"):
                waiting.append(value)
