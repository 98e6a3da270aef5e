from __future__ import annotations

from pathlib import Path

import pytest

from ioconnect_codemode import CodeMode
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.errors import PolicyError, UsageError
from ioconnect_codemode.language import SAFE_MODULES
from ioconnect_codemode.limits import Limits
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.rules import AuditRules, Policy, ResultCheck
from ioconnect_codemode.transports import EmbeddedTransport

SECTIONS = "known sections are approval, audit, capabilities, effects, egress, language, limits, results"
WHOLE = """
[capabilities]
allow = ["crm.*", "intents.view_*"]
deny = ["*.delete_*"]
hide_system = true

[effects]
"crm.add_note" = "destructive"

[results]
check = "strict"
"crm.*" = "off"
"crm.find_*" = "warn"

[egress]
limit_characters = 500
mask = ["Client.taxId", "*.iban"]

[limits]
timeout_s = 2.5
calls = 7

[language]
facades = ["json", "math"]

[audit]
file = "log/audit.jsonl"
arguments = "names"
keep = 3
"""


def read(tmp_path: Path, text: str) -> Policy:
    path = tmp_path / "codemode.toml"
    path.write_text(text, encoding="utf-8")
    return Policy.read(path)


def refusal(tmp_path: Path, text: str) -> str:
    with pytest.raises(PolicyError) as raised:
        read(tmp_path, text)
    return str(raised.value).removeprefix(f"{tmp_path / 'codemode.toml'}: ")


def test_every_section_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, WHOLE) == Policy(
        allow=("crm.*", "intents.view_*"),
        deny=("*.delete_*",),
        hide_system=True,
        effects={"crm.add_note": "destructive"},
        results="strict",
        results_by_name={"crm.*": "off", "crm.find_*": "warn"},
        limits=Limits(timeout_s=2.5, calls=7, value_characters=500),
        facades=("json", "math"),
        mask=("Client.taxId", "*.iban"),
        audit=AuditRules(file=tmp_path / "log" / "audit.jsonl", arguments="names", keep=3),
    )


def test_an_empty_policy_is_the_default(tmp_path: Path) -> None:
    assert read(tmp_path, "") == Policy()


def test_a_package_without_a_policy_has_the_default(package: Path) -> None:
    assert Policy.of_package(package) == Policy()


