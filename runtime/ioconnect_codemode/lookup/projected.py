"""What a type checker reads of a catalog."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from ioconnect_codemode.language import ALL_TARGETS
from ioconnect_codemode.lookup.definitions import field_type
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import CapabilityData, ParameterData

_OF_A_DICT = {
    "__getitem__": "(self, key: str, /) -> Any",
    "__contains__": "(self, key: object, /) -> bool",
    "__len__": "(self) -> int",
    "__iter__": "(self) -> Any",
    "__setitem__": "(self, key: str, value: Any, /) -> None",
    "__delitem__": "(self, key: str, /) -> None",
    "__or__": "(self, other: Any, /) -> Any",
    "__ror__": "(self, other: Any, /) -> Any",
    "__ior__": "(self, other: Any, /) -> Any",
    "__reversed__": "(self) -> Any",
    "clear": "(self) -> None",
    "popitem": "(self) -> Any",
    "copy": "(self) -> Any",
    "pop": "(self, key: str, default: Any = ..., /) -> Any",
    "setdefault": "(self, key: str, default: Any = ..., /) -> Any",
    "update": "(self, *values: Any, **fields: Any) -> None",
    "get": "(self, key: str, default: Any = ..., /) -> Any",
    "keys": "(self) -> Any",
    "values": "(self) -> Any",
    "items": "(self) -> Any",
}


def projection(manifest: Manifest, names: Iterable[str]) -> str:
    """Give what a type checker reads about these functions: the same names, types and optionality as the model's text.

    Records are classes with their fields as attributes and what of a dict no field hides; record arguments also accept
    dicts; the functions are static methods of a class with the namespace's name.
    """
    wanted = set(names)
    ordered = [name for name in manifest.capabilities if name in wanted]
    records = {name for name, data in manifest.types.items() if data["kind"] == "record"}
    lines = ["from typing import Any, Literal, overload", ""]
    for name in manifest.uses(ordered):
        data = manifest.types[name]
        if data["kind"] == "alias":
            lines.append(f"{name} = {data.get('type', 'Any')}")
            continue
        lines.append(f"class {name}:")
        lines += [f"    {one['name']}: {field_type(one)}" for one in data.get("fields", [])]
        fields = {one["name"] for one in data.get("fields", [])}
        lines += [f"    def {method}{rest}: ..." for method, rest in _OF_A_DICT.items() if method not in fields]
    current = ""
    for name in ordered:
        namespace, _, function = name.partition(".")
        if namespace != current:
            lines.append(f"class {namespace}:")
            current = namespace
        entry = manifest.capabilities[name]
        parameters = ", ".join(_projected_parameters(entry["parameters"], records))
        lines += _functions(function, parameters, entry)
    return "\n".join(lines) + "\n"


def _functions(function: str, parameters: str, entry: CapabilityData) -> list[str]:
    """Give the function; where several apps may be called it has two more forms, of which the checker takes the first that fits."""
    plain = f"    def {function}({parameters}) -> {entry['returns']}: ..."
    target = next((one for one in entry["parameters"] if one.get("option") == "target"), None)
    if target is None:
        return ["    @staticmethod", plain]
    said, every = f"{target['name']}: {target['type']}", ", ".join(map(repr, ALL_TARGETS))
    several = plain.replace(f"{said} = ...", f"{target['name']}: Literal[{every}] | list[str]")
    several = f"{several.rpartition(' -> ')[0]} -> dict[str, {entry['returns']}]: ..."
    one = plain.replace(f"{said} = ...", f"{target['name']}: str = ...")
    return [line for form in (several, one) for line in ("    @overload", "    @staticmethod", form)]


def _projected_parameters(parameters: Sequence[ParameterData], records: set[str]) -> list[str]:
    texts = [_projected_parameter(one, records) for one in parameters]
    first = next((place for place, one in enumerate(parameters) if "option" in one), None)
    return texts if first is None else [*texts[:first], "*", *texts[first:]]


def _projected_parameter(one: ParameterData, records: set[str]) -> str:
    accepted = one["type"]
    names = {node.id for node in ast.walk(ast.parse(accepted, mode="eval")) if isinstance(node, ast.Name)}
    if names & records:
        accepted = f"{accepted} | dict[str, Any]" if accepted in records else _with_dicts(accepted, records)
    return f"{one['name']}: {accepted}" + ("" if one["required"] else " = ...")


def _with_dicts(expression: str, records: set[str]) -> str:
    class Widen(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.expr:
            if node.id not in records:
                return node
            return ast.parse(f"{node.id} | dict[str, Any]", mode="eval").body

    return ast.unparse(Widen().visit(ast.parse(expression, mode="eval")))
