"""The whole in Chromium: a built folder, the page as the authority, snippets in workers, the desk's apps in the page."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, cast

import pytest

from chromium.driver import Profile, Tab
from chromium.site import PAGE, STRICT, Site
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codegen.web.build import Order, made_files
from ioconnect_codemode import CodeMode, Limits, Manifest, Policy
from ioconnect_codemode.audit_summary import summarise
from ioconnect_codemode.rules import AuditRules
from ioconnect_codemode.transports import EmbeddedTransport
from journeys.desk import PACKAGE

pytestmark = pytest.mark.browser

OPEN = """async ({ options, asksPerson, auditKey = null }) => {
  const { createCodeMode } = await import("/codemode.js");
  const { makeHandlers } = await import(window.deskModule);
  const handlers = makeHandlers(await (await fetch(window.deskData)).json());
  window.asked = [];
  window.events = [];
  window.progress = [];
  window.records = [];
  const audited = auditKey === null ? {} : { onAudit: (record) => void window.records.push(record), auditKey: Uint8Array.from(auditKey), principal: "ann" };
  window.codeMode?.dispose();
  window.codeMode = await createCodeMode({
    package: "/packages/wealth_desk/",
    invoke: (name, args) => handlers[name](args),
    onProgress: (told) => window.progress.push(told),
    onCall: (event) => window.events.push(event),
    ...(asksPerson === null ? {} : { onApproval: (request) => (window.asked.push(request.sentence), asksPerson) }),
    ...audited,
    ...options,
  });
}"""
RUN = """async ({ code, options }) => {
  const outcome = await window.codeMode.execute(code, options);
  return { text: outcome.text(), json: outcome.toJSON() };
}"""
EVERYTHING: dict[str, Any] = {"capabilities": {"allow": ["*"]}, "limits": {"timeout_s": 60, "total_s": 120}}


@pytest.fixture(scope="module")
def folder(assets_folder: Path) -> Iterator[Site]:
    """Give a site with a built folder, the playground's desk, and a page of a strict policy."""
    made = made_files(Order(assets=assets_folder, packages=[PACKAGE]), progress=lambda _: None)
    files = {f"/{path}": data for path, data in made.items()}
    [desk] = [path for path in files if path.endswith("/desk/desk.js")]
    script = (
        f"window.deskModule = {json.dumps(desk)}; window.deskData = {json.dumps(desk.replace('desk.js', 'desk.json'))};"
    )
    page = PAGE.replace(b"<body>", b'<script src="/where.js"></script><body>')
    manifest = (PACKAGE / "manifest.json").read_bytes()  # as `codemode generate` leaves it: it names no policy
    files |= {"/packages/open/manifest.json": manifest, "/packages/spoilt/manifest.json": manifest}
    files["/packages/spoilt/policy.json"] = b"<!doctype html>"
    site = Site({**files, "/page": page, "/where.js": script.encode()}, {"/page": {"Content-Security-Policy": STRICT}})
    yield site
    site.close()


@pytest.fixture(scope="module")
def tab(profile: Profile, folder: Site) -> Iterator[Tab]:
    """Give a page of a strict policy that has the desk open, with everything allowed."""
    made = profile.open(f"{folder.url}page")
    opened(made)
    yield made
    made.evaluate("() => window.codeMode.dispose()")
    made.close()


def opened(tab: Tab, asks_person: bool | None = None, **options: object) -> None:
    tab.evaluate(OPEN, {"options": {"policy": EVERYTHING, **options}, "asksPerson": asks_person})


def run(tab: Tab, code: str, **options: object) -> dict[str, Any]:
    return cast("dict[str, Any]", tab.evaluate(RUN, {"code": code, "options": options}))


def on_the_desktop(code: str, policy: Policy | None = None) -> tuple[str, dict[str, Any]]:
    async def outcome() -> tuple[str, dict[str, Any]]:
        transport = EmbeddedTransport(make_handlers())
        chosen = policy or Policy(limits=Limits(timeout_s=60, total_s=120))
        async with CodeMode.open(PACKAGE, transport=transport, policy=chosen, spares=0, principal="ann") as code_mode:
            made = await code_mode.execute_python_code(code)
            return made.text(), cast("dict[str, Any]", made.to_json())

    return asyncio.run(outcome())


