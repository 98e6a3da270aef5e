"""Shapes: what counts when they are compared, and how alternatives become one."""

from __future__ import annotations

from ioconnect_codegen.shapes import (
    Anything,
    Choice,
    Field,
    List,
    Map,
    Note,
    Null,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Union,
    Whole,
    choice,
    definition_digests,
    digest,
    merge,
    nullable,
    references,
    to_schema,
    without_null,
)


def record(*fields: Field, **rest: str) -> Record:
    return Record(fields=fields, title=rest.get("title", ""), description=rest.get("description", ""))


def one(key: str, shape: Shape, *, is_required: bool = True, note: str = "") -> Field:
    return Field(key=key, shape=shape, is_required=is_required, note=Note(description=note))


def test_alternatives_become_one_flat_union_with_null_last() -> None:
    assert merge([Null(), Text(), Union((Whole(), Null())), Text()]) == Union((Text(), Whole(), Null()))


def test_anything_swallows_all_other_alternatives() -> None:
    assert merge([Text(), Anything()]) == Anything()
    assert merge([]) == Anything()


def test_whole_numbers_vanish_beside_numbers() -> None:
    assert merge([Whole(), Number()]) == Number()


def test_choices_are_joined_and_true_is_not_one() -> None:
    assert merge([choice(["a", 1]), choice([True, "a"])]) == Choice(("a", 1, True))
    assert digest(choice([1])) != digest(choice([True]))


def test_null_can_be_taken_out_of_a_union() -> None:
    shape = merge([Text(), Null()])

    assert (nullable(shape), without_null(shape)) == (True, Text())
    assert (nullable(Text()), without_null(Text())) == (False, Text())
    assert without_null(Null()) == Null()


def test_titles_notes_and_order_do_not_count() -> None:
    left = record(one("a", Text(), note="first"), one("b", Whole()), title="Left", description="x")
    right = record(one("b", Whole()), one("a", Text(), note="second"), title="Right")

    assert digest(left) == digest(right)
    assert digest(merge([Text(), Null()])) == digest(Union((Null(), Text())))


def test_key_kind_requiredness_and_openness_count() -> None:
    base = record(one("a", Text()))
    others = [
        record(one("b", Text())),
        record(one("a", Whole())),
        record(one("a", Text(), is_required=False)),
        Record(fields=base.fields, is_open=False),
    ]

    assert len({digest(shape) for shape in [base, *others]}) == 5


def test_reference_to_a_record_is_equal_to_the_record_written_out() -> None:
    inner = record(one("a", Text()))
    digests = definition_digests({"Inner": inner})

    assert digest(record(one("x", Reference("Inner"))), digests.__getitem__) == digest(record(one("x", inner)))


def test_names_of_definitions_do_not_count_in_a_circle_either() -> None:
    first = {"A": record(one("b", Reference("B"))), "B": record(one("a", Reference("A")), one("x", Text()))}
    second = {"P": record(one("b", Reference("Q"))), "Q": record(one("a", Reference("P")), one("x", Text()))}

    left, right = definition_digests(first), definition_digests(second)

    assert (left["A"], left["B"]) == (right["P"], right["Q"])
    assert left["A"] != left["B"]


def test_references_are_found_at_any_depth() -> None:
    shape = record(one("a", List(Map(Reference("X")))), one("b", Union((Reference("Y"), Tuple((Reference("X"),))))))

    assert list(references(shape)) == ["X", "Y", "X"]


def test_shape_from_a_signature_has_a_wire_schema() -> None:
    shape = record(
        one("a", merge([Text(), Number()])),
        one("b", List(choice(["x"])), is_required=False),
        one("c", Tuple((Text(), Whole()))),
        one("d", Map(Anything())),
    )

    assert to_schema(shape) == {
        "type": "object",
        "properties": {
            "a": {"anyOf": [{"type": "string"}, {"type": "number"}]},
            "b": {"type": "array", "items": {"enum": ["x"]}},
            "c": {
                "type": "array",
                "prefixItems": [{"type": "string"}, {"type": "integer"}],
                "items": False,
                "minItems": 2,
                "maxItems": 2,
            },
            "d": {"type": "object", "additionalProperties": {}},
        },
        "required": ["a", "c", "d"],
    }


def test_definition_beside_one_that_contains_itself_has_a_digest_in_any_order() -> None:
    first = Record(fields=(Field(key="b", shape=Reference("B"), is_required=True),))
    circle = Record(fields=(Field(key="b", shape=Reference("B"), is_required=False),))

    assert definition_digests({"A": first, "B": circle}).keys() == {"A", "B"}
