"""The examples of `errors.md`: a snippet each, what is special about the desk it runs on, and what it is answered.

`build_tables.py` writes them between `<!-- example: NAME -->` and `<!-- end -->`; what is written is what happens.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ioconnect_codegen import generate, read_environment
from ioconnect_codegen.output import write
from ioconnect_codegen.wealth_desk import make_handlers
from ioconnect_codemode import CodeMode, Limits, Outcome, Policy
from ioconnect_codemode.approval import ApprovalRequest, ApprovalRules
from ioconnect_codemode.errors import ObserverError
from ioconnect_codemode.observers import CallEnded, CallStarting, Event
from ioconnect_codemode.transports import EmbeddedTransport
from ioconnect_codemode.transports.embedded import Handler
from ioconnect_codemode.values import JsonValue

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "generated" / "wealth_desk"
_ENVIRONMENT = ROOT / "schemas" / "ioconnect_schemas" / "examples" / "wealth_desk.environment.json"


class _Watcher:
    """Sees what happens.

    Args:
        is_full: What it writes on is full once the first call has ended.
    """

    def __init__(self, *, is_full: bool) -> None:
        self._is_full = is_full
        self.write_is_sent = asyncio.Event()

    def observe(self, event: Event) -> None:
        if isinstance(event, CallEnded) and self._is_full:
            raise ObserverError("no space is left")
        if isinstance(event, CallStarting) and event.effect != "read":
            self.write_is_sent.set()


Act = Callable[[CodeMode, str, _Watcher], Awaitable[Outcome]]


async def _execute(code_mode: CodeMode, snippet: str, watcher: _Watcher) -> Outcome:
    del watcher
    return await code_mode.execute_python_code(snippet)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One example.

    Attributes:
        snippet: What the model sends.
        handlers: What answers in the place of the desk's apps; None stands for an app that isn't running.
        policy: What is in force.
        limits: Limits of the run.
        answers: What a person says who is asked for approval; None where nobody can be asked.
        is_recorded: Whether what happens can be written down.
        act: What is done with the snippet.
    """

    snippet: str
    handlers: Mapping[str, Handler | None] = field(default_factory=dict[str, "Handler | None"])
    policy: Policy | None = None
    limits: Limits | None = None
    answers: bool | None = None
    is_recorded: bool = True
    act: Act = _execute

    def outcome(self) -> Outcome:
        """Run it on a desk of its own."""
        return asyncio.run(self._run())

    async def _run(self) -> Outcome:
        handlers = {name: one for name, one in {**make_handlers(), **self.handlers}.items() if one is not None}
        said, watcher = self.answers, _Watcher(is_full=not self.is_recorded)

        async def answer(request: ApprovalRequest) -> bool:
            return bool(said)

        async with CodeMode.open(
            PACKAGE,
            transport=EmbeddedTransport(handlers),
            policy=self.policy or Policy(),
            limits=self.limits,
            spares=0,
            observers=(watcher,),
            on_approval=None if said is None else answer,
        ) as code_mode:
            return await self.act(code_mode, self.snippet, watcher)


async def _never(arguments: dict[str, JsonValue]) -> JsonValue:
    await asyncio.Event().wait()
    return None


def _adviser_by_number(arguments: dict[str, JsonValue]) -> JsonValue:
    return [{"id": "CL-10024", "name": "A", "email": "a@mail.example", "adviser": 7}]


async def _after_a_change(code_mode: CodeMode, snippet: str, watcher: _Watcher) -> Outcome:
    """Read the definition, have the apps change, then send the snippet."""
    del watcher
    code_mode.get_python_definitions(["crm.delete_note"])
    desk: dict[str, list[dict[str, JsonValue]]] = json.loads(_ENVIRONMENT.read_text(encoding="utf-8"))
    kept: list[JsonValue] = [one for one in desk["methods"] if one["name"] != "CRM.DeleteNote"]
    changed = generate(read_environment({**desk, "methods": kept}))
    with tempfile.TemporaryDirectory() as folder:
        write(changed, Path(folder))
        code_mode.replace_package(folder)
        return await code_mode.execute_python_code(snippet)


