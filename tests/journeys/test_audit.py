"""What the audit of the wealth desk says of runs, and what follows where it can't be written."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import shutil
from pathlib import Path

import pytest

from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Manifest, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.audit import Audit, argument_hash, read_key
from ioconnect_codemode.egress import Egress
from ioconnect_codemode.errors import ObserverError
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.masking import Masks
from ioconnect_codemode.observers import CallStarting, RunStarted
from ioconnect_codemode.rules import AuditRules
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE, run, with_desk

Record = dict[str, JsonValue]


def audited(
    path: Path, code: str, rules: AuditRules | None = None, *, mask: tuple[str, ...] = (), dry_run: bool = False
) -> tuple[Outcome, list[Record]]:
    async def act() -> Outcome:
        policy = Policy(audit=rules or AuditRules(file=path), mask=mask)
        transport = EmbeddedTransport(make_handlers())
        async with CodeMode.open(PACKAGE, transport=transport, policy=policy, spares=0, principal="ann") as code_mode:
            return await code_mode.execute_python_code(code, inputs={"who": "x"}, dry_run=dry_run)

    outcome = asyncio.run(act())
    return outcome, records(path)


def records(path: Path) -> list[Record]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []


def part(record: JsonValue, key: str) -> JsonValue:
    assert isinstance(record, dict)
    return record[key]


NOTE = 'crm.add_note(clientId="CL-10024", text="call back", category="call")\n"done"'


def test_a_run_and_its_calls_have_a_line_each(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    rules = AuditRules(file=path, on_failure="go_on")
    outcome, (call, ran) = audited(path, NOTE, rules)
    assert outcome.ok, outcome.text()
    volatile = {"at", "ms", "run", "arguments", "answer_bytes", "catalog", "snippet"}
    assert {key: value for key, value in call.items() if key not in volatile} == {
        "type": "call",
        "who": "ann",
        "call": 1,
        "capability": "crm.add_note",
        "effect": "write",
        "state": "finished",
        "error": None,
    }
    assert {key: value for key, value in ran.items() if key not in volatile} == {
        "type": "run",
        "who": "ann",
        "inputs": ["who"],
        "kind": "run",
        "resumes": None,
        "ok": True,
        "error": None,
        "calls": {"finished": 1},
        "left": {
            "kind": "value",
            "bytes": len(outcome.text()),
            "printed_bytes": 0,
            "value_bytes": None,
            "masked_fields": [],
            "masked": 0,
        },
    }
    assert (call["run"], call["answer_bytes"], ran["catalog"]) == (ran["run"], outcome.calls[0].bytes, outcome.catalog)
    assert str(ran["at"]).endswith("Z")
    assert len(str(ran["snippet"])) == 64
    assert "CL-10024" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("effect", ["write", "destructive", "unknown"])
def test_a_call_of_each_effect_but_read_has_a_line_before_it_is_sent(tmp_path: Path, effect: Effect) -> None:
    path = tmp_path / "a"
    seen: list[JsonValue] = []

    def add(arguments: dict[str, JsonValue]) -> JsonValue:
        seen.extend(line["type"] for line in records(path))
        return {}

    policy = Policy(audit=AuditRules(file=path), effects={"crm.add_note": effect})
    run(NOTE, handlers={"CRM.AddNote": add}, policy=policy)
    assert seen == ["sending"]


def test_where_a_failure_stops_runs_each_call_that_is_no_read_has_a_line_before_it_is_sent(tmp_path: Path) -> None:
    _, lines = audited(tmp_path / "a", f'crm.get_client("CL-10024")\n{NOTE}')
    assert [(line["type"], line.get("call"), line.get("effect")) for line in lines] == [
        ("call", 1, "read"),
        ("sending", 2, "write"),
        ("call", 2, "write"),
        ("run", None, None),
    ]


def test_the_hash_of_arguments_can_be_proved_with_the_key_and_not_guessed_without(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    code = 'crm.get_client("CL-10024"), crm.get_client(id="CL-10024"), crm.get_client("CL-10023")'
    _, lines = audited(path, code, AuditRules(file=path, on_failure="go_on"))
    first, second, third, _ = (line.get("arguments") for line in lines)
    assert first == second != third
    assert first == argument_hash(read_key(path), {"id": "CL-10024"})
    assert first != argument_hash(bytes(32), {"id": "CL-10024"})
    assert (tmp_path / "audit.jsonl.key").stat().st_mode & 0o777 == 0o600
    _, again = audited(path, 'crm.get_client("CL-10024")', AuditRules(file=path, on_failure="go_on"))
    assert again[-2]["arguments"] == first


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ('crm.list_notes("CL-10024")', ["clientId"]),
        ('crm.list_notes("CL-10024", since=None)', ["clientId"]),
        ('crm.list_notes("CL-10024", since="2026-01-01")', ["clientId", "since"]),
        ('crm.list_notes("CL-10024", since=json.loads("[5]")[0])', ["clientId", "since"]),
        ("crm.list_notes(json.loads('[5]')[0])", ["clientId"]),
    ],
)
@pytest.mark.parametrize("on_failure", ["stop", "go_on"])
def test_what_is_not_sent_is_in_no_line(tmp_path: Path, code: str, names: list[JsonValue], on_failure: str) -> None:
    rules = AuditRules(file=tmp_path / "a", arguments="names", on_failure=on_failure)  # type: ignore[arg-type]
    _, lines = audited(tmp_path / "a", f"import json\n{code}\n1", rules)
    assert [line["arguments"] for line in lines[:-1]] == [names] * (len(lines) - 1)
    assert len(lines) > 1


def test_a_key_that_is_none_stops_the_run(tmp_path: Path) -> None:
    (tmp_path / "a.key").write_bytes(b"short")
    outcome, lines = audited(tmp_path / "a", 'crm.get_client("CL-10024")')
    assert outcome.error is not None
    assert outcome.error.kind == "internal"
    assert "a.key is not a key of 32 bytes" in outcome.error.message
    assert [(line["type"], line.get("missing")) for line in lines] == [("gap", 1), ("run", None)]


def test_a_key_that_is_none_leaves_a_gap_where_the_run_goes_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.key").write_bytes(b"short")
    rules = AuditRules(file=tmp_path / "a", on_failure="go_on")
    with caplog.at_level(logging.ERROR, "ioconnect_codemode"):
        outcome, lines = audited(tmp_path / "a", 'crm.get_client("CL-10024")\ncrm.get_client("CL-10024")\n1', rules)
    assert outcome.value == 1
    assert [record.getMessage() for record in caplog.records] == [
        "the audit can't be written: a.key is not a key of 32 bytes; the run goes on, as policy says"
    ]
    assert [(line["type"], line.get("missing")) for line in lines] == [("gap", 2), ("run", None)]


@pytest.mark.parametrize(("arguments", "expected"), [("names", ["id"]), ("full", {"id": "***"}), ("hash", None)])
def test_policy_says_what_is_kept_of_arguments(tmp_path: Path, arguments: str, expected: JsonValue) -> None:
    path = tmp_path / "a"
    rules = AuditRules(file=path, arguments=arguments, on_failure="go_on")  # type: ignore[arg-type]
    code = 'try:\n    crm.get_client(crm.get_client("CL-10024").email)\nexcept AppError: pass'
    _, lines = audited(path, code, rules, mask=("Client.email",))
    kept = lines[1]["arguments"]
    assert kept == expected if arguments != "hash" else isinstance(kept, str) and len(kept) == 32
    assert "mail.example" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("arguments", ["names", "full"])
def test_a_worker_that_lies_writes_no_masked_value_and_no_long_line(tmp_path: Path, arguments: str) -> None:
    rules = AuditRules(file=tmp_path / "a", arguments=arguments)  # type: ignore[arg-type]
    manifest = Manifest.read(PACKAGE)
    egress = Egress(limit_characters=100, masks=Masks(("Client.email",), manifest))
    egress.take_answer("crm.get_client", {"email": "amelia.reid@mail.example"})
    audit = Audit(rules, manifest, principal=None)
    audit.observe(RunStarted(run_id="r", started_ns=0, source="", inputs=(), catalog="c", egress=egress))
    lies: dict[str, JsonValue] = {"amelia.reid@mail.example": 1, **{"n" * 1000 + str(number): 1 for number in range(9)}}
    for capability in ("crm.amelia.reid@mail.example", "crm.get_client"):
        forged = {} if capability == "crm.get_client" and arguments == "full" else lies
        audit.observe(
            CallStarting(run_id="r", ordinal=1, capability=capability, effect="read", arguments={**forged, "id": "1"})
        )
    audit.close()
    text = (tmp_path / "a").read_text(encoding="utf-8")
    assert "amelia" not in text
    assert max(map(len, text.splitlines())) < 300
    assert records(tmp_path / "a")[0]["arguments"] == ["11 unknown"]


def test_the_masked_fields_that_came_are_named(tmp_path: Path) -> None:
    _, lines = audited(tmp_path / "a", 'crm.get_client("CL-10024")["email"]', mask=("Client.email", "*.phone"))
    left = lines[-1]["left"]
    assert (part(left, "masked_fields"), part(left, "masked")) == (["Client.email", "Client.phone"], 1)


@pytest.mark.parametrize(
    ("code", "kind", "error"),
    [
        ("1", "value", None),
        ("print(1)", "printed", None),
        ("x = 1", "nothing", None),
        ("'x' * 30000", "preview", None),
        ("1 / 0", "error", "snippet_error"),
        ("x = (", "error", "syntax"),
        ("\0", "error", "syntax"),
    ],
)
def test_what_left_has_a_kind(tmp_path: Path, code: str, kind: str, error: str | None) -> None:
    _, lines = audited(tmp_path / "a", code)
    assert [(part(line["left"], "kind"), line["error"]) for line in lines] == [(kind, error)]


def test_refused_calls_dry_runs_and_reviews_are_written_too(tmp_path: Path) -> None:
    _, lines = audited(tmp_path / "a", NOTE, dry_run=True)
    assert [(line["type"], line.get("state"), line.get("kind")) for line in lines] == [
        ("call", "not_called", None),
        ("run", None, "dry_run"),
    ]
    _, lines = audited(tmp_path / "b", 'try:\n    crm.get_client(*["x"] * 1, **{"limit": 1})\nexcept Exception: pass')
    assert lines[-1]["type"] == "run"


def test_a_run_that_is_resumed_names_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "a"
    policy = Policy(audit=AuditRules(file=path), approval=ApprovalRules(ask=("write",)))

    async def act(code_mode: CodeMode) -> Outcome:
        paused = await code_mode.execute_python_code(NOTE)
        assert paused.error is not None
        assert paused.error.approval_id is not None
        return await code_mode.resume(paused.error.approval_id, approved=True)

    assert with_desk(act, policy=policy).ok
    lines = records(path)
    assert [(line["type"], line.get("state"), line.get("error")) for line in lines] == [
        ("call", "held", None),
        ("run", None, "approval_needed"),
        ("sending", None, None),
        ("call", "finished", None),
        ("run", None, None),
    ]
    assert lines[4]["resumes"] == lines[1]["run"]


@pytest.mark.parametrize("why", ["too late", "another policy"])
def test_a_run_that_can_not_be_resumed_has_a_line_that_names_the_one_before(tmp_path: Path, why: str) -> None:
    package = shutil.copytree(PACKAGE, tmp_path / "desk")
    path = tmp_path / "audit.jsonl"
    expires_s = 0.05 if why == "too late" else 600
    rules = f'[audit]\nfile = "{path}"\n[approval]\nask = ["write"]\nexpires_s = {expires_s}\n'
    rules += '[effects]\n"crm.add_note" = "write"\n"crm.get_client" = "read"\n'
    another = '[capabilities]\ndeny = ["crm.delete_note"]\n'
    (package / "codemode.toml").write_text(rules, encoding="utf-8")

    async def act() -> Outcome:
        async with CodeMode.open(package, transport=EmbeddedTransport(make_handlers()), spares=0) as code_mode:
            code = "crm.get_client(client)\ncrm.add_note(client, 'x')"
            paused = await code_mode.execute_python_code(code, inputs={"client": "CL-10024"})
            assert paused.error is not None
            assert paused.error.approval_id is not None
            if why == "too late":
                await asyncio.sleep(0.1)
            else:
                (package / "codemode.toml").write_text(f"{rules}{another}", encoding="utf-8")
                code_mode.replace_package(package)
            return await code_mode.resume(paused.error.approval_id, approved=True)

    refused = asyncio.run(act())
    assert refused.error is not None
    *_, before, late = records(path)
    kind = "denied" if why == "too late" else "stale_definitions"
    assert (refused.error.kind, late["type"], late["error"], late["resumes"]) == (kind, "run", kind, before["run"])
    assert (late["snippet"], late["inputs"]) == (before["snippet"], ["client"])
    assert late["calls"] == {"finished": 1, "refused": 1}


# -- where it can't be written ---------------------------------------------------------------------------------------


def performed(rules: AuditRules, code: str = NOTE) -> tuple[Outcome, list[object]]:
    made: list[object] = []

    def add_note(arguments: dict[str, JsonValue]) -> JsonValue:
        made.append(arguments)
        return {
            "id": "N-1",
            "clientId": "CL-10024",
            "author": "a",
            "created": "2026-01-01",
            "category": "call",
            "text": "t",
        }

    return run(code, handlers={"CRM.AddNote": add_note}, policy=Policy(audit=rules)), made


def full_disk(tmp_path: Path) -> Path:
    path = tmp_path / "full"
    path.symlink_to("/dev/full")
    return path


def test_where_it_can_be_written_the_call_is_made(tmp_path: Path) -> None:
    outcome, made = performed(AuditRules(file=tmp_path / "a"))
    assert (outcome.value, len(made)) == ("done", 1)


def test_nothing_unaudited_is_performed_where_policy_says_stop(tmp_path: Path) -> None:
    outcome, made = performed(AuditRules(file=full_disk(tmp_path), arguments="names"))
    assert made == []
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state) == ("internal", "no calls were made")
    assert "No space left on device" in outcome.error.message
    assert str(tmp_path) not in outcome.text()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_that_nobody_reads_is_an_error_and_no_wait(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    outcome, made = performed(AuditRules(file=tmp_path / "pipe"))
    assert outcome.error is not None
    assert (outcome.error.kind, made) == ("internal", [])


def test_whatever_keeps_a_line_from_being_written_stops_the_run(tmp_path: Path) -> None:
    audit = Audit(AuditRules(file=tmp_path / "a"), Manifest.read(PACKAGE), principal=None)
    no_text = CallStarting(run_id="r", ordinal=1, capability="crm.x", effect="read", arguments={"n": 10**5_000})
    with pytest.raises(ObserverError, match="ValueError"):
        audit.observe(no_text)
    audit.close()


def test_nothing_leaves_that_could_not_be_written_down(tmp_path: Path) -> None:
    outcome, _ = performed(AuditRules(file=full_disk(tmp_path)), "'secret'")
    assert outcome.value is None
    assert "secret" not in outcome.text()


def test_nothing_that_was_read_leaves_where_the_read_could_not_be_written_down(tmp_path: Path) -> None:
    outcome, _ = performed(AuditRules(file=full_disk(tmp_path)), "crm.find_clients('x')\n'secret'")
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state) == ("internal", "1 call finished (1 read)")
    assert "secret" not in outcome.text()


def test_a_run_whose_question_could_not_be_written_down_waits_for_nobody(tmp_path: Path) -> None:
    async def act() -> Outcome:
        policy = Policy(audit=AuditRules(file=full_disk(tmp_path)), approval=ApprovalRules(ask=["write"]))
        transport = EmbeddedTransport(make_handlers())
        async with CodeMode.open(PACKAGE, transport=transport, policy=policy, spares=0) as code_mode:
            outcome = await code_mode.execute_python_code(NOTE)
            assert code_mode.paused_runs == 0
            return outcome

    outcome = asyncio.run(act())
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.approval_id) == ("internal", None)
    assert (outcome.error.state, [call.state for call in outcome.calls]) == ("no calls were made", ["refused"])


def test_the_end_of_a_call_that_could_not_be_written_is_written_with_the_next_line(tmp_path: Path) -> None:
    path = tmp_path / "audit.jsonl"
    made: list[JsonValue] = []

    def fill_disk(arguments: dict[str, JsonValue]) -> JsonValue:
        made.append(records(path)[0]["type"])
        path.unlink()
        path.symlink_to("/dev/full")
        return []

    async def act() -> tuple[Outcome, Outcome]:
        transport = EmbeddedTransport({"CRM.FindClients": fill_disk})
        policy = Policy(audit=AuditRules(file=path, arguments="names"), effects={"crm.find_clients": "write"})
        async with CodeMode.open(PACKAGE, transport=transport, policy=policy, spares=0) as code_mode:
            full = await code_mode.execute_python_code("crm.find_clients('x')")
            path.unlink()
            return full, await code_mode.execute_python_code("1")

    full, later = asyncio.run(act())
    assert made == ["sending"]
    assert full.error is not None
    assert (full.error.kind, later.value) == ("internal", 1)
    assert [(line["type"], line.get("state"), line.get("missing")) for line in records(path)] == [
        ("gap", None, 1),  # the line of the first run
        ("call", "finished", None),
        ("run", None, None),
    ]


def test_a_file_that_can_not_be_opened_stops_the_run_at_its_start(tmp_path: Path) -> None:
    outcome, made = performed(AuditRules(file=tmp_path / "no" / "audit.jsonl"))
    assert outcome.error is not None
    assert (outcome.error.kind, outcome.error.state, made) == ("internal", "nothing was run", [])


def test_the_run_goes_on_where_policy_says_so_and_the_gap_shows(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = full_disk(tmp_path)

    async def act(code_mode: CodeMode) -> None:
        assert (await code_mode.execute_python_code(NOTE)).value == "done"
        path.unlink()
        assert (await code_mode.execute_python_code("1")).value == 1

    with caplog.at_level(logging.ERROR, "ioconnect_codemode"):
        with_desk(act, policy=Policy(audit=AuditRules(file=path, arguments="names", on_failure="go_on")))
    assert [record.getMessage() for record in caplog.records] == [
        "the audit can't be written: No space left on device; the run goes on, as policy says"
    ]
    assert [(line["type"], line.get("missing")) for line in records(path)] == [("gap", 2), ("run", None)]


def test_a_relative_file_is_beside_its_policy(tmp_path: Path) -> None:
    (tmp_path / "codemode.toml").write_text('[audit]\nfile = "log/audit.jsonl"\n', encoding="utf-8")
    (tmp_path / "log").mkdir()
    before = Path.cwd()
    os.chdir(tmp_path.parent)
    try:
        assert run("1", policy=Policy.read(tmp_path / "codemode.toml")).value == 1
    finally:
        os.chdir(before)
    assert len(records(tmp_path / "log" / "audit.jsonl")) == 1


def test_the_line_of_a_run_that_was_cancelled_has_its_calls(tmp_path: Path) -> None:
    path, called = tmp_path / "audit.jsonl", asyncio.Event()

    async def never(arguments: dict[str, JsonValue]) -> JsonValue:
        called.set()
        await asyncio.Event().wait()
        return None

    async def act() -> None:
        transport = EmbeddedTransport({**make_handlers(), "CRM.AddNote": never})
        policy = Policy(audit=AuditRules(file=path))
        async with CodeMode.open(PACKAGE, transport=transport, policy=policy, spares=0) as code_mode:
            code = 'crm.get_client("CL-10024")\ncrm.add_note("CL-10024", "x")'
            running = asyncio.create_task(code_mode.execute_python_code(code))
            await called.wait()
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    asyncio.run(act())
    ran = records(path)[-1]
    assert (ran["type"], ran["ok"], ran["calls"]) == ("run", False, {"finished": 1, "unfinished": 1})
