"""The transport that an address means: `ws://` and `wss://` a gateway of io.Connect, `fdc3+ws://` a desktop agent without it."""

from __future__ import annotations

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.transports.base import Watchable
from ioconnect_codemode.transports.credentials import Credentials
from ioconnect_codemode.transports.fdc3 import Fdc3Transport, is_agent_url
from ioconnect_codemode.transports.gateway import GatewayTransport


def transport_to(url: str | None, *, user: str | None = None, credentials: Credentials | None = None) -> Watchable:
    """Give the transport to an address; nothing is sent yet.

    Args:
        url: Of a gateway or a desktop agent; None stands for the io.Connect Desktop that has started this process.
        user: User to log in at a gateway as; the operating system's where it is None.
        credentials: A token, in the place of the user.

    Raises:
        UsageError: The address is none, a desktop agent was given a user or a token, or there is no io.Connect Desktop.
    """
    if url is None:
        return GatewayTransport.of_desktop()
    if not is_agent_url(url):
        return GatewayTransport(url, user=user, credentials=credentials)
    if user is not None or credentials is not None:
        raise UsageError("A desktop agent knows an app by its url, not by a user or a token: give it behind #.")
    return Fdc3Transport(url)
