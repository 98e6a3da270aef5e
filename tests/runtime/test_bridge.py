from __future__ import annotations

import pytest

from ioconnect_codemode.bridge import Calls, Conversation, Ended, Needs, Ready, State
from ioconnect_codemode.errors import FrameError
from ioconnect_codemode.frames import Call, CallMessage, DoneMessage, FailedMessage, NeedMessage, ReadyMessage

READY: ReadyMessage = {"type": "ready", "protocol": 1, "python": "3.11.7", "layers": {"seccomp": "on"}}
NEED: NeedMessage = {"type": "need", "names": ["crm"]}
DONE: DoneMessage = {"type": "done", "value": 1, "has_value": True, "printed": "", "printed_is_cut": False}
FAILED: FailedMessage = {"type": "failed", "errors": [], "printed": "", "printed_is_cut": False}


def call(*ids: int) -> CallMessage:
    calls: list[Call] = [{"id": one, "name": "crm.f", "arguments": {}} for one in ids]
    return {"type": "call", "calls": calls}


def idle() -> Conversation:
    conversation = Conversation()
    conversation.receive(READY)
    return conversation


def running() -> Conversation:
    conversation = idle()
    conversation.run_sent()
    return conversation


def test_a_run_goes_from_start_to_end() -> None:
    conversation = Conversation()
    states = [conversation.state]
    events: list[object] = [conversation.receive(READY)]
    states.append(conversation.state)
    conversation.run_sent()
    events.append(conversation.receive(NEED))
    states.append(conversation.state)
    events.append(conversation.receive(call(1, 2)))
    states.append(conversation.state)
    conversation.replied(2)
    states.append(conversation.state)
    conversation.replied(1)
    states.append(conversation.state)
    events.append(conversation.receive(DONE))
    states.append(conversation.state)
    assert events == [
        Ready(python="3.11.7", layers={"seccomp": "on"}),
        Needs(names=("crm",)),
        Calls(calls=tuple(call(1, 2)["calls"])),
        Ended(message=DONE),
    ]
    assert states == [
        State.STARTING,
        State.IDLE,
        State.RUNNING,
        State.WAITING,
        State.WAITING,
        State.RUNNING,
        State.OVER,
    ]


@pytest.mark.parametrize("message", [NEED, call(1), DONE, FAILED])
def test_nothing_comes_before_ready(message: NeedMessage | CallMessage | DoneMessage | FailedMessage) -> None:
    with pytest.raises(FrameError, match=f"a {message['type']} message while starting"):
        Conversation().receive(message)


@pytest.mark.parametrize("message", [READY, NEED, call(1), DONE, FAILED])
def test_nothing_comes_between_ready_and_the_run(
    message: ReadyMessage | NeedMessage | CallMessage | DoneMessage | FailedMessage,
) -> None:
    with pytest.raises(FrameError, match=f"a {message['type']} message while idle"):
        idle().receive(message)


def test_a_worker_of_another_protocol_is_refused() -> None:
    with pytest.raises(FrameError, match="worker protocol 2, host protocol 1"):
        Conversation().receive({**READY, "protocol": 2})


def test_nothing_comes_after_the_end() -> None:
    conversation = running()
    conversation.receive(FAILED)
    with pytest.raises(FrameError, match="a call message while over"):
        conversation.receive(call(1))


def test_a_worker_asks_for_names_once() -> None:
    conversation = running()
    conversation.receive(NEED)
    with pytest.raises(FrameError, match="a need message after the first one"):
        conversation.receive(NEED)


def test_a_worker_asks_for_names_before_its_first_call() -> None:
    conversation = running()
    conversation.receive(call(1))
    conversation.replied(1)
    with pytest.raises(FrameError, match="a need message after"):
        conversation.receive(NEED)


def test_a_run_is_sent_once() -> None:
    with pytest.raises(FrameError, match="a run sent to a worker that is running"):
        running().run_sent()


@pytest.mark.parametrize("ids", [(0,), (2,), (1, 1), (1, 3), (-1,)])
def test_call_ids_count_up_from_one(ids: tuple[int, ...]) -> None:
    with pytest.raises(FrameError, match="call id"):
        running().receive(call(*ids))


def test_further_calls_may_come_while_some_wait() -> None:
    conversation = running()
    conversation.receive(call(1))
    conversation.receive(call(2))
    assert conversation.pending == 2


def test_a_call_message_has_calls() -> None:
    with pytest.raises(FrameError, match="a call message without calls"):
        running().receive(call())


def test_a_call_gets_one_reply() -> None:
    conversation = running()
    conversation.receive(call(1))
    conversation.replied(1)
    with pytest.raises(FrameError, match="a reply to call 1, which is not pending"):
        conversation.replied(1)


def test_a_worker_waits_once_more_than_it_has_been_told_something_and_no_oftener() -> None:
    conversation = running()
    conversation.receive({"type": "wait", "id": 1, "for_us": 0})
    conversation.woken(1)
    conversation.receive({"type": "wait", "id": 2, "for_us": 0})
    with pytest.raises(FrameError, match="wait id 3 of a worker that has been told 1 things"):
        conversation.receive({"type": "wait", "id": 3, "for_us": 0})


def test_a_run_may_end_while_calls_wait_and_they_are_forgotten() -> None:
    conversation = running()
    conversation.receive(call(1))
    conversation.receive(DONE)
    assert (conversation.state, conversation.pending) == (State.OVER, 0)
