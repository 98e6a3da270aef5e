"""`CodeMode`: an opened package, its transport and its workers; what an agent's host holds on to.

The zygote's process is started before anything else is done or loaded: nearly all rooms are imported where they are first
used, so that this process loads them while the zygote loads its own.
"""

from __future__ import annotations

import asyncio
import logging
import weakref
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias, cast

from ioconnect_codemode.errors import UsageError
from ioconnect_codemode.launch import ZygoteProcess, start_zygote

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from ioconnect_codemode.approval import ApprovalRequest, OnApproval
    from ioconnect_codemode.audit import Audit
    from ioconnect_codemode.limits import Limits
    from ioconnect_codemode.manifest import Manifest
    from ioconnect_codemode.observers import Observer
    from ioconnect_codemode.outcome import Outcome
    from ioconnect_codemode.paused import PausedRuns
    from ioconnect_codemode.pool import Pool
    from ioconnect_codemode.readings import Readings
    from ioconnect_codemode.rules import Policy
    from ioconnect_codemode.session import Session
    from ioconnect_codemode.transports.base import Transport
    from ioconnect_codemode.values import JsonValue

_LOG = logging.getLogger("ioconnect_codemode.policy")


class Change(NamedTuple):
    """An opened package was replaced by another one.

    Attributes:
        before: The catalog that runs under way go on with, as policy leaves it.
        after: The catalog of the runs that start from now on.
    """

    before: Manifest
    after: Manifest


OnChange: TypeAlias = Callable[[Change], None]


