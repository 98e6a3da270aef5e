from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ioconnect_codemode.egress import Egress
from ioconnect_codemode.escapes import visible
from ioconnect_codemode.manifest_data import Effect
from ioconnect_codemode.outcome import (
    CallRecord,
    CallState,
    Outcome,
    OutcomeError,
    compact,
    located,
    state_of,
)
from ioconnect_codemode.values import JsonValue

WRONG_TYPE = OutcomeError(
    kind="type_error",
    message="expected str, got int",
    line=2,
    column=23,
    end_column=25,
    signature="crm.get_client(id: str) -> Client",
    hint='Client.id is a str such as "CL-10024"',
    state="nothing was run",
)


def call(name: str, effect: Effect = "read", state: CallState = "finished") -> CallRecord:
    return CallRecord(name=name, effect=effect, state=state, elapsed_ms=1.5, bytes=20)


def excerpt(code: str, column: int, end_column: int | None = None) -> list[str]:
    error = OutcomeError(kind="syntax", message="m", line=1, column=column, end_column=end_column, state="s")
    return located(error, code).text().split("\n")[1:]


# -- a failed run -----------------------------------------------------------------------------------------------------


def test_an_error_reads_as_the_contract_says() -> None:
    error = located(WRONG_TYPE, "b = 1\na = crm.get_client(id=12)\n")
    assert error.text() == (
        "type_error at line 2, column 23 (nothing was run)\n"
        "  2 | a = crm.get_client(id=12)\n"
        "    |                       ^^ expected str, got int\n"
        "crm.get_client(id: str) -> Client\n"
        'hint: Client.id is a str such as "CL-10024"'
    )


def test_an_error_without_a_line_is_its_kind_state_and_message() -> None:
    error = OutcomeError(kind="timeout", message="it took too long", hint="do less", state="no calls were made")
    assert located(error, "x").text() == "timeout (no calls were made): it took too long\nhint: do less"


def test_an_error_with_a_line_only_marks_the_whole_line() -> None:
    error = OutcomeError(kind="snippet_error", message="ZeroDivisionError: division by zero", line=2, state="s")
    assert located(error, "if x:\n    1 / 0  ").text() == (
        "snippet_error at line 2, column 5 (s)\n  2 |     1 / 0\n    |     ^^^^^ ZeroDivisionError: division by zero"
    )


@pytest.mark.parametrize(
    ("code", "column", "end", "pointer"),
    [
        ("\tx = y", 6, 7, "\t    ^ m"),
        ("é = y", 5, 6, "    ^ m"),
        ("'漢字' + y", 8, 9, "         ^ m"),
        ("'漢字'", 2, 4, " ^^^^ m"),
        ("'e\u0301' + y", 8, 9, "      ^ m"),
        ("x = y", 6, 6, "     ^ m"),
        ("x = y", 6, 9, "     ^ m"),
        ("x = y", 3, 2, "  ^ m"),
        ("x = y", 99, 120, "     ^ m"),
        ("x = y", -5, -2, "^ m"),
        ("", 1, 2, "^ m"),
    ],
)
def test_the_caret_stands_under_its_characters(code: str, column: int, end: int, pointer: str) -> None:
    assert excerpt(code, column, end)[1] == f"    | {pointer}"


def test_a_control_character_is_shown_as_a_question_mark() -> None:
    assert excerpt("x\x1b[2J\x0c = y", 1)[0] == "  1 | x?[2J? = y"


def test_of_a_long_line_the_part_around_the_column_is_shown() -> None:
    code = "x = [" + "1, " * 200 + "y, " + "2, " * 200 + "]"
    source, pointer = excerpt(code, 606, 607)
    assert (source[pointer.index("^")], len(source)) == ("y", 96)


@pytest.mark.parametrize("line", [0, -1, 4, 10**30])
def test_a_line_outside_the_snippet_is_no_line(line: int) -> None:
    error = located(replace(WRONG_TYPE, line=line), "a\nb\nc")
    assert error.text().startswith("type_error (nothing was run): expected str, got int\n")


