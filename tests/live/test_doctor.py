"""`codemode doctor URL` and `codemode capture URL`: what a running gateway says of itself, read and judged."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from ioconnect_codegen.cli import main
from ioconnect_codemode.transports.base import Route
from ioconnect_codemode.transports.gateway import GatewayTransport
from ioconnect_codemode.values import JsonValue
from live.processes import running

pytestmark = pytest.mark.live


def test_doctor_of_a_gateway_counts_what_it_offers_and_says_how_to_mend_it(
    gateway_url: str, crm_app: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status = main(["doctor", gateway_url, "--user", "dev"])
    text = capsys.readouterr().out
    head, *sections = text.split("\n\n")

    assert status == 0
    assert "capabilities in" in head
    assert sections and all("mend: " in section for section in sections)
    assert f"methods offered by {crm_app}" not in text


def test_capture_of_a_gateway_is_an_environment_that_names_its_source(
    gateway_url: str, crm_app: str, tmp_path: Path
) -> None:
    output = tmp_path / "environment.json"

    assert main(["capture", gateway_url, "--user", "dev", "-o", str(output)]) == 0
    document = json.loads(output.read_text(encoding="utf-8"))
    find = next(one for one in document["methods"] if one["name"] == "CRM.FindClients")

    assert document["sources"] == [{"name": gateway_url.rstrip("/").removesuffix("/gw"), "kind": "gateway"}]
    assert [server["application"] for server in find["servers"]] == [crm_app]


def test_gateway_that_is_not_there_is_said_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "ws://127.0.0.1:9"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def reading(name: str, output: JsonValue, answer: JsonValue) -> JsonValue:
    """A method that says of itself that it only reads."""
    flag: dict[str, JsonValue] = {
        "name": name.replace(".", "_").lower(),
        "inputSchema": '{"type":"object","properties":{}}',
        "annotations": {"readOnlyHint": True},
    }
    if output is not None:
        flag["outputSchema"] = json.dumps(output)
    definition: JsonValue = {"name": name, "description": "Reads.", "flags": {"ioIntelMCPTool": flag}}
    return {"definition": definition, "does": answer}


COUNT: JsonValue = {"type": "object", "properties": {"count": {"type": "integer"}}, "required": ["count"]}


def test_probe_finds_answers_that_are_not_as_declared_and_calls_nothing_but_what_reads(
    gateway_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with running("told_app.mjs", "--url", gateway_url, "--user", "probed") as app:
        app.tell(
            register=[
                reading("Desk.Right", COUNT, {"answer": {"count": 1}}),
                reading("Desk.Wrong", COUNT, {"answer": {"count": "Amelia Reid"}}),
                reading("Desk.Failing", COUNT, {"throw": "out of order"}),
                {"definition": {"name": "Desk.Write"}, "does": {"answer": {}}},
                {"definition": {"name": "Desk.Calls"}, "does": {"count": "Desk.Write"}},
                {"definition": {"name": "T42.ACS.GetApplications"}, "does": {"answer": {"applications": []}}},
            ]
        )
        status = main(["doctor", gateway_url, "--user", "probed", "--probe"])
        text = capsys.readouterr().out
        written = asyncio.run(call(gateway_url, "probed", "Desk.Calls"))

    assert status == 0
    assert "desk.wrong: $.count is string, declared is integer" in text
    assert "desk.failing: out of order" in text
    assert "desk.right" not in text
    assert "Amelia" not in text
    assert "T42.ACS.GetApplications: a method of io.Connect's own" in text
    assert written == {"calls": 0}


async def call(url: str, user: str, name: str) -> JsonValue:
    transport = GatewayTransport(url, user=user)
    try:
        return await transport.call(Route(kind="method", name=name), {}, timeout_s=20)
    finally:
        await transport.close()


def test_what_is_learnt_of_a_gateway_types_the_package(
    gateway_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, folder, overlay = (str(tmp_path / name) for name in ("environment.json", "desk", "overlay.json"))
    with running("told_app.mjs", "--url", gateway_url, "--user", "learnt") as app:
        app.tell(register=[reading("Desk.Clients", None, {"answer": {"clients": [{"adviser": "Jonas Weber"}]}})])
        assert main(["capture", gateway_url, "--user", "learnt", "-o", source]) == 0
        assert main(["generate", source, "-o", folder, "--no-cache"]) == 0
        assert main(["learn", gateway_url, folder, "--user", "learnt", "-o", overlay]) == 0
    assert "1 result proposed; review" in capsys.readouterr().err
    assert "Jonas" not in Path(overlay).read_text(encoding="utf-8")

    assert main(["generate", source, overlay, "-o", folder, "--no-cache"]) == 0
    assert "class Client: adviser: str" in (Path(folder) / "definitions" / "desk.pyi").read_text(encoding="utf-8")


def test_learning_where_nothing_reads_fails_and_says_so(
    gateway_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, folder, overlay = (str(tmp_path / name) for name in ("environment.json", "desk", "overlay.json"))
    with running("told_app.mjs", "--url", gateway_url, "--user", "unlearnt") as app:
        app.tell(register=[{"definition": {"name": "Desk.Act"}, "does": {"answer": {}}}])
        assert main(["capture", gateway_url, "--user", "unlearnt", "-o", source]) == 0
        assert main(["generate", source, "-o", folder, "--no-cache"]) == 0
        assert main(["learn", gateway_url, folder, "--user", "unlearnt", "-o", overlay]) == 1
    assert "nothing learnt" in capsys.readouterr().err
    assert not Path(overlay).exists()


def test_probe_of_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", str(tmp_path), "--probe"]) == 2
    assert "--probe calls what runs" in capsys.readouterr().err


def test_learning_where_no_gateway_is_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(Path(__file__).parents[2] / "generated" / "wealth_desk")

    assert main(["learn", "ws://127.0.0.1:9", folder, "-o", str(tmp_path / "overlay.json")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
