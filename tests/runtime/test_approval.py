"""What a person is asked, whatever the arguments try."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.approval import ApprovalRequest, ask, call_text, request_of
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.values import JsonValue
from runtime.packages import CAPABILITIES  # noqa: TID251 - the tests of the runtime, not its sources


def sentence(effect: Effect, arguments: dict[str, JsonValue]) -> str:
    entry = CAPABILITIES["crm.show_client"]
    return request_of("crm.show_client", {**entry, "effect": effect}, arguments, expires_s=1).sentence


@pytest.mark.parametrize(
    ("effect", "expected"),
    [
        ("read", 'read from crm or viewer: crm.show_client(client_id="CL-1")'),
        ("write", 'change something in crm or viewer: crm.show_client(client_id="CL-1")'),
        (
            "destructive",
            'delete or overwrite something in crm or viewer, perhaps for good: crm.show_client(client_id="CL-1")',
        ),
        (
            "unknown",
            'do something in crm or viewer of which nobody knows what it changes: crm.show_client(client_id="CL-1")',
        ),
    ],
)
def test_the_question_says_what_the_effect_is_in_our_words(effect: Effect, expected: str) -> None:
    assert sentence(effect, {"client_id": "CL-1"}) == expected


def test_hidden_and_moving_characters_are_shown_as_escapes() -> None:
    hostile = "x\n\x1b[2J\u202eevil\u200b\u2028\x7f"
    assert call_text("crm.f", {"a": hostile}) == 'crm.f(a="x\\n\\u001b[2J\\u202eevil\\u200b\\u2028\\u007f")'


@pytest.mark.parametrize(
    "hidden",
    ["\u034f", "\u115f", "\u1160", "\u17b4", "\u180b", "\u2800", "\u3164", "\ufe00", "\ufe0f", "\uffa0", "\U000e0100"],
)
def test_letters_and_marks_that_nothing_is_seen_of_are_shown_as_escapes(hidden: str) -> None:
    assert hidden.isprintable()
    assert call_text("crm.f", {"a": f"x{hidden}y"}) == f"crm.f(a={json.dumps(f'x{hidden}y')})"


def test_of_a_long_argument_both_ends_are_shown_and_its_length() -> None:
    text = "Dear Amelia, " + "x" * 3_000 + " to GB29 NWBK 6016."
    assert call_text("crm.f", {"a": text, "b": "x" * 78}) == (
        f'crm.f(a="Dear Amelia, {"x" * 43}... to GB29 NWBK 6016." ({len(text) + 2:,} characters), b="{"x" * 78}")'
    )


def test_letters_of_every_language_stay_readable() -> None:
    assert call_text("crm.f", {"a": "Müller 株式会社"}) == 'crm.f(a="Müller 株式会社")'


def test_quotes_in_an_argument_do_not_end_it() -> None:
    assert call_text("crm.f", {"a": '"), crm.g(b="'}) == 'crm.f(a="\\"), crm.g(b=\\"")'


def test_an_app_with_a_hostile_name_is_escaped_and_cut() -> None:
    entry = {**CAPABILITIES["crm.show_client"], "apps": ["crm\u202e" + "x" * 200]}
    request = request_of("crm.show_client", entry, {}, expires_s=1)  # type: ignore[arg-type]
    assert "\\u202e" in request.sentence
    assert len(request.sentence) < 150


@given(st.dictionaries(st.text(max_size=80), st.recursive(st.none() | st.text(), st.lists, max_leaves=9), max_size=30))
def test_the_question_is_one_short_line_whatever_is_sent(arguments: dict[str, JsonValue]) -> None:
    text = sentence("write", arguments)
    assert text.isprintable()
    assert len(text) < 1_500


def test_a_request_of_a_real_catalog_names_its_app(manifest: Manifest) -> None:
    request = request_of("crm.add_note", manifest.capabilities["crm.add_note"], {"text": "t"}, expires_s=5)
    assert request == ApprovalRequest(
        capability="crm.add_note",
        arguments={"text": "t"},
        effect="write",
        sentence='change something in crm: crm.add_note(text="t")',
        expires_s=5,
    )


def test_a_callback_that_gives_up_by_itself_refuses() -> None:
    async def gives_up(request: ApprovalRequest) -> bool:
        raise asyncio.CancelledError

    async def act() -> bool | None:
        return await ask(gives_up, request_of("crm.show_client", CAPABILITIES["crm.show_client"], {}, expires_s=5))

    assert asyncio.run(act()) is False


def test_a_time_out_of_the_callback_is_its_own_failure() -> None:
    async def fails(request: ApprovalRequest) -> bool:
        raise TimeoutError("theirs")

    async def act() -> bool | None:
        return await ask(fails, request_of("crm.show_client", CAPABILITIES["crm.show_client"], {}, expires_s=5))

    with pytest.raises(TimeoutError, match="theirs"):
        asyncio.run(act())
