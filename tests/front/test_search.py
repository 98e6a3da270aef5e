"""How often the search finds on 1,200 capabilities, held with slack; bench/search.py prints the numbers and times."""

from __future__ import annotations

import pytest
from desktop import environment, later_questions, questions
from search import HIT_1, HIT_5, evaluate, lines_of, ours, plain_bm25

from ioconnect_codegen import build_catalog, read_environment
from ioconnect_codegen.catalog import Catalog
from ioconnect_codemode.values import JsonValue


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return build_catalog(read_environment(environment()))


@pytest.fixture(scope="module")
def lines(catalog: Catalog) -> dict[str, str]:
    return lines_of(catalog)


def test_the_desktop_is_large_and_a_third_of_its_questions_is_unseen(catalog: Catalog) -> None:
    names = {one.name for one in catalog.capabilities}
    asked = [*questions(unseen=True), *questions(unseen=False)]
    assert (len(names) > 1_000, len(asked), len(questions(unseen=True))) == (True, 120, 40)
    assert [answer for one in asked for answer in one.answers if answer not in names] == []


def test_seen_questions_are_answered(lines: dict[str, str]) -> None:
    found = evaluate(ours(lines), questions(unseen=False))
    assert found.first >= 0.75
    assert found.fifth >= 0.88


def test_unseen_questions_are_answered(lines: dict[str, str]) -> None:
    found = evaluate(ours(lines), questions(unseen=True))
    assert found.first >= HIT_1
    assert found.fifth >= HIT_5


def test_questions_of_another_hand_are_answered(catalog: Catalog, lines: dict[str, str]) -> None:
    asked = later_questions(unseen=True)
    names = {one.name for one in catalog.capabilities}
    assert len(asked) > 120
    assert [answer for one in asked for answer in one.answers if answer not in names] == []
    mine, theirs = evaluate(ours(lines), asked), evaluate(plain_bm25(catalog.capabilities), asked)
    assert (mine.first >= HIT_1, mine.fifth >= HIT_5) == (True, True)
    assert (mine.first > theirs.first, mine.fifth > theirs.fifth) == (True, True)


def test_a_function_that_names_nothing_is_found_by_its_namespace() -> None:
    """`orders.list` lists orders: what stands in the namespace counts as if it stood in the function's name."""
    methods: list[JsonValue] = [
        {"name": "Orders.List"},
        {"name": "Desk.ListOrdersOfTheDay"},
        {"name": "Orders.GetFees"},
    ]
    listed = lines_of(build_catalog(read_environment({"schemaVersion": 1, "name": "desk", "methods": methods})))
    assert next(iter(ours(listed)("list orders"))) == "orders.list_"


def test_synonyms_and_fields_find_what_plain_bm25_does_not(catalog: Catalog, lines: dict[str, str]) -> None:
    asked = questions(unseen=True)
    mine, theirs = evaluate(ours(lines), asked), evaluate(plain_bm25(catalog.capabilities), asked)
    assert mine.first > theirs.first
    assert mine.fifth > theirs.fifth


def test_a_line_depends_on_its_capability_alone(lines: dict[str, str]) -> None:
    document = environment()
    methods = document["methods"]
    assert isinstance(methods, list)
    fewer: list[JsonValue] = [one for one in methods if "LeaseDesk" not in str(one)]
    part = lines_of(build_catalog(read_environment({**document, "methods": fewer})))
    assert part == {name: line for name, line in lines.items() if not name.startswith("lease_desk.")}
