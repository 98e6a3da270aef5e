"""Fetch the JSON-Schema-Test-Suite: it comes with the source distribution of `jsonschema` on PyPI.

    python tests/suite/fetch.py

It goes into `.cache/json-schema-test-suite` and is not part of this repository. Once it is there, nothing is fetched.
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

VERSION = "4.26.0"
FOLDER = Path(__file__).parents[2] / ".cache" / "json-schema-test-suite" / VERSION


def fetch() -> None:
    """Download the source distribution and unpack its `json/tests`."""
    if FOLDER.is_dir():
        return
    with tempfile.TemporaryDirectory() as temporary:
        options = ["--quiet", "--no-deps", "--no-binary", ":all:", "--dest", temporary]
        subprocess.run([sys.executable, "-m", "pip", "download", *options, f"jsonschema=={VERSION}"], check=True)
        archive = next(Path(temporary).glob("jsonschema-*.tar.gz"))
        inside = f"jsonschema-{VERSION}/json/tests/"
        unpacked = Path(temporary) / "unpacked"
        with tarfile.open(archive) as opened:
            members = [one for one in opened.getmembers() if one.name.startswith(inside) and one.isfile()]
            opened.extractall(unpacked, members=members, filter="data")
        FOLDER.parent.mkdir(parents=True, exist_ok=True)
        (unpacked / inside).rename(FOLDER)


if __name__ == "__main__":
    fetch()
    print(f"{FOLDER}: {sum(1 for _ in FOLDER.rglob('*.json'))} files")
