from __future__ import annotations

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ioconnect_codemode.errors import FrameError
from ioconnect_codemode.frames import (
    HEADER_BYTES,
    FrameReader,
    WorkerMessage,
    decode_json,
    decode_trusted,
    encode_json,
    encode_trusted,
    has_more_parts,
)
from ioconnect_codemode.values import JsonValue

LIMIT = 1_000_000
TEXTS = st.text(max_size=20)
NUMBERS = st.integers(-(2**63), 2**63) | st.floats(allow_nan=False, allow_infinity=False)
VALUES: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(TEXTS, VALUES, max_size=4)
POSITIONS = st.none() | st.integers(1, 5000)
PROBLEMS = st.fixed_dictionaries(
    {"kind": TEXTS, "message": TEXTS},
    optional={
        "line": POSITIONS,
        "column": POSITIONS,
        "end_column": POSITIONS,
        "hint": st.none() | TEXTS,
        "signature": st.none() | TEXTS,
        "exception": st.none() | TEXTS,
    },
)
ENDS = {"printed": TEXTS, "printed_is_cut": st.booleans()}
MESSAGES = st.one_of(
    st.fixed_dictionaries(
        {
            "type": st.just("ready"),
            "protocol": st.just(1),
            "python": TEXTS,
            "layers": st.dictionaries(TEXTS, TEXTS, max_size=3),
        }
    ),
    st.fixed_dictionaries({"type": st.just("need"), "names": st.lists(TEXTS, max_size=4)}),
    st.fixed_dictionaries(
        {
            "type": st.just("call"),
            "calls": st.lists(
                st.fixed_dictionaries({"id": st.integers(1, 1000), "name": TEXTS, "arguments": OBJECTS}), max_size=3
            ),
        }
    ),
    st.fixed_dictionaries({"type": st.just("done"), "value": VALUES, "has_value": st.booleans(), **ENDS}),
    st.fixed_dictionaries({"type": st.just("failed"), "errors": st.lists(PROBLEMS, max_size=3), **ENDS}),
)


def body(message: object) -> bytes:
    return json.dumps(message).encode()


@given(MESSAGES)
def test_what_was_encoded_is_decoded(message: dict[str, object]) -> None:
    frames = FrameReader(LIMIT).feed(encode_json(message))
    assert [decode_json(one) for one in frames] == [message]


@given(OBJECTS)
def test_a_trusted_message_arrives_as_it_was_sent(message: dict[str, object]) -> None:
    assert [decode_trusted(one) for one in FrameReader(LIMIT).feed(encode_trusted(message))] == [message]


def test_a_trusted_message_carries_code() -> None:
    code = compile("1", "<stub>", "exec")
    assert decode_trusted(encode_trusted({"modules": {"crm": code}})[HEADER_BYTES:]) == {"modules": {"crm": code}}


@given(st.lists(st.binary(max_size=50), max_size=6), st.data())
def test_a_stream_cut_anywhere_gives_the_same_messages(bodies: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(len(one).to_bytes(HEADER_BYTES, "little") + one for one in bodies)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=8)))
    pieces = [stream[start:end] for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True)]
    reader = FrameReader(LIMIT)
    assert [message for piece in pieces for message in reader.feed(piece)] == bodies


def test_a_message_is_given_only_when_its_last_byte_has_come() -> None:
    reader = FrameReader(LIMIT)
    frame = encode_json({"a": 1})
    assert (reader.feed(frame[:-1]), reader.feed(frame[-1:])) == ([], [b'{"a":1}'])


def test_a_message_of_the_limit_passes_and_a_longer_one_is_refused_by_its_header() -> None:
    assert FrameReader(3).feed(b"\x03\x00\x00\x00abc") == [b"abc"]
    with pytest.raises(FrameError, match="a message of 4 bytes; the limit is 3"):
        FrameReader(3).feed(b"\x04\x00\x00\x00")


@given(st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b'{"type":' + b"[" * 5000)
@example(b'{"type": NaN}')
@example(b'{"type": 1e999}')
@example(b"9" * 5000)
@example(b'{"type": "done", "value": ' + b"9" * 5000 + b"}")
@example(b'{"type": ["done"]}')
def test_random_bytes_raise_nothing_but_a_frame_error(data: bytes) -> None:
    with pytest.raises(FrameError):
        decode_json(data)


@given(OBJECTS | VALUES)
def test_random_json_raises_nothing_but_a_frame_error(value: JsonValue) -> None:
    with pytest.raises(FrameError):
        decode_json(body(value))


@given(MESSAGES, st.data())
def test_a_message_without_one_of_its_parts_is_refused(message: dict[str, object], data: st.DataObject) -> None:
    missing = data.draw(st.sampled_from(sorted(message)))
    with pytest.raises(FrameError):
        decode_json(body({name: value for name, value in message.items() if name != missing}))


