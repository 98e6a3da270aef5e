"""Operating-system locks of the worker; what is in force is reported, never assumed."""

from __future__ import annotations

__all__ = ["lock"]


def lock(*, memory_bytes: int, cpu_s: int) -> dict[str, str]:
    """Confine this process and give each layer's name with `on`, or `off: why`.

    In force where the platform has resource limits: address space, processor time, no core files, no file may grow.
    The layers that close files, sockets and processes to a compromised interpreter are not part of this version.

    Args:
        memory_bytes: Address space.
        cpu_s: Seconds of processor time. The host's clock ends a run long before; this one ends a worker whose host
            was killed while the snippet was computing.
    """
    try:
        import resource
    except ImportError:  # Windows, WebAssembly
        return dict.fromkeys(("memory", "cpu", "core", "files"), "off: this platform has no resource limits")
    layers: dict[str, str] = {}
    for name, limit, value in (
        ("memory", resource.RLIMIT_AS, memory_bytes),
        ("cpu", resource.RLIMIT_CPU, cpu_s),
        ("core", resource.RLIMIT_CORE, 0),
        ("files", resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(limit, (value, value))
        except (OSError, ValueError) as error:
            layers[name] = f"off: {error}"
        else:
            layers[name] = "on"
    return layers
