from __future__ import annotations
from pathlib import Path
from ioconnect_codemode.manifest import Manifest


def test_x(package: Path, manifest: Manifest) -> None:
    assert manifest.name == "small-desk"
    for m in ("crm", "intents", "records"):
        manifest.stub_code(m)