CALL: dict[str, JsonValue] = {"id": 1, "name": "crm.f", "arguments": {}}
PROBLEM: dict[str, JsonValue] = {"kind": "syntax", "message": "m"}
DONE: dict[str, JsonValue] = {"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False}
FAILED: dict[str, JsonValue] = {"type": "failed", "errors": [PROBLEM], "printed": "", "printed_is_cut": False}


@pytest.mark.parametrize(
    "message",
    [
        {"type": "ready", "protocol": True, "python": "3.11", "layers": {}},
        {"type": "ready", "protocol": 1, "python": "3.11", "layers": []},
        {"type": "need", "names": [1]},
        {"type": "need", "names": "crm"},
        {"type": "call", "calls": [1]},
        {"type": "call", "calls": [{**CALL, "id": "1"}]},
        {"type": "call", "calls": [{**CALL, "id": True}]},
        {"type": "call", "calls": [{**CALL, "id": 1.5}]},
        {"type": "call", "calls": [{**CALL, "arguments": []}]},
        {"type": "call", "calls": [{**CALL, "name": None}]},
        {**DONE, "has_value": 1},
        {**DONE, "printed": None},
        {**FAILED, "errors": {}},
        {**FAILED, "errors": [{**PROBLEM, "line": "1"}]},
        {**FAILED, "errors": [{**PROBLEM, "line": True}]},
        {**FAILED, "errors": [{**PROBLEM, "hint": 1}]},
        {"type": "run"},
        {"type": "reply", "replies": []},
        {},
    ],
)
def test_a_part_of_the_wrong_type_is_refused(message: JsonValue) -> None:
    with pytest.raises(FrameError):
        decode_json(body(message))


@pytest.mark.parametrize(
    "message", [DONE, FAILED, {"type": "call", "calls": [CALL]}, {"type": "need", "names": ["crm"]}]
)
def test_the_same_message_with_right_parts_passes(message: dict[str, JsonValue]) -> None:
    assert decode_json(body(message)) == message


def deep(levels: int) -> bytes:
    return b'{"type":"done","has_value":true,"printed":"","printed_is_cut":false,"value":%s}' % (
        b"[" * levels + b"]" * levels
    )


def test_a_value_of_a_hundred_levels_with_its_message_passes_and_a_deeper_one_is_refused() -> None:
    message: WorkerMessage = decode_json(deep(99))
    assert message["type"] == "done"
    with pytest.raises(FrameError, match="nested deeper than 100"):
        decode_json(deep(100))


def test_brackets_in_text_do_not_count_as_nesting() -> None:
    message = {**DONE, "value": ["[" * 500, "{" * 500]}
    assert decode_json(body(message)) == message


def test_brackets_in_text_do_not_hide_nesting() -> None:
    with pytest.raises(FrameError, match="nested deeper than 100"):
        decode_json(deep(150).replace(b'"printed":""', b'"printed":"%s"' % (b"]" * 300)))


def test_a_number_beyond_a_float_is_refused_and_the_largest_passes() -> None:
    largest = b'{"type":"done","has_value":true,"printed":"","printed_is_cut":false,"value":1.7e308}'
    assert decode_json(largest) == {**DONE, "value": 1.7e308}
    with pytest.raises(FrameError, match="not JSON"):
        decode_json(largest.replace(b"1.7e308", b"-1e999"))


def test_half_a_character_is_replaced_before_it_leaves_a_worker() -> None:
    said = decode_json(encode_json({**DONE, "printed": "a\ud800b"})[HEADER_BYTES:])
    assert said == {**DONE, "printed": "a?b"}


def test_half_a_character_in_a_forged_message_is_refused() -> None:
    forged = encode_json({**DONE, "printed": "x"})[HEADER_BYTES:].replace(b'"x"', b'"\\ud800"')
    with pytest.raises(FrameError):
        decode_json(forged)
    whole = encode_json({**DONE, "printed": "x"})[HEADER_BYTES:].replace(b'"x"', b'"\\ud83d\\ude00"')
    assert decode_json(whole) == {**DONE, "printed": "\U0001f600"}


def signs_outside(value: JsonValue) -> int:
    """Count the commas and opening brackets that a JSON text needs for a value."""
    match value:
        case list():
            return 1 + max(len(value) - 1, 0) + sum(map(signs_outside, value))
        case dict():
            return 1 + max(len(value) - 1, 0) + sum(map(signs_outside, value.values()))
        case _:
            return 0


SIGNS = st.text('",[]{}\\\u20ac', max_size=30)
TREES = st.recursive(
    SIGNS | st.none(), lambda inner: st.lists(inner, max_size=4) | st.dictionaries(SIGNS, inner, max_size=4)
)


@given(TREES)
def test_the_parts_of_a_message_are_counted_and_what_stands_in_its_texts_is_not(value: JsonValue) -> None:
    count = signs_outside(value)
    assert not has_more_parts(body(value), count)
    if count:
        assert has_more_parts(body(value), count - 1)


def test_a_table_as_text_is_one_part() -> None:
    text = '1,"2"\\\n' * 300_000
    assert decode_json(body({"type": "call", "calls": [{"id": 1, "name": "f", "arguments": {"t": text}}]}))


@pytest.mark.parametrize("start", [b'"', b'\\"', b'{"a":"\\', b'"\\\\'])
def test_what_is_no_message_is_refused_whatever_it_looks_like(start: bytes) -> None:
    with pytest.raises(FrameError):
        decode_json(start + b"[," * 400_000)


def test_a_message_of_quotes_only_is_refused() -> None:
    with pytest.raises(FrameError):
        decode_json(b'["",' * 1_000_000)


def test_a_message_of_too_many_parts_is_refused_before_it_is_parsed() -> None:
    body = encode_json({**DONE, "value": [0] * 250_001})[HEADER_BYTES:]
    with pytest.raises(FrameError, match="more than 250,000 parts"):
        decode_json(body)
    assert decode_json(encode_json({**DONE, "value": [0] * 200_000})[HEADER_BYTES:])["type"] == "done"


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_number_that_is_no_json_is_not_encoded(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        encode_json({"value": number})


@pytest.mark.parametrize("timings", ["text", {"other": 1}, {"run_us": "1"}, {"run_us": [1]}, None, [1]])
def test_timings_that_nobody_takes_are_refused(timings: object) -> None:
    message = {"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False}

    assert decode_json(json.dumps({**message, "timings": {"run_us": 1}}).encode())["type"] == "done"
    with pytest.raises(FrameError):
        decode_json(json.dumps({**message, "timings": timings}).encode())
