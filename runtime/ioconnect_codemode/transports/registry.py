"""The methods that running apps offer, kept in step with what the gateway announces; no I/O.

The gateway announces registrations: one method of one server (a connected app), known by two ids that hold for one
connection. Two registrations are the same method when name, `accepts` and `returns` are equal, ignoring case: the rule
of io.Connect's own clients.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from ioconnect_codemode.errors import UnavailableError
from ioconnect_codemode.language import ALL_TARGETS
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.values import JsonValue

INTENT_PREFIX = "Tick42.FDC3.Intents."
"""An app that handles an intent registers a method of this prefix and the intent's name."""

_TEXTS = {
    "input_signature": "accepts",
    "result_signature": "returns",
    "description": "description",
    "display_name": "displayName",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A connected app: its application name, the id of its instance, and whether it runs on this machine."""

    application: str | None = None
    instance: str | None = None
    is_local: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One method of one server.

    Attributes:
        declaration: The method as an entry of an environment document, without its servers.
    """

    server_id: str
    method_id: str | int
    name: str
    accepts: str = ""
    returns: str = ""
    is_stream: bool = False
    declaration: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])

    @property
    def method_key(self) -> tuple[str, str, str]:
        """What makes two registrations the same method."""
        return self.name.casefold(), self.accepts.casefold(), self.returns.casefold()


