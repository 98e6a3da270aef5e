"""JSON Schema in the page: the verdicts of the desktop's validator, apart from what is listed; the words; the quick yes."""

from __future__ import annotations

import json
from typing import cast

import pytest

from ioconnect_codemode import Manifest
from ioconnect_codemode.stand_ins import stand_in
from ioconnect_codemode.validate import Finding, Validator, Validators, engine_named
from ioconnect_codemode.values import JsonValue
from page.both import WEALTH_DESK, differences, page_answers
from page.corpus import FORMATS, KEYWORDS, QUICK, STAND_INS
from page.verdicts import DIFFERENCES, FORMAT_DIFFERENCES, REFUSED
from suite.test_engines import cases as suite_cases
from suite.test_suite import DRAFTS, marked

Schema = dict[str, JsonValue] | bool


def desk(schema: Schema) -> Validator:
    return Validators(engine_named("rust")).of(schema, name="crm.f")


def worded(found: list[Finding]) -> list[dict[str, str]]:
    return [{"path": one.path, "expected": one.expected, "got": one.got} for one in found]


def test_a_value_that_does_not_fit_is_described_in_the_same_words() -> None:
    cases = [{"schema": schema, "value": value} for schema, value in KEYWORDS]
    python = [{"value": worded(desk(schema).findings(value))} for schema, value in KEYWORDS]
    assert differences(cases, python, page_answers("schema", cases, needs_library=True)) == []


def test_formats_are_asserted_with_the_same_verdicts_apart_from_what_is_listed() -> None:
    asked = [(name, text) for name, texts in FORMATS.items() for text in texts]
    cases = [{"schema": {"type": "string", "format": name}, "value": text} for name, text in asked]
    page = page_answers("schema", cases, needs_library=True)
    found: dict[str, list[str]] = {}
    for (name, text), case, answer in zip(asked, cases, page, strict=True):
        fits = not desk(cast("Schema", case["schema"])).findings(text)
        if fits is not (answer == {"value": []}):
            found.setdefault(name, []).append(text)
    assert found == FORMAT_DIFFERENCES


def test_the_whole_test_suite_has_the_same_verdicts_apart_from_what_is_listed() -> None:
    asked: list[tuple[str, str, Schema, JsonValue]] = []
    for draft, case in suite_cases():
        schema = cast("Schema", marked(case["schema"], DRAFTS[draft]))
        for test in cast("list[dict[str, JsonValue]]", case["tests"]):
            asked.append((draft, str(case["description"]), schema, test["data"]))
    page = page_answers("schema", [{"schema": one[2], "value": one[3]} for one in asked], needs_library=True)
    found: dict[str, int] = {}
    refused: dict[str, int] = {}
    for (_, description, schema, value), answer in zip(asked, page, strict=True):
        try:
            desktop = "fits" if not engine_named("rust")(schema).findings(value) else "does not"
        except ValueError:
            desktop = "refused"
        assert isinstance(answer, dict)
        verdict = "refused" if "error" in answer else "fits" if answer["value"] == [] else "does not"
        if verdict == "refused" and desktop != verdict:
            reason = reason_of(str(answer["message"]))
            refused[reason] = refused.get(reason, 0) + 1
        elif desktop != verdict:
            name = f"{description}: {desktop}, in the page {verdict}"
            found[name] = found.get(name, 0) + 1
    assert len(asked) > 4_800
    assert (found, refused) == (DIFFERENCES, REFUSED)


def reason_of(message: str) -> str:
    if message.startswith("the draft"):
        return "a draft of its own"
    is_draft = message.startswith(("the reference http://json-schema.org/", "the reference https://json-schema.org/"))
    return "a reference to a draft" if is_draft else "$dynamicRef"


def test_the_quick_yes_is_the_validators_too() -> None:
    """Over the suite and the corpus: what the page lets through without asking is what the validator lets through."""
    asked: list[tuple[Schema, list[JsonValue]]] = [(schema, [value]) for schema, value in KEYWORDS]
    for name, texts in FORMATS.items():
        asked.append(({"type": "string", "format": name}, [*texts]))
    asked += QUICK
    for draft, case in suite_cases():
        schema = cast("Schema", marked(case["schema"], DRAFTS[draft]))
        asked.append((schema, [test["data"] for test in cast("list[dict[str, JsonValue]]", case["tests"])]))
    quick = page_answers("quick", [{"schema": schema, "values": values} for schema, values in asked])
    yes = [
        (schema, value)
        for (schema, values), said in zip(asked, quick, strict=True)
        for value, one in zip(values, cast("list[bool]", said), strict=True)
        if one
    ]
    page = page_answers("schema", [{"schema": schema, "value": value} for schema, value in yes], needs_library=True)
    assert [one for one, answer in zip(yes, page, strict=True) if answer != {"value": []}] == []
    assert len(yes) > 300  # or it would be of no use


def test_the_quick_yes_is_said_to_ordinary_values() -> None:
    said = page_answers("quick", [{"schema": schema, "values": values} for schema, values in QUICK])
    assert [all(cast("list[bool]", one)) for one in said] == [True] * len(QUICK)


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^a+$", "^.*$", "a{2}", "^(?:a|b)$", "^[z-a]$", "^a{2,9}$", "^[^a]$"])
def test_a_pattern_that_may_take_long_is_never_run_in_the_page(pattern: str) -> None:
    [said] = page_answers("quick", [{"schema": {"pattern": pattern}, "values": ["a", "aa", "b"]}])
    assert said == [False, False, False]


def test_stand_ins_are_the_desktops() -> None:
    manifest = Manifest.read(WEALTH_DESK)
    results = [manifest.schemas(name)["output_schema"] for name in manifest.capabilities]
    schemas: list[Schema] = [*(one for one in results if one is not None), *STAND_INS]
    python: list[object] = []
    for schema in schemas:
        validator = desk(schema)
        python.append(stand_in(schema, lambda value, validator=validator: not validator.findings(value)))  # type: ignore[misc]
    cases = [{"schema": schema} for schema in schemas]
    page = [json.loads(str(one)) for one in page_answers("stand_in", cases, needs_library=True)]
    assert differences(cases, python, page) == []
