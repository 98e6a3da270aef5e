"""Which ty this installation has. Every session asks, so nothing is imported that it may not need."""

from __future__ import annotations

import importlib.util
import os
import sys


def ty_version() -> str | None:
    """Give the version of the installed ty, None where there is none."""
    import importlib.metadata

    try:
        return importlib.metadata.version("ty") if ty_command() else None
    except importlib.metadata.PackageNotFoundError:
        return None


def ty_command() -> list[str] | None:
    """Give the command of the server that this Python's installation has, None where it has none.

    A `ty` that is only on the search path is not taken: its version, and so its words, may be any.
    """
    if importlib.util.find_spec("ty") is None:
        return None
    if sys.prefix != sys.base_prefix and sys.platform != "win32":  # an environment of its own, as nearly always
        here = f"{sys.prefix}/bin/ty"
        return [here, "server"] if os.access(here, os.X_OK) else None
    import shutil
    import sysconfig

    found = shutil.which("ty", path=sysconfig.get_path("scripts"))
    return None if found is None else [found, "server"]