class Registry:
    """Servers and their registrations, in the order in which they became known."""

    def __init__(self) -> None:
        self._servers: dict[str, Server] = {}
        self._of_server: dict[str, dict[str | int, Registration]] = {}
        self._registrations: dict[str, list[Registration]] = {}  # by case-folded name
        self._entries: dict[str, list[JsonValue]] = {}  # what `describe` gives of each name, until one changes
        self._order: list[str] = []  # names that have entries, in order
        self._described: list[JsonValue] | None = None
        self._undescribed: set[str] = set()
        self._changed: set[str] = set()
        self._best_of: dict[
            tuple[str | None, ...], list[Registration]
        ] = {}  # where routes lead, until something changes

    def apply(self, message: Mapping[str, JsonValue]) -> frozenset[str]:
        """Take note of an announcement of the domain `agm`; other messages, and own registrations, change nothing.

        Returns:
            Names of the methods that came, went or changed.
        """
        self._changed = set()
        match message:
            case {"type": "peer-added", "new_peer_id": str(server_id)}:
                self._servers[server_id] = _server(message)
                self._changed.update(known.name for known in self._of_server.get(server_id, {}).values())
            case {"type": "peer-removed", "removed_id": str(server_id)}:
                self._remove(server_id, list(self._of_server.get(server_id, ())))
                self._servers.pop(server_id, None)
                self._of_server.pop(server_id, None)
            case {"type": "methods-added", "server_id": str(server_id), "methods": list(methods)}:
                if server_id != message.get("peer_id"):
                    self._add(server_id, methods)
            case {"type": "methods-removed", "server_id": str(server_id), "methods": list(ids)}:
                self._remove(server_id, ids)
            case _:
                pass
        if self._changed:
            self._best_of.clear()
            self._described = None
        for name in map(str.casefold, self._changed):
            self._undescribed.add(name)
            if self._entries.pop(name, None) is not None:
                del self._order[bisect_left(self._order, name)]
        return frozenset(self._changed)

    def offers(self, route: Route, *, instance: str | None = None) -> bool:
        """Tell whether some app, or this instance of one, offers what the route names, whatever its signature."""
        named = self._registrations.get(_wire_name(route).casefold(), [])
        return any(instance is None or self._server_of(known).instance == instance for known in named)

    def has_application(self, application: str) -> bool:
        """Tell whether an instance of the app is connected."""
        return any(server.application == application for server in self._servers.values())

    def has(self, route: Route) -> bool:
        """Tell whether a call of the route can be sent."""
        try:
            self.find(route)
        except UnavailableError:
            return False
        return True

    def find(self, route: Route) -> list[Registration]:
        """Give the registrations that a call of the route goes to, one a server; one alone where it has one answer.

        Of several servers `best` is the first known that runs on this machine, else the first known, as io.Connect's own
        clients have it; so it is of several instances of an app that is named. `Route.accepts` and `Route.returns` select
        where they are given; "" selects a method that declares none.

        Raises:
            UnavailableError: Nothing matches, or a name of the target doesn't.
        """
        if route.target != "best":  # a snippet may name any: what it names is not kept
            return self._find(route)
        key = route.kind, route.name, route.accepts, route.returns
        found = self._best_of.get(key)
        if found is None:
            found = self._best_of[key] = self._find(route)
        return found

    def targets_of(self, registrations: Sequence[Registration]) -> list[str]:
        """Give the names by which the servers of registrations can be called as targets; each of its own.

        An instance names itself, so two may have one id: then the gateway's own id tells them apart.
        """
        names = [self._target_of(one) for one in registrations]
        counts = Counter(names)
        pairs = zip(names, registrations, strict=True)
        return [name if counts[name] == 1 else f"{name} ({one.server_id})" for name, one in pairs]

    def instances(self) -> list[JsonValue]:
        """Give the connected apps: application and instance, in their order."""
        known = [
            (one.application or "", one.instance or "")
            for one in self._servers.values()
            if one.application or one.instance
        ]
        return [{"application": application, "instance": instance} for application, instance in sorted(known)]

    def _target_of(self, registration: Registration) -> str:
        server = self._server_of(registration)
        return server.instance or server.application or registration.server_id

    def _find(self, route: Route) -> list[Registration]:
        servers = self._of_servers(route)
        if not isinstance(route.target, str):
            return [self._named(route, target, servers) for target in route.target]
        if route.target in ALL_TARGETS:
            return servers
        return [self._best(servers) if route.target == "best" else self._named(route, route.target, servers)]

    def _of_servers(self, route: Route) -> list[Registration]:
        """Give the first registration of each server that the route may mean."""
        named = self._registrations.get(_wire_name(route).casefold())
        if not named:
            raise unavailable.not_offered(route)
        matching = [known for known in named if _has_signature(known, route)]
        if not matching:
            raise unavailable.signature_changed(route)
        candidates = [known for known in matching if known.is_stream == (route.kind == "stream")]
        if not candidates:
            raise unavailable.is_no_stream(route) if route.kind == "stream" else unavailable.is_stream(route)
        first: dict[str, Registration] = {}
        for known in candidates:
            first.setdefault(known.server_id, known)
        return list(first.values())

    def _best(self, servers: list[Registration]) -> Registration:
        return next((known for known in servers if self._server_of(known).is_local), servers[0])

    def _named(self, route: Route, target: str, servers: list[Registration]) -> Registration:
        """Give the best registration of an app, or the one of an instance; an id counts before a name."""
        by_instance = [known for known in servers if self._server_of(known).instance == target]
        wanted = target.casefold()
        by_name = [known for known in servers if (self.application_of(known) or "").casefold() == wanted]
        if not (by_instance or by_name):
            offering = dict.fromkeys(self.application_of(known) or self._target_of(known) for known in servers)
            raise unavailable.target_not_there(route, target, list(offering))
        return self._best(by_instance or by_name)

    def application_of(self, registration: Registration) -> str | None:
        """Give the name of the app that offers it, where that is known."""
        return self._server_of(registration).application

    def describe(self) -> list[JsonValue]:
        """Give the methods as an environment document has them, ordered by name and signature.

        The same apps give the same text on every run: servers are named by application, not by their ids, and where
        two of them declare the same method in different words, the first by application name is believed. Entries are
        kept from one description to the next, and so is the list: they are not to be changed.
        """
        if self._described is None:
            new = [name for name in self._undescribed if name in self._registrations]
            self._undescribed = set()
            for name in new:
                self._entries[name] = self._merged(self._registrations[name])
            self._order = sorted([*self._order, *new])  # fast where almost all of it is in order
            self._described = list(chain.from_iterable(map(self._entries.__getitem__, self._order)))
        return self._described

    def _merged(self, named: list[Registration]) -> list[JsonValue]:
        merged: dict[tuple[str, str, str], list[Registration]] = {}
        for registration in named:
            merged.setdefault(registration.method_key, []).append(registration)
        return [self._entry(merged[key]) for key in sorted(merged)]

    def _entry(self, same: list[Registration]) -> JsonValue:
        believed = min(same, key=lambda known: (self.application_of(known) or "", _canonical(known.declaration)))
        named = {known.server_id: name for known in same if (name := self.application_of(known))}
        servers: list[JsonValue] = [
            _server_entry(name, count) for name, count in sorted(Counter(named.values()).items())
        ]
        return {**believed.declaration, **({"servers": servers} if servers else {})}

    def _server_of(self, registration: Registration) -> Server:
        return self._servers.get(registration.server_id, Server())

    def _add(self, server_id: str, methods: list[JsonValue]) -> None:
        known = self._of_server.setdefault(server_id, {})
        for declared in methods:
            added = _registration(server_id, _object(declared))
            if added is not None:
                self._remove(server_id, [added.method_id])
                known[added.method_id] = added
                self._changed.add(added.name)
                self._registrations.setdefault(added.name.casefold(), []).append(added)

    def _remove(self, server_id: str, ids: Sequence[JsonValue]) -> None:
        known = self._of_server.get(server_id, {})
        for method_id in ids:
            removed = known.pop(method_id, None) if isinstance(method_id, str | int) else None
            if removed is not None:
                self._changed.add(removed.name)
                name = removed.name.casefold()
                self._registrations[name] = [one for one in self._registrations[name] if one is not removed]
                if not self._registrations[name]:
                    del self._registrations[name]


