from __future__ import annotations

import json
import math

import pytest

from ioconnect_codemode.errors import AppError, ArgumentError, UnavailableError
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.credentials import AccessToken, GatewayToken, UserSecret
from ioconnect_codemode.transports.events import Answered, Changed, Event, Failed, Ready, Refused, Request, Send
from ioconnect_codemode.transports.protocol import GatewayProtocol, Login
from ioconnect_codemode.values import JsonValue

ECHO = Route(kind="method", name="Echo")
VIEW = Route(kind="intent", name="ViewContact")
FDC3_VIEW = Route(kind="fdc3_intent", name="ViewContact")
CONTACT: dict[str, JsonValue] = {"type": "fdc3.contact", "name": "Amelia Reid"}


def new_protocol(secret: str = "s3cret") -> GatewayProtocol:
    return GatewayProtocol(
        Login(application="codemode", credentials=UserSecret(user="dev", secret=secret), process_id=7)
    )


def feed(protocol: GatewayProtocol, **message: JsonValue) -> list[Event]:
    return protocol.receive(json.dumps({"peer_id": "p-9", **message}))


def request_id_of(sent: Send | Request) -> str:
    request_id: str = json.loads(sent.frame)["request_id"]
    return request_id


def welcome(protocol: GatewayProtocol) -> Send:
    """Log in up to the join that the protocol answers a welcome with."""
    [join] = feed(protocol, domain="global", type="welcome", request_id=request_id_of(protocol.hello()))
    assert isinstance(join, Send)
    return join


def announce(protocol: GatewayProtocol, server_id: str = "p-7", application: str = "crm") -> None:
    """Let an app appear with a method and an intent handler."""
    identity: JsonValue = {"application": application, "user": "dev", "instance": "i-6"}
    feed(protocol, domain="agm", type="peer-added", new_peer_id=server_id, identity=identity, meta={"local": True})
    methods: JsonValue = [{"id": "0", "name": "Echo"}, {"id": "1", "name": "Tick42.FDC3.Intents.ViewContact"}]
    feed(protocol, domain="agm", type="methods-added", server_id=server_id, methods=methods)


@pytest.fixture
def protocol() -> GatewayProtocol:
    """Logged in, with the app "crm" running."""
    protocol = new_protocol()
    join = welcome(protocol)
    announce(protocol)
    feed(protocol, domain="agm", type="success", request_id=request_id_of(join))
    return protocol


def failure(events: list[Event]) -> Exception:
    [failed] = [one for one in events if not isinstance(one, Changed)]
    assert isinstance(failed, Failed)
    return failed.error


# Logging in


def test_hello_says_who_and_proves_it() -> None:
    assert json.loads(new_protocol().hello().frame) == {
        "domain": "global",
        "type": "hello",
        "request_id": "codemode-1",
        "identity": {"application": "codemode", "applicationName": "codemode", "process": 7},
        "authentication": {"method": "secret", "login": "dev", "secret": "s3cret"},
    }


def test_hello_has_what_the_desktop_has_told_and_nothing_else_in_the_place_of_ours() -> None:
    told = {"instance": "i-7", "environment": "PROD", "region": "EMEA", "process": "1"}
    login = Login(application="codemode", credentials=UserSecret(user="dev"), process_id=7, identity=told)

    assert json.loads(GatewayProtocol(login).hello().frame)["identity"] == {
        "instance": "i-7",
        "environment": "PROD",
        "region": "EMEA",
        "application": "codemode",
        "applicationName": "codemode",
        "process": 7,
    }


def test_welcome_is_answered_with_joining_the_interop_domain() -> None:
    assert json.loads(welcome(new_protocol()).frame) == {
        "domain": "global",
        "type": "join",
        "request_id": "codemode-2",
        "destination": "agm",
        "peer_id": "p-9",
    }


