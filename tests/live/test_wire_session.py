"""The conversation with a real gateway, and its recording for machines without Node."""

from __future__ import annotations

import asyncio

import pytest

from ioconnect_codemode.values import JsonValue
from live.wire_session import Recorded, act, act_on

ANSWERS: list[JsonValue] = [
    {"text": "Zoë", "n": [1, None, True]},
    {
        "client": {
            "id": "CL-10317",
            "name": "Amelia Reid",
            "adviser": "Jonas Weber",
            "email": "amelia.reid.317@example.com",
        }
    },
    500,
    "The ledger is closed",
    "2026-11-22T10:00:00Z",
    {"type": "fdc3.contact", "name": "Amelia Reid", "id": {"email": "amelia.reid.317@example.com"}},
    "IntentHandlerRejected: No such contact",
    {"shown": "Amelia Reid", "type": "fdc3.contact"},
    'No running app handles the intent "Nope". Start an app that handles it.',
    [{"price": 100}, {"price": 101}, {"price": 102}],
    'No running app offers the method "CRM.Nope". Start an app that offers it.',
]


def in_part(answers: list[JsonValue]) -> list[JsonValue]:
    """Leave out of the one client what says nothing here."""
    [echo, client, *others] = answers
    assert isinstance(client, dict)
    inner = client["client"]
    assert isinstance(inner, dict)
    return [echo, {"client": {key: inner[key] for key in ("id", "name", "adviser", "email")}}, *others]


def test_recorded_session_gives_its_answers_again() -> None:
    assert in_part(asyncio.run(act(Recorded()))) == ANSWERS


@pytest.mark.live
def test_session_on_a_running_gateway_gives_the_same_answers(gateway_url: str, crm_app: str) -> None:
    answers, _ = asyncio.run(act_on(gateway_url))

    assert in_part(answers) == ANSWERS
