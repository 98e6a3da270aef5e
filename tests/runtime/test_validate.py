from __future__ import annotations

from collections.abc import Callable

import pytest

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.validate import Finding, Validators, best_engine, engine_named, json_kind
from ioconnect_codemode.values import JsonValue

SECRET = "s3cr3t-value"

Findings = Callable[[dict[str, JsonValue] | bool, JsonValue], list[Finding]]


@pytest.fixture(params=["rust", "python"])
def findings(request: pytest.FixtureRequest) -> Findings:
    """What an engine finds; every test that asks for it runs with both."""
    engine = engine_named(request.param)
    return lambda schema, value: Validators(engine).of(schema, name="crm.f").findings(value)


@pytest.mark.parametrize(
    ("schema", "value", "expected", "got"),
    [
        ({"type": "integer"}, SECRET, "integer", "string"),
        ({"type": ["integer", "null"]}, SECRET, "integer or null", "string"),
        ({"required": ["a"]}, {"b": SECRET}, 'the field "a"', "none"),
        ({"dependentRequired": {"b": ["a"]}}, {"b": SECRET}, 'the field "a"', "none"),
        ({"additionalProperties": False}, {"b": SECRET}, "no other fields", '"b"'),
        ({"properties": {"a": {}}, "additionalProperties": False}, {"b": SECRET}, "no other fields", '"b"'),
        ({"properties": {}, "unevaluatedProperties": False}, {"b": SECRET}, "no other fields", '"b"'),
        ({"unevaluatedItems": False}, [SECRET], "no other items", "array"),
        ({"enum": ["a", 1]}, SECRET, 'one of ["a", 1]', "another string"),
        ({"const": "fdc3.contact"}, SECRET, '"fdc3.contact"', "another string"),
        ({"format": "date"}, SECRET, "text in the format date, 2026-03-31", "another string"),
        ({"pattern": "^[A-Z]"}, SECRET, "text like ^[A-Z]", "another string"),
        ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, SECRET, "one of the declared forms", "string"),
        ({"oneOf": [{"type": "null"}]}, SECRET, "exactly one of the declared forms", "string"),
        ({"oneOf": [{"type": "string"}, {"minLength": 1}]}, SECRET, "exactly one of the declared forms", "string"),
        ({"not": {"type": "string"}}, SECRET, "anything but the form that is excluded", "string"),
        ({"minimum": 3}, 1, "at least 3", "another integer"),
        ({"maximum": 3}, 4.5, "at most 3", "another number"),
        ({"exclusiveMinimum": 3}, 3, "more than 3", "another integer"),
        ({"exclusiveMaximum": 3}, 3, "less than 3", "another integer"),
        ({"multipleOf": 3}, 4, "a multiple of 3", "another integer"),
        ({"minLength": 99}, SECRET, "text with a length of at least 99", "another string"),
        ({"maxLength": 2}, SECRET, "text with a length of at most 2", "another string"),
        ({"minItems": 3}, [SECRET], "a list with a length of at least 3", "another list"),
        ({"maxItems": 0}, [SECRET], "a list with a length of at most 0", "another list"),
        ({"minProperties": 3}, {"a": SECRET}, "an object with a size of at least 3", "another object"),
        ({"maxProperties": 0}, {"a": SECRET}, "an object with a size of at most 0", "another object"),
        ({"uniqueItems": True}, [SECRET, SECRET], "a list without duplicates", "one with duplicates"),
        ({"contains": {"type": "integer"}}, [SECRET], "the items that the list must hold", "array"),
        ({"propertyNames": {"maxLength": 0}}, {"a": SECRET}, "keys of the declared form", "object"),
        (
            {"if": {"type": "string"}, "then": {"maxLength": 1}},
            SECRET,
            "text with a length of at most 1",
            "another string",
        ),
        (False, SECRET, "no value here", "string"),
    ],
)
def test_a_finding_says_what_was_expected_and_never_the_value(
    findings: Findings, schema: dict[str, JsonValue], value: JsonValue, expected: str, got: str
) -> None:
    assert findings(schema, value) == [Finding(path="$", expected=expected, got=got)]