class CodeMode(AbstractAsyncContextManager["CodeMode"]):
    """A generated package, opened for use.

    Use it as `async with CodeMode.open(...) as code_mode`. Snippets run in worker processes of their own; several may
    run at the same time.

    Attributes:
        manifest: The catalog as policy leaves it.
        policy: The policy in force.
    """

    def __init__(
        self,
        manifest: Manifest,
        transport: Transport,
        policy: Policy,
        *,
        spares: int | None = None,
        runs_at_once: int = 64,
        require_layers: Collection[str] | None = None,
        observers: Sequence[Observer] = (),
        on_approval: OnApproval | None = None,
        principal: str | None = None,
        policy_is_the_packages: bool = False,
    ) -> None:
        self.policy = policy
        self.manifest = policy.apply(manifest)
        self._transport = transport
        self._spares = spares
        self._runs_at_once = runs_at_once
        self._require_layers = require_layers
        self._observers = tuple(observers)
        self._on_approval = on_approval
        self._principal = principal
        self._audits: list[Audit] = []
        self._policy_is_the_packages = policy_is_the_packages
        self._zygote: ZygoteProcess | None = None
        self._end_zygote: weakref.finalize[[], CodeMode] | None = None
        self._session: Session | None = None
        self._replaced: dict[asyncio.Task[None], Session] = {}
        self._on_change: list[OnChange] = []

    @classmethod
    def open(
        cls,
        package: str | Path | Manifest,
        *,
        transport: Transport,
        policy: Policy | None = None,
        limits: Limits | None = None,
        spares: int | None = None,
        runs_at_once: int = 64,
        require_layers: Collection[str] | None = None,
        observers: Sequence[Observer] = (),
        on_approval: OnApproval | None = None,
        principal: str | None = None,
    ) -> CodeMode:
        """Open a generated package; workers start when the context is entered.

        The process that they are forked from starts here, and ends with this object where the context is never entered.
        What the policy names and the package doesn't have is logged as a warning (`ioconnect_codemode.policy`): a slip there
        would allow what was to be denied.

        Args:
            package: Folder that `codemode generate` wrote, or the manifest of a package in memory.
            transport: Carries the calls; it is closed with the context.
            policy: What an agent may do; `codemode.toml` of the package where none is given. Where that is missing too,
                everything in the catalog may be called, and results are checked with `warn`.
            limits: Limits of a run, in the place of the policy's.
            spares: Ready workers that are kept. Unless it is said, where they are forked, two, at some 4 MB each, and for
                half a minute as many as there were runs at once, up to 32; where they are spawned, one, at some 17 MB.
            runs_at_once: Runs that may have a worker at the same time; further ones wait. Each may use the memory limit.
            require_layers: Layers of confinement without which nothing runs, by the names of `docs/boundaries.md`. None
                stands for all of them on Linux, except Landlock where the kernel has none, and for none elsewhere.
            observers: Who is told of runs and calls; see `observers.py`.
            on_approval: Asks a person about a call that policy wants approved; true approves. Without it a run that
                makes such a call ends with an outcome of the kind `approval_needed`, and `resume` goes on with it.
            principal: Who the snippets run for, in the caller's words; stands in the audit.

        Raises:
            PackageError: There is no package, or it was made for another version.
            PolicyError: Its `codemode.toml` can't be enforced.
            UsageError: An argument is of another type, `spares` is negative, or `runs_at_once` is not above 0.
        """
        _check_arguments(transport, require_layers, spares=spares, runs_at_once=runs_at_once)
        zygote = start_zygote()  # it loads while the package is read
        try:
            manifest, in_force = _read(package, policy, limits)
            _log_unmatched(in_force, manifest)
            made = cls(
                manifest,
                transport,
                in_force,
                spares=spares,
                runs_at_once=runs_at_once,
                require_layers=require_layers,
                observers=observers,
                on_approval=on_approval,
                principal=principal,
                policy_is_the_packages=policy is None,
            )
        except BaseException:
            if zygote is not None:
                zygote.end()
            raise
        made._keep(zygote)
        return made

    def _keep(self, zygote: ZygoteProcess | None) -> None:
        """Keep a zygote's process until the context is entered, or nobody holds this object any more."""
        self._zygote = zygote
        self._end_zygote = None if zygote is None else weakref.finalize(self, zygote.end)

    def _new_pool(self) -> Pool:
        from ioconnect_codemode.pool import Pool

        zygote = self._zygote
        if zygote is not None and self._end_zygote is not None and zygote.is_this_threads:
            self._end_zygote.detach()
        elif zygote is not None:
            zygote.end()
            zygote = None
        self._zygote = None
        return Pool(self.policy.limits, spares=self._spares, require_layers=self._require_layers, zygote=zygote)

    async def __aenter__(self) -> Self:
        pool = self._new_pool()
        pool.fill()
        await asyncio.sleep(0)  # the first worker's process begins here, and loads while we do
        self._session = self._new_session(pool)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        session, self._session = self._session, None
        for replaced in list(self._replaced.values()):
            await replaced.close()
        await asyncio.gather(*self._replaced)
        if session is not None:
            await session.close()
        for audit in self._audits:
            audit.close()
        self._audits.clear()
        self._paused.close()
        await self._transport.close()

    def replace_package(self, package: str | Path | Manifest) -> None:
        """Let the runs that start from now on see another package; runs under way end with the one they began with.

        A policy or limits that were given to `open` stay; otherwise the new package's `codemode.toml` holds, but for
        its limits: those of the workers stay as they were opened. Listeners are told, unless nothing has changed.

        Args:
            package: Folder that `codemode generate` wrote, or the manifest of a package in memory.

        Raises:
            PackageError: There is no package, or it was made for another version; the present one stays.
            PolicyError: Its `codemode.toml` can't be enforced; the present one stays.
        """
        given = None if self._policy_is_the_packages else self.policy
        manifest, policy = _read(package, given, self.policy.limits)
        before, after = self.manifest, policy.apply(manifest)
        if (before.digest, self.policy) == (after.digest, policy):
            return
        self.manifest, self.policy = after, policy
        if self._session is not None:
            retiring = asyncio.get_running_loop().create_task(self._session.retire())
            self._replaced[retiring] = self._session
            retiring.add_done_callback(self._replaced.pop)
            self._session = self._new_session(self._session.pool)
        for listener in list(self._on_change):
            listener(Change(before=before, after=after))

    def on_change(self, listener: OnChange) -> Callable[[], None]:
        """Have a listener told, on the event loop, whenever the package was replaced; gives what ends that."""
        self._on_change.append(listener)
        return lambda: self._on_change.remove(listener)

    @cached_property
    def _readings(self) -> Readings:
        from ioconnect_codemode.readings import Readings

        return Readings()

    @cached_property
    def _paused(self) -> PausedRuns:
        from ioconnect_codemode.paused import PausedRuns

        return PausedRuns()

    def _new_session(self, pool: Pool) -> Session:
        from ioconnect_codemode.session import Session

        return Session(
            manifest=self.manifest,
            policy=self.policy,
            pool=pool,
            transport=self._transport,
            runs_at_once=self._runs_at_once,
            paused=self._paused,
            observers=self._watchers(),
            on_approval=self._on_approval,
        )

    def _watchers(self) -> tuple[Observer, ...]:
        """Give the observers: the policy's audit first, for it may stop a run, then spans, then the caller's."""
        from ioconnect_codemode import telemetry

        own: list[Observer] = []
        if self.policy.audit is not None:
            from ioconnect_codemode.audit import Audit

            audit = Audit(self.policy.audit, self.manifest, principal=self._principal)
            self._audits.append(audit)  # a session that was replaced goes on with its own
            own.append(audit)
        if (spans := telemetry.spans(self.manifest)) is not None:
            own.append(spans)
        return (*own, *self._observers)

    @property
    def has_ready_worker(self) -> bool:
        """Whether the next run need not wait for a worker to start."""
        return self._session is not None and self._session.pool.has_ready_worker

    @property
    def worker_processes(self) -> list[int]:
        """Numbers of the worker processes that serve a run now or wait for one."""
        return [] if self._session is None else self._session.pool.process_ids

    @property
    def paused_runs(self) -> int:
        """How many runs wait for a person's approval."""
        return len(self._paused)

    def list_python_definitions(
        self, query: str = "", *, namespace: str | None = None, kind: str | None = None, limit: int = 20
    ) -> str:
        """Give the list of what there is; see `lookup.list_text`.

        Raises:
            UsageError: `kind` or `limit` is out of range, or `query` is not text.
        """
        if not isinstance(cast("object", query), str):
            raise UsageError(f"query must be text, not {type(query).__name__}")
        from ioconnect_codemode import lookup

        text = lookup.list_text(self.manifest, query, namespace=namespace, kind=kind, limit=limit)
        self._readings.note_text(self.manifest, text)
        return text

    def get_python_definitions(self, names: Sequence[str], *, detail: str = "signature") -> str:
        """Give the `.pyi` text of these functions and the types they need; see `lookup.definitions_text`.

        Raises:
            UsageError: `detail` is neither `signature` nor `full`, or `names` is no list of names.
        """
        if isinstance(names, str):
            raise UsageError("names must be a list of names, not one string")
        if not all(isinstance(name, str) for name in cast("Sequence[object]", names)):
            raise UsageError("names must be a list of names: text, each of them")
        from ioconnect_codemode import lookup

        text = lookup.definitions_text(self.manifest, names, detail=detail)
        self._readings.note(self.manifest, (one for name in names for one in self.manifest.resolve(name)))
        return text

    async def execute_python_code(
        self, code: str, *, inputs: Mapping[str, JsonValue] | None = None, dry_run: bool = False
    ) -> Outcome:
        """Run a snippet in a worker of its own.

        A snippet that uses a function which has changed since it was listed or read here is not run: its outcome is of the
        kind `stale_definitions` and names what changed. The same snippet once more is run.

        Args:
            code: The snippet.
            inputs: JSON values by name; they are globals of the snippet, and reach no model.
            dry_run: Reads are performed; every other call is answered with a stand-in made from its declared result,
                and the outcome lists what would have been called. Nobody is asked for approval.

        Raises:
            UsageError: The context is not entered, `code` is not text, `dry_run` is no truth value, or an input is not
                JSON, has no identifier as its name, or would hide a namespace, a safe module or a builtin. Nothing else
                raises.
        """
        if not isinstance(cast("object", dry_run), bool):
            raise UsageError(f"dry_run must be True or False, not {type(dry_run).__name__}")
        session, checked = self._opened(code), self._checked(inputs)
        stale = self._readings.stale(self.manifest, code)
        return await session.run(code, checked, dry_run=dry_run, stale=stale)

    def approval_requests(self, approval_id: str) -> Sequence[ApprovalRequest]:
        """Give what a person is to be asked before a run can be resumed; for the host's own eyes, not for a model.

        Raises:
            UsageError: No run waits under that id.
        """
        return self._paused.requests(approval_id)

    async def resume(self, approval_id: str, *, approved: bool) -> Outcome:
        """Go on with a run whose outcome was of the kind `approval_needed`.

        What the run has called already is answered from its log and not called again. Then the calls that were held are
        made, or where the person has refused, raise `DeniedError` in the snippet.

        Args:
            approval_id: Of that outcome's error. It is used up, whatever comes of it.
            approved: What the person has said of all calls that the run waits for.

        Raises:
            UsageError: The context is not entered, `approved` is no truth value, or no run waits under that id: there
                never was one, or it was answered for. A run that has expired is an outcome of the kind `denied`.
        """
        if not isinstance(cast("object", approved), bool):
            raise UsageError(f"approved must be True or False, not {type(approved).__name__}")
        return await self._opened("").resume(approval_id, approved=approved)

    def withdraw(self, approval_id: str) -> None:
        """Give up a run that waits for approval: its log is forgotten, and what it has called stays as it is.

        Raises:
            UsageError: No run waits under that id.
        """
        self._paused.take(approval_id)

    async def check_python_code(self, code: str, *, inputs: Mapping[str, JsonValue] | None = None) -> Outcome:
        """Review a snippet and check it against the definitions; nothing runs.

        Args:
            code: The snippet.
            inputs: As it would be run with: their names are known then.

        Raises:
            UsageError: As `execute_python_code` raises it.
        """
        session, checked = self._opened(code), self._checked(inputs)
        return await session.run(code, checked, only_review=True)

    def tool_specs(self, style: str = "mcp", *, profile: str = "three") -> list[dict[str, JsonValue]]:
        """Give the specifications of the model's tools; what `mcp` says of their effects follows the policy.

        Args:
            style: `mcp`, `anthropic`, `openai` (chat completions) or `openai-responses`.
            profile: `three` tools, or `two`, where `inspect_python_api` lists and gives definitions.

        Raises:
            UsageError: There is no such style or profile.
        """
        from ioconnect_codemode import tools

        return tools.specs(style, profile, effects={one["effect"] for one in self.manifest.capabilities.values()})

    async def call_tool(self, name: str, arguments: Mapping[str, object]) -> str:
        """Answer a model's tool call with text: what an agent loop calls.

        A wrong tool name or wrong arguments are answered with a text that says so, also arguments that are no object:
        the caller is a model.
        """
        from ioconnect_codemode import tools

        return (await tools.answer(self, str(name), arguments)).text

    def _opened(self, code: object) -> Session:
        if self._session is None:
            raise UsageError("CodeMode is not open: use `async with CodeMode.open(...) as code_mode`")
        if not isinstance(code, str):
            raise UsageError(f"code must be text, not {type(code).__name__}")
        return self._session

    def _checked(self, inputs: Mapping[str, JsonValue] | None) -> dict[str, JsonValue]:
        if inputs is None:
            return {}
        if not isinstance(cast("object", inputs), Mapping):
            raise UsageError(f"inputs must be a dict: JSON values by name, not {type(inputs).__name__}")
        import json
        from keyword import iskeyword

        from ioconnect_codemode.language import RESERVED

        for name in cast("Mapping[object, JsonValue]", inputs):
            if not isinstance(name, str) or not name.isidentifier() or iskeyword(name) or name.startswith("_"):
                raise UsageError(f"an input needs an identifier without a leading underscore as its name, not {name!r}")
            if name in RESERVED or name in self.manifest.namespaces:
                raise UsageError(f"the input {name!r} would hide a name of the snippet's; give it another name")
        try:
            return cast("dict[str, JsonValue]", json.loads(json.dumps(inputs, allow_nan=False)))
        except (TypeError, ValueError, RecursionError) as error:
            raise UsageError(f"inputs must be JSON values: {error}") from error


