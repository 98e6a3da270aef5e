"""The `codemode` command as a user runs it."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

import ioconnect_schemas
from checkout import ROOT, environment
from ioconnect_codegen import cli
from ioconnect_codemode.version import VERSION

PACKAGE = ROOT / "generated" / "wealth_desk"
ENVIRONMENT = ioconnect_schemas.path("examples/wealth_desk.environment.json")
DESK = "ioconnect_codegen.wealth_desk"


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of the test's own, where the platform has a variable for it."""
    folder = tmp_path_factory.mktemp("cache")
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA", "HOME"):
        monkeypatch.setenv(variable, str(folder))
    return folder


def codemode(*arguments: str | Path, given: str = "", folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """Run the command with the repository's packages."""
    return subprocess.run(
        [sys.executable, "-m", "ioconnect_codegen", *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        env=environment(),
    )


def test_demo_tells_the_story_in_less_than_30_lines() -> None:
    done = codemode("demo")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) < 30
    assert max(map(len, done.stdout.splitlines())) <= 120
    assert '"Jonas Weber"' in done.stdout
    assert done.stderr == ""


def test_generate_writes_the_package_and_check_finds_it_current(tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    assert codemode("generate", ENVIRONMENT, "-o", folder).returncode == 0
    assert codemode("generate", ENVIRONMENT, "-o", folder, "--check").returncode == 0
    (folder / "crm.py").write_text("changed\n", encoding="utf-8")
    changed = codemode("generate", ENVIRONMENT, "-o", folder, "--check")
    assert changed.returncode == 1
    assert "crm.py" in changed.stdout
    assert (folder / "crm.py").read_text(encoding="utf-8") == "changed\n"


def test_generate_keeps_what_it_made_and_says_the_same_from_the_cache(tmp_path: Path, cache: Path) -> None:
    cold = codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk")
    warm = codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk", "--check")

    assert list(cache.rglob("package-*.json")) != []
    assert (warm.returncode, warm.stdout) == (0, "")
    assert warm.stderr and cold.stderr.startswith(warm.stderr)


def test_generate_without_the_cache_leaves_none(tmp_path: Path, cache: Path) -> None:
    assert codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk", "--no-cache").returncode == 0
    assert [path for path in cache.rglob("*") if path.is_file()] == []


def test_generate_strict_fails_on_what_an_owner_can_mend(tmp_path: Path) -> None:
    contradicted = ROOT / "tests" / "golden" / "from_everything" / "environment.json"
    done = codemode("generate", contradicted, "-o", tmp_path / "other", "--strict")
    assert done.returncode == 1
    assert "contradictions: " in done.stderr

    done = codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk", "--strict")
    assert done.returncode == 0
    assert "contradictions" not in done.stderr


def test_the_checked_in_package_is_current() -> None:
    done = codemode("generate", ENVIRONMENT, "-o", PACKAGE, "--check")
    assert (done.returncode, done.stdout) == (0, "")


def test_run_prints_the_answer_and_the_call_count() -> None:
    done = codemode("run", PACKAGE, "-", "--embedded", DESK, given="crm.find_clients('Amelia Reid')[0].adviser")
    assert done.returncode == 0
    assert done.stdout.splitlines()[0] == '"Jonas Weber"'


def test_run_json_prints_one_document_and_nothing_else() -> None:
    done = codemode("run", PACKAGE, "-", "--embedded", DESK, "--json", given="print('seen')\n1")
    document = json.loads(done.stdout)
    assert (document["ok"], document["value"], document["printed"]) == (True, 1, "seen\n")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_run_gives_a_terminal_no_command_of_the_snippets(options: tuple[str, ...]) -> None:
    code = "print('\\x1b]0;title\\x07 \\u202e \\x9b2J')\n'\\x9b2J'"
    done = codemode("run", PACKAGE, "-", "--embedded", DESK, *options, given=code)
    assert [one for one in done.stdout if not one.isprintable() and one != "\n"] == []
    assert done.stdout.count(r"\u009b2J") == 2


def test_run_reads_inputs_from_a_file(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs.json"
    inputs.write_text('{"wanted": "Amelia Reid"}', encoding="utf-8")
    done = codemode("run", PACKAGE, "-", "--embedded", DESK, "--inputs", inputs, given="len(crm.find_clients(wanted))")
    assert done.stdout.splitlines()[0] == "1"


def test_a_dry_run_lists_what_it_does_not_call() -> None:
    code = "crm.delete_note('N-1')\ncrm.find_clients('Amelia Reid')[0].adviser"
    done = codemode("run", PACKAGE, "-", "--embedded", DESK, "--dry-run", given=code)
    assert done.returncode == 0
    assert done.stdout.splitlines()[:2] == ['"Jonas Weber"', 'dry run: crm.delete_note(noteId="N-1") not called']


def test_a_failed_snippet_is_status_1() -> None:
    done = codemode("run", PACKAGE, "-", "--embedded", DESK, given="1 / 0")
    assert done.returncode == 1
    assert done.stdout.startswith("snippet_error at line 1")


def test_run_takes_a_policy_and_a_timeout(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[capabilities]\ndeny = ["crm.*"]\n', encoding="utf-8")
    denied = codemode("run", PACKAGE, "-", "--embedded", DESK, "--policy", policy, given="crm.get_client('x')")
    assert denied.stdout.startswith("unknown_name")
    looped = codemode("run", PACKAGE, "-", "--embedded", DESK, "--timeout", "0.2", given="while True: pass")
    assert looped.stdout.startswith("timeout")


def test_check_reviews_and_runs_nothing() -> None:
    fine = codemode("check", PACKAGE, "-", given="crm.delete_note('N-1')")
    assert fine.returncode == 0
    assert fine.stdout.startswith("nothing found, nothing run; catalog ")
    wrong = codemode("check", PACKAGE, "-", given="crm.delete_note(1)")
    assert wrong.returncode == 1
    assert wrong.stdout.startswith("type_error at line 1, column 17 (nothing was run)")


def test_list_and_show_give_what_the_model_sees() -> None:
    listed = codemode("list", PACKAGE, "find clients", "--limit", "1")
    assert listed.stdout.startswith("crm.find_clients(name: str, limit: int = 50) -> list[Client]")
    shown = codemode("show", PACKAGE, "get_client", "crm.find_clients", "--detail", "full")
    assert "class Client:" in shown.stdout
    assert "def get_client(id: str) -> Client" in shown.stdout


def test_handlers_of_a_file_are_called(tmp_path: Path) -> None:
    module = tmp_path / "desk.py"
    module.write_text("handlers = {'CRM.GetAdvisers': lambda arguments: {'advisers': []}}\n", encoding="utf-8")
    done = codemode("run", PACKAGE, "-", "--embedded", module, given="crm.get_advisers().advisers")
    assert done.stdout.splitlines()[0] == "[]"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("generate", "no_such.json"), "no_such.json: No such file or directory"),
        (("generate", "pyproject.toml"), "pyproject.toml is not JSON"),
        (("run", "docs", "-", "--embedded", DESK), "docs is not a generated package"),
        (("run", PACKAGE, "no_such.py", "--embedded", DESK), "no_such.py: No such file or directory"),
        (("run", PACKAGE, "-", "--embedded", "no_such_module"), "no_such_module can't be imported"),
        (("run", PACKAGE, "-", "--embedded", "json"), "json has no mapping `handlers`"),
        (("run", PACKAGE, "-", "--embedded", DESK, "--timeout", "0"), "timeout_s must be a number above 0"),
        (("run", PACKAGE, "-", "--embedded", DESK, "--policy", "pyproject.toml"), "is unknown"),
        (("run", PACKAGE, "-", "--embedded", DESK, "--inputs", "pyproject.toml"), "is not JSON"),
        (("run", PACKAGE, "-", "--gateway", "http://127.0.0.1:1"), "ws://"),
        (("capture", "ws://127.0.0.1:1"), "127.0.0.1:1"),
        (("list", PACKAGE, "--limit", "0"), "limit must be a number from 1 to 200"),
    ],
)
def test_wrong_usage_is_status_2_and_one_line(arguments: tuple[str | Path, ...], said: str) -> None:
    done = codemode(*arguments, given="1")
    assert done.returncode == 2, done.stdout
    assert said in done.stderr
    assert done.stderr.startswith("codemode: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_an_unreadable_environment_names_every_problem(tmp_path: Path) -> None:
    document = tmp_path / "bad.json"
    document.write_text('{"schemaVersion": 1, "methods": [{"name": 5}, {}]}', encoding="utf-8")
    done = codemode("generate", document)
    assert done.returncode == 2
    assert "$.methods[0].name" in done.stderr
    assert "$.methods[1]" in done.stderr
    assert "name" in done.stderr


def test_help_needs_none_of_the_heavy_rooms() -> None:
    code = (
        "import sys\nfrom ioconnect_codegen.cli import parser\nparser().format_help()\n"
        "print(sorted({'mcp', 'pydantic', 'typeguard', 'jsonschema_rs', 'websockets', 'datamodel_code_generator', "
        "'jinja2', 'RestrictedPython', 'asyncio'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment())
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def test_what_is_not_there_is_status_1() -> None:
    assert codemode("show", PACKAGE, "crm.no_such").returncode == 1
    assert codemode("show", PACKAGE, "crm.get_client").returncode == 0
    assert codemode("list", PACKAGE, "--namespace", "no_such").returncode == 1
    assert codemode("list", PACKAGE, "--namespace", "crm").returncode == 0


def test_a_command_line_that_is_wrong_is_one_line() -> None:
    done = codemode("run", PACKAGE, "-")
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        "codemode: --gateway or --embedded is needed: no io.Connect Desktop has started this; see codemode run --help"
    ]


def test_an_address_is_no_environment_and_code_is_no_snippet_file() -> None:
    done = codemode("generate", "ws://127.0.0.1:8385")
    mend = "first describe what runs there: codemode capture ws://127.0.0.1:8385 -o environment.json"
    assert (done.returncode, done.stderr) == (2, f"codemode: ws://127.0.0.1:8385 is an address: {mend}\n")
    done = codemode("check", PACKAGE, "crm.get_client('CL-10024')")
    said = "codemode: SNIPPET is a file, or - for standard input; this is no file but code\n"
    assert (done.returncode, done.stderr) == (2, said)
    assert codemode("check", PACKAGE, "nope.py").stderr == "codemode: nope.py: No such file or directory\n"


def test_the_words_of_a_query_need_no_quotes() -> None:
    done = codemode("list", PACKAGE, "client", "notes", "--limit", "3")
    assert (done.returncode, done.stdout) == (0, codemode("list", PACKAGE, "client notes", "--limit", "3").stdout)


def test_show_takes_the_name_of_a_type() -> None:
    done = codemode("show", PACKAGE, "Fill")
    assert (done.returncode, done.stdout) == (0, "class Fill: time: str; quantity: float; price: float\n")


def test_the_help_of_a_command_says_what_it_is_for() -> None:
    assert "\n\nThe whole story on the embedded wealth desk.\n" in codemode("demo", "--help").stdout


@pytest.mark.parametrize(
    ("named", "meant"),
    [
        ("crm.find_client", "crm.find_clients"),
        ("delete_note", "*.delete_note"),
        ("crm", "crm.*"),
        ("cmr.*", "crm.*"),
        ("accounting.close_book", None),
        ("", None),
    ],
)
def test_a_policy_that_names_what_is_not_there_is_told(tmp_path: Path, named: str, meant: str | None) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(f'[capabilities]\ndeny = ["{named}"]\n', encoding="utf-8")
    done = codemode("list", PACKAGE, "--policy", policy)
    hint = f'; did you mean "{meant}"?' if meant else ""
    assert done.stderr == f'codemode: the policy names "{named}", which nothing in the package matches{hint}\n'
    assert codemode("list", PACKAGE).stderr == ""
    ran = codemode("run", PACKAGE, "-", "--embedded", DESK, "--policy", policy, given="1")
    assert (ran.returncode, ran.stderr) == (0, done.stderr)


@pytest.mark.parametrize(
    ("pattern", "meant"),
    [
        ("Client.emial", "Client.email"),
        ("client.email", "Client.email"),
        ("*.emial", "*.email"),
        ("Clint.email", "Client.email"),
        ("Client.shoeSize", None),
    ],
)
def test_a_mask_that_masks_nothing_is_told_with_what_is_meant(tmp_path: Path, pattern: str, meant: str | None) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(f'[egress]\nmask = ["{pattern}"]\n', encoding="utf-8")
    hint = f'; did you mean "{meant}"?' if meant else ""
    said = f'codemode: the policy names "{pattern}", which nothing in the package matches{hint}\n'
    assert codemode("list", PACKAGE, "--policy", policy).stderr == said


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ('allow = ["crm.*"]\ndeny = ["crm.*"]', "what deny names wins over allow"),
        ("allow = []", "allow names nothing that is there"),
    ],
)
def test_a_policy_that_leaves_nothing_is_told(tmp_path: Path, rules: str, why: str) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(f"[capabilities]\n{rules}\n", encoding="utf-8")
    done = codemode("list", PACKAGE, "--policy", policy)
    assert done.stderr == f"codemode: the policy leaves nothing of the package: {why}\n"


