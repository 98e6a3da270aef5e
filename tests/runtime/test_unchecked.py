"""Large answers, which leave while the host checks them: they count when the check has passed, and else never came."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.frames import FAILS, HOLDS, UNCHECKED, encode_trusted
from ioconnect_codemode.pipe import Pipe
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.values import JsonValue
from journeys.desk import PACKAGE

if sys.platform == "win32":
    pytest.skip("workers are forked", allow_module_level=True)

from ioconnect_codemode.forked import ForkedWorker

COUNT = 5_000  # rows, of some 600 KB: more than a pipe holds
CLIENT: dict[str, JsonValue] = {
    "id": "CL-1",
    "name": "Amelia Reid",
    "email": "a@example.com",
    "adviser": "Jonas Weber",
    "segment": "private",
    "status": "active",
    "aum": 1.5,
    "currency": "CHF",
    "onboarded": "2019-03-01",
}
LITTLE = Limits(timeout_s=20, total_s=30, memory_bytes=64 * 1024 * 1024)
SUM = "sum(client.aum for client in crm.find_clients('a'))"


def rows(*, last: object) -> list[JsonValue]:
    many = [{**CLIENT, "id": f"CL-{number}"} for number in range(COUNT - 1)]
    return cast("list[JsonValue]", [*many, last])


def run(code: str, *answers: object, limits: Limits | None = None) -> Outcome:
    """Run a snippet whose calls get these answers in turn."""
    left = list(answers)

    def find(arguments: dict[str, JsonValue]) -> JsonValue:
        return cast("JsonValue", left.pop(0))

    async def act() -> Outcome:
        policy = Policy(results="strict", limits=limits or Limits(timeout_s=20, total_s=30))
        transport = EmbeddedTransport({"CRM.FindClients": find})
        async with CodeMode.open(PACKAGE, transport=transport, policy=policy, spares=0) as code_mode:
            return await code_mode.execute_python_code(code)

    return asyncio.run(act())


# -- from the app to the snippet --------------------------------------------------------------------------------------


def test_a_large_answer_that_fits_is_delivered_as_records() -> None:
    outcome = run(SUM, rows(last=CLIENT))
    assert (outcome.value, outcome.notes) == (1.5 * COUNT, ())
    assert [(call.state, call.bytes > 2**16) for call in outcome.calls] == [("finished", True)]


def test_a_large_answer_that_does_not_fit_is_caught_and_the_next_one_arrives() -> None:
    code = f"""
found = []
for turn in range(3):
    try:
        found.append({SUM})
    except ResultError as error:
        found.append(str(error))
found
"""
    outcome = run(code, rows(last={**CLIENT, "aum": "much"}), rows(last=CLIENT), rows(last={**CLIENT, "aum": -1}))
    assert isinstance(outcome.value, list)
    wrong, right, negative = outcome.value
    assert f"[{COUNT - 1}].aum expected number, got string" in str(wrong)
    assert right == 1.5 * COUNT
    assert f"[{COUNT - 1}].aum" in str(negative)
    assert [call.state for call in outcome.calls] == ["finished"] * 3
    assert [call.bytes > 0 for call in outcome.calls] == [False, True, False]


def test_a_part_that_is_no_json_is_named_as_in_a_small_answer() -> None:
    outcome = run(SUM, rows(last={**CLIENT, "tags": ("a", "b")}))
    assert outcome.error is not None
    assert f"the answer is no JSON value: $[{COUNT - 1}].tags is tuple" in outcome.error.message


def test_what_an_app_gives_in_two_places_is_two_records() -> None:
    shared = dict(CLIENT)
    code = "rows = crm.find_clients('a')\nrows[0] is not rows[-1] and sum(client.aum for client in rows)"
    assert run(code, [shared] * COUNT).value == 1.5 * COUNT


def test_half_a_character_in_a_key_of_a_large_answer_is_a_question_mark() -> None:
    outcome = run("list(crm.find_clients('a')[-1])[-1]", rows(last={**CLIENT, "note \ud83d": 1}))
    assert outcome.value == "note ?"


@pytest.mark.parametrize(
    "make", [lambda: list(range(1_000, 3_000_000)), lambda: [str(digit) * 10_000_000 for digit in range(9)]]
)
def test_an_answer_that_does_not_fit_may_be_larger_than_the_memory_of_its_worker(make: Callable[[], object]) -> None:
    code = f"try:\n    crm.find_clients('a')\nexcept ResultError as error:\n    found = str(error)\nfound, {SUM}"
    outcome = run(code, make(), rows(last=CLIENT), limits=LITTLE)
    assert outcome.error is None
    assert isinstance(outcome.value, list)
    assert "$[0] expected object, got " in str(outcome.value[0])
    assert outcome.value[1] == 1.5 * COUNT


def test_an_answer_that_fits_and_is_larger_than_the_memory_of_its_worker_ends_the_run() -> None:
    outcome = run("crm.find_clients('a')", [dict(CLIENT) for _ in range(200_000)], limits=LITTLE)
    assert outcome.error is not None
    assert outcome.error.kind == "memory"


def test_calls_side_by_side_get_each_its_own_answer() -> None:
    code = """
