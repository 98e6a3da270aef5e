"""Messages of a worker: the page refuses what the desktop refuses, in the same words."""

from __future__ import annotations

import json
from typing import cast

from ioconnect_codemode.bridge import Conversation
from ioconnect_codemode.errors import FrameError
from ioconnect_codemode.frames import WorkerMessage, decode_json
from ioconnect_codemode.process import weight_of
from page.both import differences, page_answers

DONE: dict[str, object] = {"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False}
FAILED: dict[str, object] = {
    "type": "failed",
    "errors": [{"kind": "syntax", "message": "m"}],
    "printed": "",
    "printed_is_cut": False,
}
CALL: dict[str, object] = {"type": "call", "calls": [{"id": 1, "name": "a.b", "arguments": {}}]}


def nested(levels: int) -> object:
    value: object = 1
    for _ in range(levels):
        value = [value]
    return value


TEXTS = [
    *(json.dumps(one) for one in (DONE, FAILED, CALL)),
    json.dumps({"type": "ready", "protocol": 1, "python": "3.14.2", "layers": {}}),
    json.dumps({"type": "need", "names": ["a"]}),
    json.dumps({"type": "wait", "id": 1, "for_us": 5}),
    "",
    "{",
    "[]",
    "1",
    "null",
    "{}",
    '{"type": 5}',
    '{"type": "constructor"}',
    '{"type": "__proto__"}',
    json.dumps({"type": "reply"}),
    json.dumps({"type": "need"}),
    json.dumps({"type": "need", "names": [1]}),
    json.dumps({"type": "need", "names": ["a"] * 2_001}),
    json.dumps({"type": "need", "names": "a"}),
    json.dumps({**DONE, "value": nested(90)}),
    json.dumps({**DONE, "value": nested(120)}),
    json.dumps({**DONE, "value": [1] * 250_001}),
    json.dumps({**DONE, "has_value": 1}),
    json.dumps({**DONE, "printed": None}),
    json.dumps({**DONE, "timings": {"run_us": 1, "review_us": 2.5}}),
    json.dumps({**DONE, "timings": {"data": 1}}),
    json.dumps({**DONE, "timings": {"run_us": "1"}}),
    json.dumps({**DONE, "timings": []}),
    json.dumps({**DONE, "line": "x"}),
    json.dumps({key: value for key, value in DONE.items() if key != "value"}),
    json.dumps({**FAILED, "errors": {}}),
    json.dumps({**FAILED, "errors": [1]}),
    json.dumps({**FAILED, "errors": [{"kind": "syntax"}]}),
    json.dumps({**FAILED, "errors": [{"kind": "syntax", "message": "m", "line": 1.0}]}),
    json.dumps({**FAILED, "errors": [{"kind": "syntax", "message": "m", "line": True}]}),
    json.dumps({**FAILED, "errors": [{"kind": "syntax", "message": "m", "hint": 1}]}),
    json.dumps({"type": "call", "calls": [{"id": True, "name": "a", "arguments": {}}]}),
    json.dumps({"type": "call", "calls": [{"id": 1, "name": "a", "arguments": []}]}),
    json.dumps({"type": "call", "calls": [{"id": 1, "name": "a", "arguments": {"x": [1] * 50_001}}]}),
    json.dumps({"type": "call", "calls": [{"id": 1, "name": "a", "arguments": {"x": '1,"[{\\' * 60_000}}]}),
    json.dumps({"type": "call", "calls": [{"id": 1, "name": "a", "arguments": {"x": ['\\",'] * 49_000}}]}),
    json.dumps({"type": "call", "calls": [{"id": 1, "name": "a", "arguments": {"x": ['\\",'] * 51_000}}]}),
    json.dumps({**DONE, "printed": ",[{" * 200_000}),
    '"' + "[," * 200_000,
    '{"type": "wait", "id": 1, "for_us": 1.5}',
    '{"type": "done", "value": NaN, "has_value": true, "printed": "", "printed_is_cut": false}',
    '{"type": "done", "value": 1e999, "has_value": true, "printed": "", "printed_is_cut": false}',
    '{"type": "done", "value": "\\ud800", "has_value": true, "printed": "", "printed_is_cut": false}',
    '{"type": "done", "value": "\\ud83d\\ude00", "has_value": true, "printed": "", "printed_is_cut": false}',
]


def decoded(text: str) -> object:
    try:
        return {"value": decode_json(text.encode())["type"]}
    except FrameError as error:
        return {"error": "FrameError", "message": str(error)}


def test_what_breaks_the_form_of_a_message_is_refused_alike() -> None:
    cases = [{"text": text, "limit_bytes": 2**26} for text in TEXTS]
    assert differences(cases, [decoded(text) for text in TEXTS], page_answers("frame", cases)) == []


def test_a_message_beyond_the_limit_is_refused_before_it_is_read() -> None:
    [told] = page_answers("frame", [{"text": json.dumps({**DONE, "printed": "é" * 3_000}), "limit_bytes": 4_096}])
    assert told == {"error": "FrameError", "message": "a message of more than 4,096 bytes"}


READY: dict[str, object] = {"type": "ready", "protocol": 1, "python": "3.14.2", "layers": {}}
RUN: dict[str, object] = {"type": "run"}
NEED: dict[str, object] = {"type": "need", "names": []}


def call(*ids: int) -> dict[str, object]:
    return {"type": "call", "calls": [{"id": one, "name": "a.b", "arguments": {}} for one in ids]}


def wait(number: int, for_us: int = 5) -> dict[str, object]:
    return {"type": "wait", "id": number, "for_us": for_us}


CONVERSATIONS: list[list[dict[str, object]]] = [
    [READY, RUN, NEED, call(1, 2), {"type": "replied", "id": 2}, {"type": "replied", "id": 1}, DONE],
    [RUN],
    [READY, READY],
    [READY, DONE],
    [{**READY, "protocol": 2}],
    [READY, RUN, NEED, NEED],
    [READY, RUN, call(1), NEED],
    [READY, RUN, call(2)],
    [READY, RUN, call(1), call(1)],
    [READY, RUN, call(1), call(3)],
    [READY, RUN, call()],
    [READY, RUN, call(1), {"type": "replied", "id": 1}, {"type": "replied", "id": 1}],
    [READY, RUN, {"type": "replied", "id": 1}],
    [READY, RUN, wait(1), wait(2), {"type": "woken", "id": 1}, {"type": "woken", "id": 2}, {"type": "woken", "id": 2}],
    [READY, RUN, call(1), wait(1), {"type": "replied", "id": 1}, wait(2), wait(3), {"type": "woken", "id": 2}, wait(3)],
    [READY, RUN, wait(2)],
    [READY, RUN, wait(1, -1)],
    [READY, RUN, DONE, call(1)],
    [READY, RUN, call(1), FAILED, {"type": "replied", "id": 1}, DONE],
    [READY, RUN, {**call(1, 2, 3), "weight": 100}, {"type": "replied", "id": 2}, {**call(4), "weight": 7}, call(5)],
    [READY, RUN, {**call(1), "weight": 9}, {"type": "replied", "id": 1}, {"type": "replied", "id": 1}],
]
WEIGHED = [
    "",
    "," * 4_096,
    "," * 4_097,
    "x" * 9_000,
    "é漢😀," * 2_000,
    "漢" * 1_365,
    "漢" * 1_366,
    "," * 60_000,
    json.dumps([[]] * 50_000),
]


def states(messages: list[dict[str, object]]) -> list[str]:
    conversation, found = Conversation(), list[str]()
    for message in messages:
        try:
            match message["type"]:
                case "run":
                    conversation.run_sent()
                case "replied":
                    conversation.replied(cast("int", message["id"]))
                case "woken":
                    conversation.woken(cast("int", message["id"]))
                case _:
                    conversation.receive(cast("WorkerMessage", message), cast("int", message.get("weight", 0)))
            found.append(f"{conversation.state.value} {conversation.waiting_bytes}")
        except FrameError:
            found.append("FrameError")
    return found


def test_a_message_out_of_turn_is_refused_alike() -> None:
    python = [states(messages) for messages in CONVERSATIONS]
    assert differences(CONVERSATIONS, python, page_answers("conversation", CONVERSATIONS)) == []


def test_what_calls_weigh_that_wait_is_counted_alike() -> None:
    python = [weight_of(text.encode()) for text in WEIGHED]
    assert differences(WEIGHED, python, page_answers("weight", WEIGHED)) == []
    assert python[1] == 0 < python[2]
