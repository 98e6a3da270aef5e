"""`codemode doctor URL` and `codemode capture URL`: what a running gateway says of itself, read and judged."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ioconnect_codegen.cli import main

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
