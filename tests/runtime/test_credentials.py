from __future__ import annotations

import json
from pathlib import Path

import pytest

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.transports.credentials import (
    STARTING_CONTEXT,
    AccessToken,
    GatewayToken,
    UserSecret,
    authentication,
    secret_of,
    start_of,
    token_of_file,
)
from ioconnect_codemode.transports.gateway import GatewayTransport

SAID = {
    "gwURL": "ws://127.0.0.1:8385",
    "gwToken": "g4te",
    "instanceId": "i-7",
    "applicationConfig": {"name": "assistant"},
    "env": "DEV",
    "region": "EMEA",
    "mutex": "unread",
}


def test_each_kind_has_its_own_form() -> None:
    assert authentication(UserSecret(user="dev", secret="s3")) == {"method": "secret", "login": "dev", "secret": "s3"}
    assert authentication(AccessToken(token="t0")) == {"method": "access-token", "token": "t0"}
    assert authentication(GatewayToken(token="g4")) == {"method": "gateway-token", "token": "g4"}


@pytest.mark.parametrize(
    "credentials", [UserSecret(user="dev", secret="s3cret"), AccessToken(token="s3cret"), GatewayToken(token="s3cret")]
)
def test_no_text_shows_them(credentials: UserSecret | AccessToken | GatewayToken) -> None:
    transport = GatewayTransport("ws://127.0.0.1:8385", credentials=credentials)
    assert secret_of(credentials) == "s3cret"
    assert "s3cret" not in f"{credentials!r} {credentials} {transport!r}"


def test_an_app_that_the_desktop_started_finds_its_gateway() -> None:
    environ = {STARTING_CONTEXT: json.dumps(SAID)}
    start = start_of(environ)
    assert start is not None
    assert (start.url, start.application) == ("ws://127.0.0.1:8385", "assistant")
    assert start.credentials == GatewayToken(token="g4te")
    assert start.identity == {"instance": "i-7", "environment": "DEV", "region": "EMEA"}
    assert repr(GatewayTransport.of_desktop(environ)) == (
        "GatewayTransport('ws://127.0.0.1:8385', application='assistant', GatewayToken())"
    )


@pytest.mark.parametrize("said", [None, 7, "", {"a": 1}])
def test_what_the_desktop_does_not_say_is_not_said(said: object) -> None:
    start = start_of({STARTING_CONTEXT: json.dumps({**SAID, "instanceId": said, "env": said, "region": said})})
    assert start is not None and start.identity == {}


@pytest.mark.parametrize("config", [None, 5, {}, {"name": 5}])
def test_an_app_without_a_name_is_the_codemode(config: object) -> None:
    start = start_of({STARTING_CONTEXT: json.dumps({**SAID, "applicationConfig": config})})
    assert start is not None and start.application is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"gwURL": "ws://h"}', '{"gwURL": 1, "gwToken": "s3cret"}'])
def test_a_context_that_cannot_be_read_is_said_without_its_content(text: str) -> None:
    with pytest.raises(UsageError, match="needs gwURL and gwToken") as caught:
        start_of({STARTING_CONTEXT: text})
    assert "s3cret" not in str(caught.value)


def test_a_process_of_its_own_was_not_started_by_the_desktop() -> None:
    assert start_of({}) is None
    with pytest.raises(UsageError, match=r"was not started by io\.Connect Desktop"):
        GatewayTransport.of_desktop({})


def test_a_token_file_holds_one_token(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("  t0ken\n")
    assert token_of_file(file) == "t0ken"
    file.write_text(" \n")
    with pytest.raises(UsageError, match="is empty"):
        token_of_file(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="can't be read: it is not text"):
        token_of_file(file)
    with pytest.raises(UsageError, match="can't be read: No such file"):
        token_of_file(tmp_path / "none")


def test_two_ways_at_once_are_wrong_use() -> None:
    with pytest.raises(UsageError, match="either user= and secret=, or credentials="):
        GatewayTransport("ws://127.0.0.1:8385", user="dev", credentials=AccessToken(token="t0"))
