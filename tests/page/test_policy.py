"""Policy: the same document gives the same catalog, or is refused with the same words."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from ioconnect_codegen.web.packages import policy_document
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.errors import PolicyError
from ioconnect_codemode.rules import _Reader  # pyright: ignore[reportPrivateUsage]
from page.both import WEALTH_DESK, differences, page_answers

DOCUMENTS: list[dict[str, object]] = [
    {},
    policy_document(Policy.of_package(WEALTH_DESK)),  # type: ignore[list-item]
    {"capabilities": {"allow": ["crm.*", "orders.get*"]}},
    {"capabilities": {"deny": ["*.delete_*", "*client*"]}},
    {"capabilities": {"allow": []}},
    {"capabilities": {"hide_system": True}},
    {"capabilities": {"allow": ["platform.*"], "hide_system": True}},
    {"capabilities": {"hide_system": False}},
    {
        "effects": {"crm.add_note": "read", "nobody.there": "write", "crm.sync_contact": "unknown"},
        "approval": {"ask": ["write"]},
    },
    {"approval": {"ask": ["destructive", "crm.list_*"], "deny": ["unknown"], "expires_s": 5}},
    {"approval": {"deny": ["write"]}},
    {"results": {"check": "off", "crm.*": "strict", "crm.find_*": "warn", "*": "strict"}},
    {"limits": {"timeout_s": 2.5, "calls": 10}, "egress": {"limit_characters": 500}},
]
REFUSED: list[dict[str, object]] = [
    {"capability": {}},
    {"allow": ["*"], "deny": {}},
    {"effects": {"crm.*": "read", "crm.add_note": "write"}},
    {"results": {"chek": "off", "*": "off"}},
    {"limits": {"value_characters": 6}, "egress": {"limit_characters": 5}},
    {"capabilities": {"alow": ["*"]}},
    {"capabilities": {"allow": "crm.*"}},
    {"capabilities": {"hide_system": "yes"}},
    {"capabilities": {"hide_systems": True}},
    {"capabilities": []},
    {"effects": {"crm.add_note": "reads"}},
    {"effects": {"crm": {"add_note": "read"}}},
    {"results": {"check": "maybe"}},
    {"approval": {"ask": ["everything"], "expires_s": 0}},
    {"approval": {"expires_s": True}},
    {"limits": {"timeout_s": 0, "calls": 1.5, "memory_bytes": 1}},
    {"limits": {"seconds": 3}},
    {"egress": {"limit_characters": -1, "mask": ["iban", "Client.tax*"]}},
    {"language": {"facades": ["os", "json"]}},
]


def test_a_policy_leaves_the_same_catalog() -> None:
    cases = [{"document": document, "package": str(WEALTH_DESK)} for document in DOCUMENTS]
    python = [{"value": _applied(document)} for document in DOCUMENTS]
    assert differences(cases, python, page_answers("policy", cases)) == []


def _applied(document: dict[str, object]) -> dict[str, object]:
    policy = _Reader("policy.json", document).policy()
    manifest = policy.apply(Manifest.read(WEALTH_DESK))
    return {
        "effects": {name: entry["effect"] for name, entry in manifest.capabilities.items()},
        "asks": [name for name, entry in manifest.capabilities.items() if policy.approval.asks(name, entry["effect"])],
        "checks": {name: policy.result_check(name) for name in manifest.capabilities},
        "globals": dict(manifest.global_functions),
        "limits": asdict(policy.limits),
    }


def test_a_policy_that_can_not_be_enforced_is_refused_in_the_same_words() -> None:
    cases = [{"document": document, "package": str(WEALTH_DESK)} for document in REFUSED]
    python = [{"error": "PolicyError", "message": _problems(document)} for document in REFUSED]
    assert differences(cases, python, page_answers("policy", cases)) == []


def _problems(document: dict[str, object]) -> str:
    with pytest.raises(PolicyError) as caught:
        _Reader("policy.json", document).policy()
    return str(caught.value).removeprefix("policy.json: ")


OF_A_FILE = "is of a file, and a page has none: it gives its records to onAudit; take it out"


@pytest.mark.parametrize(
    ("audit", "problem"),
    [
        ({"file": "a.jsonl"}, f"audit.file {OF_A_FILE}"),
        ({"rotate_bytes": 65_536, "keep": 2}, f"audit.rotate_bytes {OF_A_FILE}; audit.keep {OF_A_FILE}"),
        ({"arguments": "all"}, "audit.arguments must be one of hash, names, full"),
        ({"on_failure": True}, "audit.on_failure must be one of stop, go_on"),
        ({"files": "a"}, "audit.files is unknown; known are arguments, file, keep, on_failure, rotate_bytes"),
        ([], "audit must be a table"),
        (None, None),
        ({}, None),
        ({"arguments": "full", "on_failure": "go_on"}, None),
    ],
)
def test_of_an_audit_a_page_takes_what_is_not_of_a_file(audit: object, problem: str | None) -> None:
    (told,) = page_answers("policy", [{"document": {"audit": audit}, "package": str(WEALTH_DESK)}])
    assert isinstance(told, dict)
    assert told.get("message") == problem