import asyncio
async def summed():
    try:
        return sum(client.aum for client in await crm.find_clients('a'))
    except ResultError:
        return -1
await asyncio.gather(*[summed() for _ in range(4)])
"""
    good, bad = rows(last=CLIENT), rows(last={**CLIENT, "aum": None})
    assert run(code, good, bad, [CLIENT], bad).value == [1.5 * COUNT, -1, 1.5, -1]


# -- the host's end ---------------------------------------------------------------------------------------------------


class Reading(Pipe):
    """A worker's end of the pipes that says so where the host has gone."""

    def end(self) -> NoReturn:
        raise EOFError


def told(act: Callable[[ForkedWorker], None]) -> list[dict[str, object]]:
    """Give what a worker is told, to its end, while a host acts."""
    heard: list[dict[str, object]] = []

    def listen(pipe: Reading) -> None:
        try:
            while True:
                heard.append(pipe.receive())
        except EOFError:
            pass

    async def host() -> None:
        worker = ForkedWorker(Limits())
        pipe = Reading(os.dup(worker.their_pipes[0]), -1)
        listener = threading.Thread(target=listen, args=[pipe])
        listener.start()
        try:
            act(worker)
            while worker._unwritten:  # pyright: ignore[reportPrivateUsage]
                await asyncio.sleep(0)
        finally:
            worker.kill()
            await asyncio.to_thread(listener.join)

    asyncio.run(host())
    return heard


LARGE: dict[str, object] = {"type": "reply", "value": ["x" * 100] * 20_000}
SMALL: dict[str, object] = {"type": "reply", "value": 1}


@pytest.mark.parametrize("message", [LARGE, SMALL], ids=["large", "small"])
def test_what_holds_is_heard_and_what_fails_is_not(message: dict[str, object]) -> None:
    frame = encode_trusted(message)

    def act(worker: ForkedWorker) -> None:
        assert worker.send_if(frame, lambda: True)
        assert not worker.send_if(frame, lambda: False)
        worker.send(SMALL)

    assert told(act) == [message, SMALL]


def test_a_check_that_breaks_down_is_one_that_fails() -> None:
    def act(worker: ForkedWorker) -> None:
        with pytest.raises(ZeroDivisionError):
            worker.send_if(encode_trusted(LARGE), lambda: 1 // 0 == 0)
        worker.send(SMALL)

    assert told(act) == [SMALL]


def test_a_worker_that_is_killed_while_its_answer_is_checked_is_told_nothing() -> None:
    def act(worker: ForkedWorker) -> None:
        def holds() -> bool:
            worker.kill()
            return True

        worker.send_if(encode_trusted(LARGE), holds)

    assert told(act) == []


# -- the worker's end -------------------------------------------------------------------------------------------------


def heard(said: bytes, cut: int) -> list[dict[str, object]]:
    """Give the messages in what a host says in pieces."""
    read_fd, write_fd = os.pipe()

    def say() -> None:
        for start in range(0, len(said), cut):
            os.write(write_fd, said[start : start + cut])
        os.close(write_fd)

    speaker = threading.Thread(target=say)
    speaker.start()
    pipe, found = Reading(read_fd, -1), list[dict[str, object]]()
    try:
        while True:
            found.append(pipe.receive())
    except EOFError:
        return found
    finally:
        speaker.join()
        os.close(read_fd)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([1, 200, 16_370, 16_384, 40_000]), st.sampled_from([None, True, False]))),
    st.sampled_from([1, 3, 4, 7, 500, 16_384, 100_000]),
)
def test_messages_are_heard_in_order_however_they_are_cut(kinds: list[tuple[int, bool | None]], cut: int) -> None:
    said, expected = b"", list[dict[str, object]]()
    for number, (size, holds) in enumerate(kinds):
        message: dict[str, object] = {"number": number, "value": "x" * size}
        frame = encode_trusted(message)
        said += frame if holds is None else UNCHECKED + frame + (HOLDS if holds else FAILS)
        expected += [] if holds is False else [message]
    assert heard(said, max(cut, len(said) // 2_000)) == expected


@pytest.mark.parametrize("size", [1, 100_000])
def test_nothing_is_heard_of_a_message_before_the_word_behind_it(size: int) -> None:
    frame = encode_trusted({"value": "x" * size})
    assert heard(UNCHECKED + frame, 1_000_000) == []
    assert heard(UNCHECKED + frame + HOLDS, 1_000_000) == [{"value": "x" * size}]