def _check_arguments(
    transport: Transport, require_layers: Collection[str] | None, *, spares: int | None, runs_at_once: int
) -> None:
    """Refuse what `CodeMode.open` can't work with, before a process is started."""
    if not callable(getattr(cast("object", transport), "call", None)):
        mend = "EmbeddedTransport(handlers) calls a dict of functions"
        raise UsageError(f"transport must be a transport, not {type(transport).__name__}; {mend}")
    if isinstance(require_layers, str):
        raise UsageError("require_layers must be a collection of names, not one string")
    if (spares is not None and spares < 0) or runs_at_once < 1:
        raise UsageError(f"spares must be 0 or more and runs_at_once 1 or more, not {spares} and {runs_at_once}")


def _log_unmatched(policy: Policy, manifest: Manifest) -> None:
    """Say what the policy names and nothing matches; no error, as an app may come yet, and one policy serve many desks."""
    for pattern in policy.unmatched(manifest):
        _LOG.warning('the policy names "%s", which nothing in the package matches', pattern)


def _read(package: str | Path | Manifest, policy: Policy | None, limits: Limits | None) -> tuple[Manifest, Policy]:
    """Give a package's manifest, and the policy in force: its own where none is given."""
    import os
    from dataclasses import replace

    from ioconnect_codemode.limits import Limits
    from ioconnect_codemode.manifest import Manifest
    from ioconnect_codemode.rules import Policy

    if not isinstance(cast("object", package), str | os.PathLike | Manifest):
        raise UsageError(f"package must be a folder or a Manifest, not {type(package).__name__}")
    if policy is not None and not isinstance(cast("object", policy), Policy):
        raise UsageError(f"policy must be a Policy, not {type(policy).__name__}; Policy.read(path) reads a file")
    if limits is not None and not isinstance(cast("object", limits), Limits):
        raise UsageError(f"limits must be Limits, not {type(limits).__name__}")
    manifest = package if isinstance(package, Manifest) else Manifest.read(package)
    if policy is None:
        policy = Policy() if isinstance(package, Manifest) else Policy.of_package(package)
    return manifest, policy if limits is None else replace(policy, limits=limits)
