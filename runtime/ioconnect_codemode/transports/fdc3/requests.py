"""Bridge calls as requests to a desktop agent: which request a route is, and what its answer means.

An intent goes to an app that is named: the one that the caller names, else a running one that handles it, else the only
one that could be opened. So the agent never has to ask the user; where several could be opened, the caller is told
which.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from ioconnect_codemode.errors import ArgumentError, CallError
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.contexts import not_there
from ioconnect_codemode.transports.encoding import app_error
from ioconnect_codemode.transports.fdc3.agent import Agent
from ioconnect_codemode.transports.fdc3.directory import OPEN, App, apps_of
from ioconnect_codemode.values import JsonValue

NOTHING = "fdc3.nothing"
"""Type of the context that stands for none."""

_NOBODY = frozenset({"NoAppsFound", "TargetAppUnavailable", "TargetInstanceUnavailable", "AppNotFound"})
_OF_APP = frozenset({"IntentHandlerRejected", "NoResultReturned"})
_OF_USER = frozenset({"UserCancelledResolution", "UserCancelled"})
_Object = dict[str, JsonValue]


class Requests:
    """The requests that an agent is sent on one connection.

    Attributes:
        agent: The connection.
        apps: The ids of the apps that the agent has told of; it has no list of them.
    """

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.apps: tuple[str, ...] = ()
        self._opening: dict[tuple[str, str], asyncio.Lock] = {}

    async def perform(self, route: Route, arguments: Mapping[str, JsonValue]) -> JsonValue:
        """Do what a route says, for as long as it takes.

        Raises:
            AppError, ArgumentError, UnavailableError: As `Fdc3Transport.call`.
        """
        match route.kind, route.name:
            case "fdc3_intent", _:
                return await self._raise(route, _context(arguments))
            case "intent", _:
                data = arguments.get("data")
                kind = arguments.get("type", NOTHING)
                return await self._raise(route, _context({**(data if isinstance(data, dict) else {}), "type": kind}))
            case "method", name if name == OPEN:
                return await self._open(route, arguments)
            case "context", "apps.list":
                return await self._instances(route)
            case "context", "channels.list":
                return await self.channels()
            case "context", "channels.get":
                return await self._read(route, _name(arguments))
            case "context", "channels.publish":
                await self._publish(route, _name(arguments), arguments.get("data"))
                return None
            case _:
                raise unavailable.not_offered(route)

    async def channels(self) -> list[JsonValue]:
        """Give the ids of the user channels, in their order."""
        answer = await self._one(Route(kind="context", name="channels.list"), "getUserChannels", {})
        channels = answer.get("userChannels")
        found = [one.get("id") for one in channels if isinstance(one, dict)] if isinstance(channels, list) else []
        return list[JsonValue](sorted(one for one in found if isinstance(one, str)))

    async def _instances(self, route: Route) -> list[JsonValue]:
        """Give the running instances of the apps that are known, in their order."""
        asking = [self._one(route, "findInstances", {"app": {"appId": app}}) for app in self.apps]
        found = [
            app for answer in await asyncio.gather(*asking) for app in apps_of({"apps": answer.get("appIdentifiers")})
        ]
        running = sorted((app.app_id, app.instance_id) for app in found if app.instance_id)
        return [{"application": app_id, "instance": instance_id} for app_id, instance_id in running]

    async def _raise(self, route: Route, context: _Object) -> JsonValue:
        if not isinstance(route.target, str):
            return await self._raise_all(
                route, context, [(name, await self._app(route, context, name)) for name in route.target]
            )
        if route.target in ("all", "skipMine"):
            running = [app for app in await self._handlers(route, context) if app.instance_id is not None]
            if not running:
                raise unavailable.not_offered(route)
            return await self._raise_all(route, context, [(app.instance_id or "", app) for app in running])
        app = await self._app(route, context, route.target)
        if app.instance_id is None:
            return await self._raise_to_new(route, context, app)
        return await self._raise_to(route, context, app)

    async def _raise_to_new(self, route: Route, context: _Object, app: App) -> JsonValue:
        """Raise it at an app that is opened for it: once for all who raise it at the same time, the others find it running."""
        lock = self._opening.setdefault((route.name, app.app_id), asyncio.Lock())
        async with lock:
            resolved = asyncio.Event()
            app = await self._app(route, context, app.app_id)
            raising = asyncio.create_task(self._raise_to(route, context, app, resolved))
            waiting = asyncio.create_task(resolved.wait())
            try:
                await asyncio.wait([raising, waiting], return_when=asyncio.FIRST_COMPLETED)
            except BaseException:
                raising.cancel()
                raise
            finally:
                waiting.cancel()
        try:
            return await raising
        finally:
            raising.cancel()

    async def _raise_all(self, route: Route, context: _Object, apps: list[tuple[str, App]]) -> JsonValue:
        """Raise it at every one; who fails while another answers is told with its error."""
        raising = [self._raise_to(route, context, app) for _, app in apps]
        answers = await asyncio.gather(*raising, return_exceptions=True)
        failed = [answer for answer in answers if isinstance(answer, BaseException)]
        if len(failed) == len(answers) or any(not isinstance(one, CallError) for one in failed):
            raise next((one for one in failed if not isinstance(one, CallError)), failed[0])
        return [
            {"target": name, "error": str(answer)}
            if isinstance(answer, BaseException)
            else {"target": name, "value": answer}
            for (name, _), answer in zip(apps, answers, strict=True)
        ]

    async def _app(self, route: Route, context: _Object, target: str) -> App:
        """Choose who an intent goes to."""
        handlers = await self._handlers(route, context)
        if target != "best":
            named = [app for app in handlers if target in (app.instance_id, app.app_id)]
            if not named:
                names = list(dict.fromkeys(app.app_id for app in handlers))
                raise unavailable.target_not_there(route, target, names) if names else unavailable.not_offered(route)
            handlers = named
        running = [app for app in handlers if app.instance_id is not None]
        if running:
            return running[0]
        could_open = list(dict.fromkeys(app.app_id for app in handlers))
        if not could_open:
            raise unavailable.not_offered(route)
        if len(could_open) > 1:
            raise unavailable.is_for_a_person(route, could_open)
        return handlers[0]

    async def _handlers(self, route: Route, context: _Object) -> list[App]:
        asked: _Object = {"intent": route.name, "context": {"type": context["type"]}}
        answer = await self._one(route, "findIntent", asked)
        found = answer.get("appIntent")
        return apps_of(found) if isinstance(found, dict) else []

    async def _raise_to(
        self, route: Route, context: _Object, app: App, resolved: asyncio.Event | None = None
    ) -> JsonValue:
        to: _Object = {"appId": app.app_id, **({"instanceId": app.instance_id} if app.instance_id else {})}
        asked: _Object = {"intent": route.name, "context": context, "app": to}
        answers = await self.agent.ask(
            route, "raiseIntent", asked, then=("raiseIntentResultResponse",), resolved=resolved
        )
        error = answers[-1].get("error")
        if error is not None:
            raise _error(route, error)
        match answers[-1].get("intentResult"):
            case {"context": found} | {"channel": found}:
                return found
            case _:
                return None

    async def _open(self, route: Route, arguments: Mapping[str, JsonValue]) -> JsonValue:
        asked: _Object = {"app": {"appId": arguments.get("appId")}}
        if (context := arguments.get("context")) is not None:
            asked["context"] = _context(context if isinstance(context, dict) else {})
        answer = await self._one(route, "open", asked)
        return answer.get("appIdentifier")

    async def _read(self, route: Route, channel: str) -> JsonValue:
        answer = await self._one(route, "getCurrentContext", {"channelId": channel, "contextType": None})
        context = answer.get("context")
        return {"name": channel, "data": context if isinstance(context, dict) else {}}

    async def _publish(self, route: Route, channel: str, data: JsonValue) -> None:
        context = _context(data if isinstance(data, dict) else {})
        known = await self.channels()
        if channel not in known:
            raise not_there("channel", channel, [str(one) for one in known])
        await self._one(route, "broadcast", {"channelId": channel, "context": context})

    async def _one(self, route: Route, name: str, payload: _Object) -> _Object:
        [answer] = await self.agent.ask(route, name, payload)
        if (error := answer.get("error")) is not None:
            raise _error(route, error)
        return answer


def _context(given: Mapping[str, JsonValue]) -> _Object:
    if not isinstance(given.get("type"), str) or not given["type"]:
        raise ArgumentError('An FDC3 context needs its type, such as "fdc3.contact". Nothing was sent.')
    return dict(given)


def _name(arguments: Mapping[str, JsonValue]) -> str:
    name = arguments.get("name")
    if not isinstance(name, str) or not name:
        raise ArgumentError("The name of a channel is a text that is not empty.")
    return name


def _error(route: Route, error: JsonValue) -> CallError:
    """Give what an error of FDC3 means: nobody there, no way to the app, or the app's own."""
    name = error if isinstance(error, str) else "no reason given"
    if name in _NOBODY:
        return unavailable.not_offered(route)
    if name in _OF_USER:
        return unavailable.nobody_chose(route)
    if name == "MalformedContext":
        return ArgumentError("The desktop agent finds the context malformed. Nothing was delivered.")
    if name in _OF_APP or route.kind == "context":
        return app_error(name)
    return unavailable.agent_failed(route, name)