def test_a_package_s_own_policy_is_read(package: Path) -> None:
    (package / "codemode.toml").write_text('[capabilities]\nallow = ["crm.*"]\n', encoding="utf-8")
    assert Policy.of_package(package) == Policy(allow=("crm.*",))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[capabilities]\nallow = "crm.*"', 'capabilities.allow must be a list of text, as in ["crm.*"]'),
        ("[capabilities]\ndeny = [1]", 'capabilities.deny must be a list of text, as in ["*.delete_*"]'),
        ("[capabilities]\nalow = []", "capabilities.alow is unknown; known are allow, deny, hide_system"),
        ("[capabilities]\nhide_system = 1", "capabilities.hide_system must be true or false"),
        (
            "[capabilities]\nhide_systems = true",
            "capabilities.hide_systems is unknown; known are allow, deny, hide_system",
        ),
        ('[egress]\nmask = ["iban"]', "egress.mask: 'iban' must be a record and a field, Client.taxId or *.iban"),
        (
            '[egress]\nmask = ["Client.*"]',
            "egress.mask: 'Client.*' must be a record and a field, Client.taxId or *.iban",
        ),
        ("[egress]\nmask = [1]", 'egress.mask must be a list of text, as in ["Client.taxId"]'),
        ('[approval]\nask = ["wirte"]', 'approval: "wirte" is neither an effect nor a name like "crm.add_*"'),
        ("[approval]\nexpires_s = 0", "approval.expires_s must be a number of seconds above 0 and up to 86,400"),
        ("[approval]\nexpires_s = true", "approval.expires_s must be a number of seconds above 0 and up to 86,400"),
        ("[approval]\nwho = 1", "approval.who is unknown; known are ask, deny, expires_s"),
        ("[audit]", "audit.file must be the path of the audit"),
        ("[audit]\nfile = 1", "audit.file must be the path of the audit"),
        ('[audit]\nfile = "a"\narguments = "all"', "audit.arguments must be one of hash, names, full"),
        ('[audit]\nfile = "a"\non_failure = 1', "audit.on_failure must be one of stop, go_on"),
        (
            '[audit]\nfile = "a"\nrotate_bytes = 10',
            "audit.rotate_bytes must be a whole number from 65,536 to 1,099,511,627,776",
        ),
        ('[audit]\nfile = "a"\nkeep = true', "audit.keep must be a whole number from 1 to 1,000"),
        (
            '[audit]\nfile = "a"\nfolder = 1',
            "audit.folder is unknown; known are arguments, file, keep, on_failure, rotate_bytes",
        ),
        (
            "[polcy]",
            f"[polcy] is unknown; {SECTIONS}",
        ),
        ("allow = []", f"allow, which stands in no section, is unknown; {SECTIONS}"),
        ('[effects]\n"crm.*" = "write"', 'effects: "crm.*" must be one full name, "crm.add_note"'),
        ('[results]\nchek = "off"', 'results: "chek" is neither check nor a name like "crm.add_*"'),
        (
            "[egress]\nlimit_characters = 5\n[limits]\nvalue_characters = 6",
            "egress.limit_characters and limits.value_characters are one limit: give it once",
        ),
        ("capabilities = 1", "capabilities must be a table"),
        ('[effects]\n"crm.f" = "reads"', 'effects."crm.f" must be one of read, write, destructive, unknown'),
        ('[effects]\ncrm.f = "read"', 'effects.crm is a table: write names with a dot in quotes, "crm.name" = ...'),
        ('[results]\ncheck = "stern"', 'results."check" must be one of strict, warn, off'),
        ('[results]\n"crm.*" = 1', 'results."crm.*" must be one of strict, warn, off'),
        ("[limits]\ntimeout_s = 0", "limits.timeout_s must be a number above 0, not 0"),
        ('[limits]\ncalls = "many"', "limits.calls must be a whole number above 0, not 'many'"),
        (
            "[limits]\nspeed = 1",
            "limits.speed is unknown; known are call_bytes, call_timeout_s, calls, calls_at_once, code_bytes, "
            "memory_bytes, printed_characters, timeout_s, total_s, value_characters",
        ),
        (
            "[egress]\nlimit_characters = true",
            "egress.limit_characters must be a whole number above 0, not True",
        ),
        (
            '[language]\nfacades = ["json", "os", "sys"]',
            f"language.facades: there is no facade for os, sys; there are {', '.join(SAFE_MODULES)}",
        ),
    ],
)
def test_what_can_not_be_enforced_is_refused_by_name(tmp_path: Path, text: str, message: str) -> None:
    assert refusal(tmp_path, text) == message


def test_every_wrong_thing_is_named_at_once(tmp_path: Path) -> None:
    text = '[polcy]\n[capabilities]\nallow = 1\n[limits]\ncalls = 0\ntimeout_s = "x"\n[language]\nfacades = ["os"]'
    assert refusal(tmp_path, text) == (
        f"[polcy] is unknown; {SECTIONS}; "
        "limits.calls must be a whole number above 0, not 0; "
        "limits.timeout_s must be a number above 0, not 'x'; "
        'capabilities.allow must be a list of text, as in ["crm.*"]; '
        f"language.facades: there is no facade for os; there are {', '.join(SAFE_MODULES)}"
    )


def test_a_file_that_is_no_toml_is_refused_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"codemode.toml is not TOML: .*line 2"):
        read(tmp_path, "[capabilities]\nallow = crm\n")


def test_a_file_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"codemode.toml is nested too deeply"):
        read(tmp_path, f"x = {'[' * 5_000}{']' * 5_000}")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_bytes(b"\xff\xfe")
    with pytest.raises(PolicyError, match=r"policy.toml is not TOML"):
        Policy.read(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PolicyError, match=r"nowhere.toml can't be read: No such file"):
        Policy.read(tmp_path / "nowhere.toml")


@pytest.mark.parametrize(
    ("policy", "name", "allowed"),
    [
        (Policy(), "crm.find_clients", True),
        (Policy(allow=("crm.*",)), "crm.find_clients", True),
        (Policy(allow=("crm.*",)), "intents.view_contact", False),
        (Policy(allow=("*",), deny=("*.add_*",)), "crm.add_note", False),
        (Policy(allow=("crm.add_note",), deny=("crm.add_note",)), "crm.add_note", False),
        (Policy(allow=()), "crm.find_clients", False),
        (Policy(allow=("CRM.*",)), "crm.find_clients", False),
        (Policy(allow=("crm.find_client",)), "crm.find_clients", False),
    ],
)
def test_a_capability_must_match_allow_and_not_deny(policy: Policy, name: str, allowed: bool) -> None:
    assert policy.allows(name) is allowed


