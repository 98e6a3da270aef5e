"""Masked fields: which parts of an app's answer a snippet may use and nobody outside may see.

A pattern is `Client.taxId` or `*.iban`: a glob over record types, a dot, and a field by its wire key or Python name.

1. Where a declared type says that a record lies, its masked fields are found by that type, at any depth.
2. Where an answer has not the declared form (signatures are known to lie), every masked key counts, wherever it stands.
3. Where nothing is declared (`Any`), and in keys that a record doesn't declare, patterns for any record (`*.iban`) count.

What is found is kept for the run (`MaskedValues`) and taken out of everything that leaves it (`scrubbing.py`).
"""

from __future__ import annotations

import ast
import fnmatch
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import FieldData, ParameterData, TypeData

if TYPE_CHECKING:
    from ioconnect_codemode.scrubbing import MaskedValues
    from ioconnect_codemode.values import JsonValue

_Finder = Callable[["JsonValue", "MaskedValues"], None]


def is_pattern(text: str) -> bool:
    """Whether a text is a pattern: a glob over record types, a dot, a field's whole name."""
    record, _, field = text.partition(".")
    return bool(record and field) and not any(sign in field for sign in "*?[")


def unmatched(patterns: Iterable[str], manifest: Manifest) -> list[str]:
    """Give the patterns that no declared field of the catalog matches."""
    return [pattern for pattern in patterns if not any(_matching(pattern, manifest.types))]


class Masks:
    """The masked fields of one catalog.

    Attributes:
        anywhere: Keys that are masked whatever record they stand in.
        by_type: Record type to its masked wire keys, declared or not.
    """

    def __init__(self, patterns: Sequence[str], manifest: Manifest) -> None:
        self._manifest = manifest
        self._names: dict[str, set[str]] = {}
        self._finders: dict[str, _Finder | None] = {}
        by_type: dict[str, set[str]] = {}
        anywhere: set[str] = set()
        for pattern in patterns:
            record, _, field = pattern.partition(".")
            for name in fnmatch.filter(_records(manifest.types), record):
                by_type.setdefault(name, set()).add(_key(field, manifest.types[name]))
            for _, declared in _matching(pattern, manifest.types):
                self._names.setdefault(declared["key"], set()).update((declared["key"], declared["name"]))
                if record == "*":
                    anywhere |= {declared["key"], declared["name"]}
            if record == "*":
                anywhere.add(field)
        self.anywhere = frozenset(anywhere)
        self.by_type: Mapping[str, frozenset[str]] = {name: frozenset(keys) for name, keys in by_type.items()}
        self._all = self.anywhere.union(*self.by_type.values())

    def of_records(self) -> dict[str, list[str]]:
        """Give the record types that the worker masks, and their keys."""
        declared = self._manifest.types
        return {
            name: sorted(self.by_type.get(name, frozenset()) | self.anywhere)
            for name in (_records(declared) if self.anywhere else self.by_type)
        }

    def start(self) -> MaskedValues:
        """Give what a run collects its masked values in."""
        # Imported here, so that a worker is started before it: reading a policy needs its patterns only.
        from ioconnect_codemode.scrubbing import MaskedValues

        return MaskedValues(anywhere=self.anywhere, names=self._names)

    def collect(self, name: str, answer: JsonValue, found: MaskedValues) -> None:
        """Collect the masked values of a capability's answer."""
        finder = self._finder(self._manifest.capabilities[name]["returns"])
        if finder is not None:
            try:
                finder(answer, found)
            except RecursionError:  # an answer of a thousand levels: looked through without recursion
                self._search(answer, found, self._all)

    def collect_loose(self, value: JsonValue, found: MaskedValues) -> None:
        """Collect from a value that no type speaks of, the inputs of a run for instance."""
        self._search(value, found, self.anywhere)

    def collect_arguments(
        self, parameters: Sequence[ParameterData], given: Mapping[str, JsonValue], found: MaskedValues
    ) -> None:
        """Collect from the arguments of a call: fields of records, and parameters with a masked name."""
        for parameter in parameters:
            value = given.get(parameter["name"])
            if parameter["name"] in self.anywhere or parameter["key"] in self.anywhere:
                found.add(parameter["key"], value, label=f"*.{parameter['key']}", is_choice=False)
            elif (finder := self._finder(parameter["type"])) is not None:
                finder(value, found)

    # -- finders: one a type, made on first use ------------------------------------------------------------------

    def _finder(self, expression: str) -> _Finder | None:
        if expression not in self._finders:
            self._finders[expression] = self._of(ast.parse(expression, mode="eval").body)
        return self._finders[expression]

    def _of(self, node: ast.expr) -> _Finder | None:
        match node:
            case ast.Name(id="Any"):
                return self.collect_loose if self.anywhere else None
            case ast.Name(id=name) if name in self._manifest.types:
                return self._of_type(name)
            case ast.Subscript(value=ast.Name(id="list"), slice=inner):
                return self._of_items(self._of(inner), list)
            case ast.Subscript(value=ast.Name(id="dict"), slice=ast.Tuple(elts=[_, inner])):
                return self._of_items(self._of(inner), dict)
            case ast.Subscript(value=ast.Name(id="tuple"), slice=ast.Tuple(elts=inner)):
                return self._of_items(self._of_any([self._of(one) for one in inner]), list)
            case ast.BinOp(left=left, right=right):
                return self._of_any([self._of(left), self._of(right)])
            case _:
                return None

    def _of_type(self, name: str) -> _Finder | None:
        data = self._manifest.types[name]
        if data["kind"] == "alias":
            return self._finder(data.get("type", "Any"))
        if name in self._finders:
            return self._finders[name]
        if not self.anywhere and not any(one in self.by_type for one in (name, *self._used(name))):
            return None
        made = _Record(self, name, self.by_type.get(name, frozenset()) | self.anywhere)
        self._finders[name] = made.find  # before its fields: a record may hold itself
        made.add_nested({field["key"]: self._finder(field["type"]) for field in data.get("fields", [])})
        return made.find

    def _used(self, name: str) -> set[str]:
        """Give the types that a type uses, at any depth."""
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            for used in self._manifest.types[waiting.pop()]["uses"]:
                if used not in seen and used in self._manifest.types:
                    seen.add(used)
                    waiting.append(used)
        return seen

    def _of_items(
        self, inner: _Finder | None, form: type[list[JsonValue]] | type[dict[str, JsonValue]]
    ) -> _Finder | None:
        if inner is None:
            return None

        def find(value: JsonValue, found: MaskedValues) -> None:
            if isinstance(value, form):
                for item in value.values() if isinstance(value, dict) else value:
                    inner(item, found)
                if isinstance(value, dict):
                    self.of_keys(value, self.anywhere, found)
            else:
                self.misfit(value, found)

        return find

    def _of_any(self, parts: Sequence[_Finder | None]) -> _Finder | None:
        """Give the finder of a union: all its members look, for which one holds can't be told from a hostile answer."""
        finders = [part for part in parts if part is not None]
        if len(finders) <= 1:
            return finders[0] if finders else None

        def find(value: JsonValue, found: MaskedValues) -> None:
            for finder in finders:
                finder(value, found)

        return find

    def of_keys(self, value: dict[str, JsonValue], keys: Collection[str], found: MaskedValues) -> None:
        """Collect what stands under these keys of one object of no known type."""
        for key in keys:
            if key in value:
                found.add(key, value[key], label=f"*.{key}", is_choice=False)

    def misfit(self, value: JsonValue, found: MaskedValues) -> None:
        """Collect from a value that has not its declared form."""
        if isinstance(value, (dict, list)):
            self._search(value, found, self._all)

    def _search(self, value: JsonValue, found: MaskedValues, keys: frozenset[str]) -> None:
        waiting = [value]
        while waiting:
            item = waiting.pop()
            if isinstance(item, dict):
                self.of_keys(item, keys & item.keys(), found)
                waiting.extend(inner for inner in item.values() if isinstance(inner, (dict, list)))
            elif isinstance(item, list):
                waiting.extend(inner for inner in item if isinstance(inner, (dict, list)))

    def is_choice(self, record: str, key: str) -> bool:
        """Whether a declared field has a few values that everybody knows: a choice, a truth value."""
        for field in self._manifest.types[record].get("fields", []):
            if field["key"] == key:
                return self._is_choice(ast.parse(field["type"], mode="eval").body)
        return False

    def _is_choice(self, node: ast.expr) -> bool:
        match node:
            case ast.Name(id="bool") | ast.Constant(value=None) | ast.Subscript(value=ast.Name(id="Literal")):
                return True
            case ast.Name(id=name) if name in self._manifest.types:
                data = self._manifest.types[name]
                return data["kind"] == "alias" and self._is_choice(ast.parse(data.get("type", "Any"), mode="eval").body)
            case ast.BinOp(left=left, right=right):
                return self._is_choice(left) and self._is_choice(right)
            case _:
                return False


