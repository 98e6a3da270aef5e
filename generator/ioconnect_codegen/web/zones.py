"""The time zones that snippets may use in the browser, out of the wheel of tzdata: a page has no such data of its own."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from typing import Final

from ioconnect_codegen.web.assets import WHEELS
from ioconnect_codemode.policy.facades.zones import ZONES

ARCHIVE: Final = "zones.zip"
_MADE_AT: Final = (1980, 1, 1, 0, 0, 0)  # of every file in the archive, so that the same wheel gives the same bytes


def is_zones(path: str) -> bool:
    """Say whether an asset is the wheel that the zones come out of: it isn't shipped itself."""
    return path.startswith(f"{WHEELS}/tzdata-")


def zones_archive(assets: Mapping[str, bytes]) -> bytes:
    """Give the archive that lies where the worker looks for zones, byte by byte the same for the same assets."""
    (wheel,) = (data for path, data in assets.items() if is_zones(path))
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(wheel)) as given, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:
        for zone in sorted(ZONES):
            name = f"tzdata/zoneinfo/{zone}"
            archive.writestr(zipfile.ZipInfo(name, _MADE_AT), given.read(name))
    return made.getvalue()