def logged_in_by_token(*, access_token: str = "") -> tuple[GatewayProtocol, list[dict[str, JsonValue]]]:
    """A protocol that has logged in with a gateway token, and what it sends then."""
    login = Login(application="codemode", credentials=GatewayToken(token="g4te"), process_id=7)
    protocol = GatewayProtocol(login)
    protocol.hello()
    fields: dict[str, JsonValue] = {"options": {"access_token": access_token}} if access_token else {}
    sent = feed(protocol, domain="global", type="welcome", request_id="codemode-1", peer_id="p-9", **fields)
    return protocol, [json.loads(one.frame) for one in sent if isinstance(one, Send)]


def test_gateway_token_is_good_once_so_another_is_asked_for() -> None:
    protocol, [join, asked] = logged_in_by_token()
    assert (join["type"], asked["type"], asked["domain"]) == ("join", "create-token", "global")

    assert feed(protocol, domain="global", type="token", request_id=asked["request_id"], token="g4te-2") == []
    assert protocol.next_login == GatewayToken(token="g4te-2")


@pytest.mark.parametrize(
    "answer", [{"type": "error", "reason": "no"}, {"type": "token"}, {"type": "token", "token": 7}]
)
def test_gateway_that_gives_no_other_token_is_used_as_it_is(answer: dict[str, JsonValue]) -> None:
    protocol, [join, asked] = logged_in_by_token()

    assert feed(protocol, domain="global", request_id=asked["request_id"], **answer) == []
    assert protocol.next_login is None
    assert feed(protocol, domain="agm", type="success", request_id=join["request_id"]) == [Ready()]


def test_access_token_makes_another_gateway_token_needless() -> None:
    protocol, sent = logged_in_by_token(access_token="t0")

    assert [one["type"] for one in sent] == ["join"]
    assert protocol.next_login == AccessToken(token="t0")


def test_ready_comes_with_the_success_of_the_join_and_not_before() -> None:
    protocol = new_protocol()
    join_id = request_id_of(welcome(protocol))

    assert feed(protocol, domain="agm", type="success", request_id="somebody-else's") == []
    assert feed(protocol, domain="agm", type="success", request_id=join_id) == [Ready()]


@pytest.mark.parametrize("is_joining", [False, True])
def test_error_of_hello_or_join_is_a_refusal(is_joining: bool) -> None:
    protocol = new_protocol()
    request_id = request_id_of(welcome(protocol) if is_joining else protocol.hello())

    events = feed(protocol, domain="global", type="error", request_id=request_id, reason="Unknown user")

    assert events == [Refused(reason="Unknown user")]


def test_secret_is_in_no_text_but_the_hello() -> None:
    protocol = new_protocol(secret="s3cret")
    hello = protocol.hello()

    refused = feed(protocol, domain="global", type="error", request_id=request_id_of(hello), reason="bad pass s3cret")

    assert refused == [Refused(reason="bad pass ***")]
    login = Login(application="codemode", credentials=UserSecret(user="dev", secret="s3cret"), process_id=7)
    assert "s3cret" not in repr([hello, login, protocol, refused])


# Calling


def test_call_names_the_registration_and_carries_the_arguments(protocol: GatewayProtocol) -> None:
    request = protocol.call(ECHO, {"text": "a", "date": "#T42_DATE#0"})

    assert json.loads(request.frame) == {
        "domain": "agm",
        "type": "call",
        "request_id": request.request_id,
        "peer_id": "p-9",
        "server_id": "p-7",
        "method_id": "0",
        "arguments_kv": {"text": "a", "date": "#T42_DATE#0"},
    }


@pytest.mark.parametrize(
    ("sent", "result"),
    [
        ({"text": "a"}, {"text": "a"}),
        ({}, {}),
        ({"_value": [1, 2]}, [1, 2]),
        ({"_value": 5, "unit": "EUR"}, {"_value": 5, "unit": "EUR"}),
        ({"_value": {"_value": 1}}, {"_value": 1}),
        ({"_value": "#T42_DATE#1795341600000"}, "2026-11-22T10:00:00Z"),
        ({"notes": [{"at": "#T42_DATE#1795341600120"}]}, {"notes": [{"at": "2026-11-22T10:00:00.120Z"}]}),
        ({"at": "#T42_DATE#-1000"}, {"at": "1969-12-31T23:59:59Z"}),
        ({"at": "#T42_DATE#NaN"}, {"at": "#T42_DATE#NaN"}),
        ({"at": "#T42_DATE#8640000000000000"}, {"at": "#T42_DATE#8640000000000000"}),
        ({"at": "on #T42_DATE#0"}, {"at": "on #T42_DATE#0"}),
        ([1, "#T42_DATE#0"], [1, "1970-01-01T00:00:00Z"]),
        (None, None),
    ],
)
def test_result_is_given_as_plain_json(protocol: GatewayProtocol, sent: JsonValue, result: JsonValue) -> None:
    request_id = protocol.call(ECHO, {}).request_id

    events = feed(protocol, domain="agm", type="result", request_id=request_id, result=sent)

    assert events == [Answered(request_id=request_id, result=result)]


