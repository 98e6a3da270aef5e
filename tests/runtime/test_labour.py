"""How much work a schema makes of one value: what is counted, and that both engines come to an end whatever the schema."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.labour import asks_too_much, is_laborious
from ioconnect_codemode.validate import Finding, Validators, engine_named
from ioconnect_codemode.values import JsonValue

Schema = dict[str, JsonValue]
SELF: Schema = {"$ref": "#/$defs/Node"}
TWICE: JsonValue = [SELF, SELF]
Findings = Callable[[Schema, JsonValue], list[Finding]]


@pytest.fixture(params=["rust", "python"])
def findings(request: pytest.FixtureRequest) -> Findings:
    engine = engine_named(request.param)
    return lambda schema, value: Validators(engine).of(schema, name="crm.f").findings(value)


def node(schema: Schema) -> Schema:
    """A schema that refers to itself as `Node`."""
    return {"$defs": {"Node": schema}, "$ref": "#/$defs/Node"}


def child(schema: JsonValue) -> Schema:
    return node({"type": "object", "properties": {"child": schema}})


def operators(*names: JsonValue) -> Schema:
    """A filter, as query languages have it: each operator holds further ones."""
    inner: list[JsonValue] = [
        {"type": "object", "properties": {"op": {"const": name}, "of": SELF}, "required": ["op"]} for name in names
    ]
    return node({"anyOf": [*inner, {"type": "string"}]})


def chain(length: int, keyword: str) -> Schema:
    """Definitions that each say several times that the next one holds."""
    links: dict[str, JsonValue] = {}
    for number in range(length):
        further: list[JsonValue] = [{"$ref": f"#/$defs/L{number + 1}"} for _ in range(4)]
        links[f"L{number}"] = {keyword: further}
    return {"$defs": {**links, f"L{length}": {"type": "object"}}, "$ref": "#/$defs/L0"}


def under(key: str, leaf: JsonValue, levels: int = 60) -> JsonValue:
    for _ in range(levels):
        leaf = {key: leaf}
    return leaf


ANCHORED: list[JsonValue] = [{"$dynamicRef": "#n"} for _ in range(2)]
CONSTANTS: list[JsonValue] = [{"const": number} for number in range(300)]
PLAIN: list[JsonValue] = [{"properties": {"a": {"anyOf": [{}, {}]}}} for _ in range(20)]
LABORIOUS: dict[str, Schema] = {
    "allOf": child({"allOf": TWICE}),
    "anyOf": child({"anyOf": TWICE}),
    "oneOf": child({"oneOf": TWICE}),
    "if": child({"if": SELF, "then": SELF, "else": SELF}),
    "patternProperties": node({"type": "object", "patternProperties": {"c": SELF, "^ch": SELF}}),
    "unevaluatedProperties": node(
        {"type": "object", "allOf": [{"properties": {"child": SELF}}], "unevaluatedProperties": SELF}
    ),
    "two definitions": {
        "$defs": {
            "A": {"type": "object", "properties": {"child": {"anyOf": [{"$ref": "#/$defs/B"}, {"$ref": "#/$defs/B"}]}}},
            "B": SELF,
            "Node": {"type": "object", "properties": {"child": {"$ref": "#/$defs/A"}}},
        },
        "$ref": "#/$defs/A",
    },
    "an anchor": {"$dynamicAnchor": "n", "properties": {"child": {"anyOf": ANCHORED}}},
}
EASY: dict[str, Schema] = {
    "a list of itself": node({"type": "object", "properties": {"children": {"type": "array", "items": SELF}}}),
    "left and right": node({"type": "object", "properties": {"left": SELF, "right": SELF}}),
    "places of a list": node({"type": "array", "prefixItems": [SELF, SELF, SELF]}),
    "declared beside others": node(
        {"type": "object", "properties": {"a": SELF}, "additionalProperties": SELF, "patternProperties": {"^x": True}}
    ),
    "one alternative holds itself": node({"anyOf": [{"type": "string"}, {"type": "array", "items": SELF}]}),
    "many alternatives": {"anyOf": CONSTANTS},
    "alternatives without references": {"anyOf": PLAIN},
}


@pytest.mark.parametrize("name", LABORIOUS)
def test_a_schema_whose_alternatives_double_with_each_level_is_laborious(name: str) -> None:
    assert is_laborious(LABORIOUS[name])
    assert not asks_too_much(LABORIOUS[name])


@pytest.mark.parametrize("name", EASY)
def test_a_schema_that_holds_each_part_once_is_not(name: str) -> None:
    assert not is_laborious(EASY[name])
    assert not asks_too_much(EASY[name])


def test_very_many_choices_are_laborious() -> None:
    assert is_laborious({"items": {"enum": list(range(1_001))}})
    assert not is_laborious({"items": {"enum": list(range(1_000))}})


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", LABORIOUS)
def test_both_engines_come_to_an_end_where_a_value_does_not_fit(findings: Findings, name: str) -> None:
    found = findings(LABORIOUS[name], under("child", 5))
    assert found or name == "an anchor"  # there nothing says what the last one has to be


@pytest.mark.timeout(60)
def test_a_filter_of_several_operators_is_checked_at_any_depth(findings: Findings) -> None:
    schema = operators("and", "or", "not")
    right: JsonValue = "name"
    wrong: JsonValue = 5
    for _ in range(30):
        right, wrong = {"op": "or", "of": right}, {"op": "or", "of": wrong}
    assert findings(schema, right) == []
    assert [str(one) for one in findings(schema, wrong)] == ["$: expected one of the declared forms, got object"]


@pytest.mark.timeout(60)
def test_what_is_wrong_is_found_where_it_is(findings: Findings) -> None:
    found = findings(LABORIOUS["allOf"], under("child", 5, levels=30))
    assert [(one.path.endswith(".child" * 9), one.expected, one.got) for one in found[:1]] == [
        (True, "object", "integer")
    ]


@pytest.mark.timeout(60)
def test_the_same_part_is_wrong_by_each_way_that_leads_to_it(findings: Findings) -> None:
    named: Schema = {"$ref": "#/$defs/Name"}
    schema: Schema = {
        "$defs": {"Name": {"type": "string", "minLength": 3}},
        "properties": {"a": {"anyOf": [named, {"type": "null"}]}, "b": named},
    }
    same = "ab"
    assert [one.path for one in findings(schema, {"a": same, "b": same})] == ["$.a", "$.b"]
    assert findings(schema, {"a": "abc", "b": "abc"}) == []
    assert [one.path for one in findings(schema, {"a": "abc", "b": same})] == ["$.b"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_a_schema_that_asks_too_much_of_one_value_is_refused_when_it_is_loaded(
    findings: Findings, keyword: str
) -> None:
    assert asks_too_much(chain(9, keyword))
    assert not asks_too_much(chain(5, keyword))
    with pytest.raises(PackageError, match=r"the schema of crm.f can't be used: it asks too much of one value"):
        findings(chain(40, keyword), {})


@pytest.mark.timeout(60)
def test_many_errors_and_many_choices_are_not_multiplied(findings: Findings) -> None:
    choices: list[JsonValue] = [{"choice": number} for number in range(5_000)]
    rows: list[JsonValue] = [{"choice": -1}] * 3_000
    assert findings({"items": {"enum": choices}}, rows)[0].path == "$[0]"
    fields: dict[str, JsonValue] = {f"f{number}": {"type": "string"} for number in range(12)}
    many: list[JsonValue] = [dict.fromkeys(fields, 1) for _ in range(10_000)]
    assert findings({"items": {"properties": fields}}, many)[0].path == "$[0].f0"


@pytest.mark.timeout(60)
def test_a_pattern_that_looks_ahead_is_matched_and_gives_up_in_each_of_many(findings: Findings) -> None:
    hostile = ["a" * 60 + "!"] * 2_000
    assert findings({"items": {"pattern": "^(?:(?=a)a|aa)+$"}}, list[JsonValue](hostile))
    assert findings({"pattern": r"^(?=.*[A-Z])(?=.*\d).{8,}$"}, "Passw0rd") == []


LOOKS = "^(?:(?=a)a|aa)+$"


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"items": {"anyOf": [{"pattern": LOOKS}, {}]}}, ["a" * 60 + str(number) for number in range(10_000)]),
        ({"items": {"not": {"pattern": LOOKS}}}, ["a" * 60 + str(number) for number in range(10_000)]),
        ({"propertyNames": {"anyOf": [{"pattern": LOOKS}, {}]}}, {f"{'a' * 60}{one}": 1 for one in range(10_000)}),
        ({"patternProperties": {LOOKS: {"type": "string"}}}, {f"{'a' * 60}{one}": 1 for one in range(10_000)}),
        ({"items": {"anyOf": [{"pattern": r"^(a+)+\1$"}, {}]}}, ["a" * 60 + str(one) for one in range(10_000)]),
    ],
)
def test_many_different_texts_do_not_each_take_as_long_as_one_may(
    findings: Findings, schema: Schema, value: JsonValue
) -> None:
    """Each of them may try a hundred thousand ways; together they had a minute of it."""
    for found in findings(schema, value):
        assert found.path.startswith("$")


MANY = [f"^(?:(?=a)a|aa)+x{number}$" for number in range(50)]
TEXTS: list[JsonValue] = [f"{'a' * 60}{number}" for number in range(10_000)]
KEYS: JsonValue = {f"{'a' * 60}{number}": 1 for number in range(10_000)}
SELDOM: Schema = {"$defs": {"looks": {"pattern": LOOKS}}}
TOO_LARGE = [("$", "a value that can be checked in time")]


def told(found: list[Finding]) -> list[tuple[str, str]]:
    return [(one.path, one.expected) for one in found]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"patternProperties": dict.fromkeys(MANY, True)}, KEYS),
        ({"allOf": [{"patternProperties": {one: True}} for one in MANY]}, KEYS),
        ({"additionalProperties": {"type": "integer"}, "patternProperties": dict.fromkeys(MANY, True)}, KEYS),
        ({**SELDOM, "propertyNames": {"anyOf": [*([{"$ref": "#/$defs/looks"}] * 99), {}]}}, KEYS),
        ({"items": {"anyOf": [*({"pattern": one} for one in MANY), {}]}}, TEXTS),
        ({**SELDOM, "items": {"anyOf": [*([{"$ref": "#/$defs/looks"}] * 4_000), {}]}}, TEXTS),
        ({"$id": "urn:x", **SELDOM, "items": {"anyOf": [*([{"$ref": "urn:x#/$defs/looks"}] * 99), {}]}}, TEXTS),
    ],
)
def test_many_patterns_that_look_around_come_to_an_end_in_many_texts(schema: Schema, value: JsonValue) -> None:
    """Fifty of them had half a minute, four thousand references to one had hours."""
    assert told(engine_named("rust")(schema).findings(value)) in ([], TOO_LARGE)


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "pattern", ["^(?:(?=.*x)a)*x$", "^(?:(?!.*y)[ax])*$", "(?=a+y)z", r"^(?:a(?=a*x))+x$", r"^(?:(a*)\1b?)*x$"]
)
def test_a_pattern_that_looks_through_all_of_a_text_at_each_place_is_not_tried_on_a_long_one(
    findings: Findings, pattern: str
) -> None:
    """None of them has to go back: 40,000 characters had three seconds, 8,000,000 a day."""
    assert [one.expected for one in findings({"pattern": pattern}, "a" * 4_000_000 + "x")] == [
        "text that can be matched"
    ]


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (r"^(?!\s)(?=.*[A-Z])(?=.*\d).*(?<!\s)$", "Ab1" + "x" * 100_000),
        (r"^(?=.{1,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)\.)+[a-z]{2,63}$", "desk.clients.example.com"),
        (r"^(['\"]).*\1$", "'" + "x" * 2_000 + "'"),
        (r"^(?!\s*$).+", "text " * 500_000),
    ],
)
def test_usual_patterns_that_look_around_hold_in_long_texts(pattern: str, text: str) -> None:
    validator = engine_named("rust")({"pattern": pattern})

    assert validator.findings(text) == []
    assert told(validator.findings("")) == [("$", f"text like {pattern}")]


def test_the_keyword_pattern_says_the_same_of_texts_whether_others_look_around_or_not() -> None:
    plain: dict[str, JsonValue] = {"a": {"pattern": r"^\p{L}+$"}, "b": {"pattern": "b$"}}
    made = engine_named("rust")
    alone, beside = made({"properties": plain}), made({"properties": {**plain, "c": {"pattern": "^(?=x)"}}})

    values: list[JsonValue] = [{"a": "Ärger", "b": "bb"}, {"a": "A1", "b": "c"}, {"a": 1, "b": None}, {"b": "b\n"}]
    for value in values:
        assert told(alone.findings(value)) == told(beside.findings(value))
        assert alone.fits(value) is beside.fits(value)


def test_a_value_whose_texts_take_too_long_does_not_fit_whatever_the_schema_makes_of_a_mismatch() -> None:
    slow: list[JsonValue] = ["a" * 990 + str(number) for number in range(5_000)]
    schema: Schema = {"items": {"not": {"pattern": "(?:(?=(?:a|aa)+y)|a)*z"}}}
    validator = engine_named("rust")(schema)

    assert validator.fits(slow[:1])
    assert not validator.fits(slow)
    assert told(validator.findings(slow)) == TOO_LARGE


@pytest.mark.timeout(120)
def test_a_value_of_many_parts_is_not_held_to_very_many_subschemas_each(findings: Findings) -> None:
    choices: list[JsonValue] = [{"type": "object", "required": [f"k{number}"]} for number in range(4_000)]
    schema: Schema = {"items": {"anyOf": [*choices, {}]}}

    many: list[JsonValue] = [{"a": 1}] * 40_000

    assert findings(schema, [{"a": 1}]) == []
    assert told(findings(schema, many)) == TOO_LARGE


def test_many_records_are_held_to_a_whole_message_format() -> None:
    kinds: list[JsonValue] = [
        {"required": ["kind"], "properties": {"kind": {"const": f"k{one}"}}} for one in range(290)
    ]
    schema: Schema = {"items": {"anyOf": kinds}}
    record: JsonValue = {"kind": "k0", **{f"f{one}": one for one in range(11)}}
    many: list[JsonValue] = [record] * 20_000

    assert engine_named("rust")(schema).fits(many)


@pytest.mark.timeout(60)
def test_very_many_texts_to_choose_from_are_not_compared_one_by_one(findings: Findings) -> None:
    choices: list[JsonValue] = [f"t{number}" for number in range(100_000)]

    assert findings({"items": {"enum": choices}}, choices[-5_000:]) == []
    assert [one.path for one in findings({"items": {"enum": choices}}, ["t1", "x"])] == ["$[1]"]


@pytest.mark.parametrize(
    ("choices", "value", "fits"),
    [
        ([1, "a"], 1.0, True),
        ([1], True, False),
        ([True], 1, False),
        ([None], None, True),
        ([[1, {"a": 2}]], [1.0, {"a": 2.0}], True),
        ([{"a": 1, "b": 2}], {"b": 2, "a": 1}, True),
        ([0], False, False),
        (["1"], 1, False),
        ([0.5], 0.5, True),
    ],
)
def test_choices_are_compared_as_json_values(
    findings: Findings, choices: list[JsonValue], value: JsonValue, fits: bool
) -> None:
    assert (findings({"enum": choices}, value) == []) is fits


def test_usual_patterns_that_look_ahead_hold_in_very_many_texts(findings: Findings) -> None:
    schema: Schema = {"items": {"pattern": r"^(?=.*[A-Z])(?=.*\d)(?!.*\s).{8,}$"}}
    texts: list[JsonValue] = [f"Passw0rd{'x' * (number % 40)}{number}" for number in range(10_000)]
    assert findings(schema, texts) == []
    assert [one.path for one in findings(schema, [*texts, "Pass w0rd"])] == ["$[10000]"]


@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    ("choices", "is_too_much"),
    [
        ([number + 0.5 for number in range(900)], False),
        ([number + 0.5 for number in range(1_100)], True),
        ([{"a": number} for number in range(9_000)], False),
        ([{"a": number} for number in range(11_000)], True),
        ([*map(str, range(20_000)), 1], True),
        ([*map(str, range(100_000))], False),
        ([*range(100_000)], False),
        ([None, True, "a", 1.5], False),
    ],
)
def test_choices_that_are_compared_one_by_one_are_bounded(choices: list[JsonValue], is_too_much: bool) -> None:
    assert asks_too_much({"items": {"enum": choices}}) is is_too_much


@pytest.mark.timeout(60)
def test_a_megabyte_is_not_read_as_a_pattern(findings: Findings) -> None:
    schema: Schema = {"items": {"anyOf": [{"format": "regex"}, {}]}}
    assert (
        findings(schema, [f"{sign}{number}" * 150_000 for number in range(10) for sign in ("a|", "9{1}", "[a]")]) == []
    )
