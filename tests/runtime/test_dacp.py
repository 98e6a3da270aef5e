"""The conversation with an FDC3 desktop agent: what goes out, and what may come in."""

from __future__ import annotations

import json

import pytest

from ioconnect_codemode.errors import ArgumentError, UsageError
from ioconnect_codemode.transports.addresses import transport_to
from ioconnect_codemode.transports.events import Refused, Send
from ioconnect_codemode.transports.fdc3 import Fdc3Transport, is_agent_url
from ioconnect_codemode.transports.fdc3.dacp import Answered, Conversation, Entered
from ioconnect_codemode.transports.fdc3.directory import apps_of, standard_contexts, standard_intents
from ioconnect_codemode.values import JsonValue

WELCOME: dict[str, JsonValue] = {
    "type": "WCP5ValidateAppIdentityResponse",
    "meta": {"timestamp": "2026-11-28T10:00:00Z"},
    "payload": {"appId": "codemode", "instanceId": "i-1", "implementationMetadata": {"provider": "test"}},
}


@pytest.fixture
def conversation() -> Conversation:
    made = Conversation("https://apps.example/codemode")
    assert made.receive(json.dumps(WELCOME)) == [Entered()]
    return made


def test_hello_says_who_this_app_is() -> None:
    hello = json.loads(Conversation("https://apps.example/codemode").hello().frame)
    assert hello["type"] == "WCP4ValidateAppIdentity"
    assert hello["payload"] == {
        "identityUrl": "https://apps.example/codemode",
        "actualUrl": "https://apps.example/codemode",
    }


def test_request_carries_what_the_agent_said_this_app_is(conversation: Conversation) -> None:
    asked = conversation.ask("raiseIntent", {"intent": "ViewChart"}, then=("raiseIntentResultResponse",))
    message = json.loads(asked.frame)
    request_id = message["meta"]["requestUuid"]

    assert (message["type"], message["payload"]) == ("raiseIntentRequest", {"intent": "ViewChart"})
    assert message["meta"]["source"] == {"appId": "codemode", "instanceId": "i-1"}
    assert asked.keys == (("raiseIntentResponse", request_id), ("raiseIntentResultResponse", request_id))


def test_answer_is_known_by_its_type_and_the_id_of_the_request(conversation: Conversation) -> None:
    frame = json.dumps({"type": "openResponse", "meta": {"requestUuid": "r"}, "payload": {"appIdentifier": {}}})
    assert conversation.receive(frame) == [Answered(key=("openResponse", "r"), payload={"appIdentifier": {}})]


def test_heartbeat_is_acknowledged(conversation: Conversation) -> None:
    [send] = conversation.receive('{"type": "heartbeatEvent", "meta": {"eventUuid": "e-7"}, "payload": {}}')
    assert isinstance(send, Send)
    assert json.loads(send.frame)["payload"] == {"heartbeatEventUuid": "e-7"}


@pytest.mark.parametrize("event_id", ["7", "null", "1e999", '{"a": 1}'])
def test_heartbeat_whose_id_is_no_text_is_ignored(conversation: Conversation, event_id: str) -> None:
    assert conversation.receive(f'{{"type": "heartbeatEvent", "meta": {{"eventUuid": {event_id}}}}}') == []


def test_heartbeat_that_cannot_be_acknowledged_does_not_end_the_reading() -> None:
    beat = '{"type": "heartbeatEvent", "meta": {"eventUuid": "e-7"}}'
    for depth in range(100, 1100):  # somewhere here a text can be read and can't be written any more
        conversation = Conversation("https://apps.example/codemode")
        welcome = json.dumps(WELCOME).replace('"codemode"', "[" * depth + "]" * depth)
        conversation.receive(welcome)
        assert len(conversation.receive(beat)) <= 1


def test_welcome_for_another_attempt_and_a_second_one_change_nothing() -> None:
    conversation = Conversation("https://apps.example/codemode")
    attempt = json.loads(conversation.hello().frame)["meta"]["connectionAttemptUuid"]

    def welcome(app_id: str, attempt: JsonValue) -> str:
        meta: JsonValue = {"connectionAttemptUuid": attempt}
        return json.dumps({**WELCOME, "meta": meta, "payload": {"appId": app_id, "instanceId": "i-1"}})

    assert conversation.receive(welcome("another", "somebody-else")) == []
    assert conversation.receive(welcome("codemode", attempt)) == [Entered()]
    assert conversation.receive(welcome("forged", attempt)) == []
    assert json.loads(conversation.ask("open", {}).frame)["meta"]["source"]["appId"] == "codemode"


def test_refusal_has_the_agents_reason() -> None:
    frame = '{"type": "WCP5ValidateAppIdentityFailedResponse", "payload": {"message": "not known"}}'
    assert Conversation("https://apps.example/x").receive(frame) == [Refused(reason="not known")]


@pytest.mark.parametrize(
    "frame",
    [
        "",
        "not json",
        "[]",
        "7",
        "null",
        "{}",
        '{"type": 7}',
        '{"type": "broadcastEvent", "meta": {"eventUuid": "e"}, "payload": {}}',
        '{"type": "openResponse", "meta": {"requestUuid": 7}}',
        '{"type": "openResponse", "meta": []}',
        '{"type": "openResponse", "meta": {"requestUuid": "r"}, "payload": {"n": NaN}}',
        "[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_frame_that_means_nothing_is_ignored(conversation: Conversation, frame: str | bytes) -> None:
    assert conversation.receive(frame) == []


def test_payload_of_another_form_is_an_empty_one(conversation: Conversation) -> None:
    frame = '{"type": "openResponse", "meta": {"requestUuid": "r"}, "payload": [1]}'
    assert conversation.receive(frame) == [Answered(key=("openResponse", "r"), payload={})]


def test_numbers_that_would_change_on_their_way_are_refused(conversation: Conversation) -> None:
    with pytest.raises(ArgumentError, match=r"context\.n is a whole number beyond"):
        conversation.ask("raiseIntent", {"context": {"n": 2**53}})
    with pytest.raises(ArgumentError, match="which JSON does not have"):
        conversation.ask("raiseIntent", {"context": {"n": float("nan")}})


def test_apps_of_another_form_are_left_out() -> None:
    apps: JsonValue = [
        None,
        7,
        {},
        {"appId": 7},
        {"appId": "one", "instanceId": 7},
        {"appId": "two", "instanceId": "i"},
    ]
    found = [(one.app_id, one.instance_id) for one in apps_of({"apps": apps})]
    assert found == [("one", None), ("two", "i")]


def test_what_is_asked_for_is_what_the_standard_has() -> None:
    assert "fdc3.instrument" in standard_contexts()
    assert "ViewChart" in standard_intents()


@pytest.mark.parametrize("url", ["fdc3+http://x", "fdc3+ws://", "fdc3+ws://x:0", "http://x", "fdc3+ws://x:notaport"])
def test_url_that_is_none_of_an_agent_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="looks like"):
        Fdc3Transport(url)


def test_address_tells_a_desktop_agent_from_a_gateway() -> None:
    agent = transport_to("fdc3+ws://user:secret@127.0.0.1:8395/agent#https://apps.example/codemode")
    assert repr(agent) == ("Fdc3Transport('fdc3+ws://127.0.0.1:8395', identity_url='https://apps.example/codemode')")
    assert not is_agent_url("ws://127.0.0.1:8385")
    assert type(transport_to("ws://127.0.0.1:8385", user="dev")).__name__ == "GatewayTransport"
    with pytest.raises(UsageError, match="not by a user"):
        transport_to("fdc3+ws://127.0.0.1:8395", user="dev")