def _server_entry(application: str, instances: int) -> JsonValue:
    return {"application": application, "instances": instances} if instances > 1 else {"application": application}


def _wire_name(route: Route) -> str:
    return route.name if route.kind in ("method", "stream") else f"{INTENT_PREFIX}{route.name}"


def _server(message: Mapping[str, JsonValue]) -> Server:
    identity = _object(message.get("identity"))
    return Server(
        application=_text(identity.get("application")) or None,
        instance=_text(identity.get("instance")) or None,
        is_local=_object(message.get("meta")).get("local") is not False,
    )


def _registration(server_id: str, declared: Mapping[str, JsonValue]) -> Registration | None:
    method_id, name = declared.get("id"), declared.get("name")
    if not isinstance(method_id, str | int) or not isinstance(name, str):
        return None
    return Registration(
        server_id=server_id,
        method_id=method_id,
        name=name,
        accepts=_text(declared.get("input_signature")),
        returns=_text(declared.get("result_signature")),
        is_stream=_is_stream(declared),
        declaration=_declaration(name, declared),
    )


def _declaration(name: str, declared: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    entry: dict[str, JsonValue] = {"name": name}
    entry |= {ours: text for theirs, ours in _TEXTS.items() if (text := _text(declared.get(theirs)))}
    object_types, version = declared.get("object_types"), declared.get("version")
    if isinstance(object_types, list) and object_types and all(isinstance(item, str) for item in object_types):
        entry["objectTypes"] = object_types
    if isinstance(version, int) and not isinstance(version, bool):
        entry["version"] = version
    if _is_stream(declared):
        entry["supportsStreaming"] = True
    if metadata := _object(_object(declared.get("flags")).get("metadata")):
        entry["flags"] = metadata
    return entry


def _is_stream(declared: Mapping[str, JsonValue]) -> bool:
    return _object(declared.get("flags")).get("streaming") is True


def _has_signature(registration: Registration, route: Route) -> bool:
    return all(
        wanted is None or wanted.casefold() == has.casefold()
        for wanted, has in ((route.accepts, registration.accepts), (route.returns, registration.returns))
    )


def _object(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) else ""


def _canonical(declaration: dict[str, JsonValue]) -> str:
    return json.dumps(declaration, sort_keys=True)
