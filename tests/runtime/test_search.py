"""The rooms of the search: words, slips, index and ranking. How often it finds is held in tests/front/test_search.py."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ioconnect_schemas
from ioconnect_codemode.lookup.index import Index, Texts, index_lines, index_text, line_of
from ioconnect_codemode.lookup.ranking import concepts, search
from ioconnect_codemode.lookup.slips import distance, halves, neighbours
from ioconnect_codemode.lookup.words import curated, stem, tokens, words


def index(*texts: Texts) -> Index:
    return Index.of((f"{one.namespace}.{one.function}", line_of(one)) for one in texts)


def functions(*names: str) -> Index:
    return index(*(Texts(function=name, namespace="desk") for name in names))


def found(index: Index, question: str) -> Sequence[str]:
    return [name.partition(".")[2] for name in search(index, question)]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("findClients", ["find", "clients"]),
        ("find_clients", ["find", "clients"]),
        ("GetFDC3Context", ["get", "fdc", "3", "context"]),
        ("T42.OMS-orders/2", ["t", "42", "oms", "orders", "2"]),
        ("Café Über", ["cafe", "uber"]),
        ("Счёт 7", ["счет", "7"]),
        ("", []),
    ],
)
def test_text_is_split_at_separators_camel_case_and_digits(text: str, split: list[str]) -> None:
    assert words(text) == split


@pytest.mark.parametrize(
    "same",
    [
        ("client", "clients"),
        ("allocate", "allocated", "allocation", "allocations", "allocating"),
        ("settle", "settled", "settlement"),
        ("suitable", "suitability"),
        ("approve", "approval", "approved"),
        ("party", "parties"),
        ("branch", "branches"),
        ("plan", "planning", "planned"),
    ],
)
def test_forms_of_a_word_are_one(same: tuple[str, ...]) -> None:
    assert len({stem(word) for word in same}) == 1


@pytest.mark.parametrize(
    ("first", "second"), [("news", "new"), ("bond", "bon"), ("status", "state"), ("order", "ordinal")]
)
def test_other_words_stay_apart(first: str, second: str) -> None:
    assert stem(first) != stem(second)


@given(st.text())
def test_any_text_has_tokens_and_a_line_that_is_read_back(text: str) -> None:
    listed = tokens(text)
    read = index(Texts(function=text, namespace=text, description=text))
    assert set(read.postings) - {""} == set(listed)


def test_a_phrase_is_a_token_beside_its_words() -> None:
    assert tokens("Profit and loss of a trader") == ["profit", "loss", "trader", "profit and loss"]


def test_the_curated_words_are_well_formed() -> None:
    data = json.loads(ioconnect_schemas.read("search_words.json"))
    groups = [*data["same"], *data["related"]]
    assert [group for group in groups if len(group) < 2 or len(set(group)) < len(group)] == []
    assert [text for group in groups for text in group if text != " ".join(words(text))] == []
    ignored = curated().ignored
    assert [text for group in groups for text in group if text in ignored] == []


def test_a_rarer_word_counts_more() -> None:
    desk = functions("show_order", "show_client", "show_note", "cancel_order")
    assert found(desk, "cancel show order")[0] in ("cancel_order", "show_order")
    assert found(desk, "show note")[0] == "show_note"


def test_the_name_counts_more_than_the_description_and_that_more_than_fields() -> None:
    desk = index(
        Texts(function="c", namespace="desk", results="margin"),
        Texts(function="b", namespace="desk", description="Margin."),
        Texts(function="get_margin", namespace="desk"),
    )
    assert found(desk, "margin") == ["get_margin", "b", "c"]


@pytest.mark.parametrize("texts", [{"parameters": "isinCode"}, {"results": "isinCode"}, {"titles": "Isin code"}])
def test_parameters_result_fields_and_titles_are_searched(texts: dict[str, str]) -> None:
    desk = index(Texts(function="a", namespace="desk"), Texts(function="b", namespace="desk", **texts))
    assert found(desk, "isin code") == ["b"]


def test_a_synonym_finds_and_the_word_itself_wins() -> None:
    desk = functions("find_customer", "find_client", "find_order")
    assert found(desk, "client")[:2] == ["find_client", "find_customer"]


def test_synonyms_of_one_word_do_not_add_up() -> None:
    desk = functions("client_customer_party", "find_client")
    assert found(desk, "find client")[0] == "find_client"


@pytest.mark.parametrize(
    "question",
    ["watch list", "watchlist", "watchlsit", "watchlists", "watchl"],
)
def test_joined_split_misspelt_and_unfinished_words_find(question: str) -> None:
    assert found(functions("get_watchlist", "get_order"), question)[0] == "get_watchlist"


def test_words_that_say_nothing_are_left_out() -> None:
    desk = functions("find_client", "get_any")
    assert len(concepts(desk, "please find the client for me")) == 2
    assert concepts(desk, "what is the one for us") == []


def test_nothing_is_found_for_what_is_not_there() -> None:
    assert found(functions("find_client"), "zzzz qqqq 42") == []
    assert found(functions(), "client") == []


def test_equal_matches_come_in_the_catalog_s_order() -> None:
    assert found(functions("note_b", "note_a"), "note") == ["note_b", "note_a"]


@given(st.text(max_size=400))
def test_any_question_is_answered(question: str) -> None:
    assert set(found(functions("find_client", "add_note"), question)) <= {"find_client", "add_note"}


def test_a_long_text_is_no_question() -> None:
    assert len(concepts(functions("find_client"), "client " * 10_000)) <= 64


@pytest.mark.parametrize(
    ("first", "second", "slips"),
    [("order", "order", 0), ("ordr", "order", 1), ("oredr", "order", 1), ("orders", "order", 1), ("arder", "order", 1)],
)
def test_slips_are_counted(first: str, second: str, slips: int) -> None:
    assert distance(first, second, 2) == distance(second, first, 2) == slips


def test_more_slips_than_asked_for_are_not_counted() -> None:
    assert distance("portfolio", "watchlist", 2) == 3


def test_short_words_have_no_neighbours_and_long_ones_two_slips() -> None:
    assert neighbours("ordr", ["order", "odd"]) == ["order"]
    assert neighbours("odr", ["order", "odd"]) == []
    assert neighbours("portfloio", ["portfolio"]) == ["portfolio"]
    assert neighbours("portfloioo", ["portfolio"]) == ["portfolio"]
    assert neighbours("prtfloioo", ["portfolio"]) == []


def test_two_words_written_as_one_are_taken_apart() -> None:
    assert halves("notepad", {"note", "pad"}) == ["note", "pad"]
    assert halves("notepad", {"note"}) == []


def test_the_file_has_a_line_a_capability() -> None:
    line = line_of(Texts(function="a", namespace="crm", description="Add a note."))
    text = index_text([index_lines({"crm.a": line}), index_lines({"crm.b": ""})])
    assert text == '{\n"crm.a": "crm;add;not|DLL",\n"crm.b": ""\n}\n'
    assert index_text([]) == "{}\n"