def without_clocks(outcome: dict[str, Any]) -> dict[str, Any]:
    calls = [{key: call[key] for key in ("name", "effect", "state")} for call in outcome["calls"]]
    return {**{key: value for key, value in outcome.items() if key != "elapsed_s"}, "calls": calls}


SNIPPETS = {
    "Amelia Reid": "next(c.adviser for c in crm.find_clients('Amelia Reid') if c.name == 'Amelia Reid')",
    "two thousand records": "len([c for c in crm.list_clients(limit=500).items if c.adviser == 'Jonas Weber'])",
    "side by side": "[c.name for c in parallel(crm.get_client, ['CL-10024', 'CL-10025', 'CL-10026'])]",
    "a write": "crm.add_note('CL-10024', 'called')['noteId'][:2]",
    "an app's error": "crm.get_client('nobody')",
    "an argument against its schema": "n = sum([501])\ncrm.find_clients(name='a', limit=n)",
    "a misspelt function": "crm.get_cleint('CL-10024')",
    "a wrong type": "crm.get_client(id=12)",
    "a value that is too large": "[[c.id, c.name, c.adviser] for c in crm.list_clients(limit=500).items] * 2",
    "numbers of Python's": "[2 ** 100, 1.0, 1e-07, 10.0 ** 16, {'2026': 1, '2025': 2.50}]",
    "printed": "print('one')\nprint(2.0)",
    "no value": "x = 1",
    "an exception after a write": "crm.add_note('CL-10024', 'x')\n1 / 0",
    "a wide source line": "x = '漢字'; crm.get_client(5)",
    "a syntax error": "x = (1,",
}


@pytest.mark.parametrize("name", SNIPPETS)
def test_an_outcome_is_the_desktops(tab: Tab, name: str) -> None:
    text, outcome = on_the_desktop(SNIPPETS[name])
    found = run(tab, SNIPPETS[name])
    assert found["text"] == text
    assert without_clocks(found["json"]) == without_clocks(outcome)


def comparable(record: dict[str, Any]) -> dict[str, Any]:
    """Give a record without clocks, its run's name, and the size of an answer, which the desktop counts as a frame."""
    return {key: value for key, value in record.items() if key not in {"at", "run", "ms", "answer_bytes"}}


