from __future__ import annotations

import datetime
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ioconnect_codemode.egress import Egress
from ioconnect_codemode.scrubbing import MaskedValues
from ioconnect_codemode.values import JsonValue


def masked(*values: JsonValue, key: str = "taxId", anywhere: str = "", is_choice: bool = False) -> MaskedValues:
    made = MaskedValues(anywhere=frozenset(anywhere.split()), names={"taxId": ("taxId", "tax_id")})
    for value in values:
        made.add(key, value, label=f"Client.{key}", is_choice=is_choice)
    return made


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CH9300762011", "***"),
        ("x CH9300762011 y", "x *** y"),
        ("xCH9300762011y", "x***y"),
        ("ch9300762011", "***"),
        ("CH93 0076 2011", "***"),
        ("C-H-9-3-0-0-7-6-2-0-1-1", "***"),
        ("CH93\n0076\u200b2011!", "***!"),
        ("CH9300762011CH9300762011", "******"),
        ("CH930076201", "CH930076201"),
        ("CH9300762012", "CH9300762012"),
        ("", ""),
    ],
)
def test_a_long_value_is_found_inside_any_text(text: str, shown: str) -> None:
    assert masked("CH93 0076 2011").text(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("pin 4711.", "pin ***."),
        ("4711", "***"),
        ("47-11", "***"),
        ("14711", "14711"),
        ("4711x", "4711x"),
        ("47  11", "47  11"),
    ],
)
def test_a_short_value_is_found_as_a_whole_word(text: str, shown: str) -> None:
    assert masked("4711").text(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1234567.5", "***"),
        ("1,234,567.5", "***"),
        ("1'234'567.50 CHF", "*** CHF"),
        ("about 1234568", "about ***"),
        ("less than 1234567", "less than ***"),
        ("0001234567.5 or 12345678", "*** or 12345678"),
        ("11234567.5", "11234567.5"),
        ("1 234 567", "1 234 567"),
    ],
)
def test_a_number_is_found_as_a_whole_number_however_it_is_grouped(text: str, shown: str) -> None:
    assert masked(1234567.5).text(text) == shown


@pytest.mark.parametrize("value", ["AG", 5, 99_999, 0.5, True, False])
def test_what_is_everywhere_is_masked_under_its_key_only(value: JsonValue) -> None:
    found = masked(value)
    assert found.value([value, {"size": value}]) == [value, {"size": value}]
    assert found.value({"taxId": value, "tax_id": [value]}) == {"taxId": "***", "tax_id": ["***"]}


def test_a_truth_value_is_no_number_under_a_masked_key() -> None:
    assert masked(True).value({"taxId": 1}) == {"taxId": 1}
    assert masked(1).value({"taxId": True}) == {"taxId": True}
    assert masked(5).value({"taxId": 5.0}) == {"taxId": "***"}


def test_a_choice_is_masked_under_its_key_only() -> None:
    found = masked("institutional", is_choice=True)
    assert found.value({"taxId": "institutional", "kind": "institutional"}) == {"taxId": "***", "kind": "institutional"}


def test_another_record_s_value_under_the_same_key_stays() -> None:
    assert masked("CH9300762011").value([{"taxId": "DE1"}, {"taxId": "CH9300762011"}]) == [
        {"taxId": "DE1"},
        {"taxId": "***"},
    ]


def test_under_a_key_that_is_masked_anywhere_everything_is_masked_but_null() -> None:
    found = masked(anywhere="iban")
    assert found.value({"iban": 5, "a": [{"iban": {"x": 1}}], "b": {"iban": None}, "c": {"iban": [1]}}) == {
        "iban": "***",
        "a": [{"iban": "***"}],
        "b": {"iban": None},
        "c": {"iban": "***"},
    }


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{'taxId': 5, 'x': 5}", "{'taxId': '***', 'x': 5}"),
        ('{"taxId":5}', '{"taxId":"***"}'),
        (json.dumps(json.dumps({"taxId": "5"})), '"{\\"taxId\\": \\"***\\"}"'),
        ("Client(taxId=5, x=5)", "Client(taxId=***, x=5)"),
        ("Client(tax_id='5')", "Client(tax_id='***')"),
        ("taxId: 5", "taxId: ***"),
        ("taxId: 6", "taxId: 6"),
        ("mytaxId: 5", "mytaxId: 5"),
        ("{'taxId': None}", "{'taxId': None}"),
        ("{'taxId': True}", "{'taxId': True}"),
    ],
)
def test_a_key_in_a_text_masks_the_literal_behind_it(text: str, shown: str) -> None:
    assert masked(5, "5").text(text) == shown