def test_answers_find_their_calls_in_any_order(protocol: GatewayProtocol) -> None:
    first, second = protocol.call(ECHO, {}).request_id, protocol.call(ECHO, {}).request_id

    events = [
        *feed(protocol, domain="agm", type="result", request_id=second, result={"n": 2}),
        *feed(protocol, domain="agm", type="result", request_id=first, result={"n": 1}),
    ]

    assert events == [Answered(request_id=second, result={"n": 2}), Answered(request_id=first, result={"n": 1})]


def test_answer_of_a_forgotten_call_is_dropped(protocol: GatewayProtocol) -> None:
    request_id = protocol.call(ECHO, {}).request_id
    protocol.forget(request_id)

    assert feed(protocol, domain="agm", type="result", request_id=request_id, result={"late": True}) == []
    assert protocol.lose("gone") == []


def test_second_answer_to_a_call_is_dropped(protocol: GatewayProtocol) -> None:
    request_id = protocol.call(ECHO, {}).request_id
    feed(protocol, domain="agm", type="result", request_id=request_id, result={})

    assert feed(protocol, domain="agm", type="result", request_id=request_id, result={}) == []


@pytest.mark.parametrize(
    "frame",
    [
        "Error: Unexpected token N in JSON at position 12",
        b"\xff\xfe\x00",
        "",
        "null",
        "[1, 2]",
        '{"type": "result", "request_id": 7}',
        '{"domain": "agm", "type": "methods-added", "server_id": "p-7"}',
        '{"domain": "agm", "type": "methods-added", "server_id": "p-7", "methods": [null, {"id": [], "name": 3}]}',
        '{"domain": "agm", "type": "peer-added", "new_peer_id": 4}',
        '{"domain": "global", "type": "context-added", "context_id": "c-5", "name": "selection"}',
        '{"domain": "agm", "type": "never heard of"}',
        '{"domain": "agm", "type": "result", "request_id": "codemode-3", "result": {"x": NaN}}',
        "[" * 200_000,
    ],
    ids=lambda frame: repr(frame)[:60],
)
def test_frame_that_means_nothing_is_ignored(protocol: GatewayProtocol, frame: str | bytes) -> None:
    request_id = protocol.call(ECHO, {}).request_id
    assert request_id == "codemode-3"

    assert protocol.receive(frame) == []
    answered = feed(protocol, domain="agm", type="result", request_id=request_id, result={"n": 1})
    assert answered == [Answered(request_id=request_id, result={"n": 1})]


# Refusing what can't travel


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"id": 2**53}, "id is a whole number beyond 2**53-1"),
        ({"id": -(2**53)}, "id is a whole number beyond 2**53-1"),
        ({"order": {"ids": [1, 10**30]}}, "order.ids[1] is a whole number beyond 2**53-1"),
        ({"price": math.nan}, "price is nan, which JSON does not have"),
        ({"prices": [1.0, -math.inf]}, "prices[1] is -inf, which JSON does not have"),
    ],
)
def test_number_that_would_change_on_the_way_is_refused(
    protocol: GatewayProtocol, arguments: dict[str, JsonValue], message: str
) -> None:
    with pytest.raises(ArgumentError) as caught:
        protocol.call(ECHO, arguments)

    assert str(caught.value).startswith(message)
    assert protocol.lose("gone") == []


