"""JSON Schemas: what they mean, what is left out, and that nothing in them reaches out."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioconnect_codegen.schemas import Schema, read_schema
from ioconnect_codegen.shapes import (
    Anything,
    Choice,
    Flag,
    List,
    Map,
    Null,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Union,
    Whole,
)
from ioconnect_codemode.values import JsonValue

STRING: JsonValue = {"type": "string"}


def shape_of(schema: JsonValue) -> Shape:
    return read_schema(schema).shape


def record_in(schema: JsonValue) -> Record:
    read = read_schema(schema)
    shape = read.definitions[read.shape.target] if isinstance(read.shape, Reference) else read.shape
    assert isinstance(shape, Record)
    return shape


def messages(read: Schema) -> list[str]:
    return [one.message for one in read.diagnostics]


@pytest.mark.parametrize(
    ("schema", "shape"),
    [
        ({"type": "string"}, Text()),
        ({"type": "integer"}, Whole()),
        ({"type": "number"}, Number()),
        ({"type": "boolean"}, Flag()),
        ({"type": "null"}, Null()),
        ({}, Anything()),
        (True, Anything()),
        (False, Anything()),
        ({"type": ["string", "null"]}, Union((Text(), Null()))),
        ({"type": "string", "nullable": True}, Union((Text(), Null()))),
        ({"$ref": "#/$defs/A", "nullable": True, "$defs": {"A": {"type": "integer"}}}, Union((Whole(), Null()))),
        ({"enum": ["a", 1, True, None]}, Union((Choice(("a", 1, True)), Null()))),
        ({"enum": [1.5, {"a": 1}]}, Union((Number(), Map(Anything())))),
        ({"const": "x"}, Choice(("x",))),
        ({"type": "array"}, List(Anything())),
        ({"items": {"type": "string"}}, List(Text())),
        ({"type": "object"}, Map(Anything())),
        ({"type": "object", "additionalProperties": {"type": "integer"}}, Map(Whole())),
        ({"type": "object", "additionalProperties": False}, Record(fields=(), is_open=False)),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, Union((Text(), Whole()))),
        ({"anyOf": [{"type": "integer"}, {"type": "number"}]}, Number()),
        (
            {"type": "array", "prefixItems": [{"type": "number"}, {"type": "string"}], "items": False, "minItems": 2},
            Tuple((Number(), Text())),
        ),
        ({"items": [{"type": "number"}], "additionalItems": False, "minItems": 1}, Tuple((Number(),))),
        (
            {"type": "array", "prefixItems": [{"type": "number"}], "items": {"type": "string"}},
            List(Union((Number(), Text()))),
        ),
        ("nonsense", Anything()),
        ({"type": "nonsense"}, Anything()),
    ],
)
def test_schema_gives_its_shape(schema: JsonValue, shape: Shape) -> None:
    assert shape_of(schema) == shape


def test_record_keeps_order_and_tells_required_from_optional() -> None:
    record = record_in({"properties": {"b": STRING, "a": {"type": "integer"}, "never": False}, "required": ["a", "c"]})

    assert [(f.key, f.shape, f.is_required) for f in record.fields] == [
        ("b", Text(), False),
        ("a", Whole(), True),
        ("c", Anything(), True),
    ]
    assert record.is_open


@pytest.mark.parametrize("word", ["additionalProperties", "unevaluatedProperties"])
def test_record_is_closed_where_the_schema_says_so(word: str) -> None:
    assert not record_in({"properties": {"a": STRING}, word: False}).is_open


def test_nearer_words_win_when_all_of_is_flattened() -> None:
    base: JsonValue = {"properties": {"id": {"type": "object"}, "type": STRING, "name": STRING}, "required": ["type"]}
    instrument: JsonValue = {
        "allOf": [
            {
                "properties": {
                    "type": {"const": "fdc3.instrument"},
                    "id": {"type": "object", "properties": {"ISIN": STRING}},
                }
            },
            {"$ref": "#/$defs/Base"},
        ],
        "required": ["id"],
        "$defs": {"Base": base},
    }
    fields = {one.key: one for one in record_in(instrument).fields}

    assert fields["type"].shape == Choice(("fdc3.instrument",))
    assert fields["type"].is_required and fields["id"].is_required and not fields["name"].is_required
    assert isinstance(fields["id"].shape, Record) and fields["id"].shape.fields[0].key == "ISIN"


def test_branches_of_a_union_share_what_stands_beside_them() -> None:
    shape = shape_of(
        {
            "properties": {"id": STRING},
            "oneOf": [{"properties": {"a": STRING}, "required": ["a"]}, {"properties": {"b": STRING}}],
        }
    )

    assert isinstance(shape, Union)
    assert [[f.key for f in option.fields] for option in shape.options if isinstance(option, Record)] == [
        ["id", "a"],
        ["id", "b"],
    ]


def test_branches_that_only_require_keys_leave_one_record() -> None:
    record = record_in({"properties": {"a": STRING, "b": STRING}, "anyOf": [{"required": ["a"]}, {"required": ["b"]}]})

    assert [(f.key, f.is_required) for f in record.fields] == [("a", False), ("b", False)]


def test_recursion_ends_at_a_reference_to_the_record() -> None:
    node: JsonValue = {"properties": {"children": {"items": {"$ref": "#/$defs/Node"}}}}
    read = read_schema({"$ref": "#/$defs/Node", "$defs": {"Node": node}})

    assert read.shape == Reference("Node")
    assert read.definitions["Node"].fields[0].shape == List(Reference("Node"))
    assert read.diagnostics == ()


def test_recursion_without_a_record_is_anything_and_says_so() -> None:
    read = read_schema({"$ref": "#/$defs/T", "$defs": {"T": {"anyOf": [STRING, {"items": {"$ref": "#/$defs/T"}}]}}})

    assert read.shape == Union((Text(), List(Anything())))
    assert messages(read) == ["T contains itself without a record in between; read as anything"]


def test_recursion_through_a_record_keeps_its_types() -> None:
    both: JsonValue = {"properties": {"and": {"items": {"$ref": "#/$defs/E"}}}, "required": ["and"]}
    read = read_schema({"$ref": "#/$defs/E", "$defs": {"E": {"oneOf": [STRING, {"$ref": "#/$defs/And"}]}, "And": both}})

    assert read.shape == Union((Text(), Reference("And")))
    assert read.definitions["And"].fields[0].shape == List(Union((Text(), Reference("And"))))
    assert read.diagnostics == ()


def test_record_without_a_name_gets_one_where_it_ends_a_recursion() -> None:
    negation: JsonValue = {"properties": {"kind": {"const": "not"}, "of": {"$ref": "#/$defs/E"}}, "required": ["of"]}
    read = read_schema({"$ref": "#/$defs/E", "$defs": {"E": {"oneOf": [STRING, negation]}}})

    assert read.shape == Union((Text(), Reference("ENot")))
    assert [field.shape for field in read.definitions["ENot"].fields] == [Choice(("not",)), read.shape]


def test_record_that_may_be_null_may_contain_itself() -> None:
    node: JsonValue = {"type": ["object", "null"], "properties": {"next": {"$ref": "#/$defs/Node"}}}
    read = read_schema({"$ref": "#/$defs/Node", "$defs": {"Node": node}})

    (name,) = read.definitions
    assert read.shape == Union((Reference(name), Null()))
    assert read.definitions[name].title == "Node"
    assert read.definitions[name].fields[0].shape == read.shape


def test_what_stands_beside_a_reference_changes_no_other_use_of_it() -> None:
    record: JsonValue = {"title": "A", "properties": {"b": STRING}}
    uses: JsonValue = {
        "near": {"$ref": "#/$defs/A", "required": ["b"]},
        "plain": {"$ref": "#/$defs/A", "title": "Other", "description": "Mine."},
    }
    read = read_schema({"properties": uses, "$defs": {"A": record}})

    assert isinstance(read.shape, Record)
    near, plain = read.shape.fields
    assert isinstance(near.shape, Record) and near.shape.fields[0].is_required
    assert (plain.shape, plain.note.description) == (Reference("A"), "Mine.")
    assert (read.definitions["A"].title, read.definitions["A"].fields[0].is_required) == ("A", False)


def test_reference_with_words_beside_it_may_lead_to_itself() -> None:
    node: JsonValue = {"title": "T", "properties": {"next": {"$ref": "#/$defs/T", "required": ["next"]}}}
    read = read_schema({"$ref": "#/$defs/T", "$defs": {"T": node}})

    inner = read.definitions["T"].fields[0].shape
    assert isinstance(inner, Record) and inner.fields[0].shape == Reference("T")


def test_properties_under_a_condition_can_be_given() -> None:
    record = record_in(
        {
            "properties": {"kind": STRING},
            "if": {"properties": {"kind": {"const": "limit"}}},
            "then": {"properties": {"price": {"type": "number", "description": "Limit price."}}, "required": ["price"]},
            "dependentSchemas": {"kind": {"properties": {"note": STRING}}},
        }
    )

    assert [(f.key, f.shape, f.is_required) for f in record.fields] == [
        ("kind", Text(), False),
        ("price", Anything(), False),
        ("note", Anything(), False),
    ]
    assert record.fields[1].note.description == "Limit price."


def test_bounds_and_choices_that_all_hold_are_the_narrowest() -> None:
    parts: JsonValue = [{"type": "integer", "minimum": 1}, {"minimum": 5, "maximum": 9}, {"maximum": 20}]
    record = record_in({"properties": {"a": {"allOf": parts}, "b": {"allOf": [{"enum": [1, 2, 3]}, {"enum": [3, 2]}]}}})

    assert [(f.shape, f.note.constraint) for f in record.fields] == [(Whole(), "5..9"), (Choice((2, 3)), "")]


def test_value_of_a_choice_that_its_type_excludes_is_left_out() -> None:
    assert shape_of({"type": "integer", "enum": ["1", 2, 3.0]}) == Union((Choice((2,)), Number()))
    assert shape_of({"type": "string", "enum": [1]}) == Choice((1,))


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        ({"type": "String"}, "type can't be 'String'; left out"),
        ({"type": "string", "minLength": "3"}, "minLength can't be '3'; left out"),
        ({"required": True}, "required can't be True; left out"),
        ({"pattern": "("}, "pattern can't be '('; left out"),
    ],
)
def test_keyword_of_the_wrong_kind_is_told(schema: JsonValue, message: str) -> None:
    assert messages(read_schema(schema)) == [message]


def test_title_of_the_wrong_kind_is_not_worth_a_word() -> None:
    assert messages(read_schema({"title": None, "description": ["x"], "type": "string"})) == []


@pytest.mark.parametrize("target", ["file:///etc/passwd", "../secret.json", "http://127.0.0.1:9/x.json", "x#/a"])
def test_reference_out_of_the_document_is_never_followed(target: str) -> None:
    read = read_schema({"properties": {"a": {"$ref": target}}})

    assert read.shape == Record(fields=(record_in({"properties": {"a": True}}).fields[0],))
    assert messages(read) == [f"reference {target!r} leads out of the document; read as anything"]
    assert "$ref" not in str(read.wire)


@pytest.mark.parametrize("target", ["#anchor", "#/properties/b", "#/$defs/A"])
def test_reference_that_points_to_nothing_is_anything_and_says_so(target: str) -> None:
    read = read_schema({"properties": {"a": {"$ref": target}}})

    assert messages(read) == [f"reference {target!r} points to nothing; read as anything"]


@pytest.mark.parametrize(
    "document",
    [
        {"$ref": "#a", "$defs": {"A": {"$anchor": "a", "type": "integer"}}},
        {"$ref": "a.json", "$defs": {"A": {"$id": "a.json", "type": "integer"}}},
        {"$ref": "a.json", "$id": "http://x.test/root.json", "$defs": {"A": {"$id": "a.json", "type": "integer"}}},
        {"$ref": "http://x.test/a.json#b", "$defs": {"A": {"$id": "http://x.test/a.json", "items": {"$anchor": "b"}}}},
        {"$dynamicRef": "#n", "$defs": {"A": {"$dynamicAnchor": "n", "type": "integer"}}},
        {
            "$schema": "http://json-schema.org/draft-04/schema#",
            "$ref": "#a",
            "definitions": {"A": {"id": "#a", "type": "integer"}},
        },
        {"$ref": "a.json#/$defs/I", "$defs": {"A": {"$id": "a.json", "$defs": {"I": {"type": "integer"}}}}},
        {"$ref": "a.json", "$defs": {"A": {"$id": "a.json", "$ref": "#/$defs/I", "$defs": {"I": {"type": "integer"}}}}},
    ],
)
def test_reference_to_an_address_or_anchor_of_the_document_is_followed(document: JsonValue) -> None:
    read = read_schema(document)

    assert read.diagnostics == ()
    assert read.shape in (Whole(), Anything())
    assert "$ref" in read.wire


def test_dynamic_reference_with_two_meanings_is_anything_and_says_so() -> None:
    read = read_schema(
        {"$dynamicRef": "#n", "$defs": {"A": {"$dynamicAnchor": "n"}, "B": {"$id": "b", "$dynamicAnchor": "n"}}}
    )

    assert read.shape == Anything()
    assert messages(read) == ["reference '#n' has more than one meaning; read as anything"]


def test_recursive_reference_with_one_meaning_is_followed() -> None:
    tree: dict[str, JsonValue] = {"n": {"type": "integer"}, "more": {"type": "array", "items": {"$recursiveRef": "#"}}}
    for anchor in ({}, {"$recursiveAnchor": False}, {"$recursiveAnchor": True}):
        read = read_schema({"type": "object", "properties": tree, **anchor})

        assert read.diagnostics == ()
        assert not jsonschema_rs.Draft202012Validator(read.wire).is_valid({"more": [{"more": [{"n": "one"}]}]})


def test_recursive_reference_with_two_meanings_is_anything_and_says_so() -> None:
    inner: dict[str, JsonValue] = {"$id": "inner", "$recursiveAnchor": True, "items": {"$recursiveRef": "#"}}
    read = read_schema({"$recursiveAnchor": True, "properties": {"a": {"$ref": "inner"}}, "$defs": {"I": inner}})

    assert messages(read) == ["reference '#' has more than one meaning; read as anything"]


def test_beside_a_reference_nothing_counts_up_to_draft_7() -> None:
    document: dict[str, JsonValue] = {"$ref": "#/definitions/A", "maxLength": 2, "definitions": {"A": STRING}}
    old = {"$schema": "http://json-schema.org/draft-07/schema#", **document}

    assert "maxLength" in read_schema(document).wire
    assert "maxLength" not in read_schema(old).wire


def test_local_pointers_are_bundled_under_defs() -> None:
    read = read_schema(
        {
            "properties": {"a": {"$ref": "#/definitions/x~1y%20z"}, "b": {"$ref": "#/properties/a"}},
            "definitions": {"x/y z": {"type": "integer"}},
        }
    )

    assert [f.shape for f in record_in(read.wire).fields] == [Whole(), Whole()]
    assert set(read.wire) == {"properties", "$defs"}


def test_keywords_outside_the_list_are_dropped() -> None:
    read = read_schema(
        {
            "type": "string",
            "x-python-type": "os.system",
            "x-python-import": {"module": "os", "name": "system"},
            "customTypePath": "os.system",
            "$dynamicRef": "#x",
            "$id": "http://example.invalid/",
        }
    )

    assert read.wire == {"type": "string"}


def test_values_of_the_wrong_kind_are_dropped_so_that_the_schema_compiles() -> None:
    wrong: JsonValue = {
        "type": "number",
        "minimum": "x",
        "maximum": 10**400,
        "pattern": "([",
        "required": "a",
        "multipleOf": 0,
        "maxLength": -1,
        "enum": [],
    }

    assert read_schema(wrong).wire == {"type": "number"}


def test_lone_surrogate_takes_only_its_keyword_with_it() -> None:
    schema: JsonValue = {
        "properties": {"a": {"type": "string", "enum": ["\ud800"], "description": "\udfff"}, "\ud800": STRING},
        "required": ["a"],
    }

    assert read_schema(schema).wire == {"properties": {"a": STRING}, "required": ["a"]}


def test_older_drafts_are_written_in_the_words_of_2020_12() -> None:
    assert read_schema({"minimum": 1, "exclusiveMinimum": True}).wire == {"exclusiveMinimum": 1}
    assert read_schema({"dependencies": {"a": ["b"]}}).wire == {"dependentRequired": {"a": ["b"]}}


def example_of(schema: JsonValue) -> JsonValue:
    return record_in({"type": "object", "properties": {"a": schema}}).fields[0].note.example


@pytest.mark.parametrize(
    ("schema", "example"),
    [
        ({"type": "string", "examples": ["CL-10024", "CL-2"]}, "CL-10024"),
        ({"type": "string", "example": "CL-10024"}, "CL-10024"),
        ({"type": ["string", "null"], "examples": ["CL-10024"]}, "CL-10024"),
        ({"type": "string", "nullable": True, "example": "CL-10024"}, "CL-10024"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}], "examples": ["CL-10024"]}, "CL-10024"),
        ({"allOf": [{"type": "string", "examples": ["CL-10024"]}]}, "CL-10024"),
        ({"type": "string", "examples": ['Zo\u00eb "Z" \\']}, 'Zo\u00eb "Z" \\'),
        ({"type": "string", "examples": ["x" * 40]}, "x" * 40),
        ({"type": "integer", "examples": [12]}, 12),
        ({"type": "number", "examples": [1.5]}, 1.5),
        ({"type": "string", "examples": [12]}, None),
        ({"type": "integer", "examples": ["12"]}, None),
        ({"type": "integer", "examples": [True]}, None),
        ({"type": "boolean", "examples": [True]}, None),
        ({"type": "integer", "examples": [10**40]}, None),
        ({"type": "number", "examples": [float("nan")]}, None),
        ({"type": "string", "examples": []}, None),
        ({"type": "string", "examples": {"one": "CL-10024"}}, None),
        ({"type": "string", "examples": [["CL-10024"]]}, None),
    ],
)
def test_the_first_example_counts_where_it_is_plain_and_fits(schema: JsonValue, example: JsonValue) -> None:
    assert example_of(schema) == example


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "x" * 41,
        "a\nb",
        "a\tb",
        "a\x1b[2J",
        "a\x85b",
        "a\u2028b",
        "a\u00a0b",
        "a\u202eb",
        "a\u2066b",
        "a\u200bb",
        "a\ufeffb",
        "a\u3164b",
        "a\ufe0fb",
        "a\U000e0041b",
        "a\U000e0101b",
        "a\ud800b",
    ],
)
def test_an_example_that_is_long_or_not_all_seen_is_dropped_without_a_word(text: str) -> None:
    read = read_schema({"type": "object", "properties": {"a": {"type": "string", "examples": [text]}}})
    assert example_of({"type": "string", "examples": [text]}) is None
    assert read.wire == {"type": "object", "properties": {"a": {"type": "string"}}}
    assert read.diagnostics == ()


def test_an_example_beside_a_reference_leaves_the_type_that_is_referred_to() -> None:
    client: JsonValue = {"type": "object", "properties": {"id": {"type": "string"}}}
    plain: JsonValue = {"$defs": {"Client": client}, "type": "array", "items": {"$ref": "#/$defs/Client"}}
    shown: JsonValue = {
        "$defs": {"Client": client},
        "type": "array",
        "items": {"$ref": "#/$defs/Client", "examples": ["CL-10024"]},
    }
    assert read_schema(shown).shape == read_schema(plain).shape == List(Reference("Client"))


def test_schema_is_read_to_a_depth_of_64() -> None:
    deep: JsonValue = {"type": "string"}
    for _ in range(300):
        deep = {"type": "array", "items": deep}

    assert "nested too deeply or too large; read as anything" in messages(read_schema(deep))


def test_definitions_that_multiply_are_read_within_a_budget() -> None:
    laughs: dict[str, JsonValue] = {"d0": {"type": "string"}}
    for level in range(1, 40):
        pair: list[JsonValue] = [{"$ref": f"#/$defs/d{level - 1}"}, {"$ref": f"#/$defs/d{level - 1}"}]
        laughs[f"d{level}"] = {"type": "array", "prefixItems": pair, "minItems": 2, "maxItems": 2}

    read = read_schema({"$ref": "#/$defs/d39", "$defs": laughs})

    assert any("too large once its references are followed" in message for message in messages(read))


@pytest.mark.parametrize("word", ["allOf", "anyOf", "oneOf"])
def test_definitions_that_hold_twice_each_are_read_as_anything_and_not_sent_to_a_validator(word: str) -> None:
    levels = 30
    chain: dict[str, JsonValue] = {
        f"D{level}": {word: [{"$ref": f"#/$defs/D{level + 1}"}, {"title": "x", "$ref": f"#/$defs/D{level + 1}"}]}
        for level in range(levels)
    }
    schema: JsonValue = {"properties": {"a": {"$ref": "#/$defs/D0"}}, "$defs": {**chain, f"D{levels}": STRING}}
    read = read_schema(schema)

    assert (read.shape, read.wire) == (Anything(), {})
    assert messages(read) == ["asks too much of one value once its references are followed; read as anything"]


def test_very_many_choices_that_are_compared_one_by_one_are_read_as_anything() -> None:
    choices: list[JsonValue] = [number + 0.5 for number in range(1_100)]
    read = read_schema({"properties": {"a": {"enum": choices}}})
    assert read.wire == {}
    assert messages(read)[-1:] == ["asks too much of one value once its references are followed; read as anything"]
    assert read_schema({"properties": {"a": {"enum": choices[:900]}}}).wire != {}
    assert read_schema({"properties": {"a": {"enum": [str(one) for one in choices]}}}).wire != {}


def test_parts_that_hold_together_are_joined_within_a_budget() -> None:
    levels = 10
    chain: dict[str, JsonValue] = {
        f"D{level}": {"allOf": [{"$ref": f"#/$defs/D{level + 1}"}, {"title": "x", "$ref": f"#/$defs/D{level + 1}"}]}
        for level in range(levels)
    }
    properties: dict[str, JsonValue] = {f"p{at}": {"$ref": "#/$defs/D0", "minLength": at} for at in range(1, 40)}
    read = read_schema({"properties": properties, "$defs": {**chain, f"D{levels}": STRING}})

    assert messages(read) == ["too large once its references are followed; the rest is read as anything"]


def test_a_few_definitions_that_hold_twice_are_read() -> None:
    schema: JsonValue = {
        "allOf": [{"$ref": "#/$defs/A"}, {"$ref": "#/$defs/A"}],
        "$defs": {"A": {"properties": {"id": STRING}, "required": ["id"]}},
    }
    assert [one.key for one in record_in(schema).fields] == ["id"]
    assert read_schema(schema).diagnostics == ()


@pytest.mark.parametrize(
    "reference", [{"$ref": "#"}, {"allOf": [{"$ref": "#"}]}, {"allOf": [{"$ref": "#"}], "description": "Above."}]
)
def test_record_that_refers_to_itself_refers_to_its_name_however_it_says_so(reference: JsonValue) -> None:
    read = read_schema({"properties": {"parent": reference}})

    assert [one.shape for one in record_in({"properties": {"parent": reference}}).fields] == [Reference("Root")]
    assert list(read.definitions) == ["Root"]
    assert read.diagnostics == ()


def test_record_that_holds_itself_with_more_ends() -> None:
    more: JsonValue = {"allOf": [{"$ref": "#/$defs/Node"}, {"properties": {"weight": {"type": "number"}}}]}
    read = read_schema({"$ref": "#/$defs/Node", "$defs": {"Node": {"properties": {"next": more, "id": STRING}}}})
    (following, _) = read.definitions["Node"].fields

    assert isinstance(following.shape, Record)
    assert [(one.key, one.shape) for one in following.shape.fields] == [
        ("next", Reference("Node")),
        ("id", Text()),
        ("weight", Number()),
    ]


@pytest.mark.parametrize("schema", [{"enum": ["A" * 101, "b"]}, {"const": "A" * 101}])
def test_long_value_stands_by_its_kind_and_stays_on_the_wire(schema: dict[str, JsonValue]) -> None:
    read = read_schema({"properties": {"a": schema}})
    (field,) = record_in({"properties": {"a": schema}}).fields

    assert field.shape == Text()
    assert field.note.constraint.startswith('one of "AAAAAAAAAAAAAAAA...')
    assert read.wire == {"properties": {"a": schema}}


def test_value_of_100_characters_stands_in_its_type() -> None:
    assert shape_of({"enum": ["A" * 100, "b"]}) == Choice(("A" * 100, "b"))


def test_constants_of_branches_are_bounded_as_an_enum_is() -> None:
    branches: list[JsonValue] = [{"const": f"v{number}", "title": "x"} for number in range(101)]

    assert shape_of({"oneOf": branches}) == Text()
    assert isinstance(shape_of({"oneOf": branches[:100]}), Choice)


def test_long_enum_shows_its_kind_and_its_first_values_and_stays_whole_on_the_wire() -> None:
    values: list[JsonValue] = [f"V{number}" for number in range(3000)]
    read = read_schema({"properties": {"a": {"enum": values}}})

    assert isinstance(read.shape, Record)
    assert (read.shape.fields[0].shape, read.wire["properties"]) == (Text(), {"a": {"enum": values}})
    assert read.shape.fields[0].note.constraint == 'one of 3000: "V0", "V1", "V2", "V3", "V4", ...'


@pytest.mark.parametrize(
    ("schema", "default"),
    [
        ({"type": "integer", "default": 50}, 50),
        ({"type": "integer", "default": True}, None),
        ({"type": "integer", "default": "50"}, None),
        ({"type": "number", "default": 1}, 1),
        ({"enum": ["a", "b"], "default": "b"}, "b"),
        ({"enum": ["a", "b"], "default": "c"}, None),
        ({"type": ["string", "null"], "default": "x"}, "x"),
        ({"type": "array", "default": []}, None),
    ],
)
def test_default_counts_only_where_it_fits(schema: JsonValue, default: JsonValue) -> None:
    assert record_in({"properties": {"a": schema}}).fields[0].default == default


@pytest.mark.parametrize(
    ("schema", "constraint"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 500}, "1..500"),
        ({"type": "number", "exclusiveMinimum": 0}, "> 0"),
        ({"type": "number", "minimum": 0.5, "exclusiveMaximum": 2}, ">= 0.5 and < 2"),
        ({"type": "string", "minLength": 3, "maxLength": 3}, "length 3"),
        ({"type": "string", "pattern": "^CL-\\d+$"}, "pattern ^CL-\\d+$"),
        ({"type": "string", "format": "date-time"}, "date-time"),
        ({"type": "array", "maxItems": 5, "items": {"type": "integer", "minimum": 1}}, "<= 5 items, each >= 1"),
        ({"type": "array", "uniqueItems": True}, "no duplicates"),
        ({"enum": [0.5, 1.5]}, "one of 0.5, 1.5"),
        ({"type": "object", "propertyNames": {"pattern": "^x"}}, "keys pattern ^x"),
        ({"type": "object", "propertyNames": {"enum": ["a", "b"]}}, 'keys one of "a", "b"'),
        ({"type": "string", "description": "plain"}, ""),
    ],
)
def test_constraint_says_what_a_caller_can_break(schema: JsonValue, constraint: str) -> None:
    assert record_in({"properties": {"a": schema}}).fields[0].note.constraint == constraint


@pytest.mark.parametrize(
    ("words", "constraint"),
    [
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, "or b required"),
        ({"oneOf": [{"required": ["a", "c"]}, {"required": ["b"]}]}, "and c or b required, not both"),
        ({"dependentRequired": {"a": ["b", "c"]}}, "needs b and c"),
        ({"dependencies": {"a": ["b"]}}, "needs b"),
        ({"anyOf": [{"required": ["a"]}, {"minProperties": 2}]}, ""),
    ],
)
def test_keys_that_depend_on_each_other_are_told_at_the_first(words: dict[str, JsonValue], constraint: str) -> None:
    record = record_in({"properties": {"a": STRING, "b": STRING, "c": STRING}, **words})

    assert [field.note.constraint for field in record.fields] == [constraint, "", ""]


KEYWORDS = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "enum",
        "const",
        "required",
        "$defs",
        "a",
        "minimum",
    ]
)
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.sampled_from(["string", "#", "#/$defs/a", "object", "x"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYWORDS, inner, max_size=5),
    max_leaves=25,
)


@settings(deadline=None)
@given(JSON)
def test_reading_never_fails_and_the_wire_schema_compiles(document: JsonValue) -> None:
    read = read_schema(document)

    jsonschema_rs.Draft202012Validator(read.wire)
    assert read_schema(read.wire).wire.keys() == read.wire.keys()