def test_what_is_denied_is_not_in_the_catalog_and_reviewed_effects_are(manifest: Manifest) -> None:
    policy = Policy(deny=("intents.*",), effects={"crm.show_client": "read"})
    applied = policy.apply(manifest)
    assert {name: entry["effect"] for name, entry in applied.capabilities.items()} == {
        "crm.find_clients": "read",
        "crm.add_note": "write",
        "crm.show_client": "read",
    }
    assert list(applied.namespaces) == ["crm"]


def test_the_default_policy_leaves_the_catalog_as_it_is(manifest: Manifest) -> None:
    assert Policy().apply(manifest) is manifest


@pytest.mark.parametrize(
    ("policy", "has_rules"),
    [(Policy(), False), (Policy(deny=("a",)), True), (Policy(allow=("crm.*",)), True), (Policy(results="off"), False)],
)
def test_only_what_refuses_a_capability_is_a_rule(policy: Policy, has_rules: bool) -> None:
    assert policy.has_rules is has_rules


@pytest.mark.parametrize(
    ("name", "check"), [("crm.add_note", "off"), ("crm.find_clients", "warn"), ("intents.view_contact", "strict")]
)
def test_the_longest_glob_decides_how_results_are_checked(name: str, check: ResultCheck) -> None:
    policy = Policy(results="strict", results_by_name={"crm.find_*": "warn", "crm.*": "off"})
    assert policy.result_check(name) == check


def test_a_mask_that_matches_no_declared_field_is_said(manifest: Manifest) -> None:
    policy = Policy(mask=("Client.adviser", "Client.advisor", "*.post-code", "*.iban"))
    assert policy.unmatched(manifest) == ["Client.advisor", "*.iban"]


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"allow": "crm.*"}, "allow must be a list of text"),
        ({"deny": [1]}, "deny must be a list of text"),
        ({"mask": "Client.taxId"}, "mask must be a list of text"),
        ({"mask": ["taxId"]}, "mask: 'taxId' must be a record and a field, Client.taxId or *.iban"),
        ({"facades": ["os"]}, f"facades: there is no facade for os; there are {', '.join(SAFE_MODULES)}"),
        ({"results": "Strict"}, "results must be one of strict, warn, off"),
        ({"results_by_name": {"crm": "off"}}, 'results: "crm" is neither check nor a name like "crm.add_*"'),
        ({"effects": {"crm.add_?": "read"}}, 'effects: "crm.add_?" must be one full name, "crm.add_note"'),
        ({"results_by_name": {"crm.*": "none"}}, "crm.* must be one of strict, warn, off"),
        ({"effects": {"crm.x": "rd"}}, "the effect of crm.x must be one of read, write, destructive, unknown"),
        ({"limits": 5}, "limits must be Limits, not int"),
        ({"approval": ["write"]}, "approval must be ApprovalRules, not list"),
        ({"audit": "audit.jsonl"}, "audit must be AuditRules, not str"),
    ],
)
def test_a_policy_made_in_code_that_would_not_hold_is_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        Policy(**wrong)  # type: ignore[arg-type]
    assert str(raised.value) == message


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"ask": "write"}, "ask must be a list of text"),
        ({"deny": ["wrte"]}, '"wrte" is neither an effect nor a name like "crm.add_*"'),
        ({"expires_s": 0}, "expires_s must be a number of seconds above 0 and up to 86,400"),
        ({"expires_s": float("nan")}, "expires_s must be a number of seconds above 0 and up to 86,400"),
    ],
)
def test_rules_of_approval_that_would_not_hold_are_refused(wrong: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as raised:
        ApprovalRules(**wrong)  # type: ignore[arg-type]
    assert str(raised.value) == message


def test_a_mark_at_the_beginning_of_a_file_does_not_count(tmp_path: Path) -> None:
    assert read(tmp_path, "\ufeff[capabilities]\nallow = ['crm.*']").allow == ("crm.*",)


def test_a_path_of_no_file_is_no_audit() -> None:
    with pytest.raises(UsageError, match="file must be the path of the audit"):
        AuditRules(file="a\0b")


def test_what_an_opened_package_has_nothing_for_is_logged(package: Path, caplog: pytest.LogCaptureFixture) -> None:
    CodeMode.open(
        package, transport=EmbeddedTransport({}), policy=Policy(deny=["crm.ad_note", "crm.*"], mask=["*.iban"])
    )
    assert [record.getMessage() for record in caplog.records if record.name == "ioconnect_codemode.policy"] == [
        f'the policy names "{pattern}", which nothing in the package matches' for pattern in ("crm.ad_note", "*.iban")
    ]
