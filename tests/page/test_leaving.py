"""What leaves: previews, masks, the outcome's JSON and text."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from ioconnect_codemode import Limits, Manifest
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.ending import Known, done, dry_run_notes, failed
from ioconnect_codemode.frames import decode_json
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.outcome import CallRecord, CallState, Outcome, compact
from ioconnect_codemode.values import JsonValue
from page.both import differences, page_answers
from runtime.packages import write_package  # noqa: TID251 - the tests of the runtime, not its sources

IBAN = "CH93 0076 2011 6238 5295 7"
RECORDS: list[JsonValue] = [
    {"id": f"CL-{number}", "name": f"Client {number}", "adviser": None, "aum": number * 1.5, "tags": ["a", "b"]}
    for number in range(200)
]
DEEP: JsonValue = {"a": {"b": {"c": {"d": {"e": {"f": [1, [2, [3, [4, [5]]]]]}}}}}}
VALUES = cast(
    "list[JsonValue]",
    [
        None,
        True,
        0,
        1.0,
        -0.0,
        1e-07,
        2**70,
        "text",
        "x" * 5_000,
        'quotes "and" \\ \n' * 200,
        "\U0001f600" * 600,
        [],
        {},
        RECORDS,
        RECORDS[0],
        {"rows": RECORDS, "total": 200},
        {str(number): number / 7 for number in range(90, 0, -1)},
        {"x" * 300: "y" * 300, "z" * 300: 1},
        DEEP,
        [DEEP] * 40,
        ["z" * 1_000] * 30,
        [[["a" * 50] * 50] * 50],
        {f"field{number}": "v" * 30 for number in range(100)},
    ],
)
SECRETS: list[tuple[str, JsonValue]] = [
    (
        "crm.find_clients",
        [
            {
                "id": "1",
                "name": "Ann",
                "adviser": "Jonas Weber",
                "iban": IBAN,
                "address": {"city": "Rome", "post-code": "SW1A"},
            },
            {
                "id": "2",
                "name": "Ben",
                "adviser": None,
                "iban": 123456789,
                "address": {"city": "Bern", "post-code": "3011"},
            },
            {
                "id": "3",
                "name": "Ça",
                "adviser": 'Zoë "Q" O\'Neil',
                "iban": 5.5,
                "partner": {"id": "4", "name": "D", "adviser": "x"},
            },
        ],
    ),
    (
        "crm.add_note",
        [
            {"iban": text}
            for text in (
                "1975-03-02",
                "2026-11-22T10:05:30.120+01:00",
                "2024-02-29T00:00:00Z",
                "0001-01-01T00:00:00+02:00",
                "9999-12-31 23:59",
                "1975-02-30",
                "1234567.50",
                "-12345678901234567890123",
                "0000654321",
            )
        ],
    ),
    ("crm.find_clients", {"wrong": [{"adviser": "Misfit Person"}]}),
    ("crm.add_note", {"any": [{"iban": "DE00 1234", "adviser": "free"}], "iban": True}),
]
MASKS = [
    [],
    ["*.iban"],
    ["Client.adviser"],
    ["*.iban", "Client.adviser", "Address.post_code"],
    ["Cl*.name"],
    ["Client.nowhere"],
]
LEAVING = cast(
    "list[JsonValue]",
    [
        {"iban": IBAN, "n": 123456789, "m": "123 456 789", "adviser": "Jonas Weber", "a2": "jonas  weber"},
        f"IBAN: {IBAN.replace(' ', '')}, ch9300762011623852957, adviser = 'Jonas Weber'",
        f"{{'iban': '{IBAN}', 'adviser': None, \"adviser\": \"jonas weber\"}}",
        json.dumps({"adviser": 'Zoë "Q" O\'Neil', "post-code": "SW1A", "post_code": "3011"}),
        'Client(name="Ann", adviser="Jonas Weber", iban=123456789)',
        [
            "Ann",
            "Ben",
            "Annabel",
            "SW1A",
            "sw1a",
            "SW1AX",
            3011,
            "3011",
            5.5,
            123456789.0,
            "123456789.00",
            "000123456789",
            123456780,
        ],
        {"Jonas Weber": 1, "jonas weber": 2, IBAN: 3, "x": [{"iban": None}, {"iban": [1, 2]}, {"adviser": "other"}]},
        "x" * 60 + IBAN,
        {"adviser": " JONAS WEBER "},
        "misfit-person, Misfit_Person and mis fit person",
        "born 1975-03-02, datetime.date(1975, 3, 2), 02.03.1975, 3/2/1975, 03/02/1975, 2 Mar 1975, 2 March 1975, March 02, 1975",
        "Mar 2, 1975; 1975-02-30 00:00; February 29, 2024; 29.02.2024; datetime.datetime(2024, 2, 29, 0, 0)",
        "2026-11-22 09:05:30.120000+00:00, 2026-11-22T10:05, Sun Nov 22 10:05:30 2026, datetime.datetime(2026, 11, 22, 10, 5, 30, 120000)",
        "0001-01-01 00:00:00, 9999-12-31 23:59:00, 2026-11-22, 22 Nov 2026, 1792659930.12, 1,795,338,330.12 and 1795338330120",
        [1234567.5, "1,234,567.50", 12345678901234567890123, "12 345 678", 654321, 654321.0, 1795338330, 1234567],
        [{"iban": IBAN, "adviser": "Jonas Weber"}] * 300,
    ],
)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("package") / "small")


def test_a_value_leaves_as_a_whole_or_as_the_same_preview(small: Path) -> None:
    check(small, [(value, limit, [], "printed text", 8) for value in VALUES for limit in (20_000, 700, 60)])


def test_masked_values_are_taken_out_alike(small: Path) -> None:
    texts = [value if isinstance(value, str) else str(value) for value in LEAVING]
    check(
        small,
        [
            (value, limit, mask, text, characters)
            for mask in MASKS
            for value, text in zip(LEAVING, texts, strict=True)
            for limit, characters in ((20_000, 4_000), (300, 70))
        ],
    )


def test_texts_around_masked_values_are_scrubbed_alike(small: Path) -> None:
    chance = random.Random(11)
    parts = [
        "Jonas",
        "Weber",
        "jonasweber",
        IBAN,
        "123456789",
        "123.456.789",
        " ",
        ", ",
        "_",
        "-",
        "adviser",
        "=",
        ": ",
        '"',
        "'",
    ]
    texts = ["".join(chance.choices(parts, k=chance.randint(1, 9))) for _ in range(400)]
    check(small, [(text, 20_000, ["*.iban", "Client.adviser"], text, chance.randint(3, 60)) for text in texts])


def check(folder: Path, asked: list[tuple[JsonValue, int, list[str], str, int]]) -> None:
    answers = [(name, json.dumps(answer)) for name, answer in SECRETS]
    cases = [
        {
            "package": str(folder),
            "mask": mask,
            "limit": limit,
            "answers": answers,
            "value": json.dumps(value),
            "text": text,
            "characters": characters,
        }
        for value, limit, mask, text, characters in asked
    ]
    python = [left(folder, *one) for one in asked]
    assert differences(cases, python, page_answers("egress", cases)) == []


def left(folder: Path, value: JsonValue, limit: int, mask: list[str], text: str, characters: int) -> object:
    manifest = Manifest.read(folder)
    egress = Egress(limit_characters=limit, masks=Masks(mask, manifest) if mask else None)
    for name, answer in SECRETS:
        egress.take_answer(name, answer)
    shown, truncated = egress.value(value)
    return {
        "value": compact(shown),
        "truncated": None if truncated is None else {**truncated.to_json(), "preview": compact(truncated.preview)},
        "text": egress.text(text, limit_characters=characters),
        "masks": dict(egress.record_masks),
    }


SNIPPET = (
    "import math\nclients = crm.find_clients(name='漢字 Ann')\n\tif clients: print(clients[0].adviser, 'é', 1/0)\n"
    + "x" * 400
)


def call(name: str, effect: Effect = "read", state: CallState = "finished", arguments: JsonValue = None) -> CallRecord:
    return CallRecord(name=name, effect=effect, state=state, elapsed_ms=1.5, bytes=10, arguments=arguments)


CALLS: list[list[CallRecord]] = [
    [],
    [call("crm.find_clients")],
    [call("crm.find_clients"), call("crm.add_note", "write"), call("crm.add_note", "write", "unfinished")],
    [
        call("a.b", "unknown"),
        call("c.d", "destructive", "failed"),
        call("e.f", "write", "held"),
        call("g.h", "write", "refused"),
    ],
    [call(f"namespace{number}.function_with_a_name", "write") for number in range(40)],
    [
        call("crm.add_note", "write", "not_called", {"text": "t", "n": 1}),
        call("x.y", "unknown", "not_called"),
        *[call("z.z", "unknown", "not_called", {"i": 1})] * 12,
    ],
]
MESSAGES: list[dict[str, JsonValue]] = [
    {"type": "done", "value": None, "has_value": False, "printed": "", "printed_is_cut": False},
    {"type": "done", "value": None, "has_value": True, "printed": "", "printed_is_cut": False},
    {"type": "done", "value": None, "has_value": False, "printed": "hello\nworld\n\n", "printed_is_cut": False},
    {"type": "done", "value": {"b": 1.0, "2026": 2}, "has_value": True, "printed": "p" * 900, "printed_is_cut": True},
    {"type": "done", "value": RECORDS, "has_value": True, "printed": "", "printed_is_cut": False},
    {
        "type": "done",
        "value": "x",
        "has_value": True,
        "printed": "y" * 50,
        "printed_is_cut": False,
        "timings": {"run_us": 3},
    },
]
PLACES: list[dict[str, JsonValue]] = [
    {},
    {"line": 2},
    {"line": 2, "column": 30, "end_column": 34},
    {"line": 3, "column": 2},
    {"line": 3, "column": 400, "end_column": 2},
    {"line": 4, "column": 200, "end_column": 220},
    {"line": 99, "column": 1},
    {"line": 1, "column": None, "end_column": 4},
]
TEXTS = [
    "division by zero",
    "m" * 700,
    "several\n lines\tof\u2028text",
    "hidden\x1b[31m\x00\b\f\r\x7f\x85\x9b2J\u202e\u200b\U000e0001, seen\xa0\u202f\u3000東京 😀",
]
ALIKE = [
    {
        "type": "failed",
        "errors": [{"kind": kind, "message": text, "hint": hint, "signature": signature, **place}],
        "printed": printed,
        "printed_is_cut": False,
    }
    for kind in ("snippet_error", "type_error")
    for text in TEXTS
    for place in PLACES
    for hint, signature, printed in (
        (None, None, "before it\nfailed\n"),
        ("h" * 300, "crm.f(" + "a: str, " * 40 + ")", ""),
    )
]
SEVERAL = [
    {
        "type": "failed",
        "errors": [
            {"kind": "unknown_name", "message": f"{number} is not defined" * number, "line": number}
            for number in range(1, count)
        ],
        "printed": "",
        "printed_is_cut": False,
    }
    for count in (2, 3, 6, 9)
]
BY_KIND = [
    {"type": "failed", "errors": [{"kind": kind, "message": "m"}], "printed": "", "printed_is_cut": False}
    for kind in ("internal", "denied")
]
FAILURES = cast("list[dict[str, JsonValue]]", [*ALIKE, *SEVERAL, *BY_KIND])


def test_an_outcome_has_the_same_json_and_text() -> None:
    asked = [
        (message, calls, notes, limits)
        for message in [*MESSAGES, *FAILURES]
        for calls in CALLS
        for notes in ([], ["a note", "n" * 200])
        for limits in ({"printed_characters": 40, "value_characters": 500},)
    ]
    cases = [
        {
            "message": json.dumps(message),
            "source": SNIPPET,
            "limits": limits,
            "calls": [one.to_json() for one in calls],
            "notes": notes,
            "is_dry_run": any(one.state == "not_called" for one in calls),
        }
        for message, calls, notes, limits in asked
    ]
    python = [ended(message, calls, notes, limits) for message, calls, notes, limits in asked]
    assert differences(cases, python, page_answers("ending", cases)) == []


def ended(message: dict[str, JsonValue], calls: list[CallRecord], notes: list[str], limits: dict[str, int]) -> object:
    all_limits = replace(Limits(), **limits)
    known = Known(
        source=SNIPPET,
        only_review=False,
        limits=all_limits,
        calls=calls,
        notes=notes,
        refusals={},
        egress=Egress(limit_characters=all_limits.value_characters),
    )
    decoded = decode_json(json.dumps(message).encode())
    if decoded["type"] == "done":
        outcome: Outcome | None = done(decoded, known)
    else:
        assert decoded["type"] == "failed"
        outcome = failed(decoded, known)
    if outcome is None:
        return None
    further = dry_run_notes(calls) if any(one.state == "not_called" for one in calls) else []
    whole = replace(outcome, calls=tuple(calls), notes=(*further, *outcome.notes), catalog="7f3a91c2")
    return {"text": whole.text(), "json": cast("object", json.loads(json.dumps(whole.to_json())))}