def test_a_long_message_stands_on_a_line_of_its_own() -> None:
    error = located(replace(WRONG_TYPE, line=1, message="m" * 120), "a = crm.get_client(id=12)")
    assert error.text().split("\n")[2:4] == ["    |                       ^^", "m" * 120]


def test_every_part_is_bounded_so_that_signature_and_hint_survive() -> None:
    error = OutcomeError(
        kind="argument",
        message="m\n" * 1000,
        line=1,
        column=500,
        signature="crm.f(" + "a" * 1000,
        hint="h" * 1000,
        state=state_of([call("crm." + "n" * 110, "write"), call("crm." + "o" * 110, "unknown", "unfinished")]),
        others=(WRONG_TYPE,) * 4,
    )
    text = located(error, "x" * 1000).text()
    assert len(text) <= 800
    assert [line[:10] for line in text.split("\n") if line.startswith(("crm.", "hint:"))] == [
        "crm.f(aaaa",
        "hint: hhhh",
    ]


def test_several_errors_read_as_one_line_each_after_the_first() -> None:
    code = "a = crm.get_client(id=12)\nb = clint\nimport os"
    others = (
        OutcomeError(
            kind="unknown_name",
            message="clint is not defined",
            line=2,
            column=5,
            end_column=10,
            hint="did you mean client?",
        ),
        OutcomeError(kind="not_allowed", message="import of os is not allowed", line=3, column=1),
    )
    assert located(replace(WRONG_TYPE, line=1, hint=None, others=others), code).text() == (
        "type_error at line 1, column 23 (nothing was run)\n"
        "  1 | a = crm.get_client(id=12)\n"
        "    |                       ^^ expected str, got int\n"
        "crm.get_client(id: str) -> Client\n"
        "also at line 2, column 5: clint is not defined; did you mean client?\n"
        "also at line 3, column 1: import of os is not allowed"
    )


def test_five_errors_of_usual_length_fit() -> None:
    error = located(replace(WRONG_TYPE, others=(WRONG_TYPE,) * 4), "\na = crm.get_client(id=12)")
    assert error.text().count("also at line 2, column 23: ") == 4
    assert len(error.text()) <= 800


def test_at_most_five_errors_are_kept() -> None:
    assert len(located(replace(WRONG_TYPE, others=(WRONG_TYPE,) * 9), "a").others) == 4


TEXTS = st.text(max_size=900)
ERRORS = st.builds(
    OutcomeError,
    kind=st.sampled_from(["syntax", "snippet_error"]),
    message=TEXTS,
    line=st.none() | st.integers(-3, 30),
    column=st.none() | st.integers(-3, 500),
    end_column=st.none() | st.integers(-3, 500),
    signature=st.none() | TEXTS,
    hint=st.none() | TEXTS,
    state=st.just("nothing was run"),
)


@given(ERRORS, st.lists(ERRORS, max_size=6), st.text(max_size=300), TEXTS, st.lists(TEXTS, max_size=3))
def test_a_failed_outcome_has_at_most_800_characters(
    error: OutcomeError, others: list[OutcomeError], code: str, printed: str, notes: list[str]
) -> None:
    whole = located(replace(error, others=tuple(others)), code)
    assert len(Outcome(ok=False, error=whole, printed=printed, notes=tuple(notes)).text()) <= 800


def test_a_failed_outcome_shows_notes_and_the_end_of_what_was_printed() -> None:
    error = OutcomeError(kind="snippet_error", message="m", state="s")
    outcome = Outcome(ok=False, error=error, printed="x" * 2000 + "\nlast\n", notes=("a note",))
    text = outcome.text()
    assert text.startswith("snippet_error (s): m\na note\nprinted: ...xxx")
    assert text.endswith("x\nlast")
    assert len(text) == 800


