"""The time zones that snippets may use in the browser, out of the wheel of tzdata: a page has no such data of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from ioconnect_codegen.web.assets import WHEELS
from ioconnect_codemode.policy.facades.zones import ZONES


def is_zones(path: str) -> bool:
    """Say whether an asset is the wheel that the zones come out of: it isn't shipped itself."""
    return path.startswith(f"{WHEELS}/tzdata-")


def zone_files(assets: Mapping[str, bytes]) -> dict[str, bytes]:
    """Give the package `tzdata` with the zones that snippets may use, by path."""
    (wheel,) = (data for path, data in assets.items() if is_zones(path))
    with zipfile.ZipFile(io.BytesIO(wheel)) as given:
        zones = {f"tzdata/zoneinfo/{zone}": given.read(f"tzdata/zoneinfo/{zone}") for zone in sorted(ZONES)}
    return {"tzdata/__init__.py": b"", **zones}
