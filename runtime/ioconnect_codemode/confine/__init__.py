"""Operating-system locks of the worker; what is in force is reported, never assumed."""

from __future__ import annotations

__all__ = ["lock"]


def lock(*, memory_bytes: int) -> dict[str, str]:
    """Confine this process and give each layer's name with `on`, or `off: why`.

    In force where the platform has resource limits: address space, no core files, no file may grow. The layers that
    close files, sockets and processes to a compromised interpreter are not part of this version.
    """
    try:
        import resource
    except ImportError:  # Windows, WebAssembly
        return {"memory": "off: this platform has no resource limits", "files": "off: no resource limits"}
    layers: dict[str, str] = {}
    for name, limit, value in (
        ("memory", resource.RLIMIT_AS, memory_bytes),
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