# -- what has happened ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("calls", "state"),
    [
        ([], "no calls were made"),
        ([call("crm.f", "write", "refused")], "no calls were made"),
        ([call("crm.f")], "1 call finished (1 read)"),
        (
            [call("crm.f"), call("crm.g"), call("crm.add_note", "write"), call("crm.h", "read", "unfinished")],
            "3 calls finished (2 read, 1 write: crm.add_note), 1 unfinished: do not repeat crm.add_note",
        ),
        ([call("crm.f", "write", "unfinished")], "1 unfinished: do not repeat crm.f"),
        ([call("crm.f", "read", "unfinished")], "1 unfinished"),
        ([call("crm.f", "write", "failed")], "1 failed"),
        ([call("crm.f", "unknown")], "1 call finished (1 unknown: crm.f): do not repeat crm.f"),
        (
            [call("crm.f", "destructive"), call("crm.f", "destructive"), call("crm.g", "write", "refused")],
            "2 calls finished (2 destructive: crm.f): do not repeat crm.f",
        ),
    ],
)
def test_the_state_says_what_was_done_and_what_not_to_repeat(calls: list[CallRecord], state: str) -> None:
    assert state_of(calls) == state


def test_many_names_are_cut() -> None:
    calls = [call(f"crm.write_number_{number}", "write") for number in range(50)]
    names = "crm.write_number_0, crm.write_number_1, crm.write_number_2, ..."
    assert state_of(calls) == f"50 calls finished (50 write: {names}): do not repeat {names}"


# -- a good run -------------------------------------------------------------------------------------------------------


def test_a_good_outcome_is_value_printed_text_and_count() -> None:
    outcome = Outcome(
        ok=True, value=[1, {"a": "ä"}], printed="seen\n", calls=(call("crm.f"), call("crm.g")), catalog="7f3a91c2"
    )
    assert outcome.text() == '[1,{"a":"ä"}]\nseen\n2 calls, catalog 7f3a91c2'


def test_one_call_is_one_call() -> None:
    assert Outcome(ok=True, value=0, calls=(call("crm.f"),), catalog="c").text() == "0\n1 call, catalog c"


def test_a_value_that_is_missing_is_null_and_a_note() -> None:
    assert Outcome(ok=True, notes=("no value",), catalog="c").text() == "null\nno value\n0 calls, catalog c"


def test_none_as_a_value_is_null() -> None:
    assert Outcome(ok=True, catalog="c").text() == "null\n0 calls, catalog c"


def test_the_json_form_has_the_fields_of_the_contract() -> None:
    error = located(replace(WRONG_TYPE, approval_id="a1", others=(WRONG_TYPE,)), "\na = crm.get_client(id=12)")
    outcome = Outcome(ok=False, error=error, calls=(call("crm.f"),), catalog="c", elapsed_s=0.5)
    error_json: dict[str, JsonValue] = {
        "kind": "type_error",
        "message": "expected str, got int",
        "line": 2,
        "column": 23,
        "source": "a = crm.get_client(id=12)",
        "signature": "crm.get_client(id: str) -> Client",
        "hint": 'Client.id is a str such as "CL-10024"',
        "state": "nothing was run",
    }
    assert outcome.to_json() == {
        "ok": False,
        "value": None,
        "printed": "",
        "calls": [{"name": "crm.f", "effect": "read", "state": "finished", "elapsed_ms": 1.5, "bytes": 20}],
        "error": {**error_json, "approval_id": "a1", "others": [error_json]},
        "truncated": None,
        "catalog": "c",
        "elapsed_s": 0.5,
        "notes": [],
    }


# -- too large a value ------------------------------------------------------------------------------------------------


def preview(value: JsonValue) -> JsonValue:
    limit = min(1000, len(compact(value)) - 1)
    kept, truncation = Egress(limit_characters=limit).value(value)
    assert kept is None
    assert truncation is not None
    assert len(compact(truncation.preview)) <= max(limit, len("null"))
    return truncation.preview


def test_a_value_of_the_limit_leaves_as_it_is() -> None:
    assert Egress(limit_characters=100).value("x" * 98) == ("x" * 98, None)


