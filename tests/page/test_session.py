"""The page's own tests, which Node runs: a run from its first message to its outcome, schemas, adapters."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

import ioconnect_schemas
from page.both import BROWSER, HERE, WEALTH_DESK, library, node
from runtime.packages import write_package  # noqa: TID251 - the tests of the runtime, not its sources


@pytest.mark.parametrize(
    "name", ["session", "moments", "forged", "alarms", "audit", "assets", "snapshots", "validation", "adapters"]
)
def test_the_tests_of_the_page_hold(name: str, tmp_path: Path) -> None:
    given = {
        "BROWSER": str(BROWSER),
        "SCHEMAS": str(ioconnect_schemas.path(".")),
        "VALIDATOR": str(library()),
        "WEALTH_DESK": str(WEALTH_DESK),
        "PACKAGE": str(write_package(tmp_path / "small")),
    }
    done = subprocess.run(
        [node(), "--test", "--test-reporter=tap", str(HERE / f"{name}.test.mjs")],
        env={**os.environ, **given},
        capture_output=True,
        encoding="utf-8",
        timeout=110,
        check=False,
    )
    failed = re.findall(r"^not ok .*$", done.stdout, re.MULTILINE)
    assert (done.returncode, failed) == (0, []), done.stdout[-6000:]
    assert int(re.findall(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[0]) > 5