def test_audit_tells_what_a_run_did(tmp_path: Path) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text('[audit]\nfile = "audit.jsonl"\n[egress]\nmask = ["Client.email"]\n', encoding="utf-8")
    code = 'crm.get_client("CL-10024")'
    ran = codemode("run", PACKAGE, "-", "--embedded", DESK, "--policy", policy, given=code)
    assert '"email":"***"' in ran.stdout
    told = codemode("audit", tmp_path / "audit.jsonl")
    assert (told.returncode, told.stderr) == (0, "")
    assert "runs: 1 (1 run), 0 failed" in told.stdout
    assert "1  crm.get_client (read): finished" in told.stdout
    assert "(1 Client.email)" in told.stdout
    document = json.loads(codemode("audit", tmp_path / "audit.jsonl", "--json").stdout)
    assert (document["left"], document["masked"], document["unreadable"]) == ({"value": 1}, {"Client.email": 1}, 0)


def test_audit_of_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    done = codemode("audit", tmp_path / "audit.jsonl")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


def test_options_stand_anywhere_among_the_arguments(tmp_path: Path) -> None:
    usual = codemode("list", PACKAGE, "find clients", "--limit", "1").stdout
    assert codemode("list", PACKAGE, "--limit", "1", "find clients").stdout == usual
    assert codemode("list", "--limit", "1", PACKAGE, "find clients").stdout == usual
    done = codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk", ENVIRONMENT)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("arguments", "missing"), [(("generate",), "ENVIRONMENT"), (("list",), "PACKAGE"), (("run", "x"), "SNIPPET")]
)
def test_only_what_is_needed_is_said_to_be_missing(arguments: tuple[str, ...], missing: str) -> None:
    said = f"codemode: the following arguments are required: {missing}; see codemode {arguments[0]} --help\n"
    assert codemode(*arguments).stderr == said


