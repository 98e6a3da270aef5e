"""`codemode learn`: what is called, what is proposed, and what becomes of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.cli import main
from ioconnect_codegen.learn import Learned, learn, overlay_text, read_examples
from ioconnect_codegen.output import write
from ioconnect_codegen.probing import Examples
from ioconnect_codemode import Manifest, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.errors import AppError, UsageError
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue

ENVIRONMENT: dict[str, JsonValue] = {
    "schemaVersion": 1,
    "name": "learn-desk",
    "methods": [
        {"name": "CRM.GetClients"},
        {"name": "CRM.GetClient", "accepts": "String id"},
        {"name": "CRM.Count", "returns": "Int count"},
        {"name": "CRM.AddNote"},
        {"name": "CRM.Broken"},
    ],
}
READS: dict[str, Effect] = {
    "crm.get_clients": "read",
    "crm.get_client": "read",
    "crm.count": "read",
    "crm.broken": "read",
}


def package(folder: Path, *overlays: str) -> Manifest:
    source = folder / "environment.json"
    source.write_text(json.dumps(ENVIRONMENT), encoding="utf-8")
    write(generate(read_environment(source)), folder / "package")
    return Manifest.read(folder / "package")


class Desk:
    """Handlers that note who was called with what."""

    def __init__(self) -> None:
        self.called: list[tuple[str, dict[str, JsonValue]]] = []

    def handlers(self) -> Mapping[str, Handler]:
        def handler(name: str, answer: JsonValue) -> Handler:
            def act(given: dict[str, JsonValue]) -> JsonValue:
                self.called.append((name, given))
                if name == "CRM.Broken":
                    raise AppError("out of order")
                return answer

            return act

        clients: JsonValue = {"clients": [{"id": "CL-1", "adviser": "Jonas"}, {"id": "CL-2", "adviser": "Priya"}]}
        answers: dict[str, JsonValue] = {
            "CRM.GetClients": clients,
            "CRM.GetClient": {"id": "CL-1", "born": "1970-01-01"},
            "CRM.Count": {"count": 2},
            "CRM.AddNote": {"ok": True},
            "CRM.Broken": {},
        }
        return {name: handler(name, answer) for name, answer in answers.items()}


def learnt(desk: Desk, manifest: Manifest, policy: Policy, examples: JsonValue = None) -> Learned:
    transport = EmbeddedTransport(desk.handlers())
    given: Examples = {} if examples is None else read_examples(examples)
    narrowed = policy.apply(manifest)
    return asyncio.run(learn(narrowed, policy, transport, examples=given, progress=lambda _: None))


def test_only_what_reads_and_declares_no_result_is_called_without_arguments(tmp_path: Path) -> None:
    desk = Desk()
    found = learnt(desk, package(tmp_path), Policy(effects=READS))

    assert desk.called == [("CRM.Broken", {}), ("CRM.GetClients", {})]
    assert found.remarks == ("crm.broken: out of order",)
    client: JsonValue = {
        "type": "object",
        "properties": {"id": {"type": "string"}, "adviser": {"type": "string"}},
        "required": ["id", "adviser"],
    }
    assert found.overlay == {
        "overlay": 1,
        "environment": "learn-desk",
        "results": [
            {
                "name": "CRM.GetClients",
                "capability": "crm.get_clients",
                "answers": 1,
                "outputSchema": {
                    "type": "object",
                    "properties": {"clients": {"type": "array", "items": client}},
                    "required": ["clients"],
                },
            }
        ],
    }


def test_arguments_come_from_examples_and_are_checked(tmp_path: Path) -> None:
    desk = Desk()
    examples: JsonValue = {"crm.get_client": [{"id": "CL-1"}, {"id": 5}]}
    found = learnt(desk, package(tmp_path), Policy(effects=READS), examples)

    assert ("CRM.GetClient", {"id": "CL-1"}) in desk.called
    assert len([name for name, _ in desk.called if name == "CRM.GetClient"]) == 1
    assert "crm.get_client: id expected str, got int" in " ".join(found.remarks)
    assert "1970" not in overlay_text(found.overlay) and '"born"' in overlay_text(found.overlay)


REFUSED: list[tuple[JsonValue, str]] = [
    ({"crm.add_note": [{}]}, "effect is unknown"),
    ({"crm.get_clint": [{}]}, r"not in the catalog; nearest: crm\.get_client"),
    ([], "the examples are an object"),
    ({"crm.get_client": [5]}, "the examples are an object"),
    ({"crm.get_client": []}, "the examples are an object"),
]


@pytest.mark.parametrize(("examples", "message"), REFUSED)
def test_examples_of_what_does_not_read_are_refused_before_any_call(
    tmp_path: Path, examples: JsonValue, message: str
) -> None:
    desk = Desk()

    with pytest.raises(UsageError, match=message):
        learnt(desk, package(tmp_path), Policy(effects=READS), examples)
    assert desk.called == []


def test_what_a_person_must_be_asked_about_is_not_called(tmp_path: Path) -> None:
    desk = Desk()
    learnt(desk, package(tmp_path), Policy(effects=READS, approval=ApprovalRules(ask=["crm.get_clients"])))

    assert [name for name, _ in desk.called] == ["CRM.Broken"]


def test_overlay_gives_results_their_types_and_what_is_declared_stays(tmp_path: Path) -> None:
    found = learnt(Desk(), package(tmp_path), Policy(effects=READS))
    overlay = dict(found.overlay)
    results = overlay["results"]
    assert isinstance(results, list)
    results.append({"name": "CRM.Count", "outputSchema": {"type": "object", "properties": {"x": {"type": "string"}}}})
    results.append({"name": "CRM.Unknown", "outputSchema": {"type": "string"}})
    (tmp_path / "overlay.json").write_text(overlay_text(overlay), encoding="utf-8")

    arguments = [str(tmp_path / "environment.json"), str(tmp_path / "overlay.json"), "-o", str(tmp_path / "typed")]
    assert main(["generate", *arguments, "--no-cache"]) == 0
    typed = Manifest.read(tmp_path / "typed")

    assert typed.capabilities["crm.get_clients"]["returns"] == "GetClientsResult"
    assert "class Client: id: str; adviser: str" in typed.text("definitions/crm.pyi")
    assert (
        typed.capabilities["crm.count"]["returns"]
        == Manifest.read(tmp_path / "package").capabilities["crm.count"]["returns"]
    )
    assert [name for name in typed.capabilities if "unknown" in name] == []


def test_entries_of_an_overlay_for_a_method_that_is_not_there_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    package(tmp_path)
    schema: JsonValue = {"type": "string"}
    results: list[JsonValue] = [
        {"name": "CRM.Unknown", "outputSchema": schema},
        {"name": "crm.count", "outputSchema": schema},
        {"name": "CRM.Count", "accepts": "String nobody", "returns": "", "outputSchema": schema},
    ]
    (tmp_path / "overlay.json").write_text(json.dumps({"overlay": 1, "results": results}), encoding="utf-8")
    arguments = [str(tmp_path / "environment.json"), str(tmp_path / "overlay.json"), "-o", str(tmp_path / "same")]

    assert main(["generate", *arguments, "--no-cache"]) == 0
    told = capsys.readouterr().err
    assert "CRM.Unknown observed result: there is no such method; not used" in told
    assert "CRM.Count observed result: no method of the name has this signature; not used" in told
    assert told.count("not used") == 2


def test_overlay_without_results_changes_nothing(tmp_path: Path) -> None:
    before = package(tmp_path)
    (tmp_path / "overlay.json").write_text('{"overlay": 1, "results": []}', encoding="utf-8")
    arguments = [str(tmp_path / "environment.json"), str(tmp_path / "overlay.json"), "-o", str(tmp_path / "same")]

    assert main(["generate", *arguments, "--no-cache"]) == 0
    assert Manifest.read(tmp_path / "same").digest == before.digest


def test_entries_of_an_overlay_that_cannot_be_used_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    package(tmp_path)
    (tmp_path / "overlay.json").write_text('{"overlay": 1, "results": [null, {"name": "CRM.Count"}]}', encoding="utf-8")
    arguments = [str(tmp_path / "environment.json"), str(tmp_path / "overlay.json"), "-o", str(tmp_path / "same")]

    assert main(["generate", *arguments, "--no-cache"]) == 0
    told = capsys.readouterr().err
    assert "overlay.json: left out $.results[0]" in told
    assert "overlay.json: left out $.results[1]: no outputSchema" in told
