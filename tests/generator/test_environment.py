"""The environment document: read as it is, and all its problems at once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ioconnect_codegen import EnvironmentInvalid, read_environment

SMALLEST: dict[str, object] = {"schemaVersion": 1, "name": "desk", "methods": []}


def problems(document: object) -> tuple[str, ...]:
    with pytest.raises(EnvironmentInvalid) as raised:
        read_environment(document)
    return raised.value.problems


def test_smallest_document_is_an_empty_environment() -> None:
    environment = read_environment(SMALLEST)

    assert (environment.name, environment.methods, environment.tools) == ("desk", (), ())


def test_file_is_read_like_the_document_in_it(tmp_path: Path) -> None:
    path = tmp_path / "environment.json"
    path.write_text("\ufeff" + json.dumps(SMALLEST), encoding="utf-8")

    assert read_environment(path) == read_environment(SMALLEST)


def test_unknown_properties_are_ignored() -> None:
    assert read_environment({**SMALLEST, "methods": [{"name": "A", "peer": {"x": 1}}]}).methods[0].name == "A"


def test_all_problems_are_reported_at_once_with_their_paths() -> None:
    document: dict[str, object] = {
        "schemaVersion": 2,
        "methods": [{"name": "ok"}, {"name": 3, "servers": [{}]}, {"name": ""}],
        "tools": "none",
    }

    assert set(problems(document)) == {
        "$: 'name' is missing",
        "$.schemaVersion: expected 1",
        "$.methods[1].name: expected str, got int",
        "$.methods[1].servers[0]: 'application' is missing",
        "$.methods[2].name: must not be empty",
        "$.tools: expected list, got str",
    }


@pytest.mark.parametrize(
    ("document", "problem"), [([], "$: expected dict, got list"), (None, "$: expected dict, got None")]
)
def test_document_of_another_kind_is_refused(document: object, problem: str) -> None:
    assert problems(document) == (problem,)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "$: not JSON: Expecting property name enclosed in double quotes at line 1, column 2"),
        ('{"name": NaN}', "$: NaN is not JSON"),
        ("[" * 100_000, "$: nested too deeply"),
    ],
)
def test_text_that_is_no_json_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "environment.json"
    path.write_text(text, encoding="utf-8")

    assert problems(path) == (problem,)


def test_message_of_many_problems_is_bounded() -> None:
    with pytest.raises(EnvironmentInvalid) as raised:
        read_environment({**SMALLEST, "methods": [{"nameless": True}] * 500})

    assert len(raised.value.problems) == 500
    lines = str(raised.value).splitlines()
    assert len(lines) == 22
    assert lines[0].startswith("the environment document has 500 problems; mend them, or leave these entries out: ")
    assert lines[-1] == "  and 480 more"


def test_message_says_how_to_leave_broken_entries_out_where_only_entries_are_broken() -> None:
    with pytest.raises(EnvironmentInvalid, match="leave these entries out: codemode capture"):
        read_environment({**SMALLEST, "methods": [{"name": "A"}, {"nameless": True}]})
    with pytest.raises(EnvironmentInvalid) as raised:
        read_environment({**SMALLEST, "name": "", "methods": [{"nameless": True}]})
    assert "codemode capture" not in str(raised.value)


def test_digest_does_not_depend_on_order_but_on_content() -> None:
    left = read_environment({**SMALLEST, "methods": [{"name": "A"}, {"name": "B"}]})
    right = read_environment({**SMALLEST, "methods": [{"name": "B"}, {"name": "A"}]})
    other = read_environment({**SMALLEST, "methods": [{"name": "B"}, {"name": "C"}]})

    assert left.digest == right.digest != other.digest


@pytest.mark.parametrize("document", [[{"name": "app", "type": "window"}], {"tools": [{"name": "t"}]}])
def test_another_description_is_refused_with_the_command_that_makes_an_environment_of_it(document: object) -> None:
    with pytest.raises(EnvironmentInvalid, match="make an environment of it: codemode capture") as refused:
        read_environment(document)

    assert len(str(refused.value).splitlines()) <= 6


def test_environment_with_a_fault_is_not_taken_for_another_description() -> None:
    with pytest.raises(EnvironmentInvalid) as refused:
        read_environment({"schemaVersion": 1, "methods": []})

    assert "make an environment of it" not in str(refused.value)
