"""Shared contexts and channels, as the gateway keeps them; no I/O.

A shared context is a named object that every app of the user can read and change. A channel is one of a reserved name
with the fields `name`, `meta` and `data`. The gateway announces names and ids unasked; it has no message to read a
context, so reading is to subscribe and to unsubscribe with the first answer.

Operations, by the name of a route of kind `context`: `contexts.list`, `.get`, `.set`, `.update`; `channels.list`,
`.get`, `.publish`; `workspaces.get`, the context that the apps of an open workspace share.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ioconnect_codemode.errors import AppError, ArgumentError
from ioconnect_codemode.transports.unavailable import bounded
from ioconnect_codemode.values import JsonValue

CHANNEL_PREFIX = "___channel___"
"""What the name of a channel's context begins with."""

WORKSPACE_PREFIX = "___workspace___"
"""What the name of a workspace's context begins with; its id follows (read in `@interopio/workspaces-api` 4.6)."""

_HIDDEN = "___"  # contexts of windows, instances and channels: the platform's own

_SHOWN_NAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A message to send for an operation, and the type of message that answers it.

    Attributes:
        fields: Of the message, its type among them.
    """

    fields: dict[str, JsonValue]
    answer: str


class Contexts:
    """The contexts that the gateway has announced."""

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}

    def apply(self, message: Mapping[str, JsonValue]) -> frozenset[str]:
        """Take note of an announcement of the domain `global`; other messages change nothing.

        Returns:
            Names of the contexts of channels that came or went.
        """
        before = set(self._ids)
        match message:
            case {"type": "context-added" | "context-created", "context_id": str(context_id), "name": str(name)}:
                self._ids[name] = context_id
            case {"type": "context-destroyed", "context_id": str(context_id)}:
                self._ids = {name: known for name, known in self._ids.items() if known != context_id}
            case _:
                return frozenset()
        return frozenset(name for name in before ^ self._ids.keys() if name.startswith(CHANNEL_PREFIX))

    def known(self) -> list[str]:
        """Give the names of the apps' contexts, in their order."""
        return sorted(name for name in self._ids if not name.startswith(_HIDDEN))

    def channels(self) -> list[str]:
        """Give the names of the channels, in their order."""
        return sorted(name.removeprefix(CHANNEL_PREFIX) for name in self._ids if name.startswith(CHANNEL_PREFIX))

    def _workspaces(self) -> list[str]:
        return sorted(name.removeprefix(WORKSPACE_PREFIX) for name in self._ids if name.startswith(WORKSPACE_PREFIX))

    def answer(self, operation: str) -> list[str] | None:
        """Give the answer of an operation that needs no message, None of every other."""
        match operation:
            case "contexts.list":
                return self.known()
            case "channels.list":
                return self.channels()
            case _:
                return None

    def ask(self, operation: str, arguments: Mapping[str, JsonValue]) -> Asked:
        """Give what is to be sent for an operation.

        Raises:
            AppError: There is no such channel, or no such context to read.
            ArgumentError: The name or the data is missing or of the wrong type, or the operation unknown.
        """
        match operation:
            case "contexts.get":
                return self._read(_open_name(arguments), "shared context", self.known())
            case "channels.get":
                return self._read(CHANNEL_PREFIX + _name(arguments), "channel", self.channels())
            case "workspaces.get":
                return self._read(WORKSPACE_PREFIX + _name(arguments), "open workspace", self._workspaces())
            case "contexts.set":
                return self._change(_open_name(arguments), _data(arguments), {"reset": _data(arguments)})
            case "contexts.update":
                return self._change(_open_name(arguments), _data(arguments), _commands("", _data(arguments)))
            case "channels.publish":
                return self._publish(_name(arguments), _data(arguments))
            case _:
                raise ArgumentError(f"There is no operation {operation!r} on shared contexts.")

    def _read(self, name: str, kind: str, known: list[str]) -> Asked:
        context_id = self._ids.get(name)
        if context_id is None:
            asked = name.removeprefix(CHANNEL_PREFIX).removeprefix(WORKSPACE_PREFIX)
            raise not_there(kind, asked, known)
        return Asked(fields={"type": "subscribe-context", "context_id": context_id}, answer="subscribed-context")

    def _change(self, name: str, data: dict[str, JsonValue], delta: dict[str, JsonValue]) -> Asked:
        context_id = self._ids.get(name)
        if context_id is None:
            given: dict[str, JsonValue] = {key: value for key, value in data.items() if value is not None}
            fields: dict[str, JsonValue] = {"type": "create-context", "name": name, "lifetime": "retained"}
            fields["data"] = given
            return Asked(fields=fields, answer="context-created")
        return _update(context_id, delta)

    def _publish(self, channel: str, data: dict[str, JsonValue]) -> Asked:
        context_id = self._ids.get(CHANNEL_PREFIX + channel)
        if context_id is None:
            raise not_there("channel", channel, self.channels())
        return _update(context_id, _commands("data.", data))


def not_there(kind: str, name: str, known: Sequence[str]) -> AppError:
    """Say that there is no context of a name, and which there are; apps choose the names."""
    shown = ", ".join(bounded(one) for one in known[:_SHOWN_NAMES]) or "none"
    return AppError(f'There is no {kind} "{bounded(name)}"; there is: {shown}.')


def _command(path: str, value: JsonValue) -> JsonValue:
    if value is None:
        return {"type": "remove", "path": path}
    return {"type": "set", "path": path, "value": value}


def _commands(prefix: str, data: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """Give the delta that puts each key in the place of what was there; a null takes the key away."""
    if dotted := next((key for key in data if "." in key), None):
        raise ArgumentError(f'The key "{dotted[:80]}" has a dot, which stands for a path in a shared context.')
    return {"commands": [_command(prefix + key, value) for key, value in data.items()]}


def _update(context_id: str, delta: dict[str, JsonValue]) -> Asked:
    fields: dict[str, JsonValue] = {"type": "update-context", "context_id": context_id}
    fields["delta"] = delta
    return Asked(fields=fields, answer="success")


def _name(arguments: Mapping[str, JsonValue]) -> str:
    name = arguments.get("name")
    if not isinstance(name, str) or not name:
        raise ArgumentError("The name of a shared context or a channel is a text that is not empty.")
    return name


def _open_name(arguments: Mapping[str, JsonValue]) -> str:
    """Give the name of a context that is the apps' own."""
    name = _name(arguments)
    if name.startswith(_HIDDEN):
        raise ArgumentError(f'"{name[:80]}" is a context of the platform; a channel has its own functions.')
    return name


def _data(arguments: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    data = arguments.get("data")
    if not isinstance(data, dict):
        raise ArgumentError("The data of a shared context is an object.")
    return data
