"""The apps of one connection that can be started: asked of its platform, started where an intent needs one.

An intent goes to an app that runs, wherever there is one. Where there is none and one app declares it, that app is
started and the intent goes to this instance, named, so that no dialog of the platform asks anybody. Where several
declare it, which one is for a person to choose.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping

from ioconnect_codemode.errors import AppError, CallError
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.link import Link
from ioconnect_codemode.transports.platform import Platform, declaring, platform_of
from ioconnect_codemode.values import JsonValue

LIST_TIMEOUT_S = 5
"""A platform answers in milliseconds; one that hangs must not hold up what runs."""

START_TIMEOUT_S = 60
"""What io.Connect's own client library gives an app to come up for an intent."""

COMING_UP_S = 1
"""An app registers its handlers within milliseconds of its connection; one that is there for longer won't."""

SETTLE_S = 0.1
"""Events of a platform come in bursts. After this time the next one is subscribed to, so that none is missed by the list."""

_WATCHED = Route(kind="method", name="platform")
_SLACK_S = 0.1  # who waits for a handler to come is told so before the time of the whole call is over

_LOG = logging.getLogger(__name__)


class Applications:
    """The app definitions of one connection's platform.

    Attributes:
        link: The connection.
    """

    def __init__(self, link: Link) -> None:
        self.link = link
        self._listed: list[dict[str, JsonValue]] = []
        self._starting: dict[tuple[str, str], asyncio.Task[str]] = {}

    async def listed(self) -> list[dict[str, JsonValue]]:
        """Give the definitions, none where there is no platform; the same objects for as long as they say the same.

        A platform that doesn't answer leaves what it said last.
        """
        platform = platform_of(self.link.protocol.registry)
        if platform is None:
            self._listed = []
            return self._listed
        try:
            async with asyncio.timeout(LIST_TIMEOUT_S):
                found = platform.definitions(await self.link.call(platform.list_route, platform.listing))
        except (CallError, TimeoutError) as error:
            reason = str(error) or f"no answer within {LIST_TIMEOUT_S} s"
            _LOG.warning("the platform does not list its apps: %s", reason)
            return self._listed
        if found != self._listed:
            self._listed = found
        return self._listed

    async def watch(self) -> None:
        """Have the link say so when other definitions are listed, until the connection ends.

        Raises:
            UnavailableError: The connection has ended.
        """
        while True:
            platform = platform_of(self.link.protocol.registry)
            told = None if platform is None else platform.tells
            if platform is None or told is None:
                await self.link.next_change(_WATCHED)
                continue
            event = Route(kind="stream", name=told, take=1, take_for_s=float("inf"))
            try:
                await self._watch(platform, event)
            except CallError:  # the stream is refused, or gone with its platform
                await self.link.next_change(_WATCHED)

    async def _watch(self, platform: Platform, event: Route) -> None:
        coming = asyncio.create_task(self.link.call(event, {}))
        try:
            while True:
                await coming
                coming = asyncio.create_task(self.link.call(event, {}))
                await asyncio.sleep(SETTLE_S)
                before = self._listed
                if await self.listed() is not before:
                    self.link.tell_changed(platform.lists)
        finally:
            coming.cancel()
            _drop(coming)

    async def handler_of(self, route: Route, arguments: Mapping[str, JsonValue], *, until: float) -> str | None:
        """Give the instance that an intent is to go to: None where an app that runs handles it, or nobody declares it.

        Args:
            route: Of an intent.
            arguments: Their `type` tells apart who takes which context.
            until: When, by the clock of the loop, an app must have started and registered its handler.

        Raises:
            TimeoutError: The platform doesn't answer until then.
            UnavailableError: Several apps declare it and none is named, one is named that doesn't, or the one that is to
                handle it doesn't come up.
        """
        registry = self.link.protocol.registry
        if registry.has(route) or route.has_several_answers:
            return None  # several are all that run, or those that are named
        began = asyncio.get_running_loop().time()
        async with asyncio.timeout_at(until):
            application = await self._to_start(route, arguments)
        if application is None:
            return None
        try:
            async with asyncio.timeout_at(until - _SLACK_S):
                return await self._started(application, route)
        except TimeoutError as error:
            raise unavailable.handler_did_not_come(route, application, until - began) from error

    async def _to_start(self, route: Route, arguments: Mapping[str, JsonValue]) -> str | None:
        """Give the one app that is to be started, None where its handler has come, or where nobody declares the intent."""
        declared = declaring(await self.listed(), route.name, arguments.get("type"))
        if route.target != "best":
            declared = _named(route, declared)
        if not declared:
            return None  # the call says what is missing
        if any(map(self.link.protocol.registry.has_application, declared)) and await self._comes_up(route):
            return None
        if len(declared) > 1:
            raise unavailable.is_for_a_person(route, declared)
        return declared[0]

    async def _comes_up(self, route: Route) -> bool:
        """Wait a moment for the handler of an app that is there already: it may have been started just now."""
        try:
            async with asyncio.timeout(COMING_UP_S):
                while not self.link.protocol.registry.has(route):
                    await self.link.next_change(route)
        except TimeoutError:
            return False
        return True

    async def _started(self, application: str, route: Route) -> str:
        """Start an app, once for all who raise the same intent at the same time."""
        key = application, route.name
        starting = self._starting.get(key)
        if starting is None:
            starting = asyncio.create_task(self._start(application, route))
            self._starting[key] = starting
            starting.add_done_callback(lambda done: self._has_started(key, done))
        return await asyncio.shield(starting)  # who gives up doesn't take the app from the others

    def _has_started(self, key: tuple[str, str], done: asyncio.Task[str]) -> None:
        del self._starting[key]
        _drop(done)  # everybody may have given up

    async def _start(self, application: str, route: Route) -> str:
        """Start an app and wait for its handler."""
        platform = platform_of(self.link.protocol.registry)
        if platform is None:
            raise unavailable.not_started(route, application, "the platform has left")
        try:
            async with asyncio.timeout(START_TIMEOUT_S):
                answer = await self.link.call(platform.start_route, platform.starting(application))
                instance = platform.instance(answer)
                if instance is None:
                    raise unavailable.not_started(route, application, "it named no instance")
                while not self.link.protocol.registry.offers(route, instance=instance):
                    await self.link.next_change(route)
                return instance
        except AppError as error:
            raise unavailable.not_started(route, application, str(error)) from error
        except TimeoutError as error:
            raise unavailable.handler_did_not_come(route, application, START_TIMEOUT_S) from error


def _drop(task: asyncio.Task[object]) -> None:
    """Take an exception that nobody waits for any more: else the loop reports it."""
    if task.done() and not task.cancelled():
        task.exception()


def _named(route: Route, declared: list[str]) -> list[str]:
    """Give the app among those that declare an intent that the target of the route names."""
    wanted = str(route.target)
    named = [name for name in declared if name.casefold() == wanted.casefold()]
    if declared and not named:
        raise unavailable.target_not_there(route, wanted, declared)
    return named