def test_keys_are_scrubbed_and_every_entry_stays() -> None:
    found = masked("CH9300762011", "CH9300762012")
    assert found.value({"CH9300762011": 1, "CH9300762012": 2, "other": 3}) == {"***": 1, "*** 2": 2, "other": 3}


def test_everything_in_a_masked_object_is_masked() -> None:
    found = masked({"street": "1 Station Street", "country": "CH", "floors": [3]})
    assert found.value({"a": "1 station street", "country": "CH", "floors": 3, "b": 3}) == {
        "a": "***",
        "country": "***",
        "floors": "***",
        "b": 3,
    }


def test_a_number_that_was_text_is_masked_and_the_other_way_round() -> None:
    assert masked("7560123456789").value([7560123456789, 7560123456788]) == ["***", 7560123456788]
    assert masked(7560123456789).value(["7560123456789"]) == ["***"]


@pytest.mark.parametrize(
    "value", ["Zoë O'Hara-Groß", 'Anna "Nan" Lee', "a\\b\\c\\d\\e\\f\\g\\h\\i", "line one\nline two"]
)
def test_a_value_is_found_as_json_python_and_other_cases_write_it(value: str) -> None:
    forms = [json.dumps(value), json.dumps(value, ensure_ascii=False), repr(value), ascii(value), value.upper()]
    shown = [masked(value).text(form).strip("\"'") for form in [*forms, value.casefold(), value.title()]]
    assert shown == ["***"] * 7


def test_the_beginning_of_a_value_at_a_cut_is_masked() -> None:
    found = masked("CH9300762011")
    assert found.beginning("see CH9300762011", 12) == "see ***"
    assert found.text("see CH930", is_cut=True) == "see ***"
    assert found.text("see CH9", is_cut=True) == "see CH9"
    assert found.text("see CH930") == "see CH930"


def test_no_preview_shows_what_a_value_would_not() -> None:
    egress = Egress(limit_characters=200)
    egress.masked = masked("CH9300762011", 5)
    rows: list[JsonValue] = [
        {"taxId": 5, "text": "x" * 70 + "CH9300762011" * 9, "CH9300762011": 1, "more": {"deep": {"taxId": 5}}}
    ] * 50
    values: list[JsonValue] = [rows, {"rows": rows}, "x" * 190 + "CH9300762011" * 9, {"a": "CH9300762011" * 90}]
    for value in values:
        _, truncated = egress.value(value)
        assert truncated is not None
        text = json.dumps(truncated.to_json())
        assert "CH93" not in text
        assert '"taxId": 5' not in text


def test_what_is_masked_is_counted_and_named() -> None:
    found = masked("CH9300762011")
    found.value({"a": "CH9300762011 CH9300762011", "taxId": "CH9300762011"})
    assert (found.count, found.fields) == (3, {"Client.taxId"})


def test_nothing_is_noted_of_null_and_of_what_is_masked_already() -> None:
    found = masked(None, "***")
    assert (found.fields, found.text("taxId: ***"), found.value({"taxId": "***"})) == (
        set(),
        "taxId: ***",
        {"taxId": "***"},
    )


TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)


@given(TEXTS, st.text("abc123", min_size=9, max_size=20), TEXTS)
def test_no_long_value_leaves_in_any_text(before: str, value: str, after: str) -> None:
    found = masked(value)
    assert value not in found.text(before + value + after)
    assert value not in json.dumps(found.value({before: [value + after], before + value: 1}))


@given(TEXTS, st.text("CH9-0 ", max_size=40))
def test_scrubbing_twice_changes_nothing_more(text: str, other: str) -> None:
    found = masked("CH9300762011", "4711", 5)
    once = found.text(text + other)
    assert found.text(once) == once


@given(TEXTS)
def test_nothing_is_changed_where_nothing_is_masked(text: str) -> None:
    assert masked("CH9300762011").text(text) == text


# -- beginnings of long texts ------------------------------------------------------------------------------------------

NOTE = "The client has asked us to move the whole portfolio into cash before the end of the year."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (NOTE, "***"),
        (NOTE[:60] + "...", "***..."),
        ("seen: " + NOTE[:45] + "|done", "seen: ***|done"),
        (NOTE[:20] + "|", NOTE[:20] + "|"),
        ("The client has asked us for a statement", "The client has asked us for a statement"),
    ],
)
def test_the_beginning_of_a_long_value_is_found_where_it_is_long_enough_to_tell(text: str, shown: str) -> None:
    assert masked(NOTE).text(text) == shown