DRAFT_7: dict[str, JsonValue] = {"$schema": "http://json-schema.org/draft-07/schema#"}


@pytest.mark.parametrize(
    ("keywords", "value", "expected"),
    [
        ({"items": [True], "additionalItems": False}, [1, SECRET], "a list with a length of at most 1"),
        ({"contentEncoding": "base64"}, f"$${SECRET}", "what the schema's contentEncoding allows"),
        ({"contentMediaType": "application/json"}, f"{{{SECRET}", "what the schema's contentMediaType allows"),
    ],
)
def test_keywords_of_draft_7_have_words_too(
    findings: Findings, keywords: dict[str, JsonValue], value: JsonValue, expected: str
) -> None:
    (found,) = findings({**DRAFT_7, **keywords}, value)
    assert found.expected == expected
    assert SECRET not in str(found)


def test_a_value_that_fits_has_no_findings(findings: Findings) -> None:
    assert findings({"type": "object", "properties": {"a": {"type": "integer"}}}, {"a": 1, "b": SECRET}) == []


def test_a_list_of_item_schemas_without_a_declared_draft_is_draft_7(findings: Findings) -> None:
    schema: dict[str, JsonValue] = {"items": [{"type": "integer"}, {"type": "string"}]}
    assert findings(schema, [1, "a"]) == []
    assert findings(schema, [1, 2]) == [Finding(path="$[1]", expected="string", got="integer")]


def test_a_path_leads_to_the_wrong_part(findings: Findings) -> None:
    schema: dict[str, JsonValue] = {
        "items": {"properties": {"address": {"properties": {"post code": {"type": "string"}}}}}
    }
    value: JsonValue = [{}, {"address": {"post code": 5}}]
    assert [str(one) for one in findings(schema, value)] == ["$[1].address['post code']: expected string, got integer"]


def test_at_most_three_findings_are_given(findings: Findings) -> None:
    assert [one.path for one in findings({"items": {"type": "string"}}, [1, 2, 3, 4])] == ["$[0]", "$[1]", "$[2]"]


def test_long_choices_names_and_paths_are_bounded(findings: Findings) -> None:
    choices = findings({"enum": [f"choice {number}" for number in range(500)]}, SECRET)
    names = findings({"additionalProperties": False}, {f"{number}{'n' * 500}": 1 for number in range(500)})
    nested: JsonValue = SECRET
    for _ in range(150):
        nested = {"k" * 50: nested}
    deep = findings({"type": ["object", "null"], "additionalProperties": {"$ref": "#"}}, nested)
    assert [len(one.expected) for one in choices] == [120]
    assert [len(one.got) for one in names] == [120]
    assert [(len(one.path), one.path[:5]) for one in deep] == [(121, "$...k")]


def test_references_inside_the_schema_work(findings: Findings) -> None:
    schema: dict[str, JsonValue] = {"$defs": {"name": {"type": "string"}}, "items": {"$ref": "#/$defs/name"}}
    assert findings(schema, ["a"]) == []
    assert findings(schema, [1]) == [Finding(path="$[0]", expected="string", got="integer")]


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://example.com/schema"},
        {"$ref": "https://json-schema.example/x#/$defs/y"},
        {"$ref": "file:///etc/passwd"},
        {"$ref": "other.json"},
        {"$ref": "#/$defs/nowhere"},
        {"$dynamicRef": "#nowhere"},
        {"type": "strng"},
        {"pattern": "("},
        {"$schema": 5},
    ],
)
def test_a_schema_that_leads_outside_or_is_not_valid_is_refused(
    findings: Findings, schema: dict[str, JsonValue]
) -> None:
    with pytest.raises(PackageError, match=r"the schema of crm.f can't be used: .*; `codemode generate` makes it anew"):
        findings(schema, 1)


