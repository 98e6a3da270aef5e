"""The browser's library has the rooms that its worker imports: all of them, and no others.

What a module imports is read from its source, wherever in it the import stands; what only a type checker sees is none.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import ioconnect_codemode
from ioconnect_codemode.browser_files import PACKAGES, ROOMS, runtime_files
from ioconnect_codemode.policy.facades import FACADE_ROOMS

RUNTIME: Final = Path(ioconnect_codemode.__file__).parent
ENTRY: Final = "browser_worker"
OF_THE_DESKTOP: Final = {("confine/__init__", f"confine/{system}") for system in ("linux", "macos", "posix", "windows")}
"""What a room imports only on a system that the browser's worker does not run on."""


def path_of(room: str) -> Path | None:
    """Give the file of a room, None where there is none of that name."""
    paths = (RUNTIME / f"{room}.py", RUNTIME / room / "__init__.py")
    return next((path for path in paths if path.is_file()), None)


def name_of(path: Path) -> str:
    """Give the name of a room as the list of rooms has it."""
    return path.relative_to(RUNTIME).with_suffix("").as_posix()


def imports_of(tree: ast.AST) -> Iterator[str]:
    """Give the dotted names that a module imports when it runs; of `from x import y` both x and x.y."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING")):
                for other in node.orelse:
                    yield from imports_of(ast.Module([other], []))
            case ast.Import(names=names):
                yield from (one.name for one in names)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                yield module
                yield from (f"{module}.{one.name}" for one in names)
            case _:
                yield from imports_of(node)


def rooms_behind(path: Path) -> set[str]:
    """Give the rooms of the runtime that a module imports, the packages around them too."""
    found: set[str] = set()
    imported = list(imports_of(ast.parse(path.read_bytes())))
    if path.parent.name == "facades" and path.stem == "__init__":  # it imports them by the names of its table
        imported += [f"ioconnect_codemode.policy.facades.{room}" for room in FACADE_ROOMS]
    for dotted in imported:
        first, *parts = dotted.split(".")
        if first != RUNTIME.name:
            continue
        for end in range(1, len(parts) + 1):
            room = path_of("/".join(parts[:end]))
            if room is not None:
                found.add(name_of(room))
    return found


def closure() -> set[str]:
    """Give every room that the browser's worker may import."""
    known: set[str] = set()
    waiting = {ENTRY, "__init__"}
    while waiting:
        room = waiting.pop()
        known.add(room)
        path = path_of(room)
        assert path is not None
        behind = {one for one in rooms_behind(path) if (room, one) not in OF_THE_DESKTOP}
        waiting |= behind - known
    return known


def in_archive() -> set[str]:
    return {
        name.removeprefix("ioconnect_codemode/").removesuffix(".py")
        for name in runtime_files()
        if name.startswith("ioconnect_codemode/")
    }


def test_every_room_that_the_browsers_worker_imports_is_in_its_archive() -> None:
    assert closure() - in_archive() == set()


def test_what_is_left_out_is_there_to_be_left_out() -> None:
    assert {
        (room, behind) for room, _ in OF_THE_DESKTOP for behind in rooms_behind(RUNTIME / f"{room}.py")
    } >= OF_THE_DESKTOP


def test_no_room_is_in_the_archive_that_nothing_in_the_worker_imports() -> None:
    assert in_archive() - closure() == set()


def test_a_room_is_listed_once() -> None:
    assert len(set(ROOMS)) == len(ROOMS)
    assert not [room for room in ROOMS if room.partition("/")[0] in PACKAGES]
