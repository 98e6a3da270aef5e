"""Fetch the assets of the browser with npm and pip, at build time; a page never fetches from elsewhere.

Both tools check what they get against the digests of the pins. The folder is made beside its place and renamed, so
that a run that is cut off leaves nothing half-done.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path

from ioconnect_codegen.errors import AssetsError, OutputError
from ioconnect_codegen.web.assets import PINS, WHEELS, read_assets

_TOLD_BYTES = 600  # of what npm or pip says about a failure: its end names the cause


def fetch(folder: Path, *, progress: Callable[[str], None]) -> bool:
    """Make `folder` hold every asset; false where it does so already.

    Raises:
        AssetsError: npm or pip is missing or failed, or gave other files than the pinned ones.
        OutputError: What is there was not fetched by us, or it can't be written.
    """
    if _is_complete(folder):
        return False
    _refuse_foreign(folder)
    try:
        _fetch(folder, progress)
    except OSError as error:
        raise OutputError(f"{folder} can't be written: {error.strerror or error}") from error
    return True


def _fetch(folder: Path, progress: Callable[[str], None]) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}.") as temporary:
        made = Path(temporary) / "made"
        made.mkdir()
        for name in ("package.json", "package-lock.json", _WHEEL_LIST):
            (made / name).write_bytes((PINS / name).read_bytes())
        progress("npm: Pyodide and the schema validator")
        _run(
            [*_npm(), "ci", "--prefix", str(made), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
            folder,
        )
        progress("pip: the wheels")
        _run([*_pip(), *_PIP_OPTIONS, "-r", str(made / _WHEEL_LIST), "-d", str(made / WHEELS)], folder)
        read_assets(made)
        if folder.exists():
            folder.rename(Path(temporary) / "old")
        made.rename(folder)


def _refuse_foreign(folder: Path) -> None:
    """Refuse a place that holds what is not ours: what is there is replaced."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise OutputError(f"{folder} is no folder of its own; name a folder")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / _WHEEL_LIST).is_file():
        raise OutputError(f"{folder} holds what `codemode web fetch` has not fetched; name a new folder")


_WHEEL_LIST = "wheels.txt"  # ours alone: other folders have a package.json as well
_PIP_OPTIONS = ("download", "--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes")


def _is_complete(folder: Path) -> bool:
    try:
        read_assets(folder)
    except AssetsError:
        return False
    return True


def _npm() -> list[str]:
    npm = shutil.which("npm")
    if npm is None:
        raise AssetsError(None, ["npm is not there: install Node.js 20 or later, which brings it"])
    return [npm]


def _pip() -> list[str]:
    """Give this Python's pip; an environment that uv made has none, then uv's."""
    if find_spec("pip") is not None:
        return [sys.executable, "-m", "pip", "--disable-pip-version-check"]
    uvx = shutil.which("uvx")
    if uvx is None:
        raise AssetsError(None, ["pip is not there: install it into this Python's environment"])
    return [uvx, "pip"]


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        told = " ".join((done.stderr or done.stdout).split())[-_TOLD_BYTES:]
        raise AssetsError(folder, [f"{Path(command[0]).name} ended with status {done.returncode}: {told}"])
