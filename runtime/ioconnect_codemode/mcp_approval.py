"""Approval over MCP: whoever sits at the client is asked, in the client's own words around ours.

A run that needs approval is paused. Up to protocol 2025-11-25 the server then asks while the tool call waits
("elicitation/create"); from 2026-07-28 on, a server sends no requests: the answer to the tool call says what is asked,
and the client calls again with the person's word ("InputRequiredResult"). Either way the run goes on from its log.

No tool resumes a run and no model learns the id it waits under: what approves is the client's answer to a question,
which a model's tool call can't give. A client that can't ask gets the outcome `approval_needed`, and the run is given
up; so it is where a client takes the call back, ends its session, or loses the stream of the call while its user is
asked: nobody would hear what the approved call has done. From 2026-07-28 on a client that was told what is asked has no
session and no stream that could end: such a run waits until it expires.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

import mcp_types
from mcp.server.context import ServerRequestContext
from mcp.server.session import ServerSession
from mcp.shared.exceptions import MCPError
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from ioconnect_codemode.approval import ApprovalRequest
from ioconnect_codemode.code_mode import CodeMode
from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.messages import say
from ioconnect_codemode.outcome import Outcome

LEFT = "ioconnect-codemode.left"
"""Key in the ASGI scope of a request: an event that is set when whoever sent it has gone."""
_QUESTION = "approval"
_NO_FIELDS: dict[str, object] = {"type": "object", "properties": {}}  # to accept is to approve: nothing is filled in


async def settled(
    code_mode: CodeMode, context: ServerRequestContext[dict[str, object]], outcome: Outcome
) -> Outcome | mcp_types.InputRequiredResult:
    """Have a person asked for as long as the run waits for approval, and give what the client is to get.

    Args:
        code_mode: The package.
        context: The tool call that has sent the snippet.
        outcome: Of its run.
    """
    session = context.session
    while (approval_id := _waits_under(outcome)) is not None:
        requests = code_mode.approval_requests(approval_id)
        if not _can_ask(session):
            code_mode.withdraw(approval_id)
            return _for_nobody(outcome)
        if session.protocol_version in MODERN_PROTOCOL_VERSIONS:
            form = mcp_types.ElicitRequestFormParams(message=_question(requests), requested_schema=_NO_FIELDS)
            question = mcp_types.ElicitRequest(params=form)
            return mcp_types.InputRequiredResult(input_requests={_QUESTION: question}, request_state=approval_id)
        try:
            is_approved = await _asked(context, requests)
        except asyncio.CancelledError:  # the client has taken the call back, or its session has ended
            with contextlib.suppress(UsageError):  # it has expired meanwhile
                code_mode.withdraw(approval_id)
            raise
        if is_approved is None:
            code_mode.withdraw(approval_id)
            return _for_nobody(outcome)
        outcome = await code_mode.resume(approval_id, approved=is_approved)
    return outcome


async def resumed(code_mode: CodeMode, params: mcp_types.CallToolRequestParams) -> Outcome | None:
    """Go on with the run that a client has asked its user about; None where no run waits under that id.

    What goes on is the log of the run that waits: the snippet that the client sends along is not looked at.
    """
    answer = (params.input_responses or {}).get(_QUESTION)
    is_approved = isinstance(answer, mcp_types.ElicitResult) and answer.action == "accept"
    try:
        return await code_mode.resume(params.request_state or "", approved=is_approved)
    except UsageError:
        return None


def _waits_under(outcome: Outcome) -> str | None:
    return None if outcome.error is None else outcome.error.approval_id


def _can_ask(session: ServerSession) -> bool:
    """Say whether the client shows forms; a bare capability means that it does (2025-06-18, "Elicitation")."""
    declared = session.client_capabilities
    if declared is None or declared.elicitation is None:
        return False
    has_forms = declared.elicitation.form is not None or declared.elicitation.url is None
    return has_forms and (session.protocol_version in MODERN_PROTOCOL_VERSIONS or session.can_send_request)


async def _asked(context: ServerRequestContext[dict[str, object]], requests: Sequence[ApprovalRequest]) -> bool | None:
    """Ask while the tool call waits. No answer in time, a refusal or a client that fails are all no; None: it has left."""
    elicited = context.session.elicit_form(_question(requests), _NO_FIELDS, related_request_id=context.request_id)
    asked, left = asyncio.ensure_future(elicited), asyncio.ensure_future(_left(context))
    try:
        await asyncio.wait(
            {asked, left}, timeout=min(request.expires_s for request in requests), return_when=asyncio.FIRST_COMPLETED
        )
        if asked.done():
            return asked.result().action == "accept"
        return None if left.done() else False
    except MCPError:
        return False
    finally:
        for task in (asked, left):
            task.cancel()
            task.add_done_callback(lambda done: done.cancelled() or done.exception())


async def _left(context: ServerRequestContext[dict[str, object]]) -> None:
    """Wait until nobody hears the answer to the tool call any more; where the transport can't tell, for ever."""
    scope: Mapping[str, object] = getattr(context.request, "scope", {})
    event = scope.get(LEFT)
    await (event if isinstance(event, asyncio.Event) else asyncio.Event()).wait()


def _question(requests: Sequence[ApprovalRequest]) -> str:
    sentences = [request.sentence for request in requests]
    if len(sentences) == 1:
        return say("approval_needed", "question", text=sentences[0])
    return say("approval_needed", "questions", text="".join(f"\n- {one}" for one in sentences))


def _for_nobody(outcome: Outcome) -> Outcome:
    if outcome.error is None:
        return outcome
    return replace(outcome, error=replace(outcome.error, hint=say("approval_needed", "nobody_hint"), approval_id=None))
