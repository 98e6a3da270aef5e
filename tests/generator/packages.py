"""Packages made of one schema: what the tests of traps, hostile text and properties look at."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.stubs import load
from ioconnect_codemode.values import JsonValue

WORDS = {"str", "int", "float", "bool", "Any", "Literal", "list", "dict", "tuple", "TypeAlias"}
STUB_NAMES = {"Record", "call", "field", "Unset", "UNSET"}

Json = dict[str, JsonValue]


def tool(number: int, schema: JsonValue, **config: JsonValue) -> Json:
    """A tool whose one argument and whose result have a schema; its definitions are the document's."""
    inner = dict(schema) if isinstance(schema, dict) else schema
    arguments: Json = {"type": "object"}
    for word in ("$defs", "definitions"):
        if isinstance(inner, dict) and word in inner and "$id" not in inner:
            arguments[word] = inner.pop(word)
    arguments["properties"] = {"value": inner}
    return {
        "name": f"t{number}",
        "config": {"inputSchema": arguments, "outputSchema": schema, **config},
        "interop": {"methodName": f"Trap.T{number}"},
    }


def environment(tools: Sequence[JsonValue]) -> Json:
    """An environment of these tools."""
    return {"schemaVersion": 1, "name": "traps", "methods": [], "tools": list(tools)}


def package(document: JsonValue, folder: Path) -> Manifest:
    """Make the package of an environment, and read it back."""
    write(generate(read_environment(document)), folder)
    return Manifest.read(folder)


def of_schema(schema: JsonValue, folder: Path) -> Manifest:
    """Make the package of one tool with one schema."""
    return package(environment([tool(0, schema)]), folder)


def loaded(manifest: Manifest) -> dict[str, ModuleType]:
    """Load all stub modules; each is audited on the way."""
    names = {module for namespace in manifest.namespaces for module in manifest.modules_of(namespace)}
    return load({name: manifest.stub_code(name) for name in names}, lambda name, arguments, returns: None)


def code_names(manifest: Manifest) -> set[str]:
    """Every name that stands as code in the stub modules, apart from types, parameters and functions of the package."""
    names: set[str] = set()
    for namespace in manifest.namespaces:
        for module in manifest.modules_of(namespace):
            tree = ast.parse(manifest.text(f"{module}.py"))
            known = {
                *WORDS,
                *STUB_NAMES,
                *manifest.types,
                *(one.arg for one in ast.walk(tree) if isinstance(one, ast.arg)),
                *_field_names(tree),
            }
            names |= {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)} - known
            names |= {one.attr for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    return names


def imports(manifest: Manifest) -> set[str]:
    """Every module that the stub modules import."""
    texts = [manifest.text(path) for path in manifest.data["files"] if path.endswith(".py")]
    nodes = [node for text in texts for node in ast.walk(ast.parse(text))]
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    return plain | {"." * node.level + (node.module or "") for node in nodes if isinstance(node, ast.ImportFrom)}


def _field_names(tree: ast.Module) -> set[str]:
    fields = [node.target for node in ast.walk(tree) if isinstance(node, ast.AnnAssign)]
    return {target.id for target in fields if isinstance(target, ast.Name)}
