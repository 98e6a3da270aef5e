"""Admission: the same calls are sent, with the same arguments; the same are refused, with the same words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.admit import Admission, Admitted, Refusal
from ioconnect_codemode.approval import request_of
from ioconnect_codemode.values import JsonValue
from page.both import WEALTH_DESK, differences, page_answers
from runtime.packages import write_package  # noqa: TID251 - the tests of the runtime, not its sources

ADDRESS: JsonValue = {"city": "Rome", "post-code": None}
SMALL: list[tuple[str, dict[str, JsonValue]]] = [
    ("crm.find_clients", {"name": "Ann"}),
    ("crm.find_clients", {"name": "Ann", "limit": 5, "segment": "private"}),
    ("crm.find_clients", {"name": 1}),
    ("crm.find_clients", {"name": "Ann", "limit": 5.0}),
    ("crm.find_clients", {"name": "Ann", "limit": 5.5}),
    ("crm.find_clients", {"name": "Ann", "limit": True}),
    ("crm.find_clients", {"name": "Ann", "segment": "royal"}),
    ("crm.find_clients", {"name": "Ann", "segment": None}),
    ("crm.find_clients", {"nam": "Ann", "limits": 1}),
    ("crm.find_clients", {}),
    ("crm.add_note", {"client_id": "1", "text": "t", "address": ADDRESS, "phone": None}),
    ("crm.add_note", {"client_id": "1", "text": "t", "address": None}),
    ("crm.add_note", {"client_id": "1", "text": "t", "address": {"post-code": "1"}}),
    ("crm.add_note", {"client_id": "1", "text": "t", "address": [1]}),
    ("crm.add_note", {"client_id": "1", "text": "t", "phone": 5}),
    ("crm.show_client", {"client_id": "1"}),
    ("intents.view_contact", {"context": {"type": "fdc3.contact", "name": "Ann", "e-mail": None}}),
    ("intents.view_contact", {"context": {"name": "Ann"}}),
    ("intents.view_contact", {}),
    ("intents.show_client", {"client": {"id": "1", "name": "A", "adviser": None, "partner": {"id": 2}}}),
    ("intents.show_client", {"client": {"id": "1", "name": "A", "adviser": None, "items": ["a", 1]}}),
    ("crm.delete_all", {}),
    ("CRM.FindClients", {}),
    ("constructor", {}),
    ("__proto__", {"a": 1}),
    ("", {}),
    ("x" * 500, {}),
]
MANY_ALIKE: list[JsonValue] = ["x"] * 101
MANY: list[JsonValue] = [str(number) for number in range(101)]
OPTIONS: list[dict[str, JsonValue]] = [
    {},
    {"target": "all"},
    {"target": "best", "wait_for_s": 0},
    {"target": ["a", "b", "a"], "wait_for_s": 3},
    {"target": []},
    {"target": MANY_ALIKE},
    {"target": MANY},
    {"target": 5},
    {"wait_for_s": 99},
    {"wait_for_s": -1},
]
DESK: list[tuple[str, dict[str, JsonValue]]] = [
    ("crm.get_client", {"id": "CL-10024"}),
    ("crm.get_client", {"clientId": "CL-10024"}),
    ("crm.get_client", {"id": "nobody"}),
    ("crm.add_note", {"clientId": "CL-10024", "text": "x", "category": "call", "followUp": "2026-12-01"}),
    ("crm.add_note", {"clientId": "CL-10024", "text": "", "category": "call"}),
    ("crm.add_note", {"clientId": "CL-10024", "text": "x", "followUp": "soon"}),
    ("crm.add_note", {"clientId": "CL-10024", "text": "x", "followUp": "2026-02-30"}),
    ("crm.add_note", {"clientId": "CL-10024", "text": "y" * 4_001}),
    ("crm.add_note", {"clientId": "CL-10024", "text": "\U0001f600" * 4_000}),
    ("orders.place_order", {"side": "buy"}),
    ("platform.start_application", {"name": "crm"}),
    ("market_data.ticks", {"symbol": "NESN", "take": 0}),
    ("market_data.ticks", {"take": 3, "timeout_s": 99}),
    ("market_data.ticks", {"take": 3, "timeout_s": 2}),
    ("market_data.ticks", {"take": 10, "timeout_s": 5.0}),
    *(("market_data.get_quote", {"symbol": "NESN", **options}) for options in OPTIONS),
]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_package(tmp_path_factory.mktemp("package") / "small")


def answer_of(folder: Path, name: str, arguments: dict[str, JsonValue]) -> object:
    return told(Admission(Manifest.read(folder), Policy()).admit(name, arguments))


def told(admitted: Admitted | Refusal) -> object:
    if isinstance(admitted, Refusal):
        signature, hint = admitted.signature, admitted.hint
        return {"kind": admitted.kind, "message": admitted.message, "signature": signature, "hint": hint}
    route = admitted.route
    wire = {"kind": route.kind, "name": route.name, "accepts": route.accepts, "returns": route.returns}
    target = route.target if isinstance(route.target, str) else list(route.target)
    options = {"take": route.take, "take_for_s": route.take_for_s, "target": target, "wait_for_s": route.wait_for_s}
    return {"arguments": admitted.arguments, "route": {**wire, **options}, "given": admitted.given}


def test_calls_of_the_small_package_are_admitted_alike(small: Path) -> None:
    cases = [{"package": str(small), "name": name, "arguments": json.dumps(given)} for name, given in SMALL]
    python = [answer_of(small, name, given) for name, given in SMALL]
    assert differences(cases, python, page_answers("admit", cases, needs_library=True)) == []


def test_calls_of_the_wealth_desk_are_admitted_alike() -> None:
    cases = [{"package": str(WEALTH_DESK), "name": name, "arguments": json.dumps(given)} for name, given in DESK]
    python = [answer_of(WEALTH_DESK, name, given) for name, given in DESK]
    assert differences(cases, python, page_answers("admit", cases, needs_library=True)) == []


def test_every_capability_of_the_desk_refuses_a_call_without_arguments_alike() -> None:
    manifest = Manifest.read(WEALTH_DESK)
    cases = [{"package": str(WEALTH_DESK), "name": name, "arguments": "{}"} for name in manifest.capabilities]
    python = [answer_of(WEALTH_DESK, name, {}) for name in manifest.capabilities]
    assert differences(cases, python, page_answers("admit", cases, needs_library=True)) == []


def test_a_whole_number_that_javascript_would_change_is_not_sent(small: Path) -> None:
    case = {"package": str(small), "name": "intents.view_contact"}
    case["arguments"] = json.dumps({"context": {"type": "fdc3.contact", "name": "Ann", "x": {"at": [2**53]}}})
    [answer] = page_answers("admit", [case], needs_library=True)
    assert isinstance(answer, dict)
    assert answer["kind"] == "argument"
    assert "at[0]: a whole number beyond 2**53-1" in str(answer["message"])


def test_answers_are_held_to_their_declaration_alike(small: Path) -> None:
    client: dict[str, JsonValue] = {"id": "1", "name": "A", "adviser": None}
    answers: list[JsonValue] = [
        [],
        [client],
        [client, {**client, "id": 2}],
        None,
        "text",
        {"clients": []},
        [{"id": "1"}],
        [{**client, "further": 1}],
        [[client]],
    ]
    checks = ("strict", "warn", "off")
    cases = [
        {
            "package": str(small),
            "policy": {"results": {"check": check}},
            "name": "crm.find_clients",
            "arguments": {"name": "A"},
            "answer": answer,
        }
        for check in checks
        for answer in answers
    ]
    python = [judged(small, check, answer) for check in checks for answer in answers]
    assert differences(cases, python, page_answers("judge", cases, needs_library=True)) == []


def judged(folder: Path, check: str, answer: JsonValue) -> object:
    admission = Admission(Manifest.read(folder), Policy(results=check))  # type: ignore[arg-type]
    admitted = admission.admit("crm.find_clients", {"name": "A"})
    assert isinstance(admitted, Admitted)
    judged = admission.judge(admitted, answer)
    return told(judged) if isinstance(judged, Refusal) else judged


def test_a_person_is_asked_the_same(small: Path) -> None:
    texts = [
        "short",
        "x" * 500,
        "\u202eturned\x1b[2J\n",
        'say "yes" \u2028',
        "\U0001f600" * 100,
        "a\u3164b\ufe0fc\U000e0100\u2800" * 40,
    ]
    noted: list[tuple[str, dict[str, JsonValue]]] = [
        ("crm.add_note", {"client_id": "1", "text": text}) for text in texts
    ]
    given: list[tuple[str, dict[str, JsonValue]]] = [
        *noted,
        ("crm.find_clients", {"name": "A", "limit": 1.0, "segment": None, "a": [1, {"b": True}]}),
        ("crm.show_client", {f"key{index}" * 9: "y" * 70 for index in range(9)}),
    ]
    cases = [{"package": str(small), "name": name, "given": json.dumps(arguments)} for name, arguments in given]
    manifest = Manifest.read(small)
    python = [
        request_of(name, manifest.capabilities[name], arguments, expires_s=600).sentence for name, arguments in given
    ]
    assert differences(cases, python, page_answers("approval", cases)) == []
