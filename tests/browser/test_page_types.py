"""The page's modules hold to the types that they state."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from chromium.engine_site import SOURCES

TYPESCRIPT = Path(__file__).parent / "node_modules" / "typescript" / "bin" / "tsc"


def test_the_pages_modules_are_of_the_types_that_they_state() -> None:
    node = shutil.which("node")
    if node is None or not TYPESCRIPT.is_file():
        pytest.skip("TypeScript is not installed: install Node.js 20 or later, then run: npm ci --prefix tests/browser")
    roots = [str(SOURCES / name) for name in ("codemode.js", "schema_service.js")]
    options = "--noEmit --allowJs --checkJs --strict --target es2024 --module esnext --moduleResolution bundler"
    done = subprocess.run(
        [node, str(TYPESCRIPT), *options.split(), "--lib", "es2024,dom,dom.iterable", *roots],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