def test_largest_exact_numbers_are_sent(protocol: GatewayProtocol) -> None:
    arguments: dict[str, JsonValue] = {"most": 2**53 - 1, "least": 1 - 2**53, "float": 1e300, "yes": True}

    assert json.loads(protocol.call(ECHO, arguments).frame)["arguments_kv"] == arguments


def test_arguments_that_contain_themselves_are_refused(protocol: GatewayProtocol) -> None:
    endless: dict[str, JsonValue] = {}
    endless["self"] = endless

    with pytest.raises(ArgumentError, match="The arguments are not JSON"):
        protocol.call(ECHO, endless)


# Failing


def test_error_of_the_app_has_its_own_text(protocol: GatewayProtocol) -> None:
    request_id = protocol.call(ECHO, {}).request_id

    error = failure(
        feed(
            protocol,
            domain="agm",
            type="error",
            request_id=request_id,
            reason_uri="agm.errors.client_error",
            reason="The ledger is closed",
            context={},
        )
    )

    assert type(error) is AppError
    assert str(error) == "The ledger is closed"


@pytest.mark.parametrize(
    ("reason", "text"),
    [
        ("x" * 2_000, "x" * 2_000),
        ("x" * 2_001, "x" * 1_999 + "…"),
        (None, "The app failed and gave no reason."),
        (" ", "The app failed and gave no reason."),
        ({"code": 7}, "The app failed and gave no reason."),
    ],
    ids=["longest", "too long", "none", "blank", "no text"],
)
def test_error_text_of_an_app_is_bounded(protocol: GatewayProtocol, reason: JsonValue, text: str) -> None:
    request_id = protocol.call(ECHO, {}).request_id

    error = failure(feed(protocol, domain="agm", type="error", request_id=request_id, reason=reason))

    assert str(error) == text


@pytest.mark.parametrize(
    ("uri", "reason", "text"),
    [
        (
            "agm.errors.invocation.failure",
            "Peer has left while waiting for result",
            'The app "crm" left before it answered the method "Echo". What it has done is not known: '
            "look before you repeat the call.",
        ),
        (
            "agm.errors.invocation.failure",
            "Unable to find method with id 77 on server id p-7 registered with this peer",
            'The gateway did not deliver the call of the method "Echo": '
            "Unable to find method with id 77 on server id p-7 registered with this peer.",
        ),
        (
            "global.errors.invalid_peer",
            None,
            'The gateway did not deliver the call of the method "Echo": global.errors.invalid_peer.',
        ),
    ],
)
def test_error_of_the_gateway_is_unavailable(
    protocol: GatewayProtocol, uri: str, reason: str | None, text: str
) -> None:
    request_id = protocol.call(ECHO, {}).request_id

    error = failure(feed(protocol, domain="agm", type="error", request_id=request_id, reason_uri=uri, reason=reason))

    assert type(error) is UnavailableError
    assert str(error) == text


def test_app_that_leaves_fails_its_calls_and_no_others(protocol: GatewayProtocol) -> None:
    to_crm = protocol.call(ECHO, {}).request_id
    feed(protocol, domain="agm", type="methods-removed", server_id="p-7", methods=["0"])
    announce(protocol, server_id="p-8", application="orders")
    to_orders = protocol.call(ECHO, {}).request_id

    changed, failed = feed(protocol, domain="agm", type="peer-removed", removed_id="p-7")

    assert changed == Changed(names=frozenset({"Tick42.FDC3.Intents.ViewContact"}))
    assert isinstance(failed, Failed)
    assert failed.request_id == to_crm
    assert str(failed.error).startswith('The app "crm" left before it answered the method "Echo".')
    answered = feed(protocol, domain="agm", type="result", request_id=to_orders, result={})
    assert answered == [Answered(request_id=to_orders, result={})]


def test_app_that_left_is_not_called_again_before_its_leaving_is_announced(protocol: GatewayProtocol) -> None:
    announce(protocol, server_id="p-8", application="orders")
    asked = protocol.call(ECHO, {}).request_id
    left = {"reason_uri": "agm.errors.invocation.failure", "reason": "Peer has left while waiting for result"}

    feed(protocol, domain="agm", type="error", request_id=asked, **left)

    assert json.loads(protocol.call(ECHO, {}).frame)["server_id"] == "p-8"


