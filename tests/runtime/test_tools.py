from __future__ import annotations

import asyncio
import json
from typing import cast

import pytest

from ioconnect_codemode.code_mode import CodeMode
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.outcome import Outcome, OutcomeError
from ioconnect_codemode.rules import Policy
from ioconnect_codemode.tools import EXECUTE, GET, INSPECT, INSTRUCTIONS, LIST, Answer, answer, specs
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


@pytest.mark.parametrize(("profile", "names"), [("three", [LIST, GET, EXECUTE]), ("two", [INSPECT, EXECUTE])])
@pytest.mark.parametrize("style", ["mcp", "openai", "anthropic"])
def test_the_specifications_of_a_profile_stay_under_2000_characters(style: str, profile: str, names: list[str]) -> None:
    given = specs(style, profile)
    assert [json.loads(json.dumps(spec)).get("function", spec)["name"] for spec in given] == names
    assert len(json.dumps(given)) < (2_100 if style == "openai" else 2_000)


def test_the_instructions_are_short_and_name_no_tool_that_a_profile_lacks() -> None:
    assert len(INSTRUCTIONS) < 600
    assert not any(name in INSTRUCTIONS for name in (LIST, GET, INSPECT))


def test_another_profile_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="profile must be three or two, not 'four'"):
        specs("mcp", "four")


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
    with pytest.raises(UsageError, match="style must be mcp, openai, openai-responses or anthropic, not 'gemini'"):
        specs("gemini")


@pytest.mark.parametrize("arguments", [{}, {"query": None, "namespace": None, "kind": None, "limit": None}])
def test_a_list_without_arguments_is_the_overview(manifest: Manifest, arguments: dict[str, object]) -> None:
    given = ask(manifest, LIST, arguments)
    assert (given.text.split("\n")[0], given.is_error) == ("# crm (3): Clients and their advisers.", False)


def test_a_list_takes_its_arguments(manifest: Manifest) -> None:
    given = ask(manifest, LIST, {"query": "client", "namespace": "intents", "kind": "intent", "limit": 1})
    assert given.text.split("\n")[-1] == "1 of 2 shown, catalog 7f3a91c2"


def test_one_tool_of_two_lists_finds_and_defines(manifest: Manifest) -> None:
    listed = ask(manifest, INSPECT, {})
    matches = ask(manifest, INSPECT, {"query": "add a note"})
    defined = ask(manifest, INSPECT, {"names": ["add_note"]})
    both = ask(manifest, INSPECT, {"query": "add a note", "names": ["add_note"]})
    assert listed == ask(manifest, LIST, {}) == ask(manifest, INSPECT, {"query": "", "names": []})
    assert matches == ask(manifest, LIST, {"query": "add a note"})
    assert defined == ask(manifest, GET, {"names": ["add_note"]})
    assert both.text == f"{matches.text}\n\n{defined.text}"


def test_a_wrong_tool_is_answered_with_those_of_the_profile(manifest: Manifest) -> None:
    code_mode = Recorded(manifest, GOOD)
    given = asyncio.run(answer(code_mode, "run", {}, profile="two"))
    assert given == Answer(text=f"there is no tool run; there are {INSPECT} and {EXECUTE}", is_error=True)


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
        (LIST, {"limit": 0}, "limit must be a number from 1 to 200"),
        (LIST, {"limit": "five"}, "limit must be an integer"),
        (LIST, {"limit": True}, "limit must be an integer"),
        (LIST, {"kind": "tool"}, "kind must be one of method, stream, intent, fdc3_intent, context, not 'tool'"),
        (LIST, {"qery": "x"}, "there is no argument qery; there are query, namespace, kind, limit"),
        (LIST, {"query": 5}, "query must be a string"),
        (GET, {}, "names is missing"),
        (GET, {"names": None}, "names is missing"),
        (GET, {"names": []}, "names is empty"),
        (GET, {"names": ""}, "names is empty"),
        (GET, {"names": {"crm": 1}}, "names must be an array"),
        (LIST, {"limit": 2.5}, "limit must be an integer"),
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


@pytest.mark.parametrize("arguments", [[], "code", 5, False])
def test_arguments_that_are_no_object_are_answered_in_words(manifest: Manifest, arguments: object) -> None:
    said = asyncio.run(answer(Recorded(manifest, GOOD), EXECUTE, arguments))
    assert said == Answer(text=f"{EXECUTE}: the arguments must be an object", is_error=True)


def test_arguments_that_are_null_are_none(manifest: Manifest) -> None:
    assert asyncio.run(answer(Recorded(manifest, GOOD), EXECUTE, None)).text == f"{EXECUTE}: code is missing"


@pytest.mark.parametrize(
    ("name", "given", "meant"),
    [
        (GET, {"names": "crm.show_client"}, {"names": ["crm.show_client"]}),
        (GET, {"names": "crm.show_client, view_contact"}, {"names": ["crm.show_client", "view_contact"]}),
        (GET, {"names": '["crm.show_client", "view_contact"]'}, {"names": ["crm.show_client", "view_contact"]}),
        (LIST, {"query": "client", "limit": 1.0}, {"query": "client", "limit": 1}),
        (LIST, {"query": "client", "limit": "1"}, {"query": "client", "limit": 1}),
    ],
)
def test_what_can_be_meant_in_one_way_only_is_taken_so(
    manifest: Manifest, name: str, given: dict[str, object], meant: dict[str, object]
) -> None:
    assert ask(manifest, name, given) == ask(manifest, name, meant)
    assert not ask(manifest, name, given).is_error


def test_a_flood_in_an_argument_is_not_given_back(manifest: Manifest) -> None:
    flood = "x" * 1_000_000
    asked: list[tuple[str, dict[str, object]]] = [
        (LIST, {"kind": flood}),
        (LIST, {"limit": 10**4000}),
        (LIST, {"namespace": flood}),
        (LIST, {"query": flood}),
        (LIST, {flood: 1}),
        (GET, {"names": [flood, *map(str, range(20_000))]}),
        (GET, {"names": ["a"], "detail": flood}),
        (flood, {}),
    ]
    assert [name[:9] for name, arguments in asked if len(ask(manifest, name, arguments).text) > 700] == []


def test_an_unknown_tool_is_answered_with_those_there_are(manifest: Manifest) -> None:
    assert ask(manifest, "x" * 500, {}) == Answer(
        text=f"there is no tool {'x' * 80}; there are {LIST}, {GET} and {EXECUTE}", is_error=True
    )


def test_the_responses_api_has_a_form_of_its_own_and_keeps_optional_arguments_optional() -> None:
    chat, responses = specs("openai"), specs("openai-responses")
    assert responses == [{"type": "function", **as_dict(spec["function"]), "strict": False} for spec in chat]


def as_dict(value: JsonValue) -> dict[str, JsonValue]:
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize(
    ("effects", "is_read_only", "is_destructive", "is_open"),
    [
        ((), True, None, False),
        (("read",), True, None, False),
        (("read", "write"), False, False, True),
        (("write", "destructive"), False, True, True),
        (("unknown",), False, True, True),
    ],
)
def test_what_a_snippet_may_do_to_the_world_follows_what_is_left(
    effects: tuple[Effect, ...], is_read_only: bool, is_destructive: bool | None, is_open: bool
) -> None:
    *looks, runs = (as_dict(spec["annotations"]) for spec in specs("mcp", effects=effects))
    assert (runs["readOnlyHint"], runs.get("destructiveHint"), runs["openWorldHint"]) == (
        is_read_only,
        is_destructive,
        is_open,
    )
    assert looks == [{"readOnlyHint": True, "openWorldHint": False}] * 2
