"""Names that the platform itself registers: what no business capability is called.

Business methods share the prefix `T42.` with the platform's (`T42.OMS.GetOrders`), so the platform's are listed by
family, as found in the public packages of io.Connect.
"""

from __future__ import annotations

INTENT_PREFIX = "tick42.fdc3.intents."
"""Interop methods with this prefix carry intents; compared in lower case."""

_FAMILIES = tuple(
    f"t42.{family}."
    for family in (
        "acs",
        "applogger",
        "channels",
        "core.plus",
        "displays",
        "gd",
        "gns",
        "group",
        "hc",
        "hotkeys",
        "intents.resolver",
        "iomanager",
        "jumplist",
        "notifications",
        "otel",
        "prefs",
        "search",
        "themes",
        "web.client",
        "web.platform",
        "wnd",
        "workspaces",
    )
)
_SINGLE = frozenset({"io.mcp.web.server", "fdc3.open"})  # the second is what an FDC3 desktop agent does itself


def is_system_method(name: str) -> bool:
    """Tell whether a method belongs to the platform; intents carried by methods don't."""
    folded = name.lower()
    return folded.startswith(_FAMILIES) or folded in _SINGLE


def intent_of_method(name: str) -> str | None:
    """Give the intent that a method carries, None for any other method."""
    return name[len(INTENT_PREFIX) :] or None if name.lower().startswith(INTENT_PREFIX) else None