async def _closed_meanwhile(code_mode: CodeMode, snippet: str, watcher: _Watcher) -> Outcome:
    """Leave the context while an app writes."""
    running = asyncio.ensure_future(code_mode.execute_python_code(snippet))
    await watcher.write_is_sent.wait()
    await code_mode.__aexit__(None, None, None)
    return await running


_ASKS = Policy(approval=ApprovalRules(ask=("write", "destructive")))
_NOTE = 'client = crm.find_clients("Amelia Reid")[0]\ncrm.add_note(client.id, "Asked to be called back.")\n"noted"'

EXAMPLES: dict[str, Example] = {
    "syntax": Example(snippet='for client in crm.find_clients("Reid")\n    print(client.name)'),
    "unknown_field": Example(snippet='clients = crm.find_clients(name="Amelia Reid")\nclients[0].advisor'),
    "unknown_function": Example(snippet='platform.start_app("research")'),
    "several": Example(
        snippet='client = crm.find_client("Amelia Reid")[0]\ncrm.add_note(client.id, text=5, kind="call")'
    ),
    "wrong_argument": Example(snippet='client = crm.find_clients("Amelia Reid")[0]\ncrm.list_notes(client)'),
    "may_be_none": Example(snippet='client = crm.get_client("CL-10024")\nclient.phone.replace(" ", "")'),
    "impossible_choice": Example(
        snippet='[client.name for client in crm.list_clients().items if client.segment == "Private"]'
    ),
    "never_called": Example(snippet='client = crm.find_clients("Amelia Reid")[0]\ncrm.add_note'),
    "not_allowed": Example(snippet='import os\nos.listdir(".")'),
    "attribute_write": Example(snippet='client = crm.get_client("CL-10024")\nclient.email = "amelia@mail.example"'),
    "argument": Example(snippet='wanted = len("all of them") * 100\ncrm.find_clients("Reid", limit=wanted)'),
    "result_shape": Example(
        snippet='crm.find_clients("Amelia Reid")[0].adviser',
        handlers={"CRM.FindClients": _adviser_by_number},
        policy=Policy(results="strict"),
    ),
    "app_error": Example(snippet='crm.get_client("CL-99999").name'),
    "app_unavailable": Example(snippet='crm.get_client("CL-10024").name', handlers={"CRM.GetClient": None}),
    "denied": Example(snippet=_NOTE, policy=_ASKS, answers=False),
    "approval_needed": Example(snippet=_NOTE, policy=_ASKS),
    "timeout_run": Example(snippet="count = 0\nwhile True:\n    count += 1", limits=Limits(timeout_s=0.5)),
    "timeout_total": Example(
        snippet=_NOTE, handlers={"CRM.AddNote": _never}, limits=Limits(timeout_s=0.5, total_s=0.5)
    ),
    "memory": Example(snippet='text = "x" * 10**10\nlen(text)'),
    "call_limit": Example(snippet='while True:\n    crm.get_client("CL-10024")', limits=Limits(calls=100)),
    "output_limit": Example(snippet='text = "a line of text. " * 1_000_000\ntext'),
    "stale_definitions": Example(snippet='crm.delete_note("CN-1")', act=_after_a_change),
    "snippet_error": Example(
        snippet='by_city = {}\nfor client in crm.find_clients("Reid"):\n    by_city["Zurich"].append(client.name)'
    ),
    "misspelt_at_run_time": Example(snippet='key = "".join(["advi", "sor"])\ncrm.get_client("CL-10024")[key]'),
    "worker_lost": Example(snippet=_NOTE, handlers={"CRM.AddNote": _never}, act=_closed_meanwhile),
    "internal": Example(snippet=_NOTE, is_recorded=False),
}


def drawn(name: str) -> str:
    """Give an example as it stands in the document."""
    example = EXAMPLES[name]
    return f"```snippet\n{example.snippet}\n```\n\n```answer\n{example.outcome().text()}\n```"