def test_of_many_records_the_first_are_shown_with_count_size_and_advice() -> None:
    records: JsonValue = [{"id": f"CL-{number}", "name": "n" * 30} for number in range(1000)]
    _, truncation = Egress(limit_characters=20_000).value(records)
    assert truncation is not None
    shown = truncation.preview
    assert isinstance(shown, list)
    assert shown == [{"id": f"CL-{number}", "name": "n" * 30} for number in range(len(shown))]
    size = len(compact(records))
    assert truncation.hint == (
        f"the value has {size} bytes, more than the 20000 that may leave; these are the first {len(shown)} of 1000\n"
        "hint: narrow it in the snippet: filter, slice, pick fields or aggregate"
    )
    assert 900 < len(compact(shown)) <= 1000


def test_a_large_list_in_a_dict_shows_its_first_items_and_count() -> None:
    assert preview({"total": 500, "rows": [{"id": number} for number in range(500)]}) == {
        "total": 500,
        "rows": [{"id": 0}, {"id": 1}, {"id": 2}, "... 497 more"],
    }


def test_a_dict_of_many_fields_shows_the_first_and_count() -> None:
    shown = preview({f"CL-{number}": number for number in range(500)})
    assert shown == {**{f"CL-{number}": number for number in range(20)}, "...": "480 more"}


def test_long_text_shows_its_beginning() -> None:
    assert preview("x" * 5000) == "x" * 998


def test_long_text_in_a_record_is_cut() -> None:
    assert preview([{"note": "x" * 500}]) == [{"note": "x" * 77 + "..."}]


def test_deep_values_are_counted() -> None:
    assert preview({"a": {"b": {"c": {"d": {"e": 1, "f": "x" * 100}}}}}) == {"a": {"b": {"c": {"d": "{2 fields}"}}}}


def test_a_truncated_value_is_shown_before_its_hint() -> None:
    _, truncation = Egress(limit_characters=100).value("x" * 300)
    text = Outcome(ok=True, truncated=truncation, catalog="c").text()
    assert text == (
        f'"{"x" * 98}"\nthe value has 302 bytes, more than the 100 that may leave; this is its beginning\n'
        "hint: narrow it in the snippet: filter, slice, pick fields or aggregate\n0 calls, catalog c"
    )


VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.integers() | st.text(max_size=300),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(max_size=120), inner, max_size=40),
    max_leaves=120,
)


@given(VALUES)
def test_a_preview_of_a_list_has_at_most_1000_characters(value: JsonValue) -> None:
    assert len(compact(preview([value, value, value, {"rows": value}]))) <= 1000


@given(VALUES.filter(lambda value: len(compact(value)) > 1))
@example("\x00" * 5000)
@example({"k" * 5000: "\x00" * 5000})
def test_a_preview_has_at_most_1000_characters(value: JsonValue) -> None:
    assert len(compact(preview(value))) <= 1000


def test_a_truncated_object_names_its_largest_field() -> None:
    value: JsonValue = {"total": 2, "rows": list[JsonValue](["x" * 90] * 2)}
    _, truncation = Egress(limit_characters=100).value(value)
    assert truncation is not None
    assert truncation.hint.partition("\n")[0] == (
        "the value has 206 bytes, more than the 100 that may leave; the largest of its fields (2) is rows"
    )


HIDING = "a\x1b[31mred\x00\r\x9b2J\u202eevil\u2028\ud800"
SHOWN = r"a\u001b[31mred\u0000\r\u009b2J\u202eevil\u2028\ud800"


def test_what_the_words_of_an_error_would_hide_is_shown_as_escapes() -> None:
    error = OutcomeError(kind="snippet_error", message=HIDING, hint=HIDING)
    assert (error.message, error.hint) == (SHOWN, SHOWN)
    plain = "Zürich 東京\tx\ny\u00a0z\u202f1 😀"
    assert OutcomeError(kind="snippet_error", message=plain).message == plain


def test_visible_json_is_the_same_json() -> None:
    text = json.dumps([HIDING, "\U000e0001"], ensure_ascii=False)
    assert json.loads(visible(text)) == json.loads(text)
    assert visible(text).isprintable()