@pytest.mark.timeout(10)
@pytest.mark.parametrize("pattern", ["^(a+)+$", r"^(a|a)*\1$", "^(?:(?=a)a|a)*$", "^(a|aa)+$"])
def test_a_hostile_pattern_gives_up_quickly(findings: Findings, pattern: str) -> None:
    (found,) = findings({"pattern": pattern}, "a" * 30 + "!")
    assert found.got == "another string"


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("value", "fits"), [(0.07, True), (4.35, True), (19.99, True), (0.075, False), (3, True)])
def test_a_multiple_is_meant_in_decimal_digits(findings: Findings, value: float, fits: bool) -> None:
    assert (findings({"multipleOf": 0.01}, value) == []) is fits


@pytest.mark.parametrize(
    ("form", "text", "fits"),
    [
        ("date", "0000-02-29", True),
        ("date-time", "2016-12-31T22:59:60Z", False),
        ("date-time", "2016-12-31T15:59:60-08:00", True),
        ("time", "12:00:60Z", False),
        ("time", "00:29:60+00:30", True),
        ("duration", "P1Y1D", False),
        ("duration", "PT1H1S", False),
        ("duration", "P1Y2M3DT4H5M6S", True),
        ("email", "a..b@example.com", False),
        ("email", '"joe bloggs"@example.com', True),
        ("email", "a@[127.0.0.1]", True),
        ("email", "a@[1.2.3]", False),
    ],
)
def test_both_engines_agree_on_the_edges_of_formats(findings: Findings, form: str, text: str, fits: bool) -> None:
    assert (findings({"format": form}, text) == []) is fits


def test_a_reference_that_leads_to_itself_ends(findings: Findings) -> None:
    found = findings({"$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}]}}, "$ref": "#/$defs/a"}, SECRET)
    assert SECRET not in str(found)


def test_a_pattern_that_only_ecma_knows_is_no_reason_to_refuse_a_schema(findings: Findings) -> None:
    assert findings({"properties": {"name": {"pattern": r"^\p{L}+$"}}}, {"other": 1}) == []


def test_many_objects_are_compared_in_time(findings: Findings) -> None:
    rows: JsonValue = [{"id": number, "mixed": [None, number]} for number in range(20_000)]
    assert findings({"uniqueItems": True}, rows) == []
    assert findings({"uniqueItems": True}, [1, True, 1.5, [1], {"a": 1}]) == []
    assert [one.path for one in findings({"uniqueItems": True}, [{"a": 1, "b": 2}, {"b": 2, "a": 1.0}])] == ["$"]


def test_a_schema_inside_that_names_a_draft_is_held_to_the_same_rules(findings: Findings) -> None:
    inner: JsonValue = {"$schema": "http://json-schema.org/draft-07/schema#", "pattern": "^(a+)+$"}
    schema: dict[str, JsonValue] = {"$defs": {"inner": inner}, "items": {"$ref": "#/$defs/inner"}}
    (found,) = findings(schema, ["a" * 40 + "!"])
    assert found.path == "$[0]"


def nested(levels: int) -> JsonValue:
    value: JsonValue = 1
    for _ in range(levels):
        value = [value]
    return value


def test_a_value_of_two_hundred_levels_is_looked_at_and_a_deeper_one_is_refused(findings: Findings) -> None:
    schema: dict[str, JsonValue] = {"type": ["array", "integer"], "items": {"$ref": "#"}}
    assert findings(schema, nested(200)) == []
    assert findings(schema, nested(50_000)) == [Finding(path="$", expected="at most 200 levels", got="more")]


def test_a_validator_is_compiled_once_a_schema() -> None:
    validators = Validators()
    schema: dict[str, JsonValue] = {"type": "string"}
    assert validators.of(schema, name="a") is validators.of(schema, name="b")
    assert validators.of(schema, name="a") is not validators.of({"type": "string"}, name="a")


def test_true_and_the_empty_schema_accept_everything(findings: Findings) -> None:
    assert (findings(True, [SECRET]), findings({}, [SECRET])) == ([], [])


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "integer"),
        (1.5, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
    ],
)
def test_a_kind_is_a_json_type(value: JsonValue, kind: str) -> None:
    assert json_kind(value) == kind


def test_the_fast_engine_is_the_one_in_use() -> None:
    assert best_engine() is engine_named("rust")
