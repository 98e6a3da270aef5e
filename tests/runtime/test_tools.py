from __future__ import annotations

import asyncio
import json
from typing import cast

import pytest

from ioconnect_codemode.code_mode import CodeMode
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.outcome import Outcome, OutcomeError
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.tools import EXECUTE, GET, LIST, Answer, answer, specs
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue


class Recorded(CodeMode):
    """A `CodeMode` whose runs only note their code."""

    def __init__(self, manifest: Manifest, outcome: Outcome) -> None:
        super().__init__(manifest, EmbeddedTransport({}), Policy(), spares=0)
        self.codes: list[tuple[str, bool]] = []
        self._answer = outcome

    async def execute_python_code(self, code: str, *, inputs: object = None, dry_run: bool = False) -> Outcome:
        self.codes.append((code, dry_run))
        return self._answer


GOOD = Outcome(ok=True, value=1, catalog="7f3a91c2")
BAD = Outcome(ok=False, error=OutcomeError(kind="syntax", message="m", state="nothing was run"))


def ask(manifest: Manifest, name: str, arguments: dict[str, object], outcome: Outcome = GOOD) -> Answer:
    return asyncio.run(answer(Recorded(manifest, outcome), name, arguments))


@pytest.mark.parametrize(("given", "is_dry"), [({}, False), ({"dry_run": None}, False), ({"dry_run": True}, True)])
def test_a_dry_run_is_asked_for_by_name(manifest: Manifest, given: dict[str, object], is_dry: bool) -> None:
    recorded = Recorded(manifest, GOOD)
    asyncio.run(answer(recorded, EXECUTE, {"code": "1", **given}))
    assert recorded.codes == [("1", is_dry)]


@pytest.mark.parametrize("style", ["mcp", "openai", "anthropic"])
def test_the_three_descriptions_stay_under_2000_characters(style: str) -> None:
    assert len(specs(style)) == 3
    assert len(json.dumps(specs("anthropic"))) < 2000


def test_every_style_has_the_same_names_and_schemas() -> None:
    anthropic = [(spec["name"], spec["input_schema"]) for spec in specs("anthropic")]
    openai = [cast("dict[str, JsonValue]", spec["function"]) for spec in specs("openai")]
    assert [(spec["name"], spec["inputSchema"]) for spec in specs("mcp")] == anthropic
    assert [(spec["name"], spec["parameters"]) for spec in openai] == anthropic
    assert [name for name, _ in anthropic] == [LIST, GET, EXECUTE]


def test_looking_up_is_marked_read_only_and_running_is_not() -> None:
    marks = [cast("dict[str, JsonValue]", spec["annotations"])["readOnlyHint"] for spec in specs("mcp")]
    assert marks == [True, True, False]


def test_another_style_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="style must be mcp, openai or anthropic, not 'gemini'"):
        specs("gemini")


@pytest.mark.parametrize("arguments", [{}, {"query": None, "namespace": None, "kind": None, "limit": None}])
def test_a_list_without_arguments_is_the_overview(manifest: Manifest, arguments: dict[str, object]) -> None:
    given = ask(manifest, LIST, arguments)
    assert (given.text.split("\n")[0], given.is_error) == ("crm (3): Clients and their advisers.", False)


def test_a_list_takes_its_arguments(manifest: Manifest) -> None:
    given = ask(manifest, LIST, {"query": "client", "namespace": "intents", "kind": "intent", "limit": 1})
    assert given.text.split("\n")[-1] == "1 of 1 shown, catalog 7f3a91c2"


def test_definitions_are_given_by_name(manifest: Manifest) -> None:
    given = ask(manifest, GET, {"names": ["view_contact"], "detail": "full"})
    assert given.text.endswith("FDC3 intent ViewContact, offered by viewer; effect: write")


def test_a_snippet_s_outcome_is_given_as_text(manifest: Manifest) -> None:
    assert ask(manifest, EXECUTE, {"code": "1"}) == Answer(text="1\n0 calls, catalog 7f3a91c2", outcome=GOOD)


def test_a_failed_snippet_is_an_error(manifest: Manifest) -> None:
    assert ask(manifest, EXECUTE, {"code": "1"}, BAD) == Answer(
        text="syntax (nothing was run): m", outcome=BAD, is_error=True
    )


@pytest.mark.parametrize(
    ("name", "arguments", "text"),
    [
        (LIST, {"limit": 0}, "limit must be a number from 1 to 200, not 0"),
        (LIST, {"limit": "5"}, "limit must be an integer"),
        (LIST, {"limit": True}, "limit must be an integer"),
        (LIST, {"kind": "tool"}, "kind must be one of method, stream, intent, fdc3_intent, not 'tool'"),
        (LIST, {"qery": "x"}, "there is no argument qery; there are query, namespace, kind, limit"),
        (LIST, {"query": 5}, "query must be a string"),
        (GET, {}, "names is missing"),
        (GET, {"names": None}, "names is missing"),
        (GET, {"names": []}, "names is empty"),
        (GET, {"names": "crm.*"}, "names must be an array"),
        (GET, {"names": ["a", 5]}, "names must be a list of text"),
        (GET, {"names": ["a"], "detail": "long"}, "detail must be signature or full, not 'long'"),
        (EXECUTE, {}, "code is missing"),
        (EXECUTE, {"code": ["1"]}, "code must be a string"),
        (EXECUTE, {"code": "1", "inputs": {}}, "there is no argument inputs; there are code, dry_run"),
        (EXECUTE, {"code": "1", "dry_run": 1}, "dry_run must be a boolean"),
    ],
)
def test_wrong_arguments_are_answered_in_words(
    manifest: Manifest, name: str, arguments: dict[str, object], text: str
) -> None:
    assert ask(manifest, name, arguments) == Answer(text=f"{name}: {text}", is_error=True)


def test_an_unknown_tool_is_answered_with_those_there_are(manifest: Manifest) -> None:
    assert ask(manifest, "x" * 500, {}) == Answer(
        text=f"there is no tool {'x' * 80}; there are {LIST}, {GET} and {EXECUTE}", is_error=True
    )
