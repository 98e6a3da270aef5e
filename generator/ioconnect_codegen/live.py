"""A catalog that keeps up with a running environment.

    changes of the gateway -> describe -> EnvironmentReader -> Builder -> Manifest in memory -> CodeMode.replace_package

Every stage keeps what follows from unchanged parts, and nothing is written. A connection that is lost leaves the catalog as
it was: calls fail with `app_unavailable` until it is back, and then the environment is read anew.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import cast

from ioconnect_codegen.capture import described_part, read_files
from ioconnect_codegen.collector import looks_at_new_objects_only
from ioconnect_codegen.kept import span
from ioconnect_codegen.package import Builder, Package
from ioconnect_codegen.reader import EnvironmentReader
from ioconnect_codegen.sources import Source, merge, read
from ioconnect_codegen.sources.merge import GATEWAY
from ioconnect_codegen.sources.part import Entry
from ioconnect_codemode import CodeMode, Limits, Manifest, Policy
from ioconnect_codemode.approval import OnApproval
from ioconnect_codemode.errors import CaptureError, CodeModeError
from ioconnect_codemode.observers import Observer
from ioconnect_codemode.transports import Watchable
from ioconnect_codemode.transports.addresses import transport_to
from ioconnect_codemode.values import JsonValue

_LOG = logging.getLogger("ioconnect_codegen.live")
_RESTS = (
    2  # a rebuild is followed by a rest of twice its time: an app that registers for minutes gets a third of a core
)
_SOURCE = "gateway"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What became of the catalog.

    Attributes:
        catalog: Digest of the catalog that holds now.
        came: Capabilities that are new, by full name.
        changed: Capabilities whose definition is another one.
        gone: Capabilities that are no longer there.
        elapsed_s: From the word of the gateway until snippets can use it.
        problem: Why the catalog could not follow, None where it did.
    """

    catalog: str
    came: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    elapsed_s: float = 0.0
    problem: str | None = None


@asynccontextmanager
async def open_live(
    source: str | Watchable | None = None,
    *,
    files: Sequence[str] = (),
    name: str = "",
    user: str | None = None,
    policy: Policy | None = None,
    limits: Limits | None = None,
    spares: int | None = None,
    observers: Sequence[Observer] = (),
    on_approval: OnApproval | None = None,
    principal: str | None = None,
    on_news: Callable[[News], None] | None = None,
) -> AsyncGenerator[CodeMode]:
    """Open a running environment for use; its catalog follows the apps.

    Args:
        source: The address of a gateway (`ws://127.0.0.1:8385`) or of an FDC3 desktop agent (`fdc3+ws://...`), or a
            transport, which is closed at the end. None stands for the io.Connect Desktop that has started this process.
        files: Further descriptions of the environment, of any known kind, that are merged with what runs.
        name: Name of the environment; empty: the one that a source gives.
        user: User to log in as; the operating system's where it is None.
        policy: What an agent may do, now and with what appears later. Without one everything may be called.
        limits, spares, observers, on_approval, principal: As `CodeMode.open` takes them.
        on_news: Told on the event loop when the catalog has changed, or could not.

    Raises:
        CaptureError: The gateway can't be reached.
        SourceError, EnvironmentInvalid, OSError: A file can't be used.
        UsageError: The address is none, or there is no io.Connect Desktop.
    """
    transport = _transport(source, user)
    try:
        follower = Follower(read_files(files), name=name)
        manifest = await asyncio.to_thread(follower.update, await transport.describe())
    except BaseException:
        await transport.close()
        raise
    code_mode = CodeMode.open(
        manifest,
        transport=transport,
        policy=policy,
        limits=limits,
        spares=spares,
        observers=observers,
        on_approval=on_approval,
        principal=principal,
    )
    with looks_at_new_objects_only():
        async with code_mode:
            following = asyncio.create_task(_follow(code_mode, transport, follower, on_news or _log))
            try:
                yield code_mode
            finally:
                following.cancel()
                with suppress(asyncio.CancelledError):
                    await following