def test_lost_connection_fails_everything_that_waits(protocol: GatewayProtocol) -> None:
    requests = [protocol.call(ECHO, {}).request_id, protocol.call(VIEW, {}).request_id]

    lost = protocol.lose("the gateway went away")

    assert [failed.request_id for failed in lost] == requests
    assert [str(failed.error).partition(" (")[0] for failed in lost] == [
        'The connection to the gateway was lost before the method "Echo" answered',
        'The connection to the gateway was lost before the intent "ViewContact" answered',
    ]
    assert protocol.lose("again") == []


@pytest.mark.parametrize(
    ("route", "text"),
    [
        (
            Route(kind="method", name="Nope"),
            'No running app offers the method "Nope". Start an app that offers it.',
        ),
        (
            Route(kind="intent", name="Nope"),
            'No running app handles the intent "Nope". Start an app that handles it.',
        ),
        (
            Route(kind="fdc3_intent", name="x" * 500),
            f'No running app handles the intent "{"x" * 199}…". Start an app that handles it.',
        ),
        (
            Route(kind="method", name="Echo", accepts="Int other"),
            'The method "Echo" is offered with another signature than in the definitions; generate them anew.',
        ),
    ],
)
def test_route_that_nothing_matches_is_unavailable(protocol: GatewayProtocol, route: Route, text: str) -> None:
    with pytest.raises(UnavailableError) as caught:
        protocol.call(route, CONTACT)

    assert str(caught.value) == text


# Intents


def test_raised_intent_is_a_call_of_the_handlers_method(protocol: GatewayProtocol) -> None:
    arguments: dict[str, JsonValue] = {"type": "fdc3.contact", "data": {"name": "Amelia Reid"}}

    frame = json.loads(protocol.call(VIEW, arguments).frame)

    assert (frame["server_id"], frame["method_id"], frame["arguments_kv"]) == ("p-7", "1", arguments)


def test_fdc3_context_travels_wrapped(protocol: GatewayProtocol) -> None:
    frame = json.loads(protocol.call(FDC3_VIEW, CONTACT).frame)

    assert frame["arguments_kv"] == {"type": "fdc3.contact", "data": CONTACT}


def test_fdc3_context_without_type_is_refused(protocol: GatewayProtocol) -> None:
    with pytest.raises(ArgumentError, match="An FDC3 context needs its type"):
        protocol.call(FDC3_VIEW, {"name": "Amelia Reid"})


@pytest.mark.parametrize(
    ("route", "sent", "result"),
    [
        (FDC3_VIEW, {"fdc3intentContext": {"contextType": "fdc3.contact", "payload": CONTACT}}, CONTACT),
        (FDC3_VIEW, {}, {}),
        (FDC3_VIEW, {"fdc3intentChannel": {"id": "red", "type": "user"}}, {"id": "red", "type": "user"}),
        (VIEW, {"fdc3intentContext": {"payload": CONTACT}}, {"fdc3intentContext": {"payload": CONTACT}}),
    ],
)
def test_context_result_is_unwrapped_for_fdc3_only(
    protocol: GatewayProtocol, route: Route, sent: JsonValue, result: JsonValue
) -> None:
    request_id = protocol.call(route, CONTACT).request_id

    events = feed(protocol, domain="agm", type="result", request_id=request_id, result=sent)

    assert events == [Answered(request_id=request_id, result=result)]


@pytest.mark.parametrize(
    ("error", "text"),
    [
        ({"message": "IntentHandlerRejected", "reason": "no such contact"}, "IntentHandlerRejected: no such contact"),
        ({"message": "IntentHandlerRejected"}, "IntentHandlerRejected"),
        ("plain", "plain"),
        (None, "The app failed and gave no reason."),
    ],
)
def test_fdc3_error_is_an_app_error(protocol: GatewayProtocol, error: JsonValue, text: str) -> None:
    request_id = protocol.call(FDC3_VIEW, CONTACT).request_id

    caught = failure(feed(protocol, domain="agm", type="result", request_id=request_id, result={"fdc3error": error}))

    assert type(caught) is AppError
    assert str(caught) == text
