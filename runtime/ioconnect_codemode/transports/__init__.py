"""Transports: what carries a bridge call to io.Connect.

`EmbeddedTransport` calls Python handlers in this process, `GatewayTransport` the apps of a running environment,
`Fdc3Transport` those of an FDC3 desktop agent without io.Connect.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ioconnect_codemode.transports.base import Change, Route, Transport, Watchable

if TYPE_CHECKING:
    from ioconnect_codemode.transports.embedded import EmbeddedTransport
    from ioconnect_codemode.transports.fdc3 import Fdc3Transport
    from ioconnect_codemode.transports.gateway import GatewayTransport

__all__ = ["Change", "EmbeddedTransport", "Fdc3Transport", "GatewayTransport", "Route", "Transport", "Watchable"]


def __getattr__(name: str) -> object:
    if name == "EmbeddedTransport":
        from ioconnect_codemode.transports.embedded import EmbeddedTransport

        return EmbeddedTransport
    if name == "GatewayTransport":  # costs the import of websockets, which an embedded run doesn't need
        from ioconnect_codemode.transports.gateway import GatewayTransport

        return GatewayTransport
    if name == "Fdc3Transport":
        from ioconnect_codemode.transports.fdc3 import Fdc3Transport

        return Fdc3Transport
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
