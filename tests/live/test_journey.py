"""The main job on real components: capture a running gateway, generate, run the story's snippet over it."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import jsonschema_rs
import pytest

import ioconnect_schemas
from ioconnect_codegen.cli import main
from ioconnect_codemode import CodeMode, Limits, Outcome
from ioconnect_codemode.transports import GatewayTransport
from live.processes import running

pytestmark = pytest.mark.live

STORY = 'clients = crm.find_clients(name="Amelia Reid")\nclients[0].adviser'
LOOP = """
for client in crm.find_clients(name=""):
    if client.name == "Amelia Reid":
        answer = client["adviser"]
answer
"""


@pytest.fixture(scope="session")
def captured(gateway_url: str, crm_app: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment document captured from the running gateway with the command."""
    assert crm_app
    document = tmp_path_factory.mktemp("live") / "environment.json"
    assert main(["capture", gateway_url, "-o", str(document), "--user", "dev", "--name", "live-desk"]) == 0
    return document


@pytest.fixture(scope="session")
def package(captured: Path) -> Path:
    """The package generated from it."""
    folder = captured.parent / "live_desk"
    assert main(["generate", str(captured), "-o", str(folder)]) == 0
    return folder


def run(package: Path, url: str, code: str, limits: Limits | None = None) -> Outcome:
    async def act() -> Outcome:
        transport = GatewayTransport(url, user="dev")
        async with CodeMode.open(package, transport=transport, limits=limits, spares=0) as code_mode:
            return await code_mode.execute_python_code(code)

    return asyncio.run(act())


def test_a_capture_is_an_environment_document(captured: Path) -> None:
    document = json.loads(captured.read_text(encoding="utf-8"))
    schema = json.loads(ioconnect_schemas.read("environment.schema.json"))
    assert list(jsonschema_rs.Draft202012Validator(schema).iter_errors(document)) == []
    assert document["name"] == "live-desk"
    assert "CRM.FindClients" in [method["name"] for method in document["methods"]]


def test_a_capture_gives_the_same_bytes_again(captured: Path, gateway_url: str, tmp_path: Path) -> None:
    again = tmp_path / "again.json"
    assert main(["capture", gateway_url, "-o", str(again), "--user", "dev", "--name", "live-desk"]) == 0
    assert again.read_bytes() == captured.read_bytes()


@pytest.mark.parametrize("code", [STORY, LOOP])
def test_the_adviser_is_found_over_the_gateway(package: Path, gateway_url: str, code: str) -> None:
    outcome = run(package, gateway_url, code)
    assert outcome.ok, outcome.text()
    assert outcome.value == "Jonas Weber"
    assert outcome.notes == ()
    assert [(call.name, call.state) for call in outcome.calls] == [("crm.find_clients", "finished")]


def test_the_command_runs_the_story_over_the_gateway(
    package: Path, gateway_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    snippet = tmp_path / "story.py"
    snippet.write_text(STORY, encoding="utf-8")
    assert main(["run", str(package), str(snippet), "--gateway", gateway_url, "--user", "dev"]) == 0
    assert capsys.readouterr().out.splitlines()[0] == '"Jonas Weber"'


def test_the_command_says_as_whom_it_asked_where_the_apps_are_another_users(
    package: Path, gateway_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody")
    snippet = tmp_path / "story.py"
    snippet.write_text(STORY, encoding="utf-8")
    assert main(["run", str(package), str(snippet), "--gateway", gateway_url, "--json"]) == 1
    printed = capsys.readouterr()
    assert json.loads(printed.out)["error"]["kind"] == "app_unavailable"
    assert "asked as the user somebody" in printed.err and "--user" in printed.err


def test_an_app_that_throws_is_an_app_error(package: Path, gateway_url: str) -> None:
    outcome = run(package, gateway_url, "crm.test_throw('the ledger is closed')")
    assert outcome.error is not None
    assert outcome.error.kind == "app_error"
    assert "the ledger is closed" in outcome.error.message


def test_an_app_that_answers_another_shape_is_noted(package: Path, gateway_url: str) -> None:
    outcome = run(package, gateway_url, "crm.bad_shape()\n'went on'")
    assert outcome.value == "went on"
    assert "breaks its declaration" in outcome.notes[0]


def test_an_app_that_hangs_is_unavailable_within_its_time(package: Path, gateway_url: str) -> None:
    outcome = run(package, gateway_url, "crm.test_hang()", Limits(call_timeout_s=0.3))
    assert outcome.error is not None
    assert outcome.error.kind == "app_unavailable"
    assert outcome.calls[0].state == "unfinished"


def test_an_app_that_leaves_during_a_call_is_unavailable(package: Path) -> None:
    code = "try:\n    crm.test_exit()\nexcept UnavailableError as error:\n    text = str(error)\ntext"
    with running("gateway.mjs") as gateway, running("crm_app.mjs", "--url", gateway.facts["url"]):
        outcome = run(package, gateway.facts["url"], code)
    assert outcome.ok, outcome.text()
    assert "left" in str(outcome.value)


def test_a_gateway_that_is_not_there_is_an_outcome(package: Path) -> None:
    outcome = run(package, "ws://127.0.0.1:1", STORY)
    assert outcome.error is not None
    assert outcome.error.kind == "app_unavailable"


def test_capturing_a_gateway_that_is_not_there_is_status_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["capture", "ws://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err.startswith("codemode: ")
