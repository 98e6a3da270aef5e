"""Code Mode for io.Connect: run a model's snippet against typed stubs of an environment.

    async with CodeMode.open("generated/wealth_desk", transport=EmbeddedTransport(handlers)) as code_mode:
        outcome = await code_mode.execute_python_code("crm.find_clients(name='Amelia Reid')[0].adviser")

Names are imported when they are first used: a worker imports rooms of this package without the host's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ioconnect_codemode.code_mode import CodeMode
    from ioconnect_codemode.limits import Limits
    from ioconnect_codemode.manifest import Manifest
    from ioconnect_codemode.outcome import CallRecord, Outcome, OutcomeError
    from ioconnect_codemode.rules import Policy

__all__ = ["CallRecord", "CodeMode", "Limits", "Manifest", "Outcome", "OutcomeError", "Policy"]

_ROOMS = {
    "CallRecord": "outcome",
    "CodeMode": "code_mode",
    "Limits": "limits",
    "Manifest": "manifest",
    "Outcome": "outcome",
    "OutcomeError": "outcome",
    "Policy": "rules",
}


def __getattr__(name: str) -> object:
    if name in _ROOMS:
        from importlib import import_module

        return getattr(import_module(f"{__name__}.{_ROOMS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
