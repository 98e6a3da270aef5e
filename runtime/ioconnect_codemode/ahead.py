"""What the workers of an opened package are told of its catalog before a snippet names it.

A worker that knows a namespace when it is forked asks for nothing and loads nothing while its run waits. A small catalog
is told whole; of a large one what runs have named, the last of it. It is told from the catalog that policy has left, and a
worker uses it for runs under the same catalog and policy only.
"""

from __future__ import annotations

import asyncio
import contextlib
import marshal
import secrets
from collections.abc import Iterable, Mapping, Sequence

from ioconnect_codemode.errors import PackageError
from ioconnect_codemode.lookup.needs import ahead_message
from ioconnect_codemode.manifest import Manifest
from ioconnect_codemode.pool import Pool

_MOST_FUNCTIONS = 200  # some 8 MB of a zygote, and 0.1 s of its time and of ours
_AFTER_S = 0.3  # a host that runs one snippet and ends has no use for it


class Ahead:
    """Tells a pool of one catalog.

    Args:
        manifest: The catalog as policy leaves it.
        masks: Record types to the keys that policy masks.
        pool: The pool.

    Attributes:
        key: What a run names so that its worker uses what it knows.
    """

    def __init__(self, manifest: Manifest, masks: Mapping[str, Sequence[str]], pool: Pool) -> None:
        self.key = secrets.token_hex(8)
        self._manifest = manifest
        self._masks = masks
        self._pool = pool
        self._wanted = _first(manifest.namespaces, manifest) if len(manifest.capabilities) <= _MOST_FUNCTIONS else []
        self._told: frozenset[str] = frozenset()
        self._telling: asyncio.Task[None] | None = None
        self._is_closed = False

    def named(self, namespaces: Iterable[str] = ()) -> None:
        """Take note of a run that has begun, or of namespaces that one has asked for; the pool is told a little later."""
        if self._is_closed or not self._pool.learns:
            return
        self._wanted = _first(dict.fromkeys([*namespaces, *self._wanted]), self._manifest)
        if self._telling is None and not self._told.issuperset(self._wanted):
            self._telling = asyncio.get_running_loop().create_task(self._tell())

    async def close(self) -> None:
        """Tell nothing any more: a pool outlives a catalog, and runs under the old one may still name namespaces."""
        self._is_closed = True
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.gather(self._telling, return_exceptions=True)

    async def _tell(self) -> None:
        await asyncio.sleep(_AFTER_S)
        wanted = self._wanted
        try:
            with contextlib.suppress(PackageError):  # told to whoever names the namespace
                for namespace in wanted:
                    for module in self._manifest.modules_of(namespace):
                        self._manifest.stub_code(module)
                    await asyncio.sleep(0)  # a stub module takes milliseconds to compile: others have their turn
                self._pool.teach(marshal.dumps(ahead_message(self._manifest, wanted, key=self.key, masks=self._masks)))
            self._told = frozenset(wanted)
        finally:  # the next run tries again what has not been told
            self._telling = None


def _first(namespaces: Iterable[str], manifest: Manifest) -> list[str]:
    """Give the first namespaces that have not too many functions together; what is too large for itself is left out."""
    kept: list[str] = []
    left = _MOST_FUNCTIONS
    for name in namespaces:
        count = len(manifest.namespaces[name]["capabilities"]) if name in manifest.namespaces else left + 1
        if count <= left:
            left -= count
            kept.append(name)
    return kept
