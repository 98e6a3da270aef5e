"""mypy, pyright and ruff over generated packages, in one run each: what a person's editor and build would say."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
_PATHS = [str(ROOT / part) for part in ("runtime", "schemas")]


def complaints(folder: Path, packages: Sequence[str]) -> list[str]:
    """What the three say of the packages in a folder, each in its strictest form; empty where they say nothing."""
    settings = {"typeCheckingMode": "strict", "include": list(packages), "exclude": ["**/definitions"]}
    (folder / "pyrightconfig.json").write_text(json.dumps({**settings, "extraPaths": _PATHS}), encoding="utf-8")
    mypy = ["--strict", "--config-file=", "--follow-imports=silent", "--exclude=/definitions/"]
    ruff = ["format", "--check", "--isolated", "--no-cache", "--line-length", "88", "--exclude", "*.pyi"]
    commands = [
        ["mypy", *mypy, f"--cache-dir={folder}/cache", *packages],
        ["pyright", "--pythonpath", sys.executable],
        ["ruff", *ruff, *packages],
    ]
    return [text for command in commands if (text := _complaint(folder, command))]


def _complaint(folder: Path, command: Sequence[str]) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=folder,
        env={**os.environ, "MYPYPATH": os.pathsep.join(_PATHS)},
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else f"{command[0]}: {done.stdout}{done.stderr}"
