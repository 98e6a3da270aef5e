"""The messages between an app and an FDC3 desktop agent, without I/O: frames in, events out.

They are those of the FDC3 2.2 Desktop Agent Communication Protocol, JSON, one a frame:

    WCP4ValidateAppIdentity -> WCP5ValidateAppIdentityResponse: `Entered`, or ...FailedResponse: `Refused`
    <name>Request           -> <name>Response with the id of the request: `Answered`
    raiseIntentRequest      -> raiseIntentResponse, and with the same id raiseIntentResultResponse: `Answered` each
    heartbeatEvent          -> heartbeatAcknowledgementRequest: `Send`

FDC3 defines the messages for the message ports of a browser and no way for a native process: a WebSocket that carries
them as they are is the least that an agent can offer. A frame that can't be read, and events that nobody listens to,
are ignored.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeAlias

from ioconnect_codemode.errors import ArgumentError
from ioconnect_codemode.transports.encoding import refuse_lossy_numbers
from ioconnect_codemode.transports.events import Refused, Send
from ioconnect_codemode.values import JsonValue

_ENTERED = "WCP5ValidateAppIdentityResponse"
_REFUSED = "WCP5ValidateAppIdentityFailedResponse"

_Object = dict[str, JsonValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The agent knows this app, and what it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A request has an answer; a payload with `error` is the agent's refusal.

    Attributes:
        key: The type of the answer and the id of the request.
    """

    key: tuple[str, str]
    payload: _Object


Event: TypeAlias = Send | Entered | Refused | Answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request to send, and the keys of its answers in their order."""

    frame: str = field(repr=False)
    keys: tuple[tuple[str, str], ...]


class Conversation:
    """One connection to an agent.

    Attributes:
        provider: What the agent calls itself; empty before it has let this app in.
    """

    def __init__(self, identity_url: str) -> None:
        """Take note of who this app is.

        Args:
            identity_url: What the agent's app directory knows the app by.
        """
        self.provider = ""
        self._identity_url = identity_url
        self._attempt = _new_id()
        self._is_decided = False
        self._source: _Object = {}

    def hello(self) -> Send:
        """Give the first frame of the connection."""
        urls: JsonValue = {"identityUrl": self._identity_url, "actualUrl": self._identity_url}
        meta: JsonValue = {"connectionAttemptUuid": self._attempt, "timestamp": _now()}
        return Send(frame=_text({"type": "WCP4ValidateAppIdentity", "payload": urls, "meta": meta}))

    def goodbye(self) -> Send:
        """Give the last frame of the connection."""
        return Send(frame=_text({"type": "WCP6Goodbye", "meta": {"timestamp": _now()}}))

    def ask(self, name: str, payload: Mapping[str, JsonValue], *, then: tuple[str, ...] = ()) -> Asked:
        """Give a request.

        Args:
            name: Of the request, without `Request`.
            payload: What it asks for.
            then: Types of the answers that follow the first.

        Raises:
            ArgumentError: The payload is no JSON, or a number in it would change on its way.
        """
        request_id = _new_id()
        frame = self._request(name, payload, request_id)
        refuse_lossy_numbers(payload)  # after the encoding, which has refused what contains itself
        return Asked(frame=frame, keys=((f"{name}Response", request_id), *((kind, request_id) for kind in then)))

    def receive(self, frame: str | bytes) -> list[Event]:
        """Give what a frame means."""
        message = _read(frame)
        payload, meta = _object(message.get("payload")), _object(message.get("meta"))
        match message.get("type"):
            case str(kind) if kind in (_ENTERED, _REFUSED):
                return self._decide(kind, payload, meta)
            case "heartbeatEvent":
                return self._acknowledge(meta.get("eventUuid"))
            case str(kind) if isinstance(request_id := meta.get("requestUuid"), str):
                return [Answered(key=(kind, request_id), payload=payload)]
            case _:
                return []

    def _acknowledge(self, event_id: JsonValue) -> list[Event]:
        if not isinstance(event_id, str):
            return []
        beat: _Object = {"heartbeatEventUuid": event_id}
        try:
            return [Send(frame=self._request("heartbeatAcknowledgement", beat, _new_id()))]
        except ArgumentError:  # what the agent says this app is can't be sent back: no reason to stop reading
            return []

    def _decide(self, kind: str, payload: _Object, meta: _Object) -> list[Event]:
        """Take the answer to the hello; one to somebody else's, and a second one, change nothing."""
        if self._is_decided or meta.get("connectionAttemptUuid", self._attempt) != self._attempt:
            return []
        self._is_decided = True
        if kind == _ENTERED:
            return self._enter(payload)
        reason = payload.get("message")
        return [Refused(reason=reason if isinstance(reason, str) else "no reason given")]

    def _enter(self, payload: _Object) -> list[Event]:
        self._source = {"appId": payload.get("appId"), "instanceId": payload.get("instanceId")}
        provider = _object(payload.get("implementationMetadata")).get("provider")
        self.provider = provider if isinstance(provider, str) else ""
        return [Entered()]

    def _request(self, name: str, payload: Mapping[str, JsonValue], request_id: str) -> str:
        meta: JsonValue = {"requestUuid": request_id, "timestamp": _now(), "source": self._source}
        return _text({"type": f"{name}Request", "payload": dict(payload), "meta": meta})


def _new_id() -> str:
    return str(uuid.uuid4())


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text(message: _Object) -> str:
    try:
        return json.dumps(message, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise ArgumentError(f"The context is not JSON ({type(error).__name__}). Nothing was sent.") from error


def _read(frame: str | bytes) -> _Object:
    try:
        return _object(json.loads(frame, parse_constant=_refuse_constant))
    except (ValueError, RecursionError):
        return {}


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _object(value: JsonValue) -> _Object:
    return value if isinstance(value, dict) else {}
