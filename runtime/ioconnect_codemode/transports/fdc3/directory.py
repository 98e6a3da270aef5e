"""What a desktop agent says of its intents -> parts of an environment document.

An agent has no list of everything. It is asked which intents take a context, once for each type that is known, and who
handles an intent, once for each of the standard. The same apps give the same document.
"""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import ioconnect_schemas
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.fdc3.agent import Agent
from ioconnect_codemode.values import JsonValue

OPEN = "fdc3.open"
"""Wire name of what opens an app: no interop method, and declared like one."""

_ASKED = Route(kind="context", name="intents")
_Object = dict[str, JsonValue]


@cache
def standard_contexts() -> tuple[str, ...]:
    """Give the context types of the standard."""
    definitions = _object(_object(json.loads(ioconnect_schemas.read("fdc3/contexts.json"))).get("$defs"))
    kinds = [_object(_object(_object(one).get("properties")).get("type")) for one in definitions.values()]
    return tuple(kind for one in kinds if isinstance(kind := one.get("const"), str))


@cache
def standard_intents() -> tuple[str, ...]:
    """Give the intents of the standard."""
    return tuple(_object(_object(json.loads(ioconnect_schemas.read("fdc3/intents.json"))).get("intents")))


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app that handles an intent, or a running instance of it."""

    app_id: str
    instance_id: str | None = None
    result_type: str = ""


@dataclass(slots=True)
class _Intent:
    display_name: str = ""
    contexts: set[str] = field(default_factory=set[str])
    apps: dict[tuple[str, bool], App] = field(default_factory=dict[tuple[str, bool], App])
    contexts_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict[str, set[str]](set))


class Directory:
    """The intents that an agent knows, with the apps that handle them."""

    def __init__(self) -> None:
        self._intents: dict[str, _Intent] = defaultdict(_Intent)
        self._apps: dict[str, JsonValue] = {}

    @classmethod
    async def asked(cls, agent: Agent, *, contexts: Sequence[str], intents: Sequence[str]) -> Directory:
        """Ask an agent for what takes the contexts, and for who handles the intents.

        Raises:
            UnavailableError: The connection is gone.
        """
        directory = cls()
        by_context = [agent.ask(_ASKED, "findIntentsByContext", {"context": {"type": one}}) for one in contexts]
        by_name = [agent.ask(_ASKED, "findIntent", {"intent": one}) for one in intents]
        answers = await asyncio.gather(*by_context, *by_name)
        for context, [payload] in zip(contexts, answers, strict=False):
            directory._take(_objects(payload.get("appIntents")), context)
        for [payload] in answers[len(contexts) :]:
            directory._take([_object(payload.get("appIntent"))], None)
        known = sorted({app_id for intent in directory._intents.values() for app_id, _ in intent.apps})
        asking = [agent.ask(_ASKED, "getAppMetadata", {"app": {"appId": one}}) for one in known]
        for app_id, [payload] in zip(known, await asyncio.gather(*asking), strict=True):
            directory._apps[app_id] = _application(app_id, _object(payload.get("appMetadata")))
        return directory

    def _take(self, found: Iterable[Mapping[str, JsonValue]], context: str | None) -> None:
        for entry in found:
            metadata = _object(entry.get("intent"))
            name, apps = _text(metadata.get("name")), apps_of(entry)
            if not name or not apps:  # an intent that nobody handles is answered with its name
                continue
            intent = self._intents[name]
            said = _text(metadata.get("displayName"))
            intent.display_name = intent.display_name or (said if said != name else "")
            for app in apps:
                intent.apps.setdefault((app.app_id, app.instance_id is not None), app)
                if context is not None:
                    intent.contexts_of[app.app_id].add(context)

    @property
    def apps(self) -> tuple[str, ...]:
        """The ids of the apps that handle an intent."""
        return tuple(self._apps)

    def document(self) -> _Object:
        """Give the lists of an environment document."""
        return {
            "methods": [{"name": OPEN}],
            "applications": [self._apps[app_id] for app_id in sorted(self._apps)],
            "intents": [self._entry(name) for name in sorted(self._intents)],
        }

    def _entry(self, name: str) -> JsonValue:
        intent = self._intents[name]
        handlers = [self._handler(intent, intent.apps[key]) for key in sorted(intent.apps)]
        return {"name": name, "handlers": list[JsonValue](handlers)}

    def _handler(self, intent: _Intent, app: App) -> JsonValue:
        handler: _Object = {
            "applicationName": app.app_id,
            "type": "app" if app.instance_id is None else "instance",
            "displayName": intent.display_name,
            "contextTypes": list[JsonValue](sorted(intent.contexts_of[app.app_id])),
            "resultType": app.result_type,
        }
        return {key: value for key, value in handler.items() if value}


def apps_of(app_intent: Mapping[str, JsonValue]) -> list[App]:
    """Give the apps of an FDC3 AppIntent."""
    return [
        App(
            app_id=app_id,
            instance_id=_text(one.get("instanceId")) or None,
            result_type=_text(one.get("resultType")),
        )
        for one in _objects(app_intent.get("apps"))
        if (app_id := _text(one.get("appId")))
    ]


def _application(app_id: str, metadata: Mapping[str, JsonValue]) -> JsonValue:
    title = _text(metadata.get("title")) or _text(metadata.get("name"))
    entry: _Object = {"name": app_id, "title": title, "caption": _text(metadata.get("description"))}
    return {key: value for key, value in entry.items() if value}


def _text(value: JsonValue) -> str:
    return value if isinstance(value, str) and value.strip() else ""


def _object(value: JsonValue) -> _Object:
    return value if isinstance(value, dict) else {}


def _objects(value: JsonValue) -> list[_Object]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
