"""Signatures: the documented grammar, its variants in real code, and everything else without a failure."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codegen.expressions import expression
from ioconnect_codegen.shapes import (
    Anything,
    Flag,
    List,
    Map,
    Number,
    Record,
    Reference,
    Shape,
    Text,
    Tuple,
    Union,
    Whole,
)
from ioconnect_codegen.signatures import Element, hint_of, read_signature, record_of

GOLDEN = Path(__file__).parents[1] / "golden" / "real_signatures" / "environment.json"


def element(text: str) -> Element:
    (one,) = read_signature(text).elements
    return one


def messages(text: str) -> list[str]:
    return [one.message for one in read_signature(text).diagnostics]


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("bool x", Flag()),
        ("INT x", Whole()),
        ("long x", Whole()),
        ("Double x", Number()),
        ("number x", Number()),
        ("String x", Text()),
        ("datetime x", Union((Text(), Number()))),
        ("Date x", Union((Text(), Number()))),
        ("string[] x", List(Text())),
        ("string [ ] x", List(Text())),
        ("string[][] x", List(List(Text()))),
        ("composite x", Map(Anything())),
        ("composite: x", Map(Anything())),
        ("composite: [] x", List(Map(Anything()))),
        ("composite: {} x", Map(Anything())),
    ],
)
def test_type_word_gives_its_shape(text: str, shape: Shape) -> None:
    one = element(text)

    assert (one.name, one.shape, one.is_required) == ("x", shape, True)
    assert messages(text) == []


@pytest.mark.parametrize(
    "text", ["string? x", "string x?", "string[]? x", "string?[] x", "x?: string", "  string  ?  x  "]
)
def test_question_mark_anywhere_means_optional(text: str) -> None:
    assert (element(text).name, element(text).is_required) == ("x", False)


@pytest.mark.parametrize(
    "text",
    ["composite: {string a, int? b} [] rows", "Composite:{string a, int? b}[] rows", "rows: {string a, int? b}[]"],
)
def test_array_marker_may_follow_the_body(text: str) -> None:
    one = element(text)

    assert one.name == "rows"
    assert isinstance(one.shape, List) and isinstance(one.shape.item, Record)
    assert [(f.key, f.shape, f.is_required) for f in one.shape.item.fields] == [
        ("a", Text(), True),
        ("b", Whole(), False),
    ]
    assert one.shape.item.is_open


def test_named_composite_gives_a_type_name_and_no_parameter_name() -> None:
    one = element("Composite:Client{string clientId}")

    assert one.name is None
    assert isinstance(one.shape, Record) and one.shape.title == "Client"


def test_tuple_is_a_list_or_an_object_because_no_source_shows_it_on_the_wire() -> None:
    shape = element("tuple: {string name, int age} person").shape

    assert isinstance(shape, Union)
    assert shape.options[0] == Tuple((Text(), Whole()))
    assert isinstance(shape.options[1], Record)


def test_element_without_a_name_gets_one_and_is_not_required() -> None:
    record = record_of(read_signature("String room, Composite:{String text}[]").elements)

    assert [(f.key, f.is_required) for f in record.fields] == [("room", True), ("items", False)]


def test_description_may_hold_commas_and_parentheses() -> None:
    first, second = read_signature("string a (one, two (three)), int b").elements

    assert (first.name, first.description, second.name) == ("a", "one, two (three)", "b")


def test_unknown_type_is_anything_and_its_word_is_kept() -> None:
    one = element("BidData bid")

    assert (one.name, one.shape, hint_of(one)) == ("bid", Anything(), "BidData")
    assert messages("BidData bid") == ["'BidData' is not a type of the grammar; read as anything"]


@pytest.mark.parametrize("word", ["Fdc3Instrument", "fdc3.instrument", "FDC3INSTRUMENT"])
def test_word_of_a_standard_context_is_its_type(word: str) -> None:
    one = element(f"{word} instrument")

    assert (one.name, one.shape, hint_of(one)) == ("instrument", Reference("InstrumentContext"), "")
    assert messages(f"{word} instrument") == []


@pytest.mark.parametrize("word", ["Instrument", "Fdc3", "Fdc3Context", "Fdc3Instruments"])
def test_word_that_names_no_one_standard_context_is_anything(word: str) -> None:
    assert element(f"{word} instrument").shape == Anything()
    assert messages(f"{word} instrument") == [f"{word!r} is not a type of the grammar; read as anything"]


def test_capitalised_word_alone_is_the_type_of_the_whole_argument() -> None:
    assert (element("BidData").name, element("BidData").type_name) == (None, "BidData")
    assert (element("Fdc3Instrument").name, element("Fdc3Instrument").shape) == (None, Reference("InstrumentContext"))


def test_word_alone_in_a_body_is_a_field_even_if_it_could_be_a_type() -> None:
    shape = element("composite: {string side, contact, timestamp} order").shape

    assert isinstance(shape, Record)
    assert [(f.key, f.shape) for f in shape.fields] == [
        ("side", Text()),
        ("contact", Anything()),
        ("timestamp", Anything()),
    ]


@pytest.mark.parametrize(
    "text", ["see the wiki for it", "string a } b", "n/a", "string a {int b}", "a b: c [", "()()[]"]
)
def test_text_that_is_no_signature_is_read_as_nothing_known(text: str) -> None:
    signature = read_signature(text)

    assert signature.is_garbled or not any(one.name for one in signature.elements)
    assert signature.diagnostics or not signature.elements


def test_body_that_is_never_closed_is_read_as_far_as_it_goes() -> None:
    shape = element("composite: {string a, int b").shape

    assert isinstance(shape, Record)
    assert [f.key for f in shape.fields] == ["a", "b"]
    assert messages("composite: {string a, int b") == ["this { is never closed"]


def test_diagnostic_shows_the_text_with_a_caret() -> None:
    (diagnostic,) = read_signature("string a, Blob b", where="X accepts").diagnostics

    assert str(diagnostic) == (
        "X accepts, column 11: 'Blob' is not a type of the grammar; read as anything\n  string a, Blob b\n            ^"
    )


def test_bodies_are_read_to_a_depth_of_64() -> None:
    deep = "composite:{" * 65 + "int a" + "}" * 65

    assert "nested too deeply; read as anything" in messages(deep)
    assert "nested too deeply; read as anything" not in messages("composite:{" * 64 + "int a" + "}" * 64)


def test_text_longer_than_a_signature_is_cut() -> None:
    assert messages("int a," * 5000)[0] == "longer than a signature can be; the rest was not read"


def test_none_of_fifty_real_signatures_is_garbled() -> None:
    methods = json.loads(GOLDEN.read_text(encoding="utf-8"))["methods"]
    texts = [method.get(key, "") for method in methods for key in ("accepts", "returns")]

    assert len(methods) == 50
    assert [text for text in texts if read_signature(text).is_garbled] == []


@given(st.text() | st.text(alphabet="compsite: {}[]?,()aB\n", max_size=200))
def test_reading_never_fails(text: str) -> None:
    signature = read_signature(text)

    for diagnostic in signature.diagnostics:
        assert str(diagnostic)
    assert record_of(signature.elements).is_open


NAMES = st.from_regex(r"[a-z][A-Za-z0-9]{0,8}", fullmatch=True)
WORDS = {"bool": "bool", "int": "int", "double": "float", "string": "str"}


@given(
    st.lists(
        st.tuples(NAMES, st.sampled_from(sorted(WORDS)), st.booleans(), st.booleans()), unique_by=lambda one: one[0]
    )
)
def test_documented_grammar_is_read_exactly(parts: list[tuple[str, str, bool, bool]]) -> None:
    text = ", ".join(
        f"{word}{'[]' if is_list else ''}{'?' if is_optional else ''} {name}"
        for name, word, is_list, is_optional in parts
    )
    read = [(one.name, expression(one.shape), one.is_required) for one in read_signature(text).elements]

    assert read == [
        (name, f"list[{WORDS[word]}]" if is_list else WORDS[word], not is_optional)
        for name, word, is_list, is_optional in parts
    ]


def test_text_that_is_no_signature_is_told_once() -> None:
    assert messages("see wiki: {topic|analyst}, or ask") == ["':' means nothing here; the whole is read as anything"]


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Composite:Client{string id} x", ""),
        ("Composite:Client{string id}[] x", ""),
        ("ClientInfo[] x", "ClientInfo"),
        ("Date x", "ISO 8601 or epoch ms"),
    ],
)
def test_hint_says_only_what_the_type_leaves_open(text: str, hint: str) -> None:
    assert hint_of(element(text)) == hint