def test_of_values_that_begin_alike_the_longest_that_is_there_goes() -> None:
    made = masked("AB12345678", "AB12345678CD", "AB12345678CDEF99")
    assert made.text("<AB12345678CDE>") == "<***E>"
    assert made.text("<AB12345678C>") == "<***C>"


@pytest.mark.parametrize("text", ["\\", 'taxId:\\"\\', 'taxId:"', "taxId ", "'\\\""])
def test_no_text_is_gone_through_again_and_again(text: str) -> None:
    """One that is would take this test hours: a snippet prints what it likes, and its host waits."""
    long = text[:-1] + text[-1] * 200_000
    assert masked(*["a" * length + "b" for length in range(9, 2_000)]).text(long) == long


def test_values_that_begin_alike_are_not_compared_one_by_one() -> None:
    values = masked(*["a" * length + "b" for length in range(9, 2_000)])
    assert set(values.text("a" * 200_000 + "!")) == {"*", "!"}
    assert values.text(f"{'a' * 8}c" * 20_000) == f"{'a' * 8}c" * 20_000


def test_a_character_whose_lower_case_is_two_is_found_in_it() -> None:
    name = "\u0130stanbul-4711-x"
    assert masked(name).text(f"{name} {name.lower()} {name.upper()} {name.title()}") == "*** *** *** ***"


@pytest.mark.parametrize("text", ["1975-03-02", "1975-03-02T00:00:00Z"])
def test_a_date_is_found_as_python_prints_it_and_as_people_write_it(text: str) -> None:
    date = datetime.datetime.fromisoformat(text)
    forms = [
        f"{date:{form}}" for form in ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d %b %Y", "%d %B %Y", "%B %d, %Y", "%Y%m%d")
    ]
    forms += [
        str(date.date()),
        repr(date.date()),
        f"{date:%b} {date.day}, {date.year}",
        f"{date.day} {date:%B} {date.year}",
    ]
    values = masked(text)
    assert [one for one in forms if "1975" in values.text(f"on {one}.")] == []
    assert values.text("on 03.03.1975, 2 April 1975, 1975") == "on 03.03.1975, 2 April 1975, 1975"


@pytest.mark.parametrize("text", ["2026-11-22T10:05:30Z", "2026-11-22T12:05:30.120+02:00", "2026-11-22T10:05:30"])
def test_a_time_is_found_as_python_prints_it(text: str) -> None:
    moment = datetime.datetime.fromisoformat(text)
    utc = moment.astimezone(datetime.UTC) if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
    forms: list[JsonValue] = [
        str(moment),
        moment.isoformat(),
        repr(moment),
        moment.ctime(),
        moment.isoformat(timespec="minutes"),
    ]
    forms += [str(utc), str(utc.replace(tzinfo=None)), utc.timestamp(), int(utc.timestamp()), str(utc.timestamp())]
    values = masked(text)
    assert [one for one in forms if "***" not in str(values.value(one))] == []
    assert values.text("2026-11-22 10:06:30") == "2026-11-22 10:06:30"


@pytest.mark.parametrize("text", ["1975-02-30", "0000-01-01", "2026-11-22T25:00:00Z", "0001-01-01T00:00:00+02:00"])
def test_a_text_that_is_no_time_is_a_text(text: str) -> None:
    assert masked(text).text(f"<{text}>") == "<***>"


@pytest.mark.parametrize(
    ("secret", "forms"),
    [
        ("1234567.50", [1234567.5, "1,234,567.50", "1234567.5", 'Decimal("1234567.50")']),
        ("-12345678901234567890123", [-12345678901234567890123, "12,345,678,901,234,567,890,123"]),
        ("0000654321", [654321, 654321.0, "654 321".replace(" ", ",")]),
        (2**64 + 1, [2**64 + 1, str(2**64 + 1), f"{2**64 + 1:,}", [2**64 + 1], f"{2**64 + 1:040}"]),
    ],
)
def test_a_number_is_found_whether_it_came_as_a_text_or_not(secret: JsonValue, forms: list[JsonValue]) -> None:
    values = masked(secret)
    assert [one for one in forms if "***" not in str(values.value(one))] == []
    assert values.value([123456, "7654321.50", 2**64]) == [123456, "7654321.50", 2**64]
