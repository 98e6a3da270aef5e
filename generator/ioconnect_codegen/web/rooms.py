"""The rooms of Python that run in the browser: the same files as on the desktop, and no more than a worker imports.

They are found by following the import statements from the worker's entry. What other distributions bring comes with the
wheels, what the standard library brings with Pyodide.
"""

from __future__ import annotations

import ast
import io
import zipfile
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

ENTRIES: Final = ("ioconnect_codemode.worker", "ioconnect_codemode.check")
_PACKAGES: Final = ("ioconnect_codemode", "ioconnect_schemas")
_NO_TIME: Final = (1980, 1, 1, 0, 0, 0)


def runtime_zip() -> bytes:
    """Make the archive that Pyodide imports from; stored, since it is compressed on its way."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for path, text in sorted(runtime_files().items()):
            info = zipfile.ZipInfo(path, _NO_TIME)
            info.create_system = 3  # as written on Unix, wherever it is built
            info.external_attr = 0o644 << 16
            archive.writestr(info, text.replace("\r\n", "\n"))
    return buffer.getvalue()


def runtime_files(entries: tuple[str, ...] = ENTRIES) -> dict[str, str]:
    """Give the text of every module that the entries import, and the data files these name, by path."""
    found: dict[str, str] = {}
    waiting = list(entries)
    while waiting:
        module = waiting.pop()
        located = _located(module)
        if located is None or located[0] in found:
            continue
        path, text = located
        found[path] = text
        tree = ast.parse(text)
        is_package = path.endswith("/__init__.py")
        waiting += [*_parents(module), *_imported(tree, module, is_package=is_package)]
        found |= _data(tree)
    return found


def _located(module: str) -> tuple[str, str] | None:
    """Give path and text of a module of ours; None where it is a name in a module, or another's."""
    package, *inner = module.split(".")
    if package not in _PACKAGES:
        return None
    folder: Traversable = files(package)
    for name in inner[:-1]:
        folder = folder / name
    parts = "/".join((package, *inner))
    for path, place in (
        (f"{parts}/__init__.py", (folder / inner[-1] if inner else folder) / "__init__.py"),
        (f"{parts}.py", folder / f"{inner[-1] if inner else package}.py"),
    ):
        if place.is_file():
            return path, place.read_text(encoding="utf-8")
    return None


def _parents(module: str) -> Iterator[str]:
    parts = module.split(".")
    for length in range(1, len(parts)):
        yield ".".join(parts[:length])


def _imported(tree: ast.AST, module: str, *, is_package: bool) -> Iterator[str]:
    for node in _run_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, module, is_package=is_package)
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _base(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    kept = parts[: len(parts) - node.level + (1 if is_package else 0)]
    return ".".join([*kept, *([node.module] if node.module else [])])


def _run_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Walk a tree without what stands under `if TYPE_CHECKING`, and without the lazy exports of a package."""
    for child in ast.iter_child_nodes(node):
        is_typing = isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"
        is_lazy = isinstance(child, ast.FunctionDef) and child.name == "__getattr__" and isinstance(node, ast.Module)
        if not is_typing and not is_lazy:
            yield child
            yield from _run_nodes(child)


def _data(tree: ast.AST) -> dict[str, str]:
    names = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".json")
    }
    root = files("ioconnect_schemas")
    return {
        f"ioconnect_schemas/{name}": (root / name).read_text(encoding="utf-8")
        for name in names
        if "/" not in name and (root / name).is_file()
    }
