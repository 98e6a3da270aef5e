"""Draws what a policy, the arguments of a call and an app's answer may be: mostly what is declared, sometimes anything.

Left out is what a page is known to tell otherwise (`docs/browser.md`): floats of whole numbers, and keys that are numbers,
which JavaScript puts first.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from typing import Final, TypeVar

from ioconnect_codemode import Manifest
from ioconnect_codemode.manifest_data import CapabilityData
from ioconnect_codemode.values import JsonValue

T = TypeVar("T")

_TEXTS: Final = (
    *("", "a", "Ann", "CL-10024", "Jonas Weber", "jonas.weber@bank.example", "DE89 3704 0044 0532 0130 00"),
    *("2026-01-02", "2026-01-02T03:04:05Z", "1234567.5", "true", "None", "EUR", "buy", "private", "#T42_DATE#1"),
    *("\u202eabc", "e\u0301", "漢字", "\U0001f600\ue000", 'say "x"', "a\nb", "\x00", "\u2028", "x" * 81, "x" * 300),
    *("__proto__", "constructor", "toString", "http://a.b/c", "DE89370400440532013000", "[x]"),
)
_NUMBERS: Final = (0, 1, -1, 2, 5, 10, 50, 501, 654321, 2**31, 2**53 - 1, 0.5, 1e-7, 1.5, 123456.789, -2.25, 0.1 + 0.2)
_KEYS: Final = ("id", "name", "iban", "adviser", "items", "type", "phone", "__proto__", "e\u0301")
_OPTIONS: Final[tuple[JsonValue, ...]] = (
    "best",
    "all",
    ["a"],
    ["a", "a", "b"],
    [],
    1,
    0,
    0.5,
    10,
    1_000,
    1_001,
    -1,
    None,
)
_EFFECTS: Final = ("read", "write", "destructive", "unknown")
_CHECKS: Final = ("strict", "warn", "off")
_DEEPEST: Final = 8


class Drawing:
    """Draws for one package.

    Args:
        manifest: Its catalog.
        seed: The same seed draws the same.
    """

    def __init__(self, manifest: Manifest, seed: str) -> None:
        self._manifest = manifest
        self._names = list(manifest.capabilities)
        self.chance = random.Random(seed)

    def policy(self) -> dict[str, JsonValue]:
        """Draw a policy document; a few of them can't be enforced."""
        document: dict[str, JsonValue] = {}
        if self._at(0.3):
            document["capabilities"] = {
                "allow": ["*", self._glob()],
                "deny": [self._glob()],
                "hide_system": self._at(0.3),
            }
        if self._at(0.5):
            named = (self._pick(self._names) if self._at(0.97) else self._glob() for _ in range(3))
            document["effects"] = {name: self._pick(_EFFECTS) for name in named}
        if self._at(0.6):
            document["approval"] = {"ask": [self._pick((*_EFFECTS, self._glob())) for _ in range(2)]}
        if self._at(0.6):
            globs = {self._glob(): self._pick(_CHECKS) for _ in range(2)}
            document["results"] = {"check": self._pick(_CHECKS), **globs}
        if self._at(0.7):
            mask: JsonValue = [self._mask() for _ in range(3)]
            document["egress"] = {"mask": mask, "limit_characters": self._pick((60, 300, 20_000))}
        return document

    def call(self) -> tuple[str, dict[str, JsonValue], JsonValue]:
        """Draw a call: a name, arguments by parameter, and what the app answers."""
        name = self._pick(self._names)
        entry, schemas = self._manifest.capabilities[name], self._manifest.schemas(name)
        declared, output = schemas["input_schema"], schemas["output_schema"]
        arguments = self._arguments(entry, self.value(declared, declared))
        return name if self._at(0.97) else f"{name}x", arguments, self.value(output, output)

    def value(self, schema: JsonValue, root: JsonValue, depth: int = 0) -> JsonValue:
        """Draw a value that mostly fits a schema."""
        if not isinstance(schema, dict) or depth > _DEEPEST or self._at(0.02):
            return self._anything()
        if isinstance(reference := schema.get("$ref"), str):
            return self.value(_target(root, reference), root, depth + 1)
        for key in ("anyOf", "oneOf", "allOf", "enum"):
            if isinstance(listed := schema.get(key), list) and listed:
                chosen = self._pick(listed)
                return chosen if key == "enum" else self.value(chosen, root, depth + 1)
        if "const" in schema:
            return schema["const"]
        return self._typed(schema, root, depth)

    def _typed(self, schema: Mapping[str, JsonValue], root: JsonValue, depth: int) -> JsonValue:
        kind = schema.get("type")
        match self._pick(kind) if isinstance(kind, list) else kind:
            case "object":
                return self._object(schema, root, depth)
            case "array":
                return [self.value(schema.get("items"), root, depth + 1) for _ in range(self._pick((0, 1, 2, 12)))]
            case "string":
                return self._pick(_TEXTS)
            case "integer":
                return self._pick((0, 1, 5, 20, 50, -1, 501, 654321))
            case "number":
                return self._pick(_NUMBERS)
            case "boolean":
                return self._at(0.5)
            case "null":
                return None
            case _:
                return self._anything()

    def _object(self, schema: Mapping[str, JsonValue], root: JsonValue, depth: int) -> dict[str, JsonValue]:
        properties, required = schema.get("properties"), schema.get("required")
        fields = properties if isinstance(properties, dict) else {}
        needed = required if isinstance(required, list) else []
        drawn = {
            key: self.value(inner, root, depth + 1)
            for key, inner in fields.items()
            if self._at(0.97 if key in needed else 0.5)
        }
        return {**drawn, self._pick(_KEYS): self._anything()} if self._at(0.08) else drawn

    def _arguments(self, entry: CapabilityData, wire: JsonValue) -> dict[str, JsonValue]:
        for step in entry.get("under", ()):
            wire = wire.get(step) if isinstance(wire, dict) else None
        sent = wire if isinstance(wire, dict) else {}
        if entry.get("spread", False):
            given = {entry["parameters"][0]["name"]: wire}
        else:
            given = {one["name"]: sent[one["key"]] for one in entry["parameters"] if one["key"] in sent}
        for one in entry["parameters"]:
            if "option" in one and self._at(0.25):
                given[one["name"]] = self._pick(_OPTIONS)
        return {**given, self._pick(_KEYS): self._anything()} if self._at(0.04) else given

    def _anything(self, depth: int = 0) -> JsonValue:
        match self.chance.randrange(6 if depth < 3 else 4):
            case 0:
                return self._pick((None, True, False))
            case 1:
                return self._pick(_NUMBERS)
            case 2 | 3:
                return self._pick(_TEXTS)
            case 4:
                return [self._anything(depth + 1) for _ in range(self.chance.randrange(4))]
            case _:
                return {self._pick(_KEYS): self._anything(depth + 1) for _ in range(self.chance.randrange(4))}

    def _glob(self) -> str:
        name = self._pick(self._names)
        space, _, own = name.partition(".")
        forms = (name, f"{space}.*", f"*.{own}", f"{name[:-1]}?", f"[{name[0]}]*", f"[!{name[0]}]*", name.upper(), own)
        return self._pick(forms)

    def _mask(self) -> str:
        records = [name for name, data in self._manifest.types.items() if data["kind"] == "record"] or ["None"]
        record = self._pick(records)
        declared = self._manifest.types[record].get("fields", []) if record in self._manifest.types else []
        key = self._pick([one["key"] for one in declared] or ["id"])
        return self._pick((f"{record}.{key}", f"*.{key}", f"{record[0]}*.{key}", f"[{record[0]}]*.{key}", "*.iban"))

    def _at(self, odds: float) -> bool:
        return self.chance.random() < odds

    def _pick(self, choices: Sequence[T]) -> T:
        return self.chance.choice(choices)


def _target(root: JsonValue, reference: str) -> JsonValue:
    found = root
    for step in reference.split("/")[1:]:
        found = found.get(step.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    return found
