"""The playground's modules hold to the types that they state."""

from __future__ import annotations

import shutil
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest

TYPESCRIPT = Path(__file__).parent / "node_modules" / "typescript" / "bin" / "tsc"
PLAYGROUND = Path(str(files("ioconnect_codegen"))) / "web" / "playground"


def test_the_playgrounds_modules_are_of_the_types_that_they_state() -> None:
    node = shutil.which("node")
    if node is None or not TYPESCRIPT.is_file():
        pytest.skip("TypeScript is not installed: install Node.js 20 or later, then run: npm ci --prefix tests/browser")
    modules = sorted(str(path) for path in PLAYGROUND.rglob("*.js"))
    assert len(modules) > 10
    options = "--noEmit --allowJs --checkJs --strict --target es2024 --module esnext --moduleResolution bundler"
    done = subprocess.run(
        [node, str(TYPESCRIPT), *options.split(), "--lib", "es2024,dom,dom.iterable", *modules],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
