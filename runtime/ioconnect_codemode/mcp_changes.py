"""What MCP clients are told when the package was replaced: their list of tools may be out of date.

The tools stay the same; what they find, and what running a snippet may do to the world, does not. From protocol 2026-07-28
on, clients subscribe to such notes; older ones get them on their connection.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING

import anyio
import mcp_types
from mcp.server.lowlevel.server import NotificationOptions, Server
from mcp.server.subscriptions import InMemorySubscriptionBus, ListenHandler, ToolsListChanged

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext
    from mcp.server.models import InitializationOptions
    from mcp.server.session import ServerSession

    from ioconnect_codemode.code_mode import Change, CodeMode

_CONNECTIONS = 1_000  # the newest of those that use an older protocol; `mcp` doesn't say which have gone


class Changes:
    """Tells the clients of one server; listens for as long as the package is open."""

    def __init__(self, code_mode: CodeMode) -> None:
        self._bus = InMemorySubscriptionBus()
        self._sessions: deque[ServerSession] = deque(maxlen=_CONNECTIONS)
        self._telling: set[asyncio.Task[None]] = set()
        self.listen = ListenHandler(self._bus)
        code_mode.on_change(self._changed)

    def meet_clients_of(self, server: Server[dict[str, object]]) -> None:
        """Have a server's clients of older protocols known from their handshake on."""
        server.add_notification_handler("notifications/initialized", mcp_types.NotificationParams, self._initialized)

    async def _initialized(
        self, context: ServerRequestContext[dict[str, object]], params: mcp_types.NotificationParams
    ) -> None:
        del params
        self._sessions.append(context.session)

    def _changed(self, change: Change) -> None:
        del change
        task = asyncio.get_running_loop().create_task(self._tell())
        self._telling.add(task)
        task.add_done_callback(self._telling.discard)

    async def _tell(self) -> None:
        await self._bus.publish(ToolsListChanged())
        for session in list(self._sessions):
            try:
                await session.send_tool_list_changed()
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                self._sessions.remove(session)


class ChangingServer(Server["dict[str, object]"]):
    """A server that says, on every transport, that its list of tools may change."""

    def create_initialization_options(
        self,
        notification_options: NotificationOptions | None = None,
        experimental_capabilities: dict[str, dict[str, object]] | None = None,
        extensions: dict[str, dict[str, object]] | None = None,
    ) -> InitializationOptions:
        """Give what a client is told at the handshake."""
        options = notification_options or NotificationOptions(tools_changed=True)
        return super().create_initialization_options(options, experimental_capabilities, extensions)
