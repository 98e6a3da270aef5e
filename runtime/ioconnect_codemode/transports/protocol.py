"""Gateway protocol v3 without I/O: frames in, events out.

One `GatewayProtocol` is one connection. The edge sends what it is given and hands in every frame that arrives:

    hello -> welcome -> join "agm" -> everything that is known -> success: `Ready`, the registry is complete
    call  -> result: `Answered`; the same for reading and changing a shared context
    subscribe -> subscribed -> events: `Answered` with the list of them when there are enough, or the stream ends
          -> error: `Failed`, by the app, or by the gateway because the app left or the method is gone

The gateway answers a call when the app does, or when the app leaves; it knows no time limit and no cancel. So a call that
nobody waits for any more is forgotten, and its answer dropped by the request id when it comes. A frame that can't be read
is ignored: the gateway sends bare text where it could not read a message.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ioconnect_codemode.errors import AppError, ArgumentError, CallError
from ioconnect_codemode.transports import unavailable
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.contexts import Contexts
from ioconnect_codemode.transports.credentials import AccessToken, Credentials, GatewayToken, authentication, secret_of
from ioconnect_codemode.transports.encoding import (
    app_error,
    decode_result,
    may_have_dates,
    refuse_lossy_numbers,
    unwrap_fdc3_result,
    wrap_fdc3_context,
)
from ioconnect_codemode.transports.events import Answered, Changed, Event, Failed, Ready, Refused, Request, Send
from ioconnect_codemode.transports.registry import Registration, Registry
from ioconnect_codemode.values import JsonValue

_PEER_REMOVED = "agm.peer-removed"
_ENCODER = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who this peer says it is. The gateway shows a peer only the apps of the same user.

    Attributes:
        identity: What it says of itself besides, as io.Connect Desktop has told it.
    """

    application: str
    credentials: Credentials
    process_id: int
    identity: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(slots=True, kw_only=True)
class _Pending:
    """A call that waits.

    Attributes:
        answer: The type of the message that answers it.
        target: What it was sent to, None for the gateway itself.
        subscription_id: Of a stream that has accepted, None before and of everything else.
        events: Of a stream: what has come.
        arguments: Of a shared context that is being made: what it is to hold.
    """

    route: Route
    answer: str = "result"
    target: Registration | None = None
    application: str | None = None
    subscription_id: str | None = None
    events: list[JsonValue] = field(default_factory=list[JsonValue])
    arguments: Mapping[str, JsonValue] = field(default_factory=dict[str, JsonValue])


