"""Code Mode of a page, spoken to as the one of the desktop is: the same journeys are made in both.

The page opens the built folder with `createCodeMode`; its `invoke` and its `onApproval` ask the test's own handlers. What
comes back is the page's outcome: every field and the text are those that the page gives.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import inspect
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from playwright.async_api import Error

from chromium.driver import Tab
from ioconnect_codegen.web.packages import manifest_files, policy_document
from ioconnect_codemode import CodeMode, Manifest, Outcome, OutcomeError, Policy
from ioconnect_codemode.approval import ApprovalRequest
from ioconnect_codemode.errors import CallError, UnavailableError, UsageError
from ioconnect_codemode.outcome import CallRecord, Truncation
from ioconnect_codemode.values import JsonValue
from journeys.desk import Opening

_OPEN: Final = """async ({ manifest, files, policy, asksPerson }) => {
  const { createCodeMode, UnavailableError } = await import("/codemode.js");
  const invoke = async (name, args) => {
    const { value, error, known } = JSON.parse(await window.askTest("call", JSON.stringify([name, args])));
    if (known) throw new UnavailableError(error, known);
    if (error !== undefined) throw new Error(error);
    return value;
  };
  const onApproval = asksPerson ? async (request) => JSON.parse(await window.askTest("approve", JSON.stringify(request))) : undefined;
  const open = window.open_desks ??= new Map();
  const key = JSON.stringify([manifest.catalog, policy, asksPerson]);
  const found = open.get(key) ?? (await createCodeMode({ package: { manifest, files }, policy, invoke, ...(asksPerson ? { onApproval } : {}) }));
  open.delete(key);
  open.set(key, found);
  for (const [other, codeMode] of [...open].slice(0, -3)) {
    codeMode.dispose();
    open.delete(other);
  }
  window.opened = found;
}"""
_CLOSE: Final = "() => [...(window.open_desks ?? new Map()).values()].forEach((one) => one.dispose())"
_TOLD: Final = """async ([method, given]) => {
  const told = await window.opened[method](...given);
  return typeof told?.text === "function" ? JSON.stringify({ json: told.toJSON(), text: told.text() }) : JSON.stringify(told);
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOutcome(Outcome):
    """An outcome of a page.

    Attributes:
        page_text: Its text, as the page says it.
        page_json: Its document, as the page says it.
    """

    page_text: str
    page_json: dict[str, JsonValue]

    def text(self) -> str:
        """Give the text of the page."""
        return self.page_text

    def to_json(self) -> dict[str, JsonValue]:
        """Give the document of the page."""
        return self.page_json


class PagePlace:
    """A tab that has a built folder open, as a place where journeys are made.

    What was opened last stays open: a story that wants the same package, policy and limits goes on with it, as the
    conversations of one page do. Each run has a worker of its own all the same.
    """

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._asked: list[Callable[[str, str], Awaitable[str]]] = []
        tab.expose("askTest", self._ask)

    def open(self, opening: Opening) -> AbstractAsyncContextManager[CodeMode]:
        """Open the desk in the page."""
        return self._opened(opening)

    @asynccontextmanager
    async def _opened(self, opening: Opening) -> AsyncGenerator[CodeMode]:
        loop = asyncio.get_running_loop()
        answering: set[concurrent.futures.Future[str]] = set()

        async def asked(what: str, text: str) -> str:
            answer = asyncio.run_coroutine_threadsafe(_answer(opening, what, json.loads(text)), loop)
            answering.add(answer)
            return await asyncio.wrap_future(answer)

        self._asked.append(asked)
        manifest = Manifest.read(opening.package)
        files = {path: data.decode() for path, data in manifest_files(manifest).items()}
        policy = opening.policy or Policy.of_package(opening.package)
        if opening.limits is not None:
            policy = replace(policy, limits=opening.limits)
        given = {
            "manifest": manifest.data,
            "files": files,
            "policy": policy_document(policy),
            "asksPerson": opening.on_approval is not None,
        }
        await asyncio.to_thread(self._tab.evaluate, _OPEN, given)
        opened = PageCodeMode(self._tab)
        try:
            yield cast("CodeMode", opened)
        finally:
            self._asked.pop()
            for answer in answering:
                answer.cancel()

    def opened_layers(self) -> object:
        """Give what the page says of how calls wait, of what was opened last."""
        return self._tab.evaluate("() => (({ jspi, mostCalls }) => ({ jspi, mostCalls }))(window.opened.layers)")

    def close(self) -> None:
        """Close what stays open, and the tab."""
        self._tab.evaluate(_CLOSE)
        self._tab.close()

    async def _ask(self, what: str, text: str) -> str:
        return await self._asked[-1](what, text)


async def _answer(opening: Opening, what: str, given: Any) -> str:
    if what == "approve":
        assert opening.on_approval is not None
        return json.dumps(await opening.on_approval(ApprovalRequest(**given)))
    name, arguments = given
    try:
        value = opening.handlers[name](arguments)
        return json.dumps({"value": await value if inspect.isawaitable(value) else value})
    except UnavailableError as error:
        known = {"wasSent": error.was_sent, "isRunning": error.is_running, "choices": list(error.choices)}
        return json.dumps({"error": str(error), "known": known})
    except (CallError, ValueError, LookupError) as error:
        return json.dumps({"error": str(error.args[0] if error.args else error)})


class PageCodeMode:
    """What the journeys use of `CodeMode`, done by the page."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab

    async def execute_python_code(
        self, code: str, *, inputs: Mapping[str, JsonValue] | None = None, dry_run: bool = False
    ) -> Outcome:
        """Run a snippet."""
        return await self._outcome("execute", code, {"inputs": dict(inputs or {}), "dryRun": dry_run})

    async def check_python_code(self, code: str) -> Outcome:
        """Review a snippet."""
        return await self._outcome("check", code)

    async def resume(self, approval_id: str, *, approved: bool) -> Outcome:
        """Go on with a paused run."""
        return await self._outcome("resume", approval_id, approved)

    async def call_tool(self, name: str, arguments: Mapping[str, JsonValue]) -> str:
        """Answer a tool call."""
        return cast("str", await asyncio.to_thread(self._told, "callTool", name, dict(arguments)))

    def approval_requests(self, approval_id: str) -> list[ApprovalRequest]:
        """Give what a person is to be asked."""
        told = cast("list[dict[str, Any]]", self._told("approvalRequests", approval_id))
        return [ApprovalRequest(**one) for one in told]

    def list_python_definitions(
        self, query: str = "", *, namespace: str | None = None, kind: str | None = None, limit: int = 20
    ) -> str:
        """Give the list."""
        return cast("str", self._told("list", query, {"namespace": namespace, "kind": kind, "limit": limit}))

    def get_python_definitions(self, names: Sequence[str], *, detail: str = "signature") -> str:
        """Give definitions."""
        return cast("str", self._told("get", list(names), {"detail": detail}))

    async def _outcome(self, method: str, *given: object) -> Outcome:
        return _outcome_of(cast("dict[str, Any]", await asyncio.to_thread(self._told, method, *given)))

    def _told(self, method: str, *given: object) -> object:
        try:
            return json.loads(cast("str", self._tab.evaluate(_TOLD, [method, list(given)])))
        except Error as error:
            name, _, message = error.message.removeprefix("Page.evaluate: ").partition(": ")
            raise (UsageError(message.partition("\n")[0]) if name == "UsageError" else error) from error


def _outcome_of(told: dict[str, Any]) -> Outcome:
    document = cast("dict[str, Any]", told["json"])
    error, truncated = document["error"], document["truncated"]
    return PageOutcome(
        ok=document["ok"],
        value=document["value"],
        printed=document["printed"],
        calls=tuple(CallRecord(**call) for call in document["calls"]),
        error=None if error is None else _error_of(error),
        truncated=None if truncated is None else Truncation(**truncated),
        catalog=document["catalog"],
        elapsed_s=document["elapsed_s"],
        notes=tuple(document["notes"]),
        page_text=told["text"],
        page_json=document,
    )


def _error_of(document: dict[str, Any]) -> OutcomeError:
    others = tuple(_error_of(other) for other in document.get("others", []))
    return OutcomeError(**{name: part for name, part in document.items() if name != "others"}, others=others)
