"""The message table: every kind of outcome, texts that both languages can fill in, words that a model can act on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from types import ModuleType

import ioconnect_codegen
import ioconnect_codemode
import ioconnect_schemas
from ioconnect_codemode.errors import CALL_ERRORS
from ioconnect_codemode.values import JsonValue

STAGES = {
    "before_running": {"syntax", "not_allowed", "unknown_name", "type_error"},
    "at_the_call": {"argument", "denied", "approval_needed", "call_limit"},
    "from_the_app": {"app_error", "app_unavailable", "result_shape"},
    "in_the_snippet": {"snippet_error"},
    "limit": {"timeout", "memory", "output_limit"},
    "host": {"worker_lost", "stale_definitions", "internal"},
}


def part(node: JsonValue, *path: str) -> dict[str, JsonValue]:
    assert isinstance(node, dict)
    return part(node[path[0]], *path[1:]) if path else node


def table(*path: str) -> dict[str, JsonValue]:
    return part(json.loads(ioconnect_schemas.read("messages.json")), *path)


def texts() -> Iterator[tuple[str, str]]:
    """Every template with its place, `argument.wrong_type` for instance."""
    groups = {kind: part(row, "texts") for kind, row in table("kinds").items()}
    for group, templates in {
        **groups,
        "state": table("state"),
        "outcome": table("outcome"),
        "lookup": table("lookup"),
    }.items():
        for name, text in templates.items():
            assert isinstance(text, str)
            yield f"{group}.{name}", text


def placeholders(text: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def test_every_kind_of_an_outcome_is_there_at_its_stage() -> None:
    found: dict[str, set[str]] = {}
    for kind, row in table("kinds").items():
        found.setdefault(str(part(row)["stage"]), set()).add(kind)
    assert found == STAGES


def test_the_frames_know_the_same_kinds() -> None:
    frames: JsonValue = json.loads(ioconnect_schemas.read("frames.schema.json"))
    assert part(frames, "$defs", "error", "properties", "kind")["enum"] == list(table("kinds"))


def test_the_exceptions_are_those_that_a_snippet_can_catch() -> None:
    named = {kind: part(row)["exception"] for kind, row in table("kinds").items()}
    assert {kind: name for kind, name in named.items() if name} == {each.kind: each.__name__ for each in CALL_ERRORS}


def test_a_reply_that_raises_has_one_of_those_kinds() -> None:
    frames: JsonValue = json.loads(ioconnect_schemas.read("frames.schema.json"))
    kinds = part(frames, "$defs", "bad_reply", "properties", "kind")["enum"]
    assert isinstance(kinds, list)
    assert set(kinds) == {each.kind for each in CALL_ERRORS}


def test_every_kind_says_what_it_means_in_one_sentence() -> None:
    meanings = [str(part(row)["meaning"]) for row in table("kinds").values()]
    assert [text for text in meanings if not re.fullmatch(r"[A-Z][^.]+\.", text)] == []


def test_every_kind_has_a_message_besides_its_hints_and_notes() -> None:
    for kind, row in table("kinds").items():
        assert [name for name in part(row, "texts") if not name.endswith(("_hint", "_note"))], kind


def test_every_placeholder_is_a_plain_identifier_without_conversion_or_format() -> None:
    for place, text in texts():
        assert not re.search(r"[{}]", re.sub(r"\{[a-z][a-z_]*\}", "", text)), place


def test_the_glossary_explains_exactly_the_placeholders_in_use() -> None:
    used = {name for _, text in texts() for name in placeholders(text)}
    assert used == set(table("placeholders"))


def test_every_text_is_one_short_fragment() -> None:
    for place, text in texts():
        assert 0 < len(text) <= 120, place
        assert not text.endswith("."), place
        assert "\n" not in text, place


def test_every_text_of_a_kind_is_said_somewhere() -> None:
    """A text whose name stands nowhere in the rooms of either language is a promise that nobody keeps."""
    rooms = (path for package in (ioconnect_codemode, ioconnect_codegen) for path in files_of(package))
    source = "\n".join(path.read_text(encoding="utf-8") for path in rooms)
    said = set(re.findall(r"[\"'`]([a-z_]+)[\"'`]", source))
    built = {
        "run_hint",
        "total_hint",
        "too_many_rounds_hint",
        "took_another_way_hint",
    }  # from the name of their message
    names = {name for row in table("kinds").values() for name in part(row, "texts")}
    assert names - said == built


def files_of(package: ModuleType) -> list[Path]:
    folder = Path(package.__path__[0])
    return [path for path in folder.rglob("*") if path.suffix in (".py", ".js")]


def test_no_text_tells_the_model_to_retry() -> None:
    assert [place for place, text in texts() if re.search(r"\b(retry|try again)\b", text)] == []


def test_the_state_of_a_run_with_an_unfinished_write_reads_as_one_line() -> None:
    state = {name: str(text) for name, text in table("state").items()}
    effects = [state["reads"].format(count=2), state["changes"].format(count=1, effect="write", names="crm.add_note")]
    finished = state["finished_many"].format(count=3, effects=", ".join(effects))
    parts = ", ".join([finished, state["unfinished"].format(count=1)])
    assert state["do_not_repeat"].format(state=parts, names="crm.add_note") == (
        "3 calls finished (2 read, 1 write: crm.add_note), 1 unfinished: do not repeat crm.add_note"
    )


def test_the_lines_of_a_type_error_read_as_the_contract_shows_them() -> None:
    outcome = {name: str(text) for name, text in table("outcome").items()}
    texts_of_kind = {name: str(text) for name, text in table("kinds", "type_error", "texts").items()}
    state = str(table("state")["nothing_was_run"])
    assert outcome["error_at"].format(kind="type_error", line=2, column=23, state=state) == (
        "type_error at line 2, column 23 (nothing was run)"
    )
    assert texts_of_kind["wrong_type"].format(expected="str", got="int") == "expected str, got int"