def in_order(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the records by call and kind: those of calls side by side come as they end."""
    return [comparable(one) for one in sorted(records, key=lambda one: (one.get("call", 99), one["type"] == "call"))]


@pytest.mark.parametrize("arguments", ["hash", "full"])
def test_the_records_of_an_audit_are_the_lines_of_the_desktops(
    tab: Tab, arguments: Literal["hash", "full"], tmp_path: Path
) -> None:
    policy = {**EVERYTHING, "audit": {"arguments": arguments}, "egress": {"mask": ["*.email", "Client.name"]}}
    tab.evaluate(OPEN, {"options": {"policy": policy}, "asksPerson": None, "auditKey": list(range(32))})
    for number, code in enumerate([*SNIPPETS.values(), "\0", "c = crm.get_client('CL-10024')\n[c.email, c.name]"]):
        path = tmp_path / f"{number}"
        (tmp_path / f"{number}.key").write_bytes(bytes(range(32)))
        rules = AuditRules(file=path, arguments=arguments)
        limits = Limits(timeout_s=60, total_s=120)
        on_the_desktop(code, Policy(limits=limits, audit=rules, mask=("*.email", "Client.name")))
        run(tab, code)
        found = cast("list[dict[str, Any]]", tab.evaluate("() => window.records.splice(0)"))
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert in_order(found) == in_order(lines), code
        path.write_text("".join(f"{json.dumps(one)}\n" for one in found), encoding="utf-8")
        summary = summarise(path)
        assert (summary.unreadable_count, summary.unfinished, summary.unended) == (0, 0, 0)
    opened(tab)


def test_the_models_tools_read_the_same(tab: Tab) -> None:
    manifest = Policy().apply(Manifest.read(PACKAGE))
    asked: list[tuple[str, dict[str, object]]] = [
        ("list_python_definitions", {}),
        ("list_python_definitions", {"query": "adviser of a client"}),
        ("get_python_definitions", {"names": ["crm.get_client", "orders.*"], "detail": "full"}),
        ("get_python_definitions", {"names": ["crm.get_cleint"]}),
    ]
    code_mode = CodeMode.open(manifest, transport=EmbeddedTransport({}))
    for name, given in asked:
        found = tab.evaluate(
            "({ name, given }) => window.codeMode.callTool(name, given)", {"name": name, "given": given}
        )
        assert found == asyncio.run(code_mode.call_tool(name, given)), (name, given)
    assert tab.evaluate("() => window.codeMode.toolSpecs('anthropic')") == code_mode.tool_specs("anthropic")


def test_a_loop_without_end_is_ended_and_the_next_run_goes_on(tab: Tab) -> None:
    opened(tab, limits={"timeout_s": 0.3})
    assert run(tab, "while True: pass")["json"]["error"]["kind"] == "timeout"
    assert run(tab, "1 + 1")["json"]["value"] == 2
    opened(tab)


def test_a_run_that_needs_memory_beyond_its_limit_says_so_and_the_page_lives_on(tab: Tab) -> None:
    found = run(tab, "x = [0] * 10 ** 9")
    assert found["json"]["error"]["kind"] == "memory"
    assert run(tab, "1 + 1")["json"]["value"] == 2


POLICY: dict[str, Any] = {
    **EVERYTHING,
    "capabilities": {"deny": ["*.delete_*"]},
    "effects": {"crm.get_client": "read", "crm.add_note": "write"},
    "approval": {"ask": ["write"]},
    "egress": {"mask": ["*.email"]},
}


def test_a_person_approves_or_refuses_in_the_page(tab: Tab) -> None:
    opened(tab, asks_person=True, policy=POLICY)
    assert run(tab, "crm.add_note('CL-10024', 'yes')['clientId']")["json"]["value"] == "CL-10024"
    opened(tab, asks_person=False, policy=POLICY)
    assert run(tab, "crm.add_note('CL-10024', 'no')")["json"]["error"]["kind"] == "denied"
    [sentence] = cast("list[str]", tab.evaluate("() => window.asked"))
    assert sentence == 'change something in crm: crm.add_note(clientId="CL-10024", text="no", category="other")'
    opened(tab)


def test_a_run_waits_for_an_approval_and_goes_on_in_another_worker(tab: Tab) -> None:
    opened(tab, policy=POLICY)
    code = "import random\nn = random.random()\nc = crm.get_client('CL-10024')\nm = crm.add_note(c.id, f'{n}')\n[c.name, m.text == str(n)]"
    waiting = run(tab, code)["json"]
    assert waiting["error"]["kind"] == "approval_needed"
    assert [call["state"] for call in waiting["calls"]] == ["finished", "held"]
    resume = "async (id) => (await window.codeMode.resume(id, true)).toJSON()"
    resumed = cast("dict[str, Any]", tab.evaluate(resume, waiting["error"]["approval_id"]))
    assert resumed["value"] == ["Amelia Reid", True]
    events = cast("list[dict[str, Any]]", tab.evaluate("() => window.events"))
    assert [one["state"] for one in events if one["name"] == "crm.get_client"] == ["started", "finished"]
    opened(tab)


def test_masked_fields_do_not_leave(tab: Tab) -> None:
    opened(tab, policy=POLICY)
    found = run(tab, "c = crm.get_client('CL-10024')\nprint(c.email)\n[c.email, '@' in c.email]")["json"]
    assert (found["value"], found["printed"]) == (["***", True], "***\n")
    opened(tab)


def test_what_policy_denies_is_not_there(tab: Tab) -> None:
    opened(tab, policy=POLICY)
    assert run(tab, "crm.delete_note('N-1')")["json"]["error"]["kind"] == "unknown_name"
    assert "delete_note" not in cast("str", tab.evaluate("() => window.codeMode.list('delete a note')"))
    opened(tab)


def test_the_policy_of_the_package_holds_where_none_is_given(tab: Tab) -> None:
    tab.evaluate(OPEN, {"options": {}, "asksPerson": None})
    assert tab.evaluate("() => window.codeMode.policy.effects['crm.delete_note']") == "destructive"
    opened(tab)


def test_a_dry_run_changes_nothing(tab: Tab) -> None:
    opened(tab, policy={**EVERYTHING, "effects": {"crm.add_note": "write", "crm.list_notes": "read"}})
    code = "n = len(crm.list_notes('CL-10024'))\ncrm.add_note('CL-10024', 'dry')\nn == len(crm.list_notes('CL-10024'))"
    found = run(tab, code, dryRun=True)["json"]
    assert found["value"] is True
    assert [call["state"] for call in found["calls"]] == ["finished", "not_called", "finished"]
    opened(tab)


def test_a_check_knows_the_inputs_that_a_run_would_have(tab: Tab) -> None:
    asked = "(options) => window.codeMode.check('crm.find_clients(client_name)', options).then((one) => one.ok)"
    assert tab.evaluate(asked, {}) is False
    assert tab.evaluate(asked, {"inputs": {"client_name": "Amelia Reid"}}) is True


def test_progress_is_told_by_bytes_up_to_ready(tab: Tab) -> None:
    opened(tab)
    progress = cast("list[dict[str, Any]]", tab.evaluate("() => window.progress"))
    assert progress[-1]["step"] == "ready"
    assert progress[-1]["loadedBytes"] == progress[-1]["totalBytes"] > 1_000_000


TABLES = ["messages.json", "search_words.json", "assets.json"]


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize(
    "content", [None, b"<!doctype html>", b"{}", b"null"], ids=["missing", "a page", "empty", "null"]
)
def test_a_spoilt_table_of_the_folder_is_named_and_nothing_is_left_in_the_page(
    profile: Profile, folder: Site, name: str, content: bytes | None
) -> None:
    [path] = [one for one in folder.files if one.endswith(f"/{name}") and one.startswith("/js-")]
    spoilt = folder.with_changes({path: content})
    tab = profile.open(f"{spoilt.url}page")
    found = tab.evaluate(
        """async () => {
          const { createCodeMode } = await import("/codemode.js");
          const told = await createCodeMode({ package: "/packages/wealth_desk/", invoke: () => null }).catch((error) => error);
          return [told.name, told.message, document.querySelectorAll("iframe").length];
        }"""
    )
    tab.close()
    spoilt.close()
    error, message, frames = cast("tuple[str, str, int]", found)
    assert error in ("PackageError", "EngineError")
    assert name in message or "manifest of the assets" in message
    assert "build the folder again with `codemode web build`" in message
    assert frames == 0


WRONG_USE = [
    "execute('1', null)",
    "execute('1', { signal: {} })",
    "execute('1', { dryRun: 'yes' })",
    "execute('1', { inputs: { crm: 1 } })",
    "check('1', { inputs: { crm: 1 } })",
    "check('1', null)",
    "list('a', null)",
    "get(null)",
    "get(['crm.get_client'], { detail: 'all' })",
    "resume(null, true)",
]


@pytest.mark.parametrize("use", WRONG_USE)
def test_wrong_use_is_thrown_as_such_and_leaves_no_run_behind(tab: Tab, use: str) -> None:
    assert tab.evaluate(f"() => window.codeMode.{use}.then(() => 'nothing', (error) => error.name)") == "UsageError"
    assert run(tab, "1 + 1")["json"]["value"] == 2


def test_disposing_ends_every_run_with_an_outcome_and_leaves_nothing_in_the_page(
    profile: Profile, folder: Site
) -> None:
    tab = profile.open(f"{folder.url}page")
    opened(tab)
    found = tab.evaluate(
        """async () => {
          const codes = ["while True: pass", "import time\\ntime.sleep(50)", "1", ...Array(10).fill("crm.get_client('CL-10024').name")];
          const runs = codes.map((code) => window.codeMode.execute(code));
          await new Promise((go) => setTimeout(go, 30));
          window.codeMode.dispose();
          const outcomes = await Promise.all(runs);
          const late = await window.codeMode.execute("1").catch((error) => error.name);
          const left = document.querySelectorAll("iframe").length;
          return [outcomes.map(({ ok, error }) => (ok ? "ok" : error.message)), late, left];
        }"""
    )
    tab.close()
    outcomes, late, frames = cast("tuple[list[str], str, int]", found)
    assert len(outcomes) == 13
    assert set(outcomes) <= {"ok", "the session was closed while the snippet was running"}
    assert outcomes[0] == outcomes[1] == "the session was closed while the snippet was running"
    assert (late, frames) == ("UsageError", 0)


def test_many_runs_at_once_and_two_code_modes_of_a_page_do_not_meet(profile: Profile, folder: Site) -> None:
    tab = profile.open(f"{folder.url}page")
    opened(tab)
    found = tab.evaluate(
        """async () => {
          const { createCodeMode } = await import("/codemode.js");
          const other = await createCodeMode({ package: "/packages/wealth_desk/", invoke: () => ({ id: "x", name: "other" }), policy: {} });
          const many = Array.from({ length: 12 }, (_, n) => window.codeMode.execute(`n = ${n}\n[n, crm.get_client('CL-10024').name]`));
          const theirs = other.execute("crm.get_client('CL-10024').name");
          const values = (await Promise.all(many)).map(({ value, error }) => value ?? error.message);
          other.dispose();
          const after = await window.codeMode.execute("1 + 1");
          window.codeMode.dispose();
          return [values, (await theirs).value, after.value];
        }"""
    )
    tab.close()
    assert found == [[[n, "Amelia Reid"] for n in range(12)], "other", 2]


def test_a_callback_of_the_page_that_fails_ends_no_run(profile: Profile, folder: Site) -> None:
    tab = profile.open(f"{folder.url}page")
    found = tab.evaluate(
        """async () => {
          const { createCodeMode } = await import("/codemode.js");
          const fails = () => { throw new Error("of the page's own"); };
          const codeMode = await createCodeMode({ package: "/packages/wealth_desk/", invoke: () => ({ name: "A" }), policy: {}, onCall: fails, onProgress: fails });
          const { value } = await codeMode.execute("crm.get_client('CL-10024').name");
          codeMode.dispose();
          return value;
        }"""
    )
    tab.close()
    assert found == "A"


HOSTILE_ANSWERS = {
    "a getter that throws": ("({ get a() { throw new Error('boom'); } })", "boom"),
    "a proxy that throws": ("new Proxy({}, { ownKeys() { throw new Error('trap'); } })", "trap"),
    "a circle": ("(() => { const a = {}; a.a = a; return a; })()", "$.a contains itself"),
    "an abyss": ("(() => { let a = 1; for (let n = 0; n < 20000; n += 1) a = [a]; return a; })()", "nested too deep"),
    "a bigint": ("({ a: 1n })", "$.a is a bigint"),
    "a promise inside": ("({ p: Promise.resolve(1) })", "$.p is a Promise"),
    "an error whose text throws": ("Promise.reject({ get message() { throw new Error('inner'); } })", "gave no reason"),
    "nothing that is thrown": ("Promise.reject(null)", "gave no reason"),
}


@pytest.mark.parametrize("what", HOSTILE_ANSWERS)
def test_an_answer_that_is_no_json_is_the_apps_error(tab: Tab, what: str) -> None:
    answer, message = HOSTILE_ANSWERS[what]
    found = tab.evaluate(
        f"""async () => {{
          const {{ createCodeMode }} = await import("/codemode.js");
          window.hostile ??= await createCodeMode({{ package: "/packages/wealth_desk/", invoke: () => window.hostileAnswer(), policy: {{}} }});
          window.hostileAnswer = () => {answer};
          const {{ error }} = await window.hostile.execute("crm.get_client('CL-10024')");
          return [error?.kind, error?.message, error?.state];
        }}"""
    )
    kind, told, state = cast("tuple[str, str, str]", found)
    assert (kind, state) == ("app_error", "1 failed")
    assert message in told


@pytest.mark.parametrize(
    ("options", "error"),
    [
        ({"package": "/nowhere/"}, "PackageError: .*/nowhere/manifest.json is no manifest of a package: status 404"),
        ({"package": "/page/"}, "PackageError"),
        (
            {"package": "/packages/open/", "policy": None},
            "PackageError: .*policy.json is no policy of a package: status 404; .*`policy: {}`",
        ),
        (
            {"package": "/packages/spoilt/", "policy": None},
            "PackageError: .*/policy.json is no policy of a package: the server answered with a page",
        ),
        ({"policies": {}}, "UsageError: there is no option policies; there are package, invoke"),
        ({"onCall": 1}, "UsageError: onCall must be a function"),
        ({"policy": {"capabilites": {}}}, "PolicyError: .capabilites. is unknown"),
        ({"limits": {"timeout": 1}}, "UsageError: there is no limit timeout"),
        ({"invoke": None}, "UsageError: give one of invoke, io and fdc3"),
        ({"invoke": None, "io": {}}, r"UsageError: io must be an io.Connect client, .*; this has no interop"),
        ({"invoke": None, "fdc3": {}}, r"UsageError: fdc3 must be a DesktopAgent, as `await getAgent\(\)` gives it"),
        ({"profile": "four"}, "UsageError: profile must be three or two"),
        ({"profile": 5}, "UsageError: profile must be three or two"),
        ({"package": 5}, "UsageError: package must be the address of a package's folder, or {manifest, files}"),
        ({"package": ""}, 'UsageError: package must be an address, such as "packages/my_desk/", not ""'),
        ({"package": "http://["}, "UsageError: package must be an address"),
        (
            {"package": {"manifest": 5}},
            "PackageError: manifest.json is not a manifest; make it with `codemode generate",
        ),
        ({"package": {"manifest": {}, "files": 5}}, "UsageError: files of the package must be an object"),
        ({"policy": 5}, "UsageError: policy must be an object with the sections of codemode.toml, or the address"),
        ({"policy": []}, "UsageError: policy must be an object"),
        ({"policy": "http://["}, "UsageError: policy must be an address"),
        ({"policy": "/nowhere.json"}, "PackageError: .*/nowhere.json can't be read: status 404"),
        ({"limits": None}, "UsageError: limits must be an object: {timeout_s: 10, ...}"),
        ({"limits": [1]}, "UsageError: limits must be an object"),
        ({"limits": {"timeout_s": "5"}}, "UsageError: timeout_s must be a number above 0, not"),
        ({"assets": 5}, "UsageError: assets must be the address of a folder"),
        ({"assets": "http://["}, "UsageError: assets must be an address"),
        ({"signal": 5}, "UsageError: signal must be an AbortSignal"),
        ({"onProgress": "x"}, "UsageError: onProgress must be a function"),
        ({"onApproval": {}}, "UsageError: onApproval must be a function"),
        ({"onAudit": True}, "UsageError: onAudit must be a function"),
        ({"principal": 5}, "UsageError: principal must be text: who the snippets run for"),
        ({"invoke": 5}, "UsageError: invoke must be a function"),
        ({"io": {}}, "UsageError: give one of invoke, io and fdc3"),
        ({"policy": {"audit": {}}}, "PolicyError: policy wants an audit, and nothing takes its records: give onAudit"),
        ({"principal": "ann"}, "UsageError: principal is of the audit, and nothing takes its records: give onAudit"),
        ({"auditKey": [1, 2]}, "UsageError: auditKey must be a Uint8Array of 32 bytes"),
        ({"assets": "/nowhere/"}, "PackageError: .*/nowhere/assets.json can't be read"),
    ],
)
def test_wrong_options_are_refused_in_words(tab: Tab, options: dict[str, object], error: str) -> None:
    caught = """async ({ source, given }) => {
      try { await (0, window.openWith)(given); return "nothing"; } catch (error) { return `${error.name}: ${error.message}`; }
    }"""
    open_with = OPEN.replace("window.codeMode?.dispose();", "").replace("window.codeMode = await", "await")
    tab.evaluate(f"() => {{ window.openWith = {open_with}; }}")
    found = tab.evaluate(caught, {"source": "", "given": {"options": options, "asksPerson": None}})
    assert re.match(error, str(found)), found
    assert run(tab, "1 + 1")["json"]["value"] == 2  # the one that is open lives on