class GatewayProtocol:
    """The conversation of one connection.

    Attributes:
        registry: What the running apps offer.
        contexts: The shared contexts and channels that there are.
        has_contexts: Whether the gateway keeps shared contexts; false before the welcome.
        next_login: What the gateway gave for a later log-in, None before the welcome or where it gives none: an access
            token, or in the place of a gateway token, which is good once, another one.
    """

    def __init__(self, login: Login) -> None:
        self.registry = Registry()
        self.contexts = Contexts()
        self.next_login: AccessToken | GatewayToken | None = None
        self.has_contexts = False
        self._login = login
        self._numbers = itertools.count(1)
        self._peer_id: str | None = None
        self._has_dates = False  # whether there may be dates in the frame that is being received
        self._entering: str | None = None  # id of the hello or join that has no answer yet
        self._token_request: str | None = None  # id of the request for another gateway token
        self._pending: dict[str, _Pending] = {}
        self._subscribed: dict[str, str] = {}  # request id by subscription id
        self._given_up: set[str] = set()  # subscriptions that were asked for and have no answer yet

    def hello(self) -> Send:
        """Give the first frame of the connection."""
        self._entering = self._next_id()
        identity: dict[str, JsonValue] = {
            **self._login.identity,
            "application": self._login.application,
            "applicationName": self._login.application,
            "process": self._login.process_id,
        }
        proof = authentication(self._login.credentials)
        return Send(frame=self._frame("global", "hello", self._entering, identity=identity, authentication=proof))

    def known(self, route: Route) -> JsonValue:
        """Give the answer of a call that needs no message, None of every other."""
        if route.kind == "context" and route.name == "apps.list":
            return self.registry.instances()
        names = self.contexts.answer(route.name) if route.kind == "context" else None
        return None if names is None else list[JsonValue](names)

    def describe(self) -> dict[str, JsonValue]:
        """Give what the gateway itself keeps, as the `gateway` of an environment document."""
        described: dict[str, JsonValue] = {"contexts": self.has_contexts}
        if channels := self.contexts.channels():
            described["channels"] = list[JsonValue](channels)
        return described

    def call(self, route: Route, arguments: Mapping[str, JsonValue]) -> Request:
        """Begin a call of the route.

        Raises:
            AppError: There is no such shared context or channel.
            ArgumentError: The arguments can't travel.
            UnavailableError: No app that is known offers it.
        """
        if route.kind == "context":
            return self._ask(route, arguments)
        return self.call_of(self.registry.find(route)[0], route, arguments)

    def call_of(self, target: Registration, route: Route, arguments: Mapping[str, JsonValue]) -> Request:
        """Begin a call of one registration of the route.

        Raises:
            ArgumentError: The arguments can't travel.
        """
        request_id = self._next_id()
        frame = self._frame(
            "agm",
            "subscribe" if route.kind == "stream" else "call",
            request_id,
            server_id=target.server_id,
            method_id=target.method_id,
            arguments_kv=wrap_fdc3_context(arguments) if route.kind == "fdc3_intent" else dict(arguments),
        )
        refuse_lossy_numbers(arguments)  # after the encoding, which has refused what contains itself
        answer = "subscribed" if route.kind == "stream" else "result"
        application = self.registry.application_of(target)
        self._pending[request_id] = _Pending(route=route, answer=answer, target=target, application=application)
        return Request(request_id=request_id, frame=frame)

    def _ask(self, route: Route, arguments: Mapping[str, JsonValue]) -> Request:
        asked = self.contexts.ask(route.name, arguments)
        request_id = self._next_id()
        fields = dict(asked.fields)
        frame = self._frame("global", str(fields.pop("type")), request_id, **fields)
        refuse_lossy_numbers(arguments)
        self._pending[request_id] = _Pending(route=route, answer=asked.answer, arguments=arguments)
        return Request(request_id=request_id, frame=frame)

    def forget(self, request_id: str) -> Send | None:
        """Drop the answer of a call when it comes; nothing to do where it has come.

        Returns:
            What is to be sent where a stream was subscribed to, or may still accept.
        """
        pending = self._pending.pop(request_id, None)
        if pending is None or pending.route.kind != "stream":
            return None
        if pending.subscription_id is None:
            self._given_up.add(request_id)
            return None
        return self._unsubscribe(pending.subscription_id)

    def taken(self, request_id: str) -> list[JsonValue] | None:
        """Give the events of a stream that have come so far, None where it has not accepted."""
        pending = self._pending.get(request_id)
        return pending.events if pending is not None and pending.subscription_id is not None else None

    def receive(self, frame: str | bytes) -> list[Event]:
        """Give what a frame means, in the order in which it is to be acted on."""
        message, self._has_dates = _read(frame)
        request_id = message.get("request_id")
        if isinstance(request_id, str) and request_id == self._entering:
            return self._enter(message)
        if isinstance(request_id, str) and request_id in self._pending:
            return self._answer(request_id, message)
        if isinstance(request_id, str) and request_id == self._token_request:
            return self._take_token(message)
        if message.get("domain") == "global" and (channels := self.contexts.apply(message)):
            return [Changed(names=channels)]
        if isinstance(request_id, str) and request_id in self._given_up:
            return self._too_late(request_id, message)
        if isinstance(subscription_id := message.get("subscription_id"), str) and subscription_id in self._subscribed:
            return self._event(self._subscribed[subscription_id], message)
        if message.get("domain") != "agm":
            return []
        names = self.registry.apply(message)
        changed: list[Event] = [Changed(names=names)] if names else []
        return changed + (
            self._fail_calls_to(message.get("removed_id")) if message.get("type") == "peer-removed" else []
        )

    def lose(self, reason: str) -> list[Failed]:
        """Give up what is pending, because the connection is gone."""
        lost = [
            Failed(request_id=request_id, error=unavailable.connection_lost(pending.route, reason))
            for request_id, pending in self._pending.items()
        ]
        self._pending.clear()
        return lost

    def _enter(self, message: Mapping[str, JsonValue]) -> list[Event]:
        match message:
            case {"type": "welcome", "peer_id": str(peer_id)}:
                self._peer_id = peer_id
                self.next_login = _token_of(message)
                self.has_contexts = _has_domain(message, "context")
                self._entering = self._next_id()
                join = Send(frame=self._frame("global", "join", self._entering, destination="agm"))
                if self.next_login is not None or not isinstance(self._login.credentials, GatewayToken):
                    return [join]
                self._token_request = self._next_id()
                return [join, Send(frame=self._frame("global", "create-token", self._token_request))]
            case {"type": "success"}:
                self._entering = None
                return [Ready()]
            case {"type": "error"}:
                self._entering = None
                return [Refused(reason=self._without_secret(_reason(message)))]
            case _:
                return []

    def _take_token(self, message: Mapping[str, JsonValue]) -> list[Event]:
        self._token_request = None
        match message:
            case {"type": "token", "token": str(token)} if token:
                self.next_login = GatewayToken(token=token)
            case _:  # a gateway that gives none may take the first one again
                pass
        return []

    def _answer(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        if message.get("type") == "error":
            return self._fail(request_id, message)
        if message.get("type") != self._pending[request_id].answer:
            return self._was_there(request_id, message)
        if self._pending[request_id].route.kind == "stream":
            return self._accepted(request_id, message)
        pending = self._pending.pop(request_id)
        if pending.route.kind == "context":
            return self._answer_of_context(request_id, message)
        result = decode_result(message.get("result"), has_dates=self._has_dates)
        try:
            plain = unwrap_fdc3_result(result) if pending.route.kind == "fdc3_intent" else result
        except AppError as error:
            return [Failed(request_id=request_id, error=error)]
        return [Answered(request_id=request_id, result=plain)]

    def _was_there(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        """Change a context that was to be made, and that somebody else has made meanwhile: the gateway has not."""
        pending, context_id = self._pending[request_id], message.get("context_id")
        if (pending.answer, message.get("type")) != ("context-created", "subscribed-context"):
            return []
        self.contexts.apply({"type": "context-added", "context_id": context_id, "name": pending.arguments.get("name")})
        leave = Send(frame=self._frame("global", "unsubscribe-context", self._next_id(), context_id=context_id))
        try:
            asked = self.contexts.ask(pending.route.name, pending.arguments)
        except CallError as error:
            del self._pending[request_id]
            return [leave, Failed(request_id=request_id, error=error)]
        if asked.answer == pending.answer:  # it named none
            return []
        pending.answer, fields = asked.answer, dict(asked.fields)
        return [leave, Send(frame=self._frame("global", str(fields.pop("type")), request_id, **fields))]

    def _accepted(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        subscription_id = message.get("subscription_id")
        if not isinstance(subscription_id, str):
            return []
        self._pending[request_id].subscription_id = subscription_id
        self._subscribed[subscription_id] = request_id
        return []

    def _too_late(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        self._given_up.discard(request_id)
        subscription_id = message.get("subscription_id")
        return [self._unsubscribe(subscription_id)] if isinstance(subscription_id, str) else []

    def _event(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        """Take an event of a stream; the last one that is wanted, and the end of the stream, are the answer."""
        pending = self._pending[request_id]
        if message.get("type") == "event":
            pending.events.append(decode_result(message.get("data"), has_dates=self._has_dates))
        is_over = message.get("type") == "subscription-cancelled"
        if not is_over and len(pending.events) < pending.route.take:
            return []
        del self._pending[request_id]
        leave = self._unsubscribe(pending.subscription_id or "")
        if is_over and not pending.events and message.get("reason_uri") == _PEER_REMOVED:
            return [Failed(request_id=request_id, error=self._app_left(pending))]
        return [*([] if is_over else [leave]), Answered(request_id=request_id, result=pending.events)]

    def _unsubscribe(self, subscription_id: str) -> Send:
        self._subscribed.pop(subscription_id, None)
        fields: dict[str, JsonValue] = {"subscription_id": subscription_id, "reason_uri": "", "reason": "taken"}
        return Send(frame=self._frame("agm", "unsubscribe", self._next_id(), **fields))

    def _fail(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        pending = self._pending.pop(request_id)
        failed = Failed(request_id=request_id, error=self._error(pending, message))
        if pending.target is None or not _says_left(message):
            return [failed]
        # Its leaving is announced some milliseconds later; until then another call would go to it again.
        names = self.registry.apply({"type": "peer-removed", "removed_id": pending.target.server_id})
        return [Changed(names=names), failed] if names else [failed]

    def _answer_of_context(self, request_id: str, message: Mapping[str, JsonValue]) -> list[Event]:
        self.contexts.apply(message)
        if message.get("type") != "subscribed-context":
            return [Answered(request_id=request_id, result=None)]
        context_id = message.get("context_id")
        leave = Send(frame=self._frame("global", "unsubscribe-context", self._next_id(), context_id=context_id))
        return [
            leave,
            Answered(request_id=request_id, result=decode_result(message.get("data"), has_dates=self._has_dates)),
        ]

    def _error(self, pending: _Pending, message: Mapping[str, JsonValue]) -> CallError:
        uri, reason = message.get("reason_uri"), message.get("reason")
        is_of_gateway = isinstance(uri, str) and uri.startswith(("agm.errors.", "global.errors."))
        if not is_of_gateway or uri == "agm.errors.client_error":
            return app_error(reason)
        if _says_left(message):
            return self._app_left(pending)
        return unavailable.not_delivered(pending.route, _reason(message))

    def _app_left(self, pending: _Pending) -> CallError:
        return unavailable.app_left(pending.route, pending.application)

    def _fail_calls_to(self, server_id: JsonValue) -> list[Event]:
        gone = {
            key: pending
            for key, pending in self._pending.items()
            if pending.target is not None
            and pending.target.server_id == server_id
            and pending.subscription_id is None  # a stream is told of its end, and has what came before
        }
        for request_id in gone:
            del self._pending[request_id]
        return [Failed(request_id=request_id, error=self._app_left(pending)) for request_id, pending in gone.items()]

    def _frame(self, domain: Literal["global", "agm"], message_type: str, request_id: str, **fields: JsonValue) -> str:
        message: dict[str, JsonValue] = {"domain": domain, "type": message_type, "request_id": request_id, **fields}
        if self._peer_id is not None:
            message["peer_id"] = self._peer_id
        try:
            return _ENCODER.encode(message)
        except (TypeError, ValueError, RecursionError) as error:
            raise ArgumentError(f"The arguments are not JSON ({type(error).__name__}). Nothing was sent.") from error

    def _next_id(self) -> str:
        return f"codemode-{next(self._numbers)}"

    def _without_secret(self, text: str) -> str:
        secret = secret_of(self._login.credentials)
        return text.replace(secret, "***") if secret else text


def _has_domain(welcome: Mapping[str, JsonValue], uri: str) -> bool:
    domains = welcome.get("available_domains")
    return isinstance(domains, list) and any(isinstance(one, dict) and one.get("uri") == uri for one in domains)


def _token_of(welcome: Mapping[str, JsonValue]) -> AccessToken | None:
    match welcome.get("options"):
        case {"access_token": str(token)} if token:
            return AccessToken(token=token)
        case _:
            return None


def _read(frame: str | bytes) -> tuple[Mapping[str, JsonValue], bool]:
    """Give the message of a frame, empty where it is none, and whether there may be dates in it."""
    try:
        text = frame if isinstance(frame, str) else frame.decode("utf-8")
        message: JsonValue = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return {}, False
    return message if isinstance(message, dict) else {}, may_have_dates(text)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _says_left(message: Mapping[str, JsonValue]) -> bool:
    reason = message.get("reason")
    is_of_app = message.get("reason_uri") == "agm.errors.client_error"
    return isinstance(reason, str) and "has left" in reason and not is_of_app


def _reason(message: Mapping[str, JsonValue]) -> str:
    reason = message.get("reason") or message.get("reason_uri")
    return reason if isinstance(reason, str) else "no reason given"