class Follower:
    """Gives the manifest of an environment again and again; what has not changed is not made anew."""

    def __init__(self, files: Sequence[Source] = (), *, name: str = "") -> None:
        """Take note of what stays.

        Args:
            files: What is merged with every description.
            name: Name of the environment; empty: the one that a source gives.
        """
        self._files = files
        self._name = name
        self._reader = EnvironmentReader()
        self._builder = Builder(is_held_to_form=False)  # the runtime does so before it loads a module
        self._described: list[JsonValue] = []
        self._entries: list[tuple[Entry, ...]] = []
        self._manifest: Manifest | None = None

    def update(self, described: dict[str, JsonValue]) -> Manifest:
        """Give the manifest of what a transport describes.

        Args:
            described: An environment document; an entry that is the same object as before counts as unchanged.

        Raises:
            EnvironmentInvalid, UnsafeModelError, PackageError: It can't be described; what was given before still holds.
        """
        package = self._package(described)
        self._manifest = Manifest.of(package.manifest, package.texts, before=self._manifest)
        return self._manifest

    def _package(self, described: dict[str, JsonValue]) -> Package:
        methods = self._methods(cast("list[JsonValue]", described["methods"]))
        if self._files:
            part = replace(described_part({**described, "methods": []}), methods=methods)
            gateway = Source(name=_SOURCE, kind=GATEWAY, part=part)
            document = merge([gateway, *self._files], name=self._name)
        else:
            document = {**described, "methods": list(methods), **({"name": self._name} if self._name else {})}
        return self._builder.update(self._reader.read(document))

    def _methods(self, described: list[JsonValue]) -> tuple[Entry, ...]:
        """Give the entries that are descriptions: one that is none costs itself and no other."""
        start, end_before, end = span(self._described, described)
        read_in = [read({"methods": [entry]}, "interop.methods()").methods for entry in described[start:end]]
        self._described, self._entries[start:end_before] = described, read_in
        return tuple(chain.from_iterable(self._entries))


async def _follow(code_mode: CodeMode, transport: Watchable, follower: Follower, tell: Callable[[News], None]) -> None:
    async with aclosing(transport.changes()) as changes:
        async for change in changes:
            started = time.perf_counter()
            before = code_mode.manifest
            if change.is_connected:
                problem = await _update(code_mode, transport, follower)
            else:
                problem = change.problem
            elapsed_s = time.perf_counter() - started
            if problem is not None or code_mode.manifest.digest != before.digest:
                tell(_news(before, code_mode.manifest, elapsed_s, problem))
            await asyncio.sleep(_RESTS * elapsed_s)


async def _update(code_mode: CodeMode, transport: Watchable, follower: Follower) -> str | None:
    """Bring the catalog up to date; gives why that could not be done."""
    try:
        described = await transport.describe()
        manifest = await asyncio.to_thread(follower.update, described)
        code_mode.replace_package(manifest)
    except CaptureError:
        return None  # the connection is lost again, which is the next change
    except CodeModeError as error:
        return f"the catalog stays as it was: {error}"
    except Exception as error:  # a defect of ours, or of a transport: who follows must not end without a word
        _LOG.exception("the catalog could not follow")
        return f"the catalog stays as it was: {type(error).__name__}, a defect; the next change is tried again"
    return None


def _news(before: Manifest, after: Manifest, elapsed_s: float, problem: str | None) -> News:
    old, new = before.capabilities, after.capabilities
    return News(
        catalog=after.digest,
        came=tuple(name for name in new if name not in old),
        changed=tuple(name for name in new if name in old and new[name] is not old[name] and new[name] != old[name]),
        gone=tuple(name for name in old if name not in new),
        elapsed_s=elapsed_s,
        problem=problem,
    )


def _log(news: News) -> None:
    if news.problem is not None:
        _LOG.warning("%s", news.problem)


def _transport(source: str | Watchable | None, user: str | None) -> Watchable:
    return transport_to(source, user=user) if source is None or isinstance(source, str) else source
