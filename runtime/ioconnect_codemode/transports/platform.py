"""What the platform tells of apps that don't run: their definitions, and how one is started; no I/O.

io.Connect Browser and the open-source line have one method with operations, io.Connect Desktop one method for each.
Whoever of the user's apps registers such a method is the platform, so its answers are text of an app like any other:
read with care, kept in the form of an environment document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.registry import Registry
from ioconnect_codemode.values import JsonValue

ORIGIN = "ioconnect-codemode"
"""Who starts an app, in the platform's own record."""

_Object = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """How a platform is asked.

    Attributes:
        lists: The method that gives every app definition.
        listing: Its arguments.
        listed: The key of the definitions in its answer.
        starts: The method that starts an app.
        starting: Its arguments for an application name.
        started: The key of the instance in its answer: what the app's connection to the gateway is called.
        tells: The stream that has an event when definitions come or go, among others; None where there is none.
    """

    lists: str
    listing: Mapping[str, JsonValue]
    listed: str
    starts: str
    starting: Callable[[str], _Object]
    started: str
    tells: str | None = None

    @property
    def list_route(self) -> Route:
        """Where the definitions are asked for."""
        return Route(kind="method", name=self.lists)

    @property
    def start_route(self) -> Route:
        """Where an app is started."""
        return Route(kind="method", name=self.starts)

    def definitions(self, answer: JsonValue) -> list[_Object]:
        """Give the app definitions of an answer, the first one of each name; what is none is left out."""
        found: dict[str, _Object] = {}
        for definition in map(_definition, _objects(_object(answer).get(self.listed))):
            if name := _text(definition, "name"):
                found.setdefault(name.casefold(), definition)
        return list(found.values())

    def instance(self, answer: JsonValue) -> str | None:
        """Give the instance of the app that was started."""
        return _text(_object(answer), self.started) or None


def _start_on_web(application: str) -> _Object:
    data: _Object = {
        "name": application,
        "waitForAGMReady": True,
        "startReason": {"originApp": {"interopInstance": ORIGIN}},
    }
    return {"domain": "appManager", "operation": "applicationStart", "data": data}


def _start_on_desktop(application: str) -> _Object:
    return {"Name": application, "options": {"startedByIntentAPI": True}}


WEB = Platform(
    lists="T42.Web.Platform.Control",
    listing={"domain": "appManager", "operation": "export"},
    listed="definitions",
    starts="T42.Web.Platform.Control",
    starting=_start_on_web,
    started="id",
    tells="T42.Web.Platform.Stream",
)
"""io.Connect Browser and the open-source line; as run with `@glue42/web-platform` 1.27."""

DESKTOP = Platform(
    lists="T42.ACS.GetApplications",
    listing={"withIntentsInfo": True},
    listed="applications",
    starts="T42.ACS.StartApplication",
    starting=_start_on_desktop,
    started="Id",
)
"""io.Connect Desktop; as its client library `@interopio/desktop` 6.18 asks it."""


def platform_of(registry: Registry) -> Platform | None:
    """Give the platform that runs here, None where there is none."""
    return next((one for one in (WEB, DESKTOP) if registry.offers(one.list_route)), None)


def declaring(applications: Iterable[Mapping[str, JsonValue]], intent: str, context_type: JsonValue) -> list[str]:
    """Give the names of the apps that declare an intent: those that take the type of context, else all of them."""
    declared = [
        (_text(app, "name"), _texts(one.get("contexts")))
        for app in applications
        for one in _objects(app.get("intents"))
        if _text(one, "name").casefold() == intent.casefold()
    ]
    taking = [name for name, contexts in declared if not contexts or context_type in contexts]
    return list(dict.fromkeys(taking or [name for name, _ in declared]))


def _definition(raw: Mapping[str, JsonValue]) -> _Object:
    """Give the part of a definition that tells what the app offers."""
    custom = _object(raw.get("customProperties")) or _object(raw.get("userProperties"))
    methods = [_kept(one, ("name", "description"), ("inputSchema", "outputSchema")) for one in _declared(custom)]
    # A platform hands out the intents where it keeps them: beside the name, or among the app's own properties.
    intents = [_intent(one) for one in _objects(raw.get("intents") or custom.get("intents")) if _text(one, "name")]
    definition = _kept(raw, ("name", "type", "title", "caption"))
    if methods:
        definition["customProperties"] = {"interop": {"methods": list[JsonValue](methods)}}
    if intents:
        definition["intents"] = list[JsonValue](intents)
    return definition


def _declared(custom: Mapping[str, JsonValue]) -> list[_Object]:
    return [one for one in _objects(_object(custom.get("interop")).get("methods")) if _text(one, "name")]


def _intent(raw: Mapping[str, JsonValue]) -> _Object:
    intent = _kept(raw, ("name", "displayName", "resultType"))
    if contexts := _texts(raw.get("contexts")):
        intent["contexts"] = list[JsonValue](contexts)
    return intent


def _kept(raw: Mapping[str, JsonValue], texts: Sequence[str], schemas: Sequence[str] = ()) -> _Object:
    kept: _Object = {key: text for key in texts if (text := _text(raw, key))}
    return kept | {key: raw[key] for key in schemas if isinstance(raw.get(key), dict | bool)}


def _text(raw: Mapping[str, JsonValue], key: str) -> str:
    value = raw.get(key)
    return value if isinstance(value, str) and value.strip() else ""


def _texts(value: JsonValue) -> list[str]:
    return [item for item in value if isinstance(item, str) and item] if isinstance(value, list) else []


def _object(value: JsonValue) -> _Object:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[_Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
