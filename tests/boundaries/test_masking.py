"""Masked fields against snippets that try to take them out. What isn't stopped is in docs/boundaries.md, and here too."""

from __future__ import annotations

import json

import pytest

from ioconnect_codemode import CodeMode, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRules
from journeys.desk import run, with_desk

POLICY = Policy(mask=("Client.email", "Client.segment", "*.phone"))
GET = 'c = crm.get_client("CL-10024")\n'
CLIENT = run('crm.get_client("CL-10024")').value
"""What the app answers, from a desk without masks."""


def shown(outcome: Outcome) -> str:
    return f"{json.dumps(outcome.to_json(), ensure_ascii=False)}\n{outcome.text()}".casefold()


def secrets() -> list[str]:
    assert isinstance(CLIENT, dict)
    return [str(CLIENT["email"]).casefold(), str(CLIENT["phone"]).casefold()]


@pytest.mark.parametrize(
    "code",
    [
        "c",
        "[c]",
        "{'found': {'c': c}}",
        "c.email",
        "{**c}",
        "dict(c)",
        "list(c.items())",
        "print(c)",
        "print({**c})",
        "print(*c.values())",
        "str(c)",
        "repr(c)",
        "f'{c}'",
        "f'{c.email}'",
        "f'{c.email!r:>60}'",
        "'%s' % c.email",
        "'{}'.format(c['email'])",
        "import json\njson.dumps(c)",
        "import json\njson.dumps(json.dumps({'a': [c.email]}))",
        "import json\nprint(json.dumps({**c}, indent=2))",
        "c.email.upper()",
        "c.email.title().swapcase()",
        "' '.join(c.email)",
        "'-'.join(c.email)",
        "'\\n'.join(list(c.email))",
        "c.email.replace('@', ' at ')",
        "'x' + c.email + 'x'",
        "c.email * 3",
        "{c.email: 1}",
        "{(c.email): {c.phone: 2}}",
        "sorted([c.email, c.phone, 'b', 'z'])",
        "max([c.email, 'a'])",
        "set([c.email])",
        "raise ValueError(c.email)",
        "raise ValueError(c)",
        "raise KeyError(c.phone)",
        "class Mine(Exception): pass\nraise Mine(f'no {c!r}')",
        "assert False, c.email",
        "int(c.email)",
        "{}[c.email]",
        "crm.get_client(c.email)",
        "try:\n    crm.get_client(c.email)\nexcept AppError as error:\n    print(error)",
        "from dataclasses import dataclass\n@dataclass\nclass Row:\n    email: str\nprint(Row(c.email))\nRow(c.email)",
        "c['email'] = c.email[::-1]\nc",
        "print('x' * 3990 + c.email)",
        "[c.email] * 5000",
        "'x' * 980 + c.email + 'x' * 30000",
        "{'a' * 30: [c.email * 900], c.email * 90: 1}",
        "match c:\n    case {'email': found}:\n        print(found)",
    ],
)
def test_a_masked_value_does_not_leave(code: str) -> None:
    text = shown(run(GET + code, policy=POLICY))
    squeezed = "".join(one for one in text if one.isalnum())
    for secret in secrets():
        assert secret not in text
        assert "".join(one for one in secret if one.isalnum()) not in squeezed


@pytest.mark.parametrize(
    ("code", "value"),
    [
        (f"c.email == {secrets()[0]!r}", True),
        ("len([one for one in crm.find_clients(name='a') if one.email.endswith('mail.example')]) > 0", True),
        ("crm.find_clients(name=c.name)[0].segment == c.segment", True),
        ("c['phone'] is not None and 'phone' in c", True),
    ],
)
def test_a_masked_field_can_be_used_in_the_code(code: str, value: bool) -> None:
    outcome = run(GET + code, policy=POLICY)
    assert outcome.value is value, outcome.text()


def test_the_record_s_other_fields_leave_as_they_are() -> None:
    assert isinstance(CLIENT, dict)
    value = run(GET + "c", policy=POLICY).value
    assert value == {**CLIENT, "email": "***", "segment": "***", "phone": "***"}


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("c.segment", "private"),
        ("{'kind': c.segment}", {"kind": "private"}),
        ("c.email[:6]", "amelia"),
        ("c.email[::-1][-6:]", "ailema"),
        ("[ord(one) for one in c.email][:3]", [97, 109, 101]),
        ("list(c.email)[:3]", ["a", "m", "e"]),
        ("c.email < 'b'", True),
        ("'@' in c.email", True),
    ],
)
def test_what_masking_does_not_stop(code: str, value: object) -> None:
    assert run(GET + code, policy=POLICY).value == value


def test_a_masked_input_does_not_leave_either() -> None:
    outcome = run("[who, who['phone']]", inputs={"who": {"phone": "+41 44 000 11 22"}}, policy=POLICY)
    assert outcome.value == [{"phone": "***"}, "***"]


def test_what_a_person_and_a_model_are_told_of_a_held_call_is_masked() -> None:
    code = GET + 'crm.add_note(clientId=c.id, text=f"wrote to {c.email}")'
    for policy, dry_run in ((Policy(mask=POLICY.mask, approval=ApprovalRules(ask=("write",))), False), (POLICY, True)):

        async def act(code_mode: CodeMode, dry_run: bool = dry_run) -> Outcome:
            return await code_mode.execute_python_code(code, dry_run=dry_run)

        text = shown(with_desk(act, policy=policy))
        assert "wrote to ***" in text
        assert secrets()[0] not in text


def test_a_run_that_is_resumed_masks_what_came_before() -> None:
    async def act(code_mode: CodeMode) -> Outcome:
        paused = await code_mode.execute_python_code(
            f"{GET}crm.add_note(clientId=c.id, text='x')\n[c.email, c.adviser]"
        )
        assert paused.error is not None
        assert paused.error.approval_id is not None
        return await code_mode.resume(paused.error.approval_id, approved=True)

    outcome = with_desk(act, policy=Policy(mask=POLICY.mask, approval=ApprovalRules(ask=("write",))))
    assert outcome.value == ["***", "Jonas Weber"]


def test_a_source_line_is_the_snippet_s_own() -> None:
    secret = secrets()[0]
    outcome = run(f"{GET}if c.email == {secret!r}: raise ValueError(c.email)", policy=POLICY)
    assert outcome.error is not None
    assert (outcome.error.message, secret in (outcome.error.source or "")) == ("ValueError: ***", True)
