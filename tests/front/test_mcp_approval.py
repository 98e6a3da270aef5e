"""Approval over MCP: the client's user is asked, whichever protocol the client speaks; a model can't approve."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TypeVar

import anyio
import httpx2
import pytest
from mcp import Client
from mcp.client import ClientRequestContext
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client
from mcp_types import CallToolResult, ElicitRequestParams, ElicitResult, InputRequiredResult, InputResponse

from front.serving import AS_DATA, served_over_http, text_of, until
from ioconnect_codemode import CodeMode, Policy
from ioconnect_codemode.approval import ApprovalRules
from ioconnect_codemode.mcp_server import server
from ioconnect_codemode.values import JsonValue
from journeys.desk import with_desk

T = TypeVar("T")
ASK = Policy(effects={"crm.add_note": "write"}, approval=ApprovalRules(ask=("write",)))
SNIPPET = """name = crm.get_client("CL-10024").name
crm.add_note("CL-10024", "Called " + name)
name"""
TWICE = """crm.add_note("CL-10024", "one")
crm.add_note("CL-10024", "two")"""
BESIDE = """parallel(lambda text: crm.add_note("CL-10024", text), ["one", "two"])
"done" """
MODES = pytest.mark.parametrize("mode", ["legacy", "auto"])
NOTE: JsonValue = {
    "id": "N-1",
    "clientId": "c",
    "author": "a",
    "created": "2026-01-01",
    "category": "call",
    "text": "t",
}


class Desk:
    """The app, and the person at the client."""

    def __init__(self, *answers: str) -> None:
        self.notes: list[str] = []
        self.questions: list[str] = []
        self._answers = list(answers)

    def add_note(self, arguments: dict[str, JsonValue]) -> JsonValue:
        self.notes.append(str(arguments["text"]))
        return NOTE

    async def asked(self, context: ClientRequestContext, params: ElicitRequestParams) -> ElicitResult:
        del context
        self.questions.append(params.message)
        answer = self._answers.pop(0)
        if answer == "fails":
            raise RuntimeError("the form did not open")
        if answer == "never":
            await asyncio.sleep(3600)
        return ElicitResult(action=answer)  # type: ignore[arg-type]


def executed(desk: Desk, code: str, mode: str, *, can_ask: bool = True, policy: Policy = ASK) -> CallToolResult:
    async def act(code_mode: CodeMode) -> CallToolResult:
        callback = desk.asked if can_ask else None
        async with Client(server(code_mode), mode=mode, elicitation_callback=callback) as client:
            return await client.call_tool("execute_python_code", {"code": code}, meta=AS_DATA)

    return with_desk(act, handlers={"CRM.AddNote": desk.add_note}, policy=policy)


@MODES
def test_an_accepted_call_is_made_and_the_run_goes_on(mode: str) -> None:
    desk = Desk("accept")
    result = executed(desk, SNIPPET, mode)
    assert text_of(result).splitlines()[0] == '"Amelia Reid"'
    assert desk.notes == ["Called Amelia Reid"]
    assert desk.questions == [
        "an AI agent wants to change something in crm: "
        'crm.add_note(clientId="CL-10024", text="Called Amelia Reid", category="other")'
    ]


@MODES
@pytest.mark.parametrize("answer", ["decline", "cancel"])
def test_whatever_is_not_acceptance_is_a_refusal(mode: str, answer: str) -> None:
    desk = Desk(answer)
    result = executed(desk, SNIPPET, mode)
    assert result.is_error
    assert text_of(result).startswith("denied at line 2")
    assert desk.notes == []


def test_a_client_that_fails_to_ask_refuses() -> None:
    desk = Desk("fails")
    assert text_of(executed(desk, SNIPPET, "legacy")).startswith("denied at line 2")
    assert desk.notes == []


def test_no_answer_in_time_is_a_refusal() -> None:
    desk = Desk("never")
    policy = Policy(effects={"crm.add_note": "write"}, approval=ApprovalRules(ask=("write",), expires_s=0.05))
    assert text_of(executed(desk, SNIPPET, "legacy", policy=policy)).startswith("denied")
    assert desk.notes == []


@MODES
def test_each_call_in_turn_is_asked_about(mode: str) -> None:
    desk = Desk("accept", "decline")
    assert text_of(executed(desk, TWICE, mode)).startswith("denied at line 2")
    assert (desk.notes, len(desk.questions)) == (["one"], 2)


@MODES
def test_calls_side_by_side_are_one_question(mode: str) -> None:
    desk = Desk("accept")
    assert text_of(executed(desk, BESIDE, mode)).splitlines()[0] == '"done"'
    assert (desk.notes, len(desk.questions)) == (["one", "two"], 1)
    assert desk.questions[0].startswith("an AI agent wants to do all of this: \n- change something in crm: ")


@MODES
def test_where_nobody_can_be_asked_the_run_is_given_up_and_no_id_goes_out(mode: str) -> None:
    desk = Desk()
    result = executed(desk, SNIPPET, mode, can_ask=False)
    assert result.is_error
    assert text_of(result).startswith("approval_needed (1 call finished (1 read), 1 held for approval")
    assert "nobody can be asked here" in text_of(result)
    assert result.structured_content["error"]["kind"] == "approval_needed"
    assert "approval_id" not in json.dumps(result.structured_content)
    assert desk.notes == []


@pytest.mark.parametrize("state", ["no such id", ""])
def test_an_answer_to_no_question_runs_nothing(state: str) -> None:
    desk = Desk()

    async def act(code_mode: CodeMode) -> CallToolResult | InputRequiredResult:
        async with Client(server(code_mode), elicitation_callback=desk.asked) as client:
            answer: dict[str, InputResponse] = {"approval": ElicitResult(action="accept")}
            arguments = {"code": "crm.add_note('CL-10024', 'forged')"}
            return await client.session.call_tool(
                "execute_python_code", arguments, input_responses=answer, request_state=state
            )

    result = with_desk(act, handlers={"CRM.AddNote": desk.add_note}, policy=ASK)
    assert isinstance(result, CallToolResult)
    assert text_of(result).startswith("nothing waits for this answer")
    assert desk.notes == []


def test_what_was_approved_runs_and_not_the_snippet_that_comes_with_the_answer() -> None:
    desk = Desk()

    async def act(code_mode: CodeMode) -> list[str]:
        async with Client(server(code_mode), elicitation_callback=desk.asked) as client:
            call = client.session.call_tool
            first = await call("execute_python_code", {"code": SNIPPET}, allow_input_required=True)
            assert isinstance(first, InputRequiredResult)
            texts: list[str] = []
            for _ in range(2):
                again = await call(
                    "execute_python_code",
                    {"code": "crm.add_note('CL-10024', 'another')"},
                    input_responses={"approval": ElicitResult(action="accept")},
                    request_state=first.request_state,
                )
                assert isinstance(again, CallToolResult)
                texts.append(text_of(again))
            return texts

    once, twice = with_desk(act, handlers={"CRM.AddNote": desk.add_note}, policy=ASK)
    assert once.splitlines()[0] == '"Amelia Reid"'
    assert twice.startswith("nothing waits for this answer")
    assert desk.notes == ["Called Amelia Reid"]


# -- over HTTP -----------------------------------------------------------------------------------------------------------


def over_http(desk: Desk, act: Callable[[CodeMode, str], Awaitable[T]]) -> T:
    async def run(code_mode: CodeMode) -> T:
        async with served_over_http(code_mode) as url:
            return await act(code_mode, url)

    return with_desk(run, handlers={"CRM.AddNote": desk.add_note}, policy=ASK)


@MODES
@pytest.mark.parametrize(
    ("answers", "said", "notes"),
    [(("accept", "accept"), '"done"', ["one", "two"]), (("accept", "decline"), "denied at line 2", ["one"])],
)
def test_over_http_a_run_goes_on_from_answer_to_answer(
    mode: str, answers: tuple[str, ...], said: str, notes: list[str]
) -> None:
    desk = Desk(*answers)

    async def act(code_mode: CodeMode, url: str) -> tuple[str, int]:
        async with Client(url, mode=mode, elicitation_callback=desk.asked) as client:
            result = await client.call_tool("execute_python_code", {"code": f"{TWICE}\n'done'"})
            return text_of(result), code_mode.paused_runs

    text, paused = over_http(desk, act)
    assert text.startswith(said)
    assert (desk.notes, len(desk.questions), paused) == (notes, 2, 0)


@MODES
def test_over_http_a_client_that_cannot_ask_is_told_and_the_run_is_given_up(mode: str) -> None:
    async def act(code_mode: CodeMode, url: str) -> tuple[str, int]:
        async with Client(url, mode=mode) as client:
            return text_of(await client.call_tool("execute_python_code", {"code": SNIPPET})), code_mode.paused_runs

    text, paused = over_http(Desk(), act)
    assert text.startswith("approval_needed") and "nobody can be asked here" in text
    assert paused == 0


def test_a_client_that_leaves_while_its_user_is_asked_takes_the_run_with_it() -> None:
    desk = Desk("never")

    async def act(code_mode: CodeMode, url: str) -> tuple[int, int]:
        before = 0

        async def ask_and_leave() -> None:
            async with Client(url, mode="legacy", elicitation_callback=desk.asked) as client:
                await client.call_tool("execute_python_code", {"code": SNIPPET})

        async with anyio.create_task_group() as group:
            group.start_soon(ask_and_leave)
            await until(lambda: bool(desk.questions))
            before = code_mode.paused_runs
            group.cancel_scope.cancel()
        await until(lambda: code_mode.paused_runs == 0)
        return before, code_mode.paused_runs

    assert over_http(desk, act) == (1, 0)
    assert desk.notes == []


def test_a_session_that_is_ended_while_its_user_is_asked_ends_the_run() -> None:
    """The client takes nothing back: it says in another request that its session is over (2025-11-25, "Session
    Management")."""
    desk = Desk("never")

    async def act(code_mode: CodeMode, url: str) -> int:
        sessions: list[str] = []

        async def note_session(request: httpx2.Request) -> None:
            sessions.extend(request.headers.get_list("mcp-session-id"))

        async with create_mcp_http_client() as http_client, anyio.create_task_group() as group:
            http_client.event_hooks["request"].append(note_session)
            client = Client(
                streamable_http_client(url, http_client=http_client), mode="legacy", elicitation_callback=desk.asked
            )
            async with client:
                group.start_soon(client.call_tool, "execute_python_code", {"code": SNIPPET})
                await until(lambda: bool(desk.questions))
                assert code_mode.paused_runs == 1
                await http_client.delete(url, headers={"mcp-session-id": sessions[-1]})
                await until(lambda: code_mode.paused_runs == 0)
                group.cancel_scope.cancel()
        return code_mode.paused_runs

    assert over_http(desk, act) == 0
    assert desk.notes == []


@MODES
def test_no_argument_of_a_tool_approves(mode: str) -> None:
    async def act(code_mode: CodeMode) -> CallToolResult:
        async with Client(server(code_mode), mode=mode) as client:
            return await client.call_tool("execute_python_code", {"code": SNIPPET, "approved": True})

    assert text_of(with_desk(act, policy=ASK)).startswith("execute_python_code: there is no argument approved")
