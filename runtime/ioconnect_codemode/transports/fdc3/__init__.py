"""FDC3 without io.Connect: a transport to a desktop agent that speaks DACP over a WebSocket."""

from __future__ import annotations

from ioconnect_codemode.transports.fdc3.transport import Fdc3Transport, is_agent_url

__all__ = ["Fdc3Transport", "is_agent_url"]
