"""The lock of a macOS worker: descriptors, resource limits, and the system's own sandbox. Untested.

`sandbox_init` with the profile "pure-computation" refuses files, network, processes and signals to the process that
calls it. Apple calls it deprecated; browsers and coding agents still build on it. macOS doesn't hold RLIMIT_AS reliably.
"""

from __future__ import annotations

import sys
from typing import Final

from ioconnect_codemode.confine.layers import Bounds, Step

_SANDBOX_NAMED = 1
_PROFILE: Final = b"pure-computation"

if sys.platform == "darwin":
    from ioconnect_codemode.confine.posix import close_descriptors, resource_limits

    def load_steps() -> dict[str, Step]:
        """Load ctypes and give the steps of the lock, by layer, in order."""
        import ctypes

        system = ctypes.CDLL("/usr/lib/libSystem.dylib")

        def sandbox(_: Bounds) -> None:
            reason = ctypes.c_char_p()
            if system.sandbox_init(_PROFILE, ctypes.c_uint64(_SANDBOX_NAMED), ctypes.byref(reason)):
                raise OSError((reason.value or b"sandbox_init failed").decode("utf-8", "replace"))

        return {"descriptors": close_descriptors, **resource_limits(), "sandbox": sandbox}