class _Record:
    """Finds the masked fields of one record type."""

    def __init__(self, masks: Masks, name: str, keys: frozenset[str]) -> None:
        self._masks = masks
        self._masked = {
            key: (f"{name}.{key}" if key in masks.by_type.get(name, ()) else f"*.{key}", masks.is_choice(name, key))
            for key in sorted(keys)
        }
        self._nested: list[tuple[str, _Finder]] = []
        self._declared: frozenset[str] = frozenset()

    def add_nested(self, fields: Mapping[str, _Finder | None]) -> None:
        self._declared = frozenset(fields)
        self._nested = [
            (key, finder) for key, finder in fields.items() if finder is not None and key not in self._masked
        ]

    def find(self, value: JsonValue, found: MaskedValues) -> None:
        if not isinstance(value, dict):
            self._masks.misfit(value, found)
            return
        for key, (label, is_choice) in self._masked.items():
            if key in value:
                found.add(key, value[key], label=label, is_choice=is_choice)
        for key, finder in self._nested:
            if key in value:
                finder(value[key], found)
        if self._masks.anywhere and len(value) > len(self._declared):
            for key in value.keys() - self._declared:
                self._masks.collect_loose(value[key], found)


def _records(types: Mapping[str, TypeData]) -> list[str]:
    return [name for name, data in types.items() if data["kind"] == "record"]


def _matching(pattern: str, types: Mapping[str, TypeData]) -> Iterable[tuple[str, FieldData]]:
    record, _, field = pattern.partition(".")
    for name in fnmatch.filter(_records(types), record):
        for declared in types[name].get("fields", []):
            if field in (declared["key"], declared["name"]):
                yield name, declared


def _key(field: str, data: TypeData) -> str:
    """Give the wire key of a field that is named by key or by Python name; an undeclared one is a key."""
    for declared in data.get("fields", []):
        if field in (declared["key"], declared["name"]):
            return declared["key"]
    return field
