"""The corpus and the attacks on every Python that the machine has; this one is always among them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import RestrictedPython

TESTS = Path(__file__).parents[2]
ROOTS = [TESTS, TESTS.parent / "runtime", TESTS.parent / "schemas", Path(RestrictedPython.__file__).parents[1]]


def pythons() -> list[str]:
    """Give one interpreter of each supported version: this one, those on the path, those installed beside this one."""
    found = {sys.version_info[:2]: sys.executable}
    beside = [str(path) for path in sorted(Path(sys.base_prefix).parent.glob("*/bin/python3"))]
    for candidate in [*(shutil.which(f"python3.{minor}") for minor in range(11, 15)), *beside]:
        version = _version(candidate) if candidate else None
        if candidate is not None and version is not None and (3, 11) <= version < (3, 15):
            found.setdefault(version, candidate)
    return [found[version] for version in sorted(found)]


def _version(python: str) -> tuple[int, int] | None:
    done = subprocess.run([python, "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True)
    if done.returncode:
        return None
    major, minor = done.stdout.split()
    return int(major), int(minor)


@pytest.mark.parametrize("python", pythons())
def test_corpus_and_attacks_give_the_same_on_this_python(python: str) -> None:
    script = TESTS / "snippets" / "conformance.py"

    done = subprocess.run([python, "-I", "-S", str(script), *map(str, ROOTS)], capture_output=True, text=True)

    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["differing"] == []
    assert (result["snippets"] >= 200, result["attacks"] >= 250) == (True, True)