def test_a_missing_transport_names_the_command_that_was_run() -> None:
    assert codemode("serve", PACKAGE).stderr.endswith("see codemode serve --help\n")


def test_the_version_is_told() -> None:
    assert codemode("--version").stdout == f"ioconnect-codemode {VERSION}\n"


def test_every_argument_of_every_command_is_explained() -> None:
    assert list(unexplained(cli.parser())) == []


def unexplained(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Give the arguments of a parser and of those below it that have no help."""
    for action in parser._actions:
        choices = cast("object", action.choices)
        if isinstance(choices, dict):
            for below in cast("dict[str, argparse.ArgumentParser]", choices).values():
                yield from unexplained(below)
        elif not action.help:
            yield f"{parser.prog} {action.metavar or action.dest}"


def test_check_knows_the_inputs_that_a_run_would_have(tmp_path: Path) -> None:
    inputs = tmp_path / "inputs.json"
    inputs.write_text('{"wanted": "Amelia Reid"}', encoding="utf-8")
    code = "crm.find_clients(wanted)[0].adviser"
    assert codemode("check", PACKAGE, "-", given=code).stdout.startswith("unknown_name")
    assert codemode("check", PACKAGE, "-", "--inputs", inputs, given=code).returncode == 0
    bad = codemode("check", PACKAGE, "-", "--inputs", inputs, given="crm.find_clients(wanted).advisr")
    assert bad.returncode == 1


def test_a_first_generate_says_what_to_review_and_a_second_does_not(tmp_path: Path) -> None:
    first = codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk")
    assert first.stderr.endswith(
        f"next: review {tmp_path / 'desk' / 'codemode.toml'}, see it with codemode list {tmp_path / 'desk'}\n"
    )
    second = codemode("generate", ENVIRONMENT, "-o", tmp_path / "desk")
    assert second.stderr.endswith("33 files, 0 written\n")


def test_generate_again_says_what_the_owner_s_policy_does_not_know(tmp_path: Path) -> None:
    document = {"schemaVersion": 1, "name": "small", "methods": [{"name": "Desk.Hello"}, {"name": "Desk.Bye"}]}
    before = {**document, "methods": [{"name": "Desk.Hello"}, {"name": "Desk.Gone"}]}
    folder = tmp_path / "small"
    first = codemode("generate", "-", "-o", folder, given=json.dumps(before))
    again = codemode("generate", "-", "-o", folder, given=json.dumps(document))
    assert "has no effect of" not in first.stderr and again.returncode == 0
    assert again.stderr.endswith(
        'codemode: the policy names "desk.gone", which nothing in the package matches\n'
        f"codemode: {folder / 'codemode.toml'} has no effect of desk.bye (1), which counts as a write until then\n"
    )
    (folder / "codemode.toml").write_text("[nonsense]\n", encoding="utf-8")
    broken = codemode("generate", "-", "-o", folder, given=json.dumps(document))
    assert broken.returncode == 0 and "[nonsense] is unknown" in broken.stderr


def test_one_problem_of_an_environment_is_one_line() -> None:
    done = codemode("generate", "-", given="[]")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "codemode capture FILE" in done.stderr
