"""Steps that Linux and macOS share: descriptors and resource limits."""

from __future__ import annotations

import os
import sys
import types
from functools import cache

from ioconnect_codemode.confine.layers import Bounds, Step

_MOST_DESCRIPTORS = 65_536  # a worker is started with a handful; what the host has open is closed at its start

if sys.platform != "win32":

    def close_descriptors(bounds: Bounds) -> None:
        """Close everything but the two pipes, the standard streams too."""
        start = 0
        for kept in sorted((bounds.read_fd, bounds.write_fd)):
            os.closerange(start, kept)
            start = kept + 1
        os.closerange(start, _MOST_DESCRIPTORS)

    @cache
    def _resource() -> types.ModuleType:
        """Give the module, which `confine.forget` takes out of `sys.modules`."""
        import resource

        return resource

    def most_memory() -> int:
        """Give the most bytes of memory that this process has ever had."""
        usage = _resource().getrusage(_resource().RUSAGE_SELF)
        return int(usage.ru_maxrss) * (1 if sys.platform == "darwin" else 1024)

    def resource_limits() -> dict[str, Step]:
        """Give the steps that limit what the kernel counts."""
        resource = _resource()

        def limit(kind: int, value: int) -> None:
            resource.setrlimit(kind, (value, value))

        return {
            "memory": lambda bounds: limit(resource.RLIMIT_AS, bounds.memory_bytes),
            "cpu": lambda bounds: limit(resource.RLIMIT_CPU, bounds.cpu_s),
            "files": lambda _: limit(resource.RLIMIT_FSIZE, 0),
            "core": lambda _: limit(resource.RLIMIT_CORE, 0),
            "processes": lambda _: limit(resource.RLIMIT_NPROC, 0),
            "locked_memory": lambda _: limit(resource.RLIMIT_MEMLOCK, 0),
            # Descriptors that are open stay usable; no new one can be made.
            "open_files": lambda _: limit(resource.RLIMIT_NOFILE, 0),
        }
